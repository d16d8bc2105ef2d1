"""Who was lost: agreement with R (models/r/followup.R), and what must hold for any data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import attrition
from analysis.followup_rows import attrition_row
from analysis.paired import PairedTable
from analysis.survey.errors import SurveyError

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "followup.json").read_text())["attrition"]
PEOPLE = pd.read_csv(HERE / "followup.csv")
BEFORE, LATER, ARM = (PEOPLE[name].to_numpy(float) for name in ("before", "later", "arm"))
FOUND = ~np.isnan(LATER)


def approx(expected: Any, tolerance: float = 1e-8) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def test_losses_by_answer_arm_and_part_agree_with_r() -> None:
    part = np.where((PEOPLE["sex"] == "F") & (PEOPLE["region"] == "north"), 0, np.where(PEOPLE["sex"] == "F", 1, 2))
    answer = np.where(np.isnan(BEFORE), -1, BEFORE).astype(np.int64)
    for group, key in ((answer, "answer"), (ARM.astype(np.int64), "arm"), (part, "part")):
        test = attrition.loss_by_group(group, FOUND).test
        assert [test.statistic, test.p] == approx(R[key])


def test_loss_by_answer_and_arm_together_agrees_with_r() -> None:
    known = ~np.isnan(BEFORE)
    found = attrition.differential_loss(FOUND[known], ARM[known], BEFORE[known])
    assert [found.value, found.se] == approx(R["differential"])


def covariates() -> Any:
    return np.column_stack([np.ones(len(PEOPLE)), np.nan_to_num(BEFORE), PEOPLE["sex"] == "F", ARM]).astype(float)


def test_weighting_agrees_with_equations_stacked_in_r() -> None:
    found, expected = attrition.weighted_change(BEFORE, LATER, covariates()), R["weighted"]
    assert (found.change.value, found.change.se) == approx((expected["value"], expected["se"]), 1e-7)
    assert found.se_of_known_weights == approx(expected["known"])
    assert [found.lowest_weight, found.highest_weight] == approx(expected["weights"])
    assert found.kish_effect == approx(expected["kish"])
    assert found.change.low == approx(found.change.value - 1.959963984540054 * found.change.se)
    clustered = attrition.weighted_change(BEFORE, LATER, covariates(), pd.factorize(PEOPLE["session"])[0])
    expected = R["weighted_clusters"]
    assert (clustered.change.value, clustered.change.se) == approx((expected["value"], expected["se"]), 1e-7)
    assert clustered.change.df == 11


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_every_estimate_lies_between_the_bounds_and_order_does_not_matter(seed: int) -> None:
    random = np.random.default_rng(seed)
    before, later = ((random.random(80) < share).astype(float) for share in (0.4, 0.6))
    later[random.random(80) < 0.3] = np.nan
    assume(all(np.isnan(later[before == answer]).any() for answer in (0, 1)))  # else the chance of being found is 1
    columns = np.column_stack([np.ones(80), before])
    found = attrition.weighted_change(before, later, columns)
    low, high = attrition.worst_and_best(before, later)
    assert low <= found.change.value <= high
    order = random.permutation(80)
    again = attrition.weighted_change(before[order], later[order], columns[order])
    assert (again.change.value, again.change.se) == pytest.approx((found.change.value, found.change.se))
    turned = attrition.weighted_change(1 - before, 1 - later, columns)
    assert (turned.change.value, turned.change.se) == pytest.approx((-found.change.value, found.change.se))


def test_bounds_are_those_of_the_completed_tables() -> None:
    before, later = np.array([1, 1, 0, 0, 1, 0, 0.0]), np.array([1, 0, 1, 0, np.nan, np.nan, np.nan])
    worst, best = attrition.completed_tables(PairedTable.of(1, 1, 1, 1), np.array(1.0), np.array(2.0))
    low, high = attrition.worst_and_best(before, later)
    assert (float(worst.difference), float(best.difference)) == pytest.approx((float(low), float(high)))
    assert np.isnan(attrition.worst_and_best(np.array([np.nan]), np.array([1.0])).low)


def test_bounds_and_their_limits_agree_with_r() -> None:
    expected = json.loads((Path(__file__).parent / "r" / "beside.json").read_text())["bounds"]
    found = attrition_row(BEFORE, LATER, binary=True)["bounds"]
    assert [found["low"], found["high"]] == approx([expected["low"], expected["high"]])
    assert [found["interval"]["low"], found["interval"]["high"]] == approx(expected["interval"])


def test_what_cannot_be_weighted_is_refused() -> None:
    nobody = np.full(4, np.nan)
    with pytest.raises(SurveyError, match="no row"):
        attrition.weighted_change(nobody, nobody, np.ones((4, 1)))
    before = np.array([0.0, 0, 1, 1])
    with pytest.raises(SurveyError, match="all yes or all no"):
        attrition.weighted_change(before, np.array([1, np.nan, np.nan, np.nan]), np.column_stack([np.ones(4), before]))
    with pytest.raises(SurveyError, match="single cluster"):
        attrition.weighted_change(before, np.array([1, np.nan, 0, np.nan]), np.ones((4, 1)), np.zeros(4, dtype=int))


def test_a_row_of_attrition_tells_losses_weights_and_bounds() -> None:
    sex = (PEOPLE["sex"] == "F").to_numpy(float)[:, None]
    row = attrition_row(BEFORE, LATER, binary=True, arm=ARM.astype(np.int64), covariates=sex)
    assert (row["n"], row["found"]) == (119, int((FOUND & ~np.isnan(BEFORE)).sum()))
    assert [row["by_answer"]["test"]["statistic"], row["by_answer"]["test"]["p"]] == approx(R["answer"])
    assert row["weighted"]["difference"] == approx(R["weighted"]["value"])
    low, high = row["bounds"]["interval"]["low"], row["bounds"]["interval"]["high"]
    assert low < row["bounds"]["low"] < row["complete_pairs"] < row["bounds"]["high"] < high
    score = attrition_row(PEOPLE["score_before"].to_numpy(float), PEOPLE["score_later"].to_numpy(float), binary=False)
    assert "interval" not in score["bounds"]
    json.dumps([row, score], allow_nan=False)


def test_a_row_of_attrition_without_losses_or_without_anybody_says_so() -> None:
    before = np.array([0.0, 1, 0, 1, 1, 0])
    nobody_lost = attrition_row(before, 1 - before, binary=True)
    assert nobody_lost["share_lost"] == 0
    assert nobody_lost["weighted"]["reason"] == "separated"
    nobody = attrition_row(np.full(3, np.nan), before[:3], binary=True)
    assert (nobody["n"], nobody["share_lost"], nobody["weighted"]["reason"]) == (0, None, "no_rows")
    everybody_lost = attrition_row(before, np.full(6, np.nan), binary=True)
    assert everybody_lost["complete_pairs"] is None
    json.dumps([nobody_lost, nobody, everybody_lost], allow_nan=False)

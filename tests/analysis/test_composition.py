"""Changes of one fixed population: agreement with R (models/r/followup.R), and what must hold for any data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.composition import (
    mix_by_wave,
    raked_change,
    raw_change,
    regression_change,
    shares_at,
    standardised_change,
)
from analysis.composition_rows import Column, composition_row
from analysis.means import MeanChange
from analysis.survey.calibration import Margin
from analysis.survey.design import survey_design
from analysis.survey.errors import SurveyError

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "followup.json").read_text())["composition"]
STREET = pd.read_csv(HERE / "passersby.csv")
KNOWS, SCORE = (STREET[name].to_numpy(float) for name in ("knows", "score"))
WAVE = STREET["wave"].to_numpy(np.int64)
SEX, AGE, SITE = (pd.factorize(STREET[name], sort=True)[0].astype(np.int64) for name in ("sex", "age", "site"))
DESIGNS = {"people": survey_design(np.ones(len(WAVE))), "blocks": survey_design(np.ones(len(WAVE)), cluster=SITE)}
CELL = SEX * 3 + AGE


def approx(expected: Any, tolerance: float = 1e-8) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def told(change: MeanChange) -> list[float]:
    return [change.value, change.se]


def margins(wave: Any = WAVE) -> list[Margin]:
    return [Margin(group, shares_at(group, WAVE == 0)) for group in (SEX, AGE)]


@pytest.mark.parametrize("case", ["people", "blocks"])
def test_raw_and_raked_changes_agree_with_r(case: str) -> None:
    design, expected = DESIGNS[case], R[case]
    assert told(raw_change(KNOWS, WAVE, design)) == approx(expected["raw"])
    assert told(raked_change(KNOWS, WAVE, margins(), design)) == approx(expected["raked"], 1e-7)
    assert told(raked_change(SCORE, WAVE, margins(), design)) == approx(expected["raked_score"], 1e-7)


def test_standardised_changes_agree_with_r() -> None:
    targets = shares_at(CELL, WAVE == 0)
    answered = ~np.isnan(KNOWS)
    rows = [array[answered] for array in (KNOWS, WAVE, CELL)]
    found, covered = standardised_change(*rows, targets, survey_design(np.ones(int(answered.sum()))))
    assert (found.value, covered) == approx((R["standardised"], R["covered"]))
    whole = answered & (CELL != 4)  # the cell that the later wave lacks
    targets = shares_at(CELL[whole], WAVE[whole] == 0)
    design = survey_design(np.ones(int(whole.sum())))
    found, covered = standardised_change(KNOWS[whole], WAVE[whole], CELL[whole], targets, design)
    assert told(found) == approx(R["post_stratified"])
    assert covered == 1


def test_regression_adjusted_changes_agree_with_r() -> None:
    columns = np.column_stack([SEX == 1, AGE == 1, AGE == 2]).astype(float)
    baseline = (WAVE == 0).astype(float)
    for case, design in (("regression", DESIGNS["people"]), ("regression_blocks", DESIGNS["blocks"])):
        found = regression_change(KNOWS, WAVE, columns, design, baseline)
        assert [found.value, found.se, found.df] == approx(R[case], 1e-7)
    found = regression_change(SCORE, WAVE, columns, DESIGNS["people"], baseline, binary=False)
    assert [found.value, found.se, found.df] == approx(R["regression_score"], 1e-7)


def test_the_mix_of_people_agrees_with_r() -> None:
    shares, test = mix_by_wave(AGE, WAVE)
    assert [test.statistic, test.p] == approx(R["mix"])
    assert shares.sum(axis=0) == pytest.approx([1, 1])


def test_where_the_mix_is_the_same_adjusting_changes_nothing() -> None:
    y, wave = np.array([0, 1, 1, 0, 1, 1, 1, 0] * 3, float), np.repeat([0, 1], 12)
    group, design = np.array([0, 1, 2, 0, 1, 2] * 4), survey_design(np.ones(24))
    targets = shares_at(group, wave == 0)
    raw = raw_change(y, wave, design).value
    assert raked_change(y, wave, [Margin(group, targets)], design).value == pytest.approx(raw)
    assert standardised_change(y, wave, group, targets, design)[0].value == pytest.approx(raw)


def test_swapping_waves_turns_signs_only_and_order_does_not_matter() -> None:
    design, targets = DESIGNS["people"], shares_at(CELL, WAVE == 0)
    columns, order = np.column_stack([SEX, AGE == 1]).astype(float), np.random.default_rng(1).permutation(len(WAVE))

    def adjusted(y: Any, wave: Any, rows: Any) -> list[MeanChange]:
        two = [Margin(group[rows], shares_at(group, WAVE == 0)) for group in (SEX, AGE)]
        return [
            raw_change(y, wave, design),
            raked_change(y, wave, two, design),
            standardised_change(y, wave, CELL[rows], targets, design)[0],
            regression_change(y, wave, columns[rows], design, np.ones(len(y))),
        ]

    everything = np.arange(len(WAVE))
    first = adjusted(KNOWS, WAVE, everything)
    for found, swapped, shuffled in zip(
        first, adjusted(KNOWS, 1 - WAVE, everything), adjusted(KNOWS[order], WAVE[order], order), strict=True
    ):
        assert [-swapped.value, swapped.se] == approx(told(found))
        assert told(shuffled) == approx(told(found))


def test_waves_without_a_cell_in_common_are_refused() -> None:
    wave = np.repeat([0, 1], 4)
    with pytest.raises(SurveyError, match="no row"):
        standardised_change(np.ones(8), wave, wave, np.array([0.5, 0.5]), survey_design(np.ones(8)))
    with pytest.raises(SurveyError, match="Nobody was asked"):
        raked_change(np.ones(8), wave, [Margin(wave, np.array([0.5, 0.5]))], survey_design(np.ones(8)))


def test_a_row_of_composition_has_the_adjusted_changes_beside_the_raw_one() -> None:
    row = composition_row(KNOWS, WAVE, [Column("sex", SEX), Column("age", AGE)], DESIGNS["people"])
    assert [row["raw"]["difference"], row["raw"]["se"]] == approx(R["people"]["raw"])
    assert [row["raked"]["difference"], row["raked"]["se"]] == approx(R["people"]["raked"], 1e-7)
    assert [row["regression"]["difference"], row["regression"]["se"]] == approx(R["regression"][:2], 1e-7)
    assert 0.85 < row["standardised"]["covered"] < 1
    assert row["mix"][1]["test"]["p"] == approx(R["mix"][1])
    json.dumps(row, allow_nan=False)


def test_stated_margins_are_the_population_of_every_adjustment() -> None:
    columns = [Column("sex", SEX, np.array([0.5, 0.5])), Column("age", AGE, np.array([0.4, 0.2, 0.4]))]
    row = composition_row(SCORE, WAVE, columns, DESIGNS["people"], binary=False)
    by_hand = raked_change(
        SCORE, WAVE, [Margin(SEX, np.array([0.5, 0.5])), Margin(AGE, np.array([0.4, 0.2, 0.4]))], DESIGNS["people"]
    )
    assert row["population"] == "stated"
    assert row["raked"]["difference"] == approx(by_hand.value)
    values = [row[name]["difference"] for name in ("raked", "standardised", "regression")]
    assert max(values) - min(values) < 0.15


def test_an_adjustment_that_cannot_be_made_says_why() -> None:
    lonely = np.where(WAVE == 1, 2, SEX)  # a group that the earlier wave lacks
    row = composition_row(KNOWS, WAVE, [Column("place", lonely)], DESIGNS["people"])
    assert row["raked"]["reason"] == "target_missing"
    assert row["standardised"]["reason"] == "no_rows"
    later_only = composition_row(KNOWS, np.ones_like(WAVE), [Column("sex", SEX)], DESIGNS["people"])
    assert later_only["reason"] == "no_answers"
    json.dumps([row, later_only], allow_nan=False)

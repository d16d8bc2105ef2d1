"""Models beside a comparison agree with R on made-up villages (r/did_models.R), and say why where there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.models.did_rows import ancova_test, did_model_rows
from analysis.models.rows import TwoArms, comparison_row
from tests.analysis.plans import only

HERE = Path(__file__).parent / "r"
R: dict[str, Any] = json.loads((HERE / "did_models.json").read_text())
LONG = pd.read_csv(HERE / "villages.csv")
LATER = LONG[LONG["later"] == 1]
WIDE = LONG[LONG["later"] == 0].merge(LATER[["person", "score", "knows"]], on="person", suffixes=("", "_after"))


def approx(expected: Any, tolerance: float = 1e-7) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def arms(unit: str, item: str = "knows") -> TwoArms:
    answers, treated, later = (LONG[name].to_numpy(float) for name in (item, "treated", "later"))
    return TwoArms(answers, treated, later, pd.factorize(LONG[unit])[0], unit == "village", item == "knows")


def check_terms(row: dict[str, Any], expected: dict[str, Any], values: float = 1e-7, errors: float = 1e-7) -> None:
    assert [term["term"] for term in row["terms"]] == ["with_activity", "later", "with_activity:later"]
    assert [term["value"] for term in row["terms"]] == approx(expected["value"], values)
    assert [term["se"] for term in row["terms"]] == approx(expected["se"], errors)


@pytest.mark.parametrize("unit", ["person", "village"])
@pytest.mark.parametrize("working", ["exchangeable", "independence"])
def test_gee_of_both_groups_agrees_with_r(unit: str, working: str) -> None:
    row = only(did_model_rows(arms(unit)), model=f"gee_logit_{working}")
    expected = R["gee"][working][unit]
    check_terms(row, expected, 2e-6, 2e-6)  # where geepack stops
    assert row["covariance"] == ("mancl_derouen" if unit == "village" else "robust")
    assert row["terms"][2]["interval"]["high"] == approx(expected["odds_high"], 1e-5)
    assert row["working_correlation"] == approx(expected["alpha"], 2e-6)
    assert [share["estimate"] for share in row["shares"]] == approx(expected["shares"], 1e-6)
    assert [share["se"] for share in row["shares"]] == approx(expected["shares_se"], 1e-6)
    assert (row["did"]["difference"], row["did"]["se"]) == approx((expected["did"], expected["did_se"]), 1e-6)


@pytest.mark.parametrize("unit", ["person", "village"])
def test_mixed_models_of_both_groups_agree_with_lme4(unit: str) -> None:
    logistic = only(did_model_rows(arms(unit)), model="mixed_logistic_agq")
    expected = R[unit]["logistic"]
    check_terms(logistic, expected, 1e-4, 1e-3)  # R's search and its numerical derivatives
    assert logistic["sd"] == approx(expected["sd"], 1e-4)
    (linear,) = did_model_rows(arms(unit, "score"))
    expected = R[unit]["linear"]
    check_terms(linear, expected, 1e-6, 1e-6)
    assert (linear["model"], linear["scale"]) == ("mixed_linear_ml", "score")
    assert (linear["sd"], linear["residual_sd"]) == approx((expected["sd"], expected["residual_sd"]), 1e-6)
    assert "odds_ratio" not in linear["terms"][0]


def test_with_independence_the_model_tells_the_difference_in_differences_of_the_comparison() -> None:
    row = only(did_model_rows(arms("village")), model="gee_logit_independence")
    assert row["did"]["difference"] == approx(comparison_row(arms("village"), seed=1)["difference"], 1e-9)


def test_the_tests_beside_a_comparison_tell_what_they_estimate() -> None:
    tests = comparison_row(arms("village"), seed=1)["more_tests"]
    expected = json.loads((HERE / "models.json").read_text())["did"]
    for method, of in (("cluster_means_welch", expected["cluster_means"]), ("did_logit_cr2", expected["logit"]["CR2"])):
        row = only([test for test in tests if test["method"] == method])
        assert [row[key] for key in ("difference", "se", "df", "p")] == approx(
            [of[key] for key in ("value", "se", "df", "p")]
        )
        assert row["interval"]["low"] < row["difference"] < row["interval"]["high"]
    assert only([test for test in tests if "scale" in test])["scale"] == "log_odds"


@pytest.mark.parametrize(("case", "item", "unit"), [
    ("people", "score", None), ("villages", "score", "village"), ("knows", "knows", "village")
])  # fmt: skip
def test_the_analysis_of_covariance_agrees_with_clubsandwich(case: str, item: str, unit: str | None) -> None:
    columns = [WIDE[name].to_numpy(float) for name in (item, f"{item}_after", "treated")]
    row, expected = ancova_test(*columns, None if unit is None else pd.factorize(WIDE[unit])[0]), R["ancova"][case]
    assert [row[key] for key in ("n", "difference", "se", "df", "p")] == approx(
        [expected[key] for key in ("n", "difference", "se", "df", "p")]
    )
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(expected["interval"])
    assert row["method"] == row["interval"]["method"] == "ancova_cr2"


def test_people_who_answered_once_take_no_part_in_the_analysis_of_covariance() -> None:
    earlier, later, treated = (WIDE[name].to_numpy(float) for name in ("score", "score_after", "treated"))
    more = ancova_test(np.append(earlier, [3, np.nan]), np.append(later, [np.nan, 4]), np.append(treated, [1, 0]))
    assert more == ancova_test(earlier, later, treated)


def test_a_group_of_nobody_has_no_analysis_of_covariance() -> None:
    row = ancova_test(np.arange(6.0), np.arange(6.0) ** 2, np.ones(6))
    assert (row["difference"], row["p"], row["reason"]) == (None, None, "collinear")
    json.dumps(row, allow_nan=False)


def test_people_who_share_nothing_have_the_independent_model_alone() -> None:
    alone = replace(arms("person"), unit=np.arange(len(LONG)))
    rows = did_model_rows(alone)
    assert [row["model"] for row in rows] == ["gee_logit_independence"]
    assert did_model_rows(replace(alone, binary=False)) == []


def test_a_few_villages_have_no_model() -> None:
    few = LONG["village"].isin(["V01", "V02", "V03", "V05", "V06", "V08"]).to_numpy()
    whole = arms("village")
    part = TwoArms(whole.y[few], whole.treated[few], whole.later[few], whole.unit[few], True, True)
    rows = did_model_rows(part)
    assert {row["reason"] for row in rows} == {"too_few_clusters"}
    assert all(row["terms"] == [] for row in rows)


def test_a_group_that_is_all_yes_has_no_model_and_says_why() -> None:
    data = arms("person")
    sure = replace(data, y=np.where((data.treated == 1) & (data.later == 1), 1.0, data.y))
    rows = did_model_rows(sure)
    assert {row["reason"] for row in rows} == {"separated"}
    json.dumps(rows, allow_nan=False)

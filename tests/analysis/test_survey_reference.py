"""Every number that R prints for the household survey S01 is in the results of its plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import run
from tests.analysis.plans import indicator, only, plan

DESIGN = {
    "waves": ["baseline", "endline"], "weight": "weight", "stratum": "stratum", "cluster": "psu",
    "clusters_in_waves": "new",
}  # fmt: skip
SHARES, SCORES = ("knows", "would_report"), ("score", "attitude")
R_OF_INTERVALS = {"logit": "logit_t", "beta": "beta", "mean": "t", "asin": "arcsine"}


@pytest.fixture(scope="module")
def both(shared: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    about = [indicator("knows"), indicator("would_report"), indicator("score", measure="score")]
    about.append(indicator("attitude", measure="ordinal"))
    frame = pd.read_csv(shared / "reference/data/d05_household_indep_psu.csv", dtype=str, keep_default_na=False)
    expected = json.loads((shared / "reference/expected/S01.json").read_text())["expected"]
    expected["attitude"] = expected.pop("attitude_mean")
    return run(plan(design=DESIGN, indicators=about), frame).to_dict(), expected


def close(expected: Any, tolerance: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def limits(interval: dict[str, Any]) -> list[float]:
    return [interval["low"], interval["high"]]


@pytest.mark.parametrize("name", SHARES + SCORES)
def test_levels_and_the_change(both: tuple[dict[str, Any], dict[str, Any]], name: str) -> None:
    results, of_r = both[0], both[1][name]
    change = only(results["changes"], indicator=name)
    assert [change["difference"], change["se"], change["df"], change["clusters"]] == close(
        [of_r["difference"], of_r["se_difference"], of_r["degf"], of_r["n_psu"]]
    )
    assert [change["test"]["statistic"], change["test"]["p"]] == close([of_r["t_degf"], of_r["p_degf"]])
    assert limits(change["interval"]) == close(limits(of_r["ci_difference_degf"]))
    assert change["n_from"] + change["n_to"] == of_r["n"]
    for wave, mean in of_r["mean"].items():
        level = only(results["estimates"], indicator=name, wave=wave)
        about = only(results["clustering"], indicator=name, wave=wave)
        assert [level["estimate"], level["se"], level["n"]] == close([mean, of_r["se"][wave], of_r["n_by_wave"][wave]])
        assert [level["deff"], about["deff"]] == close([of_r["deff"][wave]] * 2, 1e-4)


@pytest.mark.parametrize("name", SHARES + SCORES)
def test_the_linear_regression_with_its_own_degrees_of_freedom(both: Any, name: str) -> None:
    of_r = both[1][name]["svyglm_gaussian"]
    model = only(both[0]["models"], indicator=name, model="svyglm_identity")
    (term,) = model["terms"]
    assert term["term"] == "endline"
    assert [term[key] for key in ("value", "se", "df", "statistic", "p")] == close(
        [of_r[key] for key in ("coef", "se", "df_residual", "t", "p")]
    )
    assert limits(term["interval"]) == close(limits(of_r["ci"]))
    ttest = both[1][name]["svyttest"]
    assert [term["statistic"], model["df"], term["p"]] == close([ttest["t"], ttest["df"], ttest["p"]])


@pytest.mark.parametrize("name", SHARES)
def test_the_logistic_regression(both: Any, name: str) -> None:
    of_r = both[1][name]["svyglm_logit"]
    (term,) = only(both[0]["models"], indicator=name, model="svyglm_logit")["terms"]
    assert [term[key] for key in ("value", "se", "df", "statistic", "p", "odds_ratio")] == close(
        [of_r[key] for key in ("log_or", "se", "df", "t", "p", "or")]
    )
    assert limits(term["interval"]) == close(limits(of_r["or_ci"]))


@pytest.mark.parametrize("name", SHARES)
def test_tests_of_independence(both: Any, name: str) -> None:
    of_r = both[1][name]["rao_scott"]
    tests = {test["method"]: test for test in only(both[0]["changes"], indicator=name)["more_tests"]}
    second = tests["rao_scott_f"]
    assert [second[key] for key in ("statistic", "ndf", "ddf", "p")] == close(
        [of_r[key] for key in ("F", "ndf", "ddf", "p")]
    )
    first = tests["rao_scott_first_order"]
    assert [first["statistic"], first["p"]] == close([of_r["pearson_X2_unadjusted"], of_r["chisq_first_order_p"]])
    for ours, theirs in (("wald_f", "wald"), ("adjusted_wald_f", "adjwald")):
        assert [tests[ours]["statistic"], tests[ours]["p"]] == close([of_r[f"{theirs}_F"], of_r[f"{theirs}_p"]])


@pytest.mark.parametrize("name", SHARES)
def test_every_interval_of_a_share(both: Any, name: str) -> None:
    for wave, of_r in both[1][name]["svyciprop"].items():
        level = only(both[0]["estimates"], indicator=name, wave=wave)
        found = {one["method"]: limits(one) for one in [level["interval"], *level["more_intervals"]]}
        assert level["interval"]["method"] == "logit_t"
        assert {R_OF_INTERVALS[method] for method in of_r} == set(found)
        for method, interval in of_r.items():
            assert found[R_OF_INTERVALS[method]] == close(limits(interval))

"""Every interval and test of a two-by-two table agrees with R (r/tables.R), also where tables have empty cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import choices, independent, paired, ratios, run, score_intervals
from analysis.intervals import clopper_pearson, wilson
from tests.analysis.plans import answers, plan, table
from tests.analysis.test_scores import LEARNERS, learners

R: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "tables.json").read_text())
PAIRS, SAMPLES = R["pairs"], R["samples"]


def name(case: dict[str, Any]) -> str:
    return " ".join(map(str, case["table"]))


def approx(expected: Any, tolerance: float = 1e-6) -> Any:
    """R's value; where R has none, ours must be undefined or infinite."""
    if expected is None or (isinstance(expected, list) and None in expected):
        return Undefined(expected, tolerance)
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


class Undefined:
    """Equal to what is not a finite number wherever R's value is null."""

    def __init__(self, expected: Any, tolerance: float) -> None:
        self.expected = expected if isinstance(expected, list) else [expected]
        self.tolerance = tolerance

    def __eq__(self, found: object) -> bool:
        values = np.atleast_1d(np.asarray(found, dtype=float))
        return all(
            not np.isfinite(value) if wanted is None else value == pytest.approx(wanted, rel=self.tolerance)
            for value, wanted in zip(values, self.expected, strict=True)
        )


def both(bounds: Any) -> list[float]:
    return [float(limit) for limit in bounds]


@pytest.mark.parametrize("case", PAIRS, ids=name)
def test_intervals_of_pairs_agree_with_r(case: dict[str, Any]) -> None:
    of = paired.PairedTable.of(*case["table"])
    assert (float(of.difference), float(paired.standard_error(of))) == approx((case["difference"], case["se"]))
    for method, bounds in choices.PAIRED_INTERVALS.values():
        assert both(bounds(of, 0.95)) == approx(case[method]), method


@pytest.mark.parametrize("case", PAIRS, ids=name)
def test_tests_and_odds_ratios_of_pairs_agree_with_r(case: dict[str, Any]) -> None:
    of = paired.PairedTable.of(*case["table"])
    for method, test in choices.PAIRED_TESTS.items():
        assert float(test(of).p) == approx(case[method], 1e-9), method
    value, bounds = paired.conditional_odds_ratio(of)
    assert float(value) == approx(case["odds_ratio"], 1e-9)
    assert both(bounds) == approx(case["odds_limits"], 1e-9)
    assert both(score_intervals.tango_noninferiority(of, 0.1)) == approx(case["noninferiority"], 1e-5)


@pytest.mark.parametrize("case", SAMPLES, ids=name)
def test_intervals_of_two_samples_agree_with_r(case: dict[str, Any]) -> None:
    of = independent.TwoSamples.of(*case["table"])
    assert (float(of.difference), float(independent.standard_error(of))) == approx((case["difference"], case["se"]))
    for method, bounds in choices.INDEPENDENT_INTERVALS.items():
        assert both(bounds(of, 0.95)) == approx(case[method]), method
    assert both(wilson(*case["table"][:2])) == approx(case["wilson"], 1e-9)
    assert both(clopper_pearson(*case["table"][:2])) == approx(case["clopper_pearson"], 1e-9)


@pytest.mark.parametrize("case", SAMPLES, ids=name)
def test_tests_of_two_samples_agree_with_r(case: dict[str, Any]) -> None:
    of = independent.TwoSamples.of(*case["table"])
    for method, test in choices.INDEPENDENT_TESTS.items():
        assert float(test(of).p) == approx(case[method], 1e-8), method


@pytest.mark.parametrize("case", SAMPLES, ids=name)
def test_ratios_of_two_samples_agree_with_r(case: dict[str, Any]) -> None:
    of = independent.TwoSamples.of(*case["table"])
    for of_counts, key, tolerance in (
        (ratios.risk_ratio, "risk", 1e-9),
        (ratios.odds_ratio, "odds", 1e-9),
    ):
        value, bounds = of_counts(of)
        assert float(value) == approx(case[f"{key}_ratio"], tolerance)
        assert both(bounds) == approx(case[f"{key}_limits"] or [None, None], tolerance)
    value, bounds = ratios.conditional_odds_ratio(of)
    assert float(value) == approx(case["conditional"], 1e-3)  # R's search for a root stops early
    assert both(bounds) == approx(case["conditional_limits"], 1e-3)


def test_top_boxes_are_yes_no_answers() -> None:
    expected = PAIRS[-1]
    asked = learners("binary", "likert", about={"scoring": {"levels": [4, 5]}})
    row = run(asked, LEARNERS).changes[0]
    assert list(row["pairs"].values()) == expected["table"]
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(expected["newcombe10"], 1e-9)
    assert row["test"]["p"] == approx(expected["mcnemar_midp"], 1e-9)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Every number of a row, which must be one or null with a reason."""
    json.dumps(row, allow_nan=False)
    for part in [row["interval"], row["test"], row["effect"], *row["more_tests"], *row["more_effects"]]:
        missing = [key for key in ("low", "p", "value") if key in part and part[key] is None]
        assert not missing or part.get("reason"), part
    return row


@pytest.mark.parametrize("case", PAIRS, ids=name)
@pytest.mark.parametrize("method", list(choices.PAIRED_INTERVALS))
def test_no_table_of_pairs_breaks_a_row(case: dict[str, Any], method: str) -> None:
    if sum(case["table"]) > 60:
        return
    row = shown(run(plan("paired", methods={"paired_interval": method}), table(*case["table"])).changes[0])
    assert row["interval"]["low"] <= row["difference"] <= row["interval"]["high"]
    assert row["test"]["p"] == approx(case["mcnemar_midp"], 1e-9)


@pytest.mark.parametrize("case", SAMPLES, ids=name)
@pytest.mark.parametrize("method", list(choices.INDEPENDENT_INTERVALS))
def test_no_pair_of_samples_breaks_a_row(case: dict[str, Any], method: str) -> None:
    x1, n1, x2, n2 = case["table"]
    frame = answers([1] * x2 + [0] * (n2 - x2), [1] * x1 + [0] * (n1 - x1))
    row = shown(run(plan(methods={"independent_interval": method}), frame).changes[0])
    assert row["interval"]["low"] <= row["difference"] <= row["interval"]["high"]
    assert row["verdict"] == "counts_only" if min(n1, n2) < 10 else row["verdict"] != "counts_only"


def test_eight_people_are_told_in_counts_with_exact_tests() -> None:
    row = run(plan("paired"), table(2, 1, 4, 1)).changes[0]
    assert (row["verdict"], row["n_pairs"], row["x_from"], row["x_to"]) == ("counts_only", 8, 3, 6)
    assert {test["method"]: test["p"] for test in row["more_tests"]}["mcnemar_exact"] == 0.375


def test_nobody_at_all_has_no_number() -> None:
    frame = pd.DataFrame({"wave": ["before", "after"], "who": [1, 1], "knows": ["", ""]})
    row = shown(run(plan("paired"), frame).changes[0])
    assert (row["n_pairs"], row["difference"], row["reason"]) == (0, None, "no_pairs")

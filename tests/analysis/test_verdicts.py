"""The rules of judgement, one by one and in their order."""

from __future__ import annotations

import pytest

from analysis import run
from analysis.plan import Target
from analysis.verdicts import Reading, confirmed, smaller_than_planned, target_status, verdict
from tests.analysis.plans import answers, indicator, only, plan, table


@pytest.mark.parametrize(
    ("n", "low", "high", "smallest_change", "expected"),
    [
        (9, 0.30, 0.60, 0.10, "counts_only"),
        (10, 0.30, 0.60, 0.10, "improved"),
        (50, 0.01, 0.09, 0.10, "improved"),
        (50, -0.30, -0.01, 0.10, "worsened"),
        (50, -0.09, 0.08, 0.10, "practically_unchanged"),
        (50, -0.10, 0.10, 0.10, "practically_unchanged"),
        (50, -0.11, 0.11, 0.10, "too_uncertain"),
        (50, -0.05, 0.11, 0.10, "no_clear_change"),
        (50, 0.00, 0.11, 0.10, "no_clear_change"),
        (50, -0.30, 0.30, None, "no_clear_change"),
        (0, float("nan"), float("nan"), 0.10, "counts_only"),
    ],
)
def test_the_first_rule_that_holds_gives_the_verdict(
    n: int, low: float, high: float, smallest_change: float | None, expected: str
) -> None:
    assert verdict(Reading.of(n, low, high, "higher", smallest_change)) == expected


def test_where_lower_is_better_a_fall_is_an_improvement() -> None:
    assert verdict(Reading.of(50, -0.3, -0.1, "lower", 0.1)) == "improved"
    assert verdict(Reading.of(50, 0.1, 0.3, "lower", 0.1)) == "worsened"


def test_a_real_gain_that_is_too_small_is_called_smaller_than_planned() -> None:
    assert smaller_than_planned(Reading.of(500, 0.01, 0.09, "higher", 0.10))
    assert not smaller_than_planned(Reading.of(500, 0.01, 0.11, "higher", 0.10))
    assert not smaller_than_planned(Reading.of(500, -0.09, -0.01, "higher", 0.10))


def test_a_headline_needs_the_verdict_and_the_adjusted_test() -> None:
    assert confirmed("improved", 0.049, 0.95)
    assert confirmed("worsened", 0.049, 0.95)
    assert not confirmed("no_clear_change", 0.001, 0.95)
    assert not confirmed("counts_only", 0.001, 0.95)
    assert not confirmed("improved", None, 0.95)
    assert not confirmed("improved", 0.07, 0.95)


@pytest.mark.parametrize(
    ("target", "better", "low", "high", "status"),
    [
        (Target("points", 0.15), "higher", 0.15, 0.40, "reached"),
        (Target("points", 0.15), "higher", 0.10, 0.40, "undecided"),
        (Target("points", 0.15), "higher", 0.01, 0.14, "not_reached"),
        (Target("points", 0.15), "lower", -0.40, -0.20, "reached"),
        (Target("points", 0.15), "lower", 0.05, 0.20, "not_reached"),
        (Target("share", 0.60), "higher", 0.62, 0.80, "reached"),
        (Target("share", 0.20), "lower", 0.05, 0.19, "reached"),
        (Target("share", 0.20), "lower", 0.25, 0.40, "not_reached"),
    ],
)
def test_a_target_is_read_from_the_interval(target: Target, better: str, low: float, high: float, status: str) -> None:
    assert target_status(target, better, low, high) == status


def test_holm_runs_over_the_primary_indicators_of_everybody_and_over_nothing_else() -> None:
    names = {"a": True, "b": True, "c": False}
    asked = plan(indicators=[indicator(name, primary=primary) for name, primary in names.items()], by=["sex"])
    frame = answers([0] * 30 + [1] * 10, [0] * 15 + [1] * 25, sex=["F", "M"] * 40)
    frame["a"] = frame["knows"]
    frame["b"] = [0, 1] * 40
    frame["c"] = frame["knows"]
    rows = run(asked, frame).changes
    a, b, c = (only(rows, indicator=name, segment={}) for name in names)
    assert a["p_adjusted"] == pytest.approx(2 * a["test"]["p"])
    assert b["p_adjusted"] == pytest.approx(b["test"]["p"])
    assert c["p_adjusted"] is None
    assert (a["confirmed"], b["confirmed"], c["confirmed"]) == (True, False, False)
    assert only(rows, indicator="a", segment={"sex": "F"})["p_adjusted"] is None


@pytest.mark.parametrize(("family", "factor"), [("holm", 2), ("bh", 2), ("none", 1)])
def test_the_family_of_the_plan_is_followed(family: str, factor: int) -> None:
    frame = answers([0] * 30 + [1] * 10, [0] * 15 + [1] * 25)
    frame["other"] = [0, 1] * 40
    asked = plan(indicators=[indicator(name, primary=True) for name in ("knows", "other")], family=family)
    row = only(run(asked, frame).changes, indicator="knows")
    assert row["p_adjusted"] == pytest.approx(factor * row["test"]["p"])


def test_where_interval_and_test_disagree_the_interval_rules_and_the_reader_is_told() -> None:
    row = run(plan("paired"), table(yes_yes=3, yes_no=0, no_yes=4, no_no=4)).changes[0]
    assert row["interval"]["low"] > 0
    assert row["test"]["p"] > 0.05
    assert row["verdict"] == "improved"
    assert row["warnings"] == [{"code": "interval_and_test_disagree", "params": {}}]

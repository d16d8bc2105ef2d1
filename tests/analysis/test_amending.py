"""What changes make of a locked plan, and what they may never ease."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from analysis import run
from analysis.amending import STRICTEST_FIRST, amended, amended_plan, demoted
from analysis.errors import PlanError
from analysis.plan import parse_plan
from analysis.plan_schema import FAMILIES
from tests.analysis.plans import answers

PLAN: dict[str, Any] = {
    "version": 1,
    "design": {"kind": "cross_sections", "waves": ["before", "after"]},
    "family": "holm",
    "smallest_change": {"points": 10},
    "indicators": [
        {"id": "knows", "measure": "binary", "item": "knows", "primary": True, "target": {"points": 15}},
        {"id": "again", "measure": "binary", "item": "knows", "primary": True},
    ],
}


def change(key: str, old: Any, new: Any) -> dict[str, Any]:
    return {"key": key, "old": old, "new": new, "reason": "asked for", "date": "2026-12-01"}


def test_every_family_has_its_strictness() -> None:
    assert set(STRICTEST_FIRST) == set(FAMILIES)


def test_a_change_counts_where_its_old_value_stands() -> None:
    told = [
        change("indicators[knows].target.points", 15, 12),
        change("indicators[knows].target.points", 12, 11),
        change("smallest_change.points", 7, 5),  # not what the plan says
    ]
    plan = amended_plan(PLAN, told)
    assert plan.indicators[0].target is not None and plan.indicators[0].target.value == 0.11
    assert plan.indicators[0].smallest_change == 0.1
    assert plan.sha256 == parse_plan(PLAN).sha256


@pytest.mark.parametrize(
    "told",
    [
        change("by", None, ["sex"]),
        change("retention.margin_points", None, 5),  # this plan has no follow-up
        change("indicators[nobody].target.points", None, 5),
        change("indicators[knows].primary", True, False),
        change("indicators[knows].item", "knows", "other"),
        change("design.waves", ["before", "after"], ["before"]),
    ],
)
def test_other_keys_are_told_and_change_nothing(told: dict[str, Any]) -> None:
    assert amended(PLAN, [told]) == PLAN


@pytest.mark.parametrize(
    ("families", "left"),
    [
        (["holm", "none"], "holm"),
        (["holm", "bonferroni"], "bonferroni"),
        (["holm", "bonferroni", "holm"], "holm"),
        (["holm", "none", "bh"], "holm"),
        (["holm", "bh", "bonferroni"], "bonferroni"),
    ],
)
def test_a_family_may_become_stricter_than_the_locked_one_and_never_easier(families: list[str], left: str) -> None:
    told = [change("family", old, new) for old, new in pairwise(families)]
    assert amended(PLAN, told)["family"] == left


def test_an_indicator_that_is_added_is_never_primary() -> None:
    new = {"id": "later", "measure": "binary", "item": "knows", "primary": True}
    plan = amended_plan(PLAN, [change("indicators[later]", None, new)])
    assert [(one.id, one.primary) for one in plan.indicators][-1] == ("later", False)
    with pytest.raises(PlanError):
        amended_plan(PLAN, [change("indicators[later]", None, {"id": "later"})])


def test_what_was_demoted_confirms_nothing_and_stays_in_the_family() -> None:
    told = [change("indicators[again].primary", True, False)]
    assert demoted(told) == {"again"}
    frame = answers([0] * 25 + [1] * 5, [0] * 5 + [1] * 25)
    plan = parse_plan(PLAN)
    before, after = (run(plan, frame, changes_to_plan=changes).changes for changes in ([], told))
    assert [row["confirmed"] for row in before] == [True, True]
    assert [row["confirmed"] for row in after] == [True, False]
    assert [row["p_adjusted"] for row in after] == [row["p_adjusted"] for row in before]

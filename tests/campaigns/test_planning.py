"""The contract file that a plan becomes, its dates and what it lacks; no pages here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from analysis.plan import parse_plan, plan_sha256
from campaigns.indicators import asked_indicators
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices, add_months
from campaigns.planning import contract_plan
from surveys.bank import load_bank

CAMPAIGN = Campaign(id=1, slug="harbour", title="Harbour campaign")
COMPLETE = PlanChoices(
    indicators=(ChosenIndicator("names_three_signs", True, 15), ChosenIndicator("would_seek_skills", False, 12)),
    instruments=("training",),
    activity_ends_on=date(2027, 3, 31),
)


@pytest.mark.parametrize(
    ("instrument", "followup", "margin"), list(product(("training", "intercept"), (True, False), (None, 5)))
)
def test_analysis_accepts_the_plan_of_every_choice(instrument: str, followup: bool, margin: int | None) -> None:
    everything = tuple(ChosenIndicator(id, True, 20) for id in asked_indicators())
    choices = replace(COMPLETE, indicators=everything, followup=followup, retention_margin=margin)
    plan = parse_plan(contract_plan(CAMPAIGN, choices, instrument))
    assert plan.design.waves == (("before", "after", "followup") if followup else ("before", "after"))
    paired = "panel" if followup else "paired"
    assert plan.design.kind == (paired if instrument == "training" else "cross_sections")
    assert plan.design.person == ("person" if instrument == "training" else None)
    assert plan.by == (("sex",), ("age_group",))
    assert [indicator.id for indicator in plan.indicators] == list(asked_indicators())
    assert (plan.retention is not None) == followup
    expected = 0.05 if followup and margin is not None else None
    assert {indicator.margin for indicator in plan.indicators} == {expected}


def test_the_plan_says_all_that_was_promised() -> None:
    assert contract_plan(CAMPAIGN, COMPLETE, "training") == {
        "version": 1,
        "title": "Harbour campaign",
        "design": {
            "kind": "panel",
            "layout": "long",
            "waves": ["before", "after", "followup"],
            "wave": "wave",
            "date": "interview_date",
            "person": "person",
            "windows": {"followup": {"after": "after", "anchor": "end", "months": [6, 12]}},
        },
        "indicators": [
            {
                "id": "names_three_signs",
                "dimension": "knowledge",
                "measure": "binary",
                "item": "warning_signs",
                "scoring": dict(load_bank().items_for("names_three_signs")[0].scoring),
                "better": "higher",
                "primary": True,
                "target": {"points": 15},
            },
            {
                "id": "would_seek_skills",
                "dimension": "intended_action",
                "measure": "binary",
                "item": "seek_skills",
                "scoring": dict(load_bank().items_for("would_seek_skills")[0].scoring),
                "better": "higher",
                "primary": False,
                "target": {"points": 12},
            },
        ],
        "by": ["sex", "age_group"],
        "confidence": 0.95,
        "family": "holm",
        "smallest_change": {"points": 10},
        "missing": {"dont_know": ["dk"], "refused": ["ref"], "dont_know_as": "not_endorsing"},
        "exclude": [
            {"column": "consent", "equals": "no", "reason": "no consent"},
            {"column": "age_group", "equals": "under_18", "reason": "under 18"},
        ],
        "suppress_below": 5,
        "seed": 20_260_730,
        "retention": {"from": "after", "to": "followup", "baseline": "before"},
    }


def test_the_codes_of_exclusions_are_codes_of_the_bank() -> None:
    codes = {item.id: {option.code for option in item.options} for item in load_bank().items}
    for rows in contract_plan(CAMPAIGN, COMPLETE, "intercept")["exclude"]:
        assert rows["equals"] in codes[rows["column"]]
    assert {"sex", "age_group"} <= codes.keys()


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"indicators": ()}, ["indicators"]),
        ({"indicators": (ChosenIndicator("knows_hotline", False, 15),)}, ["indicators"]),
        ({"indicators": (ChosenIndicator("knows_hotline", True, None),)}, ["knows_hotline-points"]),
        ({"indicators": (ChosenIndicator("knows_hotline", True, 9),)}, ["knows_hotline-points"]),
        ({"indicators": tuple(ChosenIndicator(id, True, 15) for id in list(asked_indicators())[:4])}, ["indicators"]),
        ({"instruments": ()}, ["instruments"]),
        ({"activity_ends_on": None}, ["activity_ends_on"]),
        ({"activity_ends_on": None, "followup": False}, []),
        (
            {"indicators": (), "instruments": (), "activity_ends_on": None},
            ["indicators", "instruments", "activity_ends_on"],
        ),
    ],
)
def test_what_is_lacking_is_told_at_its_field(changed: dict[str, object], fields: list[str]) -> None:
    lacks = replace(COMPLETE, **changed).lacks()  # type: ignore[arg-type]
    assert [lack.field for lack in lacks] == fields
    assert all(str(lack.sentence).endswith(".") for lack in lacks)


def test_a_complete_plan_lacks_nothing_and_survives_storing() -> None:
    assert COMPLETE.lacks() == []
    assert PlanChoices.stored(COMPLETE.to_store(), COMPLETE.activity_ends_on) == COMPLETE


@pytest.mark.parametrize(
    ("end", "first", "last"),
    [
        (date(2027, 3, 31), date(2027, 9, 30), date(2028, 3, 31)),
        (date(2027, 8, 31), date(2028, 2, 29), date(2028, 8, 31)),
        (date(2026, 12, 15), date(2027, 6, 15), date(2027, 12, 15)),
    ],
)
def test_the_follow_up_opens_6_and_closes_12_months_after_the_end(end: date, first: date, last: date) -> None:
    assert replace(COMPLETE, activity_ends_on=end).followup_window == (first, last)
    assert add_months(end, 6) == first


def test_there_is_no_window_without_a_follow_up_or_an_end() -> None:
    assert replace(COMPLETE, followup=False).followup_window is None
    assert replace(COMPLETE, activity_ends_on=None).followup_window is None


@pytest.mark.parametrize(("points", "margin"), [(15, 7.5), (20, 10), (40, 10), (None, None)])
def test_half_of_the_planned_gain_and_10_points_at_most_may_be_lost(points: int | None, margin: float | None) -> None:
    assert ChosenIndicator("knows_hotline", True, points).default_margin == margin


def test_any_other_choice_makes_another_fingerprint() -> None:
    variants = [
        COMPLETE,
        replace(COMPLETE, smallest_change=9),
        replace(COMPLETE, retention_margin=5),
        replace(COMPLETE, followup=False),
        replace(COMPLETE, indicators=COMPLETE.indicators[:1]),
    ]
    prints = {plan_sha256(contract_plan(CAMPAIGN, variant, "training")) for variant in variants}
    assert len(prints) == len(variants)

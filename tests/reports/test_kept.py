"""Whether a gain was kept, in words: the verdict of the analysis, its reason, and of whom it speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.languages import LANGUAGES
from reports.kept import kept_view
from reports.wording import Wording
from tests.reports.plans import TITLES, plan_of

WAVES = ("before", "after", "followup")


def row(**more: Any) -> dict[str, Any]:
    """A row of retention of which everything is clear, as ``analysis.run`` gives it."""
    limits = {"low": -0.05, "high": 0.06, "method": "tango"}
    part = {"value": 0.9, "low": 0.7, "high": 1.1, "unbounded": False}
    gain = {"difference": 0.3, "interval": {"low": 0.2, "high": 0.4, "method": "newcombe10"}}
    return {
        "indicator": "names_three_signs",
        "n": 90,
        "difference": 0.01,
        "interval": limits,
        "margin": 0.1,
        "share_kept": part,
        "first_gain": gain,
        "found_share": 0.8,
        "among_those_found": False,
        "verdict": "retained",
        "hidden": False,
    } | more


def said(found: dict[str, Any], kind: str = "panel", language: str = "en") -> Any:
    return kept_view(found, Wording(plan_of(kind, WAVES), language, TITLES))


def test_what_was_kept_is_told_with_its_interval_and_margin() -> None:
    kept = said(row())
    assert (kept.verdict, kept.title) == ("retained", "Kept")
    assert "+1.0 points (95% interval from −5.0 to +6.0)" in kept.sentences[0]
    assert "10 points" in kept.sentences[0]
    assert kept.sentences[1] == "Of the first gain 90% was still there (95% interval from 70% to 110%)."


def test_a_share_without_limits_is_not_told() -> None:
    alike = {"value": 1.0, "low": None, "high": None, "unbounded": False, "reason": "nobody_differs"}
    assert len(said(row(share_kept=alike)).sentences) == len(said(row()).sentences) - 1


def test_a_gain_that_was_not_clear_leaves_nothing_to_keep() -> None:
    unclear = {"difference": 0.03, "interval": {"low": -0.02, "high": 0.08, "method": "newcombe10"}}
    kept = said(row(verdict="undecided", first_gain=unclear))
    assert kept.verdict == "no_gain"
    assert len(kept.sentences) == 1


def test_a_fall_is_the_gain_where_lower_is_better() -> None:
    fall = {"difference": -0.3, "interval": {"low": -0.4, "high": -0.2, "method": "newcombe10"}}
    plan = plan_of("panel", WAVES)
    turned = replace(plan, indicators=tuple(replace(one, better="lower") for one in plan.indicators))
    kept = kept_view(row(verdict="undecided", first_gain=fall), Wording(turned, "en", TITLES))
    assert kept is not None
    assert kept.verdict == "undecided"


def test_people_who_were_lost_are_named() -> None:
    kept = said(row(found_share=0.6, among_those_found=True))
    assert "60%" in kept.sentences[1]
    assert said(row(found_share=0.4, verdict="no_verdict")).sentences[0].count("40%") == 1


def test_a_gain_too_uncertain_to_divide_by_gives_no_share() -> None:
    unbounded = {"value": 2.0, "low": None, "high": None, "unbounded": True}
    assert "cannot be said" in said(row(share_kept=unbounded)).sentences[-1]


def test_few_people_get_no_percentages() -> None:
    kept = said(row(n=9))
    assert kept.verdict == "too_few"
    assert "%" not in kept.sentences[0]


@pytest.mark.parametrize("nothing", [{"hidden": True}, {"n": 0}, {"interval": {"low": None, "high": None}}])
def test_nothing_is_said_where_there_is_nothing_to_say(nothing: dict[str, Any]) -> None:
    assert said(row(**nothing)) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["panel", "cross_sections"])
@pytest.mark.parametrize("verdict", ["retained", "not_retained", "undecided", None, "no_verdict"])
def test_every_verdict_has_its_words(verdict: str | None, kind: str, language: str) -> None:
    margin = None if verdict is None else 0.1
    kept = said(row(verdict=verdict, margin=margin), kind, language)
    assert all(sentence and "%(" not in sentence for sentence in (kept.title, *kept.sentences))

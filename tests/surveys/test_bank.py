"""The question bank: its rules, its words in every language, and its use by the plan and the demonstration."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import parse_plan
from campaigns.indicators import asked_indicators
from core.content import ContentError
from core.languages import LANGUAGES
from surveys.bank import PURPOSES, _item, load_bank, say

BANK = load_bank()


def test_every_indicator_of_the_catalogue_has_an_item_and_every_item_an_indicator_of_the_catalogue() -> None:
    assert {item.indicator for item in BANK.items if item.indicator} == set(asked_indicators())


def test_every_item_states_its_purpose_and_those_of_indicators_their_source_and_a_scoring_that_analysis_takes() -> None:
    for item in BANK.items:
        assert item.purpose in PURPOSES
        if item.indicator:
            indicator = {"id": item.indicator, "measure": "binary", "item": item.id, "scoring": dict(item.scoring)}
            design = {"kind": "cross_sections", "layout": "long", "wave": "wave", "waves": ["before", "after"]}
            plan = parse_plan({"version": 1, "title": "t", "design": design, "indicators": [indicator]})
            assert plan.indicators[0].items == (item.id,) and item.source["document"] in {"003", "ajzen1991"}


def test_every_question_about_views_or_knowledge_can_be_refused_or_answered_with_do_not_know() -> None:
    for item in BANK.items:
        if item.purpose in ("indicator", "screening", "determinant") and item.options:
            assert {"dk", "ref"} <= {option.code for option in item.options} and not item.required


def test_only_consent_and_age_must_be_answered_and_age_has_a_way_out() -> None:
    required = [item for item in BANK.items if item.required]
    # the group is a fact about the place, and is only asked where the plan has a comparison group
    assert [item.id for item in required] == ["consent", "study_group", "age_group"]
    assert "no_answer" in [option.code for option in required[2].options]


def test_what_would_identify_somebody_is_never_asked() -> None:
    asked = {item.id for item in BANK.items}
    assert not asked & {"name", "phone", "address", "email", "birth_date", "age", "location", "gps"}
    written = [item for item in BANK.items if item.type == "text" and item.id != "card_number"]
    assert written and all(item.instruments == ("barrier",) and "Write no names." in item.hint for item in written)
    assert [item.id for item in BANK.items if item.role == "linking" and item.instruments == ("training",)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_said_in_every_language(language: str) -> None:
    entries: list[tuple[Any, str]] = [(item, "label") for item in BANK.items]
    entries += [(item, "hint") for item in BANK.items if item.hint]
    entries += [(option, "label") for item in BANK.items for option in item.options]
    entries += [(screen, "title") for screen in BANK.screens]
    for instrument in ("training", "intercept"):
        entries += [(BANK.title(instrument, wave), "title") for wave in ("before", "after", "followup")]
    entries.append((BANK.title("barrier_2", "once"), "title"))
    assert all(say(entry, key, language).strip() for entry, key in entries)


QUESTION = {
    "id": "q",
    "type": "select_one",
    "purpose": "disaggregation",
    "label": "Q",
    "options": [{"id": "a", "label": "A"}],
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Two words"}, "small letters"),
        ({"type": "slider"}, "small letters"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"purpose": "indicator"}, "scoring"),
        ({"purpose": "determinant", "determinant": "access"}, "scoring"),
        ({"purpose": "determinant", "scoring": {"equals": ["a"]}}, "scoring"),
        ({"indicator": "i", "scoring": {"equals": ["a"]}}, "scoring"),
        ({"purpose": "indicator", "indicator": "i", "scoring": {"equals": ["b"]}}, "not among the options"),
        ({"options": []}, "has options"),
        ({"options": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]}, "once only"),
        ({"options": [{"id": True, "label": "Yes"}]}, "between quotes"),
        ({"lable": "Q"}, "unknown or a missing key"),
        ({"options": ["no_such_list"]}, "unknown or a missing key"),
    ],
)
def test_an_item_that_breaks_a_rule_is_refused_with_the_remedy(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ContentError, match=words):
        _item(QUESTION | change, {})

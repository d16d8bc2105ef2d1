"""What results say about what a design takes for granted: the rule, the report, and the register."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

from analysis.verdicts import RULES
from campaigns.indicators import RUNGS
from campaigns.registers.assumptions import AssumptionDetails, Subject, common_terms, save_assumption
from core.languages import LANGUAGES
from reports import report
from reports.assumptions import Bearing, bearing, deciding, together, wrong_rung
from reports.wording import load_sentences
from tests.builders import add_person
from tests.reports.fieldwork import Answers, Field
from tests.reports.plans import plan_of
from tests.visitor import Visitor

REPORT = "/campaigns/harbour/report"
REGISTER = "/campaigns/harbour/assumptions"
SECTION = "//section[@id='assumptions']"
CHANGE = {
    "indicator": "names_three_signs",
    "from": "before",
    "to": "after",
    "arm": None,
    "segment": {},
    "hidden": False,
    "verdict": "improved",
    "n_from": 40,
    "n_to": 40,
    "confirmed": True,
    "smaller_than_planned": False,
}


def change(**keys: Any) -> dict[str, Any]:
    return CHANGE | keys


@pytest.mark.parametrize(
    ("row", "primary", "mark", "reason"),
    [
        (change(), True, "supported", "improved"),
        (change(confirmed=False), True, "open", "not_confirmed"),
        (change(confirmed=False), False, "supported", "improved"),
        (change(smaller_than_planned=True), True, "open", "too_small"),
        (change(verdict="worsened"), True, "contradicted", "worsened"),
        (change(verdict="worsened", confirmed=False), True, "contradicted", "worsened"),
        (change(verdict="practically_unchanged"), True, "contradicted", "practically_unchanged"),
        (change(verdict="no_clear_change"), True, "open", "no_clear_change"),
        (change(verdict="too_uncertain"), True, "open", "too_uncertain"),
        (change(verdict="counts_only"), True, "open", "counts_only"),
        (change(hidden=True), True, "open", "hidden"),
        (change(n_to=0), True, "open", "not_measured"),
        (None, True, "open", "one_time"),
    ],
)
def test_the_verdict_gives_the_mark(row: dict[str, Any] | None, primary: bool, mark: str, reason: str) -> None:
    assert bearing(row, None, primary) == Bearing(mark, reason)


@pytest.mark.parametrize(
    ("verdict", "mark", "reason"),
    [
        ("retained", "supported", "improved"),
        (None, "supported", "improved"),
        ("not_retained", "open", "not_kept"),
        ("undecided", "open", "kept_undecided"),
        ("no_verdict", "open", "kept_undecided"),
        ("counts_only", "open", "kept_undecided"),
    ],
)
def test_a_gain_that_was_asked_to_last_has_to_last(verdict: str | None, mark: str, reason: str) -> None:
    kept = {"verdict": verdict, "hidden": False}
    assert bearing(change(to="followup"), kept, primary=True) == Bearing(mark, reason)
    assert bearing(change(verdict="worsened"), kept, primary=True).mark == "contradicted"


def test_hidden_results_of_the_follow_up_are_not_given_away() -> None:
    assert bearing(change(), {"verdict": None, "hidden": True}, primary=True) == Bearing("open", "hidden")


def test_every_reason_has_its_sentence() -> None:
    reasons = {bearing(change(verdict=name), None, primary=True).reason for name, _rule in RULES}
    assert {f"bearing.because.{reason}" for reason in reasons} <= load_sentences().keys()


def test_the_latest_time_at_which_people_were_asked_decides() -> None:
    after, later = change(), change(to="followup", verdict="no_clear_change")
    between, part = change(**{"from": "after", "to": "followup"}), change(segment={"sex": "male"})
    assert deciding([after, later, between, part], "before") == later
    assert deciding([after, later | {"n_to": 0}], "before") == after
    assert deciding([between, part], "before") is None


def test_what_is_measured_on_one_rung_never_speaks_for_another() -> None:
    spoken = plan_of().indicators[0]
    assert wrong_rung("behaviour", spoken) and wrong_rung("impact", spoken)
    assert wrong_rung("behaviour", replace(spoken, dimension="intended_action"))
    assert not wrong_rung(None, spoken)
    assert wrong_rung(None, replace(spoken, dimension="behaviour")), "the catalogue says that it is knowledge"
    rungs = {term.rung for term in common_terms().values()}
    assert rungs == {"behaviour", "impact"} and rungs <= set(RUNGS), "every common assumption says of what it speaks"


def test_results_that_quarrel_leave_an_assumption_open() -> None:
    assert together(["supported", "open"]) == "supported"
    assert together(["supported", "contradicted"]) == "open"
    assert together([]) == "open"


@pytest.fixture
def field(app: Flask, session: Session) -> Field:
    return Field(app, session)


@pytest.fixture
def trained(field: Field) -> Field:
    """Four assumptions, and twenty people before and after a training: more can name signs, fewer would employ."""
    assume(field, "They will name the signs", "names_three_signs")
    assume(field, "They will employ survivors", "would_employ_survivor")
    assume(field, "They pass it on", "s6_no_such")
    assume(field, "Awareness", "names_three_signs", Subject(term_id="awareness_changes_behaviour"))
    field.freeze("training")
    field.send("training", "before", Answers(20, {"names_three_signs": 5, "would_employ_survivor": 15}))
    field.send("training", "after", Answers(20, {"names_three_signs": 16, "would_employ_survivor": 2}))
    return field


def assume(field: Field, text: str, indicator: str, subject: Subject | None = None) -> None:
    writer = add_person(field.session, f"writer-{indicator}-{text}".replace(" ", "-").lower()[:30]).id
    details = AssumptionDetails(text=text, indicator_id=indicator)
    save_assumption(field.session, field.campaign.id, subject or Subject(), None, details, 0, writer)
    field.session.commit()


def told(page: html.HtmlElement, heading: str) -> str:
    (found,) = page.xpath(f"{SECTION}//div[@class='assumption'][contains(h3, '{heading}')]")
    return " ".join(found.text_content().split())


def test_the_report_says_what_results_mean_for_the_assumptions(trained: Field) -> None:
    page = trained.reader("evaluator").get(REPORT)
    named = told(page, "They will name the signs")
    assert "Supported" in named and "This fits with the assumption. It does not prove it" in named
    assert "It speaks of what people say" in named
    assert "Improved" in named and "Confirmed" in named and "+55.0 points" in named
    assert page.xpath(f"{SECTION}//a[@href='#training-names-three-signs']")
    employed = told(page, "They will employ survivors")
    assert "Contradicted" in employed and "This speaks against the assumption." in employed
    assert "Exploratory" in employed
    behaviour = told(page, "Awareness alone changes")
    assert "Open" in behaviour and "shows something else than the assumption speaks of" in behaviour
    assert "Supported" not in behaviour
    untested = [" ".join(line.text_content().split()) for line in page.xpath(f"{SECTION}//details//li")]
    assert len(untested) == len(common_terms())
    assert "They pass it on The indicator that would test it, “s6_no_such”, is in no frozen plan" in untested[-1]
    assert any("could move" in line and "at another time" in line and "Nothing measures" in line for line in untested)


def test_the_register_bears_the_marks_once_there_are_results(field: Field) -> None:
    assume(field, "They will name the signs", "names_three_signs")
    reader = field.reader("designer")
    for freeze in (False, True):
        if freeze:
            field.freeze("training")
        assert not reader.get(REGISTER).xpath("//*[contains(@class, 'bearing')]")
    field.send("training", "before", Answers(20, {"names_three_signs": 5}))
    assert "at one time only so far" in reader.get(REGISTER).text_content()
    field.send("training", "after", Answers(20, {"names_three_signs": 16}))
    page = reader.get(REGISTER)
    assert page.xpath("//*[contains(@class, 'bearing-supported')]/text()") == ["Supported"]
    assert len(page.xpath("//*[contains(@class, 'bearing-open')]")) == len(common_terms())
    assert reader.text().count("Nothing measures this assumption") == len(common_terms())


def test_few_people_bear_on_nothing_for_readers_outside_the_team(field: Field) -> None:
    assume(field, "They will name the signs", "names_three_signs")
    field.freeze("training")
    field.send("training", "before", Answers(3, {}))
    field.send("training", "after", Answers(3, {"names_three_signs": 3}))
    designer = field.reader("designer")
    for address in (REPORT, REGISTER):
        designer.get(address)
        assert "without the risk that somebody is recognised" in designer.text()
        assert "Too few people were asked under" not in designer.text()
    evaluator = field.reader("evaluator")
    evaluator.get(REGISTER)
    assert "Too few people were asked under" in evaluator.text()


def test_without_results_the_report_says_nothing_of_assumptions(field: Field) -> None:
    assume(field, "They will name the signs", "names_three_signs")
    field.freeze("training")
    assert not field.reader("evaluator").get(REPORT).xpath(SECTION)


def test_where_nothing_is_tested_the_report_says_so(field: Field) -> None:
    field.freeze("training")
    field.send("training", "before", Answers(12, {"names_three_signs": 3}))
    evaluator = field.reader("evaluator")
    evaluator.get(REPORT)
    assert "No frozen plan measures an indicator that would test one of the assumptions" in evaluator.text()


def test_opening_the_register_again_computes_nothing(trained: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluator = trained.reader("evaluator")
    first = evaluator.get(REGISTER).text_content()
    monkeypatch.delattr(report, "run")
    assert evaluator.get(REGISTER).text_content() == first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", [REPORT, REGISTER])
def test_the_marks_can_be_read_in_every_language(trained: Field, address: str, language: str) -> None:
    evaluator: Visitor = trained.reader("evaluator")
    evaluator.get("/")
    evaluator.submit("/language", {"language": language, "next": address})
    page = evaluator.get(address)
    marks = page.xpath("//*[contains(@class, 'bearing-supported') or contains(@class, 'bearing-contradicted')]")
    assert len(marks) == 2 and all("%(" not in mark.getparent().text_content() for mark in marks)

"""The indicator plan: the catalogue, targets that nobody can mistake, and the workbook."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from campaigns.calendar.dates import WrittenDays, save_days
from campaigns.indicator_plan.labels import DIMENSION_LABELS, RUNG_LABELS
from campaigns.indicator_plan.models import PlannedIndicator
from campaigns.indicator_plan.number_field import read_number
from campaigns.indicator_plan.planned import IndicatorDetails, planned_indicators, save_planned
from campaigns.indicator_plan.sentences import target_sentence
from campaigns.indicator_plan.targets import Target, consequence, problem
from campaigns.indicators import DIMENSIONS, RUNGS, load_indicators
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import save_draft
from campaigns.registers.assumptions import AssumptionDetails, Subject, save_assumption
from tests.builders import add_person
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
PLAN = f"{HOME}indicators"
CATALOGUE = f"{PLAN}/catalogue"
HOTLINE = f"{PLAN}/of-catalogue/knows_hotline"
CALLS = f"{PLAN}/of-catalogue/valid_hotline_calls"
OWN = f"{PLAN}/own"
TYPED: dict[str, Any] = {"version": "0", "methods": ["interviews"], "frequency": "yearly", "owner": "Amal"}
OWN_TYPED = TYPED | {
    "title": "Contracts read aloud",
    "rung": "behaviour",
    "dimension": "behaviour",
    "definition": "Skippers who read the contract aloud before it is signed.",
    "unit": "share",
    "numerator": "skippers who did",
    "denominator": "skippers asked",
    "cannot_show": "Whether the contract was kept.",
}


def the_row(session: Session) -> PlannedIndicator:
    session.rollback()
    return session.scalars(select(PlannedIndicator).execution_options(populate_existing=True)).one()


def plan_draft(session: Session, campaign: Campaign, *chosen: ChosenIndicator, ends: date | None = None) -> None:
    save_draft(session, campaign.id, PlanChoices(indicators=chosen, activity_ends_on=ends), 0)
    session.commit()


def store(session: Session, campaign: Campaign, indicator_id: str | None, **details: Any) -> None:
    writer = add_person(session, "writer").id
    save_planned(session, campaign.id, IndicatorDetails(**details), 0, writer, indicator_id=indicator_id)
    session.commit()


@pytest.mark.parametrize(
    ("unit", "baseline", "kind", "value", "sentence"),
    [
        ("share", "40", "level", "55", "From 40% to 55%: 15 percentage points more, which is 37.5% more than before."),
        ("share", "40", "points", "15", "From 40% to 55%: 15 percentage points more, which is 37.5% more than before."),
        ("share", "40", "relative", "15", "From 40% to 46%: 6 percentage points more, which is 15% more than before."),
        ("share", "40", "points", "-10", "From 40% to 30%: 10 percentage points less, which is 25% less than before."),
        ("share", "0", "points", "15", "From 0% to 15%: 15 percentage points more."),
        ("share", "40", "level", "40", "It stays at 40%."),
        ("share", None, "level", "55", "To reach 55%. How far that is nobody knows until the baseline is measured."),
        ("share", None, "points", "15", "15 percentage points more than the baseline, which is still to be measured."),
        ("share", None, "points", "-5", "5 percentage points less than the baseline, which is still to be measured."),
        ("people", "1200", "relative", "12.5", "From 1,200 to 1,350: 150 more, which is 12.5% more than before."),
        ("people", "0", "level", "30", "From 0 to 30: 30 more."),
        ("number", "8", "level", "2", "From 8 to 2: 6 less, which is 75% less than before."),
        ("amount", "-20", "level", "10", "From -20 to 10: 30 more."),
        ("share", ".1", "level", "5.1",
          "From 0.1% to 5.1%: 5 percentage points more, which is 5,000% more than before."),
    ],
)  # fmt: skip
def test_every_target_is_spelled_out(
    app: Flask, unit: str, baseline: str | None, kind: str, value: str, sentence: str
) -> None:
    with app.test_request_context():
        before = None if baseline is None else Decimal(baseline)
        assert target_sentence(unit, before, Target(kind, Decimal(value))) == sentence


@pytest.mark.parametrize(
    ("unit", "baseline", "kind", "value", "field", "words"),
    [
        ("share", None, "relative", "10", "target_value", "baseline that nobody knows"),
        ("share", "0", "relative", "10", "target_value", "Nothing grows in per cent from 0."),
        ("share", "40", "level", "101", "target_value", "between 0 and 100"),
        ("share", "140", "level", "50", "baseline", "between 0 and 100"),
        ("share", "90", "points", "15", "target_value", "outside 0 to 100"),
        ("share", "80", "relative", "50", "target_value", "outside 0 to 100"),
        ("share", None, "points", "101", "target_value", "between 0 and 100"),
        ("share", "40", "points", "0", "target_value", "A change of 0 is no target."),
        ("people", "40", "points", "5", "target_value", "Only a share can change by percentage points."),
        ("people", "4.5", "level", "5", "baseline", "Write a whole number"),
        ("people", "40", "level", "-1", "target_value", "Write a whole number"),
        ("people", "40", "relative", "-110", "target_value", "less than nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    unit: str, baseline: str | None, kind: str, value: str, field: str, words: str
) -> None:
    lack = problem(unit, None if baseline is None else Decimal(baseline), Target(kind, Decimal(value)))
    assert lack is not None and lack.field == field and words in str(lack.sentence)


def test_of_an_unknown_baseline_only_the_points_are_known() -> None:
    assert consequence(None, Target("points", Decimal(15))).difference == 15
    assert consequence(None, Target("level", Decimal(15))).difference is None


def test_numbers_are_read_as_people_write_them() -> None:
    for written in ("37.5", "37,5", " 37.5 % ", "٣٧٫٥", "+37.50", "37٫5 ٪"):
        assert read_number(written) == Decimal("37.5"), written
    assert read_number("−10") == read_number("-10") == -10
    for unclear in ("1,500", "1.500", "1 500", "ten", "1e3", "nan", "--1", "1.2.3", "9" * 13, "²"):
        assert read_number(unclear) is None, unclear


def test_every_rung_and_dimension_has_a_name() -> None:
    assert tuple(RUNG_LABELS) == RUNGS and tuple(DIMENSION_LABELS) == DIMENSIONS


def test_the_catalogue_shows_every_indicator_a_section_a_page(designer: Visitor) -> None:
    shown = 0
    for section in range(3, 10):
        page = designer.get(f"{CATALOGUE}?section={section}")
        links = page.xpath("//a[contains(@href, '/indicators/of-catalogue/')]")
        shown += len(links)
        assert len(page.xpath("//main//details")) == len(links)
        assert len(designer.http.get(f"{CATALOGUE}?section={section}").data) < 150_000
    assert shown == len(load_indicators()) == 153, "152 of the toolkit, and perceived control"
    for odd in ("?section=1", "?section=x", ""):
        assert "Knows a number to call" in designer.get(CATALOGUE + odd).text_content()
    for words in (
        "Definition",
        "Numerator",
        "Denominator",
        "Who usually sees to it",
        "It cannot show whether people would",
    ):
        assert words in designer.text()


def test_indicators_of_the_evaluation_plan_stand_there_by_themselves(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    plan_draft(session, campaign, ChosenIndicator("knows_hotline", primary=True, points=15))
    designer.get(PLAN)
    for words in (
        "Knows a number to call",
        "Primary",
        "15 percentage points more than the baseline",
        "Nobody sees to it",
    ):
        assert words in designer.text()
    page = designer.get(HOTLINE)
    assert not page.xpath("//*[@name='target_kind']") and page.xpath(f"//main//a[@href='{HOME}plan']")
    designer.submit(HOTLINE, TYPED | {"baseline": "40", "target_kind": "level", "target_value": "99"})
    designer.get(PLAN)
    assert "From 40% to 55%: 15 percentage points more, which is 37.5% more than before." in designer.text()
    assert the_row(session).target_kind == "", "the evaluation plan has the target"
    designer.get(HOTLINE)
    designer.submit(HOTLINE, TYPED | {"version": "1", "baseline": "90"})
    designer.get(PLAN)
    assert "outside 0 to 100 per cent" in designer.text(), "a baseline that the planned gain cannot follow is told"


def test_an_indicator_is_taken_from_the_catalogue_changed_and_left_out(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    save_days(session, campaign.id, WrittenDays(starts_on=date(2027, 1, 31)), 0, add_person(session, "clerk").id)
    session.commit()
    page = designer.get(CALLS)
    assert page.xpath("//input[@name='methods' and @value='organisation_records' and @checked]")
    assert page.xpath("//select[@name='frequency']/option[@selected]/@value") == ["monthly"]
    typed = TYPED | {
        "baseline": "40", "baseline_from": "Log of 2026", "target_kind": "relative", "target_value": "25",
        "by_kind": "start", "by_months": "1", "by_on": "2031-01-01", "disaggregation": ["language", "region"],
        "segments": "Skippers\n\nDeckhands", "reasons": "The line opens at night",
    }  # fmt: skip
    designer.submit(CALLS, typed)
    (row,) = planned_indicators(session, campaign.id)
    assert (row.due, row.segments, row.rung) == (date(2027, 2, 28), ("Skippers", "Deckhands"), "behaviour")
    stored = the_row(session)
    assert (stored.by_on, stored.disaggregation, stored.methods) == (None, ["language", "region"], ["interviews"])
    designer.get(PLAN)
    assert "From 40 to 50: 10 more, which is 25% more than before." in designer.text()
    assert "February 28, 2027" in designer.text() and "Seen to by: Amal" in designer.text()
    assert "In the indicator plan" in designer.get(CATALOGUE).text_content()
    designer.get(CALLS)
    designer.submit(CALLS, typed)  # nothing changed
    assert the_row(session).version == 1
    leave = f"{PLAN}/{stored.id}/leave-out"
    designer.submit(leave, {"version": "0"}, status=409)
    designer.get(CALLS)
    designer.submit(leave, {"version": "1"})
    designer.get(PLAN)
    assert "No indicator is planned yet." in designer.text()
    session.rollback()
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("indicator_%"))).all()
    assert actions == ["indicator_planned", "indicator_left_out"]
    designer.get(CALLS)
    designer.submit(leave, {"version": "1"}, status=404)


def test_an_indicator_of_their_own_has_the_same_form(designer: Visitor, campaign: Campaign, session: Session) -> None:
    designer.get(OWN)
    designer.submit(
        OWN, OWN_TYPED | {"seasonal": "y", "baseline": "20,5", "target_kind": "points", "target_value": "10"}
    )
    designer.get(PLAN)
    assert "Contracts read aloud" in designer.text() and "From 20.5% to 30.5%" in designer.text()
    stored = the_row(session)
    assert stored.seasonal and stored.baseline == 20.5
    address = f"{OWN}/{stored.id}"
    page = designer.get(address)
    assert page.get_element_by_id("baseline").value == "20.5"
    assert page.xpath("//input[@name='target_kind' and @checked]/@value") == ["points"]
    words = {"unit": "yes_no", "version": "1", "baseline_words": "Nobody does", "target_words": "Every skipper does"}
    designer.submit(address, OWN_TYPED | words)
    designer.get(PLAN)
    assert "Every skipper does" in designer.text() and the_row(session).target_kind == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"target_kind": "relative", "target_value": "10"}, "baseline that nobody knows"),
        ({"target_value": "10"}, "Say what kind of target this number is"),
        ({"target_kind": "level"}, "Write the number of the target"),
        ({"target_kind": "more", "target_value": "10"}, "Choose from the list."),
        ({"baseline": "1,500"}, "without signs for thousands"),
        ({"baseline": "120"}, "A share lies between 0 and 100 per cent."),
        ({"target_kind": "level", "target_value": "plenty"}, "Write a number in digits"),
        ({"by_kind": "end"}, "Write how many months."),
        ({"by_kind": "start", "by_months": "500"}, "between 0 and 120"),
        ({"by_kind": "date"}, "Write the day."),
        ({"by_kind": "date", "by_on": "0001-01-01"}, "such as 2027-03-31"),
        ({"by_kind": "date", "by_on": "soon"}, "such as 2027-03-31"),
        ({"methods": ["guess"]}, "Choose from the list."),
        ({"frequency": "hourly"}, "Choose from the list."),
        ({"disaggregation": ["name"]}, "Choose from the list."),
        ({"numerator": ""}, "A share needs both"),
        ({"title": ""}, "Write a short name."),
        ({"rung": "heaven"}, "Choose from the list."),
        ({"unit": "pounds"}, "Choose from the list."),
        ({"dimension": "depth"}, "Choose from the list."),
        ({"cannot_show": ""}, "Write what a reader must not conclude"),
        ({"definition": ""}, "so that two people would count the same"),
        ({"owner": "x" * 161}, "Shorten this to 160 characters."),
    ],
)
def test_what_a_row_cannot_hold_is_said_and_nothing_typed_is_lost(
    designer: Visitor, typed: dict[str, Any], sentence: str
) -> None:
    designer.get(OWN)
    designer.submit(OWN, OWN_TYPED | {"reasons": "Because"} | typed, status=422)
    assert sentence in designer.text()
    assert designer.page is not None and designer.page.get_element_by_id("reasons").text.strip() == "Because"
    for name, value in typed.items():
        if name in ("baseline", "target_value"):
            assert designer.page.get_element_by_id(name).value == value


def test_of_two_people_at_one_row_the_second_is_told_and_loses_nothing(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    designer.get(CALLS)
    nadia.get(CALLS)
    designer.submit(CALLS, TYPED)
    nadia.submit(CALLS, TYPED | {"owner": "Nadia"}, status=409)
    assert "Somebody else changed this entry" in nadia.text() and the_row(session).owner == "Amal"
    nadia.submit(CALLS, TYPED | {"owner": "Nadia and Amal", "version": "1"})
    assert the_row(session).owner == "Nadia and Amal"


def test_a_row_that_was_left_out_while_somebody_wrote_is_kept(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    designer.get(OWN)
    designer.submit(OWN, OWN_TYPED)
    stored = the_row(session)
    address = f"{OWN}/{stored.id}"
    for one in (designer, nadia):
        one.get(address)
    designer.submit(f"{PLAN}/{stored.id}/leave-out", {"version": "1"})
    nadia.submit(address, OWN_TYPED | {"version": "1", "owner": "Nadia"})
    assert (the_row(session).title, the_row(session).owner) == ("Contracts read aloud", "Nadia")


def test_evaluators_read_the_plan_and_do_not_write_it(
    signed_in_as: SignIn, session: Session, campaign: Campaign
) -> None:
    plan_draft(session, campaign, ChosenIndicator("knows_hotline", points=15))
    evaluator = signed_in_as("eva", "evaluator")
    for address in (PLAN, CATALOGUE):
        assert not evaluator.get(address).xpath("//main//a[contains(@href, '/of-catalogue/')]")
    for address in (CALLS, OWN):
        evaluator.get(address, status=403)
    assert evaluator.http.get(f"{PLAN}.xlsx").status_code == 200
    evaluator.get(HOME)
    assert "Indicator plan" in evaluator.text()


def test_what_there_is_not_is_said(designer: Visitor) -> None:
    for address in (f"{PLAN}/of-catalogue/no_such", f"{OWN}/77"):
        designer.get(address, status=404)
        assert "There is no such indicator here." in designer.text()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_workbook_holds_logframe_and_plan_as_texts_only(
    designer: Visitor, campaign: Campaign, session: Session, language: str
) -> None:
    plan_draft(session, campaign, ChosenIndicator("knows_hotline", primary=True, points=15))
    formula = '=HYPERLINK("https://example.org","free")'
    store(
        session, campaign, None, title=formula, rung="behaviour", unit="people", definition="a\x0bb", segments="+1\n@x"
    )
    writer = add_person(session, "assumer").id
    for subject, stance in ((Subject(term_id="training_becomes_action"), "struck_out"), (Subject(), "kept")):
        details = AssumptionDetails(
            "Phones work at sea", stance, "We tried", "knows_hotline" if stance == "kept" else ""
        )
        save_assumption(session, campaign.id, subject, None, details, 0, writer)
    session.commit()
    answer = designer.http.get(f"{PLAN}.xlsx", headers={"Accept-Language": language})
    assert answer.headers["Content-Disposition"].endswith('"harbour_indicators.xlsx"')
    book = load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) == 4, "logframe, plan, and the two registers"
    frame, plan, assumed, _tasks = book.worksheets
    assert frame.sheet_view.rightToLeft is plan.sheet_view.rightToLeft is (language == "ar")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}, "texts, and never a formula"
    dangerous = [cell for cell in cells if cell.value == formula]
    assert len(dangerous) == 2 and all(cell.quotePrefix for cell in dangerous)
    if language == "en":
        assert [cell.value for cell in frame[3]][:3] == ["Level", "Indicator", "Baseline"]
        levels = [row[0].value for row in frame.iter_rows(min_row=4)]
        assert [level.split(":")[0] for level in levels] == [
            "Outputs", "First results", "Behaviour", "Contribution against trafficking",
        ]  # fmt: skip
        assert assumed["A4"].value and assumed["B4"].value in ("Open", "Kept", "Struck out")
        assumptions = [row[6].value or "" for row in frame.iter_rows(min_row=4)]
        assert "Phones work at sea – kept: We tried" in assumptions[1]
        assert "Awareness alone changes risky behaviour – still open" in assumptions[2]
        assert "What people learn" not in assumptions[2] and "Trafficking does not move (In time)" in assumptions[3]
        assert frame["B4"].value == "No indicator is planned for this level."
        assert "Sex\nAge group\n+1\n@x" in [cell.value for cell in cells]


def test_a_target_is_told_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert "37,5" in target_sentence("share", Decimal(40), Target("points", Decimal(15)))

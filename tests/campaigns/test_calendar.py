"""The calendar: real days, warnings about them, and the iCalendar feed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import people
from campaigns.answering import Typed, save_answer
from campaigns.calendar.dates import CampaignDates, WrittenDays, dates_of, save_days
from campaigns.calendar.events import WINDOWS, calendar_events
from campaigns.calendar.icalendar import Entry, escape, fold, icalendar
from campaigns.calendar.models import CalendarFeed, CampaignCalendar
from campaigns.calendar.timeline import timeline
from campaigns.calendar.warnings import days_apart_in_year, same_season, warnings_of
from campaigns.indicator_plan.planned import IndicatorDetails, planned_indicators, save_planned
from campaigns.indicators import load_indicators
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import save_draft
from campaigns.registers.tasks import TaskDetails, save_task
from campaigns.terms import terms
from tests.builders import add_person
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
CALENDAR = f"{HOME}calendar"
DAYS = f"{CALENDAR}/days"
FEEDS = f"{CALENDAR}/feeds"
MADE_AT = datetime(2026, 11, 26, 14, 50, tzinfo=UTC)
WRITTEN = WrittenDays(
    date(2027, 3, 1), date(2027, 2, 1), date(2027, 2, 20), date(2027, 7, 1), date(2027, 7, 10)
)  # fmt: skip
TYPED = {name: getattr(WRITTEN, name).isoformat() for name in WrittenDays.__slots__} | {"version": "0"}


def unfold(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


@pytest.fixture
def clerk(session: Session) -> int:
    return add_person(session, "clerk").id


@pytest.fixture
def full(session: Session, campaign: Campaign, clerk: int) -> Campaign:
    """A campaign with days, an evaluation plan, indicators and tasks."""
    chosen = ChosenIndicator("knows_hotline", primary=True, points=15)
    save_draft(session, campaign.id, PlanChoices((chosen,), activity_ends_on=date(2027, 6, 30)), 0)
    save_days(session, campaign.id, WRITTEN, 0, clerk)
    for indicator in ("livelihood_change_lasts", "less_migration"):
        save_planned(session, campaign.id, IndicatorDetails(), 0, clerk, indicator_id=indicator)
    due = IndicatorDetails(by_kind="end", by_months=6)
    save_planned(session, campaign.id, due, 0, clerk, indicator_id="knows_hotline")
    own = IndicatorDetails(title="Contracts of Amal", rung="behaviour", by_kind="date", by_on=date(2027, 9, 1))
    save_planned(session, campaign.id, own, 0, clerk)
    save_answer(session, campaign.id, "s3q5", Typed("not_known"), 0, clerk)
    save_task(session, campaign.id, None, TaskDetails(due_on=date(2027, 1, 5)), 0, clerk, question_id="s3q5")
    save_task(session, campaign.id, None, TaskDetails("Ring Amal", due_on=date(2027, 1, 6)), 0, clerk)
    save_task(session, campaign.id, None, TaskDetails("Past", due_on=date(2027, 1, 7), done=True), 0, clerk)
    session.commit()
    return campaign


def test_the_calendar_counts_from_the_start_and_from_the_end(app: Flask, session: Session, full: Campaign) -> None:
    with app.test_request_context():
        events = {event.key: (event.first, event.last) for event in calendar_events(session, full.id)}
    days = {key: first for key, (first, last) in events.items() if first == last}
    spans = {key: span for key, span in events.items() if span[0] != span[1]}
    tasks = [day for key, day in days.items() if key.startswith("task-")]
    assert tasks == [date(2027, 1, 5), date(2027, 1, 6)], "what is done is no longer due"
    assert days["starts"] == date(2027, 3, 1) and days["ends"] == date(2027, 6, 30)
    assert spans == {
        "before": (date(2027, 2, 1), date(2027, 2, 20)),
        "after": (date(2027, 7, 1), date(2027, 7, 10)),
        "followup": (date(2027, 12, 30), date(2028, 6, 30)),
    }
    assert days["measure-livelihood_change_lasts-12"] == date(2028, 3, 1), "Section 4 counts from the start"
    assert days["measure-livelihood_change_lasts-24"] == date(2029, 3, 1)
    assert days["target-knows_hotline"] == date(2027, 12, 30)
    assert [key for key in days if key.startswith("target-own-")]


def test_without_days_nothing_is_counted(app: Flask, session: Session, campaign: Campaign, clerk: int) -> None:
    lasting = ("livelihood_change_lasts", "awareness_change_lasts", "justice_change_lasts")
    for indicator in lasting:
        save_planned(session, campaign.id, IndicatorDetails(), 0, clerk, indicator_id=indicator)
    with app.test_request_context():
        assert calendar_events(session, campaign.id) == []
        save_draft(session, campaign.id, PlanChoices(followup=False, activity_ends_on=date(2027, 6, 30)), 0)
        found = {event.key: (event.first, event.last) for event in calendar_events(session, campaign.id)}
    assert found["measure-awareness_change_lasts-window"] == (date(2027, 12, 30), date(2028, 6, 30))
    assert found["measure-justice_change_lasts-12"] == (date(2028, 6, 30),) * 2
    assert not any("livelihood" in key for key in found), "its anchor is the start"


def test_every_frequency_that_counts_months_from_the_activity_has_its_window() -> None:
    counting = {id for id in terms("frequencies") if re.search(r"\d", id)}
    assert counting == {*WINDOWS, "at_6_12_24"}, "the last one is counted for each person"
    assert WINDOWS["start_12_and_24"].anchor == "start" and WINDOWS["end_6_to_12"].months == (6, 12)


def test_indicators_of_migration_are_marked_as_seasonal() -> None:
    seasonal = [id for id, indicator in load_indicators().items() if indicator.seasonal]
    assert seasonal == ["regular_channel_migrants", "migration_centre_visitors", "income_change", "less_migration"]


def test_days_are_apart_in_the_round_of_the_year() -> None:
    assert days_apart_in_year(date(2027, 12, 31), date(2030, 1, 1)) == 1
    assert days_apart_in_year(date(2027, 1, 1), date(2027, 7, 2)) == 182
    assert days_apart_in_year(date(2028, 2, 29), date(2027, 2, 28)) == 0
    window = (date(2027, 12, 30), date(2028, 6, 30))
    assert same_season(date(2027, 2, 10), window) == (date(2027, 12, 30), date(2028, 4, 12))
    assert same_season(date(2027, 9, 15), window) is None


def test_seasons_that_are_mixed_are_told(app: Flask, session: Session, full: Campaign) -> None:
    with app.test_request_context():
        dates, rows = dates_of(session, full.id), planned_indicators(session, full.id)
        apart, followup = warnings_of(dates, rows)
        assert "“Fewer people migrate” changes with the seasons" in apart and "February 10, 2027" in apart
        assert "from December 30, 2027 to April 12, 2028" in followup
        others = [row for row in rows if not row.seasonal]
        assert warnings_of(dates, others) == []
        unknown = warnings_of(CampaignDates(WrittenDays()), rows)
        assert len(unknown) == 1 and "so that the seasons can be compared" in unknown[0]


@pytest.mark.parametrize(
    ("written", "ends_on", "words"),
    [
        (
            WrittenDays(before_first=date(2027, 2, 2), before_last=date(2027, 2, 1)),
            None,
            "before the activity end on a day",
        ),
        (
            WrittenDays(after_first=date(2027, 2, 2), after_last=date(2027, 2, 1)),
            None,
            "after the activity end on a day",
        ),
        (WrittenDays(starts_on=date(2027, 3, 1)), date(2027, 2, 1), "The activity ends before it starts."),
        (WrittenDays(date(2027, 3, 1), before_last=date(2027, 3, 2)), None, "go on after it has started"),
        (WrittenDays(after_first=date(2027, 5, 1)), date(2027, 6, 1), "begin before it has ended"),
        (WrittenDays(before_last=date(2027, 5, 2), after_first=date(2027, 5, 1)), None, "before it have ended"),
    ],
)
def test_days_in_the_wrong_order_are_told(app: Flask, written: WrittenDays, ends_on: date | None, words: str) -> None:
    with app.test_request_context():
        (sentence,) = warnings_of(CampaignDates(written, ends_on), [])
    assert words in sentence


def test_a_late_wave_and_an_early_target_are_told(app: Flask, session: Session, full: Campaign) -> None:
    late = WrittenDays(date(2028, 1, 1), after_first=date(2027, 7, 1), after_last=date(2027, 12, 30))
    with app.test_request_context():
        rows = [row for row in planned_indicators(session, full.id) if not row.seasonal]
        window = dates_of(session, full.id).followup
        told = " ".join(warnings_of(CampaignDates(late, followup=window), rows))
    assert "go on into the follow-up" in told and "“Contracts of Amal” is due before the activity starts" in told


def test_a_designer_writes_the_days_down(designer: Visitor, session: Session) -> None:
    designer.get(CALENDAR)
    assert "No day is known yet." in designer.text()
    designer.get(DAYS)
    designer.submit(DAYS, TYPED | {"starts_on": "soon"}, status=422)
    assert "such as 2027-03-31" in designer.text()
    designer.submit(DAYS, TYPED | {"starts_on": "0203-01-01"}, status=422)
    designer.submit(DAYS, TYPED)
    page = designer.get(CALENDAR)
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]
    assert rows == [
        "Feb 1, 2027 to Feb 20, 2027 Questions before the activity",
        "Mar 1, 2027 The activity starts",
        "Jul 1, 2027 to Jul 10, 2027 Questions after the activity",
    ]
    assert len(page.xpath("//figure//*[contains(@class, 'timeline-bar')]")) == 3
    stored = designer.get(DAYS).get_element_by_id("starts_on").value
    assert stored == "2027-03-01"


def test_of_two_people_at_the_days_the_second_is_told(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    for one in (designer, nadia):
        one.get(DAYS)
    designer.submit(DAYS, TYPED)
    other = TYPED | {"starts_on": "2027-03-08"}
    nadia.submit(DAYS, other, status=409)
    assert "Somebody else changed these days" in nadia.text()
    assert nadia.page is not None and nadia.page.get_element_by_id("starts_on").value == "2027-03-08"
    nadia.submit(DAYS, other | {"version": "1"})
    session.rollback()
    stored = session.scalars(select(CampaignCalendar)).one()
    assert (stored.starts_on, stored.version) == (date(2027, 3, 8), 2)


def test_the_line_of_time_runs_to_the_left_in_arabic(app: Flask, session: Session, full: Campaign) -> None:
    drawn = {}
    for language in ("en", "ar"):
        with app.test_request_context(headers={"Accept-Language": language}):
            drawn[language] = timeline(calendar_events(session, full.id), date(2027, 4, 1))
    left, right = drawn["en"], drawn["ar"]
    assert left is not None and right is not None and left.today is not None and right.today is not None
    for one, other in zip(left.bars, right.bars, strict=True):
        assert one.x + one.width + other.x == pytest.approx(100, abs=0.05)
        assert one.x >= 0 and one.x + one.width <= 100.01
    assert left.today + right.today == pytest.approx(100, abs=0.05)
    assert 2 <= len(left.ticks) <= 3 and [tick.x for tick in left.ticks] == sorted(tick.x for tick in left.ticks)
    assert timeline([], date(2027, 4, 1)) is None


def test_a_calendar_of_one_event_is_as_the_standard_wants_it() -> None:
    entry = Entry("a@eveil", "Ask; then, write\nit\\down", date(2027, 12, 31), date(2027, 12, 31))
    assert icalendar("Harbour, 2027", [entry], MADE_AT, "fr") == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Eveil//Campaign calendar//EN\r\nCALSCALE:GREGORIAN\r\n"
        "METHOD:PUBLISH\r\nNAME;LANGUAGE=fr:Harbour\\, 2027\r\nX-WR-CALNAME:Harbour\\, 2027\r\n"
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n"
        "BEGIN:VEVENT\r\nUID:a@eveil\r\nDTSTAMP:20261126T145000Z\r\nDTSTART;VALUE=DATE:20271231\r\n"
        "DTEND;VALUE=DATE:20280101\r\nSUMMARY;LANGUAGE=fr:Ask\\; then\\, write\\nit\\\\down\r\n"
        "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with pytest.raises(ValueError, match="ends before it begins"):
        icalendar("", [Entry("a", "", date(2027, 1, 2), date(2027, 1, 1))], MADE_AT)
    assert "DTEND" not in icalendar("", [Entry("a", "", date.max, date.max)], MADE_AT)
    assert "DTSTART;VALUE=DATE:00070101" in icalendar("", [Entry("a", "", date(7, 1, 1), date(7, 1, 1))], MADE_AT)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_is_typed_stays_one_line_of_75_octets_and_comes_back(text: str) -> None:
    folded = fold(f"SUMMARY:{escape(text)}")
    lines = folded.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines) and all(line.startswith(" ") for line in lines[1:])
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "".join(lines)) and "\n" not in "".join(lines)
    back = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], unfold(folded)[0])
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert back == f"SUMMARY:{kept}"


def test_people_of_the_campaign_download_the_calendar(designer: Visitor, full: Campaign) -> None:
    answer = designer.http.get(f"{HOME}calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfold(answer.text)
    assert (
        "SUMMARY;LANGUAGE=en:Target to be reached: Contracts of Amal" in lines
        and "X-WR-CALNAME:Harbour campaign" in lines
    )
    first, second = (re.findall(r"UID:\S+", designer.http.get(f"{HOME}calendar.ics").text) for _ in range(2))
    assert first == second and len(set(first)) == len(first) == 11


def test_a_secret_address_tells_days_and_nothing_that_was_typed(
    designer: Visitor, visitor: Visitor, full: Campaign, session: Session
) -> None:
    designer.get(CALENDAR)
    made = designer.submit(FEEDS, status=200)
    (path,) = re.findall(r"http://localhost(/calendar/[\w-]+\.ics)", made.text)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    stored = session.scalars(select(CalendarFeed)).one()
    assert token not in stored.token_digest and len(stored.token_digest) == 64
    answer = visitor.http.get(path)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
    lines = unfold(answer.text)
    assert "SUMMARY;LANGUAGE=en:A target is to be reached" in lines
    assert "SUMMARY;LANGUAGE=en:Something is to be found out by this day" in lines
    assert "Amal" not in answer.text and "Harbour" not in answer.text and "Dora" not in answer.text
    assert {line.split(":")[0].split(";")[0] for line in lines if line} <= {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP",
    }  # fmt: skip
    visitor.get("/calendar/another-token.ics", status=404)
    designer.get(CALENDAR)
    assert "Made by Dora on" in designer.text() and token not in designer.text()
    designer.submit(f"{FEEDS}/{stored.id}/revoke")
    assert visitor.http.get(path).status_code == 404
    designer.get(CALENDAR)
    assert "Made by" not in designer.text()
    designer.submit(f"{FEEDS}/{stored.id + 1}/revoke", status=404)


def test_a_secret_address_ends_with_the_role_of_whoever_made_it(
    designer: Visitor, signed_in_as: SignIn, visitor: Visitor, full: Campaign, session: Session
) -> None:
    evaluator = signed_in_as("eva", "evaluator")
    page = evaluator.get(CALENDAR, headers={"Accept-Language": "ar"})
    form = {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]}
    made = evaluator.http.post(FEEDS, data=form, headers={"Accept-Language": "ar"})
    (path,) = re.findall(r"/calendar/[\w-]+\.ics", made.text)
    assert "SUMMARY;LANGUAGE=ar:" in visitor.http.get(path).text, "in the language of whoever made it"
    feed = session.scalars(select(CalendarFeed)).one()
    people.revoke(session, feed.person_id, full.id, "evaluator")
    session.commit()
    assert visitor.http.get(path).status_code == 404


def test_evaluators_read_the_calendar_and_do_not_write_it(signed_in_as: SignIn, full: Campaign) -> None:
    evaluator = signed_in_as("eva", "evaluator")
    page = evaluator.get(CALENDAR)
    assert "Ring Amal" in evaluator.text() and not page.xpath(f"//a[@href='{DAYS}']")
    evaluator.get(DAYS, status=403)

"""Everything in a campaign that has a day, in the language of the reader."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaigns.calendar.dates import CampaignDates, dates_of
from campaigns.calendar.icalendar import Entry
from campaigns.content import say
from campaigns.indicator_plan.planned import Planned, planned_indicators
from campaigns.models import Campaign
from campaigns.registers import tasks


@dataclass(frozen=True, slots=True)
class Window:
    """Months after an ``anchor`` (``start`` or ``end`` of the activity): two that ``spans`` frame a period, else each
    is a day."""

    anchor: str
    months: tuple[int, ...]
    spans: bool = False


# the frequencies that are counted from the activity; at_6_12_24 is counted for each person from their own day
WINDOWS = {
    "end_6_to_12": Window("end", (6, 12), spans=True),
    "end_12": Window("end", (12,)),
    "at_least_12": Window("end", (12,)),
    "start_12_and_24": Window("start", (12, 24)),
}


@dataclass(frozen=True, slots=True)
class Event:
    """``key`` is stable within the campaign; ``public_title`` holds nothing that somebody typed."""

    key: str
    kind: str
    title: str
    public_title: str
    first: date
    last: date


def calendar_events(session: Session, campaign_id: int) -> list[Event]:
    """Every event of which the day is known, in order."""
    dates = dates_of(session, campaign_id)
    rows = planned_indicators(session, campaign_id)
    found = [*_of_activity(dates), *_of_indicators(rows, dates), *_of_tasks(session, campaign_id)]
    return sorted(found, key=lambda event: (event.first, event.last))


def entries(campaign: Campaign, events: list[Event], *, public: bool) -> list[Entry]:
    """The events for a calendar program; ``public`` leaves out whatever somebody typed."""
    return [
        Entry(_uid(campaign, event.key), event.public_title if public else event.title, event.first, event.last)
        for event in events
    ]


def _of_activity(dates: CampaignDates) -> Iterator[Event]:
    if dates.starts_on:
        yield _told("starts", _("The activity starts"), dates.starts_on)
    if dates.ends_on:
        yield _told("ends", _("The activity ends"), dates.ends_on)
    if dates.before:
        yield _told("before", _("Questions before the activity"), *dates.before)
    if dates.after:
        yield _told("after", _("Questions after the activity"), *dates.after)
    if dates.followup:
        yield _told("followup", _("Follow-up, 6 to 12 months after the end of the activity"), *dates.followup)


def _of_indicators(rows: list[Planned], dates: CampaignDates) -> Iterator[Event]:
    for row in rows:
        own = "" if row.own else row.title
        measured = _("To be measured: %(indicator)s", indicator=row.title)
        measured_publicly = (
            _("To be measured: %(indicator)s", indicator=own) if own else _("An indicator is to be measured")
        )
        for name, first, last in occasions(row, dates):
            yield Event(f"measure-{row.key}-{name}", "measure", measured, measured_publicly, first, last)
        if row.due:
            reached = _("Target to be reached: %(indicator)s", indicator=row.title)
            reached_publicly = (
                _("Target to be reached: %(indicator)s", indicator=own) if own else _("A target is to be reached")
            )
            yield Event(f"target-{row.key}", "target", reached, reached_publicly, row.due, row.due)


def occasions(row: Planned, dates: CampaignDates) -> Iterator[tuple[str, date, date]]:
    """When an indicator with a window of its own is measured: a name, and the first and last day."""
    window = WINDOWS.get(row.frequency)
    if window is None:
        return
    days = [(months, dates.months_after(window.anchor, months)) for months in window.months]
    known = [(months, day) for months, day in days if day is not None]
    if window.spans and len(known) == len(window.months):
        yield "window", known[0][1], known[-1][1]
    elif not window.spans:
        yield from ((str(months), day, day) for months, day in known)


def _of_tasks(session: Session, campaign_id: int) -> Iterator[Event]:
    for line in tasks.register(session, campaign_id):
        task = line.task
        if task is None or task.due_on is None or line.state == "done":
            continue
        title = say(line.question, "title") if line.question else task.title
        known = _("To be found out by this day: %(task)s", task=title)
        public = known if line.question else _("Something is to be found out by this day")
        yield Event(f"task-{task.id}", "task", known, public, task.due_on, task.due_on)


def _told(kind: str, title: str, first: date, last: date | None = None) -> Event:
    return Event(kind, kind, title, title, first, last or first)


def _uid(campaign: Campaign, key: str) -> str:
    """The same on every fetch, and different for two installations that both have a first campaign."""
    return f"{uuid.uuid5(uuid.NAMESPACE_OID, f'eveil {campaign.slug} {campaign.created_at.isoformat()} {key}')}@eveil"

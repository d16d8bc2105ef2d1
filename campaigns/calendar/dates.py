"""The days that a campaign has written down, and how they hang together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from accounts import audit
from campaigns.calendar.models import CampaignCalendar
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.plan_choices import add_months
from campaigns.planning import draft_of

Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class WrittenDays:
    """What the form of the calendar holds."""

    starts_on: date | None = None
    before_first: date | None = None
    before_last: date | None = None
    after_first: date | None = None
    after_last: date | None = None


@dataclass(frozen=True, slots=True)
class CampaignDates:
    """Every day that is known; ``ends_on`` and ``followup`` come from the plan."""

    written: WrittenDays
    ends_on: date | None = None
    followup: Period | None = None

    @property
    def starts_on(self) -> date | None:
        return self.written.starts_on

    @property
    def before(self) -> Period | None:
        return _period(self.written.before_first, self.written.before_last)

    @property
    def after(self) -> Period | None:
        return _period(self.written.after_first, self.written.after_last)

    def months_after(self, anchor: str, months: int) -> date | None:
        """The day so many months after the ``start`` or the ``end`` of the activity, once that is known."""
        day = self.starts_on if anchor == "start" else self.ends_on
        return None if day is None else add_months(day, months)


def stored_days(session: Session, campaign_id: int) -> CampaignCalendar | None:
    return session.get(CampaignCalendar, campaign_id)


def dates_of(session: Session, campaign_id: int) -> CampaignDates:
    stored = stored_days(session, campaign_id)
    choices = draft_of(session, campaign_id).choices
    return CampaignDates(
        _written(stored) if stored else WrittenDays(), choices.activity_ends_on, choices.followup_window
    )


def save_days(session: Session, campaign_id: int, days: WrittenDays, based_on: int, person_id: int) -> CampaignCalendar:
    """Store the days over version ``based_on`` (0: there were none); raises Clash for a newer one."""
    hold(session, campaign_id)
    stored = stored_days(session, campaign_id)
    if stored is None:
        stored = CampaignCalendar(campaign_id=campaign_id, version=0)
        session.add(stored)
    if change(stored, asdict(days), based_on, person_id):
        session.flush()
        audit.record(session, "calendar_saved", campaign_id)
    return stored


def _written(stored: CampaignCalendar) -> WrittenDays:
    return WrittenDays(**{name: getattr(stored, name) for name in WrittenDays.__slots__})


def _period(first: date | None, last: date | None) -> Period | None:
    """Of one day where only one is known, in order where they were written the wrong way round."""
    known = [day for day in (first, last) if day is not None]
    return (min(known), max(known)) if known else None

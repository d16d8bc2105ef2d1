"""What is wrong with the days of a campaign: in the wrong order, or in different seasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns.calendar.dates import CampaignDates, Period
from campaigns.indicator_plan.planned import Planned

SAME_SEASON_DAYS = 61  # apart in the year: about two months
YEAR_DAYS = 365

WRONG_WAY = {
    "before": _l("The questions before the activity end on a day before they begin. Correct one of the two days."),
    "after": _l("The questions after the activity end on a day before they begin. Correct one of the two days."),
}
ENDS_FIRST = _l(
    "The activity ends before it starts. Correct its first day here, or its last day in the evaluation plan."
)
BEFORE_LATE = _l(
    "The questions before the activity go on after it has started. Whoever is asked then may have changed already."
)
AFTER_EARLY = _l(
    "The questions after the activity begin before it has ended. Whoever is asked then has seen only part of it."
)
WAVES_CROSS = _l("The questions after the activity begin before the questions before it have ended.")
AFTER_LATE = _l("The questions after the activity go on into the follow-up, so the two cannot be told apart.")
SEASONS_UNKNOWN = _l(
    "The plan has an indicator that changes with the seasons. Write the days of the questions before and after, so "
    "that the seasons can be compared."
)


def warnings_of(dates: CampaignDates, rows: Sequence[Planned]) -> list[str]:
    """Sentences; nothing is blocked by them."""
    return [str(sentence) for sentence in (*_out_of_order(dates), *_late_targets(dates, rows), *_seasons(dates, rows))]


def days_apart_in_year(one: date, other: date) -> int:
    """How far two days lie apart in the round of the year, whatever their years: 182 at most."""
    apart = abs(_place_in_year(one) - _place_in_year(other))
    return min(apart, YEAR_DAYS - apart)


def same_season(day: date, period: Period) -> Period | None:
    """The first stretch of days of the period that lies in the season of ``day``; None when there is none."""
    days = (period[0] + timedelta(days=count) for count in range((period[1] - period[0]).days + 1))
    first = last = None
    for one in days:
        if days_apart_in_year(one, day) <= SAME_SEASON_DAYS:
            first, last = first or one, one
        elif first:
            break
    return (first, last) if first and last else None


def middle(period: Period) -> date:
    return period[0] + (period[1] - period[0]) / 2


def _out_of_order(dates: CampaignDates) -> Iterator[str]:
    written = dates.written
    if _later(written.before_first, written.before_last):
        yield WRONG_WAY["before"]
    if _later(written.after_first, written.after_last):
        yield WRONG_WAY["after"]
    if _later(dates.starts_on, dates.ends_on):
        yield ENDS_FIRST
    before_ends = dates.before[1] if dates.before else None
    after_begins, after_ends = dates.after or (None, None)
    if before_ends and dates.starts_on and before_ends > dates.starts_on:
        yield BEFORE_LATE
    if _later(dates.ends_on, after_begins):
        yield AFTER_EARLY
    if _later(before_ends, after_begins):
        yield WAVES_CROSS
    if after_ends and dates.followup and after_ends >= dates.followup[0]:
        yield AFTER_LATE


def _late_targets(dates: CampaignDates, rows: Sequence[Planned]) -> Iterator[str]:
    for row in rows:
        if _later(dates.starts_on, row.due):
            yield _("The target of “%(indicator)s” is due before the activity starts.", indicator=row.title)


def _seasons(dates: CampaignDates, rows: Sequence[Planned]) -> Iterator[str]:
    seasonal = [row for row in rows if row.seasonal]
    if seasonal and not (dates.before and dates.after):
        yield SEASONS_UNKNOWN
    for row in seasonal:
        if dates.before and dates.after:
            yield from _between_waves(row.title, middle(dates.before), middle(dates.after))
        if dates.before and dates.followup:
            yield from _followup(row.title, middle(dates.before), dates.followup)


def _between_waves(title: str, before: date, after: date) -> Iterator[str]:
    if days_apart_in_year(before, after) > SAME_SEASON_DAYS:
        yield _(
            "“%(indicator)s” changes with the seasons, and the questions before (about %(before)s) and after (about "
            "%(after)s) fall into different ones. Compare the same months of different years.",
            indicator=title,
            before=format_date(before, "long"),
            after=format_date(after, "long"),
        )


def _followup(title: str, before: date, window: Period) -> Iterator[str]:
    fitting = same_season(before, window)
    if fitting is None:
        yield _(
            "“%(indicator)s” changes with the seasons, and no day of the follow-up lies in the season of the questions "
            "before. Measure it once more in the same months of another year.",
            indicator=title,
        )
    elif fitting != window:
        yield _(
            "“%(indicator)s” changes with the seasons: for it, hold the follow-up from %(first)s to %(last)s, in the "
            "season of the questions before.",
            indicator=title,
            first=format_date(fitting[0], "long"),
            last=format_date(fitting[1], "long"),
        )


def _later(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one > other


def _place_in_year(day: date) -> int:
    """From 1 to 365; 29 February counts as the 28th."""
    return date(2001, day.month, 28 if (day.month, day.day) == (2, 29) else day.day).timetuple().tm_yday

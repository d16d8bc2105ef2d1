"""The events as bars along a line of time, in hundredths of its length; in right-to-left languages it runs left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from campaigns.calendar.events import Event
from core.languages import current_language, direction

MOST_TICKS = 3  # their labels fit beside each other on a phone
NARROWEST = 1.2  # a single day should still be seen
STEPS = (1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 60, 120)  # months


@dataclass(frozen=True, slots=True)
class Bar:
    event: Event
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: float | None


def timeline(events: Sequence[Event], today: date) -> Timeline | None:
    """None where there is nothing to draw."""
    if not events:
        return None
    first = min(event.first for event in events).replace(day=1)
    last = max(event.last for event in events)
    length = max((last - first).days + 1, 28)
    leftwards = direction(current_language()) == "rtl"

    def place(day: date, width: float = 0.0) -> float:
        x = min((day - first).days / length * 100, 100 - width)
        return round(100 - width - x if leftwards else x, 2)

    bars = []
    for event in events:
        width = round(max(((event.last - event.first).days + 1) / length * 100, NARROWEST), 2)
        bars.append(Bar(event, place(event.first, width), width))
    ticks = tuple(Tick(_month(day), place(day)) for day in _tick_days(first, last))
    return Timeline(tuple(bars), ticks, place(today) if first <= today <= last else None)


def _tick_days(first: date, last: date) -> list[date]:
    """First days of months, a few and evenly spaced, none at the very edge where its label would be cut."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in STEPS if months // step <= MOST_TICKS), max(months // MOST_TICKS, 1))
    found = []
    for ahead in range(step, months + 1, step):
        years, month = divmod(first.month - 1 + ahead, 12)
        found.append(date(first.year + years, month + 1, 1))
    return [day for day in found if (day - first).days < 0.92 * ((last - first).days + 1)]


def _month(day: date) -> str:
    return str(format_skeleton("yMMM", day, locale=current_language()))

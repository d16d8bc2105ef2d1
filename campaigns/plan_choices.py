"""What a designer chooses in the plan, its defaults, and what is lacking before it can be frozen."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.lacks import Lack

WAVES = ("before", "after")
FOLLOWUP = "followup"
FOLLOWUP_MONTHS = (6, 12)  # after the end of the activity
MOST_PRIMARY = 3
SMALLEST_CHANGE = 10  # points
LARGEST_MARGIN = 10  # points
FAMILIES = ("holm", "bh", "none")
DONT_KNOW = ("not_endorsing", "exclude")
CONFIDENCES = (90, 95, 99)  # per cent
SUPPRESS_BELOW = 5  # people

NO_INDICATOR = _l("Choose at least one indicator.")
NO_PRIMARY = _l("Mark at least one indicator as primary: the headline of the report rests on it.")
MANY_PRIMARY = _l("At most three indicators can be primary. Take the mark off some of them.")
NO_GAIN = _l("Write the planned gain of this indicator in percentage points.")
SMALL_GAIN = _l("This planned gain is below the smallest change that matters. Raise the one or lower the other.")
NO_INSTRUMENT = _l("Choose at least one way of asking people.")
NO_END = _l("Write the day on which the activity ends: the follow-up is counted from it.")


@dataclass(frozen=True, slots=True)
class ChosenIndicator:
    id: str
    primary: bool = False
    points: int | None = None  # planned gain, percentage points

    @property
    def default_margin(self) -> float | None:
        """How many points may be lost again until the follow-up, unless the plan says otherwise."""
        return None if self.points is None else min(LARGEST_MARGIN, self.points / 2)


@dataclass(frozen=True, slots=True)
class PlanChoices:
    indicators: tuple[ChosenIndicator, ...] = ()
    instruments: tuple[str, ...] = ()
    followup: bool = True
    smallest_change: int = SMALLEST_CHANGE
    retention_margin: int | None = None  # points; None: by the default rule
    keep_share: int | None = None  # per cent of the gain; None: not judged
    targets_later: bool = False  # the second lock is set after the first
    family: str = "holm"
    dont_know: str = "not_endorsing"
    confidence: int = 95  # per cent
    suppress_below: int = SUPPRESS_BELOW
    comparison: bool = False  # people without the activity are asked too
    activity_ends_on: date | None = None

    @classmethod
    def stored(cls, choices: dict[str, Any], activity_ends_on: date | None) -> PlanChoices:
        """From the columns of a draft; what an older one does not hold has its default."""
        known = {field.name for field in fields(cls)}
        given = {key: value for key, value in choices.items() if key in known}
        given["indicators"] = tuple(ChosenIndicator(**entry) for entry in choices["indicators"])
        given["instruments"] = tuple(choices["instruments"])
        return cls(**given, activity_ends_on=activity_ends_on)

    def to_store(self) -> dict[str, Any]:
        """All but the date, which has a column of its own."""
        return {key: value for key, value in asdict(self).items() if key != "activity_ends_on"}

    def with_indicator(self, chosen: ChosenIndicator) -> PlanChoices:
        """With one more indicator, the last of the list."""
        return replace(self, indicators=(*self.indicators, chosen))

    @property
    def waves(self) -> tuple[str, ...]:
        return (*WAVES, FOLLOWUP) if self.followup else WAVES

    @property
    def followup_window(self) -> tuple[date, date] | None:
        """First and last day of the follow-up, where the plan has one and the end of the activity is known."""
        if not self.followup or self.activity_ends_on is None:
            return None
        first, last = (add_months(self.activity_ends_on, months) for months in FOLLOWUP_MONTHS)
        return first, last

    def lacks(self) -> list[Lack]:
        """What must be mended before this can be frozen; fields are those of ``PlanForm``."""
        targets = [] if self.targets_later else self.lacking_targets()
        return [*self._lacking_indicators(), *targets, *self._lacking_fieldwork()]

    def lacking_targets(self) -> list[Lack]:
        """What must be mended before the second lock can be set; fields as in ``PlanForm``."""
        found = []
        for indicator in self.indicators:
            if indicator.points is None:
                found.append(Lack(f"{indicator.id}-points", NO_GAIN))
            elif indicator.points < self.smallest_change:
                found.append(Lack(f"{indicator.id}-points", SMALL_GAIN))
        return found

    def _lacking_indicators(self) -> Iterator[Lack]:
        primary = sum(indicator.primary for indicator in self.indicators)
        if not self.indicators:
            yield Lack("indicators", NO_INDICATOR)
        elif primary == 0:
            yield Lack("indicators", NO_PRIMARY)
        elif primary > MOST_PRIMARY:
            yield Lack("indicators", MANY_PRIMARY)

    def _lacking_fieldwork(self) -> Iterator[Lack]:
        if not self.instruments:
            yield Lack("instruments", NO_INSTRUMENT)
        if self.followup and self.activity_ends_on is None:
            yield Lack("activity_ends_on", NO_END)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

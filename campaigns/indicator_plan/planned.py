"""The indicator plan of a campaign: what the plan of the evaluation measures, and whatever else was taken on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_date, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.calendar.dates import CampaignDates, dates_of
from campaigns.content import say
from campaigns.history.versioned import Clash, change
from campaigns.holding import hold
from campaigns.indicator_plan.models import PlannedIndicator
from campaigns.indicator_plan.sentences import amount, target_sentence
from campaigns.indicator_plan.targets import IN_WORDS, Target, problem
from campaigns.indicators import RUNGS, Indicator, limit_of, load_indicators
from campaigns.plan_choices import ChosenIndicator
from campaigns.planning import draft_of
from core.errors import Sentence

ALWAYS_BY = ("sex", "age")


@dataclass(frozen=True, slots=True)
class IndicatorDetails:
    """What the form of a planned indicator holds; the first nine only for one of their own."""

    title: str = ""
    rung: str = ""
    dimension: str = ""
    definition: str = ""
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    cannot_show: str = ""
    seasonal: bool = False
    methods: tuple[str, ...] = ()
    collected_from: str = ""
    frequency: str = ""
    owner: str = ""
    baseline: float | None = None
    baseline_words: str = ""
    baseline_from: str = ""
    target_kind: str = ""
    target_value: float | None = None
    target_words: str = ""
    by_kind: str = ""
    by_months: int | None = None
    by_on: date | None = None
    disaggregation: tuple[str, ...] = ()
    segments: str = ""
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of the indicator plan, its texts in the language of the reader.

    ``indicator`` is None for one of their own, ``stored`` while nobody has added anything to one that the plan of the
    evaluation measures, ``chosen`` for one that it does not measure.
    """

    indicator: Indicator | None
    stored: PlannedIndicator | None
    chosen: ChosenIndicator | None
    dates: CampaignDates

    @property
    def key(self) -> str:
        """Stable within the campaign, for whatever names the row."""
        return self.indicator.id if self.indicator else f"own-{self._own.id}"

    @property
    def own(self) -> bool:
        return self.indicator is None

    @property
    def primary(self) -> bool:
        return self.chosen is not None and self.chosen.primary

    @property
    def title(self) -> str:
        return self._text("title")

    @property
    def definition(self) -> str:
        return self._text("definition")

    @property
    def numerator(self) -> str:
        return self._text("numerator")

    @property
    def denominator(self) -> str:
        return self._text("denominator")

    @property
    def cannot_show(self) -> str:
        return say(limit_of(self.indicator), "cannot_show") if self.indicator else self._own.cannot_show

    @property
    def rung(self) -> str:
        return self.indicator.rung if self.indicator else self._own.rung

    @property
    def dimension(self) -> str:
        return self.indicator.dimension if self.indicator else self._own.dimension

    @property
    def unit(self) -> str:
        return self.indicator.unit if self.indicator else self._own.unit

    @property
    def seasonal(self) -> bool:
        return self.indicator.seasonal if self.indicator else self._own.seasonal

    @property
    def methods(self) -> tuple[str, ...]:
        written = tuple(self.stored.methods) if self.stored else ()
        return written or (self.indicator.methods if self.indicator else ())

    @property
    def frequency(self) -> str:
        return (self.stored.frequency if self.stored else "") or (self.indicator.frequency if self.indicator else "")

    @property
    def baseline(self) -> Decimal | None:
        return exact(self.stored.baseline) if self.stored else None

    @property
    def target(self) -> Target | None:
        """That of the evaluation plan where it measures the indicator, else what was written here."""
        if self.chosen:
            return Target("points", Decimal(self.chosen.points)) if self.chosen.points is not None else None
        value = exact(self.stored.target_value) if self.stored else None
        return Target(self.stored.target_kind, value) if self.stored and value is not None else None

    @property
    def trouble(self) -> Sentence | None:
        """What is impossible about baseline and target, as when the evaluation plan raises a target."""
        lack = problem(self.unit, self.baseline, self.target)
        return lack.sentence if lack else None

    @property
    def target_sentence(self) -> str:
        """What the target comes to, or nothing where there is none, or an impossible one."""
        if self.unit in IN_WORDS:
            return self.stored.target_words if self.stored else ""
        if self.target is None or self.trouble:
            return ""
        return target_sentence(self.unit, self.baseline, self.target)

    @property
    def baseline_text(self) -> str:
        """The baseline as the reader writes it; nothing while it is still to be measured."""
        if self.unit in IN_WORDS:
            return self.stored.baseline_words if self.stored else ""
        return "" if self.baseline is None else amount(self.baseline, self.unit)

    @property
    def due(self) -> date | None:
        """The day by which the target should be reached, once it can be told."""
        if self.stored is None:
            return None
        if self.stored.by_kind == "date":
            return self.stored.by_on
        months = self.stored.by_months
        return None if months is None else self.dates.months_after(self.stored.by_kind, months)

    @property
    def due_text(self) -> str:
        """By when, as far as it can be told; nothing where it is not settled."""
        if self.due:
            return str(format_date(self.due, "long"))
        months = self.stored.by_months if self.stored else None
        if self.stored is None or months is None:
            return ""
        if self.stored.by_kind == "start":
            return str(ngettext("%(num)s month after the start", "%(num)s months after the start", months))
        return str(ngettext("%(num)s month after the end", "%(num)s months after the end", months))

    @property
    def segments(self) -> tuple[str, ...]:
        lines = self.stored.segments.splitlines() if self.stored else ()
        return tuple(line.strip() for line in lines if line.strip())

    @property
    def _own(self) -> PlannedIndicator:
        assert self.stored is not None  # noqa: S101 - an indicator of their own is always stored
        return self.stored

    def _text(self, key: str) -> str:
        if self.indicator is None:
            return str(getattr(self._own, key))
        return say(self.indicator, key) if getattr(self.indicator, key) else ""


def planned_indicators(session: Session, campaign_id: int) -> list[Planned]:
    """Every row, up the claim ladder; on a rung in the order of the catalogue, their own last."""
    stored = _stored(session, campaign_id)
    chosen = {one.id: one for one in draft_of(session, campaign_id).choices.indicators}
    catalogue, dates = load_indicators(), dates_of(session, campaign_id)
    of_catalogue = {one.indicator_id: one for one in stored if one.indicator_id}
    rows = [
        Planned(indicator, of_catalogue.get(id), chosen.get(id), dates)
        for id, indicator in catalogue.items()
        if id in chosen or id in of_catalogue
    ]
    rows += [Planned(None, one, None, dates) for one in stored if one.indicator_id is None]
    return sorted(rows, key=lambda row: RUNGS.index(row.rung))


def find(session: Session, campaign_id: int, indicator_id: str) -> PlannedIndicator | None:
    return session.scalar(select(PlannedIndicator).filter_by(campaign_id=campaign_id, indicator_id=indicator_id))


def own_indicator(session: Session, campaign_id: int, planned_id: int) -> PlannedIndicator | None:
    return session.scalar(select(PlannedIndicator).filter_by(campaign_id=campaign_id, id=planned_id, indicator_id=None))


def save_planned(
    session: Session,
    campaign_id: int,
    details: IndicatorDetails,
    based_on: int,
    person_id: int,
    *,
    indicator_id: str | None = None,
    planned_id: int | None = None,
) -> PlannedIndicator:
    """Store the details over version ``based_on`` (0: a new row); raises Clash for a newer one.

    The row is that of ``indicator_id`` in the catalogue, else their own ``planned_id``, else a new one. A row that
    somebody left out in the meantime is there again.
    """
    hold(session, campaign_id)
    stored = None
    if indicator_id is not None:
        stored = find(session, campaign_id, indicator_id)
    elif planned_id is not None:
        stored = own_indicator(session, campaign_id, planned_id)
    if stored is None:
        stored = PlannedIndicator(campaign_id=campaign_id, indicator_id=indicator_id, version=0)
        session.add(stored)
    if change(stored, _columns(details), based_on, person_id):
        session.flush()
        audit.record(session, "indicator_planned", campaign_id, indicator_id or stored.thing)
    return stored


def leave_out(session: Session, campaign_id: int, planned_id: int, based_on: int) -> bool:
    """Take a row out of the plan; False when there is none. Raises Clash when it was changed meanwhile."""
    hold(session, campaign_id)
    stored = session.scalar(select(PlannedIndicator).filter_by(campaign_id=campaign_id, id=planned_id))
    if stored is None:
        return False
    if stored.version != based_on:
        raise Clash(stored)
    audit.record(session, "indicator_left_out", campaign_id, stored.indicator_id or stored.thing)
    session.delete(stored)
    return True


def exact(value: float | None) -> Decimal | None:
    """A stored number as it was typed: 0.1 and not what a float makes of it."""
    return None if value is None else Decimal(repr(value))


def _stored(session: Session, campaign_id: int) -> list[PlannedIndicator]:
    query = select(PlannedIndicator).filter_by(campaign_id=campaign_id).order_by(PlannedIndicator.id)
    return list(session.scalars(query))


def _columns(details: IndicatorDetails) -> dict[str, Any]:
    found = {name: getattr(details, name) for name in IndicatorDetails.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}

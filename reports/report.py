"""The report of a campaign before any words: each frozen plan with its answers, results, and who answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
import yaml
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analysis import run
from analysis.amending import amended_plan, demoted
from analysis.errors import AnalysisError
from analysis.plan import Plan
from campaigns.locking.changes import as_told, changes_of
from campaigns.models import FrozenPlan
from campaigns.plan_choices import add_months
from campaigns.planning import draft_of, frozen_plans
from reports.recent import Recent
from surveys.frames import frame as answers_of
from surveys.models import Submission

MOST_KEPT = 32

Changes = Sequence[dict[str, Any]]  # of the plan, as they are told


@dataclass(frozen=True)
class WaveFlow:
    """Who was met at one wave, from the first word to the analysis; no counts where the results hide theirs."""

    wave: str
    approached: int | None
    excluded: tuple[tuple[str, int | None], ...]  # reason of the plan -> people, in the order of the plan
    answered: int | None
    linked: int | None  # of those who answered: also found at the first wave
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class Window:
    """When a wave should have taken place by the plan, and how many of its interviews lie elsewhere."""

    wave: str
    activity_ended: date
    first_day: date
    last_day: date
    outside: int


@dataclass(frozen=True)
class InstrumentReport:
    """One frozen plan and what came of it; without answers, or when they cannot be read, ``results`` is None.

    ``plan`` is the one after its changes; its hash is that of the frozen file.
    """

    instrument: str
    plan: Plan
    frozen_at: datetime
    waves: tuple[WaveFlow, ...]
    windows: tuple[Window, ...]
    results: dict[str, Any] | None
    problem: AnalysisError | None
    unreadable: int  # interviews with an answer that could not be read

    @property
    def plan_came_first(self) -> bool:
        """Whether every interview carries a day on or after the one on which the plan was frozen."""
        days = [wave.first_day for wave in self.waves if wave.first_day is not None]
        return bool(days) and min(days) >= self.frozen_at.date()


@dataclass(frozen=True)
class CampaignReport:
    instruments: tuple[InstrumentReport, ...]


_kept: WeakKeyDictionary[Engine, Recent[InstrumentReport]] = WeakKeyDictionary()


def campaign_report(session: Session, campaign_id: int, suppress_below: int = 0) -> CampaignReport:
    """Every frozen plan with its results; parts of fewer than ``suppress_below`` people are hidden.

    0 hides nothing, inside the team; else a plan that hides larger parts is followed.
    """
    engine = session.get_bind()
    assert isinstance(engine, Engine)  # noqa: S101 - sessions are bound to the engine
    kept = _kept.setdefault(engine, Recent(MOST_KEPT))
    received = _received(session, campaign_id)
    ended = draft_of(session, campaign_id).choices.activity_ends_on
    changes = as_told(changes_of(session, campaign_id))
    reports = []
    for plan in frozen_plans(session, campaign_id):
        fixed = (plan.sha256, len(changes))  # changes are added and never taken back
        key = (campaign_id, plan.instrument, *fixed, suppress_below, ended, received.get(plan.instrument))
        reports.append(kept.get(key, partial(_analysed, session, plan, changes, suppress_below, ended)))
    return CampaignReport(tuple(reports))


def _received(session: Session, campaign_id: int) -> dict[str, tuple[int, int]]:
    """How many answers there are of each instrument, and the newest: submissions are added and never changed."""
    counted = (
        select(Submission.instrument, func.count(), func.max(Submission.id))
        .where(Submission.campaign_id == campaign_id)
        .group_by(Submission.instrument)
    )
    return {instrument: (count, newest) for instrument, count, newest in session.execute(counted)}


def _analysed(
    session: Session, stored: FrozenPlan, changes: Changes, suppress_below: int, ended: date | None
) -> InstrumentReport:
    answers = answers_of(session, stored.campaign_id, stored.instrument)
    return analysed(stored, answers, changes, suppress_below, ended)


def plan_of(stored: FrozenPlan, changes: Changes = (), suppress_below: int = 0) -> Plan:
    """The frozen plan with what was changed since; never less hidden than the plan says, except for the team (0)."""
    plan = amended_plan(yaml.safe_load(stored.body), list(changes))
    return replace(plan, suppress_below=suppress_below and max(suppress_below, plan.suppress_below))


def analysed(
    stored: FrozenPlan, answers: pd.DataFrame, changes: Changes, suppress_below: int, ended: date | None
) -> InstrumentReport:
    """What a frozen plan says about answers in its long layout, wherever they come from."""
    plan = plan_of(stored, changes, suppress_below)
    results, problem = None, None
    if len(answers):
        try:
            results = run(plan, answers, changes_to_plan=list(changes)).to_dict()
        except AnalysisError as error:
            problem = error
    flow = results["flow"] if results else None
    return InstrumentReport(
        instrument=stored.instrument,
        plan=_without_demoted(plan, demoted(changes)),
        frozen_at=stored.frozen_at,
        waves=tuple(_wave_flow(plan, answers, wave, flow) for wave in plan.design.waves),
        windows=tuple(_windows(plan, answers, ended)),
        results=results,
        problem=problem,
        unreadable=_unreadable(answers),
    )


def _without_demoted(plan: Plan, names: frozenset[str]) -> Plan:
    """The plan as it is told: what was demoted is exploratory, though it stays in the family that was fixed."""
    told = (replace(one, primary=one.primary and one.id not in names) for one in plan.indicators)
    return replace(plan, indicators=tuple(told)) if names else plan


def _unreadable(answers: pd.DataFrame) -> int:
    return int(answers["unreadable"].notna().sum()) if "unreadable" in answers else 0


def _wave_flow(plan: Plan, answers: pd.DataFrame, wave: str, flow: dict[str, Any] | None) -> WaveFlow:
    there = answers[answers[plan.design.wave] == wave]
    excluded, left = [], there
    for rule in plan.exclude:
        out = left[rule.column].isin(rule.equals)
        excluded.append((rule.reason, int(out.sum())))
        left = left[~out]
    days = _days(plan, left)
    first, last = (days.min(), days.max()) if len(days) else (None, None)
    if flow is not None and flow.get("hidden"):
        return WaveFlow(wave, None, tuple((reason, None) for reason, _n in excluded), None, None, first, last)
    return WaveFlow(wave, len(there), tuple(excluded), len(left), _linked(plan, wave, flow), first, last)


def _days(plan: Plan, answers: pd.DataFrame) -> pd.Series:
    """The days of the interviews, as far as they are known."""
    if plan.design.date is None or plan.design.date not in answers:
        return pd.Series(dtype="object")
    return pd.to_datetime(answers[plan.design.date], errors="coerce").dropna().dt.date


def _windows(plan: Plan, answers: pd.DataFrame, ended: date | None) -> Iterator[Window]:
    """The waves that the plan expects some months after the end of the activity, where that day is known."""
    for wave, window in plan.design.windows.items():
        if ended is None or window.get("anchor") != "end":
            continue
        first, last = (add_months(ended, int(months)) for months in window["months"])
        days = _days(plan, answers[answers[plan.design.wave] == wave])
        if len(days):
            yield Window(wave, ended, first, last, int(((days < first) | (days > last)).sum()))


def _linked(plan: Plan, wave: str, flow: dict[str, Any] | None) -> int | None:
    if flow is None or not plan.design.paired:
        return None
    links: Sequence[dict[str, Any]] = flow["linked"]
    return next((link["n"] for link in links if link["to"] == wave and link["from"] == plan.design.waves[0]), None)

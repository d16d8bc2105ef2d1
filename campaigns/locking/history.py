"""What was fixed when, and what was changed afterwards, for the pages of the plan and for the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from analysis.amending import eases, indicator_and_rest
from analysis.two_locks import TARGETS, WORDING, targets_open
from campaigns.indicators import Indicator, load_indicators
from campaigns.locking.changes import OF_THE_PLAN, changes_of
from campaigns.locking.locks import SET_AFTER_ANSWERS, locks_of, mark_now
from campaigns.locking.models import PlanChange
from campaigns.planning import frozen_plans

KINDS_OF_LOCKS = {WORDING: "wording", TARGETS: "targets"}
KINDS_OF_CHANGES = {key: kind for kind, key in OF_THE_PLAN.items()} | {
    "target.points": "target",
    "primary": "demote",
    "": "add",
}


@dataclass(frozen=True, slots=True)
class ToldLock:
    kind: str  # wording, targets, or plan: the one lock of earlier plans, which covers all
    sha256: str
    at: datetime
    mark: str


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change as people read it: values in points, per cent, or the name of a family correction."""

    kind: str
    indicator: Indicator | None
    old: Any
    new: Any
    eased: bool  # a weaker family correction: headlines keep the one that was fixed
    reason: str
    mark: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class History:
    """``state`` is that of the targets: fixed, open, or never_fixed once people answered after the activity."""

    locks: tuple[ToldLock, ...]
    state: str
    changes: tuple[ToldChange, ...]


def history_of(session: Session, campaign_id: int) -> History | None:
    """None while nothing is frozen. The hashes of the locks are those of the first plan."""
    plans = frozen_plans(session, campaign_id)
    if not plans:
        return None
    family = yaml.safe_load(plans[0].body)["family"]
    locks = locks_of(plans[0].body)
    state = "fixed"
    if targets_open(locks):
        state = "never_fixed" if mark_now(session, campaign_id) == SET_AFTER_ANSWERS else "open"
    names = _names(session)
    return History(
        tuple(
            ToldLock(KINDS_OF_LOCKS.get(lock.name, "plan"), lock.sha256, datetime.fromisoformat(lock.at), lock.mark)
            for lock in locks
        ),
        state,
        tuple(_told(change, names, family) for change in changes_of(session, campaign_id)),
    )


def _told(change: PlanChange, names: dict[int, str], family: str) -> ToldChange:
    name, rest = indicator_and_rest(change.key) or ("", change.key)
    kind = KINDS_OF_CHANGES[rest]
    old, new = change.old, change.new
    if kind == "keep_share":
        old, new = (None if value is None else round(100 * value) for value in (old, new))
    return ToldChange(
        kind=kind,
        indicator=load_indicators()[name] if name else None,
        old=old,
        new=new,
        eased=kind == "family" and eases(family, new),
        reason=change.reason,
        mark=change.mark,
        at=change.made_at,
        by=names.get(change.made_by_id or 0, ""),
    )


def _names(session: Session) -> dict[int, str]:
    made = select(PlanChange.made_by_id)
    return {person.id: person.display_name for person in session.scalars(select(Person).where(Person.id.in_(made)))}

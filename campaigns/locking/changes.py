"""Changes to the plan after it was locked: which there may be, making one, and the file that stands beside the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from analysis.amending import amended, amended_plan, value_of
from campaigns.holding import hold
from campaigns.indicators import asked_indicators
from campaigns.locking.locks import mark_now
from campaigns.locking.models import PlanChange
from campaigns.locking.targets import NOT_FROZEN, targets_open
from campaigns.plan_choices import ChosenIndicator
from campaigns.planning import frozen_plans, written_indicator
from core.errors import EveilError, NotFound
from surveys.bank import load_bank

OF_THE_PLAN = {
    "smallest_change": "smallest_change.points",
    "margin": "retention.margin_points",
    "keep_share": "retention.keep_share",
    "family": "family",
}
OF_AN_INDICATOR = {
    "target": "indicators[%s].target.points",
    "demote": "indicators[%s].primary",
    "add": "indicators[%s]",
}
NOT_POSSIBLE = _l(
    "There is no such change to this plan: wording that was asked stays as it was, and no indicator can become primary "
    "now. Choose a change from the list."
)
NOTHING_NEW = _l("This is what the plan says already. Write the new value, or leave the plan as it is.")


@dataclass(frozen=True, slots=True)
class Possible:
    """Something that may be changed. ``name`` stands in addresses; ``old`` is the value now, as the plan writes it."""

    kind: str
    indicator_id: str
    key: str
    old: Any

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.indicator_id}" if self.indicator_id else self.kind


class ChangeClash(Exception):
    """Somebody else changed the plan after this page was made."""


def changes_of(session: Session, campaign_id: int) -> list[PlanChange]:
    return list(session.scalars(select(PlanChange).filter_by(campaign_id=campaign_id).order_by(PlanChange.id)))


def newest_change(session: Session, campaign_id: int) -> int:
    """What a page of a change is based on; 0 while there was none."""
    return max((change.id for change in changes_of(session, campaign_id)), default=0)


def as_told(changes: Sequence[PlanChange]) -> list[dict[str, Any]]:
    """As ``PLAN.changes.yaml`` and ``results.json`` hold them."""
    return [
        {
            "key": change.key,
            "old": change.old,
            "new": change.new,
            "reason": change.reason,
            "date": change.made_at.date().isoformat(),
        }
        for change in changes
    ]


def changes_file(changes: Sequence[PlanChange]) -> str:
    """The text of ``PLAN.changes.yaml``."""
    text: str = yaml.safe_dump(as_told(changes), sort_keys=False, allow_unicode=True, width=100)
    return text


def possible_changes(session: Session, campaign_id: int) -> list[Possible]:
    """What may be changed now. Before the second lock is set, targets are no change; wording never may be one."""
    plans = frozen_plans(session, campaign_id)
    if not plans:
        return []
    plan = yaml.safe_load(plans[0].body)
    told = as_told(changes_of(session, campaign_id))
    return list(_possible(plan, told, targets=not targets_open(session, campaign_id)))


def make_change(
    session: Session, campaign_id: int, name: str, new: Any, reason: str, based_on: int, person_id: int
) -> PlanChange:
    """Write down a change, over the newest that the person has read; ``new`` is as the plan writes it.

    Errors: EveilError where nothing is locked or the change is none; NotFound where it is not possible;
    ChangeClash where somebody else changed the plan since.
    """
    hold(session, campaign_id)
    if not frozen_plans(session, campaign_id):
        raise EveilError(NOT_FROZEN, status=409)
    if newest_change(session, campaign_id) != based_on:
        raise ChangeClash
    found = possible_change(session, campaign_id, name)
    new = _fixed_new(found, new)
    if new == found.old:
        raise EveilError(NOTHING_NEW, status=422, field="new")
    change = PlanChange(
        campaign_id=campaign_id,
        key=found.key,
        old=found.old,
        new=new,
        reason=reason,
        mark=mark_now(session, campaign_id),
        made_by_id=person_id,
    )
    session.add(change)
    session.flush()
    told = as_told(changes_of(session, campaign_id))
    for plan in frozen_plans(session, campaign_id):
        amended_plan(yaml.safe_load(plan.body), told)  # the analysis must be able to read what comes of it
    audit.record(session, "plan_changed", campaign_id, found.key)
    return change


def possible_change(session: Session, campaign_id: int, name: str) -> Possible:
    for possible in possible_changes(session, campaign_id):
        if possible.name == name:
            return possible
    raise NotFound(NOT_POSSIBLE)


def _possible(plan: dict[str, Any], told: list[dict[str, Any]], *, targets: bool) -> Iterator[Possible]:
    now_written = amended(plan, told)
    latest = {change["key"]: change["new"] for change in told}

    def one(kind: str, indicator_id: str = "") -> Possible:
        key = OF_AN_INDICATOR[kind] % indicator_id if indicator_id else OF_THE_PLAN[kind]
        return Possible(kind, indicator_id, key, latest.get(key, value_of(now_written, key)))

    ids = [indicator["id"] for indicator in now_written["indicators"]]
    if targets:
        yield from (one("target", id) for id in ids)
        yield one("smallest_change")
        if "retention" in plan:
            yield one("margin")
            yield one("keep_share")
    yield one("family")
    yield from (found for found in (one("demote", id) for id in ids) if found.old)
    yield from (one("add", id) for id in _addable(plan, ids))


def _addable(plan: dict[str, Any], there: list[str]) -> Iterator[str]:
    """Indicators beside the plan whose questions are asked all the same: nothing may join the questionnaires now."""
    asked = {indicator["item"] for indicator in plan["indicators"]}
    for id in asked_indicators():
        if id not in there and {item.id for item in load_bank().items_for(id)} <= asked:
            yield id


def _fixed_new(possible: Possible, new: Any) -> Any:
    if possible.kind == "demote":
        return False
    return written_indicator(ChosenIndicator(possible.indicator_id)) if possible.kind == "add" else new

"""The second lock of a plan: targets, the smallest change that matters, and what may be lost again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import yaml
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts import audit
from analysis.two_locks import targets_open as second_open
from campaigns.holding import hold
from campaigns.lacks import Lack
from campaigns.locking.locks import lock_targets, locks_of, mark_now
from campaigns.models import FrozenPlan
from campaigns.plan_choices import PlanChoices
from campaigns.planning import Draft, draft_of, frozen_plans, store_choices, write_body
from core.database import now
from core.errors import EveilError

NOT_FROZEN = _l("The plan is not frozen yet, so nothing is locked. Open the plan and freeze it first.")
LOCKED = _l("The targets are locked already. What has to change now is written down as a change to the plan.")


@dataclass(frozen=True, slots=True)
class Targets:
    """What the form of the second lock holds; ``points`` by indicator."""

    points: Mapping[str, int | None]
    smallest_change: int
    retention_margin: int | None
    keep_share: int | None

    def put_into(self, choices: PlanChoices) -> PlanChoices:
        return replace(
            choices,
            indicators=tuple(replace(one, points=self.points.get(one.id)) for one in choices.indicators),
            smallest_change=self.smallest_change,
            retention_margin=self.retention_margin,
            keep_share=self.keep_share,
        )


def targets_open(session: Session, campaign_id: int) -> bool:
    """Whether the plan is frozen and its second lock still open."""
    plans = frozen_plans(session, campaign_id)
    return bool(plans) and _open(plans)


def save_targets(session: Session, campaign_id: int, targets: Targets, based_on: int) -> Draft:
    """Keep what was typed, without locking it; raises Clash where somebody else saved since ``based_on``."""
    _plans_to_lock(session, campaign_id)
    return store_choices(session, campaign_id, targets.put_into(draft_of(session, campaign_id).choices), based_on)


def set_second_lock(session: Session, campaign_id: int, targets: Targets, based_on: int) -> list[Lack]:
    """Lock the targets into the file of each plan, marked where answers had come; lock nothing where some are lacking.

    What was typed is stored either way. Errors as of ``save_targets``.
    """
    plans = _plans_to_lock(session, campaign_id)
    choices = save_targets(session, campaign_id, targets, based_on).choices
    if lacks := choices.lacking_targets():
        return lacks
    mark, moment = mark_now(session, campaign_id), now()
    for plan in plans:
        write_body(plan, lock_targets(yaml.safe_load(plan.body), choices, moment, mark))
    audit.record(session, "targets_locked", campaign_id, mark)
    session.flush()
    return []


def _plans_to_lock(session: Session, campaign_id: int) -> list[FrozenPlan]:
    hold(session, campaign_id)
    plans = frozen_plans(session, campaign_id)
    if not plans:
        raise EveilError(NOT_FROZEN, status=409)
    if not _open(plans):
        raise EveilError(LOCKED, status=409)
    return plans


def _open(plans: list[FrozenPlan]) -> bool:
    return second_open(locks_of(plans[0].body))

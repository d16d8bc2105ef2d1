"""The evaluation plan: its draft, the contract file it becomes, and the freezing that opens fieldwork."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.access import CampaignContext
from analysis.plan import parse_plan
from campaigns.answering import answers_of
from campaigns.audience.groupings import Groupings, groupings_of
from campaigns.guide import Gap
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.indicators import load_indicators
from campaigns.locking.locks import locked, with_targets
from campaigns.models import Campaign, FrozenPlan, PlanDraft
from campaigns.plan_choices import FOLLOWUP, FOLLOWUP_MONTHS, ChosenIndicator, PlanChoices
from campaigns.progress import open_gaps
from campaigns.registers.scheduled import scheduled_questions
from campaigns.safeguarding.opening import Unsafe, missing_safeguards
from campaigns.sections import guide_of
from core.database import now
from core.errors import EveilError
from surveys.authoring.publishing import InstrumentRequest, publish
from surveys.bank import load_bank

STUDY_GROUP = "study_group"  # the item that tells the comparison group from the others
SEED = 20_260_730  # any number that stays the same: it starts the random numbers of the analysis
MISSING = {"dont_know": ["dk"], "refused": ["ref"]}
EXCLUDED = (
    {"column": "consent", "equals": "no", "reason": "no consent"},
    {"column": "age_group", "equals": "under_18", "reason": "under 18"},
)
FROZEN = _l("This plan is frozen and cannot be changed: answers are collected under it. Start a new campaign instead.")
MOVED = _l("The plan was changed in the meantime. Read the plan as it is now, and freeze it then.")
INCOMPLETE = _l("The plan is not complete yet. Open it, choose “Save and review”, and mend what is marked.")
NO_REASON = _l("The design leaves something open. Write why you begin all the same, and freeze the plan then.")


class ReasonNeeded(EveilError):
    """The design leaves gaps open, and nobody said why the plan is frozen all the same."""

    def __init__(self) -> None:
        super().__init__(NO_REASON, status=422)


@dataclass(frozen=True, slots=True)
class Draft:
    choices: PlanChoices
    version: int


def draft_of(session: Session, campaign_id: int) -> Draft:
    """The draft of the plan; version 0 with the defaults when nobody has saved one."""
    stored = session.get(PlanDraft, campaign_id)
    if stored is None:
        return Draft(PlanChoices(), 0)
    return Draft(PlanChoices.stored(stored.choices, stored.activity_ends_on), stored.version)


def frozen_plans(session: Session, campaign_id: int) -> list[FrozenPlan]:
    return list(session.scalars(select(FrozenPlan).filter_by(campaign_id=campaign_id).order_by(FrozenPlan.id)))


def save_draft(
    session: Session, campaign_id: int, choices: PlanChoices, based_on: int, person_id: int | None = None
) -> Draft:
    """Store the choices over version ``based_on``; raises Clash for a newer one."""
    hold(session, campaign_id)
    _refuse_when_frozen(session, campaign_id)
    return store_choices(session, campaign_id, choices, based_on, person_id)


def store_choices(
    session: Session, campaign_id: int, choices: PlanChoices, based_on: int, person_id: int | None = None
) -> Draft:
    """As ``save_draft``, also where the plan is frozen: its second lock may still be open."""
    stored = session.get(PlanDraft, campaign_id)
    if stored is None:
        stored = PlanDraft(campaign_id=campaign_id, version=0)
        session.add(stored)
    written = {"choices": choices.to_store(), "activity_ends_on": choices.activity_ends_on}
    if change(stored, written, based_on, person_id):
        audit.record(session, "plan_saved", campaign_id)
    session.flush()
    return Draft(choices, stored.version)


def freeze(
    session: Session,
    campaign: CampaignContext,
    based_on: int,
    person_id: int,
    *,
    gap_reason: str = "",
    moment: datetime | None = None,
) -> list[FrozenPlan]:
    """Set the first lock on the draft that the person has read, a plan for each instrument, and open fieldwork.

    The second lock is set with it, unless the plan says that targets come later. ``moment`` is now, except where a
    simulated history is told.

    Open design gaps do not stop this, but they need a reason: both are written down with the plan, and the gaps in
    the audit trail. Errors: ReasonNeeded where there is none, Unsafe where the safeguarding plan is not complete.
    """
    hold(session, campaign.id)
    _refuse_when_frozen(session, campaign.id)
    draft = draft_of(session, campaign.id)
    if draft.version != based_on:
        raise EveilError(MOVED, status=409)
    if draft.choices.lacks():
        raise EveilError(INCOMPLETE, status=409)
    if unsafe(session, campaign.id, draft.choices):
        raise Unsafe
    gaps = [gap.id for gap in gaps_of(session, campaign.id)]
    if gaps and not gap_reason:
        raise ReasonNeeded
    audit.record(session, "plan_frozen", campaign.id, f"open gaps: {', '.join(gaps) or 'none'}")
    moment = moment or now()
    groups = groupings_of(session, campaign.id)
    plans = [_frozen(campaign, draft.choices, name, groups, moment) for name in draft.choices.instruments]
    for plan in plans:
        plan.frozen_by_id, plan.open_gaps, plan.gap_reason = person_id, gaps, gap_reason if gaps else ""
    session.add_all(plans)
    for name in draft.choices.instruments:
        _open_fieldwork(session, campaign, draft.choices, name)
    session.flush()
    return plans


def unsafe(session: Session, campaign_id: int, choices: PlanChoices) -> list[str]:
    """What has to be there before anybody is asked, a sentence each; one training has a safety check of its own."""
    if session.get_one(Campaign, campaign_id).lane == "training":
        return []
    return missing_safeguards(session, campaign_id, choices.instruments, now().date())


def contract_plan(
    campaign: CampaignContext | Campaign, choices: PlanChoices, instrument: str, groups: Groupings | None = None
) -> dict[str, Any]:
    """The plan of one instrument as ``eveil analyse`` reads it, without its locks."""
    groups = groups or Groupings()
    plan: dict[str, Any] = {
        "version": 1,
        "title": campaign.title,
        "design": _design(choices, instrument, groups),
        "indicators": [written_indicator(indicator) for indicator in choices.indicators],
        "by": groups.written(),
        "confidence": choices.confidence / 100,
        "family": choices.family,
        "missing": MISSING | {"dont_know_as": choices.dont_know},
        "exclude": [dict(rows) for rows in EXCLUDED],
        "suppress_below": choices.suppress_below,
        "seed": SEED,
    }
    if choices.followup:
        plan["retention"] = {"from": "after", "to": FOLLOWUP, "baseline": "before"}
    return with_targets(plan, choices)


def _design(choices: PlanChoices, instrument: str, groups: Groupings) -> dict[str, Any]:
    design: dict[str, Any] = {"kind": "cross_sections", "layout": "long", "waves": list(choices.waves)}
    design |= {"wave": "wave", "date": "interview_date"}
    if instrument == "training":
        design |= {"kind": "panel" if choices.followup else "paired", "person": "person"}
    elif groups.stratum:
        design["stratum"] = groups.stratum
    if choices.comparison:
        design |= {"arm": STUDY_GROUP, "comparison": "comparison"}
    if choices.followup:
        design["windows"] = {FOLLOWUP: {"after": "after", "anchor": "end", "months": list(FOLLOWUP_MONTHS)}}
    return design


def written_indicator(chosen: ChosenIndicator) -> dict[str, Any]:
    """An indicator as the plan's file names it, without its target."""
    (item,) = load_bank().items_for(chosen.id)
    return {
        "id": chosen.id,
        "dimension": load_indicators()[chosen.id].dimension,
        "measure": "binary",
        "item": item.id,
        "scoring": dict(item.scoring),
        "better": "higher",
        "primary": chosen.primary,
    }


def _frozen(
    campaign: CampaignContext, choices: PlanChoices, instrument: str, groups: Groupings, moment: datetime
) -> FrozenPlan:
    plan = locked(contract_plan(campaign, choices, instrument, groups), moment, targets=not choices.targets_later)
    frozen = FrozenPlan(campaign_id=campaign.id, instrument=instrument, frozen_at=moment)
    write_body(frozen, plan)
    return frozen


def write_body(frozen: FrozenPlan, plan: Mapping[str, Any]) -> None:
    """Make this the file of a frozen plan, with its hash; raises PlanError where the analysis could not read it."""
    frozen.sha256 = parse_plan(plan).sha256
    frozen.body = yaml.safe_dump(dict(plan), sort_keys=False, allow_unicode=True, width=100)


def _open_fieldwork(session: Session, campaign: CampaignContext, choices: PlanChoices, instrument: str) -> None:
    publish(
        session,
        InstrumentRequest(
            campaign_id=campaign.id,
            campaign_slug=campaign.slug,
            campaign_title=campaign.title,
            instrument=instrument,
            waves=choices.waves,
            indicators=tuple(indicator.id for indicator in choices.indicators),
            items=(STUDY_GROUP,) if choices.comparison else (),
        ),
    )


def gaps_of(session: Session, campaign_id: int) -> tuple[Gap, ...]:
    """The common gaps that the design of a campaign leaves open."""
    answers, scheduled = answers_of(session, campaign_id), scheduled_questions(session, campaign_id)
    return open_gaps(guide_of(session, campaign_id), answers, scheduled)


def _refuse_when_frozen(session: Session, campaign_id: int) -> None:
    if frozen_plans(session, campaign_id):
        raise EveilError(FROZEN, status=409)

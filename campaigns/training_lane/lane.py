"""The lane of a campaign, moving out of the short one, and the plan that the short one proposes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.entries.saving import save_entry, single
from campaigns.holding import hold
from campaigns.kinds import KINDS
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import Draft, save_draft
from campaigns.safeguarding.contents import REFERRAL, RULES, Referral, Rules
from campaigns.training_lane.safety import training_safety

PLANNED_GAIN = 15  # percentage points
PRESET = (  # id, primary: at most three may be, and perceived control is read beside the intention
    ("names_three_signs", True),
    ("knows_hotline", True),
    ("would_take_three_steps", True),
    ("feels_able_to_take_steps", False),
)


def lane_of(session: Session, campaign_id: int) -> str:
    return session.scalars(select(Campaign.lane).filter_by(id=campaign_id)).one()


def in_training_lane(session: Session, campaign_id: int) -> bool:
    return lane_of(session, campaign_id) == "training"


def move_to_campaign(session: Session, campaign_id: int, person_id: int) -> None:
    """From here on the whole design is open; everything that was written stays where it is.

    What the safety check says begins the safeguarding plan, so that nobody types it again.
    """
    hold(session, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    if campaign.lane != "campaign":
        campaign.lane = "campaign"
        audit.record(session, "lane_changed", campaign_id, "campaign")
        _begin_safeguarding(session, campaign, person_id)


def _begin_safeguarding(session: Session, campaign: Campaign, person_id: int) -> None:
    found = training_safety(session, campaign.id)
    if found is None or single(session, campaign.id, RULES):
        return
    setting = "minors_or_work" if found.minors else "classroom"
    rules = Rules(setting=setting, contact=found.contact_name, contact_reached=found.contact_reached)
    save_entry(session, campaign.id, KINDS[RULES], rules, person_id)
    if found.hotline:
        hotline = Referral(
            site=campaign.place or campaign.title,
            purpose="hotline",
            name=found.hotline,
            reached=found.hotline,
            dialled_on=found.dialled_on,
            dialled_by=found.dialled_by,
        )
        save_entry(session, campaign.id, KINDS[REFERRAL], hotline, person_id)


def preset_choices(activity_ends_on: date | None = None, *, followup: bool = False) -> PlanChoices:
    """Four indicators, the training questionnaire, and a gain of 15 points in each."""
    return PlanChoices(
        indicators=tuple(ChosenIndicator(name, primary, PLANNED_GAIN) for name, primary in PRESET),
        instruments=("training",),
        followup=followup,
        activity_ends_on=activity_ends_on,
    )


def take_preset(
    session: Session, campaign_id: int, activity_ends_on: date | None, *, followup: bool, based_on: int
) -> Draft:
    """Make the preset plan the draft, over version ``based_on``; raises Clash for a newer one."""
    return save_draft(session, campaign_id, preset_choices(activity_ends_on, followup=followup), based_on)

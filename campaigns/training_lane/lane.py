"""The lane of a campaign, moving out of the short one, and the plan that the short one proposes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.holding import hold
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import Draft, save_draft

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


def move_to_campaign(session: Session, campaign_id: int) -> None:
    """From here on the whole design is open; everything that was written stays where it is."""
    hold(session, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    if campaign.lane != "campaign":
        campaign.lane = "campaign"
        audit.record(session, "lane_changed", campaign_id, "campaign")


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
    """Make the preset plan the draft, over version ``based_on``; raises DraftClash for a newer one."""
    return save_draft(session, campaign_id, preset_choices(activity_ends_on, followup=followup), based_on)

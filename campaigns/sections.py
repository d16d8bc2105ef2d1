"""The sections of the guide that a campaign chose, and what it concluded from each."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.guide import Guide, guide
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.models import Campaign, SectionConclusion
from campaigns.training_lane.questions import guide_for


def chosen_sections(session: Session, campaign_id: int) -> list[str]:
    return list(session.scalars(select(Campaign.chosen_sections).filter_by(id=campaign_id)).one())


def guide_of(session: Session, campaign_id: int) -> Guide:
    """The questions that this campaign answers."""
    lane, chosen = session.execute(select(Campaign.lane, Campaign.chosen_sections).filter_by(id=campaign_id)).one()
    return guide_for(lane, chosen)


def choose_sections(session: Session, campaign_id: int, chosen: Collection[str]) -> None:
    """Take these sections into the campaign; answers of a section that leaves stay stored and come back with it."""
    hold(session, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    sections = [section.id for section in guide().chosen if section.id in chosen]
    if sections != campaign.chosen_sections:
        campaign.chosen_sections = sections
        audit.record(session, "sections_chosen", campaign_id, ", ".join(sections) or "none")


def conclusions_of(session: Session, campaign_id: int) -> dict[str, SectionConclusion]:
    """What was concluded, by the ids of the sections."""
    found = session.scalars(select(SectionConclusion).filter_by(campaign_id=campaign_id))
    return {conclusion.section_id: conclusion for conclusion in found}


def conclude(
    session: Session, campaign_id: int, section_id: str, outcome: str, text: str, based_on: int, person_id: int
) -> SectionConclusion:
    """Record the choice over version ``based_on`` (0: there was none); raises Clash for a newer one."""
    hold(session, campaign_id)
    stored = session.get(SectionConclusion, (campaign_id, section_id))
    if stored is None:
        stored = SectionConclusion(campaign_id=campaign_id, section_id=section_id, version=0)
        session.add(stored)
    if change(stored, {"outcome": outcome, "text": text}, based_on, person_id):
        audit.record(session, "section_concluded", campaign_id, f"{section_id}: {outcome}")
        session.flush()
    return stored

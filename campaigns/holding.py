"""One writer at a time in the design of a campaign."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign


def hold(session: Session, campaign_id: int) -> None:
    """Wait for others who change this design, until the end of the transaction; answers coming in do not wait."""
    # NO KEY UPDATE on PostgreSQL; SQLite has one writer anyway
    session.execute(select(Campaign.id).filter_by(id=campaign_id).with_for_update(key_share=True))

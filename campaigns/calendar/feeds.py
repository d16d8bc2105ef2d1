"""Secret addresses from which a calendar program fetches the days of a campaign."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import Membership, Person
from campaigns.calendar.models import CalendarFeed
from campaigns.models import Campaign
from core.database import now


@dataclass(frozen=True, slots=True)
class Listed:
    feed: CalendarFeed
    maker: str


def make_feed(session: Session, campaign_id: int, person_id: int, language: str) -> str:
    """Make an address and return its token, which is shown once: only its digest is kept."""
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(campaign_id=campaign_id, person_id=person_id, token_digest=_digest(token), language=language)
    session.add(feed)
    session.flush()
    audit.record(session, "calendar_feed_made", campaign_id, f"feed {feed.id}")
    return token


def feeds_of(session: Session, campaign_id: int) -> list[Listed]:
    """Those that still work, with the names of those who made them."""
    query = (
        select(CalendarFeed, Person.display_name)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.campaign_id == campaign_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    )
    return [Listed(feed, maker) for feed, maker in session.execute(query)]


def revoke(session: Session, campaign_id: int, feed_id: int) -> bool:
    """Withdraw an address: its token is worth nothing from now on. False when the campaign has no such address."""
    feed = session.scalar(select(CalendarFeed).filter_by(id=feed_id, campaign_id=campaign_id))
    if feed is None:
        return False
    if feed.revoked_at is None:
        feed.revoked_at = now()
        audit.record(session, "calendar_feed_revoked", campaign_id, f"feed {feed.id}")
    return True


def feed_for_token(session: Session, token: str, roles: frozenset[str]) -> tuple[CalendarFeed, Campaign] | None:
    """The feed of this token, unless it was withdrawn or its maker lost the ``roles`` that may see the calendar."""
    still_in = select(Membership.id).where(
        Membership.person_id == CalendarFeed.person_id,
        Membership.campaign_id == CalendarFeed.campaign_id,
        Membership.role.in_(roles),
    )
    query = (
        select(CalendarFeed, Campaign)
        .join(Campaign, Campaign.id == CalendarFeed.campaign_id)
        .where(CalendarFeed.token_digest == _digest(token), CalendarFeed.revoked_at.is_(None), still_in.exists())
    )
    found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

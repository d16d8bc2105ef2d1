"""Starting a campaign: its address (slug) from its title, and the creator's role."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import audit, people
from campaigns.models import Campaign

LONGEST_SLUG = 40  # form ids are made from it
ROLES_IN_LANE = {"campaign": ("designer",), "training": ("designer", "enumerator", "supervisor", "evaluator")}
TAKEN_BY_PAGES = frozenset({"import", "new"})


def create_campaign(
    session: Session, title: str, place: str, person_id: int, *, lane: str = "campaign", simulated: bool = False
) -> Campaign:
    """A new campaign whose designer is the person who creates it; one training is seen through by one person."""
    campaign = _add_with_free_slug(session, title, place, lane, simulated)
    for role in ROLES_IN_LANE[lane]:
        people.grant(session, person_id, campaign.id, role)
    audit.record(session, "campaign_created", campaign.id, campaign.slug)
    return campaign


def slug_candidates(title: str) -> Iterator[str]:
    """Addresses for a title, the plainest first; a title without any Latin letter is called ``campaign``."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_SLUG].strip("-") or "campaign"
    if not stem[0].isalpha():  # form ids begin with a letter
        stem = f"c-{stem}"
    if stem not in TAKEN_BY_PAGES:
        yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _add_with_free_slug(session: Session, title: str, place: str, lane: str, simulated: bool) -> Campaign:
    for slug in slug_candidates(title):
        campaign = Campaign(slug=slug, title=title, place=place, lane=lane, simulated=simulated)
        try:
            with session.begin_nested():
                session.add(campaign)
        except IntegrityError:  # taken, perhaps a moment ago
            continue
        return campaign
    raise AssertionError("the candidates never end")

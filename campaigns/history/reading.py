"""Who changed what and when, and the versions of one part."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from campaigns.history.models import Revision

PAGE = 50

Line = tuple[Revision, str | None]


def latest(session: Session, campaign_id: int, before: int | None = None) -> list[Line]:
    """The last changes with the names of who made them, the newest first; ``before``: older than this revision."""
    query = select(Revision, Person.display_name).outerjoin(Person, Person.id == Revision.changed_by_id)
    query = query.where(Revision.campaign_id == campaign_id)
    if before is not None:
        query = query.where(Revision.id < before)
    return [(line, name) for line, name in session.execute(query.order_by(Revision.id.desc()).limit(PAGE))]


def versions(session: Session, campaign_id: int, thing: str) -> list[Line]:
    """Every version of one part, the newest first."""
    query = select(Revision, Person.display_name).outerjoin(Person, Person.id == Revision.changed_by_id)
    found = query.where(Revision.campaign_id == campaign_id, Revision.thing == thing)
    return [(line, name) for line, name in session.execute(found.order_by(Revision.id.desc()))]

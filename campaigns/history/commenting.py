"""Comments on parts of a design: written, read, and settled."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import Person
from campaigns.history.models import Comment
from core.database import now


def comments_on(session: Session, campaign_id: int, thing: str) -> list[tuple[Comment, str | None]]:
    """Each comment with its writer's name, the oldest first; settled ones stay readable."""
    query = select(Comment, Person.display_name).outerjoin(Person, Person.id == Comment.written_by_id)
    found = query.where(Comment.campaign_id == campaign_id, Comment.thing == thing).order_by(Comment.id)
    return [(comment, name) for comment, name in session.execute(found)]


def open_comments(session: Session, campaign_id: int) -> dict[str, int]:
    """How many comments are not settled, by the part they are about."""
    query = select(Comment.thing, func.count()).where(Comment.campaign_id == campaign_id, Comment.settled_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(Comment.thing))}


def add_comment(session: Session, campaign_id: int, thing: str, text: str, person_id: int) -> Comment:
    comment = Comment(campaign_id=campaign_id, thing=thing, text=text, written_by_id=person_id)
    session.add(comment)
    audit.record(session, "comment_written", campaign_id, thing)
    session.flush()
    return comment


def settle_comment(
    session: Session, campaign_id: int, comment_id: int, person_id: int, *, settled: bool
) -> Comment | None:
    """Settle a comment, or open it again; None when there is no such comment here."""
    comment = session.scalar(select(Comment).filter_by(campaign_id=campaign_id, id=comment_id))
    if comment is not None:
        comment.settled_at, comment.settled_by_id = (now(), person_id) if settled else (None, None)
    return comment

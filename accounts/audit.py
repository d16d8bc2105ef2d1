"""The audit trail: who did what and when, never what was answered."""

from __future__ import annotations

from flask import g, has_request_context
from sqlalchemy.orm import Session

from accounts.models import AuditEvent


def record(
    session: Session, action: str, campaign_id: int | None = None, subject: str = "", person_id: int | None = None
) -> None:
    """Note an action of the signed-in person (or of ``person_id``); ``subject`` names a thing, not a person's data."""
    if person_id is None and has_request_context() and g.get("person") is not None:
        person_id = g.person.id
    session.add(AuditEvent(action=action, campaign_id=campaign_id, subject=subject, person_id=person_id))

"""Keeps whole what cannot be counted, with the reason, until a person has looked at it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import Device
from core.database import Base, now
from surveys.collection.attachments import StoredFile
from surveys.collection.reasons import REASONS
from surveys.models import SetAside


def set_aside(
    session: Session,
    device: Device,
    reason: str,
    body: bytes,
    files: Sequence[StoredFile] = (),
    instance_id: str = "",
) -> None:
    """Keep a document and its files; what was set aside before is not doubled, only further files are added."""
    kind, digest = REASONS[reason].kind, hashlib.sha256(body).hexdigest()
    new = SetAside(
        campaign_id=device.campaign_id,
        device_id=device.id,
        kind=kind,
        reason=reason,
        instance_id=instance_id,
        body=body,
        files=[file.to_store() for file in files],
        sha256=digest,
    )
    query = select(SetAside).where(
        SetAside.campaign_id == device.campaign_id, SetAside.kind == kind, SetAside.sha256 == digest
    )
    known = session.scalar(query.with_for_update())
    if known is None and not inserted(session, new):
        known = session.scalars(query.with_for_update()).one()
    if known is not None:
        known.files = [*known.files, *(file for file in new.files if file not in known.files)]


def inserted(session: Session, row: Base) -> bool:
    """Insert a row; False when somebody else's row was there first (then the transaction goes on as it was)."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False
    return True


def settle(session: Session, campaign_id: int, set_aside_id: int) -> bool:
    """Note that a person has looked at it; it stays kept. False when the campaign has no such row."""
    query = select(SetAside).where(SetAside.id == set_aside_id, SetAside.campaign_id == campaign_id)
    found = session.scalar(query)
    if found is not None and found.settled_at is None:
        found.settled_at = now()
        audit.record(session, "set_aside_settled", campaign_id, f"set aside {found.id}")
    return found is not None

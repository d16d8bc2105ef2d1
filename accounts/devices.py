"""Devices that may send for a campaign; each holds a token of its own that outlives the sign-in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import Device
from core.database import now


def enrol(session: Session, campaign_id: int, label: str, person_id: int | None) -> str:
    """Make a device and return its token, which is shown once: only its digest is kept."""
    token = secrets.token_urlsafe(32)
    device = Device(campaign_id=campaign_id, person_id=person_id, label=label, token_digest=_digest(token))
    session.add(device)
    session.flush()
    audit.record(session, "device_enrolled", campaign_id, f"device {device.id}")
    return token


def device_for_token(session: Session, token: str) -> Device | None:
    """The device of this token, unless it was withdrawn."""
    return session.scalar(select(Device).where(Device.token_digest == _digest(token), Device.revoked_at.is_(None)))


def devices_of(session: Session, campaign_id: int) -> Sequence[Device]:
    return session.scalars(select(Device).where(Device.campaign_id == campaign_id).order_by(Device.id)).all()


def revoke(session: Session, campaign_id: int, device_id: int) -> Device | None:
    """Withdraw a device of the campaign: its token is worth nothing from now on. None when it has no such device."""
    device = session.scalar(select(Device).where(Device.id == device_id, Device.campaign_id == campaign_id))
    if device is not None and device.revoked_at is None:
        device.revoked_at = now()
        audit.record(session, "device_revoked", campaign_id, f"device {device.id}")
    return device


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

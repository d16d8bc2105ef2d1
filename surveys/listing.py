"""What the pages of surveys list: questionnaires, devices, counts, and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from accounts.models import Device, Person
from surveys.models import Form, FormVersion, SetAside, Submission

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class DeviceLine:
    device: Device
    holder: str
    interviews: int
    last_on: date | None


def questionnaires(session: Session, campaign_id: int) -> Sequence[Row[Any]]:
    """The newest version of each questionnaire, in the order in which they were first published."""
    newest = select(func.max(FormVersion.id)).group_by(FormVersion.form_pk)
    columns = (
        Form.form_id,
        Form.instrument,
        Form.wave,
        FormVersion.id,
        FormVersion.version,
        FormVersion.sha256,
        FormVersion.published_at,
        FormVersion.codebook,
    )
    query = select(*columns).join_from(Form, FormVersion).where(Form.campaign_id == campaign_id)
    return session.execute(query.where(FormVersion.id.in_(newest)).order_by(Form.id)).all()


def version_of(session: Session, campaign_id: int, version_id: int) -> FormVersion | None:
    own = Form.campaign_id == campaign_id
    return session.scalar(select(FormVersion).join(Form).where(FormVersion.id == version_id, own))


def own_counts(session: Session, campaign_id: int, person_id: int) -> Sequence[Row[str, str, int]]:
    """How many interviews came from the devices of one person, by instrument and wave."""
    query = select(Submission.instrument, Submission.wave, func.count()).join(Device)
    own = (Device.campaign_id == campaign_id, Device.person_id == person_id)
    grouped = query.where(*own).group_by(Submission.instrument, Submission.wave)
    return session.execute(grouped.order_by(func.min(Submission.id))).all()


def device_lines(session: Session, campaign_id: int) -> list[DeviceLine]:
    """Every device with its holder, how many interviews it sent, and when the last of them came."""
    query = (
        select(Device, Person.display_name, func.count(Submission.id), func.max(Submission.received_on))
        .outerjoin(Person, Person.id == Device.person_id)
        .outerjoin(Submission, Submission.device_id == Device.id)
        .where(Device.campaign_id == campaign_id)
        .group_by(Device.id, Person.display_name)
        .order_by(Device.id)
    )
    return [DeviceLine(device, name or "", number, last) for device, name, number, last in session.execute(query)]


def waiting(session: Session, campaign_id: int) -> tuple[int, Sequence[Row[Any]]]:
    """What was set aside and not looked at yet: how much, and the newest of it. Never what was answered."""
    open_ones = (SetAside.campaign_id == campaign_id, SetAside.settled_at.is_(None))
    total = session.scalar(select(func.count()).select_from(SetAside).where(*open_ones)) or 0
    columns = (
        SetAside.id,
        SetAside.kind,
        SetAside.reason,
        SetAside.received_at,
        SetAside.instance_id,
        SetAside.files,
        Device.label,
    )
    query = select(*columns).outerjoin(Device, Device.id == SetAside.device_id).where(*open_ones)
    return total, session.execute(query.order_by(SetAside.id.desc()).limit(MOST_SHOWN)).all()

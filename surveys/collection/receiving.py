"""The one function that every interview passes through, whichever client sent it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from flask_babel import gettext as _
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from accounts.models import Device
from core.database import now
from core.errors import EveilError
from surveys.collection.attachments import StoredFile
from surveys.collection.reading import Answers, Instance, Unreadable, open_instance, read_answers
from surveys.collection.reasons import REASONS
from surveys.collection.setting_aside import inserted, set_aside
from surveys.linking import cards
from surveys.models import Attachment, Form, FormVersion, InstanceDocument, LinkDigest, Submission

log = structlog.get_logger()

RECEIVED = 201


@dataclass(frozen=True, slots=True)
class Receipt:
    """The reply. ``outcome`` is "new", "again" or the reason for which it was set aside."""

    status: int
    message: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came, from whom."""

    device: Device
    xml: bytes
    files: Sequence[StoredFile]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.xml).hexdigest()


class Stored(NamedTuple):
    """A submission that is in the database."""

    id: int
    sha256: str


def receive(session: Session, device: Device, xml: bytes, files: Sequence[StoredFile] = ()) -> Receipt:
    """Store an interview once, or set it aside with the reason; the caller commits, and replies only after that.

    The same document again is accepted again and may bring further files. The same instance id with other content
    never touches what is stored.
    """
    arrival = Arrival(device, xml, files)
    try:
        instance = open_instance(xml)
    except Unreadable as error:
        return _put_aside(session, arrival, error.reason, files)
    version = _version(session, instance)
    reason = _refusal(version, device, instance)
    if reason or version is None:
        return _put_aside(session, arrival, reason, files, instance)
    known = _stored(session, arrival, instance)
    new = None if known else _store(session, arrival, instance, version)
    stored = known or new or _stored(session, arrival, instance)
    if stored is None:
        raise EveilError(_("The interview could not be stored just now. Send it again in a moment."), status=503)
    if stored.sha256 != arrival.sha256:
        return _put_aside(session, arrival, "other_answers", files, instance)
    others = [file for file in files if not _attached(session, stored.id, file)]
    if others:
        return _put_aside(session, arrival, "other_file", others, instance)
    log.info("interview_received", new=new is not None, files=len(files))
    if new is None:
        return Receipt(RECEIVED, _("The interview had arrived before."), "again")
    return Receipt(RECEIVED, _("The interview has arrived."), "new")


def _version(session: Session, instance: Instance) -> Row[Any] | None:
    """The version the interview was made with, or the form alone (``id`` is None), or nothing."""
    join = (FormVersion.form_pk == Form.id) & (FormVersion.version == instance.version)
    columns = (Form.campaign_id, Form.instrument, Form.wave, FormVersion.id, FormVersion.codebook)
    query = select(*columns).select_from(Form).outerjoin(FormVersion, join).where(Form.form_id == instance.form_id)
    return session.execute(query).one_or_none()


def _refusal(version: Row[Any] | None, device: Device, instance: Instance) -> str:
    if version is None:
        return "unknown_form"
    if version.campaign_id != device.campaign_id:
        return "other_campaign"
    if version.id is None:
        return "unknown_version"
    return "edited" if instance.edits else ""


def _stored(session: Session, arrival: Arrival, instance: Instance) -> Stored | None:
    query = select(Submission.id, InstanceDocument.sha256).join(InstanceDocument)
    own = (Submission.campaign_id == arrival.device.campaign_id, Submission.instance_id == instance.instance_id)
    row = session.execute(query.where(*own)).one_or_none()
    return None if row is None else Stored(*row)


def _store(session: Session, arrival: Arrival, instance: Instance, version: Row[Any]) -> Stored | None:
    """Answers, raw document and card in one transaction; None when the same interview came at the same moment."""
    answers = read_answers(instance, version.codebook)
    submission = Submission(
        campaign_id=version.campaign_id,
        form_version_id=version.id,
        instance_id=instance.instance_id,
        instrument=version.instrument,
        wave=version.wave,
        interviewed_on=answers.interviewed_on,
        received_on=now().date(),
        device_id=arrival.device.id,
        document=InstanceDocument(xml=arrival.xml, sha256=arrival.sha256),
        link=_link(session, version.campaign_id, answers),
        answers=answers.coded,
        unreadable=answers.unreadable,
    )
    return Stored(submission.id, arrival.sha256) if inserted(session, submission) else None


def _link(session: Session, campaign_id: int, answers: Answers) -> LinkDigest | None:
    number = cards.normalised(answers.card)
    if answers.card and not number:
        answers.unreadable.append({"item": "card_number", "kind": "text", "problem": "not_a_card_number"})
    return LinkDigest(digest=cards.digest(session, campaign_id, number)) if number else None


def _attached(session: Session, submission_id: int, file: StoredFile) -> bool:
    """Add a file; False when another content lies under this name already."""
    query = select(Attachment.sha256).where(Attachment.submission_id == submission_id, Attachment.name == file.name)
    known = session.scalar(query)
    if known is None and inserted(session, Attachment(submission_id=submission_id, **file.to_store())):
        return True
    return (known or session.scalar(query)) == file.sha256


def _put_aside(
    session: Session, arrival: Arrival, reason: str, files: Sequence[StoredFile], instance: Instance | None = None
) -> Receipt:
    instance_id = instance.instance_id if instance else ""
    set_aside(session, arrival.device, reason, arrival.xml, files, instance_id)
    log.info("interview_set_aside", reason=reason, files=len(files))
    return Receipt(REASONS[reason].status, str(REASONS[reason].told), reason)

"""A campaign whose fieldwork is open, and what the server holds of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from accounts import devices, people
from campaigns.creating import create_campaign
from core.database import session, transaction
from surveys.authoring.converting import to_xform
from surveys.authoring.publishing import InstrumentRequest, publish
from surveys.models import Attachment, Form, FormVersion, SetAside, Submission

INDICATORS = ("knows_hotline", "names_three_signs")


@dataclass(frozen=True)
class Fieldwork:
    """A campaign, and the token of its device."""

    campaign_id: int
    title: str
    token: str

    @property
    def training(self) -> str:
        return f"{self.title}: training, before"

    @property
    def intercept(self) -> str:
        return f"{self.title}: intercept survey, before"

    def submissions(self) -> list[Submission]:
        """What the server has stored, read afresh."""
        session().rollback()
        return list(session().scalars(select(Submission).filter_by(campaign_id=self.campaign_id)))

    def attachments(self) -> list[Attachment]:
        ids = [submission.id for submission in self.submissions()]
        return list(session().scalars(select(Attachment).where(Attachment.submission_id.in_(ids))))

    def set_aside(self) -> list[SetAside]:
        session().rollback()
        return list(session().scalars(select(SetAside).filter_by(campaign_id=self.campaign_id)))

    def withdraw_device(self) -> None:
        with transaction() as writing:
            for device in devices.devices_of(writing, self.campaign_id):
                devices.revoke(writing, self.campaign_id, device.id)

    def enrol_again(self) -> str:
        with transaction() as writing:
            return devices.enrol(writing, self.campaign_id, "Second tablet", None)

    def bring_in(self, form_id: str, version: str, title: str, content: dict[str, Any] | str) -> None:
        """Publish a questionnaire that was made elsewhere: XLSForm sheets, or an XForm as it is."""
        xform = content if isinstance(content, str) else to_xform(content, title).xform
        with transaction() as writing:
            form = writing.scalar(select(Form).filter_by(form_id=form_id))
            if form is None:
                form = Form(
                    campaign_id=self.campaign_id, form_id=form_id, instrument="training", wave=f"w_{form_id}"[:20]
                )
                writing.add(form)
            form.versions.append(
                FormVersion(
                    version=version,
                    title=title,
                    xlsform={},
                    xform=xform,
                    codebook={"items": []},
                    md5=hashlib.md5(xform.encode(), usedforsecurity=False).hexdigest(),
                    sha256=hashlib.sha256(xform.encode()).hexdigest(),
                )
            )


def open_fieldwork(app: Flask, number: int) -> Fieldwork:
    """A campaign with a training and an intercept questionnaire, before the activity."""
    title = f"Safe journeys {number}"
    with app.app_context(), transaction() as writing:
        designer = people.add_person(writing, f"designer{number}", "Dina Designer", "a long enough password")
        campaign = create_campaign(writing, title, "Harbour district", designer.id, simulated=True)
        for instrument in ("training", "intercept"):
            publish(
                writing,
                InstrumentRequest(campaign.id, campaign.slug, title, instrument, ("before",), INDICATORS),
            )
        token = devices.enrol(writing, campaign.id, "Tablet 3", None)
        return Fieldwork(campaign.id, title, token)

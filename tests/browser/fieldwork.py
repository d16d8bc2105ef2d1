"""A campaign whose fieldwork is open, and what the server holds of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

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

    def bring_in(self, name: str, version: str, title: str, content: dict[str, Any] | str) -> None:
        """Publish a questionnaire that was made elsewhere: XLSForm sheets without settings, or an XForm as it is."""
        form_id = f"{name}_{self.campaign_id}"
        if isinstance(content, dict):
            settings = {"form_id": form_id, "version": version, "form_title": title, "name": "data"}
            content = to_xform({**content, "settings": [settings]}, title).xform
        encoded = content.encode()
        published = FormVersion(
            version=version,
            title=title,
            xlsform={},
            xform=content,
            codebook={"items": []},
            md5=hashlib.md5(encoded, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(encoded).hexdigest(),
        )
        with transaction() as writing:
            form = writing.scalar(select(Form).filter_by(form_id=form_id))
            if form is None:
                form = Form(campaign_id=self.campaign_id, form_id=form_id, instrument="training", wave=name)
                writing.add(form)
            form.versions.append(published)


def open_fieldwork(number: int) -> Fieldwork:
    """A campaign with a training and an intercept questionnaire, before the activity."""
    title = f"Safe journeys {number}"
    with transaction() as writing:
        designer = people.add_person(writing, f"designer{number}", "Dina Designer", "a long enough password")
        campaign = create_campaign(writing, title, "Harbour district", designer.id, simulated=True)
        for instrument in ("training", "intercept"):
            publish(
                writing,
                InstrumentRequest(campaign.id, campaign.slug, title, instrument, ("before",), INDICATORS),
            )
        token = devices.enrol(writing, campaign.id, "Tablet 3", None)
        return Fieldwork(campaign.id, title, token)

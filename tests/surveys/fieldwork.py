"""What tests of the fieldwork need: published questionnaires, filled instances, a tablet that knocks at the door."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask.testing import EnvironBuilder
from lxml import etree
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts import devices
from campaigns.models import Campaign
from surveys.authoring.publishing import InstrumentRequest, publish
from surveys.bank import load_bank
from surveys.models import FormVersion

INDICATORS = tuple(dict.fromkeys(item.indicator for item in load_bank().items if item.indicator))
XFORMS = "{http://www.w3.org/2002/xforms}"
OPENROSA = {
    "list": "http://openrosa.org/xforms/xformsList",
    "manifest": "http://openrosa.org/xforms/xformsManifest",
    "response": "http://openrosa.org/http/response",
}
WHOLE = {
    "interview_date": "2026-02-03",
    "consent": "yes",
    "age_group": "25_34",
    "sex": "female",
    "warning_signs": "debt pay hours",
    "hotline_number": "right",
    "employ_survivor": "4",
}


def request_for(campaign: Campaign, instrument: str = "training", **changes: Any) -> InstrumentRequest:
    values = {"waves": ("before", "after"), "indicators": INDICATORS} | changes
    return InstrumentRequest(campaign.id, campaign.slug, campaign.title, instrument, **values)


def published(session: Session, campaign: Campaign, instrument: str = "training", **changes: Any) -> list[FormVersion]:
    versions = publish(session, request_for(campaign, instrument, **changes))
    session.commit()
    return versions


def filled(version: FormVersion, instance_id: str = "", **answers: str) -> bytes:
    """The instance XML of a version with these answers, as any client would send it."""
    instance = etree.fromstring(version.xform.encode()).find(f".//{XFORMS}model/{XFORMS}instance")
    assert instance is not None
    root = instance[0]
    values = {"instanceID": instance_id or f"uuid:{uuid.uuid4()}", **answers}
    for element in root.iter():
        name = etree.QName(element).localname
        if name in values:
            element.text = values.pop(name)
    assert not values, f"the form does not ask {sorted(values)}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class Tablet:
    """A device at the door; ``in_path`` sends the token as ODK Collect does, else as our client does."""

    def __init__(self, app: Flask, session: Session, campaign: Campaign, *, in_path: bool = False) -> None:
        self.token = devices.enrol(session, campaign.id, "Tablet 1", None)
        session.commit()
        self.http = app.test_client()
        self.base = f"/key/{self.token}" if in_path else "/door"
        self.headers = {"X-OpenRosa-Version": "1.0"} | ({} if in_path else {"Authorization": f"Bearer {self.token}"})

    def open(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        address = path.removeprefix("http://localhost")
        place = address if address.startswith(self.base) else self.base + path
        environ = EnvironBuilder(self.http.application, place, method=method, headers=headers, **options).get_environ()
        try:
            return self.http.open(environ)
        finally:
            environ["wsgi.input"].close()  # a temporary file when the body is large, which werkzeug leaves open

    def send(
        self, xml: bytes | None, files: Iterable[tuple[str, bytes]] = (), *, incomplete: bool = False, **options: Any
    ) -> TestResponse:
        form: dict[str, Any] = {name: (io.BytesIO(content), name) for name, content in files}
        if xml is not None:
            form["xml_submission_file"] = (io.BytesIO(xml), "interview.xml", "text/xml")
        if incomplete:
            form["*isIncomplete*"] = "yes"
        return self.open("/submission", "POST", data=form, content_type="multipart/form-data", **options)


def sentence(response: TestResponse) -> str:
    """The message of an OpenRosa reply."""
    root = etree.fromstring(response.data)
    found = root.findtext("response:message", namespaces=OPENROSA)
    assert found
    return found

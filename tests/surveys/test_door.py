"""The door as ODK Collect and our own client knock at it."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Device
from campaigns.models import Campaign
from core.database import now
from core.languages import catalogue
from surveys.collection.door import NO_PAGE
from surveys.models import Attachment, FormVersion, SetAside, Submission
from tests.builders import add_campaign
from tests.surveys.fieldwork import OPENROSA, WHOLE, Tablet, filled, published, sentence

PHOTO, VOICE = b"\x89PNG" + b"x" * 100, b"y" * 100


def listed(tablet: Tablet) -> list[etree._Element]:
    response = tablet.open("/formList?deviceID=collect:1")
    assert response.status_code == 200 and response.mimetype == "text/xml"
    return etree.fromstring(response.data).findall("list:xform", OPENROSA)


def text(entry: etree._Element, name: str) -> str:
    return entry.findtext(f"list:{name}", "", OPENROSA)


def counted(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_odk_collect_fetches_and_sends_in_its_own_order(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    collect = Tablet(app, session, campaign, in_path=True)
    first = listed(collect)[0]
    form = collect.open(text(first, "downloadUrl"))
    assert "md5:" + hashlib.md5(form.data, usedforsecurity=False).hexdigest() == text(first, "hash")
    manifest = etree.fromstring(collect.open(text(first, "manifestUrl")).data)
    assert manifest.tag == f"{{{OPENROSA['manifest']}}}manifest" and len(manifest) == 0
    head = collect.open("/submission?deviceID=collect:1", "HEAD")
    assert head.status_code == 204 and head.data == b""
    assert head.headers["Location"] == f"http://localhost/key/{collect.token}/submission"
    xml = filled(versions[0], **WHOLE)
    assert collect.send(xml, [("a.png", PHOTO)], incomplete=True).status_code == 202
    assert collect.send(xml, [("b.m4a", VOICE)]).status_code == 201
    assert collect.send(xml).status_code == 201
    assert collect.send(xml.replace(b">female<", b">male<")).status_code == 409
    assert (counted(session, Submission), counted(session, Attachment), counted(session, SetAside)) == (1, 2, 1)


def test_the_list_names_every_questionnaire_with_all_that_collect_needs(
    tablet: Tablet, versions: list[FormVersion]
) -> None:
    entries = listed(tablet)
    assert [text(entry, "formID") for entry in entries] == ["harbour_training_before", "harbour_training_after"]
    for entry, version in zip(entries, versions, strict=True):
        assert text(entry, "name") == version.title and "Harbour campaign" in version.title
        assert text(entry, "version") == version.version
        assert text(entry, "downloadUrl").startswith("http://localhost/door/")
        assert tablet.open(text(entry, "downloadUrl")).data == version.xform.encode()


def test_the_list_shows_the_newest_version_only(
    session: Session, campaign: Campaign, tablet: Tablet, versions: list[FormVersion]
) -> None:
    newer = published(session, campaign, indicators=("knows_hotline",))
    assert [text(entry, "version") for entry in listed(tablet)] == [version.version for version in newer]


def test_an_interview_made_with_the_former_version_is_received(
    session: Session, campaign: Campaign, tablet: Tablet, versions: list[FormVersion]
) -> None:
    published(session, campaign, indicators=("knows_hotline",))
    assert tablet.send(filled(versions[0], **WHOLE)).status_code == 201


@pytest.mark.parametrize("in_path", [True, False])
def test_every_answer_has_the_headers_of_openrosa_even_an_error(
    app: Flask, session: Session, campaign: Campaign, in_path: bool
) -> None:
    tablet = Tablet(app, session, campaign, in_path=in_path)
    answers = [
        tablet.open("/formList"),
        tablet.open("/submission", "HEAD"),
        tablet.send(None),
        tablet.open("/no/such/place"),
        tablet.open("/submission", "DELETE"),
        app.test_client().get("/door/formList"),
        app.test_client().head("/key/unknown/submission"),
    ]
    assert [answer.status_code for answer in answers] == [200, 204, 400, 404, 404, 401, 401]
    for answer in answers:
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        assert answer.headers["X-OpenRosa-Accept-Content-Length"] == str(20 * 1024 * 1024)
        assert answer.headers["Date"] and answer.headers["Cache-Control"] == "no-store"


def test_an_unreadable_date_header_of_the_client_does_no_harm(tablet: Tablet) -> None:
    assert tablet.open("/formList", headers={"Date": "samedi 1 janvier 2025"}).status_code == 200


def test_the_device_learns_what_it_is_and_whether_the_campaign_is_simulated(app: Flask, session: Session) -> None:
    tablet = Tablet(app, session, add_campaign(session, "demo", "Demonstration", simulated=True))
    assert tablet.open("/device").get_json() == {"campaign": "Demonstration", "device": "Tablet 1", "simulated": True}


def test_a_withdrawn_device_can_neither_fetch_nor_send(
    session: Session, tablet: Tablet, versions: list[FormVersion]
) -> None:
    session.scalars(select(Device)).one().revoked_at = now()
    session.commit()
    refused = tablet.send(filled(versions[0], **WHOLE))
    assert refused.status_code == 401 and "supervisor" in sentence(refused)
    assert tablet.open("/formList").status_code == 401
    assert counted(session, Submission) == 0


def test_a_form_of_another_campaign_cannot_be_fetched(
    app: Flask, session: Session, versions: list[FormVersion]
) -> None:
    stranger = Tablet(app, session, add_campaign(session, "hills"))
    assert listed(stranger) == []
    for place in ("form.xml", "manifest"):
        refused = stranger.open(f"/forms/{versions[0].id}/{place}")
        assert refused.status_code == 404 and "Fetch the list" in sentence(refused)


def test_the_door_speaks_the_language_of_the_device_and_ignores_cookies(tablet: Tablet) -> None:
    tablet.http.set_cookie("eveil", "not a session")
    answer = tablet.open("/no/such/place", headers={"Accept-Language": "fr"})
    assert sentence(answer) == catalogue("fr").gettext(str(NO_PAGE)) and "Set-Cookie" not in answer.headers


def test_a_form_may_not_be_sent_without_a_token_even_by_somebody_signed_in(
    app: Flask, versions: list[FormVersion]
) -> None:
    client = app.test_client()
    assert client.post("/door/submission", data={"xml_submission_file": "x"}).status_code == 401

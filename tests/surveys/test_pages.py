"""The pages of surveys: questionnaires, devices, own counts, what was set aside, and the files of the client."""

from __future__ import annotations

import base64
import io
import json
import zlib
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent, Device
from campaigns.models import Campaign
from surveys.authoring.converting import to_xform
from surveys.collection.collect_settings import packed
from surveys.models import FormVersion, SetAside
from tests.builders import add_campaign, add_person, grant, sign_in
from tests.surveys.fieldwork import WHOLE, Tablet, filled, published
from tests.visitor import Visitor


def signed_in(app: Flask, session: Session, campaign: Campaign, *roles: str) -> Visitor:
    person = add_person(session, "-".join(roles))
    grant(session, person, campaign, *roles)
    visitor = Visitor(app)
    sign_in(visitor, person.user_name)
    return visitor


def test_the_list_shows_every_questionnaire_with_version_languages_and_fingerprint(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    designer = signed_in(app, session, campaign, "designer")
    designer.get("/campaigns/harbour/questionnaires")
    for version in versions:
        assert version.version in designer.text() and version.sha256[:12] in designer.text()
    for language in ("English", "Français", "Español", "العربية"):
        assert language in designer.text()


def test_before_the_plan_is_frozen_the_list_says_so(app: Flask, session: Session, campaign: Campaign) -> None:
    designer = signed_in(app, session, campaign, "designer")
    designer.get("/campaigns/harbour/questionnaires")
    assert "when it is frozen" in designer.text()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_the_questions_can_be_read_in_each_language_in_its_direction(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion], language: str, direction: str
) -> None:
    designer = signed_in(app, session, campaign, "designer")
    page = designer.get(f"/campaigns/harbour/questionnaires/{versions[0].id}?language={language}")
    questions = page.xpath("//div[contains(@class, 'question')][@lang]")
    asked = [item for item in versions[0].codebook["items"] if item["labels"]]
    assert [(question.get("lang"), question.get("dir")) for question in questions] == [(language, direction)] * len(
        asked
    )
    for item in asked:
        assert item["labels"][language].split("\n")[0] in designer.text()


def test_the_xlsform_can_be_taken_along_and_makes_the_same_form(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    designer = signed_in(app, session, campaign, "designer")
    response = designer.http.get(f"/campaigns/harbour/questionnaires/{versions[0].id}.xlsx")
    assert f"harbour_training_before_{versions[0].version}.xlsx" in response.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(response.data)).sheetnames == ["survey", "choices", "settings"]
    assert to_xform(response.data, "form").xform == versions[0].xform


def test_a_questionnaire_of_another_campaign_is_not_there(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    designer = signed_in(app, session, add_campaign(session, "hills"), "designer")
    for path in (versions[0].id, f"{versions[0].id}.xlsx"):
        designer.get(f"/campaigns/hills/questionnaires/{path}", status=404)
        assert "no such questionnaire" in designer.text()


def test_setting_up_a_device_hands_its_key_over_in_the_fragment(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    enumerator = signed_in(app, session, campaign, "enumerator")
    enumerator.get("/campaigns/harbour/collect")
    response = enumerator.submit("/campaigns/harbour/collect", {"label": " Tablet 3 "})
    address, key = response.headers["Location"].split("#key=")
    assert address == "/collect/" and response.headers["Cache-Control"] == "no-store"
    answer = app.test_client().get("/door/device", headers={"Authorization": f"Bearer {key}"})
    assert answer.get_json() == {"campaign": "Harbour campaign", "device": "Tablet 3", "simulated": False}


def test_a_device_without_a_name_is_refused_at_the_field(app: Flask, session: Session, campaign: Campaign) -> None:
    enumerator = signed_in(app, session, campaign, "enumerator")
    enumerator.get("/campaigns/harbour/collect")
    enumerator.submit("/campaigns/harbour/collect", {"label": "  "}, status=422)
    assert "tells this device from the others" in enumerator.text()


def test_an_enumerator_sees_how_many_came_from_their_own_devices_only(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion], tablet: Tablet
) -> None:
    enumerator = signed_in(app, session, campaign, "enumerator")
    enumerator.get("/campaigns/harbour/collect")
    assert "No interview has arrived" in enumerator.text()
    response = enumerator.submit("/campaigns/harbour/collect", {"label": "Tablet 3"})
    own = Tablet(app, session, campaign)
    own.headers["Authorization"] = "Bearer " + response.headers["Location"].split("#key=")[1]
    for sender in (own, own, tablet):
        assert sender.send(filled(versions[0], **WHOLE)).status_code == 201
    page = enumerator.get("/campaigns/harbour/collect")
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows == [["Training questionnaire", "Before", "2"]]


def test_a_supervisor_gets_the_code_for_odk_collect_once(app: Flask, session: Session, campaign: Campaign) -> None:
    supervisor = signed_in(app, session, campaign, "supervisor")
    supervisor.get("/campaigns/harbour/devices")
    supervisor.submit("/campaigns/harbour/devices", {"label": "Phone 1"}, status=200)
    assert supervisor.page is not None
    [address] = supervisor.page.xpath("//code[@class='address']/text()")
    [image] = supervisor.page.xpath("//main//img/@src")
    assert address.startswith("http://localhost/key/") and image.startswith("data:image/svg+xml")
    path = address.removeprefix("http://localhost")
    assert app.test_client().get(f"{path}/formList").status_code == 200
    supervisor.get("/campaigns/harbour/devices")
    assert "Phone 1" in supervisor.text() and address.rsplit("/", 1)[-1] not in supervisor.text()


def test_the_code_holds_the_settings_as_collect_packs_them() -> None:
    settings = json.loads(zlib.decompress(base64.b64decode(packed("https://example.org/key/k", "ميناء"))))
    assert settings["general"]["server_url"] == "https://example.org/key/k" and settings["project"]["name"] == "ميناء"


def test_a_withdrawn_device_is_shown_as_withdrawn_and_what_it_sent_stays(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion], tablet: Tablet
) -> None:
    tablet.send(filled(versions[0], **WHOLE))
    supervisor = signed_in(app, session, campaign, "supervisor")
    supervisor.get("/campaigns/harbour/devices")
    assert "One interview" in supervisor.text()
    device_id = session.scalars(select(Device.id)).one()
    supervisor.submit(f"/campaigns/harbour/devices/{device_id}/revoke")
    supervisor.get("/campaigns/harbour/devices")
    assert "is withdrawn" in supervisor.text() and "One interview" in supervisor.text()
    assert tablet.open("/formList").status_code == 401


def test_a_device_of_another_campaign_cannot_be_withdrawn(
    app: Flask, session: Session, campaign: Campaign, tablet: Tablet
) -> None:
    supervisor = signed_in(app, session, add_campaign(session, "hills"), "supervisor")
    supervisor.get("/campaigns/hills/devices")
    supervisor.submit(f"/campaigns/hills/devices/{session.scalars(select(Device.id)).one()}/revoke", status=404)
    assert tablet.open("/formList").status_code == 200


def test_what_was_set_aside_shows_its_reason_but_no_answer_and_can_be_settled(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion], tablet: Tablet
) -> None:
    tablet.send(filled(versions[0], "uuid:1", **WHOLE))
    tablet.send(filled(versions[0], "uuid:1", **{**WHOLE, "sex": "male"}), [("a.jpg", b"x")])
    tablet.send(b"<broken")
    supervisor = signed_in(app, session, campaign, "supervisor")
    supervisor.get("/campaigns/harbour/set-aside")
    for words in ("2 things wait", "Came before with other content", "with one file", "uuid:1", "damaged or cut off"):
        assert words in supervisor.text()
    assert "male" not in supervisor.text()
    first = session.scalars(select(SetAside.id).order_by(SetAside.id)).first()
    supervisor.submit(f"/campaigns/harbour/set-aside/{first}/settle")
    supervisor.get("/campaigns/harbour/set-aside")
    assert "One thing waits" in supervisor.text()
    session.rollback()
    kept = session.get(SetAside, first)
    assert kept is not None and kept.settled_at is not None and b">male<" in kept.body
    assert "set_aside_settled" in session.scalars(select(AuditEvent.action)).all()


def test_what_another_campaign_set_aside_cannot_be_settled(
    app: Flask, session: Session, campaign: Campaign, tablet: Tablet
) -> None:
    tablet.send(b"<broken")
    supervisor = signed_in(app, session, add_campaign(session, "hills"), "supervisor")
    supervisor.get("/campaigns/hills/set-aside")
    assert "Nothing waits here" in supervisor.text()
    number = session.scalars(select(SetAside.id)).one()
    supervisor.submit(f"/campaigns/hills/set-aside/{number}/settle", status=404)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_keeps_the_rules_of_the_house(
    app: Flask, session: Session, campaign: Campaign, versions: list[FormVersion], tablet: Tablet, language: str
) -> None:
    published(session, campaign, "intercept", waves=("before", "after", "followup"))
    tablet.send(filled(versions[0], **WHOLE))
    tablet.send(b"<broken")
    visitor = signed_in(app, session, campaign, "designer", "enumerator", "supervisor")
    for path in ("questionnaires", f"questionnaires/{versions[0].id}", "collect", "devices", "set-aside"):
        page = visitor.get(f"/campaigns/harbour/{path}", headers={"Accept-Language": language})
        assert page.get("lang") == language


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> Path:
    """A client as Vite would have built it."""
    folder = tmp_path / "static" / "dist" / "client"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "sw.js", "manifest.webmanifest", "assets/index-a1b2.js"):
        (folder / name).write_text("built", encoding="utf-8")
    app.static_folder = str(tmp_path / "static")
    return folder


def test_the_client_is_served_with_its_own_policy_and_caches_that_let_updates_arrive(app: Flask, built: Path) -> None:
    client = app.test_client()
    kept = {"": "no-cache", "sw.js": "no-cache", "assets/index-a1b2.js": "public, max-age=31536000, immutable"}
    for path, cache in kept.items():
        response = client.get(f"/collect/{path}", buffered=True)
        assert response.status_code == 200 and response.headers["Cache-Control"] == cache
        assert "'wasm-unsafe-eval'" in response.headers["Content-Security-Policy"]
        assert "'unsafe-eval'" not in response.headers["Content-Security-Policy"]
    assert client.get("/collect/sw.js", buffered=True).mimetype == "text/javascript"
    assert client.get("/collect/manifest.webmanifest", buffered=True).mimetype == "application/manifest+json"


def test_no_file_outside_the_client_is_served(app: Flask, built: Path) -> None:
    for path in ("no-such.js", "../vendor/x.css", "%2e%2e/%2e%2e/secret", "assets"):
        assert app.test_client().get(f"/collect/{path}").status_code == 404


def test_a_client_that_was_never_built_is_a_sentence(app: Flask, tmp_path: Path, visitor: Visitor) -> None:
    app.static_folder = str(tmp_path / "static")
    visitor.get("/collect/", status=503)
    assert "make client" in visitor.text()

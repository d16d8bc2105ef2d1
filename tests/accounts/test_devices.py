"""Devices: their token is kept as a digest, can be withdrawn, and is all that the door looks at."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import devices
from accounts.access import DEVICE, allow, current_device, current_person
from accounts.models import Device
from core.languages import current_language
from tests.builders import add_campaign, add_person, sign_in
from tests.visitor import Visitor


@pytest.fixture
def token(session: Session) -> str:
    token = devices.enrol(session, add_campaign(session).id, "Tablet 1", None)
    session.commit()
    return token


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> FlaskClient:
    """A route for devices, reached with the token in the path or in the header."""

    @allow(DEVICE)
    def knock() -> str:
        return f"{current_device().label}, {current_person()}, {current_language()}"

    app.add_url_rule("/test-door", "knock", knock, methods=["POST"])
    app.add_url_rule("/test-key/<token>/door", "knock_with_path", knock, methods=["POST"])
    return client


def test_only_a_digest_of_the_token_is_kept(session: Session, token: str) -> None:
    device = session.scalars(select(Device)).one()
    assert token not in device.token_digest and len(device.token_digest) == 64 and len(token) >= 43


def test_a_withdrawn_device_is_not_known_any_more(session: Session, token: str) -> None:
    device = devices.device_for_token(session, token)
    assert device is not None
    other = add_campaign(session, "hills")
    assert devices.revoke(session, other.id, device.id) is None
    assert devices.device_for_token(session, token) is device
    assert devices.revoke(session, device.campaign_id, device.id) is device
    session.flush()
    assert devices.device_for_token(session, token) is None
    assert list(devices.devices_of(session, device.campaign_id)) == [device]


def test_the_token_opens_from_the_path_and_from_the_header(door: FlaskClient, token: str) -> None:
    assert door.post(f"/test-key/{token}/door").text == "Tablet 1, None, en"
    assert door.post("/test-door", headers={"Authorization": f"Bearer {token}"}).text == "Tablet 1, None, en"


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic YTpi", "Bearer"])
def test_without_the_right_token_the_door_stays_closed(door: FlaskClient, token: str, header: str) -> None:
    response = door.post("/test-door", headers={"Authorization": header})
    assert response.status_code == 401 and "This device is not known or was withdrawn." in response.text
    assert door.post("/test-key/wrong/door").status_code == 401


def test_the_door_ignores_cookies(app: Flask, door: FlaskClient, session: Session, token: str) -> None:
    add_person(session, "amina")
    visitor = Visitor(app)
    sign_in(visitor, "amina")
    with visitor.http.session_transaction() as cookie:
        cookie["language"] = "fr"
    assert visitor.http.post("/test-door").status_code == 401
    response = visitor.http.post(f"/test-key/{token}/door")
    assert response.text == "Tablet 1, None, en"
    assert "Set-Cookie" not in response.headers  # nor does it prolong the session
    assert visitor.http.get("/sign-in").status_code == 302

"""How a session begins and, above all, how it ends."""

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy.orm import Session

from accounts import sessions
from app import create_app
from core.database import database, now
from core.settings import Settings
from tests.builders import PASSWORD, add_person, sign_in
from tests.visitor import Visitor


@pytest.fixture
def amina(visitor: Visitor, session: Session) -> Visitor:
    add_person(session, "amina", administrator=True)
    sign_in(visitor, "amina")
    visitor.get("/people")
    return visitor


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.http.get("/people").status_code == 200


def test_a_planted_session_is_worth_nothing_after_signing_in(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    with visitor.http.session_transaction() as cookie:
        cookie.update(language="fr", planted="by somebody else", person=99, epoch=0, began=0)
    sign_in(visitor, "amina")
    with visitor.http.session_transaction() as cookie:
        assert set(cookie) == {"_permanent", "language", "person", "epoch", "began"}
        assert cookie["language"] == "fr" and cookie["person"] != 99


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    visitor.get("/sign-in")
    response = visitor.submit("/sign-in", {"user_name": "amina", "password": PASSWORD})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_behind_https_the_cookie_never_travels_in_clear(settings: Settings) -> None:
    app = create_app(dataclasses.replace(settings, secure_cookies=True))
    response = app.test_client().get("/sign-in")
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    with app.app_context():
        database().engine.dispose()


def test_signing_out_ends_the_session_and_keeps_the_language(amina: Visitor) -> None:
    amina.submit("/language", {"language": "en"})
    assert amina.submit("/sign-out").location == "/sign-in"
    assert not is_signed_in(amina)
    amina.get("/sign-in")
    assert "You are signed out." in amina.text()
    with amina.http.session_transaction() as cookie:
        assert cookie["language"] == "en" and "person" not in cookie


def test_an_idle_session_ends(amina: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(time.time()) + 59 * 60)
    assert is_signed_in(amina)  # and this visit prolongs it
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(time.time()) + 118 * 60)
    assert is_signed_in(amina)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(time.time()) + 180 * 60)
    assert not is_signed_in(amina)


def test_a_session_in_use_ends_too_when_it_is_too_old(amina: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(hours=11, minutes=59))
    assert is_signed_in(amina)
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(hours=12, seconds=1))
    assert not is_signed_in(amina)


def test_a_changed_cookie_is_no_session(amina: Visitor) -> None:
    cookie = amina.http.get_cookie("eveil")
    assert cookie is not None
    amina.http.set_cookie("eveil", cookie.value[:-2] + "AA")
    assert not is_signed_in(amina)


def test_the_back_button_shows_nothing_after_signing_out(amina: Visitor) -> None:
    assert amina.http.get("/people").headers["Cache-Control"] == "no-store"


def test_a_form_sent_after_the_session_ended_is_refused_with_a_sentence(amina: Visitor) -> None:
    token = amina.page.xpath("//input[@name='csrf_token']/@value")[0] if amina.page is not None else ""
    with amina.http.session_transaction() as cookie:
        cookie["epoch"] = -1
    response = amina.http.post("/people", data={"csrf_token": token})
    assert response.status_code == 401
    assert "You are not signed in." in response.text


def test_a_person_who_is_gone_is_signed_out(app: Flask, visitor: Visitor, session: Session) -> None:
    person = add_person(session, "amina", administrator=True)
    sign_in(visitor, "amina")
    session.delete(person)
    session.commit()
    assert not is_signed_in(visitor)

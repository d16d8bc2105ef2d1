"""Signing in, and what an unlucky or ill-meaning visitor gets to see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import passwords, signing_in
from accounts.models import AuditEvent, Person
from core.database import now
from tests.builders import PASSWORD, add_person, sign_in
from tests.visitor import Visitor

REFUSAL = "The user name or the password is not right."


def attempt(visitor: Visitor, user_name: str, password: str, status: int) -> None:
    visitor.get("/sign-in")
    visitor.submit("/sign-in", {"user_name": user_name, "password": password}, status=status)


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_the_right_password_opens_the_door_and_is_noted(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina", administrator=True)
    sign_in(visitor, " Amina ")
    visitor.get("/people")
    assert "Amina" in visitor.text()
    assert actions(session)[-1] == "signed_in"


def test_an_unknown_name_and_a_wrong_password_look_the_same(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    attempt(visitor, "amina", "not the password", 401)
    wrong_password = visitor.text()
    attempt(visitor, "nobody", "not the password", 401)
    assert visitor.text() == wrong_password and REFUSAL in wrong_password
    assert visitor.page is not None and visitor.page.xpath("//form//input[@name='password']")


def test_an_unknown_name_costs_as_much_work_as_a_known_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched:
        checked: list[str] = []  # noqa: RUF012

        def verify(self, password_hash: str, password: str) -> bool:
            self.checked.append(password_hash)
            return True

    monkeypatch.setattr(passwords._Hashing, "hasher", Watched())
    assert not passwords.matches(None, "whatever")
    assert Watched.checked == [passwords._Hashing.nobody] and Watched.checked[0].startswith("$argon2id$")


def test_empty_fields_are_named(visitor: Visitor) -> None:
    attempt(visitor, "", "", 422)
    assert "Write your user name." in visitor.text() and "Write your password." in visitor.text()


def test_after_five_failures_even_the_right_password_must_wait(visitor: Visitor, session: Session) -> None:
    person = add_person(session, "amina")
    for _ in range(5):
        attempt(visitor, "amina", "not the password", 401)
    attempt(visitor, "amina", PASSWORD, 401)
    assert REFUSAL in visitor.text()
    assert {"locked_out", "sign_in_failed", "sign_in_while_locked"} <= set(actions(session))

    session.refresh(person)
    person.locked_until = now() - timedelta(seconds=1)
    session.commit()
    attempt(visitor, "amina", PASSWORD, 302)
    session.refresh(person)
    assert (person.failed_sign_ins, person.locked_until) == (0, None)


def test_the_wait_doubles_up_to_an_hour() -> None:
    minutes = [signing_in.waiting_time(failures) / timedelta(minutes=1) for failures in (5, 6, 7, 10, 11, 500)]
    assert minutes == [1, 2, 4, 32, 60, 60]


def test_many_attempts_at_the_same_moment_do_not_outrun_the_count(app: Flask, session: Session) -> None:
    person = add_person(session, "amina")

    def guess(number: int) -> None:
        with app.app_context():
            assert signing_in.authenticate("amina", f"guess number {number}") is None

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(16)))
    session.refresh(person)
    assert person.failed_sign_ins == 5
    assert actions(session).count("sign_in_failed") == 5


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("/people?page=2", "/people?page=2"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/\t/elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_on_within_this_site_only(visitor: Visitor, session: Session, wish: str, target: str) -> None:
    add_person(session, "amina", administrator=True)
    visitor.get("/sign-in", query_string={"next": wish})
    response = visitor.http.post(
        "/sign-in",
        query_string={"next": wish},
        data={"user_name": "amina", "password": PASSWORD, "csrf_token": csrf_of(visitor)},
    )
    assert (response.status_code, response.location) == (302, target)


def test_a_page_for_the_signed_in_leads_to_the_sign_in_and_back(visitor: Visitor) -> None:
    response = visitor.http.get("/people?page=2")
    assert (response.status_code, response.location) == (302, "/sign-in?next=/people?page%3D2")


def test_who_is_signed_in_is_not_asked_again(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    sign_in(visitor, "amina")
    assert visitor.http.get("/sign-in").location == "/"


def test_no_password_is_kept_readable(session: Session) -> None:
    add_person(session, "amina")
    kept = session.scalars(select(Person.password_hash)).one()
    assert kept.startswith("$argon2id$") and PASSWORD not in kept


def csrf_of(visitor: Visitor) -> str:
    assert visitor.page is not None
    return str(visitor.page.xpath("//input[@name='csrf_token']/@value")[0])

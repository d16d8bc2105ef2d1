"""The administrator's pages: accounts, and roles in a campaign."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import people
from accounts.models import AuditEvent, Membership, Person
from core.errors import EveilError
from tests.builders import PASSWORD, add_campaign, add_person, grant, sign_in
from tests.visitor import Visitor

NEW = {"display_name": "Léa", "user_name": "Lea", "password": "four blue wooden doors"}


@pytest.fixture
def administrator(visitor: Visitor, session: Session) -> Visitor:
    add_person(session, "boss", administrator=True)
    sign_in(visitor, "boss")
    return visitor


def test_a_person_who_was_added_can_sign_in(app: Flask, administrator: Visitor, session: Session) -> None:
    administrator.get("/people")
    administrator.submit("/people", NEW)
    administrator.get("/people")
    assert "Léa can sign in now." in administrator.text()
    sign_in(Visitor(app), "lea", "four blue wooden doors")
    added = session.scalars(select(Person).where(Person.user_name == "lea")).one()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "person_added")).all()[-1]
    boss = people.find_person(session, "boss")
    assert boss is not None and (event.person_id, event.subject) == (boss.id, f"person {added.id}")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("display_name", "", "Write the name that others will see."),
        ("display_name", "   ", "Write the name that others will see."),
        ("user_name", "a", "A user name has 2 to 80 letters"),
        ("user_name", "two words", "A user name has 2 to 80 letters"),
        ("user_name", "BOSS", "Somebody has this user name already."),
        ("password", "short", "The password is too short."),
        ("password", "x" * 201, "The password is too long."),
        ("password", "my name is lea", "The password contains the user name."),
        ("display_name", "x" * 121, "at most 120 characters"),
    ],
)
def test_a_wrong_entry_is_explained_at_its_field(
    administrator: Visitor, session: Session, field: str, value: str, sentence: str
) -> None:
    page = administrator.get("/people")
    administrator.submit("/people", {**NEW, field: value}, status=422)
    page = administrator.page
    assert page is not None
    assert sentence in page.get_element_by_id(f"{field}-error").text_content()
    assert f"{field}-error" in page.get_element_by_id(field).get("aria-describedby")
    assert people.find_person(session, "lea") is None


def test_a_new_password_ends_sessions_and_waiting(app: Flask, administrator: Visitor, session: Session) -> None:
    person = add_person(session, "amina", administrator=True)
    person.failed_sign_ins, person.locked_until = 9, person.created_at.replace(year=2099)
    session.commit()
    administrator.get(f"/people/{person.id}")
    administrator.submit(f"/people/{person.id}", {"password": "short"}, status=422)
    assert "The password is too short." in administrator.text()
    administrator.submit(f"/people/{person.id}", {"password": "a new set of words"})
    session.refresh(person)
    assert (person.session_epoch, person.failed_sign_ins, person.locked_until) == (1, 0, None)
    sign_in(Visitor(app), "amina", "a new set of words")


def test_all_sessions_of_a_person_can_be_ended(app: Flask, administrator: Visitor, session: Session) -> None:
    person = add_person(session, "amina", administrator=True)
    tablet, laptop = Visitor(app), Visitor(app)
    sign_in(tablet, "amina")
    sign_in(laptop, "amina")
    administrator.get(f"/people/{person.id}")
    administrator.submit(f"/people/{person.id}/sign-out-everywhere")
    assert tablet.http.get("/people").status_code == laptop.http.get("/people").status_code == 302
    administrator.get("/people")
    assert "Amina is signed out everywhere." in administrator.text()


def test_there_is_no_page_for_nobody(administrator: Visitor) -> None:
    administrator.get("/people/999", status=404)
    assert "There is no such person." in administrator.text()


def test_roles_are_given_and_taken_back(administrator: Visitor, session: Session) -> None:
    person, campaign = add_person(session, "amina"), add_campaign(session)
    administrator.get("/campaigns/harbour/people")
    assert "Nobody has a role in this campaign yet." in administrator.text()
    for _ in range(2):
        administrator.submit("/campaigns/harbour/people", {"person": str(person.id), "role": "designer"})
    administrator.get("/campaigns/harbour/people")
    assert "Amina Designer" in administrator.text()
    assert session.scalars(select(Membership.role)).all() == ["designer"]

    administrator.submit(f"/campaigns/harbour/people/{person.id}/designer/take-back")
    administrator.get("/campaigns/harbour/people")
    assert "Nobody has a role in this campaign yet." in administrator.text()
    session.rollback()  # what was read so far holds an older state
    events = session.scalars(select(AuditEvent).where(AuditEvent.campaign_id == campaign.id).order_by(AuditEvent.id))
    noted = [(event.action, event.subject) for event in events]
    assert noted == [
        ("role_granted", f"designer, person {person.id}"),
        ("role_revoked", f"designer, person {person.id}"),
    ]


def test_a_role_or_person_that_does_not_exist_is_refused(administrator: Visitor, session: Session) -> None:
    person, _campaign = add_person(session, "amina"), add_campaign(session)
    administrator.get("/campaigns/harbour/people")
    administrator.submit("/campaigns/harbour/people", {"person": str(person.id), "role": "queen"}, status=422)
    administrator.submit("/campaigns/harbour/people", {"person": "999", "role": "designer"}, status=422)
    assert session.scalars(select(Membership)).all() == []
    with pytest.raises(EveilError, match="no such role"):
        people.grant(session, person.id, 1, "queen")


def test_a_withdrawn_role_counts_from_the_next_request_on(app: Flask, session: Session) -> None:
    person, campaign = add_person(session, "amina"), add_campaign(session)
    grant(session, person, campaign, "designer")
    visitor = Visitor(app)
    sign_in(visitor, "amina")
    assert visitor.http.get("/campaigns/harbour/people").status_code == 403
    people.revoke(session, person.id, campaign.id, "designer")
    session.commit()
    assert visitor.http.get("/campaigns/harbour/people").status_code == 404


def test_a_simulated_campaign_says_so_on_its_pages(administrator: Visitor, session: Session) -> None:
    add_campaign(session, simulated=True)
    administrator.get("/campaigns/harbour/people")
    assert "Harbour campaign Port district Simulated data" in administrator.text()


def test_a_user_name_has_one_spelling(session: Session) -> None:
    add_person(session, "Élise")
    assert people.find_person(session, " e\u0301LISE ") is not None
    with pytest.raises(EveilError, match="Somebody has this user name"):
        people.add_person(session, "E\u0301lise", "Another", PASSWORD)

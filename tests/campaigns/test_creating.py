"""Starting a campaign, its address, and the list of one's campaigns."""

from __future__ import annotations

from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent, Membership
from campaigns.creating import slug_candidates
from campaigns.models import Campaign
from tests.builders import add_campaign, add_person, grant, sign_in
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Safe work at sea", ["safe-work-at-sea", "safe-work-at-sea-2"]),
        ("Travail sûr, été 2027!", ["travail-sur-ete-2027", "travail-sur-ete-2027-2"]),
        ("حملة العمل الآمن", ["campaign", "campaign-2"]),
        ("New", ["new-2", "new-3"]),
        ("2027", ["c-2027", "c-2027-2"]),
        ("a" * 160, ["a" * 40, "a" * 40 + "-2"]),
    ],
)
def test_an_address_is_made_from_the_title(title: str, slugs: list[str]) -> None:
    assert list(islice(slug_candidates(title), 2)) == slugs


def test_whoever_creates_a_campaign_becomes_its_designer(visitor: Visitor, session: Session) -> None:
    person = add_person(session, "amina")
    sign_in(visitor, "amina")
    page = visitor.get("/")
    assert "You have no campaign yet" in visitor.text()
    assert page.xpath("//a[@href='/campaigns/new']")
    visitor.get("/campaigns/new")
    response = visitor.submit("/campaigns/new", {"title": "  Safe work at sea ", "place": "Port of Marsa"})
    assert response.location == "/campaigns/safe-work-at-sea/"
    campaign = session.scalars(select(Campaign)).one()
    assert (campaign.title, campaign.place, campaign.simulated) == ("Safe work at sea", "Port of Marsa", False)
    membership = session.scalars(select(Membership)).one()
    assert (membership.person_id, membership.role) == (person.id, "designer")
    assert "campaign_created" in session.scalars(select(AuditEvent.action)).all()
    visitor.get("/")
    assert "Safe work at sea Port of Marsa Design: 0 of 15 questions answered" in visitor.text()


def test_two_campaigns_may_have_the_same_arabic_title(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    sign_in(visitor, "amina")
    for slug in ("campaign", "campaign-2"):
        visitor.get("/campaigns/new")
        response = visitor.submit("/campaigns/new", {"title": "حملة العمل الآمن"})
        assert response.location == f"/campaigns/{slug}/"
    visitor.get("/")
    assert visitor.text().count("حملة العمل الآمن") == 2


def test_a_title_that_cannot_be_stored_is_shown_again_with_a_sentence(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    sign_in(visitor, "amina")
    visitor.get("/campaigns/new")
    for title, sentence in (("", "Write a title."), ("  ", "Write a title."), ("x" * 161, "Shorten the title")):
        visitor.submit("/campaigns/new", {"title": title, "place": "Marsa"}, status=422)
        assert sentence in visitor.text()
        assert visitor.page is not None and visitor.page.xpath("//input[@name='place']/@value") == ["Marsa"]
    assert session.scalars(select(Campaign)).all() == []


def test_the_list_shows_ones_own_campaigns_and_to_an_administrator_all(
    app: Flask, visitor: Visitor, session: Session
) -> None:
    amina = add_person(session, "amina")
    add_person(session, "root", administrator=True)
    grant(session, amina, add_campaign(session), "enumerator")
    add_campaign(session, "hills", "Hill villages")
    sign_in(visitor, "amina")
    visitor.get("/")
    assert "Harbour campaign" in visitor.text() and "Hill villages" not in visitor.text()
    administrator = Visitor(app)
    sign_in(administrator, "root")
    administrator.get("/")
    assert "Harbour campaign" in administrator.text() and "Hill villages" in administrator.text()


def test_nobody_creates_a_campaign_without_signing_in(visitor: Visitor) -> None:
    response = visitor.http.get("/campaigns/new")
    assert response.location == "/sign-in?next=/campaigns/new"

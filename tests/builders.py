"""What many tests need first: a person, a campaign, a role, a sign-in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from accounts import people
from accounts.models import Person
from campaigns.models import Campaign
from tests.visitor import Visitor

PASSWORD = "seven boats in harbour"


def add_person(
    session: Session, user_name: str, password: str = PASSWORD, *, administrator: bool = False, display_name: str = ""
) -> Person:
    person = people.add_person(session, user_name, display_name or user_name.title(), password, administrator)
    session.commit()
    return person


def add_campaign(
    session: Session, slug: str = "harbour", title: str = "Harbour campaign", *, simulated: bool = False
) -> Campaign:
    campaign = Campaign(slug=slug, title=title, place="Port district", simulated=simulated)
    session.add(campaign)
    session.commit()
    return campaign


def grant(session: Session, person: Person, campaign: Campaign, *roles: str) -> None:
    for role in roles:
        people.grant(session, person.id, campaign.id, role)
    session.commit()


def sign_in(visitor: Visitor, user_name: str, password: str = PASSWORD) -> None:
    visitor.get("/sign-in")
    visitor.submit("/sign-in", {"user_name": user_name, "password": password})

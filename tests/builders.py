"""What many tests need first: a person, a campaign, a role, a sign-in."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from accounts import people
from accounts.models import Person
from campaigns.entries.saving import save_entry, single
from campaigns.kinds import KINDS
from campaigns.models import Campaign
from campaigns.safeguarding.contents import REFERRAL, RULES, SITE, Referral, Rules, SiteRisk
from core.database import now, transaction
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


def make_safe(app: Flask, campaign_id: int = 1, person_id: int = 1) -> None:
    """The same for a campaign that is reached through its pages."""
    with app.app_context(), transaction() as writing:
        if single(writing, campaign_id, RULES) is None:
            add_safeguards(writing, campaign_id, person_id)


def add_safeguards(session: Session, campaign_id: int, person_id: int) -> None:
    """A safeguarding plan that is complete for public places."""
    today = now().date()
    called = {"site": "Port", "language": "English", "reached": "1343", "dialled_on": today, "dialled_by": "Supervisor"}
    rules = Rules(
        setting="public",
        contact="Coordinator",
        contact_reached="By radio",
        stand_in="Nurse",
        lowest_age=18,
        minors="Nobody under 18 is asked",
        consent="Read aloud",
        advisers="Two, paid by the hour",
        advisers_paid=True,
        never_relive=True,
        harm_watch="Asked at the follow-up",
        answer_days=3,
    )
    contents = (
        (RULES, rules),
        (REFERRAL, Referral(purpose="hotline", name="Help line", **called)),
        (REFERRAL, Referral(purpose="health", name="Health post", **called)),
        (SITE, SiteRisk(site="Port", watched_by="Nobody", private_place="Office", stop_rule="When somebody listens")),
    )
    for kind, content in contents:
        save_entry(session, campaign_id, KINDS[kind], content, person_id)

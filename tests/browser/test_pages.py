"""The server's pages in a real browser: accessible, and no wider than a phone, in both directions of writing."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import people
from accounts.access import CampaignContext
from accounts.models import Device, Person
from campaigns.creating import create_campaign
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import freeze, save_draft
from campaigns.registers.assumptions import AssumptionDetails, Subject, save_assumption
from core.content import load_file
from core.database import now, session, transaction
from core.settings import ROOT
from demonstration.design import save_design
from surveys.collection.receiving import receive
from surveys.models import Form
from tests.browser.fieldwork import Fieldwork
from tests.browser.live import LiveServer
from tests.browser.tablet import AXE, PHONE, RUN_AXE, WIDER_THAN_SCREEN
from tests.builders import PASSWORD
from tests.surveys.fieldwork import filled

DESIGN = ROOT / "demonstration" / "design.yaml"
TESTED = "names_three_signs"
OF_A_CAMPAIGN = (
    *("", "sections", "context", "groups", "behaviours", "theory", "entries/segment/new", "safeguarding"),
    *("design/s3q4", "tasks", "tasks/new", "assumptions", "assumptions/new", "review", "history", "brief", "copy"),
    *("plan", "indicators", "indicators/catalogue", "calendar", "sizes", "questionnaires", "collect", "devices"),
    *("set-aside", "report", "people", "barrier-analysis", "barrier-analysis/new", "calendar/days", "indicators/own"),
    *("indicators/of-catalogue/less_migration", "plan/changes", "plan/changes/family", "sizes/knows_hotline"),
    "spreadsheet",
)


BEFORE = ("", "plan", "plan/freeze", "safeguarding", "theory", "brief")


def _everybody(fieldwork: Fieldwork, user_name: str) -> str:
    """One person who may open every page of the campaign; gives its address."""
    with transaction() as writing:
        person: Person = people.add_person(writing, user_name, "Alma Allrounder", PASSWORD, administrator=True)
        for role in ("designer", "enumerator", "supervisor", "evaluator"):
            people.grant(writing, person.id, fieldwork.campaign_id, role)
        _design(writing, fieldwork.campaign_id, person.id)
    _answers(fieldwork)
    return f"/campaigns/{_campaign(fieldwork).slug}/"


def _not_frozen(user_name: str, live: LiveServer) -> str:
    """The address of another campaign, whose plan is complete and not frozen."""
    with live.application(), transaction() as writing:
        person = people.find_person(writing, user_name)
        assert person is not None
        campaign = create_campaign(writing, f"Not frozen, {user_name}", "", person.id)
        chosen = (ChosenIndicator(TESTED, primary=True, points=15),)
        save_draft(writing, campaign.id, PlanChoices(chosen, ("intercept",), activity_ends_on=date(2099, 2, 27)), 0)
        return f"/campaigns/{campaign.slug}/"


def _campaign(fieldwork: Fieldwork) -> Campaign:
    return session().scalars(select(Campaign).filter_by(id=fieldwork.campaign_id)).one()


def _design(writing: Session, campaign_id: int, person_id: int) -> None:
    """The made-up campaign's design, so that no page stands empty, with a frozen plan that tests an assumption."""
    save_design(writing, campaign_id, load_file(DESIGN), now().date(), person_id)
    tested = AssumptionDetails("People will name the signs", indicator_id=TESTED)
    save_assumption(writing, campaign_id, Subject(), None, tested, 0, person_id)
    chosen = (ChosenIndicator(TESTED, primary=True, points=15),)
    draft = save_draft(writing, campaign_id, PlanChoices(chosen, ("training",), activity_ends_on=date(2099, 2, 27)), 0)
    campaign = writing.get_one(Campaign, campaign_id)
    about = (campaign.id, campaign.slug, campaign.title, campaign.place, True)
    context = CampaignContext(*about, frozenset({"designer"}))
    freeze(writing, context, draft.version, person_id, gap_reason="The work begins on Monday.")


def _answers(fieldwork: Fieldwork) -> None:
    """Twenty people before and after: few of them can name three signs at first, and most later."""
    device = session().scalars(select(Device).filter_by(campaign_id=fieldwork.campaign_id)).one()
    cells = {"consent": "yes", "age_group": "25_34", "sex": "female"}
    for wave, named in (("before", 5), ("after", 16)):
        form = select(Form).filter_by(campaign_id=fieldwork.campaign_id, instrument="training", wave=wave)
        version = session().scalars(form).one().versions[-1]
        for number in range(20):
            signs = "debt papers pay" if number < named else "dk"
            receive(session(), device, filled(version, **cells, warning_signs=signs, card_number=f"K{number}"))
    session().commit()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_accessible_and_fits_a_phone(
    browser: Browser, live: LiveServer, fieldwork: Fieldwork, language: str
) -> None:
    campaign = _everybody(fieldwork, f"alma.{language}")
    context = browser.new_context(locale=language, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live.url}/sign-in")
    faults = []

    def look(address: str) -> None:
        page.goto(live.url + address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(RUN_AXE)["violations"]
        faults.extend((address, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found)
        if page.evaluate(WIDER_THAN_SCREEN):
            faults.append((address, "wider than the screen", []))

    look("/sign-in")
    page.locator("#user_name").fill(f"alma.{language}")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{live.url}/")
    fresh = _not_frozen(f"alma.{language}", live)
    everywhere = ("/", "/campaigns/new", "/campaigns/import", "/people")
    for address in (*everywhere, *(campaign + part for part in OF_A_CAMPAIGN), *(fresh + part for part in BEFORE)):
        look(address)
    context.close()
    assert not faults

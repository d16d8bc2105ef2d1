"""The server's pages in a real browser: accessible, and no wider than a phone, in both directions of writing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from accounts import people
from accounts.models import Person
from campaigns.models import Campaign
from core.database import session, transaction
from tests.browser.fieldwork import Fieldwork
from tests.browser.live import LiveServer
from tests.browser.tablet import AXE, PHONE, RUN_AXE, WIDER_THAN_SCREEN
from tests.builders import PASSWORD

OF_A_CAMPAIGN = ("", "design/s3q4", "plan", "questionnaires", "collect", "devices", "set-aside", "report", "people")


def _everybody(fieldwork: Fieldwork, user_name: str) -> str:
    """One person who may open every page of the campaign; gives its address."""
    with transaction() as writing:
        person: Person = people.add_person(writing, user_name, "Alma Allrounder", PASSWORD, administrator=True)
        for role in ("designer", "enumerator", "supervisor", "evaluator"):
            people.grant(writing, person.id, fieldwork.campaign_id, role)
    slug = session().scalar(select(Campaign.slug).where(Campaign.id == fieldwork.campaign_id))
    return f"/campaigns/{slug}/"


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
    for address in ("/", "/campaigns/new", "/people", *(campaign + part for part in OF_A_CAMPAIGN)):
        look(address)
    context.close()
    assert not faults

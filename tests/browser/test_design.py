"""A programme officer without training goes from nothing to a brief, and two people work on one group at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts import people
from campaigns.creating import create_campaign
from core.database import transaction
from tests.browser.live import LiveServer
from tests.builders import PASSWORD

SLOW = 20_000  # ms
GROUP = "Women of 18 to 30 who wait for the ferry"
WANTED = "show the contract to the port office"
BARRIER = "The office is shut when the ferry leaves"


@pytest.fixture
def desks(browser: Browser, live: LiveServer) -> Iterator[tuple[Page, Page, str]]:
    """Two designers of one empty campaign, each in a browser of their own; the address of the campaign."""
    with live.application(), transaction() as writing:
        first = people.add_person(writing, "design.amal", "Amal", PASSWORD)
        second = people.add_person(writing, "design.bea", "Bea", PASSWORD)
        campaign = create_campaign(writing, "Ferry design", "Ferry port", first.id)
        people.grant(writing, second.id, campaign.id, "designer")
        address = f"{live.url}/campaigns/{campaign.slug}/"
    with ExitStack() as closing:
        pages = []
        for name in ("design.amal", "design.bea"):
            context = browser.new_context(locale="en-GB")
            closing.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(SLOW)
            page.goto(f"{live.url}/sign-in")
            page.locator("#user_name").fill(name)
            page.locator("#password").fill(PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(f"{live.url}/")
            pages.append(page)
        yield pages[0], pages[1], address


def test_from_nothing_to_a_brief_and_two_people_at_one_group(desks: tuple[Page, Page, str]) -> None:
    amal, bea, campaign = desks
    _describe_the_group(amal, campaign)
    _from_behaviour_to_response(amal)
    _two_at_one_group(amal, bea, campaign)
    amal.goto(f"{campaign}theory")
    expect(amal.locator("figure svg")).to_be_visible()
    expect(amal.get_by_role("cell", name="cannot act on it")).to_be_visible()
    amal.goto(f"{campaign}review")
    expect(amal.get_by_text("“A leaflet” cannot act on the barrier that it answers.")).to_be_visible()
    amal.goto(f"{campaign}brief")
    expect(amal.get_by_role("heading", name=GROUP).first).to_be_visible()
    amal.get_by_text("Download this brief").click()
    for kind, beginning in (("PDF, Français", b"%PDF"), ("Word file, العربية", b"PK")):
        with amal.expect_download() as download:
            amal.get_by_role("link", name=kind).click()
        assert download.value.path().read_bytes().startswith(beginning)


def _describe_the_group(page: Page, campaign: str) -> None:
    page.goto(campaign)
    page.get_by_role("link", name="Target groups").click()
    page.get_by_role("link", name="Describe a group").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Write who they are.")
    page.get_by_label("Who are they?").fill(GROUP)
    page.get_by_label("Potential victims").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=GROUP)).to_be_visible()


def _from_behaviour_to_response(page: Page) -> None:
    page.get_by_role("link", name="Back to the overview").click()
    page.get_by_role("link", name="Behaviours and barriers").click()
    page.get_by_role("link", name="Add a behaviour").click()
    page.get_by_label("Who?").fill(GROUP)
    page.get_by_label("Does what?").fill(WANTED)
    page.get_by_label("Assumed: it seems likely").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a barrier").click()
    page.get_by_label("What keeps people from it?").fill(BARRIER)
    page.get_by_label("Structural").check()
    page.get_by_label("Physical opportunity").check()
    page.get_by_label("Not known yet").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a response").click()
    page.get_by_label("What do you do about it?").fill("A leaflet")
    page.get_by_label("Education").check()
    page.get_by_label("What else could it do, and whom could it put in danger?").fill("Recruiters may see it")
    page.get_by_label("Whom could it leave out?").fill("Those who cannot read")
    page.get_by_label("Not known yet").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This response cannot act on what is lacking here.")).to_be_visible()


def _two_at_one_group(amal: Page, bea: Page, campaign: str) -> None:
    for page in (amal, bea):
        page.goto(f"{campaign}groups")
        page.get_by_role("link", name="Change this group").click()
    amal.get_by_label("How many are there, about?").fill("900")
    amal.get_by_role("button", name="Save").click()
    expect(amal.get_by_text("Recorded.")).to_be_visible()
    bea.get_by_label("What reaches them?").fill("The radio of the port")
    bea.get_by_role("button", name="Save").click()
    expect(bea.get_by_role("alert").first).to_contain_text("Somebody else changed this while you were writing.")
    expect(bea.get_by_role("alert").first).to_contain_text("900")
    expect(bea.get_by_label("What reaches them?")).to_have_value("The radio of the port")
    bea.get_by_label("How many are there, about?").fill("900")
    bea.get_by_role("button", name="Save").click()
    expect(bea.get_by_text("The radio of the port")).to_be_visible()
    expect(bea.get_by_text("900")).to_be_visible()

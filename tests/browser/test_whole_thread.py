"""The whole thread once, in a real browser: from a design answer to a sentence in the French report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts import people
from accounts.people import find_person
from campaigns.guide import guide
from campaigns.models import Campaign
from core.database import now, session, transaction
from tests.browser.live import LiveServer
from tests.browser.tablet import DESKTOP, TABLET, Tablet
from tests.builders import PASSWORD

TITLE = "Ask before you go"
SLOW = 20_000  # milliseconds; the machine may be busy with other tests
Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, live: LiveServer) -> Iterator[Desk]:
    """Opens a browser of its own for a person and signs them in."""
    with ExitStack() as closing:

        def sign_in(user_name: str, locale: str = "en-GB") -> Page:
            context = browser.new_context(locale=locale, viewport=DESKTOP)  # type: ignore[arg-type]
            closing.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(SLOW)
            page.goto(f"{live.url}/sign-in")
            page.locator("#user_name").fill(user_name)
            page.locator("#password").fill(PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(f"{live.url}/")
            return page

        yield sign_in


@pytest.fixture
def staff(live: LiveServer) -> None:
    """Three people with accounts and no role yet."""
    with live.application(), transaction() as writing:
        for name in ("thread.designer", "thread.enumerator", "thread.evaluator"):
            people.add_person(writing, name, name.title(), PASSWORD)


def _grant(live: LiveServer, user_name: str, role: str) -> None:
    """What the administrator does once the campaign is there."""
    with live.application(), transaction() as writing:
        campaign = session().query(Campaign).filter_by(title=TITLE).one()
        person = find_person(writing, user_name)
        assert person is not None
        people.grant(writing, person.id, campaign.id, role)


def _design(page: Page) -> None:
    page.get_by_role("link", name="Start a new campaign").first.click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Place").fill("Ferry port")
    page.get_by_role("button", name="Start this campaign").click()
    page.get_by_role("link", name="Overview").first.click()
    for section in guide().part(()).sections:
        page.locator(f"a[href*='/design/{section.questions[0].id}']").first.click()
        for question in section.questions:
            _answer(page, question.id)
        expect(page).to_have_url(re.compile(rf"/sections/{section.id}$"), timeout=SLOW)
        page.get_by_label("Nothing changes").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Recorded.")).to_be_visible()


def _answer(page: Page, question: str) -> None:
    expect(page).to_have_url(re.compile(rf"/design/{question}$"), timeout=SLOW)
    page.get_by_label("Known: we can say where it is known from").check()
    page.get_by_label("Your answer").fill(f"What we know about {question}.")
    page.get_by_label("Where is this known from?").fill("Own talks with forty people, May")
    page.get_by_label("How strong is the evidence?").select_option("several_people")
    page.locator("button[type=submit][name=go]").first.click()


def _safeguard(page: Page) -> None:
    """What adults in a room need: a hotline that was called, and a named contact."""
    page.get_by_role("link", name="Safeguarding plan").first.click()
    page.get_by_role("link", name="Write down the rules").click()
    page.get_by_label("Adults in a room with us").check()
    page.get_by_label("Who is told at once when somebody is in danger or upset?").fill("Amal")
    page.get_by_label("How is that person reached during fieldwork?").fill("By radio")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a place to turn to").click()
    page.get_by_label("For which site?").fill("Ferry port")
    page.get_by_label("In which language is help given?").fill("English")
    page.get_by_label("Hotline").check()
    page.get_by_label("Which service is it?").fill("Help line")
    page.get_by_label("How is it reached?").fill("1343")
    page.get_by_label("On which day did one of you call or go there?").fill(now().date().isoformat())
    page.get_by_label("Who called or went?").fill("Amal")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Help line").first).to_be_visible()


def _freeze(page: Page) -> None:
    page.get_by_role("link", name="Plan", exact=True).first.click()
    for indicator in ("knows_hotline", "names_three_signs"):
        page.locator(f"#{indicator}-chosen").check()
        page.locator(f"#{indicator}-points").fill("15")
    page.locator("#knows_hotline-primary").check()
    page.get_by_label("Training").check()
    page.get_by_label("Last day of the activity").fill("2026-06-30")
    page.get_by_role("button", name="Save and review").click()
    page.get_by_role("button", name="Freeze the plan and open fieldwork").click()
    expect(page.get_by_text("The plan is frozen and the questionnaires are published.")).to_be_visible()


def _set_up_tablet(page: Page, tablet: Tablet) -> None:
    """The enumerator signs in on the tablet itself and comes from there to the collection page."""
    page.get_by_role("link", name=TITLE).first.click()
    page.locator("a[href$='/collect']").first.click()
    page.locator("#label").fill("Tablet 7")
    page.locator("form:has(#label) button[type=submit]").click()
    expect(page.get_by_text(tablet.says("home.ready"), exact=True)).to_be_visible()
    expect(page.locator(".form-card").first).to_be_visible()


def test_from_a_design_answer_to_the_french_report_with_a_killed_server_between(
    live: LiveServer, staff: None, desk: Desk, new_tablet: Callable[..., Tablet]
) -> None:
    designer = desk("thread.designer")
    _design(designer)
    designer.get_by_role("link", name="Overview").first.click()
    _safeguard(designer)
    _freeze(designer)
    _grant(live, "thread.enumerator", "enumerator")
    _grant(live, "thread.evaluator", "evaluator")

    tablet = new_tablet(locale="ar", viewport=TABLET)
    tablet.page.goto(f"{live.url}/sign-in")
    tablet.page.locator("#user_name").fill("thread.enumerator")
    tablet.page.locator("#password").fill(PASSWORD)
    tablet.page.locator("main button[type=submit]").click()
    _set_up_tablet(tablet.page, tablet)

    tablet.go_offline()
    for number in ("right", "wrong"):
        tablet.interview(f"{TITLE}: training, before", "العربية", hotline_number=number)
    tablet.expect_waiting(2)

    live.stop()
    tablet.close_tab_and_open_again()
    tablet.expect_waiting(2)
    live.start()
    tablet.go_online()
    tablet.send()
    tablet.expect_waiting(0)

    evaluator = desk("thread.evaluator", locale="fr-FR")
    evaluator.get_by_role("link", name=TITLE).first.click()
    evaluator.locator("a[href$='/report']").first.click()
    evaluator.wait_for_url(re.compile(r"/report$"))
    expect(evaluator.locator("html")).to_have_attribute("lang", "fr")
    expect(evaluator.locator("#training table").first).to_contain_text(re.compile(r"\b2\b"))

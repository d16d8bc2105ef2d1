"""The page of a guided question in a real browser: what is typed is saved by itself, over any network."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from accounts import people
from campaigns.creating import create_campaign
from campaigns.models import DesignAnswer
from core.database import session, transaction
from tests.browser.live import LiveServer
from tests.browser.tablet import AXE, DESKTOP, PHONE, RUN_AXE, WIDER_THAN_SCREEN
from tests.builders import PASSWORD

SLOW = 20_000  # milliseconds; the machine may be busy with other tests
NUMBERS = count()


@pytest.fixture
def slug(live: LiveServer) -> str:
    """A campaign of this test, whose designer is called like it."""
    with live.application(), transaction() as writing:
        name = f"autosave-{next(NUMBERS)}"
        person = people.add_person(writing, name, name.title(), PASSWORD)
        return create_campaign(writing, name, "Marsa", person.id).slug


@pytest.fixture
def page(browser: Browser, live: LiveServer, slug: str) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", viewport=DESKTOP)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    opened.goto(f"{live.url}/sign-in")
    opened.locator("#user_name").fill(slug)
    opened.locator("#password").fill(PASSWORD)
    opened.locator("main button[type=submit]").click()
    opened.wait_for_url(f"{live.url}/")
    opened.goto(f"{live.url}/campaigns/{slug}/design/s3q1")
    yield opened
    context.close()


def stored(live: LiveServer, slug: str) -> list[tuple[str, str, str]]:
    with live.application():
        query = select(DesignAnswer).where(DesignAnswer.campaign.has(slug=slug)).order_by(DesignAnswer.question_id)
        return [(answer.state, answer.text, answer.source) for answer in session().scalars(query)]


def test_what_is_typed_is_saved_and_the_page_says_so(page: Page, live: LiveServer, slug: str) -> None:
    page.get_by_label("Your answer").press_sequentially("Men of the port")
    expect(page.locator("#saved")).to_contain_text("Not saved yet.")
    expect(page.locator("#saved")).to_contain_text("Saved: ")
    expect(page.locator("#saved")).to_contain_text("Choose how sure you are.")
    page.get_by_label("Assumed: we believe it").check()
    expect(page.locator("#saved")).not_to_contain_text("Choose how sure you are.")
    assert stored(live, slug) == [("assumed", "Men of the port", "")]


def test_on_a_slow_network_the_button_waits_for_the_save_under_way(page: Page, live: LiveServer, slug: str) -> None:
    def slowly(route: Route) -> None:
        if "hx-request" in route.request.headers:
            time.sleep(1)
        route.continue_()

    page.route("**/design/**", slowly)
    page.get_by_label("Known: we can say").check()
    page.get_by_label("Your answer").fill("Men of the port")
    page.get_by_label("Where is this known from?").fill("A list")
    page.get_by_label("How strong is the evidence?").select_option("records")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/design/s3q2")
    assert stored(live, slug) == [("known", "Men of the port", "A list")]


def test_without_a_network_the_page_says_so_and_saves_when_it_is_back(page: Page, live: LiveServer, slug: str) -> None:
    page.context.set_offline(True)
    page.get_by_label("Assumed: we believe it").check()
    page.get_by_label("Your answer").fill("Men of the port")
    expect(page.locator("#saved")).to_contain_text("Not saved: the server cannot be reached.")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved: ")
    assert stored(live, slug) == [("assumed", "Men of the port", "")]


def test_leaving_by_a_link_takes_the_last_words_along(page: Page, live: LiveServer, slug: str) -> None:
    page.get_by_label("Assumed: we believe it").check()
    expect(page.locator("#saved")).to_contain_text("Write what you assume.")
    page.get_by_label("Your answer").fill("Men of the port")
    page.get_by_role("link", name="Next: Action wanted").click()
    page.wait_for_url("**/design/s3q2")
    page.goto(f"{live.url}/campaigns/{slug}/design/s3q1")
    expect(page.get_by_label("Your answer")).to_have_value("Men of the port")


def test_a_session_that_has_ended_is_told_and_the_text_stays(page: Page, live: LiveServer, slug: str) -> None:
    with live.application(), transaction() as writing:
        person = people.find_person(writing, slug)
        assert person is not None
        people.end_sessions(writing, person)
    page.get_by_label("Your answer").fill("Men of the port")
    expect(page.locator("#saved")).to_contain_text("Not saved: your session has ended.")
    expect(page.get_by_label("Your answer")).to_have_value("Men of the port")
    assert stored(live, slug) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_pages_of_design_and_plan_pass_axe_and_fit_the_screen(
    page: Page, live: LiveServer, slug: str, viewport: dict[str, int]
) -> None:
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    for path in ("", f"campaigns/{slug}/", f"campaigns/{slug}/design/s3q4", f"campaigns/{slug}/plan", "campaigns/new"):
        page.goto(f"{live.url}/{path}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN_AXE)["violations"] == [], path
        assert not page.evaluate(WIDER_THAN_SCREEN), path

"""One person evaluates one training in a real browser: every page accessible and no wider than a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from accounts import people
from core.database import transaction
from tests.browser.fieldwork import Fieldwork
from tests.browser.live import LiveServer
from tests.browser.tablet import AXE, PHONE, RUN_AXE, WIDER_THAN_SCREEN
from tests.builders import PASSWORD

ANSWERS = "card,sex,age,hotline_number_before,hotline_number_after\n" + "".join(
    f"K{n:03d},{'f' if n % 2 else 'm'},{20 + n},{'yes' if n < 6 else 'no'},{'yes' if n < 18 else 'perhaps'}\n"
    for n in range(24)
)


class Lane:
    """The pages of one lane as they are walked through; what is wrong with each is remembered."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.faults: list[tuple[str, str, object]] = []

    def open(self, address: str) -> None:
        self.page.goto(self.home + address)
        self.look()

    def look(self) -> None:
        address = self.page.url.removeprefix(self.home)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for rule in self.page.evaluate(RUN_AXE)["violations"]:
            self.faults.append((address, rule["id"], [node["target"] for node in rule["nodes"]]))
        if self.page.evaluate(WIDER_THAN_SCREEN):
            self.faults.append((address, "wider than the screen", []))

    def send(self, form: str = "main form.card") -> None:
        self.page.locator(f"{form} button.btn-primary[type=submit]").first.click()
        self.page.wait_for_load_state()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_one_person_goes_through_the_six_steps(
    browser: Browser, live: LiveServer, fieldwork: Fieldwork, tmp_path: Path, language: str
) -> None:
    with transaction() as writing:
        people.add_person(writing, f"tala.{language}", "Tala Trainer", PASSWORD)
    context = browser.new_context(locale=language, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live.url}/sign-in")
    page.locator("#user_name").fill(f"tala.{language}")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.goto(f"{live.url}/campaigns/new")
    page.locator("input[name=lane][value=training]").check()
    page.locator("#title").fill(f"One afternoon {language}")
    page.locator("main form.card button[type=submit]").click()
    page.wait_for_url("**/campaigns/one-afternoon-*/")
    lane = Lane(page, page.url)
    lane.look()

    lane.open("training/indicators")
    lane.send()
    lane.open("training/safety")
    for field, text in (
        ("hotline", "080 12 34"),
        ("dialled_on", "2026-11-20"),
        ("dialled_by", "Tala"),
        ("contact_name", "Nadia"),
        ("contact_reached", "Room 2"),
    ):
        page.locator(f"#{field}").fill(text)
    lane.send()
    lane.open("training/freeze")
    page.locator("#gap_reason").fill("The training is on Monday.")
    lane.send("main")
    lane.look()
    for address in ("questionnaire", f"paper/before/{language}", "cards", "phones"):
        lane.open(f"training/{address}")
    lane.send("main")
    lane.look()

    file = tmp_path / "answers.csv"
    file.write_text(ANSWERS, encoding="utf-8")
    lane.open("spreadsheet")
    page.locator("#first").set_input_files(file)
    lane.send()
    page.wait_for_url("**/columns")
    lane.look()
    lane.send("main")
    page.wait_for_url("**/values")
    lane.look()
    lane.send("main")
    page.wait_for_selector("article.report")
    lane.look()
    lane.open("")
    context.close()
    assert not lane.faults

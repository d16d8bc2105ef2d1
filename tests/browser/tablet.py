"""A tablet in the hands of a person: the collection client in a browser context of its own."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from core.settings import ROOT

PHONE = {"width": 360, "height": 740}
TABLET = {"width": 800, "height": 1280}
DESKTOP = {"width": 1280, "height": 800}

AXE = ROOT / "static" / "dist" / "test" / "axe.min.js"
RUN_AXE = "axe.run(document, {resultTypes: ['violations']})"
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
INTERVIEW_LANGUAGES = {"English": "en", "Français": "fr", "Español": "es", "العربية": "ar"}
# a failed request is part of many tests; the client's own words about it are what they look at
EXPECTED_COMPLAINT = re.compile(r"Failed to load resource|QuotaExceededError")


@cache
def catalogue(language: str) -> dict[str, Any]:
    text = (ROOT / "client" / "src" / "i18n" / f"{language}.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


class Tablet:
    """What a person does with it; everything else through ``page``.

    ``language`` is the one on the screen: that of the start page or, once an interview has begun, the interview's.
    """

    def __init__(self, browser: Browser, url: str, locale: str, viewport: dict[str, int]) -> None:
        self.url = url
        self.own_language = self.language = locale.split("-")[0]
        self.complaints: list[str] = []
        self.context = browser.new_context(locale=locale, viewport={**viewport})  # type: ignore[arg-type]
        self.page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED_COMPLAINT.search(message.text):
            self.complaints.append(message.text)

    def says(self, key: str, **values: Any) -> str:
        """The client's sentence in the language of this tablet (of a counted one, the form for many)."""
        entry = catalogue(self.language)[key]
        sentence: str = entry if isinstance(entry, str) else entry["other"]
        for name, value in values.items():
            sentence = sentence.replace(f"{{{name}}}", str(value))
        return sentence

    def put_away(self) -> None:
        self.context.close()

    def go_offline(self) -> None:
        self.context.set_offline(True)

    def go_online(self) -> None:
        self.context.set_offline(False)

    # The start page

    @property
    def forms(self) -> list[str]:
        """The questionnaires that may be begun, as the start page names them."""
        return self.page.locator(".form-name").all_inner_texts()

    def open(self) -> None:
        self.language = self.own_language
        self.page.goto(f"{self.url}/collect/")

    def close_tab_and_open_again(self) -> None:
        self.page.close()
        self.page = self._new_page()
        self.open()

    def enrol(self, token: str) -> None:
        """Come from the enrolment page, and wait until the network may go away."""
        self.page.goto(f"{self.url}/collect/#key={token}")
        expect(self.page.get_by_text(self.says("home.ready"), exact=True)).to_be_visible()
        expect(self.page.locator(".form-card").first).to_be_visible()

    def begin(self, form: str, language: str = "English") -> None:
        self.page.get_by_role("button", name=form).click()
        self.page.get_by_role("button", name=language, exact=True).click()
        self.language = INTERVIEW_LANGUAGES[language]

    def send(self) -> None:
        self.press("home.send")

    def press(self, key: str, within: Locator | None = None) -> None:
        place = within or self.page.locator("body")
        place.get_by_role("button", name=self.says(key), exact=True).click()

    def expect_waiting(self, count: int) -> None:
        if count == 0:
            expect(self.page.get_by_text(self.says("home.nothing_waiting"))).to_be_visible()
        else:
            expect(self.page.locator(".badge")).to_contain_text(re.compile(rf"^{count}\D"))

    # An interview

    def question(self, reference: str) -> Locator:
        return self.page.locator(f'[data-reference="/data/{reference}"]')

    def choose(self, reference: str, *codes: str) -> None:
        for code in codes:
            self.question(reference).locator(f'input[value="{code}"]').check()

    def write(self, reference: str, text: str) -> None:
        self.question(reference).locator("input, textarea").fill(text)

    def next(self) -> None:
        self.press("interview.next")

    def finish(self) -> None:
        self.press("end.finish")
        expect(self.page.get_by_role("heading", name=self.says("done.title"))).to_be_visible()

    def leave(self, key: str, within: Locator | None = None) -> None:
        """From the thanks or out of the question whether to stop, back to the start page."""
        self.press(key, within)
        self.language = self.own_language

    def interview(self, form: str, language: str = "English", **answers: str) -> None:
        """A whole interview with two knowledge questions, from the start page back to the start page."""
        self.begin(form, language)
        self.choose("screen_consent/consent", "yes")
        self.next()
        if "card_number" in answers:
            self.write("screen_about_you/card_number", answers["card_number"])
        self.choose("screen_about_you/age_group", answers.get("age_group", "25_34"))
        self.choose("screen_about_you/sex", answers.get("sex", "female"))
        self.next()
        self.choose("screen_knowledge/warning_signs", *answers.get("warning_signs", "debt papers").split())
        self.choose("screen_knowledge/hotline_number", answers.get("hotline_number", "wrong"))
        self.next()
        self.next()
        self.finish()
        self.leave("done.home")

    # What it looks like

    def inspect(self) -> None:
        """Everything on this screen is accessible, and nothing is wider than the screen."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(RUN_AXE)["violations"]
        problems = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert not problems, problems
        assert not self.page.evaluate(WIDER_THAN_SCREEN), "the page is wider than the screen"

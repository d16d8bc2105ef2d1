"""The language of a page: chosen by the person, else by the browser; its direction follows."""

from __future__ import annotations

import pytest

from core.languages import LANGUAGES, content_text, direction
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("wish", "language"), [("ar-LB,ar;q=0.9", "ar"), ("es-419", "es"), ("de,fr;q=0.5", "fr"), ("de", "en"), ("", "en")]
)
def test_the_browser_is_asked_first(visitor: Visitor, wish: str, language: str) -> None:
    page = visitor.get("/sign-in", headers={"Accept-Language": wish})
    assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language == "ar" else "ltr")


def test_a_choice_is_kept_and_leads_back_to_the_page(visitor: Visitor) -> None:
    visitor.get("/sign-in?next=/people")
    assert visitor.page is not None
    back = visitor.page.xpath("//form[@action='/language']/input[@name='next']/@value")[0]
    response = visitor.submit("/language", {"language": "ar", "next": back})
    assert response.location == "/sign-in?next=/people"
    page = visitor.get("/sign-in", headers={"Accept-Language": "fr"})
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert page.xpath("//link[contains(@href, 'bootstrap.rtl.min.css')]")


def test_every_language_is_named_in_itself(visitor: Visitor) -> None:
    page = visitor.get("/sign-in")
    buttons = page.xpath("//form[@action='/language']//button")
    assert {button.get("lang"): button.text_content() for button in buttons} == LANGUAGES
    assert [button.get("lang") for button in buttons if button.get("aria-current")] == ["en"]


def test_an_unknown_language_is_refused(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    visitor.submit("/language", {"language": "tlh"}, status=400)
    assert "There is no such language here." in visitor.text()


def test_choosing_a_language_leads_nowhere_else(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    assert visitor.submit("/language", {"language": "fr", "next": "//elsewhere.example"}).location == "/"


@pytest.mark.parametrize(
    ("tag", "expected"), [("ar", "rtl"), ("fa-AF", "rtl"), ("he", "rtl"), ("fr", "ltr"), ("sw", "ltr")]
)
def test_the_direction_comes_from_the_tag(tag: str, expected: str) -> None:
    assert direction(tag) == expected


def test_a_content_text_without_translation_stays_as_it_is() -> None:
    assert content_text("fr", "no_such_question.text", "Whom do you want to reach?") == "Whom do you want to reach?"

"""Every kind of question an XLSForm may ask: drawn, answered, kept in a draft, and sent as ODK's engine writes it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Locator, expect

from tests.browser.fieldwork import Fieldwork
from tests.browser.tablet import PHONE, Tablet

SURVEY: list[dict[str, str]] = [
    {"type": "note", "name": "welcome", "label": "**Good day.** <script>no()</script>"},
    {"type": "acknowledge", "name": "informed", "label": "The sheet was read"},
    {"type": "begin group", "name": "typed", "label": "Typed answers"},
    {"type": "text", "name": "words", "label": "In your own words", "appearance": "multiline"},
    {"type": "integer", "name": "age", "label": "Age", "constraint": ". < 120", "constraint_message": "Too old."},
    {"type": "decimal", "name": "hours", "label": "Hours a day"},
    {"type": "date", "name": "day", "label": "Which day?"},
    {"type": "time", "name": "hour", "label": "At what time?"},
    {"type": "dateTime", "name": "moment", "label": "When exactly?"},
    {"type": "calculate", "name": "double", "calculation": "${age} * 2"},
    {"type": "note", "name": "shown", "label": "Twice that is ${double}."},
    {"type": "end group"},
    {"type": "begin group", "name": "chosen", "label": "Chosen answers"},
    {"type": "select_one area", "name": "area", "label": "Area", "appearance": "minimal"},
    {"type": "select_one town", "name": "town", "label": "Town", "choice_filter": "area = ${area}"},
    {"type": "rank thing", "name": "order", "label": "Put in order"},
    {"type": "range", "name": "scale", "label": "From 0 to 5", "parameters": "start=0 end=5 step=1"},
    {"type": "range", "name": "wide", "label": "From 0 to 100", "parameters": "start=0 end=100 step=1"},
    {"type": "end group"},
    {"type": "begin group", "name": "sent", "label": "Files"},
    {"type": "image", "name": "photo", "label": "Photo"},
    {"type": "audio", "name": "voice", "label": "Voice"},
    {"type": "geopoint", "name": "place", "label": "Place"},
    {"type": "end group"},
    {"type": "begin repeat", "name": "person", "label": "Person"},
    {"type": "integer", "name": "years", "label": "Years", "required": "yes"},
    {"type": "end repeat"},
]
CHOICES: list[dict[str, str]] = [
    {"list_name": "area", "name": "n", "label": "North"},
    {"list_name": "area", "name": "s", "label": "South"},
    {"list_name": "town", "name": "hill", "label": "Hill", "area": "n"},
    {"list_name": "town", "name": "bay", "label": "Bay", "area": "s"},
    {"list_name": "thing", "name": "a", "label": "First"},
    {"list_name": "thing", "name": "b", "label": "Second"},
]
EVERYTHING: dict[str, Any] = {"survey": SURVEY, "choices": CHOICES}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """One teal pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\x0b\x6e\x6e")
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b""))
    return path


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "voice.webm"
    path.write_bytes(b"not really a sound, but the client does not listen")
    return path


@pytest.fixture
def everything(tablet: Tablet, fieldwork: Fieldwork) -> Tablet:
    fieldwork.bring_in("everything", "1", "Everything", EVERYTHING)
    tablet.send()
    tablet.page.get_by_role("button", name="Everything").click()
    return tablet


def test_every_kind_of_question_is_asked_and_its_answer_arrives(everything: Tablet, fieldwork: Fieldwork) -> None:
    tablet, page = everything, everything.page
    expect(page.get_by_text("Good day. <script>no()</script>")).to_be_visible()
    expect(page.locator("strong")).to_have_text("Good day.")
    page.get_by_role("checkbox").check()
    tablet.next()
    _type(tablet)
    tablet.next()
    _choose(tablet)
    tablet.next()
    expect(tablet.question("sent/place")).to_contain_text(tablet.says("question.unsupported"))
    tablet.next()
    tablet.press("question.add")
    tablet.write("person[1]/years", "30")
    tablet.write("person[2]/years", "40")
    tablet.press("question.add")
    tablet.press("question.remove", page.locator(".entry").nth(2))
    tablet.press("question.remove", page.get_by_role("dialog"))
    expect(page.locator(".entry")).to_have_count(2)
    tablet.next()
    tablet.finish()
    tablet.leave("done.home")
    tablet.expect_waiting(0)

    sent = _document(fieldwork)
    assert {path: sent.findtext(path) for path in ANSWERS} == ANSWERS
    assert [years.text for years in sent.iterfind("person/years")] == ["30", "40"]
    assert str(sent.findtext("typed/moment")).startswith("2026-03-01T09:30:00.000")


ANSWERS = {
    "informed": "OK",
    "typed/words": "Two\nlines",
    "typed/age": "22",
    "typed/hours": "7.5",
    "typed/day": "2026-03-01",
    "typed/double": "44",
    "chosen/area": "s",
    "chosen/town": "bay",
    "chosen/order": "b a",
    "chosen/scale": "4",
    "chosen/wide": "63",
}


def _type(tablet: Tablet) -> None:
    page = tablet.page
    tablet.write("typed/words", "Two\nlines")
    tablet.write("typed/age", "two")
    tablet.next()
    expect(tablet.question("typed/age")).to_contain_text(tablet.says("question.whole_number"))
    tablet.write("typed/age", "130")
    page.keyboard.press("Tab")
    expect(tablet.question("typed/age").get_by_role("alert")).to_have_text("Too old.")
    tablet.write("typed/age", "٢٢")
    expect(tablet.question("typed/age").get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Twice that is 44.")).to_be_visible()
    tablet.write("typed/hours", "7,5")
    tablet.write("typed/day", "2026-03-01")
    tablet.write("typed/hour", "09:30")
    tablet.write("typed/moment", "2026-03-01T09:30")


def _choose(tablet: Tablet) -> None:
    tablet.page.get_by_label("Area").select_option("s")
    expect(tablet.question("chosen/town").get_by_text("Hill")).to_have_count(0)
    tablet.choose("chosen/town", "bay")
    tablet.press("question.clear")
    expect(tablet.question("chosen/town").locator(":checked")).to_have_count(0)
    tablet.choose("chosen/town", "bay")
    tablet.page.get_by_role("button", name=tablet.says("question.rank_up", label="Second")).click()
    tablet.choose("chosen/scale", "4")
    tablet.write("chosen/wide", "63")


def test_files_survive_a_draft_and_a_file_that_was_taken_away_is_not_sent(
    everything: Tablet, fieldwork: Fieldwork, photo: Path, voice: Path
) -> None:
    tablet = everything
    for _ in range(3):
        tablet.next()
    tablet.question("sent/photo").locator("input").set_input_files(photo)
    tablet.question("sent/voice").locator("input").set_input_files(voice)
    expect(_attached(tablet)).to_have_count(2)
    tablet.press("interview.stop")
    tablet.leave("stop.keep")

    tablet.close_tab_and_open_again()
    tablet.press("home.draft_continue")
    expect(_attached(tablet)).to_have_count(2)
    tablet.press("question.remove", tablet.question("sent/voice"))
    expect(_attached(tablet)).to_have_count(1)
    tablet.next()
    tablet.write("person[1]/years", "30")
    tablet.next()
    tablet.finish()
    tablet.leave("done.home")
    tablet.expect_waiting(0)

    sent = _document(fieldwork)
    (file,) = fieldwork.attachments()
    assert file.name == sent.findtext("sent/photo")
    assert file.size == photo.stat().st_size
    assert sent.findtext("sent/voice") == ""


def test_a_large_form_with_every_kind_is_accessible_on_a_phone(everything: Tablet) -> None:
    everything.page.set_viewport_size({**PHONE})  # type: ignore[typeddict-item]
    for _ in range(5):
        everything.inspect()
        everything.next()


def _attached(tablet: Tablet) -> Locator:
    return tablet.page.get_by_text(tablet.says("question.file_size", kilobytes=1))


def _document(fieldwork: Fieldwork) -> etree._Element:
    (submission,) = fieldwork.submissions()
    return etree.fromstring(submission.document.xml)

"""The design brief: the whole design, in every language, as a page, a PDF and a Word file."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from sqlalchemy.orm import Session
from weasyprint.urls import FatalURLFetchingError

from core.documents.blocks import Picture
from core.documents.drawn import png
from core.documents.pdf import pdf
from core.documents.reading import direction_of
from tests.campaigns.conftest import SignIn
from tests.campaigns.test_entries import chain, write
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
REFERRAL = {
    "site": "Orsa",
    "language": "French",
    "purpose": "law",
    "name": "Aid",
    "reached": "555 0142",
    "version": "0",
}


@pytest.fixture
def written(designer: Visitor, session: Session) -> Visitor:
    chain(designer, session)
    write(designer, "safeguarding", {"setting": "public", "version": "0"})
    write(designer, "referral", REFERRAL)
    address = f"{HOME}design/s3q1"
    designer.get(address)
    designer.submit(address, {"state": "assumed", "text": "نساء الميناء", "version": "0"})
    return designer


def test_the_brief_says_the_whole_design_and_where_it_is_weak(written: Visitor) -> None:
    page = written.get(f"{HOME}brief")
    text = written.text()
    for part in (
        "Women of the port", "show the contract to the migration desk", "The desk is far away", "A leaflet",
        "Those who cannot read", "How nobody comes to harm", "Still open before fieldwork:", "نساء الميناء",
        "cannot act on the barrier that it answers", "Register of assumptions",
    ):  # fmt: skip
        assert part in text, part
    assert page.xpath("//figure//*[name()='svg']")
    assert "555 0142" not in text, "a brief is handed on: numbers stay in the safeguarding plan"
    assert "Dora" not in " ".join(page.xpath("//div[@class='brief']//text()")), "no account is named"


def test_an_empty_design_makes_an_honest_brief(designer: Visitor) -> None:
    designer.get(f"{HOME}brief")
    assert "You do not say who is to do something differently" in designer.text()


@pytest.mark.parametrize(("language", "heading"), [("en", "Theory of change"), ("ar", None)])
def test_the_word_file_is_in_the_language_that_was_chosen(written: Visitor, language: str, heading: str | None) -> None:
    reply = written.http.get(f"{HOME}brief.docx?language={language}")
    assert reply.headers["Content-Disposition"].endswith(f'harbour_brief_{language}.docx"')
    with zipfile.ZipFile(BytesIO(reply.data)) as file:
        body = file.read("word/document.xml").decode()
        assert [name for name in file.namelist() if name.endswith(".png")], "the picture is inside"
    assert "The desk is far away" in body and "نساء الميناء" in body
    assert ("<w:bidiVisual/>" in body) == (language == "ar")
    assert heading is None or heading in body
    assert "<w:bidi/>" in body, "an Arabic answer is read from the right in every language"


def test_the_pdf_is_made_without_fetching_anything(written: Visitor) -> None:
    reply = written.http.get(f"{HOME}brief.pdf?language=fr")
    assert reply.data.startswith(b"%PDF-") and len(reply.data) > 20_000
    assert reply.headers["Content-Disposition"].endswith('harbour_brief_fr.pdf"')


def test_a_document_that_asks_for_an_address_is_refused(
    written: Visitor, monkeypatch: pytest.MonkeyPatch, app: object
) -> None:
    from core.documents import pdf as module
    from core.documents.blocks import Document

    monkeypatch.setattr(module, "_inside", lambda _block: "https://example.org/picture.png")
    document = Document("T", "S", "N", "en", [Picture("<svg/>", "A picture")])
    with app.test_request_context(), pytest.raises(FatalURLFetchingError):  # type: ignore[attr-defined]
        pdf(document)


def test_figures_for_documents_are_pictures() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
    found = png(svg)
    assert found.startswith(b"\x89PNG") and int.from_bytes(found[16:20], "big") == 40


@pytest.mark.parametrize(
    ("text", "otherwise", "expected"),
    [("Yes", "rtl", "ltr"), ("نعم", "ltr", "rtl"), ("12 نعم", "ltr", "rtl"), ("12", "rtl", "rtl"), ("", "ltr", "ltr")],
)
def test_the_direction_of_a_text_is_that_of_its_first_letter(text: str, otherwise: str, expected: str) -> None:
    assert direction_of(text, otherwise) == expected


def test_only_readers_of_the_design_get_the_brief(written: Visitor, session: Session, signed_in_as: SignIn) -> None:
    session.rollback()
    enumerator = signed_in_as("enzo", "enumerator")
    for page in ("brief", "brief.pdf", "brief.docx"):
        assert enumerator.http.get(HOME + page).status_code == 403
    links = written.get(f"{HOME}brief").xpath("//details//a/@href")
    assert sorted(re.findall(r"language=(\w\w)", " ".join(links))) == sorted(["en", "fr", "es", "ar"] * 2)


def test_letters_that_no_document_can_hold_are_left_out_when_typed(designer: Visitor) -> None:
    designer.get("/campaigns/harbour/entries/segment/new")
    sent = {"name": "Young\x1b people\x0b", "actor": "potential_victims", "literacy": "unknown", "told_by": "none"}
    designer.submit("/campaigns/harbour/entries/segment/new", sent, status=302)
    assert "Young people" in designer.follow("/campaigns/harbour/brief").text_content()
    assert designer.http.get("/campaigns/harbour/brief.docx").status_code == 200

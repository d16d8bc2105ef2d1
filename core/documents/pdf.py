"""A document as PDF, through HTML and WeasyPrint; nothing is fetched from anywhere."""

from __future__ import annotations

import base64
from typing import Any

from flask import render_template

from core.documents.blocks import Document, Picture
from core.documents.drawn import png
from core.documents.reading import direction_of
from core.languages import direction
from core.settings import ROOT

STYLE = ROOT / "static" / "css" / "document.css"


def pdf(document: Document) -> bytes:
    """The pages, with Arabic in its right order and the figures as pictures; an address to be fetched stops it."""
    from weasyprint import CSS, HTML, URLFetcher  # takes a second to load: only where a document is made
    from weasyprint.urls import FatalURLFetchingError

    class Inside(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"A document holds all that it shows, and asked for {url}.")
            return super().fetch(url, headers)

    around = direction(document.language)
    page = render_template(
        "documents/document.html", document=document, dir=around, picture=_inside, dir_of=direction_of
    )
    sheet = CSS(string=STYLE.read_text(encoding="utf-8"))
    made: bytes = HTML(string=page, url_fetcher=Inside()).write_pdf(stylesheets=[sheet])
    return made


def _inside(block: Picture) -> str:
    return "data:image/png;base64," + base64.b64encode(png(block.svg)).decode()

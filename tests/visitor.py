"""A test client that inspects every page it fetches and sends forms as a browser would."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse


class Visitor:
    """Fetches and submits pages; each HTML page must keep the rules of the house."""

    def __init__(self, app: Flask) -> None:
        self.http = app.test_client()
        self.page: html.HtmlElement | None = None

    def get(self, url: str, status: int = 200, **options: Any) -> html.HtmlElement:
        response = self.http.get(url, **options)
        assert response.status_code == status, f"{url}: {response.status_code}, {response.text[:400]}"
        return self._open(response)

    def follow(self, url: str, **options: Any) -> html.HtmlElement:
        return self._open(self.http.get(url, follow_redirects=True, **options))

    def submit(self, url: str, data: dict[str, Any] | None = None, status: int = 302) -> TestResponse:
        """Post a form with the CSRF token of the page that is open."""
        assert self.page is not None, "Open the page with the form first."
        tokens = self.page.xpath("//input[@name='csrf_token']/@value")
        response = self.http.post(url, data={**(data or {}), "csrf_token": tokens[0] if tokens else ""})
        assert response.status_code == status, f"{url}: {response.status_code}, {response.text[:400]}"
        if response.mimetype == "text/html" and response.status_code != 302:
            self._open(response)
        return response

    def text(self) -> str:
        """What the open page says, white space folded."""
        assert self.page is not None
        return " ".join(self.page.body.text_content().split())

    def _open(self, response: TestResponse) -> html.HtmlElement:
        self.page = html.document_fromstring(response.text)
        inspect_page(self.page, response.text)
        return self.page


def inspect_page(page: html.HtmlElement, source: str) -> None:
    """Rules of the house that every page keeps."""
    headings = page.xpath("//h1")
    assert len(headings) == 1, f"a page has one h1, this has {len(headings)}"
    title = (page.findtext(".//title") or "").strip()
    assert title, "a page has a title"
    assert page.get("lang") and page.get("dir") in {"ltr", "rtl"}, "a page states its language and direction"
    repeated = [name for name, count in Counter(page.xpath("//@id")).items() if count > 1]
    assert not repeated, f"ids stand twice: {repeated}"
    labelled = set(page.xpath("//label/@for"))
    for field in page.xpath("//input[not(@type='hidden' or @type='submit')] | //select | //textarea"):
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        assert named or field.xpath("ancestor::label"), f"a field has no label: {html.tostring(field)!r}"
    assert not page.xpath("//@style | //style | //script[not(@src)] | //@onclick"), "no inline style or script"
    assert "%(" not in source, "a placeholder was not filled"

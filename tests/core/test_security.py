"""Headers of every answer."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

from tests.visitor import Visitor


def test_a_page_takes_nothing_from_elsewhere_and_is_framed_by_nobody(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_behind_https_a_form_finds_its_way(client: FlaskClient) -> None:
    """The CSRF check asks there whence a form came, so the policy must let the browser say it."""
    page = client.get("/sign-in", base_url="https://eveil.example")
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "language": "fr"}
    own, foreign = {"Referer": "https://eveil.example/sign-in"}, {"Referer": "https://elsewhere.example/"}
    post = {"base_url": "https://eveil.example", "data": form}
    assert client.post("/language", headers=own, **post).status_code == 302
    assert client.post("/language", headers=foreign, **post).status_code == 400


def test_files_may_be_kept_by_the_browser(client: FlaskClient) -> None:
    response = client.get("/static/css/eveil.css")
    assert response.status_code == 200 and "no-store" not in response.headers["Cache-Control"]
    response.close()


@pytest.mark.parametrize("method", ["address", "query", "form"])
def test_a_character_that_cannot_be_stored_is_refused_before_it_gets_far(visitor: Visitor, method: str) -> None:
    visitor.get("/sign-in")
    if method == "form":
        visitor.submit("/sign-in", {"user_name": "am\x00ina", "password": "x"}, status=400)
    else:
        visitor.get("/campaigns/harb%00our/people" if method == "address" else "/sign-in?next=%00", status=400)
    assert "The request could not be read." in visitor.text()


def test_a_number_too_large_for_any_column_is_an_address_of_nothing(app: Flask) -> None:
    with app.test_request_context():
        urls = app.url_map.bind("")
        assert urls.match(f"/people/{2**31 - 1}")[1] == {"person_id": 2**31 - 1}
        with pytest.raises(NotFound):
            urls.match(f"/people/{2**31}")

"""Whatever goes wrong: one sentence on a page, the right status, and nothing private in the log."""

from __future__ import annotations

import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from accounts.access import PUBLIC, allow
from core import errors
from core.database import database
from core.errors import EveilError, NotFound
from tests.builders import PASSWORD, add_person
from tests.visitor import Visitor

SECRET = "token-of-a-tablet"


@pytest.fixture
def failing(app: Flask) -> Flask:
    """Routes that fail in each way; the secret stands in the address and in the message."""

    def route(name: str, error: Exception | int) -> None:
        def view(key: str) -> str:
            if isinstance(error, int):
                abort(error)
            raise error

        view.__name__ = name
        app.add_url_rule(f"/fail/{name}/<key>", name, allow(PUBLIC)(view), methods=["GET", "POST"])

    route("eveil", EveilError("The card number is missing. Write it.", status=422))
    route("missing", NotFound("There is no such form. Look at the list."))
    route("crash", ZeroDivisionError(f"the answer of {SECRET}"))
    route("teapot", 418)
    route("large", 413)
    return app


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("eveil", 422, "The card number is missing. Write it."),
        ("missing", 404, "There is no such form. Look at the list."),
        ("crash", 500, "Something went wrong on our side, and it has been noted."),
        ("teapot", 418, "The request could not be read."),
        ("large", 413, "What was sent is too large."),
    ],
)
def test_each_error_is_one_sentence_on_a_page(failing: Flask, name: str, status: int, sentence: str) -> None:
    visitor = Visitor(failing)
    with capture_logs() as logs:
        visitor.get(f"/fail/{name}/{SECRET}", status=status)
    said = visitor.text()
    assert sentence in said and f"Status {status}" in said
    assert "Traceback" not in said and "ZeroDivision" not in said and "the answer of" not in said
    assert visitor.page is not None and visitor.page.xpath("//main//a[@href='/']")
    assert [entry["route"] for entry in logs] == [f"/fail/{name}/<key>"]
    assert SECRET not in repr(logs)


def test_a_failure_is_logged_with_its_place(failing: Flask) -> None:
    with capture_logs() as logs:
        Visitor(failing).get(f"/fail/crash/{SECRET}", status=500)
    assert logs[0]["kind"] == "ZeroDivisionError" and logs[0]["log_level"] == "error"
    assert logs[0]["where"][-1].startswith("test_errors.py:") and logs[0]["where"][-1].endswith("view")


def test_an_unknown_address_and_a_wrong_method_are_explained(visitor: Visitor) -> None:
    with capture_logs() as logs:
        visitor.get(f"/no/such/{SECRET}", status=404)
    assert "There is no page at this address." in visitor.text() and SECRET not in repr(logs)
    assert "does not accept that kind of request" in visitor.http.get("/sign-out").text


def test_a_database_that_fails_still_gives_a_page(app: Flask, visitor: Visitor, session: Session) -> None:
    add_person(session, "amina")
    visitor.get("/sign-in")
    with app.app_context(), database().engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_event"))
    with capture_logs() as logs:
        visitor.submit("/sign-in", {"user_name": "amina", "password": PASSWORD}, status=500)
    assert "Something went wrong on our side" in visitor.text()
    assert "amina" not in repr(logs) and PASSWORD not in repr(logs)


def test_when_even_the_error_page_fails_a_sentence_remains(failing: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_values: object) -> str:
        raise OSError("no template")

    monkeypatch.setattr(errors, "render_template", broken)
    response = failing.test_client().get(f"/fail/crash/{SECRET}", headers={"Accept-Language": "ar"})
    assert response.status_code == 500 and response.mimetype == "text/html"
    assert '<html lang="ar" dir="rtl">' in response.text and "<h1>" in response.text


def test_errors_for_machines_can_be_described_without_a_page(app: Flask) -> None:
    with app.test_request_context():
        assert errors.describe(NotFound("No such form.")) == ("No such form.", 404)
        assert errors.describe(KeyError("private"))[1] == 500

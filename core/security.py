"""Headers of every answer, and form protection (CSRF)."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

csrf = CSRFProtect()

# `data:` images are Bootstrap's own small icons; the collection client sets a policy of its own
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


class StoredInteger(IntegerConverter):
    """A number in an address that a column can hold; a larger one is an address of nothing."""

    def __init__(self, url_map: Map, *arguments: Any, **options: Any) -> None:
        super().__init__(url_map, *arguments, **{"max": 2**31 - 1, **options})


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = StoredInteger
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    app.after_request(_add_headers)


def _refuse_nul() -> None:
    """No typing makes this character and PostgreSQL cannot store it, so it would only fail further in."""
    typed = request.form.values() if request.mimetype == "application/x-www-form-urlencoded" else ()
    if any("\x00" in text for text in (request.path, *request.args.values(), *typed)):
        raise BadRequest


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # not "no-referrer": behind https the CSRF check asks whence a form came
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(), camera=(self), microphone=(self)")
    if response.mimetype == "text/html" and "Cache-Control" not in headers:
        # a shared computer: after signing out the back button must show nothing
        headers["Cache-Control"] = "no-store"
    return response

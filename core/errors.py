"""Errors that a person may see: one sentence that names the place, what is wrong and the remedy."""

from __future__ import annotations

import traceback
from pathlib import Path

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from core.database import session
from core.languages import current_language, direction

log = structlog.get_logger()

# LazyString is a str to whoever reads it
Sentence = str


class EveilError(Exception):
    """Something a person can mend. ``message`` is a whole sentence in their language; ``field`` names the form
    field that it speaks of, if it speaks of one."""

    def __init__(self, message: Sentence, status: int = 400, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.field = field


class NotFound(EveilError):
    def __init__(self, message: Sentence) -> None:
        super().__init__(message, status=404)


SENTENCES: dict[int, Sentence] = {
    400: _l("The request could not be read. Go back and try again."),
    401: _l("You are not signed in. Sign in and try again."),
    403: _l("Your role does not allow this page. Ask the administrator of the campaign for the role you need."),
    404: _l("There is no page at this address. Check the address or go back to your campaigns."),
    405: _l("This address does not accept that kind of request. Go back and use the buttons of the page."),
    413: _l("What was sent is too large. Send a smaller file."),
    415: _l("This address does not accept that kind of file. Go back and use the buttons of the page."),
    429: _l("Too many attempts. Wait a few minutes and try again."),
    500: _l("Something went wrong on our side, and it has been noted. Nothing that was saved is lost; try again."),
}
EXPIRED_FORM = _l("This page was open for too long, so it was not saved. Go back, reload the page and send it again.")
# when not even the error page can be made, as without a database
LAST_RESORT = (
    '<!DOCTYPE html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>Éveil</title></head>'
    "<body><h1>{sentence}</h1></body></html>"
)


def init_app(app: Flask) -> None:
    app.register_error_handler(Exception, _show)


def describe(error: Exception) -> tuple[Sentence, int]:
    """The sentence and status of any error, noted in the log. For handlers of blueprints that reply without pages."""
    sentence, status = _sentence_of(error)
    kind = type(error).__name__
    if status < 500:
        log.info("refused", status=status, route=route_rule(), kind=kind)
    else:
        # only the kind and the place: a message may carry an answer or a name
        log.error("failed", status=status, route=route_rule(), kind=kind, where=_innermost_frames(error))
    return sentence, status


def _sentence_of(error: Exception) -> tuple[Sentence, int]:
    match error:
        case EveilError():
            return error.message, error.status
        case CSRFError():
            return EXPIRED_FORM, 400
        case HTTPException(code=int(status)):
            return SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]), status
        case _:
            return SENTENCES[500], 500


def _show(error: Exception) -> ResponseReturnValue:
    if isinstance(error, RequestRedirect):
        return error.get_response()
    sentence, status = describe(error)
    try:
        # a failed query leaves PostgreSQL's transaction unusable, and the page reads who is signed in
        session().rollback()
        return render_template("error.html", message=sentence, status=status), status
    except Exception:
        language = current_language()
        return LAST_RESORT.format(language=language, direction=direction(language), sentence=escape(sentence)), status


def _innermost_frames(error: BaseException) -> list[str]:
    """Where it failed, innermost last: names and lines of code, no values."""
    frames = traceback.walk_tb(error.__traceback__)
    places = [f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_qualname}" for frame, line in frames]
    return places[-6:]


def route_rule() -> str:
    """The pattern of the route, never the path: a path may hold a device token."""
    return request.url_rule.rule if request.url_rule else "(no route)"

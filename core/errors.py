"""Errors that a person may see: one sentence that names the place, what is wrong and the remedy."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

log = structlog.get_logger()

# LazyString is a str to whoever reads it
Sentence = str


class EveilError(Exception):
    """Something a person can mend. ``message`` is a whole sentence in their language."""

    def __init__(self, message: Sentence, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


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


def init_app(app: Flask) -> None:
    app.register_error_handler(EveilError, _show_eveil_error)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_unexpected)


def error_page(message: Sentence, status: int) -> Response | tuple[str, int]:
    """The page of an error; the blueprint may set ``error_format`` for replies that are not pages."""
    return render_template("error.html", message=message, status=status), status


def _show_eveil_error(error: EveilError) -> Response | tuple[str, int]:
    log.info("refused", status=error.status, route=route_rule(), kind=type(error).__name__)
    return error_page(error.message, error.status)


def _show_csrf_error(_error: CSRFError) -> Response | tuple[str, int]:
    log.info("refused", status=400, route=route_rule(), kind="CSRFError")
    return error_page(EXPIRED_FORM, 400)


def _show_http_error(error: HTTPException) -> Response | tuple[str, int]:
    status = error.code or 500
    if status in {301, 302, 303, 307, 308}:
        return error.get_response()
    log.info("refused", status=status, route=route_rule(), kind=type(error).__name__)
    return error_page(SENTENCES.get(status, SENTENCES[400]), status)


def _show_unexpected(error: Exception) -> Response | tuple[str, int]:
    # only the kind and place: a message may carry an answer or a name
    log.error("failed", route=route_rule(), kind=type(error).__name__, where=_innermost_frame(error))
    try:
        return error_page(SENTENCES[500], 500)
    except Exception:
        return "Something went wrong. Nothing that was saved is lost; try again.", 500


def _innermost_frame(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"


def route_rule() -> str:
    """The pattern of the route, never the path: a path may hold a device token."""
    return request.url_rule.rule if request.url_rule else "(no route)"

"""The session of a signed-in person: a signed cookie with their number, their epoch and when it began.

It ends when it lies idle (Flask checks the age of the signature), when it grows too old, and when the epoch of
the person is raised.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, after_this_request, current_app
from flask import session as cookie

from accounts.models import Person
from core.database import now, session


def begin(person: Person) -> None:
    """A new session; nothing but the language survives from before, so a planted cookie is worth nothing."""
    end()
    cookie.permanent = True
    cookie["person"] = person.id
    cookie["epoch"] = person.session_epoch
    cookie["began"] = int(now().timestamp())


def end() -> None:
    language = cookie.get("language")
    cookie.clear()
    if language is not None:
        cookie["language"] = language


def ignore_cookie() -> None:
    """For the door: nobody is signed in, no language is chosen, and the cookie is neither changed nor prolonged."""
    cookie.clear()
    after_this_request(_leave_cookie_alone)


def _leave_cookie_alone(response: Response) -> Response:
    # whatever the reply wrote into it meanwhile, as the token of a form on the error page
    cookie.clear()
    cookie.modified = False
    return response


def signed_in_person() -> Person | None:
    """The person of this cookie, as the database knows them now."""
    if "person" not in cookie or _too_old():
        return None
    person = session().get(Person, cookie["person"])
    if person is None or person.session_epoch != cookie.get("epoch"):
        return None
    return person


def _too_old() -> bool:
    longest = timedelta(hours=current_app.config["EVEIL"].session_hours)
    return bool(now().timestamp() - cookie.get("began", 0) >= longest.total_seconds())

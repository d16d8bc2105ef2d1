"""People with an account, and the roles they hold in a campaign."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import audit, passwords
from accounts.models import ROLES, Membership, Person
from core.errors import EveilError

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_DISPLAY_NAME = 120
USER_NAME = re.compile(r"[\w.@-]{2,80}")

BAD_USER_NAME = _l("A user name has 2 to 80 letters, digits, dots, hyphens or underscores. Choose another.")
TAKEN_USER_NAME = _l("Somebody has this user name already. Choose another.")
SHORT_PASSWORD = _l("The password is too short. Choose one of at least 10 characters; several words are good.")
LONG_PASSWORD = _l("The password is too long. Choose one of at most 200 characters.")
OBVIOUS_PASSWORD = _l("The password contains the user name. Choose one that nobody can guess.")
NO_DISPLAY_NAME = _l("Write the name that others will see.")
LONG_DISPLAY_NAME = _l("The name is too long. Write at most 120 characters.")
UNKNOWN_ROLE = _l("There is no such role. Choose one from the list.")


def normal_user_name(user_name: str) -> str:
    """One spelling for each name: capitals and ways of typing an accent do not matter."""
    return unicodedata.normalize("NFKC", user_name).strip().casefold()


def find_person(session: Session, user_name: str) -> Person | None:
    return session.scalar(select(Person).where(Person.user_name == normal_user_name(user_name)))


def add_person(
    session: Session, user_name: str, display_name: str, password: str, administrator: bool = False
) -> Person:
    user_name = normal_user_name(user_name)
    if not USER_NAME.fullmatch(user_name):
        raise EveilError(BAD_USER_NAME, field="user_name")
    if not display_name.strip():
        raise EveilError(NO_DISPLAY_NAME, field="display_name")
    if len(display_name.strip()) > LONGEST_DISPLAY_NAME:
        raise EveilError(LONG_DISPLAY_NAME, field="display_name")
    check_password(user_name, password)
    person = Person(
        user_name=user_name,
        display_name=display_name.strip(),
        password_hash=passwords.hash_password(password),
        administrator=administrator,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        raise EveilError(TAKEN_USER_NAME, field="user_name") from None
    audit.record(session, "person_added", subject=f"person {person.id}")
    return person


def check_password(user_name: str, password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise EveilError(SHORT_PASSWORD, field="password")
    if len(password) > LONGEST_PASSWORD:
        raise EveilError(LONG_PASSWORD, field="password")
    if user_name in password.casefold():
        raise EveilError(OBVIOUS_PASSWORD, field="password")


def set_password(session: Session, person: Person, password: str) -> None:
    """Give a new password; it ends every session and every waiting time of the person."""
    check_password(person.user_name, password)
    person.password_hash = passwords.hash_password(password)
    person.failed_sign_ins = 0
    person.locked_until = None
    person.session_epoch += 1
    audit.record(session, "password_set", subject=f"person {person.id}")


def end_sessions(session: Session, person: Person) -> None:
    person.session_epoch += 1
    audit.record(session, "sessions_ended", subject=f"person {person.id}")


def grant(session: Session, person_id: int, campaign_id: int, role: str) -> None:
    """Give a role in a campaign; giving it again changes nothing."""
    if role not in ROLES:
        raise EveilError(UNKNOWN_ROLE, field="role")
    session.get(Person, person_id, with_for_update=True)  # of two clicks at once the second waits, then finds it done
    if _membership(session, person_id, campaign_id, role) is None:
        session.add(Membership(person_id=person_id, campaign_id=campaign_id, role=role))
        audit.record(session, "role_granted", campaign_id, f"{role}, person {person_id}")


def revoke(session: Session, person_id: int, campaign_id: int, role: str) -> None:
    """Take a role back; taking it again changes nothing."""
    membership = _membership(session, person_id, campaign_id, role)
    if membership is not None:
        session.delete(membership)
        audit.record(session, "role_revoked", campaign_id, f"{role}, person {person_id}")


def _membership(session: Session, person_id: int, campaign_id: int, role: str) -> Membership | None:
    return session.scalar(select(Membership).filter_by(person_id=person_id, campaign_id=campaign_id, role=role))

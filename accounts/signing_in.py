"""Checking a user name and password, with a waiting time that grows after five failures."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit, passwords
from accounts.models import Person
from accounts.people import LONGEST_PASSWORD, normal_user_name
from core.database import now, transaction

FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(hours=1)


def authenticate(user_name: str, password: str) -> Person | None:
    """The person, or None for an unknown name, a wrong password and a waiting time alike.

    The attempt is counted before the password is checked: many at the same moment cannot outrun the count.
    """
    with transaction() as session:
        person = _count_attempt(session, normal_user_name(user_name))
    # hashing takes long on purpose, so no transaction is open meanwhile
    right = passwords.matches(person.password_hash if person else None, password[: LONGEST_PASSWORD + 1])
    if person is None:
        return None
    with transaction() as session:
        if right:
            person.failed_sign_ins = 0
            person.locked_until = None
        audit.record(session, "signed_in" if right else "sign_in_failed", person_id=person.id)
    return person if right else None


def _count_attempt(session: Session, user_name: str) -> Person | None:
    person = session.scalar(select(Person).where(Person.user_name == user_name).with_for_update())
    if person is None:
        return None
    if person.locked_until is not None and person.locked_until > now():
        audit.record(session, "sign_in_while_locked", person_id=person.id)
        return None
    person.failed_sign_ins += 1
    if person.failed_sign_ins >= FREE_ATTEMPTS:
        person.locked_until = now() + waiting_time(person.failed_sign_ins)
        audit.record(session, "locked_out", person_id=person.id)
    return person


def waiting_time(failures: int) -> timedelta:
    """One minute after the fifth failure, doubled by each further one, an hour at most."""
    doublings = min(failures - FREE_ATTEMPTS, 10)
    return min(timedelta(minutes=2**doublings), LONGEST_WAIT)

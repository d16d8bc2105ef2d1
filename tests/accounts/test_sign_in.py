"""Signing in and out, and how a session ends."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.builders import add_person, sign_in
from tests.visitor import Visitor


def test_the_right_password_opens_the_start_page(visitor: Visitor, session: Session) -> None:
    add_person(session, "amina", administrator=True)
    sign_in(visitor, "Amina ")
    visitor.get("/people")
    assert "Amina" in visitor.text()

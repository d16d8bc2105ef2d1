"""Who these tests are about: a designer signed in at a campaign."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from tests.builders import add_campaign, add_person, grant, sign_in
from tests.visitor import Visitor

SignIn = Callable[..., Visitor]


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return add_campaign(session)


@pytest.fixture
def signed_in_as(app: Flask, session: Session, campaign: Campaign) -> SignIn:
    """Somebody with these roles in the campaign, signed in with a browser of their own."""

    def person(user_name: str, *roles: str) -> Visitor:
        grant(session, add_person(session, user_name), campaign, *roles)
        visitor = Visitor(app)
        sign_in(visitor, user_name)
        return visitor

    return person


@pytest.fixture
def designer(signed_in_as: SignIn) -> Visitor:
    return signed_in_as("dora", "designer")

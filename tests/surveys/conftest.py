"""A campaign in the field: published training questionnaires and a tablet."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from surveys.models import FormVersion
from tests.builders import add_campaign
from tests.surveys.fieldwork import Tablet, published


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return add_campaign(session)


@pytest.fixture
def versions(session: Session, campaign: Campaign) -> list[FormVersion]:
    return published(session, campaign)


@pytest.fixture
def tablet(app: Flask, session: Session, campaign: Campaign) -> Tablet:
    return Tablet(app, session, campaign)

"""A campaign whose plan was frozen by its designer and whose interviews came in through the receiving function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import devices
from accounts.access import CampaignContext
from accounts.models import Device
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import freeze, save_draft
from surveys.collection.receiving import receive
from surveys.models import Form
from tests.builders import add_campaign, add_person, add_safeguards, grant, sign_in
from tests.surveys.fieldwork import filled
from tests.visitor import Visitor

INDICATORS = ("names_three_signs", "knows_hotline", "would_employ_survivor")
ENDED = date(2026, 2, 27)
DAYS = {"before": "2099-01-12", "after": "2099-02-27", "followup": "2099-09-14"}


@dataclass(frozen=True)
class Answers:
    """Of so many people, how many are counted under each indicator."""

    people: int
    counted: Mapping[str, int]


class Field:
    """A campaign with its tablet; people have the same card at each wave."""

    def __init__(self, app: Flask, session: Session, slug: str = "harbour") -> None:
        self.app, self.session = app, session
        self.campaign = add_campaign(session, slug, simulated=True)
        self.device = _device(session, self.campaign)

    def freeze(self, *instruments: str, followup: bool = False, **more: Any) -> None:
        campaign, session = self.campaign, self.session
        person = add_person(session, "planner")
        add_safeguards(session, campaign.id, person.id)
        chosen = tuple(ChosenIndicator(name, primary=name == INDICATORS[0], points=15) for name in INDICATORS)
        choices = PlanChoices(chosen, instruments, followup=followup, activity_ends_on=ENDED, **more)
        draft = save_draft(session, campaign.id, choices, 0)
        about = (campaign.id, campaign.slug, campaign.title, campaign.place, campaign.simulated)
        context = CampaignContext(*about, frozenset({"designer"}))
        freeze(session, context, draft.version, person.id, gap_reason="a test")
        session.commit()

    def send(self, instrument: str, wave: str, answers: Answers) -> None:
        self._send(instrument, wave, _interviews(answers, instrument, DAYS[wave]))

    def send_one(self, instrument: str, wave: str, **cells: str) -> None:
        self._send(instrument, wave, [cells])

    def _send(self, instrument: str, wave: str, interviews: Iterable[Mapping[str, str]]) -> None:
        asked = select(Form).filter_by(campaign_id=self.campaign.id, instrument=instrument, wave=wave)
        version = self.session.scalars(asked).one().versions[-1]
        with self.app.app_context():
            for cells in interviews:
                receipt = receive(self.session, self.device, filled(version, **cells))
                assert receipt.outcome == "new", receipt
        self.session.commit()

    def reader(self, *roles: str) -> Visitor:
        """Somebody with these roles in the campaign, signed in."""
        name = "-".join(roles)
        grant(self.session, add_person(self.session, name), self.campaign, *roles)
        visitor = Visitor(self.app)
        sign_in(visitor, name)
        return visitor


def _interviews(answers: Answers, instrument: str, day: str) -> Iterator[dict[str, str]]:
    for number in range(answers.people):
        right = {name: number < answers.counted.get(name, 0) for name in INDICATORS}
        cells = {
            "interview_date": day,
            "consent": "yes",
            "age_group": "25_34" if number % 3 else "18_24",
            "sex": "female" if number % 2 else "male",
            "warning_signs": "debt papers pay" if right["names_three_signs"] else "dk",
            "hotline_number": "right" if right["knows_hotline"] else "wrong",
            "employ_survivor": "4" if right["would_employ_survivor"] else "2",
        }
        yield cells | ({"card_number": f"K{number:03d}"} if instrument == "training" else {})


def _device(session: Session, campaign: Campaign) -> Device:
    token = devices.enrol(session, campaign.id, "Tablet", None)
    found = devices.device_for_token(session, token)
    assert found is not None
    return found

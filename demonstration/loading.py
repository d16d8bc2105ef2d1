"""Loads the made-up campaign: its design and plan through the domain, its interviews through the real door."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts import devices, people
from accounts.access import CampaignContext
from campaigns.answering import Typed, save_answer
from campaigns.creating import create_campaign
from campaigns.models import Campaign
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import freeze, save_draft
from core.content import load_file
from core.database import now, session, transaction
from demonstration.design import save_design
from demonstration.instances import Template
from demonstration.simulate import interviews, load_effects
from surveys.models import Form, FormVersion

SIGN_INS = "demonstration.json"
PEOPLE = {
    "designer": ("Dina Designer", ("designer",)),
    "enumerator": ("Enzo Enumerator", ("enumerator",)),
    "supervisor": ("Sana Supervisor", ("supervisor",)),
    "evaluator": ("Elena Evaluator", ("evaluator",)),
}
ADMINISTRATOR = ("admin", "Ada Administrator")
# words that nobody misreads on a screen; four of them are about 2^24 guesses behind a lock-out
WORDS = (  # noqa: SIM905 - a list of quoted words is harder to read
    "amber anchor apple autumn bamboo basket beacon birch bridge button candle canyon castle cedar cherry cloud "
    "copper coral cotton cricket desert dolphin ember falcon feather fiddle forest garden ginger glacier harbour "
    "hazel honey island ivory jasmine kettle lagoon lantern lemon linen maple marble meadow mirror mountain olive "
    "orchid otter paper pebble pepper pillow pine planet quartz ribbon river saddle silver thunder velvet willow"
).split()

Progress = Callable[[int, int], None]


class RefusedInterview(Exception):
    """The door refused an invented interview; the message holds its reply."""


@dataclass(frozen=True)
class SignIns:
    """What the person who tries the demonstration types."""

    password: str
    user_names: tuple[str, ...]


def campaigns_there(app: Flask) -> bool:
    with app.app_context():
        return bool(session().scalar(select(func.count()).select_from(Campaign)))


def known_sign_ins(data_dir: Path) -> SignIns | None:
    """The sign-ins of an earlier load, kept in the data directory."""
    path = data_dir / SIGN_INS
    if not path.is_file():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    return SignIns(stored["password"], tuple(stored["user_names"]))


def load(app: Flask, progress: Progress) -> SignIns:
    """Make people, campaign, design and frozen plan, then send every interview; returns the sign-ins."""
    folder = Path(__file__).parent
    content: dict[str, Any] = load_file(folder / "campaign.yaml") | {"design": load_file(folder / "design.yaml")}
    sign_ins = SignIns("-".join(secrets.choice(WORDS) for _ in range(4)), (*PEOPLE, ADMINISTRATOR[0]))
    with app.app_context():
        campaign_id, token = _design(content, sign_ins.password)
        templates = _templates(campaign_id)
    _remember(app.config["EVEIL"].data_dir, sign_ins)
    _send(app.test_client(), token, templates, progress)
    return sign_ins


def _design(content: dict[str, Any], password: str) -> tuple[int, str]:
    """Everything before the first interview, in one transaction: the campaign's id and the token of its tablet."""
    with transaction() as writing:
        staff = {
            name: people.add_person(writing, name, display, password) for name, (display, _roles) in PEOPLE.items()
        }
        people.add_person(writing, *ADMINISTRATOR, password, administrator=True)
        designer = staff["designer"].id
        campaign = create_campaign(writing, content["title"], content["place"], designer, simulated=True)
        for name, (_display, roles) in PEOPLE.items():
            for role in roles:
                people.grant(writing, staff[name].id, campaign.id, role)
        for question, answer in content["answers"].items():
            strength = content["design"]["strengths"].get(question, "")
            typed = Typed(answer["state"], answer["text"].strip(), answer.get("source", "").strip(), "", strength)
            save_answer(writing, campaign.id, question, typed, 0, designer)
        save_design(writing, campaign.id, content["design"], now().date(), designer)
        draft = save_draft(writing, campaign.id, _choices(content), 0)
        context = CampaignContext(campaign.id, campaign.slug, campaign.title, campaign.place, True, frozenset())
        frozen_at = datetime.combine(content["frozen_on"], time(9), UTC)
        freeze(writing, context, draft.version, designer, moment=frozen_at)
        return campaign.id, devices.enrol(writing, campaign.id, "Simulated tablet", staff["enumerator"].id)


def _choices(content: dict[str, Any]) -> PlanChoices:
    plan = content["plan"]
    chosen = (
        ChosenIndicator(name, primary=name in plan["primary"], points=plan["target_points"])
        for name in plan["indicators"]
    )
    return PlanChoices(
        indicators=tuple(chosen),
        instruments=("training", "intercept"),
        followup=True,
        smallest_change=plan["smallest_change_points"],
        activity_ends_on=content["activity_ends_on"],
    )


def _templates(campaign_id: int) -> dict[tuple[str, str], Template]:
    """The empty instance of each published form, by instrument and wave."""
    found = session().execute(
        select(Form.instrument, Form.wave, FormVersion.xform)
        .join(FormVersion.form)
        .where(Form.campaign_id == campaign_id)
    )
    return {(instrument, wave): Template(xform) for instrument, wave, xform in found}


def _send(client: FlaskClient, token: str, templates: dict[tuple[str, str], Template], progress: Progress) -> None:
    everything = list(interviews(load_effects()))
    headers = {"Authorization": f"Bearer {token}", "X-OpenRosa-Version": "1.0"}
    for done, interview in enumerate(everything, 1):
        xml = templates[interview.instrument, interview.wave].fill(interview)
        reply = client.post("/door/submission", data=_multipart(xml), headers=headers)
        if reply.status_code != 201:
            raise RefusedInterview(reply.text)
        progress(done, len(everything))


def _multipart(xml: bytes) -> dict[str, Any]:
    return {"xml_submission_file": (BytesIO(xml), "interview.xml", "text/xml")}


def _remember(data_dir: Path, sign_ins: SignIns) -> None:
    path = data_dir / SIGN_INS
    path.write_text(json.dumps({"password": sign_ins.password, "user_names": sign_ins.user_names}), encoding="utf-8")
    path.chmod(0o600)

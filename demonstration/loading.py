"""Loads the made-up campaigns: design and plan through the domain, interviews through the real door."""

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
from campaigns.training_lane.safety import SafetyDetails, save_safety
from core.content import load_file
from core.database import now, session, transaction
from demonstration.barrier import conclude_study, publish_study, study_interviews
from demonstration.design import save_design, save_measures
from demonstration.instances import Template
from demonstration.simulate import Interview, interviews, load_effects
from surveys.models import Form, FormVersion

SIGN_INS = "demonstration.json"
CAMPAIGNS = (("campaign.yaml", "effects.yaml"), ("training.yaml", "training_effects.yaml"))
FOLDER = Path(__file__).parent
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
    """Make people, campaigns, designs and frozen plans, then send every interview; returns the sign-ins."""
    sign_ins = SignIns("-".join(secrets.choice(WORDS) for _ in range(4)), (*PEOPLE, ADMINISTRATOR[0]))
    posts: list[tuple[str, bytes]] = []
    studies: list[tuple[CampaignContext, dict[str, Any]]] = []
    with app.app_context():
        staff = _people(sign_ins.password)
        for campaign, effects in CAMPAIGNS:
            content = load_file(FOLDER / campaign)
            context, token = _design(content, staff)
            templates = _templates(context.id)
            simulated = list(interviews(load_effects(effects)))
            if "barrier" in content:
                study = load_file(FOLDER / content["barrier"])
                simulated = [*study_interviews(study), *simulated]
                studies.append((context, study))
            posts += [(token, _filled(templates, interview)) for interview in simulated]
    _remember(app.config["EVEIL"].data_dir, sign_ins)
    _send(app.test_client(), posts, progress)
    with app.app_context():
        for context, study in studies:
            with transaction() as writing:
                conclude_study(writing, context, study, staff)
    return sign_ins


def _people(password: str) -> dict[str, int]:
    """The ids of those who sign in, by their user names."""
    with transaction() as writing:
        people.add_person(writing, *ADMINISTRATOR, password, administrator=True)
        return {
            name: people.add_person(writing, name, display, password).id for name, (display, _roles) in PEOPLE.items()
        }


def _design(content: dict[str, Any], staff: dict[str, int]) -> tuple[CampaignContext, str]:
    """Everything before the first interview, in one transaction: the campaign and the token of its tablet."""
    with transaction() as writing:
        designer, lane = staff["designer"], content.get("lane", "campaign")
        campaign = create_campaign(writing, content["title"], content["place"], designer, lane=lane, simulated=True)
        if lane == "campaign":  # one training is the work of one person
            for name, (_display, roles) in PEOPLE.items():
                for role in roles:
                    people.grant(writing, staff[name], campaign.id, role)
        for question, answer in content["answers"].items():
            typed = Typed(
                answer["state"],
                answer["text"].strip(),
                answer.get("source", "").strip(),
                strength=answer.get("strength", ""),
            )
            save_answer(writing, campaign.id, question, typed, 0, designer)
        design = load_file(FOLDER / content["design"]) if "design" in content else None
        if design:
            save_design(writing, campaign.id, design, now().date(), designer)
        context = CampaignContext(campaign.id, campaign.slug, campaign.title, campaign.place, True, frozenset())
        if "barrier" in content:
            publish_study(writing, context, load_file(FOLDER / content["barrier"]), designer)
        if "safety" in content:
            save_safety(writing, campaign.id, SafetyDetails(**content["safety"]), 0, designer)
        draft = save_draft(writing, campaign.id, _choices(content), 0, designer)
        frozen_at = datetime.combine(content["frozen_on"], time(9), UTC)
        if design:
            save_measures(writing, campaign.id, design, designer, frozen_at)
        reason = content["plan"].get("begins_although", "").strip()
        freeze(writing, context, draft.version, designer, gap_reason=reason, moment=frozen_at)
        collector = staff["enumerator"] if lane == "campaign" else designer
        return context, devices.enrol(writing, campaign.id, "Simulated tablet", collector)


def _choices(content: dict[str, Any]) -> PlanChoices:
    plan = content["plan"]
    chosen = (
        ChosenIndicator(name, primary=name in plan["primary"], points=plan["target_points"])
        for name in plan["indicators"]
    )
    return PlanChoices(
        indicators=tuple(chosen),
        instruments=tuple(plan["instruments"]),
        followup=plan["followup"],
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


def _filled(templates: dict[tuple[str, str], Template], interview: Interview) -> bytes:
    return templates[interview.instrument, interview.wave].fill(interview)


def _send(client: FlaskClient, posts: list[tuple[str, bytes]], progress: Progress) -> None:
    """Each document with the token of the tablet that sends it."""
    for done, (token, xml) in enumerate(posts, 1):
        headers = {"Authorization": f"Bearer {token}", "X-OpenRosa-Version": "1.0"}
        reply = client.post("/door/submission", data=_multipart(xml), headers=headers)
        if reply.status_code != 201:
            raise RefusedInterview(reply.text)
        progress(done, len(posts))


def _multipart(xml: bytes) -> dict[str, Any]:
    return {"xml_submission_file": (BytesIO(xml), "interview.xml", "text/xml")}


def _remember(data_dir: Path, sign_ins: SignIns) -> None:
    path = data_dir / SIGN_INS
    path.write_text(json.dumps({"password": sign_ins.password, "user_names": sign_ins.user_names}), encoding="utf-8")
    path.chmod(0o600)

"""The demonstration: seeded, marked as simulated, and collected through the real door."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership
from app import create_app
from campaigns.models import Campaign, FrozenPlan
from core.settings import Settings
from demonstration import loading
from demonstration.command import demo
from demonstration.simulate import interviews, load_effects
from surveys.models import InstanceDocument, LinkDigest, Submission
from tests.visitor import Visitor


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The same simulation with a handful of people: the test is about the way they take."""
    effects = load_effects()
    effects["training"]["size"] = {"before": 14, "after": 12, "followup": 11}
    effects["intercept"]["size"] = {"before": 15, "after": 16, "followup": 13}
    monkeypatch.setattr(loading, "CAMPAIGNS", (("campaign.yaml", "effects.yaml"),))
    monkeypatch.setattr(loading, "load_effects", lambda _name: effects)
    return effects


@pytest.mark.parametrize("name", ["effects.yaml", "training_effects.yaml"])
def test_the_same_seed_gives_the_same_people(name: str) -> None:
    effects = load_effects(name)
    assert list(interviews(effects)) == list(interviews(effects))


def test_the_campaign_comes_through_the_real_door_and_says_that_it_is_simulated(
    app: Flask, few: dict[str, Any], session: Session
) -> None:
    sign_ins = loading.load(app, lambda _done, _of: None)

    campaign = session.scalars(select(Campaign)).one()
    assert campaign.simulated
    submissions = session.scalars(select(Submission)).all()
    found = Counter((one.instrument, one.wave) for one in submissions)
    assert found == {(name, wave): n for name in ("training", "intercept") for wave, n in few[name]["size"].items()}
    assert len(session.scalars(select(InstanceDocument.sha256)).all()) == found.total()
    assert not [one.unreadable for one in submissions if one.unreadable]

    digests = session.scalars(select(LinkDigest.digest)).all()
    assert (len(digests), len(set(digests))) == (14 + 12 + 11, 14)
    assert not [one for one in submissions if "card_number" in one.answers]

    frozen = session.scalars(select(FrozenPlan.frozen_at)).all()
    first = min(one.interviewed_on for one in submissions if one.interviewed_on)
    assert len(frozen) == 2
    assert all(at.date() < first for at in frozen)

    for name in sign_ins.user_names:
        visitor = Visitor(app)
        visitor.get("/sign-in")
        visitor.submit("/sign-in", {"user_name": name, "password": sign_ins.password})
        visitor.get("/")


def test_one_training_of_thirty_people_with_twelve_items_comes_with_it(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CAMPAIGNS", loading.CAMPAIGNS[1:])
    sign_ins = loading.load(app, lambda _done, _of: None)
    campaign = session.scalars(select(Campaign)).one()
    assert campaign.simulated and campaign.lane == "training"
    found = Counter(session.scalars(select(Submission.wave)))
    assert found == {"before": 30, "after": 28}
    assert set(session.scalars(select(Membership.person_id))) == {campaign.answers[0].changed_by_id}
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.submit("/sign-in", {"user_name": "designer", "password": sign_ins.password})
    page = visitor.get(f"/campaigns/{campaign.slug}/")
    states = [tag.text_content() for tag in page.xpath("//ol/li/span[contains(@class, 'tag')]")]
    assert states == ["Done", "Done", "Done", "Done", "Done", "In progress"]
    visitor.get(f"/campaigns/{campaign.slug}/training/questionnaire")
    assert "12 items" in visitor.text()
    visitor.get(f"/campaigns/{campaign.slug}/report")
    assert "Can name three warning signs" in visitor.text()


def test_the_command_loads_once_and_prints_the_sign_ins_again(
    app: Flask, few: dict[str, Any], settings: Settings
) -> None:
    first = CliRunner().invoke(demo, obj=lambda: app)
    again = CliRunner().invoke(demo, obj=lambda: app)
    assert (first.exit_code, again.exit_code) == (0, 0)
    password = next(line for line in first.output.splitlines() if line.startswith("Password: "))
    assert password in again.output
    assert (settings.data_dir / loading.SIGN_INS).stat().st_mode & 0o777 == 0o600


def test_a_database_with_other_campaigns_is_left_alone(app: Flask, session: Session) -> None:
    session.add(Campaign(slug="own", title="Own work", place=""))
    session.commit()
    result = CliRunner().invoke(demo, obj=lambda: app)
    assert "no demonstration was loaded" in result.output
    assert session.scalars(select(Submission.id)).all() == []


def test_loading_without_migrations_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'empty.sqlite'}", "k" * 40, testing=True)
    result = CliRunner().invoke(demo, obj=lambda: create_app(settings))
    assert (result.exit_code, result.output) == (1, "Error: The database is not up to date. Run: eveil migrate\n")

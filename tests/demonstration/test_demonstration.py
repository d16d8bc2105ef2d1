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
from campaigns.barrier_analysis.findings import Finding, findings_of, open_determinants
from campaigns.barrier_analysis.models import BarrierStudy
from campaigns.models import Campaign, FrozenPlan
from core.content import load_file
from core.settings import Settings
from demonstration import loading
from demonstration.barrier import study_interviews
from demonstration.command import demo
from demonstration.simulate import interviews, load_effects
from surveys.bank import load_bank
from surveys.models import InstanceDocument, LinkDigest, Submission
from tests.visitor import Visitor

BARRIER = load_file(loading.FOLDER / "barrier.yaml")
SAID = {code["label"]: code for part in BARRIER["open"].values() for code in part["codes"]}


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


def test_the_same_seed_gives_the_same_barrier_analysis() -> None:
    assert list(study_interviews(BARRIER)) == list(study_interviews(BARRIER))


def test_the_campaign_comes_through_the_real_door_and_says_that_it_is_simulated(
    app: Flask, few: dict[str, Any], session: Session
) -> None:
    sign_ins = loading.load(app, lambda _done, _of: None)

    campaign = session.scalars(select(Campaign)).one()
    assert campaign.simulated
    submissions = session.scalars(select(Submission)).all()
    found = Counter((one.instrument, one.wave) for one in submissions)
    planned = {(name, wave): n for name in ("training", "intercept") for wave, n in few[name]["size"].items()}
    assert found == {**planned, ("barrier_1", "once"): sum(BARRIER["size"].values())}
    assert len(session.scalars(select(InstanceDocument.sha256)).all()) == found.total()
    assert not [one.unreadable for one in submissions if one.unreadable]

    digests = session.scalars(select(LinkDigest.digest)).all()
    assert (len(digests), len(set(digests))) == (14 + 12 + 11, 14)
    assert not [one for one in submissions if "card_number" in one.answers]

    frozen = session.scalars(select(FrozenPlan.frozen_at)).all()
    measured = [one for one in submissions if one.instrument != "barrier_1"]
    first = min(one.interviewed_on for one in measured if one.interviewed_on)
    assert len(frozen) == 2
    assert all(at.date() < first for at in frozen)

    for name in sign_ins.user_names:
        _signed_in(app, name, sign_ins.password).get("/")


def test_the_barrier_analysis_finds_what_was_put_in_and_is_evidence_on_the_barriers_of_the_design(
    app: Flask, few: dict[str, Any], session: Session
) -> None:
    sign_ins = loading.load(app, lambda _done, _of: None)
    campaign = session.scalars(select(Campaign)).one()
    found = {one.label if one.coded else one.indicator: one for one in findings_of(session, campaign.id)}
    put_in = {**BARRIER["closed"], **SAID}
    assert {name: _people(one) for name, one in found.items()} == {
        name: ((truth["doer"], BARRIER["size"]["doer"]), (truth["non_doer"], BARRIER["size"]["non_doer"]))
        for name, truth in put_in.items()
    }
    assert {one.determinant for one in found.values() if one.stands_out} == set(BARRIER["bridges"])
    assert open_determinants(found.values()) == []
    assert {one.determinant for one in found.values() if one.stands_out and one.reason} == {"susceptibility"}

    study = session.scalars(select(BarrierStudy)).one()
    assert study.fieldwork and study.outcome
    days = session.scalars(select(Submission.interviewed_on).filter_by(instrument=study.instrument)).all()
    moments = [study.fieldwork.published_at.date(), min(days), max(days), study.outcome.finished_at.date()]
    first_lock = min(session.scalars(select(FrozenPlan.frozen_at)))
    assert moments == sorted(moments) and moments[-1] < first_lock.date()

    designer = _signed_in(app, "designer", sign_ins.password)
    page = designer.get(f"/campaigns/{campaign.slug}/behaviours")
    said = [" ".join(part.text_content().split()) for part in page.find_class("barrier")]
    for barrier, label in (
        ("the desk is closed", _question("hard_to_get")),
        ("They owe money", "The debt stays whatever the desk says"),
        ("Checking is seen as fear", "The uncle who signed"),
        ("They do not know the signs", _question("can_do")),
    ):
        (text,) = (one for one in said if barrier in one)
        assert f": {label} (" in text
    (custom,) = (one for one in said if "mistrust of a friend" in one)
    assert "A barrier analysis found a difference" not in custom
    designer.get(f"/campaigns/{campaign.slug}/barrier-analysis/{study.id}")
    assert "Simulated" in designer.text()
    designer.get(f"/campaigns/{campaign.slug}/barrier-analysis/{study.id}/results")
    assert "Simulated" in designer.text()
    assert "Women may have learnt at the desk" in designer.text()


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
    visitor = _signed_in(app, "designer", sign_ins.password)
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


def _people(finding: Finding) -> tuple[tuple[int, int], tuple[int, int]]:
    """Doers and non-doers who mention it, of how many."""
    assert finding.doers and finding.non_doers
    return (finding.doers.x, finding.doers.n), (finding.non_doers.x, finding.non_doers.n)


def _question(item_id: str) -> str:
    return load_bank().item(item_id).label


def _signed_in(app: Flask, name: str, password: str) -> Visitor:
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.submit("/sign-in", {"user_name": name, "password": password})
    return visitor

"""Changes to the plan after its locks: what may be changed, what the report and the analysis make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from analysis.plan import parse_plan, plan_sha256
from campaigns.locking.models import PlanChange
from reports.analyse import analyse
from surveys.frames import frame
from tests.campaigns.conftest import SignIn
from tests.campaigns.test_plan_pages import PAGE, freeze, fresh, frozen_plans
from tests.reports.fieldwork import Answers, Field
from tests.visitor import Visitor

CHANGES = "/campaigns/harbour/plan/changes"
REPORT = "/campaigns/harbour/report"
TARGET = f"{CHANGES}/target.names_three_signs"


@pytest.fixture
def field(app: Flask, session: Session) -> Field:
    return Field(app, session)


def stored(session: Session) -> list[PlanChange]:
    return list(fresh(session).scalars(select(PlanChange).order_by(PlanChange.id)))


def change(visitor: Visitor, name: str, **typed: str) -> None:
    page = visitor.get(f"{CHANGES}/{name}")
    version = page.xpath("//main//input[@name='version']/@value")[0]
    data = {"reason": "The donor asked for it.", "version": version} | typed
    assert visitor.submit(f"{CHANGES}/{name}", data).location == CHANGES


def offered(visitor: Visitor) -> list[str]:
    links = visitor.get(CHANGES).xpath(f"//main//a[starts-with(@href, '{CHANGES}/')]/@href")
    return [link.rpartition("/")[2] for link in links]


def test_nothing_is_changed_before_the_plan_is_frozen(designer: Visitor) -> None:
    designer.get(CHANGES)
    assert "The plan is not frozen yet, so it can still be changed itself." in designer.text()
    designer.get(f"{CHANGES}/family", status=404)


def test_what_may_be_changed_are_targets_judging_and_what_is_primary(designer: Visitor) -> None:
    freeze(designer)
    designer.get(PAGE)
    assert "Nothing was changed since." in designer.text()
    assert offered(designer) == [
        "target.names_three_signs",
        "target.would_seek_skills",
        "smallest_change",
        "margin",
        "keep_share",
        "family",
        "demote.names_three_signs",
    ]
    for name in ("add.knows_hotline", "demote.would_seek_skills", "wording", "target.nothing"):
        designer.get(f"{CHANGES}/{name}", status=404)
        assert "There is no such change to this plan" in designer.text()


def test_while_the_targets_are_open_setting_them_is_no_change(field: Field) -> None:
    field.freeze("training", followup=True, targets_later=True)
    designer = field.reader("designer")
    assert offered(designer) == ["family", "demote.names_three_signs"]
    assert "setting them is no change" in designer.text()


def test_a_change_stands_beside_the_plan_and_the_file_stays(designer: Visitor, session: Session) -> None:
    freeze(designer)
    files = [(plan.body, plan.sha256) for plan in frozen_plans(session)]
    designer.get(TARGET)
    assert "It is 15 points now." in designer.text()
    change(designer, "target.names_three_signs", new="12")
    (made,) = stored(session)
    assert (made.key, made.old, made.new) == ("indicators[names_three_signs].target.points", 15, 12)
    assert (made.mark, made.reason) == ("", "The donor asked for it.")
    assert [(plan.body, plan.sha256) for plan in frozen_plans(session)] == files
    subjects = session.scalars(select(AuditEvent.subject).filter_by(action="plan_changed")).all()
    assert subjects == ["indicators[names_three_signs].target.points"]
    for page in (CHANGES, PAGE):
        designer.get(page)
        assert "“Can name three warning signs” went from 15 points to 12 points." in designer.text()
        assert "Reason: The donor asked for it." in designer.text()
        assert "before the first answer. Written down by Dora." in designer.text()
    designer.get(TARGET)
    assert "It is 12 points now." in designer.text()


def test_every_change_is_told_in_words(designer: Visitor) -> None:
    freeze(designer)
    told = {
        "smallest_change": ({"new": "5"}, "The smallest change that matters went from 10 points to 5 points."),
        "margin": ({"new": "4"}, "The loss allowed until the follow-up is now 4 points, in place of the usual rule."),
        "keep_share": ({"new": "70"}, "The share of the gain to keep is now 70 per cent; none had been fixed."),
        "family": ({"new": "none"}, "went from “Holm” to “none”. The new one is weaker than the one that was fixed"),
        "demote.names_three_signs": ({}, "“Can name three warning signs” is no longer a primary indicator"),
    }
    for name, (typed, _words) in told.items():
        change(designer, name, **typed)
    designer.get(CHANGES)
    for _typed, words in told.values():
        assert words in designer.text()
    assert "demote.names_three_signs" not in offered(designer)
    change(designer, "margin", new="6")
    change(designer, "keep_share", new="50")
    designer.get(CHANGES)
    assert "went from 4 points to 6 points." in designer.text()
    assert "went from 70 per cent to 50 per cent." in designer.text()


@pytest.mark.parametrize(
    ("name", "typed", "field", "sentence"),
    [
        ("smallest_change", {"new": "5", "reason": " "}, "reason", "Write why it is changed."),
        ("smallest_change", {"new": "", "reason": "why"}, "new", "Write a whole number of percentage points"),
        ("smallest_change", {"new": "10", "reason": "why"}, "new", "This is what the plan says already."),
        ("keep_share", {"new": "0", "reason": "why"}, "new", "Write a whole number of per cent"),
        ("family", {"new": "luck", "reason": "why"}, "new-0", "Choose one of the three."),
    ],
)
def test_what_is_no_change_is_said_at_its_field(
    designer: Visitor, session: Session, name: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    freeze(designer)
    designer.get(f"{CHANGES}/{name}")
    designer.submit(f"{CHANGES}/{name}", {**typed, "version": "0"}, status=422)
    assert designer.page is not None
    (link,) = designer.page.xpath("//div[@class='error-summary']//a")
    assert (link.get("href"), sentence in link.text_content()) == (f"#{field}", True)
    assert stored(session) == []


def test_of_two_people_who_change_the_plan_the_second_is_told(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    freeze(designer)
    nadia = signed_in_as("nadia", "designer")
    nadia.get(TARGET)
    change(designer, "target.names_three_signs", new="12")
    nadia.submit(TARGET, {"new": "18", "reason": "We have more time.", "version": "0"}, status=409)
    assert "Somebody else wrote down a change to the plan" in nadia.text()
    assert "went from 15 points to 12 points." in nadia.text()
    assert nadia.page is not None and nadia.page.get_element_by_id("new").value == "18"
    assert nadia.page.get_element_by_id("reason").text_content().strip() == "We have more time."
    nadia.submit(TARGET, {"new": "18", "reason": "x", "version": nadia.page.get_element_by_id("version").value})
    assert [(made.old, made.new) for made in stored(session)] == [(15, 12), (12, 18)]


def test_readers_see_the_changes_and_make_none(designer: Visitor, signed_in_as: SignIn) -> None:
    freeze(designer)
    change(designer, "smallest_change", new="5")
    reader = signed_in_as("reader", "evaluator")
    reader.get(CHANGES)
    assert "went from 10 points to 5 points." in reader.text()
    assert offered(reader) == []
    reader.get(f"{CHANGES}/family", status=403)
    assert reader.http.get("/campaigns/harbour/plan/training.changes.yaml").status_code == 200


def trained(field: Field) -> None:
    field.freeze("training", smallest_change=5)
    field.send("training", "before", Answers(40, {"names_three_signs": 10, "knows_hotline": 20}))
    field.send("training", "after", Answers(40, {"names_three_signs": 25, "knows_hotline": 30}))


def test_changes_enter_the_results_and_the_report_with_their_reason_and_time(field: Field) -> None:
    trained(field)
    reader = field.reader("designer", "evaluator")
    change(reader, "target.names_three_signs", new="60")
    reader.get(REPORT)
    assert "“Can name three warning signs” went from 15 points to 60 points." in reader.text()
    assert "Reason: The donor asked for it." in reader.text()
    assert "after the first answers after the activity had come." in reader.text()
    assert "What rests on a change is exploratory." in reader.text()
    assert "The target was not reached: the plan aimed at +60 points" in reader.text()
    assert reader.text().count("The target of this indicator was changed after it was fixed") == 1
    numbers = reader.http.get(f"{REPORT}/training.json").json
    (told,) = numbers["changes_to_plan"]
    assert told["key"] == "indicators[names_three_signs].target.points"
    assert (told["old"], told["new"], told["reason"]) == (15, 60, "The donor asked for it.")
    assert "plan_was_changed" in [warning["code"] for warning in numbers["warnings"]]
    assert numbers["plan_sha256"] == frozen_plans(field.session)[0].sha256


def test_no_change_makes_a_headline_easier(field: Field) -> None:
    trained(field)
    reader = field.reader("designer", "evaluator")
    before = _numbers(reader, "names_three_signs")
    assert before["confirmed"]
    change(reader, "family", new="none")
    eased = _numbers(reader, "names_three_signs")
    assert (eased["p_adjusted"], eased["confirmed"]) == (before["p_adjusted"], True)
    change(reader, "demote.names_three_signs")
    demoted = _numbers(reader, "names_three_signs")
    assert (demoted["p_adjusted"], demoted["confirmed"]) == (before["p_adjusted"], False)
    reader.get(REPORT)
    assert "The plan names no primary indicator, so nothing here can be confirmed." in reader.text()


def _numbers(reader: Visitor, indicator: str) -> dict[str, Any]:
    reader.get(REPORT)
    rows = reader.http.get(f"{REPORT}/training.json").json["changes"]
    found: dict[str, Any] = next(row for row in rows if row["indicator"] == indicator and row["segment"] == {})
    return found


def test_the_downloaded_plan_and_its_changes_are_the_very_files_that_the_command_analyses(
    field: Field, tmp_path: Path
) -> None:
    trained(field)
    reader = field.reader("designer", "evaluator")
    change(reader, "target.names_three_signs", new="60")
    change(reader, "smallest_change", new="45")
    plan = _download(reader, "/campaigns/harbour/plan/training.yaml", tmp_path)
    changes = _download(reader, "/campaigns/harbour/plan/training.changes.yaml", tmp_path)
    assert changes.name == f"{plan.stem}.changes.yaml"
    written = yaml.safe_load(plan.read_text())
    (stored_plan,) = frozen_plans(field.session)
    assert stored_plan.sha256 == plan_sha256(written) == parse_plan(written).locks[-1].sha256
    with field.app.app_context():
        frame(field.session, field.campaign.id, "training").to_csv(tmp_path / "answers.csv", index=False)
    command = [str(plan), "--data", str(tmp_path / "answers.csv"), "--audience", "team", "--out", str(tmp_path)]
    done = CliRunner().invoke(analyse, command)
    assert done.exit_code == 0, done.output
    of_command = json.loads((tmp_path / "results.json").read_text())
    reader.get(REPORT)
    of_app = reader.http.get(f"{REPORT}/training.json").json
    del of_command["data_sha256"], of_app["data_sha256"]  # of a file, and of what the database holds
    assert of_command == of_app
    codes = [warning["code"] for warning in of_command["warnings"]]
    assert "plan_was_changed" in codes and "plan_differs_from_lock" not in codes
    changed = next(row for row in of_command["changes"] if row["indicator"] == "names_three_signs")
    assert changed["target"]["value"] == 0.6 and changed["smallest_change"] == 0.45


def _download(reader: Visitor, address: str, folder: Path) -> Path:
    answer = reader.http.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/yaml")
    path = folder / answer.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
    path.write_bytes(answer.data)
    return path


def test_a_plan_without_changes_has_an_empty_file_of_them(designer: Visitor) -> None:
    freeze(designer)
    designer.get(PAGE)
    assert yaml.safe_load(designer.http.get("/campaigns/harbour/plan/training.changes.yaml").text) == []
    designer.get("/campaigns/harbour/plan/nothing.changes.yaml", status=404)

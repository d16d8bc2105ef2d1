"""The two locks of a plan: what each covers, and what is told when the second one comes late or never."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from analysis.plan import parse_plan, plan_sha256
from campaigns.locking.locks import without_targets
from campaigns.models import FrozenPlan, PlanDraft
from surveys.models import Form
from tests.builders import make_safe
from tests.campaigns.conftest import SignIn
from tests.campaigns.test_plan_pages import COMPLETE, PAGE, REVIEW, frozen_plans, without
from tests.campaigns.test_plan_pages import freeze as freeze_pages
from tests.reports.fieldwork import Answers, Field
from tests.visitor import Visitor

TARGETS = "/campaigns/harbour/plan/targets"
REPORT = "/campaigns/harbour/report"
LATER = without("names_three_signs-points", "would_seek_skills-points", targets_later="y")
GAINS = {
    "names_three_signs-points": "15",
    "would_seek_skills-points": "20",
    "smallest_change": "8",
    "retention_margin": "6",
    "keep_share": "60",
    "version": "1",
}


@pytest.fixture
def field(app: Flask, session: Session) -> Field:
    return Field(app, session)


def locks(plan: FrozenPlan) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(plan.body)["locks"]
    return found


def lock_later(field: Field, answers: Callable[[Field], None]) -> tuple[Visitor, FrozenPlan]:
    """A plan whose targets came later, locked once these answers were there."""
    field.freeze("training", targets_later=True)
    answers(field)
    designer = field.reader("designer", "evaluator")
    designer.get(TARGETS)
    assert designer.submit(TARGETS, {**points(field), "go": "lock"}).location == PAGE
    return designer, frozen_plans(field.session)[0]


def points(field: Field) -> dict[str, str]:
    draft = field.session.get_one(PlanDraft, field.campaign.id)
    gains = {f"{indicator['id']}-points": "15" for indicator in draft.choices["indicators"]}
    return {**gains, "smallest_change": "5", "version": str(draft.version)}


def before(field: Field) -> None:
    field.send("training", "before", Answers(12, {"names_three_signs": 3}))


def before_and_after(field: Field) -> None:
    before(field)
    field.send("training", "after", Answers(12, {"names_three_signs": 9}))


def test_both_locks_are_set_at_once_unless_the_targets_come_later(designer: Visitor, session: Session) -> None:
    freeze_pages(designer)
    for plan in frozen_plans(session):
        written = yaml.safe_load(plan.body)
        wording, targets = written["locks"]
        assert wording["name"] == "wording and primary indicators"
        assert wording["sha256"] == plan_sha256(without_targets(written)) != plan.sha256
        assert targets["name"] == "targets, smallest change and margins"
        assert targets["sha256"] == plan_sha256(written) == plan.sha256
        assert wording["at"] == targets["at"] and "mark" not in targets
    designer.get(PAGE)
    assert "Targets, the smallest change and the losses allowed were fixed on" in designer.text()
    assert "are not fixed yet" not in designer.text()
    assert designer.http.get(TARGETS).location == PAGE


def test_the_first_lock_opens_fieldwork_while_the_targets_stay_open(designer: Visitor, session: Session) -> None:
    freeze_pages(designer, LATER)
    assert session.scalars(select(Form)).all()
    for plan in frozen_plans(session):
        written = yaml.safe_load(plan.body)
        assert [lock["name"] for lock in locks(plan)] == ["wording and primary indicators"]
        assert parse_plan(written).sha256 == plan.sha256 == locks(plan)[0]["sha256"]
        assert "smallest_change" not in written
        assert not [one for one in written["indicators"] if "target" in one]
    page = designer.get(PAGE)
    assert "are not fixed yet. This has to be done before the first answer after the activity." in designer.text()
    assert page.xpath(f"//main//a[@href='{TARGETS}']")


def test_the_targets_are_locked_into_the_files_that_were_frozen(designer: Visitor, session: Session) -> None:
    freeze_pages(designer, LATER)
    wording = {plan.instrument: plan.sha256 for plan in frozen_plans(session)}
    designer.get(TARGETS)
    assert designer.submit(TARGETS, {**GAINS, "go": "save"}).location == PAGE
    assert {plan.instrument: plan.sha256 for plan in frozen_plans(session)} == wording
    assert designer.get(TARGETS).get_element_by_id("keep_share").value == "60"
    designer.submit(TARGETS, {**GAINS, "version": "2", "go": "lock"})
    for plan in frozen_plans(session):
        written = yaml.safe_load(plan.body)
        first, second = locks(plan)
        assert first["sha256"] == wording[plan.instrument] == plan_sha256(without_targets(written))
        assert second["sha256"] == plan.sha256 == plan_sha256(written) and "mark" not in second
        checked = parse_plan(written)
        assert [one.target.value for one in checked.indicators if one.target] == [0.15, 0.2]
        assert {(one.smallest_change, one.margin) for one in checked.indicators} == {(0.08, 0.06)}
        assert checked.retention is not None and checked.retention.keep_share == 0.6
    assert session.scalars(select(AuditEvent.action).filter_by(action="targets_locked")).all() == ["targets_locked"]
    designer.submit(TARGETS, {**GAINS, "smallest_change": "3", "version": "2", "go": "lock"}, status=409)
    assert "The targets are locked already." in designer.text()


def test_targets_that_are_lacking_or_unreadable_lock_nothing(designer: Visitor, session: Session) -> None:
    freeze_pages(designer, LATER)
    designer.get(TARGETS)
    designer.submit(TARGETS, {**GAINS, "names_three_signs-points": "", "go": "lock"}, status=422)
    assert "Write the planned gain of this indicator" in designer.text()
    assert designer.page is not None and designer.page.get_element_by_id("would_seek_skills-points").value == "20"
    designer.submit(TARGETS, {**GAINS, "version": "2", "names_three_signs-points": "4", "go": "lock"}, status=422)
    assert "below the smallest change that matters" in designer.text()
    designer.submit(TARGETS, {**GAINS, "version": "2", "keep_share": "half", "go": "lock"}, status=422)
    assert "Write a whole number of per cent" in designer.text()
    assert [len(locks(plan)) for plan in frozen_plans(session)] == [1, 1]


def test_of_two_people_at_the_targets_the_second_is_told(designer: Visitor, signed_in_as: SignIn) -> None:
    freeze_pages(designer, LATER)
    nadia = signed_in_as("nadia", "designer")
    nadia.get(TARGETS)
    designer.get(TARGETS)
    designer.submit(TARGETS, {**GAINS, "go": "save"})
    nadia.submit(TARGETS, {**GAINS, "smallest_change": "12", "go": "lock"}, status=409)
    assert "The plan was changed in another window while you were working" in nadia.text()
    assert nadia.page is not None and nadia.page.get_element_by_id("smallest_change").value == "12"
    nadia.submit(TARGETS, {**GAINS, "smallest_change": "12", "version": "2", "go": "lock"})


def test_a_lock_after_the_first_baseline_answer_says_so(field: Field) -> None:
    designer, plan = lock_later(field, before)
    assert locks(plan)[1]["mark"] == "set_after_baseline"
    assert parse_plan(yaml.safe_load(plan.body)).locks[1].mark == "set_after_baseline"
    for page in (PAGE, REPORT):
        designer.get(page)
        assert "They were set after the baseline" in designer.text()


def test_a_lock_after_the_answers_after_the_activity_says_so(field: Field) -> None:
    designer, plan = lock_later(field, before_and_after)
    assert locks(plan)[1]["mark"] == "set_after_answers"
    for page in (PAGE, REPORT):
        designer.get(page)
        assert "They were set after the answers after the activity" in designer.text()


def test_targets_that_nobody_fixed_beforehand_are_told_plainly(field: Field) -> None:
    field.freeze("training", targets_later=True)
    before_and_after(field)
    reader = field.reader("designer", "evaluator")
    for page in (PAGE, TARGETS, REPORT):
        reader.get(page)
        assert "were never fixed beforehand" in reader.text(), page
    assert "The target was" not in reader.text()
    numbers = reader.http.get(f"{REPORT}/training.json").json
    assert {row["target"] for row in numbers["changes"]} == {None}
    assert "targets_never_locked" in [warning["code"] for warning in numbers["warnings"]]


def test_the_report_names_the_days_of_both_locks(field: Field) -> None:
    field.freeze("training")
    before(field)
    reader = field.reader("evaluator")
    reader.get(REPORT)
    assert "Wording and primary indicators were fixed on" in reader.text()
    assert "the losses allowed were fixed on" in reader.text()
    assert "Changes to the plan" not in reader.text()


def test_a_plan_of_the_time_of_one_lock_has_nothing_open(field: Field) -> None:
    field.freeze("training")
    (plan,) = frozen_plans(field.session)
    written = yaml.safe_load(plan.body)
    written["locks"] = [{"name": "plan", "sha256": plan.sha256, "at": plan.frozen_at.isoformat()}]
    plan.body = yaml.safe_dump(written, sort_keys=False)
    field.session.commit()
    reader = field.reader("designer", "evaluator")
    for page in (PAGE, REPORT):
        reader.get(page)
        assert "The whole plan was fixed on" in reader.text()
    assert reader.http.get(TARGETS).location == PAGE


def test_beginning_with_open_gaps_needs_a_reason_which_stays_with_the_plan(designer: Visitor, session: Session) -> None:
    make_safe(designer.http.application)
    designer.get(PAGE)
    designer.submit(PAGE, {**COMPLETE, "go": "review"})
    page = designer.get(REVIEW)
    assert page.xpath("//main//textarea[@name='gap_reason']")
    designer.submit(REVIEW, {"version": "1", "gap_reason": "  "}, status=422)
    assert "Write why you begin all the same" in designer.text()
    assert frozen_plans(session) == []
    designer.submit(REVIEW, {"version": "1", "gap_reason": "The first class is on Monday."})
    assert {plan.gap_reason for plan in frozen_plans(session)} == {"The first class is on Monday."}
    assert frozen_plans(session)[0].open_gaps == ["awareness_level", "action", "barriers", "link", "results"]
    designer.get(PAGE)
    assert "Reason for beginning all the same: The first class is on Monday." in designer.text()


def test_what_is_chosen_about_judging_lands_in_the_file(designer: Visitor, session: Session) -> None:
    chosen = {
        "family": "bh", "confidence": "90", "dont_know": "exclude", "suppress_below": "10", "keep_share": "50",
    }  # fmt: skip
    freeze_pages(designer, {**COMPLETE, **chosen})
    for plan in frozen_plans(session):
        checked = parse_plan(yaml.safe_load(plan.body))
        assert (checked.family, checked.confidence, checked.suppress_below) == ("bh", 0.9, 10)
        assert checked.missing.dont_know_as == "exclude"
        assert checked.retention is not None and checked.retention.keep_share == 0.5
    designer.get(PAGE)
    for words in ("Benjamini and Hochberg", "level of 90 per cent", "is left out of the question", "fewer than 10"):
        assert words in designer.text(), words


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("family", "luck", "Choose one of those that are listed."),
        ("confidence", "1", "Choose one of those that are listed."),
        ("dont_know", "maybe", "Choose one of those that are listed."),
        ("suppress_below", "3", "Write a whole number of people between 5 and 50."),
        ("keep_share", "200", "Write a whole number of per cent"),
    ],
)
def test_what_cannot_be_meant_is_marked_at_its_field(designer: Visitor, name: str, value: str, sentence: str) -> None:
    designer.get(PAGE)
    designer.submit(PAGE, without(**{name: value}), status=422)
    assert designer.page is not None
    links = designer.page.xpath(f"//div[@class='error-summary']//a[starts-with(@href, '#{name}')]")
    assert [sentence in link.text_content() for link in links] == [True]
    assert designer.page.get_element_by_id(links[0].get("href").removeprefix("#")) is not None


def test_a_plan_that_hides_larger_groups_is_followed_outside_the_team(field: Field) -> None:
    field.freeze("training", suppress_below=15)
    before(field)
    designer = field.reader("designer")
    designer.get(REPORT)
    assert "Groups of fewer than 15 people are hidden here" in designer.text()


def test_where_the_number_of_primary_indicators_is_not_allowed_for_the_report_says_so(field: Field) -> None:
    field.freeze("training", family="none")
    field.send("training", "before", Answers(20, {"names_three_signs": 3}))
    field.send("training", "after", Answers(20, {"names_three_signs": 17}))
    reader = field.reader("evaluator")
    reader.get(REPORT)
    assert "judges each as if it were the only one" in reader.text()
    assert "The plan makes no allowance for the number of its primary indicators" in reader.text()

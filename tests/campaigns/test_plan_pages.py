"""The pages of the plan: draft, review, freezing, and what can never be changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from analysis.plan import parse_plan, plan_sha256
from campaigns.models import FrozenPlan, PlanDraft
from surveys.models import Form
from tests.builders import make_safe
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

PAGE = "/campaigns/harbour/plan"
REVIEW = "/campaigns/harbour/plan/freeze"
COMPLETE = {
    "names_three_signs-chosen": "y",
    "names_three_signs-primary": "y",
    "names_three_signs-points": "15",
    "would_seek_skills-chosen": "y",
    "would_seek_skills-points": "20",
    "instruments": ["training", "intercept"],
    "followup": "y",
    "activity_ends_on": "2027-03-31",
    "smallest_change": "10",
    "retention_margin": "",
    "version": "0",
}


def without(*names: str, **changed: str) -> dict[str, Any]:
    return {name: value for name, value in COMPLETE.items() if name not in names} | changed


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


def frozen_plans(session: Session) -> list[FrozenPlan]:
    return list(fresh(session).scalars(select(FrozenPlan).order_by(FrozenPlan.id)))


def rows_of_fields(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """The fields marked as wrong with their sentences."""
    assert visitor.page is not None
    for link in visitor.page.xpath("//div[@class='error-summary']//a"):
        target = link.get("href").removeprefix("#")
        assert visitor.page.get_element_by_id(target) is not None
        yield target.removesuffix("-0"), link.text_content()


def freeze(visitor: Visitor, data: dict[str, Any] | None = None) -> None:
    make_safe(visitor.http.application)
    visitor.get(PAGE)
    assert visitor.submit(PAGE, {**(data or COMPLETE), "go": "review"}).location == REVIEW
    page = visitor.get(REVIEW)
    version = page.xpath("//main//input[@name='version']/@value")[0]
    assert visitor.submit(REVIEW, {"version": version, "gap_reason": "The work begins on Monday."}).location == PAGE


def test_the_page_groups_the_indicators_and_tells_what_each_cannot_show(designer: Visitor) -> None:
    page = designer.get(PAGE)
    assert [heading.text_content() for heading in page.xpath("//main//h3")] == [
        "Knowledge",
        "Attitude",
        "Intended action",
        "Perceived control",
    ]
    assert len(page.xpath("//fieldset[@class='indicator']")) == 8
    assert designer.text().count("It cannot show") == 8
    assert "by sex and by age group" in designer.text()
    assert not page.xpath("//input[contains(@name, 'sex') or contains(@name, 'age')]"), "they cannot be taken away"
    assert "a gain of 15 points" in designer.text()


def test_a_draft_is_saved_as_it_is_and_shown_again(designer: Visitor, session: Session) -> None:
    designer.get(PAGE)
    assert designer.submit(PAGE, without("names_three_signs-points", "activity_ends_on")).location == PAGE
    draft = fresh(session).get_one(PlanDraft, 1)
    assert draft.choices["indicators"][0] == {"id": "names_three_signs", "primary": True, "points": None}
    page = designer.get(PAGE)
    assert "The plan is saved as a draft." in designer.text()
    assert page.get_element_by_id("names_three_signs-chosen").checked
    assert not page.get_element_by_id("knows_hotline-chosen").checked
    assert page.get_element_by_id("would_seek_skills-points").value == "20"
    assert page.get_element_by_id("version").value == "1"
    designer.get("/campaigns/harbour/")
    assert "In progress" in designer.text()


def test_a_plan_that_is_not_complete_is_kept_and_marked_at_its_fields(designer: Visitor, session: Session) -> None:
    lacking: list[tuple[dict[str, Any], str, str]] = [
        ({"smallest_change": "10"}, "indicators", "Choose at least one indicator."),
        (without("names_three_signs-primary"), "indicators", "Mark at least one indicator as primary"),
        (without("names_three_signs-points"), "names_three_signs-points", "Write the planned gain"),
        (without(**{"names_three_signs-points": "9"}), "names_three_signs-points", "below the smallest change"),
        (without("instruments"), "instruments", "Choose at least one way of asking people."),
        (without("activity_ends_on"), "activity_ends_on", "Write the day on which the activity ends"),
    ]
    designer.get(PAGE)
    for version, (data, field, sentence) in enumerate(lacking):
        designer.submit(PAGE, {**data, "version": version, "go": "review"}, status=422)
        assert sentence in dict(rows_of_fields(designer))[field]
        assert fresh(session).get_one(PlanDraft, 1).version == version + 1
    assert designer.http.get(REVIEW).location == PAGE
    designer.submit(REVIEW, {"version": len(lacking)}, status=409)
    assert "The plan is not complete yet." in designer.text()
    assert frozen_plans(session) == []


def test_what_cannot_be_stored_stays_in_the_page_with_a_sentence_at_its_field(
    designer: Visitor, session: Session
) -> None:
    three_more = {
        f"{id}-{part}": "y"
        for id in ("knows_hotline", "would_seek_skills", "would_employ_survivor")
        for part in ("chosen", "primary")
    }
    unreadable: list[tuple[dict[str, str], str, str]] = [
        ({"names_three_signs-points": "many"}, "names_three_signs-points", "Write a whole number of percentage points"),
        ({"names_three_signs-points": "1000"}, "names_three_signs-points", "between 1 and 100"),
        ({"smallest_change": ""}, "smallest_change", "Write a whole number of percentage points"),
        ({"retention_margin": "-1"}, "retention_margin", "between 1 and 100"),
        ({"activity_ends_on": "31.3.2027"}, "activity_ends_on", "This is not a date."),
        ({"activity_ends_on": "9999-12-31"}, "activity_ends_on", "This is not a date."),
        ({"instruments": "telepathy"}, "instruments", "Choose from the ways that are listed."),
        (three_more, "indicators", "At most three indicators can be primary."),
    ]
    designer.get(PAGE)
    for changed, field, sentence in unreadable:
        designer.submit(PAGE, without(**changed), status=422)
        assert sentence in dict(rows_of_fields(designer))[field]
        assert designer.page is not None
        assert designer.page.get_element_by_id("would_seek_skills-points").value == "20"
        if "points" in field:
            assert designer.page.get_element_by_id(field).value == changed[field]
    assert fresh(session).get(PlanDraft, 1) is None


def test_of_two_people_at_one_plan_the_second_is_told_and_loses_nothing(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    nadia.get(PAGE)
    designer.get(PAGE)
    designer.submit(PAGE, COMPLETE)
    nadia.submit(PAGE, without(smallest_change="5"), status=409)
    assert "The plan was changed in another window while you were working" in nadia.text()
    assert nadia.page is not None and nadia.page.get_element_by_id("smallest_change").value == "5"
    assert fresh(session).get_one(PlanDraft, 1).choices["smallest_change"] == 10
    nadia.submit(PAGE, without(smallest_change="5", version=nadia.page.get_element_by_id("version").value))
    assert fresh(session).get_one(PlanDraft, 1).choices["smallest_change"] == 5


def test_the_review_says_in_plain_words_what_will_be_frozen(designer: Visitor) -> None:
    designer.get(PAGE)
    designer.submit(PAGE, {**COMPLETE, "go": "review"})
    designer.get(REVIEW)
    shown = designer.text()
    for words in (
        "Can name three warning signs Primary Knowledge 15 points 7.5 points",
        "Would learn more skills before leaving Intended action 20 points 10 points",
        "Training questionnaire: the same people each time",
        "Intercept survey: passers-by",
        "The follow-up opens on September 30, 2027 and closes on March 31, 2028",
        "A change of less than 10 points does not matter to you.",
        "From now on nobody can change this plan",
        "It is not said what people should do.",
    ):
        assert words in shown, words


def test_a_gap_that_was_answered_is_not_warned_of(designer: Visitor) -> None:
    answer = "/campaigns/harbour/design/s3q2"
    designer.get(answer)
    designer.submit(answer, {"state": "assumed", "text": "They call the number.", "version": "0"})
    designer.get(PAGE)
    designer.submit(PAGE, {**COMPLETE, "go": "review"})
    designer.get(REVIEW)
    assert "It is not said what people should do." not in designer.text()
    assert "It is not said how results will be judged." in designer.text()


def test_freezing_makes_a_plan_for_each_instrument_and_opens_fieldwork(designer: Visitor, session: Session) -> None:
    freeze(designer)
    plans = frozen_plans(session)
    assert [plan.instrument for plan in plans] == ["training", "intercept"]
    for plan in plans:
        written = yaml.safe_load(plan.body)
        _wording, targets = written["locks"]
        assert targets["sha256"] == plan.sha256 == plan_sha256(written) == parse_plan(written).sha256
        assert targets["at"].startswith(plan.frozen_at.date().isoformat())
    published = {(form.instrument, form.wave) for form in session.scalars(select(Form))}
    assert published == {(kind, wave) for kind in ("training", "intercept") for wave in ("before", "after", "followup")}
    shown = designer.get(PAGE)
    assert "The evaluation plan is frozen" in designer.text()
    assert all(plan.sha256 in designer.text() for plan in plans)
    assert not shown.xpath("//main//form")
    answer = designer.http.get("/campaigns/harbour/plan/intercept.yaml")
    assert (answer.status_code, answer.mimetype) == (200, "application/yaml")
    assert answer.text == plans[1].body
    assert "harbour_intercept_plan.yaml" in answer.headers["Content-Disposition"]


def test_freezing_writes_down_the_gaps_that_were_open(designer: Visitor, session: Session) -> None:
    freeze(designer, without(instruments="training"))
    subject = session.scalars(select(AuditEvent.subject).filter_by(action="plan_frozen")).one()
    assert subject == "open gaps: awareness_level, action, barriers, link, results"
    designer.get(PAGE)
    assert "What the design left open when the plan was frozen" in designer.text()
    assert "Nobody found out how much the group already knows." in designer.text()


def test_a_frozen_plan_cannot_be_changed_or_frozen_again(designer: Visitor, session: Session) -> None:
    freeze(designer, without(instruments="training"))
    before = [(plan.body, plan.sha256) for plan in frozen_plans(session)]
    designer.get("/")
    designer.submit(PAGE, {**COMPLETE, "smallest_change": "3", "version": "1"}, status=409)
    assert "This plan is frozen and cannot be changed" in designer.text()
    designer.submit(REVIEW, {"version": "1"}, status=409)
    assert "This plan is frozen and cannot be changed" in designer.text()
    assert designer.http.get(REVIEW).location == PAGE
    assert [(plan.body, plan.sha256) for plan in frozen_plans(session)] == before


def test_only_what_was_read_is_frozen(designer: Visitor, signed_in_as: SignIn, session: Session) -> None:
    nadia = signed_in_as("nadia", "designer")
    designer.get(PAGE)
    designer.submit(PAGE, {**COMPLETE, "go": "review"})
    designer.get(REVIEW)
    nadia.get(PAGE)
    nadia.submit(PAGE, without(smallest_change="5", version="1"))
    designer.submit(REVIEW, {"version": "1"}, status=409)
    assert "The plan was changed in the meantime." in designer.text()
    designer.submit(REVIEW, {"version": "nonsense"}, status=409)
    assert frozen_plans(session) == []


def test_without_the_token_of_the_page_nothing_is_saved_or_frozen(designer: Visitor, session: Session) -> None:
    assert designer.http.post(PAGE, data=COMPLETE).status_code == 400
    assert fresh(session).get(PlanDraft, 1) is None
    designer.get(PAGE)
    designer.submit(PAGE, COMPLETE)
    assert designer.http.post(REVIEW, data={"version": "1"}).status_code == 400
    assert frozen_plans(session) == []


def test_a_file_of_a_plan_that_is_not_frozen_is_a_404_with_the_remedy(designer: Visitor) -> None:
    for instrument in ("training", "intercept", "telepathy"):
        designer.get(f"/campaigns/harbour/plan/{instrument}.yaml", status=404)
        assert "There is no frozen plan of this kind in the campaign." in designer.text()


@pytest.mark.parametrize("role", ["evaluator", "supervisor"])
def test_evaluators_and_supervisors_read_the_plan_but_do_not_write_it(
    designer: Visitor, signed_in_as: SignIn, role: str
) -> None:
    reader = signed_in_as("reader", role)
    reader.get(PAGE)
    assert "Nothing has been chosen yet." in reader.text()
    designer.get(PAGE)
    designer.submit(PAGE, COMPLETE)
    page = reader.get(PAGE)
    assert "This is a draft." in reader.text() and "Can name three warning signs" in reader.text()
    assert not page.xpath("//main//form")
    reader.submit(PAGE, COMPLETE, status=403)
    reader.get(REVIEW, status=403)


def test_an_evaluator_downloads_the_frozen_file(designer: Visitor, signed_in_as: SignIn) -> None:
    freeze(designer, without(instruments="training"))
    reader = signed_in_as("reader", "evaluator")
    reader.get(PAGE)
    assert reader.http.get("/campaigns/harbour/plan/training.yaml").status_code == 200


def test_nobody_else_sees_the_plan(signed_in_as: SignIn) -> None:
    visitor = signed_in_as("someone", "translator", "enumerator", "tracer")
    visitor.get(PAGE, status=403)
    visitor.get("/campaigns/harbour/plan/training.yaml", status=403)

"""A comparison group from the plan to the report: asked, never pooled, and set against those with the activity."""

from __future__ import annotations

import pytest
import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.plan import parse_plan
from campaigns.models import FrozenPlan
from surveys.models import Form
from tests.reports.fieldwork import DAYS, INDICATORS, Field
from tests.visitor import Visitor

PAGE = "/campaigns/harbour/report"


@pytest.fixture
def field(app: Flask, session: Session) -> Field:
    made = Field(app, session)
    made.freeze("training", "intercept", comparison=True)
    return made


def ask(field: Field, group: str, before: int, after: int, people: int = 40) -> None:
    """So many of the people of a group know the number before and after."""
    for wave, knowing in (("before", before), ("after", after)):
        for number in range(people):
            field.send_one(
                "training", wave, interview_date=DAYS[wave], consent="yes", age_group="25_34", sex="female",
                study_group=group, card_number=f"{group[0].upper()}{number:03d}",
                hotline_number="right" if number < knowing else "wrong",
            )  # fmt: skip


def said(visitor: Visitor) -> str:
    page = visitor.get(PAGE)
    (section,) = page.xpath("//section[@id='training-knows-hotline']")
    return " ".join(section.text_content().split())


def test_the_group_is_asked_and_stands_in_the_frozen_plan(field: Field, session: Session) -> None:
    for plan in session.scalars(select(FrozenPlan)):
        design = parse_plan(yaml.safe_load(plan.body)).design
        assert (design.arm, design.comparison) == ("study_group", "comparison")
    for form in session.scalars(select(Form)):
        names = [row.get("name") for row in form.versions[-1].xlsform["survey"]]
        assert "study_group" in names


def test_without_a_comparison_group_nobody_is_asked_for_it(app: Flask, session: Session) -> None:
    Field(app, session, "hills").freeze("training")
    (form,) = session.scalars(select(Form).filter_by(wave="before"))
    assert "study_group" not in [row.get("name") for row in form.versions[-1].xlsform["survey"]]


def test_the_findings_speak_of_those_with_the_activity_and_are_set_against_the_others(field: Field) -> None:
    ask(field, "activity", 10, 34)
    ask(field, "comparison", 10, 13)
    evaluator = field.reader("evaluator")
    text = said(evaluator)
    assert "25.0%" in text and "85.0%" in text, "10 and 34 of 40 with the activity"
    assert "32.5%" not in text, "the comparison group is not pooled into it"
    assert "rose more than in the comparison group: the two changes differ by +52.5 points" in text
    page = evaluator.text()
    assert "Two groups are never quite alike" in page and "No comparison group" not in page


def test_a_change_that_both_groups_share_is_not_claimed(field: Field) -> None:
    ask(field, "activity", 10, 20)
    ask(field, "comparison", 10, 19)
    assert "It is not clear whether the share" in said(field.reader("evaluator"))


def test_too_few_people_without_the_activity_are_not_compared(field: Field) -> None:
    ask(field, "activity", 10, 34)
    ask(field, "comparison", 2, 3, people=7)
    assert "Too few people answered in one of the two groups" in said(field.reader("evaluator"))


def test_the_plan_form_offers_it(field: Field, session: Session) -> None:
    assert INDICATORS and session.scalars(select(FrozenPlan)).all()
    designer = field.reader("designer")
    designer.get("/campaigns/harbour/plan")
    assert "A comparison group is asked the same" in designer.text()
    designer.get("/campaigns/harbour/review")
    assert "There is no comparison group." not in designer.text()

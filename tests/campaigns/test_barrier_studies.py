"""Preparing a barrier analysis: who is a doer, what is asked, what it can show, and its publishing."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.plan import parse_plan, plan_sha256
from campaigns.barrier_analysis.models import BarrierWording
from campaigns.barrier_analysis.screening import Rule, condition, group_of
from campaigns.barrier_analysis.studies import items_by_determinant, reasons
from campaigns.models import Campaign
from campaigns.terms import terms
from surveys.models import Form
from tests.builders import make_safe
from tests.campaigns.barrier import (
    CLOSED,
    DETAILS,
    DOER,
    HOME,
    OPEN,
    STUDY,
    WORDS,
    prepared,
    published,
    send,
    the_study,
)
from tests.campaigns.conftest import SignIn
from tests.campaigns.test_entries import chain, entries
from tests.surveys.fieldwork import Tablet
from tests.visitor import Visitor


def test_the_bank_asks_about_each_of_the_twelve_determinants(app: Flask) -> None:
    assert {item.determinant for item in reasons()} == set(terms("determinants"))
    assert all(any(item.scoring for item in items) for items in items_by_determinant().values())


def test_who_is_a_doer_a_non_doer_or_neither() -> None:
    rules = (Rule("yes", "yes"), Rule("yes", "no"), Rule("any", "no"))
    answers = {"screening_1": "yes", "screening_2": "yes", "screening_3": "yes"}
    assert group_of(answers, rules) == "doer"
    assert group_of({**answers, "screening_2": "no", "screening_3": "no"}, rules) == "non_doer"
    assert group_of({**answers, "screening_2": "no"}, rules) == "neither"
    assert group_of({**answers, "screening_1": "no"}, rules) == "neither"
    assert group_of({"screening_1": "yes", "screening_3": "no"}, rules) == ""
    assert condition(rules[:2]) == (
        "(${screening_1} = 'yes' and ${screening_2} = 'yes') or (${screening_1} = 'yes' and ${screening_2} = 'no')"
    )


def test_a_study_says_what_its_numbers_can_and_cannot_show(designer: Visitor, session: Session) -> None:
    prepared(designer, doers="45", non_doers="45")
    designer.get(STUDY)
    text = designer.text()
    assert "45 doers and 45 non-doers show a difference of about 28 percentage points or more" in text
    assert "(80 % power, 95 % confidence" in text and "that it is the cause is not shown" in text
    assert "It is assumed that 10% of these people do it" in text
    designer.get(f"{STUDY}/edit")
    designer.submit(f"{STUDY}/edit", {**DETAILS, "doers": "12", "version": "1", "prevalence_source": "Census"})
    designer.get(STUDY)
    assert "With fewer than 15 people in a group" in designer.text()
    assert "10% of these people are thought to do it. Source: Census" in designer.text()


def test_what_a_study_lacks_stands_on_its_page_and_stops_its_publishing(designer: Visitor, session: Session) -> None:
    without_culture = [name for name in DETAILS["items"] if name != "custom_forbids"]
    changes = {"where": "", "safe": None, "items": without_culture, "non_doer_2": "any"}
    typed = {name: value for name, value in {**DETAILS, **changes}.items() if value is not None}
    designer.get(f"{HOME}/new")
    designer.submit(f"{HOME}/new", typed)
    page = designer.get(STUDY)
    for sentence in (
        "A behaviour statement says who does what",
        "At least one screening question must tell apart",
        "confirm that none of them asks what has been done to the person",
        "Ask at least one question about “Culture”.",
        "Word the questions of your own",
    ):
        assert sentence in designer.text()
    assert not page.xpath("//form[contains(@action, 'publish')]")
    designer.submit(f"{STUDY}/publish", {"version": "1"}, status=409)
    assert "This study is not complete yet." in designer.text()
    session.rollback()
    assert not session.scalars(select(Form)).all()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Write a name."),
        ({"prevalence": "0"}, "Write a share between 0.1 and 99"),
        ({"doers": "many"}, "Write a whole number of people"),
        ({"non_doer_2": ""}, "Say what a doer and what a non-doer answers"),
        ({"doer_2": "", "non_doer_2": "", "doer_3": "yes", "non_doer_3": "no"}, "Use the questions in their order"),
        ({"doer_1": "often"}, "Choose from the list."),
        ({"items": ["age_group"]}, "Choose from the list."),
    ],
)
def test_what_a_study_cannot_hold_is_said(designer: Visitor, typed: dict[str, Any], sentence: str) -> None:
    designer.get(f"{HOME}/new")
    designer.submit(f"{HOME}/new", {**DETAILS, **typed}, status=422)
    assert sentence in designer.text()


def test_of_two_people_at_one_study_the_second_is_told_and_loses_nothing(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    prepared(designer)
    nadia = signed_in_as("nadia", "designer")
    edit, wording = f"{STUDY}/edit", f"{STUDY}/wording/en"
    for person in (designer, nadia):
        person.get(edit)
    designer.submit(edit, {**DETAILS, "who": "Women", "version": "1"})
    nadia.submit(edit, {**DETAILS, "who": "Young men", "version": "1"}, status=409)
    assert nadia.page is not None and "Young men" in nadia.page.get_element_by_id("who").text
    assert the_study(session).who == "Women"
    nadia.submit(edit, {**DETAILS, "who": "Young men", "version": "2"})
    assert (the_study(session).who, the_study(session).version) == ("Young men", 3)
    for person in (designer, nadia):
        person.get(wording)
    designer.submit(wording, {**WORDS, "harm": "debt", "version": "1"})
    nadia.submit(wording, {**WORDS, "harm": "no pay", "version": "1"}, status=409)
    session.rollback()
    assert session.scalars(select(BarrierWording)).one().texts["harm"] == "debt"
    assert nadia.page is not None and "no pay" in nadia.page.get_element_by_id("harm").text


def test_publishing_freezes_the_plan_and_opens_one_form_in_the_languages_that_are_worded(
    designer: Visitor, session: Session
) -> None:
    prepared(designer)
    designer.get(f"{STUDY}/wording/ar")
    designer.submit(f"{STUDY}/wording/ar", {**WORDS, "harm": ""})
    page = designer.get(STUDY)
    assert "No hotline stands in the list of places to turn to." in designer.text()
    assert not page.xpath("//form[contains(@action, 'publish')]"), "nobody is asked before the safeguards are there"
    make_safe(designer.http.application)
    page = designer.get(STUDY)
    designer.submit(f"{STUDY}/publish", {"version": "1"}, status=409)
    designer.get(STUDY)
    (version,) = page.xpath("//form[contains(@action, 'publish')]//input[@name='version']/@value")
    designer.submit(f"{STUDY}/publish", {"version": version})
    session.rollback()
    (form,) = session.scalars(select(Form))
    (newest,) = form.versions
    assert (form.form_id, form.wave) == ("harbour_barrier_1_once", "once")
    assert newest.codebook["languages"] == ["en"] and newest.title.endswith("Ringing the labour office")
    asked = {item["id"]: item["labels"] for item in newest.codebook["items"]}
    assert {*CLOSED, *OPEN, "screening_1", "consent", "sex", "help_card"} <= set(asked)
    assert not {"screening_3", "warning_signs", "introduction", "card_number"} & set(asked)
    assert asked["screening_2"] == {"en": WORDS["screening_2"]} and "%(" not in newest.xform
    assert WORDS["harm"] in asked["behaviour"]["en"]
    assert newest.xform.count('appearance="multiline"') == len(OPEN)
    designer.get(f"{STUDY}/edit", status=409)
    designer.get(f"{STUDY}/wording/en", status=409)
    designer.get(STUDY)
    assert "cannot be changed any more" in designer.text()


def test_the_plan_is_a_file_that_the_command_reads_and_carries_its_own_hash(designer: Visitor) -> None:
    published(designer)
    written = yaml.safe_load(designer.http.get(f"{STUDY}/plan.yaml").text)
    plan = parse_plan(written)
    assert plan.design.kind == "barrier" and [one.id for one in plan.indicators] == CLOSED
    assert [lock.sha256 for lock in plan.locks] == [plan_sha256(written)]
    assert written["design"]["prevalence"] == 0.1 and written["family"] == "bh"
    designer.get(f"{STUDY}/coded-plan.yaml", status=404)


def test_a_second_study_has_a_form_of_its_own_and_leaves_the_first_and_the_overview_alone(
    designer: Visitor, campaign: Campaign, session: Session, app: Flask
) -> None:
    published(designer)
    send(Tablet(app, session, campaign), session, **DOER)
    designer.get(f"{HOME}/new")
    designer.submit(f"{HOME}/new", {**DETAILS, "title": "Second"})
    second = f"{HOME}/2"
    designer.get(f"{second}/wording/fr")
    designer.submit(f"{second}/wording/fr", WORDS)
    page = designer.get(second)
    (version,) = page.xpath("//form[contains(@action, 'publish')]//input[@name='version']/@value")
    designer.submit(f"{second}/publish", {"version": version})
    session.rollback()
    assert [form.instrument for form in session.scalars(select(Form).order_by(Form.id))] == ["barrier_1", "barrier_2"]
    page = designer.get(HOME)
    assert [link.text_content() for link in page.xpath("//a[@class='row-link']")] == [DETAILS["title"], "Second"]
    page = designer.get("/campaigns/harbour/")
    assert page.xpath(f"//a[@href='{HOME}']")
    designer.get("/campaigns/harbour/questionnaires")
    assert "Barrier analysis 2" in designer.text() and "Asked once" in designer.text()
    questions = designer.page.xpath("//a[contains(., 'Read the questions')]/@href") if designer.page is not None else []
    designer.get(questions[-1])


def test_a_study_begun_from_a_behaviour_starts_with_its_words_and_belongs_to_it(
    designer: Visitor, session: Session
) -> None:
    chain(designer, session)
    number = entries(session, "behaviour")[0].id
    session.rollback()
    page = designer.get(f"{HOME}/new?behaviour={number}")
    assert page.xpath("//*[@name='does_what']/text()")[0].strip() == "show the contract to the migration desk"
    designer.submit(f"{HOME}/new?behaviour={number}", DETAILS)
    assert the_study(session).behaviour_id == number


def test_a_study_whose_safeguards_are_missing_is_not_published_by_any_way(designer: Visitor, session: Session) -> None:
    prepared(designer)
    designer.submit(f"{STUDY}/publish", {"version": str(the_study(session).version + 1)}, status=409)
    session.rollback()
    assert not session.scalars(select(Form)).all()

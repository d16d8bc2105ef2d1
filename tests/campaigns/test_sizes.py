"""The planner of sample sizes: its numbers, its words and its pages."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from analysis.planning import answers
from analysis.planning.errors import SENTENCES, PlanningError
from analysis.planning.studies import Study
from campaigns.locking.locks import locked
from campaigns.models import Campaign, FrozenPlan
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import contract_plan, draft_of, save_draft
from campaigns.sizes import wording
from campaigns.sizes.computing import planned, points_of
from campaigns.sizes.inputs import STUDIES, Inputs
from campaigns.sizes.models import SampleSizePlan
from campaigns.sizes.planned import planned_sizes
from campaigns.sizes.proposal import SOURCES, parameters, proposal
from core.database import now
from core.languages import LANGUAGES
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

HOME = "/campaigns/harbour"
LIST = f"{HOME}/sizes"
PAGE = f"{LIST}/knows_hotline"
SAVE = f"{PAGE}/save"
USUAL = Inputs(share=40.0, gain=15.0, margin=7.5)
NOBODY_LOST = {"declining": "0", "not_found": "0", "unmatched": "0"}


@pytest.fixture(autouse=True)
def plan(campaign: Campaign, session: Session) -> None:
    indicators = (ChosenIndicator("knows_hotline", True, 15), ChosenIndicator("names_three_signs"))
    choices = PlanChoices(indicators=indicators, instruments=("training",))
    save_draft(session, campaign.id, choices, draft_of(session, campaign.id).version)
    session.commit()


def typed(page: Visitor, **changed: str) -> dict[str, Any]:
    """What a browser would send: the form as it stands, with these changes."""
    assert page.page is not None
    (form,) = page.page.xpath("//form[contains(@class, 'size-form')]")
    return {name: value for name, value in form.fields.items() if value is not None} | changed


def of_groups(page: Visitor) -> list[list[str]]:
    assert page.page is not None
    table = page.page.xpath("//*[@id='result']//table")[0]
    return [[cell.text_content().strip() for cell in row.xpath("./*")] for row in table.xpath(".//tbody/tr")]


def stored(session: Session) -> SampleSizePlan:
    session.rollback()
    return session.scalars(select(SampleSizePlan).execution_options(populate_existing=True)).one()


def test_the_page_opens_with_what_the_plan_says_and_a_first_answer(designer: Visitor) -> None:
    page = designer.get(f"{HOME}/plan")
    assert page.xpath(f"//a[@href='{LIST}']")
    page = designer.get(LIST)
    assert designer.text().count("Nothing is planned yet.") == 2
    assert page.xpath(f"//a[@href='{PAGE}']")
    designer.get(PAGE)
    sent = typed(designer)
    assert (sent["study"], sent["share"], sent["gain"], sent["margin"]) == ("linked", "50", "15", "7.5")
    assert of_groups(designer) == [["The same people, before and after", "190", "123"]]
    designer.get(f"{LIST}/names_three_signs")
    assert "Write the planned gain, then choose “Calculate”." in designer.text()


def test_the_page_gives_the_published_numbers(designer: Visitor) -> None:
    """Through the page: R's power.prop.test(p1 = .50, p2 = .75, power = .90) is n = 76.7; Connor (1987) 234 pairs for
    ψ = .30 and δ = .10, which are 437 people where 80 % are found again and 67 % match; Cochran's (1977) 334 of 2,500
    (all in tests/analysis/planning/planning.R)."""
    cases = (
        ({"study": "separate", "share": "50", "gain": "25", "power": "90", **NOBODY_LOST}, ["77", "77"]),
        (
            {
                "study": "linked",
                "gain": "10",
                "changers": "30",
                "declining": "0",
                "not_found": "20",
                "unmatched": "33",
            },
            ["437", "234"],
        ),
        ({"study": "once", "width": "5", "population": "2,500", **NOBODY_LOST}, ["334", "334"]),
    )
    for figures, numbers in cases:
        designer.get(PAGE)
        designer.submit(PAGE, typed(designer, **figures), status=200)
        assert of_groups(designer)[0][1:] == numbers, figures


def test_the_smallest_change_that_so_many_people_show(designer: Visitor) -> None:
    """R: power.prop.test(n = 200, p1 = .40, power = .80) gives a change of 0.1394."""
    designer.get(PAGE)
    figures = {"study": "separate", "question": "reach", "people": "200", "share": "40", **NOBODY_LOST}
    designer.submit(PAGE, typed(designer, **figures), status=200)
    assert "Smallest change that can be seen: 13.9 points" in designer.text()
    assert "That is enough for what you plan." in designer.text(), "15 points were planned"
    designer.submit(PAGE, typed(designer, people="150"), status=200)
    assert "That is not enough for what you plan" in designer.text()
    designer.submit(PAGE, typed(designer, people=""), status=422)
    assert "Write how many people you can reach." in designer.text()


def test_nobody_more_than_can_be_reached_is_counted() -> None:
    for study in STUDIES:
        for groups in ({}, {"cluster_size": 25.0}, {"cluster_count": 12}):
            found = planned(replace(USUAL, study=study, question="reach", people=400, **groups))  # type: ignore[arg-type]
            assert all(group.analyse <= group.approach <= 400 for group in found.groups), (study, groups)
            (chosen,) = (point for point in points_of(found.inputs) if point.chosen)
            assert chosen.aim == pytest.approx(found.smallest) == pytest.approx(found.aim)


def test_people_who_come_in_sessions_are_planned_in_whole_sessions(designer: Visitor) -> None:
    designer.get(PAGE)
    designer.submit(PAGE, typed(designer, share="40", cluster_size="25", cv="0,3"), status=200)
    found = planned(replace(USUAL, cluster_size=25.0, cv=0.3))
    assert found.clusters is not None and found.groups[0].approach == found.clusters * 25
    assert f"{found.clusters}, with about 25 people to approach in each" in designer.text()
    assert "coefficient of variation 0.3" in designer.text()
    assert "There are fewer than forty sessions or places." in designer.text()
    designer.submit(PAGE, typed(designer, cluster_count="12"), status=422)
    assert "Say either how many people a session or place has" in designer.text()
    designer.submit(PAGE, typed(designer, cluster_size="", study="kept_separate", cluster_count="30"), status=422)
    assert "Take at least 3" in designer.text() or "Take at least 4" in designer.text()


def test_the_curve_is_drawn_and_told_in_a_table(designer: Visitor) -> None:
    page = designer.get(PAGE)
    (svg,) = page.xpath("//*[@id='result']//*[local-name()='svg']")
    told = svg.xpath("string(.//*[local-name()='desc'])")
    rows = page.xpath("//*[@id='result']//table")[1].xpath(".//tbody/tr")
    assert len(rows) == len(points_of(replace(USUAL, share=50.0))) and "190 people: 14.9 points." in told
    (chosen,) = (row.text_content().split() for row in rows if row.get("class") == "chosen")
    assert chosen == ["190", "your", "sample", "123", "14.9", "points"]


def test_figures_are_read_as_people_write_them_and_refused_in_a_sentence(designer: Visitor) -> None:
    designer.get(PAGE)
    designer.submit(PAGE, typed(designer, share="٤٠٫٥ ٪", population="12 000"), status=200)
    assert (typed(designer)["share"], typed(designer)["population"]) == ("40.5", "12000")
    for field, value, sentence in (
        ("share", "many", "Write a number between 0.1 and 99.9."),
        ("share", "120", "Write a number between 0.1 and 99.9."),
        ("share", "nan", "Write a number between 0.1 and 99.9."),
        ("population", "2.5", "Write a whole number, 2 or more."),
        ("gain", "", "Write the gain that the study must be able to find"),
        ("gain", "70", "cannot rise by 70 points"),
        ("correlation", "0.9", "Two answers cannot be so much alike"),
        ("changers", "10", "at least 15% of people must change their answer"),
        ("changers", "99", "of people at the most can change their answer"),
        ("study", "guess", "Choose one from the list."),
    ):
        designer.get(PAGE)
        designer.submit(PAGE, typed(designer, **{field: value}), status=422)
        assert sentence in designer.text()
        assert designer.page is not None
        assert designer.page.xpath(f"//*[@id='{field}-error']"), "the sentence stands at its field"
        assert designer.page.get_element_by_id("result").text_content().strip() == ""


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"study": "separate", "gain": 0.0}, "gain"),
        ({"study": "separate", "gain": 60.0}, "gain"),
        ({"study": "kept_linked", "loss": 8.0}, "margin"),
        ({"study": "kept_separate", "loss": 60.0}, "loss"),
        ({"study": "kept_separate", "margin": 70.0}, "margin"),
        ({"study": "compared_separate", "trend": 70.0}, "trend"),
        ({"study": "compared_linked", "correlation": 0.95}, "correlation"),
        ({"study": "separate", "question": "reach", "people": 2}, "people"),
        ({"study": "separate", "question": "reach", "people": 20, "cluster_size": 25.0}, "people"),
        ({"study": "kept_separate", "cluster_count": 5}, "cluster_count"),
        ({"cluster_count": 5, "cluster_size": 5.0}, "cluster_count"),
        ({"changers": 12.0}, "changers"),
        ({"declining": 100.0}, "declining"),
    ],
)
def test_what_cannot_be_planned_is_said_at_the_field_where_it_is_mended(
    app: Flask, changed: dict[str, Any], field: str
) -> None:
    inputs = replace(USUAL, **changed)
    with pytest.raises(PlanningError) as error:
        planned(inputs)
    with app.test_request_context():
        said = wording.refusal(error.value, inputs)
    assert said.field == field and "%(" not in said.message


def test_every_code_of_the_analysis_has_words() -> None:
    assert wording.REFUSALS.keys() == SENTENCES.keys()
    kinds = Study.__subclasses__()
    assert SOURCES.keys() == {kind.name for kind in kinds}
    codes = {code for kind in kinds for code in kind.assumes}
    codes |= set(re.findall(r'"([a-z]+(?:_[a-z]+)+|icc)"', inspect.getsource(answers._assumptions)))
    assert codes == wording.ASSUMPTIONS.keys() | wording.CAVEATS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_study_has_its_sentences_in_every_language(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        for study in STUDIES:
            found = planned(replace(USUAL, study=study, cluster_size=25.0, cv=0.2, population=90_000))
            said = proposal(found)
            assert len(said) == 6 and not any("%(" in sentence or "–" in sentence for sentence in said)
            assert all(wording.group_name(group.name, found.inputs) for group in found.groups)


def test_what_was_planned_is_kept_and_shown_in_the_list(
    designer: Visitor, app: Flask, campaign: Campaign, session: Session
) -> None:
    designer.get(PAGE)
    sent = typed(designer, share="40", icc="", declining="15")
    assert designer.submit(SAVE, sent).location == PAGE
    assert (stored(session).content["share"], stored(session).content["icc"]) == (40.0, 0.05), "empty: the usual value"
    designer.get(PAGE)
    assert typed(designer)["declining"] == "15" and typed(designer)["version"] == "1"
    designer.submit(SAVE, typed(designer))
    assert stored(session).version == 1, "the same figures are no new version"
    designer.get(LIST)
    assert "a rise from 40% to 55%" in designer.text() and designer.text().count("Nothing is planned yet.") == 1
    (kept,) = planned_sizes(session, campaign.id)
    assert kept.result is not None and kept.indicator_id == "knows_hotline"
    with app.test_request_context():
        assert kept.sentences[0] in designer.text()
        assert kept.parameters["total"] == parameters(kept.result)["total"] == str(kept.result.approach)
    events = session.scalars(select(AuditEvent.subject).filter_by(action="sample_size_saved")).all()
    assert events == ["knows_hotline"]


def test_figures_that_cannot_go_together_any_more_are_shown_to_be_mended(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    broken = replace(USUAL, gain=60.0).to_store()
    session.add(SampleSizePlan(campaign_id=campaign.id, indicator_id="knows_hotline", content=broken))
    session.commit()
    designer.get(LIST)
    assert "cannot go together any more" in designer.text()
    designer.get(PAGE)
    assert "cannot rise by 60 points" in designer.text()


def test_of_two_people_at_one_plan_the_second_is_told(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    designer.get(PAGE)
    nadia.get(PAGE)
    designer.submit(SAVE, typed(designer, share="40"))
    nadia.submit(SAVE, typed(nadia, share="30"), status=409)
    assert "Somebody else changed these figures" in nadia.text() and typed(nadia)["share"] == "30"
    assert stored(session).content["share"] == 40.0
    nadia.submit(SAVE, typed(nadia))
    assert (stored(session).content["share"], stored(session).version) == (30.0, 2)


def test_figures_that_changed_after_the_plan_was_frozen_are_marked(
    designer: Visitor, signed_in_as: SignIn, campaign: Campaign, session: Session
) -> None:
    body = yaml.safe_dump(
        locked(contract_plan(campaign, draft_of(session, campaign.id).choices, "training"), now(), targets=True)
    )
    session.add(FrozenPlan(campaign_id=campaign.id, instrument="training", body=body, sha256="0" * 64))
    session.commit()
    designer.get(PAGE)
    designer.submit(SAVE, typed(designer))
    designer.get(PAGE)
    assert "These figures were changed after the plan was frozen." in designer.text()
    assert designer.get(f"{HOME}/plan").xpath(f"//a[@href='{LIST}']")
    supervisor = signed_in_as("sami", "supervisor")
    assert not supervisor.get(f"{HOME}/plan").xpath(f"//a[@href='{LIST}']"), "it would lead nowhere"


def test_evaluators_calculate_and_do_not_save(signed_in_as: SignIn) -> None:
    evaluator = signed_in_as("eva", "evaluator")
    evaluator.get(LIST)
    page = evaluator.get(PAGE)
    assert not page.xpath("//button[@formaction]")
    evaluator.submit(PAGE, typed(evaluator, share="30"), status=200)
    evaluator.submit(SAVE, typed(evaluator), status=403)
    evaluator.get(f"{LIST}/no_such", status=404)
    assert "This indicator is not in the plan." in evaluator.text()

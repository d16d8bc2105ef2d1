"""A barrier analysis from its statement to what follows from it, with the numbers of reference case B01."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.multiplicity import benjamini_hochberg
from analysis.plan import parse_plan, plan_sha256
from campaigns.barrier_analysis.coding import answers_to, codes_of
from campaigns.barrier_analysis.findings import Finding, findings_of, open_determinants
from campaigns.barrier_analysis.models import BarrierBridge, BarrierStudy, BarrierWording
from campaigns.barrier_analysis.screening import Rule, condition, group_of
from campaigns.barrier_analysis.studies import items_by_determinant, reasons
from campaigns.models import Campaign
from campaigns.terms import terms
from surveys.models import Form, Submission
from tests.campaigns.conftest import SignIn
from tests.surveys.fieldwork import Tablet, filled
from tests.visitor import Visitor

HOME = "/campaigns/harbour/barrier-analysis"
STUDY = f"{HOME}/1"
CLOSED = [item.id for item in reasons() if item.options]
OPEN = [item.id for item in reasons() if not item.options]
DETAILS: dict[str, Any] = {
    "title": "Ringing the labour office",
    "who": "Men of 18 to 30 who look for work abroad",
    "does_what": "ring the labour office",
    "how_often": "each time an offer is made",
    "where": "by telephone",
    "when": "before anything is signed",
    "doer_1": "yes",
    "non_doer_1": "yes",
    "doer_2": "yes",
    "non_doer_2": "no",
    "doer_3": "",
    "non_doer_3": "",
    "safe": "y",
    "prevalence": "10",
    "prevalence_source": "",
    "doers": "45",
    "non_doers": "45",
    "items": CLOSED + OPEN,
    "version": "0",
}
WORDS = {
    "screening_1": "Were you offered work abroad this year?",
    "screening_2": "Did you ring the labour office before you decided?",
    "behaviour": "ringing the labour office before you sign",
    "harm": "being cheated by an employer",
    "version": "0",
}
DOER, NON_DOER = ({"screening_1": "yes", "screening_2": answer} for answer in ("yes", "no"))

# columns of the reference data: those that a closed item asks, and those that are reasons given openly
ASKED = {
    "selfeff_easy": "can_do",
    "social_approve_spouse": "others_approve",
    "access_knows_hotline_number": "hard_to_get",
    "cue_remembers": "hard_to_remember",
    "suscept_likely": "could_happen",
    "severity_very_serious": "how_serious",
    "divine_will": "divine_will",
    "policy_law_protects": "rules_help",
}
SAID = {
    "selfeff_difficult_no_time": "reasons_harder",
    "posconseq_protects_family": "reasons_good",
    "negconseq_traffickers_retaliate": "reasons_bad",
    "social_disapprove_elders": "reasons_disapprove",
}


def prepared(designer: Visitor, **changes: Any) -> None:
    designer.get(f"{HOME}/new")
    designer.submit(f"{HOME}/new", {**DETAILS, **changes})
    designer.get(f"{STUDY}/wording/en")
    designer.submit(f"{STUDY}/wording/en", WORDS)


def published(designer: Visitor, **changes: Any) -> None:
    prepared(designer, **changes)
    page = designer.get(STUDY)
    (version,) = page.xpath("//form[contains(@action, 'publish')]//input[@name='version']/@value")
    designer.submit(f"{STUDY}/publish", {"version": version})


def the_study(session: Session) -> BarrierStudy:
    session.rollback()
    session.expire_all()
    return session.scalars(select(BarrierStudy).filter_by(number=1)).one()


def send(tablet: Tablet, session: Session, **answers: str) -> None:
    (form,) = session.scalars(select(Form).filter_by(instrument="barrier_1"))
    everybody = {"consent": "yes", "age_group": "25_34", "interview_date": "2026-03-02"}
    sent = tablet.send(filled(form.versions[-1], **{**everybody, **answers}))
    assert sent.status_code == 201, sent.text


def found_in(session: Session, campaign: Campaign, hide_below: int = 0) -> list[Finding]:
    session.rollback()
    session.expire_all()
    return findings_of(session, campaign.id, hide_below)


def scored(item_id: str, mentioned: bool) -> str:
    """An answer to a closed item that counts, or one that does not."""
    item = next(item for item in reasons() if item.id == item_id)
    codes = [option.code for option in item.options if (option.code in item.scoring["equals"]) == mentioned]
    return codes[0]


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


def fieldwork(tablet: Tablet, session: Session, people: int = 6) -> None:
    """Doers who all find it easy, non-doers who do not, and three people who do not count."""
    for number in range(people):
        for group, word in ((DOER, "My wife helps"), (NON_DOER, "It is far")):
            closed = {name: scored(name, group is DOER) for name in CLOSED}
            send(tablet, session, **group, **closed, reasons_easier=f"{word}, reason {number}", sex="male")
    send(tablet, session, screening_1="no", screening_2="no")
    send(tablet, session, **DOER, consent="no", reasons_easier="Not to be read")
    send(tablet, session, **DOER, age_group="under_18", reasons_easier="Not to be read either")


def code_all(evaluator: Visitor, session: Session, item_id: str, meaning: Mapping[str, str]) -> None:
    """Mark each answer with the codes whose word it holds."""
    address = f"{STUDY}/coding/{item_id}"
    evaluator.get(address)
    for label in meaning.values():
        evaluator.submit(f"{address}/codes", {"label": label})
        evaluator.get(address)
    study = the_study(session)
    codes = {code.label: str(code.id) for code in codes_of(session, study, item_id)}
    answers = answers_to(session, study, item_id)
    data: dict[str, Any] = {"answer": [answer.handle for answer in answers]}
    for answer in answers:
        chosen = [codes[label] for word, label in meaning.items() if word in answer.text]
        data |= {f"codes-{answer.handle}": chosen, f"version-{answer.handle}": str(answer.version)}
        data |= {} if chosen else {f"nothing-{answer.handle}": "1"}
    evaluator.submit(address, data)


@pytest.fixture
def tablet(app: Flask, session: Session, campaign: Campaign) -> Tablet:
    return Tablet(app, session, campaign)


@pytest.fixture
def evaluator(signed_in_as: SignIn) -> Visitor:
    return signed_in_as("eva", "evaluator")


def test_the_coder_sees_the_words_of_those_compared_and_nothing_of_who_they_are(
    designer: Visitor, evaluator: Visitor, tablet: Tablet, session: Session
) -> None:
    published(designer)
    fieldwork(tablet, session)
    address = f"{STUDY}/coding/reasons_easier"
    page = evaluator.get(address)
    shown = [legend.text_content() for legend in page.xpath("//p[@class='open-answer']")]
    assert len(shown) == 12 and "Not to be read" not in evaluator.text()
    session.rollback()
    arrived = [
        answers["reasons_easier"]
        for answers in session.scalars(select(Submission.answers).order_by(Submission.id))
        if answers.get("reasons_easier", "Not").startswith(("My", "It"))
    ]
    assert sorted(shown) == sorted(arrived) and shown != arrived
    assert shown == [legend.text_content() for legend in evaluator.get(address).xpath("//p[@class='open-answer']")], (
        "it stays the same"
    )
    source = evaluator.http.get(address).text
    for secret in ("doer", "uuid:", "male", "25_34", "2026-03-02", the_study(session).fieldwork.seed):  # type: ignore[union-attr]
        assert secret not in source.lower(), secret
    other = [answer.text for answer in answers_to(session, the_study(session), "reasons_easier")]
    assert other == shown


def test_codes_are_made_given_renamed_and_removed(
    designer: Visitor, evaluator: Visitor, tablet: Tablet, session: Session
) -> None:
    published(designer)
    fieldwork(tablet, session, 1)
    address = f"{STUDY}/coding/reasons_easier"
    code_all(evaluator, session, "reasons_easier", {"wife": "Family helps"})
    evaluator.get(address)
    assert "2 of 2 done" in evaluator.text() and "given to 1 answer" in evaluator.text()
    evaluator.submit(f"{address}/codes", {"label": "family HELPS"}, status=422)
    assert "There is a code of this name already." in evaluator.text()
    evaluator.submit(f"{address}/codes", {"label": ""}, status=422)
    evaluator.get(f"{STUDY}/codes/1")
    evaluator.submit(f"{STUDY}/codes/1/remove", {}, status=409)
    assert "This code has been given to answers." in evaluator.text()
    evaluator.get(f"{STUDY}/codes/1")
    evaluator.submit(f"{STUDY}/codes/1", {"label": "Relatives help", "version": "0"}, status=409)
    evaluator.submit(f"{STUDY}/codes/1", {"label": "Relatives help", "version": "1"})
    evaluator.get(address)
    evaluator.submit(f"{address}/codes", {"label": "Wrong"})
    evaluator.get(f"{STUDY}/codes/2")
    evaluator.submit(f"{STUDY}/codes/2/remove")
    page = evaluator.get(address)
    assert [label.text_content() for label in page.xpath("(//div[@role='group'])[1]//label/bdi")] == ["Relatives help"]
    evaluator.get(f"{STUDY}/codes/2", status=404)
    evaluator.get(f"{STUDY}/coding/can_do", status=404)


def test_of_two_coders_at_one_answer_the_second_is_told_and_nothing_is_overwritten(
    designer: Visitor, evaluator: Visitor, signed_in_as: SignIn, tablet: Tablet, session: Session
) -> None:
    omar = signed_in_as("omar", "evaluator")
    published(designer)
    fieldwork(tablet, session, 1)
    address = f"{STUDY}/coding/reasons_easier"
    omar.get(address)
    code_all(evaluator, session, "reasons_easier", {"wife": "Family helps"})
    answer = next(one for one in answers_to(session, the_study(session), "reasons_easier") if "wife" in one.text)
    typed = {"answer": answer.handle, f"nothing-{answer.handle}": "1", f"version-{answer.handle}": "0"}
    omar.submit(address, typed, status=409)
    assert "Somebody else coded this answer in the meantime." in omar.text()
    assert omar.page is not None
    (kept,) = omar.page.xpath(f"//input[@id='nothing-{answer.handle}']")
    assert kept.get("checked") is not None
    assert len(answers_to(session, the_study(session), "reasons_easier")[0].code_ids + answer.code_ids) > 0
    omar.submit(address, {**typed, f"version-{answer.handle}": "1"})
    after = next(one for one in answers_to(session, the_study(session), "reasons_easier") if "wife" in one.text)
    assert (after.code_ids, after.version) == ((), 2)


def test_results_are_closed_until_every_answer_is_coded_and_somebody_says_so(
    designer: Visitor, evaluator: Visitor, tablet: Tablet, session: Session
) -> None:
    published(designer)
    for person in (designer, evaluator):
        person.get(f"{STUDY}/results", status=409)
        assert "open when the coding of its open answers is declared finished" in person.text()
    fieldwork(tablet, session)
    finish = f"{STUDY}/coding/finish"
    evaluator.get(f"{STUDY}/coding")
    evaluator.submit(finish, status=409)
    assert "Some answers are not coded yet." in evaluator.text()
    code_all(evaluator, session, "reasons_easier", {"wife": "Family helps", "far": "It is far"})
    evaluator.get(f"{STUDY}/results", status=409)
    evaluator.get(f"{STUDY}/coding")
    evaluator.submit(finish)
    evaluator.get(f"{STUDY}/results")
    send(tablet, session, **DOER, reasons_easier="Too late")
    evaluator.get(f"{STUDY}/results")
    assert "1 interview arrived after the coding was finished" in evaluator.text()
    evaluator.get(f"{STUDY}/coding/reasons_easier")
    assert "Too late" not in evaluator.text()
    evaluator.submit(f"{STUDY}/coding/reasons_easier/codes", {"label": "Another"}, status=409)
    assert "The coding of this study is finished" in evaluator.text()


def test_a_study_without_both_groups_has_no_results_and_says_why(
    designer: Visitor, evaluator: Visitor, tablet: Tablet, session: Session
) -> None:
    published(designer)
    send(tablet, session, **DOER)
    evaluator.get(f"{STUDY}/coding")
    evaluator.submit(f"{STUDY}/coding/finish", status=409)
    assert "Nobody in column “group” is a non-doer" in evaluator.text()
    assert the_study(session).outcome is None


def test_designers_read_results_without_small_groups_and_never_an_answer(
    designer: Visitor, evaluator: Visitor, tablet: Tablet, session: Session, campaign: Campaign
) -> None:
    published(designer)
    fieldwork(tablet, session, 4)
    for address in ("coding", "coding/reasons_easier", "codes/1", "coded-answers.csv"):
        designer.get(f"{STUDY}/{address}", status=403)
    code_all(evaluator, session, "reasons_easier", {"wife": "Family helps"})
    evaluator.get(f"{STUDY}/coding")
    evaluator.submit(f"{STUDY}/coding/finish")
    designer.get(STUDY)
    assert "fewer than 5 of 45" in designer.text()
    designer.get(f"{STUDY}/results")
    assert "Too few people to be shown" in designer.text() and "4/4" not in designer.text()
    evaluator.get(f"{STUDY}/results")
    assert "Too few people to be shown" not in evaluator.text() and "4/4" in evaluator.text()
    assert all(finding.hidden for finding in found_in(session, campaign, 5))


def test_each_determinant_that_stands_out_needs_a_bridge_or_a_reason(
    designer: Visitor, evaluator: Visitor, signed_in_as: SignIn, tablet: Tablet, session: Session, campaign: Campaign
) -> None:
    nadia = signed_in_as("nadia", "designer")
    published(designer)
    fieldwork(tablet, session)
    code_all(evaluator, session, "reasons_easier", {"wife": "Family helps"})
    evaluator.get(f"{STUDY}/coding")
    evaluator.submit(f"{STUDY}/coding/finish")
    still = open_determinants(found_in(session, campaign))
    assert {finding.determinant for finding in still} == set(terms("determinants"))
    address = f"{STUDY}/findings/access"
    for person in (designer, nadia):
        person.get(address)
    designer.submit(address, {"bridge": "", "reason": "", "version": "0"}, status=422)
    assert "Write how an activity answers this, or why none does." in designer.text()
    designer.submit(address, {"bridge": "Walk there together", "reason": "", "version": "0"})
    nadia.submit(address, {"bridge": "", "reason": "Too far", "version": "0"}, status=409)
    assert nadia.page is not None and "Too far" in nadia.page.get_element_by_id("reason").text
    session.rollback()
    assert session.scalars(select(BarrierBridge)).one().bridge == "Walk there together"
    of_access = [finding for finding in found_in(session, campaign) if finding.determinant == "access"]
    assert {(one.bridge, one.settled, one.title) for one in of_access} == {("Walk there together", True, "Access")}
    assert "access" not in {one.determinant for one in open_determinants(found_in(session, campaign))}
    designer.get(f"{STUDY}/results")
    assert "Walk there together" in designer.text()
    page = designer.get(HOME)
    assert len(page.xpath("//a[contains(@href, '/findings/')]")) == 11
    designer.get(f"{STUDY}/findings/weather", status=404)
    evaluator.get(address, status=403)


def reference_people(shared: Path) -> Iterator[dict[str, str]]:
    with (shared / "reference/data/d13_barrier.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def test_reference_case_b01_comes_out_of_the_whole_path(
    designer: Visitor, evaluator: Visitor, tablet: Tablet, session: Session, campaign: Campaign, shared: Path
) -> None:
    expected = json.loads((shared / "reference/expected/B01.json").read_text())["expected"]
    published(designer)
    for person in reference_people(shared):
        group = DOER if person["group"] == "doer" else NON_DOER
        closed = {item: scored(item, person[name] == "1") for name, item in ASKED.items()}
        said = {item: "the reason" if person[name] == "1" else "nothing" for name, item in SAID.items()}
        send(tablet, session, **group, **closed, **said)
    send(tablet, session, screening_1="dk", screening_2="yes")
    for item in SAID.values():
        code_all(evaluator, session, item, {"reason": "The reason"})
    # answers beyond the first page were sent at once; nothing is left
    evaluator.get(f"{STUDY}/coding")
    evaluator.submit(f"{STUDY}/coding/finish")

    findings = {finding.indicator: finding for finding in found_in(session, campaign)}
    columns = ASKED | {name: f"{item}_1" for name, item in SAID.items()}
    for name, indicator in columns.items():
        found, reference = findings[indicator], expected[name]
        assert found.doers is not None and found.non_doers is not None
        assert (found.doers.x, found.doers.n) == (reference["doers"], reference["n_doers"])
        assert (found.non_doers.x, found.non_doers.n) == (reference["nondoers"], reference["n_nondoers"])
        assert found.odds_ratio == pytest.approx(reference["odds_ratio"], rel=1e-6)
        adjusted = reference["err"]["P10"]
        assert found.relative_risk == pytest.approx(adjusted["err"], rel=1e-6)
        limits = adjusted["ci_delta_log"]
        assert (found.limits.low, found.limits.high) == pytest.approx((limits["low"], limits["high"]), rel=1e-6)
        assert found.p == pytest.approx(reference["p_rule_N1_or_fisher_if_expected_below_1"], rel=1e-6)
    compared = [found for found in findings.values() if found.p is not None]
    assert len(compared) == len(columns) == 12
    adjusted_ps = benjamini_hochberg([found.p for found in compared])
    assert [found.p_adjusted for found in compared] == pytest.approx(list(adjusted_ps), rel=1e-9)

    evaluator.get(f"{STUDY}/results")
    assert "34/45" in evaluator.text() and "19/47" in evaluator.text() and "3.94" in evaluator.text()
    assert "Neither, left out of the comparison 1" in evaluator.text()
    assert "Doers mention it more often: 76% of them, and 40% of the non-doers." in evaluator.text()
    assert_the_command_agrees(evaluator, findings, shared)


def assert_the_command_agrees(evaluator: Visitor, findings: Mapping[str, Any], shared: Path) -> None:
    """The files that the study offers give the same numbers, and the last lock is that of the plan they are read by."""
    import io

    import pandas as pd

    from analysis import run

    plan = parse_plan(yaml.safe_load(evaluator.http.get(f"{STUDY}/coded-plan.yaml").text))
    frame = pd.read_csv(io.StringIO(evaluator.http.get(f"{STUDY}/coded-answers.csv").text), dtype=str, na_filter=False)
    results = run(plan, frame).to_dict()
    assert [lock.name for lock in plan.locks] == ["questions", "codes"] and plan.locks[-1].sha256 == plan.sha256
    assert results["warnings"] == []
    for row in results["barriers"]:
        assert row["relative_risk"] == findings[row["determinant"]].relative_risk

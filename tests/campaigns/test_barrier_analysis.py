"""From interviews to findings: blind coding, results, and what follows; with the numbers of reference case B01."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.multiplicity import benjamini_hochberg
from analysis.plan import parse_plan
from campaigns.barrier_analysis.coding import answers_to
from campaigns.barrier_analysis.findings import Finding, open_determinants
from campaigns.barrier_analysis.models import BarrierBridge
from campaigns.models import Campaign
from campaigns.terms import terms
from reports.analyse import analyse
from surveys.models import Submission
from tests.campaigns.barrier import (
    DOER,
    HOME,
    NON_DOER,
    STUDY,
    code_all,
    fieldwork,
    found_in,
    published,
    scored,
    send,
    the_study,
)
from tests.campaigns.conftest import SignIn
from tests.surveys.fieldwork import Tablet
from tests.visitor import Visitor

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
    answer = answers_to(session, the_study(session), "reasons_easier")[0]
    evaluator.get(address)
    evaluator.submit(address, {"answer": answer.handle, f"version-{answer.handle}": "1"})
    evaluator.get(address)
    assert "1 of 2 done" in evaluator.text(), "what is marked no more is to be coded anew"
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
    designer: Visitor,
    evaluator: Visitor,
    tablet: Tablet,
    session: Session,
    campaign: Campaign,
    shared: Path,
    tmp_path: Path,
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
    assert_the_command_agrees(evaluator, findings, tmp_path)


def assert_the_command_agrees(evaluator: Visitor, findings: Mapping[str, Finding], folder: Path) -> None:
    """``eveil analyse`` makes the same numbers of the files that the study offers; the last lock is the plan's own."""
    (folder / "plan.yaml").write_bytes(evaluator.http.get(f"{STUDY}/coded-plan.yaml").data)
    (folder / "coded.csv").write_bytes(evaluator.http.get(f"{STUDY}/coded-answers.csv").data)
    arguments = [str(folder / "plan.yaml"), "--data", str(folder / "coded.csv"), "--out", str(folder)]
    called = CliRunner().invoke(analyse, arguments)
    assert called.exit_code == 0, called.output
    results = json.loads((folder / "results.json").read_text())
    plan = parse_plan(yaml.safe_load((folder / "plan.yaml").read_text()))
    assert [lock.name for lock in plan.locks] == ["questions", "codes"] and plan.locks[-1].sha256 == plan.sha256
    assert results["warnings"] == []
    for row in results["barriers"]:
        assert row["relative_risk"] == findings[row["determinant"]].relative_risk

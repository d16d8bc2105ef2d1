"""The lane "Evaluate one training": six steps of one person, and the move to the whole design."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent, Device, Membership
from campaigns.answering import answers_of
from campaigns.guide import guide
from campaigns.models import Campaign, FrozenPlan
from campaigns.planning import draft_of, frozen_plans, gaps_of, save_draft
from campaigns.training_lane.cards import card_numbers, check_digit, miscopied
from campaigns.training_lane.lane import lane_of, preset_choices
from campaigns.training_lane.questions import lane_guide
from campaigns.training_lane.safety import SafetyDetails, safety_lacks, stale, training_safety
from core.database import now
from surveys.linking.cards import normalised
from tests.builders import add_person, grant, sign_in
from tests.visitor import Visitor

HOME = "/campaigns/one-afternoon/"
LANE = f"{HOME}training/"
SAFE = {
    "hotline": "080 12 34",
    "dialled_on": "2026-11-20",
    "dialled_by": "Amal",
    "contact_name": "Nadia",
    "contact_reached": "Room 2",
    "version": "0",
}
SIX = ("s3q1", "s3q2", "s3q3", "s3q5", "s3q6", "s1q6")


@pytest.fixture
def trainer(app: Flask, session: Session) -> Visitor:
    """One person who has started a campaign in this lane, at its overview."""
    add_person(session, "amal")
    visitor = Visitor(app)
    sign_in(visitor, "amal")
    visitor.get("/campaigns/new")
    started = visitor.submit("/campaigns/new", {"title": "One afternoon", "lane": "training"})
    assert started.location == HOME
    visitor.get(HOME)
    return visitor


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


def states(visitor: Visitor) -> list[str]:
    page = visitor.get(HOME)
    return [tag.text_content() for tag in page.xpath("//ol/li/span[contains(@class, 'tag')]")]


def take_indicators(visitor: Visitor, version: int = 0, **more: str) -> None:
    visitor.get(f"{LANE}indicators")
    visitor.submit(f"{LANE}indicators", {"version": str(version), **more})


def check_safety(visitor: Visitor, status: int = 302, **changes: str) -> None:
    visitor.get(f"{LANE}safety")
    visitor.submit(f"{LANE}safety", {**SAFE, **changes}, status=status)


def freeze(visitor: Visitor, status: int = 302) -> None:
    page = visitor.get(f"{LANE}freeze")
    versions = page.xpath("//main//input[@name='version']/@value")
    reason = {"gap_reason": "The training is on Monday."}
    visitor.submit(f"{LANE}freeze", {"version": versions[0] if versions else "1", **reason}, status=status)


def test_one_person_starts_a_training_and_sees_six_steps_and_nothing_missing(
    trainer: Visitor, session: Session
) -> None:
    held = set(session.scalars(select(Membership.role)))
    assert held == {"designer", "enumerator", "supervisor", "evaluator"}
    assert states(trainer) == ["To do", "To do", "To do", "Cannot start yet", "Cannot start yet", "Cannot start yet"]
    assert "0 of 6 answered" in trainer.text() and trainer.text().count("Later") == 4 + 1
    assert "Registers" not in trainer.text()
    trainer.get("/")
    assert "0 of 6 questions answered" in trainer.text()


def test_a_new_campaign_is_a_whole_design_unless_the_short_lane_is_chosen(visitor: Visitor, session: Session) -> None:
    add_person(session, "amal")
    sign_in(visitor, "amal")
    page = visitor.get("/campaigns/new")
    assert page.xpath("//input[@name='lane'][@checked]/@value") == ["campaign"]
    visitor.submit("/campaigns/new", {"title": "Long", "lane": "sideways"}, status=422)
    assert "Choose one of the two." in visitor.text()
    visitor.submit("/campaigns/new", {"title": "Long"})
    campaign = session.scalars(select(Campaign)).one()
    assert campaign.lane == "campaign"
    assert list(session.scalars(select(Membership.role))) == ["designer"]
    page = visitor.get(f"/campaigns/{campaign.slug}/")
    assert "What there is to do" in visitor.text()
    assert len(page.xpath("//ul[contains(@class, 'tasks')]//a[contains(@href, '/design/')]")) == 15


def test_the_six_questions_are_the_group_and_one_for_each_common_gap() -> None:
    assert tuple(question.id for question in lane_guide().questions) == SIX
    gaps = [gap.id for gap in lane_guide().gaps]
    assert gaps == [gap.id for gap in guide().part(()).gaps] and len(gaps) == 5
    assert sorted(one for gap in lane_guide().gaps for one in gap.questions) == sorted(SIX[1:])


def test_going_on_from_a_question_stays_among_the_six_and_ends_at_the_overview(
    trainer: Visitor, session: Session
) -> None:
    for here, onward in zip(SIX, (*SIX[1:], None), strict=True):
        page = trainer.get(f"{HOME}design/{here}")
        linked = [link.rsplit("/", 1)[1] for link in page.xpath("//nav[@class='neighbours']/a[@rel='next']/@href")]
        assert linked == ([onward] if onward else [])
        saved = trainer.submit(
            f"{HOME}design/{here}", {"state": "assumed", "text": "So we think", "version": "0", "go": "next"}
        )
        assert saved.location == (f"{HOME}design/{onward}" if onward else HOME)
    assert states(trainer)[0] == "Done"
    assert gaps_of(fresh(session), 1) == ()
    trainer.get(f"{HOME}design/s3q7", status=404)


def test_one_button_takes_four_indicators_with_perceived_control_among_them(trainer: Visitor, session: Session) -> None:
    trainer.get(f"{LANE}indicators")
    assert "Feels able to take steps to migrate more safely" in trainer.text()
    take_indicators(trainer)
    choices = draft_of(fresh(session), 1).choices
    assert choices == preset_choices() and choices.lacks() == []
    assert [one.id for one in choices.indicators if not one.primary] == ["feels_able_to_take_steps"]
    assert {one.points for one in choices.indicators} == {15}
    assert (choices.instruments, choices.waves) == (("training",), ("before", "after"))
    assert states(trainer)[1] == "Done"


def test_a_follow_up_is_optional_and_needs_the_day_of_the_training(trainer: Visitor, session: Session) -> None:
    trainer.get(f"{LANE}indicators")
    trainer.submit(f"{LANE}indicators", {"followup": "y", "version": "0"}, status=422)
    assert "Write the day on which the activity ends" in trainer.text()
    trainer.submit(f"{LANE}indicators", {"followup": "y", "activity_ends_on": "1066-10-14", "version": "0"}, status=422)
    take_indicators(trainer, followup="y", activity_ends_on="2027-03-31")
    assert draft_of(fresh(session), 1).choices.waves == ("before", "after", "followup")
    trainer.get(f"{LANE}indicators")
    trainer.submit(f"{LANE}indicators", {"version": "0"}, status=409)
    assert "The plan was changed in another window" in trainer.text()


def test_the_safety_check_keeps_what_is_typed_and_says_what_it_lacks(trainer: Visitor, session: Session) -> None:
    check_safety(trainer, 422, dialled_on="", contact_name="")
    assert "Dial the number yourself" in trainer.text() and "Name the person" in trainer.text()
    stored = training_safety(fresh(session), 1)
    assert stored is not None and (stored.hotline, stored.dialled_on, stored.version) == ("080 12 34", None, 1)
    assert states(trainer)[2] == "In progress"
    check_safety(trainer, version="1")
    assert states(trainer)[2] == "Done"
    for odd, sentence in (
        ({"dialled_on": (now().date() + timedelta(days=1)).isoformat()}, "This day lies in the future."),
        ({"dialled_on": "soon"}, "Write the day as year, month and day."),
        ({"hotline": "1" * 61}, "Shorten the number to 60 characters."),
        ({"minors": "y"}, "Minors take part, so this short check is not enough."),
    ):
        check_safety(trainer, 422, version="2", **odd)
        assert sentence in trainer.text()


def test_a_number_that_was_dialled_long_ago_warns_and_blocks_nothing(trainer: Visitor) -> None:
    today = now().date()
    assert not stale(SafetyDetails(dialled_on=today - timedelta(days=90)), today)
    long_ago = (today - timedelta(days=91)).isoformat()
    take_indicators(trainer)
    check_safety(trainer, dialled_on=long_ago)
    trainer.get(HOME)
    assert "dialled more than 90 days ago" in trainer.text()
    freeze(trainer)


def test_of_two_people_at_the_safety_check_the_second_is_told_and_loses_nothing(
    app: Flask, trainer: Visitor, session: Session
) -> None:
    grant(session, add_person(session, "nadia"), session.scalars(select(Campaign)).one(), "designer")
    nadia = Visitor(app)
    sign_in(nadia, "nadia")
    nadia.get(f"{LANE}safety")
    check_safety(trainer)
    nadia.submit(f"{LANE}safety", {**SAFE, "contact_name": "Omar"}, status=409)
    assert nadia.page is not None and nadia.page.get_element_by_id("contact_name").value == "Omar"
    nadia.submit(f"{LANE}safety", {**SAFE, "contact_name": "Omar", "version": "1"})
    stored = training_safety(fresh(session), 1)
    assert stored is not None and (stored.contact_name, stored.version) == ("Omar", 2)


def test_nothing_is_frozen_without_a_tested_number_and_a_named_contact(trainer: Visitor, session: Session) -> None:
    take_indicators(trainer)
    trainer.get(f"{LANE}freeze")
    assert "The safety check is not complete yet:" in trainer.text()
    freeze(trainer, status=409)
    for address in (f"{HOME}plan/freeze", f"{HOME}plan"):
        trainer.get(HOME)
        trainer.http.get(address)
    assert trainer.submit(f"{HOME}plan/freeze", {"version": "1"}).location == f"{LANE}freeze", "no way round"
    assert frozen_plans(fresh(session), 1) == []
    check_safety(trainer, 422, minors="y")
    trainer.get(f"{LANE}freeze")
    freeze(trainer, status=409)
    check_safety(trainer, version="1")
    freeze(trainer)
    plan = fresh(session).scalars(select(FrozenPlan)).one()
    assert "feels_able_to_take_steps" in plan.body and "kind: paired" in plan.body
    assert states(trainer)[3:] == ["Done", "Done", "To do"]
    assert trainer.http.get(f"{LANE}freeze").location == f"{HOME}plan"
    assert [lack.field for lack in safety_lacks(SafetyDetails())] == [
        "hotline",
        "dialled_on",
        "dialled_by",
        "contact_name",
        "contact_reached",
    ]


def test_interviews_in_public_places_call_for_the_other_lane(trainer: Visitor, session: Session) -> None:
    check_safety(trainer)
    choices = replace(preset_choices(), instruments=("training", "intercept"))
    save_draft(session, 1, choices, 0)
    session.commit()
    trainer.get(f"{LANE}freeze")
    assert "Interviews in public places need the full safeguarding plan." in trainer.text()
    freeze(trainer, status=409)
    assert frozen_plans(fresh(session), 1) == []


def test_moving_on_opens_the_whole_design_and_nothing_is_typed_again(trainer: Visitor, session: Session) -> None:
    trainer.get(f"{HOME}design/s3q1")
    trainer.submit(f"{HOME}design/s3q1", {"state": "assumed", "text": "Young men", "version": "0"})
    take_indicators(trainer)
    check_safety(trainer)
    trainer.get(HOME)
    assert trainer.submit(f"{LANE}move").location == HOME
    trainer.get(HOME)
    assert "What there is to do" in trainer.text()
    assert lane_of(fresh(session), 1) == "campaign"
    assert answers_of(session, 1)["s3q1"].text == "Young men"
    assert draft_of(session, 1).choices == preset_choices()
    offered = training_safety(session, 1)
    assert offered is not None and offered.contact_name == "Nadia"
    trainer.get(f"{HOME}safeguarding")
    assert "Adults in a room with us" in trainer.text() and "Nadia" in trainer.text()
    assert not trainer.page.xpath("//main//section[1]//span[contains(@class, 'tag-to-do')]"), "the gate stays open"
    trainer.get(f"{HOME}design/s3q7")
    trainer.get(HOME)
    trainer.submit(f"{LANE}move")
    assert list(session.scalars(select(AuditEvent.subject).filter_by(action="lane_changed"))) == ["campaign"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sheet_has_twelve_items_a_box_for_the_card_and_no_list_that_gives_answers_away(
    trainer: Visitor, language: str
) -> None:
    take_indicators(trainer)
    check_safety(trainer)
    trainer.get(f"{LANE}questionnaire")
    assert "12 items" in trainer.text() and "not frozen yet" in trainer.text()
    freeze(trainer)
    page = trainer.get(f"{LANE}paper/after/{language}")
    assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    participant, team = page.xpath("//article")
    assert len(participant.xpath(".//section")) == 12
    assert len(participant.xpath(".//span[contains(@class, 'box-large')]")) == 4
    assert len(team.xpath(".//section")) == 3
    shown = participant.text_content()
    for option in team.xpath(".//section[1]//li")[:-3]:  # without the three that say nothing
        assert option.text_content().strip() not in shown
    assert "080 12 34" in shown
    trainer.get(f"{LANE}paper/never/en", status=404)
    trainer.get(f"{LANE}paper/after/xx", status=404)


def test_cards_carry_a_check_digit_and_are_numbers_that_the_questionnaire_takes(trainer: Visitor) -> None:
    assert check_digit("572") == "4", "the example of Damm's thesis"
    numbers = card_numbers(300)
    assert len(set(numbers)) == 300 and all(normalised(number) == number for number in numbers)
    assert not any(miscopied(number) for number in numbers)
    for number in numbers[:30]:
        assert miscopied(number[:3] + str((int(number[3]) + 1) % 10))
        swapped = number[0] + number[2] + number[1] + number[3]
        assert swapped == number or miscopied(swapped)
    page = trainer.get(f"{LANE}cards?count=7")
    assert page.xpath("//span[@class='cut-number']/text()") == numbers[:7]
    trainer.get(f"{LANE}cards?count=many")


def test_phones_join_with_a_key_that_is_shown_once_and_can_be_withdrawn(trainer: Visitor, session: Session) -> None:
    trainer.get(f"{LANE}phones")
    assert "There is nothing to answer before the plan is frozen." in trainer.text()
    take_indicators(trainer)
    check_safety(trainer)
    freeze(trainer)
    trainer.get(f"{LANE}phones")
    trainer.submit(f"{LANE}phones", status=200)
    assert trainer.page is not None and trainer.page.xpath("//p[@class='qr']/img[starts-with(@src, 'data:image/svg')]")
    address = trainer.page.xpath("string(//code)")
    device = fresh(session).scalars(select(Device)).one()
    token = address.split("#key=")[1]
    headers = {"Authorization": f"Bearer {token}", "X-OpenRosa-Version": "1.0"}
    assert trainer.http.get("/door/formList", headers=headers).status_code == 200
    trainer.get(f"{HOME}devices")
    trainer.submit(f"{HOME}devices/{device.id}/revoke")
    assert trainer.http.get("/door/formList", headers=headers).status_code == 401


def test_others_read_and_do_not_write(app: Flask, trainer: Visitor, session: Session) -> None:
    grant(session, add_person(session, "eva"), session.scalars(select(Campaign)).one(), "evaluator")
    eva = Visitor(app)
    sign_in(eva, "eva")
    eva.get(HOME)
    assert "six steps" in eva.text() and "Move on to" not in eva.text()
    for address in ("indicators", "safety", "freeze", "phones"):
        eva.get(f"{LANE}{address}", status=403)
    eva.get(f"{LANE}cards")

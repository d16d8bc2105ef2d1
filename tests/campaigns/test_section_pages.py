"""Choosing sets of questions, and saying at the end of each what its answers mean."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from campaigns.guide import guide
from campaigns.models import Campaign, SectionConclusion
from campaigns.sections import choose_sections, guide_of
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
PAGE = f"{HOME}sections"
SECTION3 = f"{PAGE}/section3"


def conclusion(session: Session) -> SectionConclusion | None:
    session.rollback()
    return session.scalar(select(SectionConclusion).execution_options(populate_existing=True))


def test_a_campaign_answers_its_own_sections_and_those_that_it_chose(designer: Visitor, session: Session) -> None:
    page = designer.get(PAGE)
    offered = page.xpath("//input[@type='checkbox']/@value")
    assert offered == [section.id for section in guide().chosen]
    designer.submit(PAGE, {"sections": ["section4"]})
    designer.get(HOME)
    assert "0 of 6 answered" in designer.text() and guide().chosen[0].title not in designer.text()
    designer.get(f"{HOME}design/s4q1")
    assert designer.get(PAGE).xpath("//input[@type='checkbox' and @checked]/@value") == ["section4"]
    events = session.scalars(select(AuditEvent.subject).filter_by(action="sections_chosen")).all()
    assert events == ["section4"]


def test_answers_of_a_section_that_is_left_out_come_back_with_it(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    def choose(*sections: str) -> None:
        choose_sections(session, campaign.id, sections)
        session.commit()

    choose("section4")
    address = f"{HOME}design/s4q1"
    designer.get(address)
    designer.submit(address, {"state": "assumed", "text": "Men of the port", "version": "0"})
    choose()
    designer.get(address, status=404)
    designer.get("/")
    assert "Design: 0 of 15 questions answered" in designer.text()
    choose("section4")
    assert "Men of the port" in designer.get(address).get_element_by_id("text").text
    designer.get("/")
    assert "Design: 1 of 21 questions answered" in designer.text()


def test_a_section_that_does_not_exist_is_not_chosen(campaign: Campaign, session: Session) -> None:
    choose_sections(session, campaign.id, ["section99", "section1"])
    assert [section.id for section in guide_of(session, campaign.id).sections] == ["section1", "section3"]


def test_the_end_of_a_section_shows_lessons_and_answers_and_takes_a_choice(designer: Visitor, session: Session) -> None:
    designer.get(f"{HOME}design/s3q1")
    designer.submit(f"{HOME}design/s3q1", {"state": "assumed", "text": "Men of the port", "version": "0"})
    designer.get(SECTION3)
    assert "Men of the port" in designer.text() and "Nobody found out how much the group" in designer.text()
    designer.submit(SECTION3, {"outcome": "changes_activity", "text": "Fewer posters", "version": "0"})
    stored = conclusion(session)
    assert stored is not None
    assert (stored.outcome, stored.text, stored.version) == ("changes_activity", "Fewer posters", 1)
    page = designer.get(HOME)
    done = page.xpath("//li[.//a[contains(@href, '/sections/section3')]]//span[contains(@class, 'tag-done')]")
    assert len(done) == 1


def test_a_choice_from_which_something_follows_says_what(designer: Visitor, session: Session) -> None:
    designer.get(SECTION3)
    designer.submit(SECTION3, {"outcome": "unlikely_to_work", "version": "0"}, status=422)
    assert "Write in a sentence or two what follows" in designer.text()
    designer.submit(SECTION3, {"version": "0"}, status=422)
    assert "Choose what the answers of this section mean" in designer.text()
    designer.get(SECTION3)
    designer.submit(SECTION3, {"outcome": "certain", "version": "0"}, status=422)
    assert conclusion(session) is None
    designer.submit(SECTION3, {"outcome": "nothing_changes", "version": "0"})
    assert conclusion(session) is not None


def test_of_two_people_at_one_choice_the_second_sees_the_first(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    designer.get(SECTION3)
    nadia.get(SECTION3)
    designer.submit(SECTION3, {"outcome": "changes_activity", "text": "Fewer posters", "version": "0"})
    mine = {"outcome": "calls_for_another", "text": "Train skippers", "version": "0"}
    page_of_nadia = nadia.submit(SECTION3, mine, status=409)
    assert "“Fewer posters”" in nadia.text() and "Train skippers" in page_of_nadia.text
    stored = conclusion(session)
    assert stored is not None and stored.text == "Fewer posters"
    nadia.submit(SECTION3, {**mine, "text": "Fewer posters; train skippers", "version": "1"})
    stored = conclusion(session)
    assert stored is not None and (stored.text, stored.version) == ("Fewer posters; train skippers", 2)


def test_only_designers_choose_and_conclude(signed_in_as: SignIn) -> None:
    visitor = signed_in_as("someone", "translator", "enumerator", "supervisor", "tracer", "evaluator")
    visitor.get(PAGE, status=403)
    visitor.get(SECTION3, status=403)

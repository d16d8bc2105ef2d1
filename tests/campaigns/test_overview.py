"""What there is to do in a campaign, for each role."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from campaigns.models import Campaign
from surveys.authoring.publishing import InstrumentRequest, publish
from surveys.models import Submission
from tests.builders import add_person, sign_in
from tests.campaigns.conftest import SignIn
from tests.campaigns.test_plan_pages import COMPLETE, freeze
from tests.visitor import Visitor

PAGE = "/campaigns/harbour/"


def test_a_designer_sees_every_question_and_where_to_begin(designer: Visitor) -> None:
    page = designer.get(PAGE)
    assert len(page.xpath("//a[contains(@href, '/design/') and contains(@class, 'row-link')]")) == 15
    assert "0 of 6 answered" in designer.text() and "0 of 9 answered" in designer.text()
    (begin,) = page.xpath("//a[contains(@class, 'btn-primary')]")
    assert (begin.text_content().strip(), begin.get("href")) == ("Begin with the first question", f"{PAGE}design/s1q1")
    assert designer.text().count("Cannot start yet") == 3


def test_the_list_shows_the_state_of_each_answer_and_what_is_left(designer: Visitor) -> None:
    address = f"{PAGE}design/s1q1"
    designer.get(address)
    designer.submit(address, {"state": "not_known", "version": "0"})
    page = designer.get(PAGE)
    assert "1 of 6 answered" in designer.text() and "1 still to find out" in designer.text()
    assert [
        tag.text_content() for tag in page.xpath("//ul[contains(@class, 'tasks')]//span[@class='tag tag-not-known']")
    ] == ["Not known"]
    assert page.xpath("//a[contains(@class, 'btn-primary')]/@href") == [f"{PAGE}design/s1q2"]


def test_after_freezing_the_next_steps_open(designer: Visitor) -> None:
    freeze(designer, {**COMPLETE, "instruments": "training"})
    page = designer.get(PAGE)
    assert "Cannot start yet" not in designer.text()
    opened = set(page.xpath("//ul[contains(@class, 'tasks')]//a/@href"))
    assert {f"{PAGE}plan", f"{PAGE}questionnaires", f"{PAGE}report"} <= opened
    designer.get("/")
    assert "Plan frozen, collecting answers" in designer.text()


def test_counts_of_answers_are_shown_to_those_who_steer_and_not_to_enumerators(
    campaign: Campaign, signed_in_as: SignIn, session: Session
) -> None:
    (version,) = publish(
        session, InstrumentRequest(campaign.id, "harbour", "Harbour", "training", ("before",), ("knows_hotline",))
    )
    for number in range(3):
        session.add(
            Submission(
                campaign_id=campaign.id,
                form_version_id=version.id,
                instance_id=f"uuid:{number}",
                instrument="training",
                wave="before",
                received_on=date(2027, 1, 1),
                answers={},
                unreadable=[],
            )
        )
    session.commit()
    supervisor = signed_in_as("sara", "supervisor")
    page = supervisor.get(PAGE)
    assert [cell.text_content() for cell in page.xpath("//tbody/tr[1]/*")] == ["Training questionnaire", "3", "0", "0"]
    enumerator = signed_in_as("eli", "enumerator")
    enumerator.get(PAGE)
    assert "Answers received" not in enumerator.text()


def test_every_role_is_told_what_it_does(signed_in_as: SignIn) -> None:
    evaluator = signed_in_as("eva", "evaluator")
    page = evaluator.get(PAGE)
    assert "Analyses, reports and exports; does not see contacts or card numbers." in evaluator.text()
    assert f"{PAGE}plan" in page.xpath("//main//a/@href")
    assert not page.xpath("//a[contains(@href, '/design/')]")


def test_an_administrator_without_a_role_is_told_so(visitor: Visitor, campaign: Campaign, session: Session) -> None:
    add_person(session, "root", administrator=True)
    sign_in(visitor, "root")
    visitor.get(PAGE)
    assert "You have no role in this campaign." in visitor.text()
    assert "Answers received" not in visitor.text()

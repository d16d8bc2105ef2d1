"""The registers: what is still to be found out, and what is taken for granted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from campaigns.answering import Typed, save_answer
from campaigns.models import Campaign
from campaigns.planning import draft_of, gaps_of
from campaigns.registers.assumptions import common_terms
from campaigns.registers.models import Assumption, ResearchTask
from tests.builders import add_person
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
TASKS = f"{HOME}tasks"
ASSUMPTIONS = f"{HOME}assumptions"
TASK = f"{TASKS}/question/s3q5"
PLANNED = {"owner": "Amal", "due_on": "2027-03-01", "how": "Ask forty people", "indicator_id": "", "version": "0"}


def answer(session: Session, campaign: Campaign, question: str, state: str, text: str = "") -> None:
    writer = add_person(session, f"writer-of-{question}").id
    save_answer(session, campaign.id, question, Typed(state, text), 0, writer)
    session.commit()


def the_task(session: Session) -> ResearchTask:
    session.rollback()
    return session.scalars(select(ResearchTask).execution_options(populate_existing=True)).one()


def the_assumption(session: Session) -> Assumption:
    session.rollback()
    return session.scalars(select(Assumption).execution_options(populate_existing=True)).one()


def test_an_answer_that_is_not_known_is_a_task_that_someone_takes_on(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    designer.get(TASKS)
    assert "Nothing is open" in designer.text()
    address = f"{HOME}design/s3q5"
    designer.get(address)
    designer.submit(address, {"state": "not_known", "version": "0"})
    assert designer.get(address).xpath(f"//a[@href='{TASK}']")
    designer.get(TASKS)
    assert "Nobody has taken this on yet." in designer.text()
    designer.get(TASK)
    assert designer.submit(TASK, PLANNED).location == TASKS
    designer.get(TASKS)
    assert "Amal, by March 1, 2027" in designer.text() and "Ask forty people" in designer.text()
    session.rollback()
    answered = designer.get(address).get_element_by_id("answer-form").fields["version"]
    designer.submit(address, {"state": "assumed", "text": "Half of them", "version": answered})
    designer.get(TASKS)
    assert "Nothing is open" in designer.text(), "an answer closes the task"


def test_a_gap_is_closed_by_an_answer_or_by_a_task_with_a_name_and_a_day(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    def open_gaps() -> set[str]:
        session.rollback()
        return {gap.id for gap in gaps_of(session, campaign.id)}

    answer(session, campaign, "s3q5", "not_known")
    assert "awareness_level" in open_gaps()
    designer.get(TASK)
    designer.submit(TASK, {**PLANNED, "due_on": ""})
    assert "awareness_level" in open_gaps()
    designer.get(TASK)
    designer.submit(TASK, {**PLANNED, "version": "1"})
    assert "awareness_level" not in open_gaps()


def test_a_task_may_put_its_indicator_into_the_draft_of_the_plan(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    answer(session, campaign, "s3q5", "not_known")
    for version in (0, 1):
        designer.get(TASK)
        designer.submit(
            TASK, {**PLANNED, "how": f"By talks {version}", "indicator_id": "knows_hotline", "version": version}
        )
    session.rollback()
    assert [chosen.id for chosen in draft_of(session, campaign.id).choices.indicators] == ["knows_hotline"]


def test_tasks_of_their_own_are_due_in_order_and_end_when_they_are_done(designer: Visitor, session: Session) -> None:
    new = f"{TASKS}/new"
    designer.get(new)
    designer.submit(new, {**PLANNED, "title": ""}, status=422)
    assert "Write what has to be found out." in designer.text()
    for title, due in (("Later", "2027-05-01"), ("Sooner", "2020-01-01")):
        designer.get(new)
        designer.submit(new, {**PLANNED, "title": title, "due_on": due})
    page = designer.get(TASKS)
    assert [link.text_content() for link in page.xpath("//a[@class='row-link']")] == ["Sooner", "Later"]
    assert designer.text().count("The day has passed.") == 1
    (sooner,) = page.xpath("//a[@class='row-link' and contains(., 'Sooner')]/@href")
    designer.get(sooner)
    done = {**PLANNED, "title": "Sooner", "due_on": "2020-01-01", "done": "y", "version": "1"}
    designer.submit(sooner, done)
    page = designer.get(TASKS)
    assert [link.text_content() for link in page.xpath("//a[@class='row-link']")] == ["Later", "Sooner"]
    assert "The day has passed." not in designer.text()


def test_what_a_task_cannot_hold_is_said(designer: Visitor, campaign: Campaign, session: Session) -> None:
    answer(session, campaign, "s3q5", "not_known")
    for typed, sentence in (
        ({"due_on": "soon"}, "Write the day as year, month and day."),
        ({"owner": "x" * 161}, "Shorten this to 160 characters."),
        ({"indicator_id": "no_such"}, "Choose an indicator from the list."),
        ({"how": "x" * 4_001}, "This is too long to be stored."),
    ):
        designer.get(TASK)
        designer.submit(TASK, {**PLANNED, **typed}, status=422)
        assert sentence in designer.text()
    designer.get(f"{TASKS}/question/s9q99", status=404)
    designer.get(f"{TASKS}/77", status=404)
    assert "There is no such entry in the register." in designer.text()


def test_of_two_people_at_one_task_the_second_is_told_and_loses_nothing(
    designer: Visitor, signed_in_as: SignIn, campaign: Campaign, session: Session
) -> None:
    answer(session, campaign, "s3q5", "not_known")
    nadia = signed_in_as("nadia", "designer")
    designer.get(TASK)
    nadia.get(TASK)
    designer.submit(TASK, PLANNED)
    nadia.submit(TASK, {**PLANNED, "owner": "Nadia"}, status=409)
    assert "Somebody else changed this entry while you were writing." in nadia.text()
    assert the_task(session).owner == "Amal"
    nadia.submit(TASK, {**PLANNED, "owner": "Nadia and Amal", "version": "1"})
    assert (the_task(session).owner, the_task(session).version) == ("Nadia and Amal", 2)


def test_assumed_answers_and_common_assumptions_stand_in_the_register_from_the_start(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    answer(session, campaign, "s3q4", "assumed", "Informed men refuse bad offers")
    page = designer.get(ASSUMPTIONS)
    assert "Informed men refuse bad offers" in designer.text()
    assert len(page.xpath("//a[contains(@href, '/assumptions/common/')]")) == len(common_terms()) == 3 + 5
    assert designer.text().count("Open") == 9


def test_an_assumption_is_struck_out_or_kept_with_a_reason_and_what_would_test_it(
    designer: Visitor, session: Session
) -> None:
    address = f"{ASSUMPTIONS}/common/{next(iter(common_terms()))}"
    designer.get(address)
    typed = {"stance": "kept", "reason": "", "indicator_id": "knows_hotline", "version": "0"}
    designer.submit(address, typed, status=422)
    assert "Say why, in a sentence or two." in designer.text()
    designer.submit(address, {**typed, "reason": "Skippers showed it last year"})
    stored = the_assumption(session)
    assert (stored.stance, stored.indicator_id, stored.version) == ("kept", "knows_hotline", 1)
    designer.get(ASSUMPTIONS)
    assert "Tested by: Knows a number to call" in designer.text() and "Kept" in designer.text()
    events = session.scalars(select(AuditEvent.subject).filter_by(action="assumption_saved")).all()
    assert events == [stored.term_id]


def test_an_assumption_of_their_own_is_written_down_and_changed(designer: Visitor, session: Session) -> None:
    new = f"{ASSUMPTIONS}/new"
    designer.get(new)
    typed = {"text": "", "stance": "open", "reason": "", "indicator_id": "", "version": "0"}
    designer.submit(new, typed, status=422)
    assert "Write what you take for granted." in designer.text()
    designer.submit(new, {**typed, "text": "Phones work at sea"})
    address = f"{ASSUMPTIONS}/{the_assumption(session).id}"
    designer.get(address)
    designer.submit(
        address, {**typed, "text": "Phones work at sea", "stance": "struck_out", "reason": "No", "version": "1"}
    )
    assert the_assumption(session).stance == "struck_out"
    for odd, sentence in (({"stance": "sure"}, "Choose one of the three."), ({"indicator_id": "x"}, "from the list")):
        designer.get(address)
        designer.submit(address, {**typed, "text": "Phones", "version": "2", **odd}, status=422)
        assert sentence in designer.text()


def test_of_two_people_at_one_assumption_the_second_is_told(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    address = f"{ASSUMPTIONS}/common/{next(iter(common_terms()))}"
    typed = {"stance": "struck_out", "reason": "It does not hold here", "indicator_id": "", "version": "0"}
    designer.get(address)
    nadia.get(address)
    designer.submit(address, typed)
    nadia.submit(address, {**typed, "stance": "kept", "reason": "It held last year"}, status=409)
    assert the_assumption(session).stance == "struck_out"
    assert nadia.page is not None and "It held last year" in nadia.page.get_element_by_id("reason").text


def test_evaluators_read_the_registers_and_do_not_write_them(signed_in_as: SignIn) -> None:
    evaluator = signed_in_as("eva", "evaluator")
    page = evaluator.get(ASSUMPTIONS)
    assert not page.xpath("//main//a[contains(@href, '/assumptions/')]")
    evaluator.get(TASKS)
    evaluator.get(f"{TASKS}/new", status=403)
    evaluator.get(f"{ASSUMPTIONS}/new", status=403)

"""Answering guided questions: four states, saving as one types, and two people at one answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from campaigns.content import cite
from campaigns.guide import guide
from campaigns.models import Campaign, DesignAnswer
from campaigns.sections import choose_sections
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

PAGE = "/campaigns/harbour/design/s3q1"
NEXT = "/campaigns/harbour/design/s3q2"
BY_ITSELF = {"HX-Request": "true"}


def stored(session: Session) -> DesignAnswer | None:
    session.rollback()
    return session.scalar(select(DesignAnswer).execution_options(populate_existing=True))


def kept(session: Session) -> tuple[str, str, str, str, int]:
    answer = stored(session)
    assert answer is not None
    return answer.state, answer.text, answer.source, answer.reason, answer.version


def values(visitor: Visitor) -> dict[str, str]:
    """What stands in the fields of the answer form of the open page."""
    assert visitor.page is not None
    form = visitor.page.get_element_by_id("answer-form")
    found = {name: form.fields[name] for name in ("text", "source", "strength", "reason", "version")}
    return {name: value.strip() for name, value in found.items()} | {"state": form.fields.get("state") or ""}


def save_by_itself(visitor: Visitor, data: dict[str, Any], status: int = 200) -> str:
    assert visitor.page is not None
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    response = visitor.http.post(PAGE, data={**data, "csrf_token": token}, headers=BY_ITSELF)
    assert response.status_code == status
    return response.text


def test_every_question_has_a_page_with_reason_examples_and_source(
    designer: Visitor, campaign: Campaign, session: Session
) -> None:
    choose_sections(session, campaign.id, [section.id for section in guide().chosen])
    session.commit()
    for question in guide().questions:
        designer.get(f"/campaigns/harbour/design/{question.id}")
        shown = designer.text()
        texts = [question.question, question.why, question.hint, question.good_example, question.weak_example]
        for text in (*texts, *(part.text for part in question.parts), *(fact.text for fact in question.facts)):
            assert " ".join(text.split()) in shown, question.id
        assert cite(question.source) in shown


def test_questions_lead_to_each_other_and_back(designer: Visitor) -> None:
    page = designer.get("/campaigns/harbour/design/s1q6")
    neighbours = [link.get("href") for link in page.xpath("//nav[@class='neighbours']/a")]
    assert neighbours == ["/campaigns/harbour/design/s1q5", "/campaigns/harbour/design/s3q1"]
    assert page.xpath("//main//a[@href='/campaigns/harbour/']")


def test_the_lessons_are_open_before_the_first_question_of_a_section(designer: Visitor) -> None:
    page = designer.get(PAGE)
    assert page.xpath("//details[@class='intro' and @open]//li")
    assert "Nobody found out how much the group already knows." in designer.text()
    assert not designer.get(NEXT).xpath("//details[@class='intro' and @open]")


def test_each_state_is_saved_and_leads_to_the_next_question(designer: Visitor, session: Session) -> None:
    each = [
        {
            "state": "known",
            "text": "900 men of four villages",
            "source": "Boat owners’ list, March",
            "strength": "records",
        },
        {"state": "assumed", "text": "About 900 men"},
        {"state": "not_known"},
        {"state": "not_relevant", "reason": "The partner chooses whom it trains."},
    ]
    for version, typed in enumerate(each):
        designer.get(PAGE)
        assert designer.submit(PAGE, {**typed, "version": version}).location == NEXT
        full = {"text": "", "source": "", "reason": "", "strength": "", **typed}
        assert kept(session) == (full["state"], full["text"], full["source"], full["reason"], version + 1)
        designer.get(PAGE)
        assert values(designer) == {**full, "version": str(version + 1)}
    designer.get("/campaigns/harbour/")
    assert "1 of 9 answered" in designer.text() and "Not relevant" in designer.text()


LACKING: list[tuple[dict[str, str], str, str]] = [
    ({"state": "known", "text": "Men"}, "assumed", "Say where this is known from. Until you do"),
    ({"state": "known", "text": "Men", "source": "A list"}, "known", "Say how strong the evidence is. Until you do"),
    ({"state": "known", "source": "A list"}, "not_known", "Write what is known. Until you do"),
    ({"state": "assumed", "source": "A record"}, "not_known", "Write what you assume. Until you do"),
    ({"state": "not_relevant", "text": "Men"}, "not_known", "Say why the question is not relevant here."),
    ({"text": "Men"}, "assumed", "Choose how sure you are. Until you do"),
    ({"reason": "Because"}, "not_known", "Choose how sure you are. Until you do"),
]


def test_an_incomplete_answer_is_kept_in_a_humbler_state_and_says_what_it_lacks(
    designer: Visitor, session: Session
) -> None:
    designer.get(PAGE)
    for version, (typed, state, sentence) in enumerate(LACKING):
        designer.submit(PAGE, {**typed, "version": version}, status=422)
        assert sentence in designer.text()
        full = {"state": "", "text": "", "source": "", "strength": "", "reason": "", **typed}
        assert values(designer) == {**full, "version": str(version + 1)}
        assert kept(session) == (state, full["text"], full["source"], full["reason"], version + 1)


def test_an_answer_saves_itself_and_says_when(designer: Visitor, session: Session) -> None:
    designer.get(PAGE)
    reply = save_by_itself(designer, {"state": "known", "text": "Men", "version": "0"})
    assert "Saved: <time datetime=" in reply and "Say where this is known from." in reply
    assert 'name="version" value="1"' in reply
    reply = save_by_itself(designer, {"state": "known", "text": "Men", "source": "A list", "version": "1"})
    assert "Say where" not in reply and 'name="version" value="2"' in reply
    assert kept(session) == ("known", "Men", "A list", "", 2)


def test_a_page_that_was_not_written_in_saves_nothing(designer: Visitor, session: Session) -> None:
    designer.get(PAGE)
    assert "Saved" not in save_by_itself(designer, {"version": "0"})
    assert designer.submit(PAGE, {"version": "0"}).location == NEXT
    assert stored(session) is None


def test_sending_the_same_answer_twice_changes_nothing(designer: Visitor, session: Session) -> None:
    designer.get(PAGE)
    for _attempt in range(2):
        designer.submit(PAGE, {"state": "assumed", "text": "Men", "version": "0"})
    assert kept(session) == ("assumed", "Men", "", "", 1)


def test_the_other_button_leads_back_to_the_list(designer: Visitor) -> None:
    designer.get(PAGE)
    response = designer.submit(PAGE, {"state": "not_known", "version": "0", "go": "overview"})
    assert response.location == "/campaigns/harbour/"


def test_the_last_question_of_a_section_leads_to_what_the_section_means(designer: Visitor) -> None:
    for question, section in (("s1q6", "section1"), ("s3q9", "section3")):
        address = f"/campaigns/harbour/design/{question}"
        designer.get(address)
        response = designer.submit(address, {"state": "not_known", "version": "0", "go": "next"})
        assert response.location == f"/campaigns/harbour/sections/{section}"


def test_of_two_people_at_one_answer_the_second_sees_both_texts_and_loses_none(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    designer.get(PAGE)
    nadia.get(PAGE)
    designer.submit(PAGE, {"state": "assumed", "text": "Men of the port", "version": "0"})
    nadia.submit(PAGE, {"state": "known", "text": "Women of the hills", "source": "A list", "version": "0"}, status=409)
    assert "Dora changed this answer while you were writing." in nadia.text()
    assert "Men of the port" in nadia.text()
    mine = {"state": "known", "text": "Women of the hills", "source": "A list", "reason": "", "version": "1"}
    assert values(nadia) == {**mine, "strength": ""}
    assert kept(session) == ("assumed", "Men of the port", "", "", 1)
    nadia.submit(PAGE, {**mine, "text": "Men of the port, women of the hills", "strength": "study"})
    assert kept(session) == ("known", "Men of the port, women of the hills", "A list", "", 2)


def test_an_answer_that_saves_itself_never_overwrites_another_person(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    nadia = signed_in_as("nadia", "designer")
    nadia.get(PAGE)
    designer.get(PAGE)
    designer.submit(PAGE, {"state": "assumed", "text": "Men of the port", "version": "0"})
    reply = save_by_itself(nadia, {"state": "assumed", "text": "Women of the hills", "version": "0"}, status=409)
    assert "Somebody changed this answer while you were writing." in reply
    assert 'name="version" value="0"' in reply, "saving by hand must still find the clash"
    assert kept(session)[1] == "Men of the port"


def test_the_trail_notes_a_new_hand_or_state_and_no_answer(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    def events() -> list[str]:
        session.rollback()
        return list(session.scalars(select(AuditEvent.subject).filter_by(action="answer_saved")))

    designer.get(PAGE)
    for version, text in enumerate(("a", "ab", "abc")):
        save_by_itself(designer, {"state": "assumed", "text": text, "version": version})
    assert events() == ["s3q1"]
    save_by_itself(designer, {"state": "known", "text": "abc", "source": "A list", "version": 3})
    assert events() == ["s3q1", "s3q1"]
    nadia = signed_in_as("nadia", "designer")
    nadia.get(PAGE)
    save_by_itself(nadia, {"state": "known", "text": "abcd", "source": "A list", "version": 4})
    assert events() == ["s3q1", "s3q1", "s3q1"]


def test_what_cannot_be_stored_is_shown_again_with_a_sentence(designer: Visitor, session: Session) -> None:
    too_long = "This is too long to be stored."
    for typed, sentence in (
        ({"state": "certain", "text": "Men"}, "Choose one of the four."),
        ({"state": "assumed", "text": "x" * 20_001}, too_long),
        ({"state": "known", "text": "Men", "source": "x" * 4_001}, too_long),
    ):
        designer.get(PAGE)
        assert sentence in save_by_itself(designer, {**typed, "version": "0"})
        designer.submit(PAGE, {**typed, "version": "0"}, status=422)
        assert sentence in designer.text()
        assert values(designer)["text"] == typed["text"]
    assert stored(session) is None


def test_odd_characters_and_a_nonsense_version_do_no_harm(designer: Visitor, session: Session) -> None:
    designer.get(PAGE)
    designer.submit(PAGE, {"state": "assumed", "text": " رجال <b>&\r\nMarsa ", "version": "9" * 40})
    assert kept(session)[1] == "رجال <b>&\nMarsa"
    page = designer.get(PAGE)
    assert "رجال <b>&" in page.get_element_by_id("text").text
    assert page.get_element_by_id("text").get("dir") == "auto"


def test_a_question_that_does_not_exist_is_a_404_with_the_remedy(designer: Visitor) -> None:
    designer.get("/campaigns/harbour/design/s9q99", status=404)
    assert "There is no such question in the guide. Go back to the overview" in designer.text()


def test_an_answer_without_the_token_of_its_page_is_refused(designer: Visitor, session: Session) -> None:
    response = designer.http.post(PAGE, data={"state": "assumed", "text": "Men", "version": "0"})
    assert response.status_code == 400
    assert stored(session) is None


def test_only_a_designer_opens_questions(signed_in_as: SignIn) -> None:
    visitor = signed_in_as("someone", "translator", "enumerator", "supervisor", "tracer", "evaluator")
    visitor.get(PAGE, status=403)
    page = visitor.get("/campaigns/harbour/")
    assert not page.xpath("//a[contains(@href, '/design/')]")
    assert "Collects answers and sees how many they sent" in visitor.text()


def test_a_script_free_page_and_a_page_with_htmx_are_the_same_form(designer: Visitor) -> None:
    form = designer.get(PAGE).get_element_by_id("answer-form")
    assert form.get("action") == form.get("hx-post") == PAGE
    assert form.get("method") == "post"
    status = (
        form.get_element_by_id("saved") if hasattr(form, "get_element_by_id") else form.xpath(".//*[@id='saved']")[0]
    )
    assert status.get("role") == "status"


def test_answers_belong_to_their_campaign(designer: Visitor, session: Session) -> None:
    designer.get(PAGE)
    designer.submit(PAGE, {"state": "not_known", "version": "0"})
    assert session.scalar(select(func.count()).select_from(DesignAnswer)) == 1
    designer.get("/campaigns/elsewhere/design/s3q1", status=404)

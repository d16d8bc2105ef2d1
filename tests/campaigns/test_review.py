"""What a sceptical reviewer would say, and who changed what: a design read by others."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from campaigns.history.differences import changes, pieces
from tests.campaigns.conftest import SignIn
from tests.campaigns.test_entries import BARRIER, SEGMENT, chain, entries, write
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
REVIEW = f"{HOME}review"


def said(visitor: Visitor) -> list[str]:
    page = visitor.get(REVIEW)
    return [" ".join(one.text_content().split()) for one in page.xpath("//ul[@class='doubts']/li/span")]


def test_an_empty_design_is_doubted_everywhere(designer: Visitor) -> None:
    found = said(designer)
    for beginning in (
        "You do not say who is to do something differently",
        "8 assumptions are neither struck out nor defended.",
        "You do not say where you meet people",
        "Choose at least one indicator.",
        "There is no comparison group.",
    ):
        assert any(one.startswith(beginning) for one in found), beginning
    assert len(designer.page.xpath("//main//span[contains(@class, 'tag-to-do')]")) == 5, "the five gaps"


def test_each_doubt_goes_when_it_is_answered(designer: Visitor, session: Session) -> None:
    chain(designer, session)
    before = said(designer)
    doubt = "Nobody could go and find members of “Women of the port”: you do not say where and how they are found."
    assert doubt in before
    assert "“A leaflet” cannot act on the barrier that it answers." in before
    number = entries(session, "segment")[0].id
    designer.get(f"{HOME}entries/segment/{number}")
    found = {**SEGMENT, "found_where": "Fish market, mornings", "message": "Show the contract", "version": "1"}
    designer.submit(f"{HOME}entries/segment/{number}", found)
    assert doubt not in said(designer)


def test_a_reader_sees_the_doubts_without_ways_to_change(designer: Visitor, signed_in_as: SignIn) -> None:
    reader = signed_in_as("eva", "evaluator")
    assert said(reader)
    assert not reader.page.xpath("//ul[@class='doubts']//a")


def test_history_says_who_changed_what(designer: Visitor, signed_in_as: SignIn, session: Session) -> None:
    address = f"{HOME}design/s3q1"
    designer.get(address)
    designer.submit(address, {"state": "assumed", "text": "Men of the port", "version": "0"})
    session.rollback()
    nadia = signed_in_as("nadia", "designer")
    nadia.get(address)
    nadia.submit(address, {"state": "assumed", "text": "Women of the port", "version": "1"})
    designer.get(f"{HOME}history")
    assert "Nadia" in designer.text() and "Dora" in designer.text()
    page = designer.get(f"{HOME}history/answer s3q1")
    assert (page.xpath("//del/text()")[0], page.xpath("//ins/text()")[0]) == ("Men", "Women")
    designer.get(f"{HOME}history/answer s9q9", status=404)


def test_one_sitting_is_one_version_and_the_first_is_kept(designer: Visitor, session: Session) -> None:
    write(designer, "segment", SEGMENT)
    number = entries(session, "segment")[0].id
    for version, size in enumerate(("1", "12", "120", "1200"), 1):
        designer.get(f"{HOME}entries/segment/{number}")
        designer.submit(f"{HOME}entries/segment/{number}", {**SEGMENT, "size": size, "version": str(version)})
    page = designer.get(f"{HOME}history/segment {number}")
    heads = [one for one in page.xpath("//main//h2/text()") if one.startswith("Version")]
    assert [one.split(",")[0] for one in heads] == ["Version 5", "Version 1"]


def test_comments_are_written_and_settled_by_readers_too(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    write(designer, "segment", SEGMENT)
    number = entries(session, "segment")[0].id
    session.rollback()
    eva = signed_in_as("eva", "evaluator")
    versions = f"{HOME}history/segment {number}"
    eva.get(versions)
    comments = f"{HOME}comments"
    eva.submit(comments, {"thing": f"segment {number}", "text": ""}, status=422)
    assert "Write your comment." in eva.text()
    eva.submit(comments, {"thing": f"segment {number}", "text": "How many are they?"})
    assert "One comment is not settled." in said(designer)
    designer.get(f"{HOME}entries/segment/{number}")
    assert "How many are they?" in designer.text() and "One open comment" in designer.text()
    designer.submit(f"{comments}/1", {"settled": "yes"})
    assert "One comment is not settled." not in said(designer)
    designer.get(versions)
    designer.submit(f"{comments}/1", {"settled": "no"})
    assert "One comment is not settled." in said(designer)
    designer.submit(f"{comments}/99", {"settled": "no"}, status=404)
    designer.submit(comments, {"thing": "segment 99", "text": "Nothing"}, status=404)


def test_the_history_of_a_barrier_speaks_as_its_form_does(designer: Visitor, session: Session) -> None:
    chain(designer, session)
    number = entries(session, "barrier")[0].id
    designer.get(f"{HOME}history/barrier {number}")
    text = designer.text()
    assert BARRIER["text"] in text and "Physical opportunity" in text and "Several people say so" in text


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("", "new", [("added", "new")]),
        ("old", "", [("removed", "old")]),
        ("a b c", "a c", [("same", "a "), ("removed", "b "), ("same", "c")]),
    ],
)
def test_differences_are_told_word_by_word(earlier: str, later: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.what, one.text) for one in pieces(earlier, later)] == expected


def test_only_fields_that_differ_are_told() -> None:
    found = changes({"Who": "men", "Where": "port", "Gone": "x"}, {"Who": "men", "Where": "town", "New": "y"})
    assert [one.label for one in found] == ["Where", "New", "Gone"]

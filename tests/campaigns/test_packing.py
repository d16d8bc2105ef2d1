"""A design leaves in one file and comes back whole; a copy leaves out what belongs to one time and one team."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, DesignAnswer
from campaigns.packing.packed import packed
from campaigns.planning import draft_of
from tests.campaigns.test_entries import chain, entries, write
from tests.campaigns.test_plan_pages import COMPLETE
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
IMPORT = "/campaigns/import"


@pytest.fixture
def full(designer: Visitor, session: Session) -> Visitor:
    """A design with something of everything."""
    chain(designer, session)
    number = entries(session, "segment")[0].id
    tried = {
        "material": "Poster",
        "changed": "Larger",
        "tested_on": "2026-03-01",
        "people": "6",
        "version": "0",
    }
    write(designer, "pretest", tried, number)
    referral = {"site": "Orsa", "language": "French", "purpose": "law", "name": "Aid", "reached": "123", "version": "0"}
    write(designer, "referral", {**referral, "dialled_on": "2026-03-01", "dialled_by": "Coordinator"})
    for address, data in (
        (f"{HOME}design/s3q1", {"state": "assumed", "text": "Women of the port", "version": "0"}),
        (f"{HOME}design/s3q5", {"state": "not_known", "version": "0"}),
        (f"{HOME}tasks/question/s3q5", {"owner": "Amal", "due_on": "2027-03-01", "version": "0"}),
        (f"{HOME}assumptions/new", {"text": "They read", "stance": "open", "version": "0"}),
        (f"{HOME}sections/section1", {"outcome": "nothing_changes", "version": "0"}),
        (f"{HOME}plan", {**COMPLETE, "version": "0"}),
    ):
        designer.get(address)
        designer.submit(address, data)
    designer.get(f"{HOME}history/segment {number}")
    designer.submit(f"{HOME}comments", {"thing": f"segment {number}", "text": "How many?"})
    return designer


def bring_in(visitor: Visitor, content: Any, status: int = 302) -> str:
    visitor.get(IMPORT)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    reply = visitor.submit(IMPORT, {"file": (BytesIO(body), "design.json")}, status=status)
    return str(reply.location or "")


def plain(file: dict[str, Any]) -> dict[str, Any]:
    """Without numbers and moments, which differ from one campaign to the next."""
    text = json.dumps({name: value for name, value in file.items() if name not in ("made_at", "comments")})
    found: dict[str, Any] = json.loads(text)
    for name in ("tasks", "assumptions", "entries", "answers"):
        for row in found[name]:
            row.pop("id", None)
            row.pop("parent", None)
    return found


def design(visitor: Visitor, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(visitor.http.get(f"/campaigns/{slug}/design.json").text)
    return found


def test_what_goes_out_comes_in_again_whole(full: Visitor, session: Session) -> None:
    out = design(full, "harbour")
    assert [len(out[name]) for name in ("answers", "tasks", "assumptions", "conclusions", "comments")] == [
        2,
        1,
        1,
        1,
        1,
    ]
    assert [row["kind"] for row in out["entries"]] == [
        "segment",
        "behaviour",
        "barrier",
        "response",
        "pretest",
        "referral",
    ]
    slug = bring_in(full, out).strip("/").split("/")[-1]
    again = design(full, slug)
    assert plain(again) == plain(out)
    by_id = {row["id"]: row["kind"] for row in again["entries"]}
    parents = [by_id.get(row["parent"]) for row in again["entries"]]
    assert parents == [None, "segment", "behaviour", "barrier", "segment", None]
    assert again["comments"][0]["thing"] == f"segment {again['entries'][0]['id']}", "a comment finds its part again"
    full.get(f"/campaigns/{slug}/behaviours")
    assert "The desk is far away" in full.text()


def test_no_account_and_no_respondent_stands_in_the_file(full: Visitor) -> None:
    body = json.dumps(design(full, "harbour"))
    assert "dora" not in body.casefold() and "changed_by" not in body and "submission" not in body


def test_a_copy_leaves_out_what_belongs_to_one_time_and_one_team(full: Visitor, session: Session) -> None:
    full.get(f"{HOME}copy")
    full.submit(f"{HOME}copy", {"title": ""}, status=422)
    full.submit(f"{HOME}copy", {"title": "Hill campaign"})
    made = design(full, "hill-campaign")
    assert [row["kind"] for row in made["entries"]] == ["segment", "behaviour", "barrier", "response", "referral"]
    referral = made["entries"][-1]["content"]
    assert (referral["name"], referral["dialled_on"], referral["dialled_by"]) == ("Aid", None, "")
    assert (made["tasks"][0]["owner"], made["tasks"][0]["due_on"], made["comments"]) == ("", None, [])
    assert made["plan"]["activity_ends_on"] is None and made["plan"]["indicators"]
    assert made["campaign"]["title"] == "Hill campaign"


def _entry(**content: Any) -> dict[str, Any]:
    right = {"name": "Women", "actor": "potential_victims"}
    return {"entries": [{"id": 1, "parent": None, "kind": "segment", "content": {**right, **content}}]}


WRONG: list[tuple[Any, str]] = [
    (b"\xff\xfe", "This is not the design of a campaign."),
    (b"[" * 100_000, "This is not the design of a campaign."),
    ([], "This is not the design of a campaign."),
    ({"eveil": 2}, "This file was made by a newer version of Éveil."),
    ({"answers": {}}, "answers in the file is not what is expected there."),
    ({"answers": [{"question_id": "s3q1", "state": "known", "text": "x"}]}, "answers, 1 in the file cannot be stored"),
    ({"answers": [{"question_id": "s3q1", "state": ["known"]}]}, "answers, 1, state in the file is not what"),
    ({"tasks": [{"title": "x", "due_on": "tomorrow"}]}, "tasks, 1, due_on in the file is not what is expected"),
    (_entry(name=""), "entries, 1 in the file cannot be taken over. Write who they are."),
    (_entry(actor="martians"), "entries, 1 in the file cannot be taken over. Choose one from the list."),
    (_entry(stratum="yes"), "entries, 1, stratum in the file is not what is expected there."),
    ({"entries": [{"kind": "planet", "content": {}}]}, "of a kind that this version does not know: “planet”"),
    ({"entries": [{"kind": "barrier", "parent": 7, "content": {}}]}, "entries, 1 in the file cannot be taken over."),
    ({"plan": {"indicators": [{"id": 1, "colour": "red"}]}}, "plan in the file is not what is expected there."),
    ({"plan": {"indicators": [{"id": "x"}], "instruments": []}}, "plan, indicators, 1 in the file is not what is"),
    ({"plan": {"indicators": [], "instruments": ["x"]}}, "plan, instruments in the file is not what is expected"),
    ({"plan": {"indicators": [], "instruments": [], "confidence": "95"}}, "plan, confidence in the file is not what"),
    *(
        ({"plan": {"indicators": [], "instruments": [], name: value}}, f"plan, {name} in the file is not what")
        for name, value in (
            ("suppress_below", 0),
            ("confidence", 7),
            ("family", "zz"),
            ("smallest_change", -5),
            ("keep_share", 0),
            ("retention_margin", 500),
            ("dont_know", "x"),
            ("activity_ends_on", "9999-12-31"),
            ("comparison", "yes"),
        )
    ),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_a_file_that_cannot_be_brought_in_leaves_nothing_behind(
    designer: Visitor, session: Session, wrong: Any, sentence: str
) -> None:
    file = wrong
    if isinstance(wrong, dict):
        file = {"eveil": 1, "campaign": {"title": "Hill campaign"}, **wrong}
    bring_in(designer, file, status=422)
    assert sentence in designer.text()
    session.rollback()
    assert session.scalars(select(Campaign.slug)).all() == ["harbour"]
    assert session.scalars(select(DesignAnswer)).all() == []


def test_the_file_of_the_program_is_the_file_of_the_page(full: Visitor, session: Session, campaign: Campaign) -> None:
    session.rollback()
    assert plain(packed(session, campaign.id)) == plain(design(full, "harbour"))
    assert draft_of(session, campaign.id).choices.indicators

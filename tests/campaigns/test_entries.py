"""The things a design is made of: written, changed, taken out; nobody's words are lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.entries.models import DesignEntry
from campaigns.kinds import KINDS
from campaigns.models import Campaign
from core.database import now
from tests.campaigns.conftest import SignIn
from tests.visitor import Visitor

HOME = "/campaigns/harbour/"
GROUPS = f"{HOME}groups"
SEGMENT = {
    "name": "Women of the port",
    "actor": "potential_victims",
    "literacy": "some",
    "told_by": "sex",
    "version": "0",
}
BEHAVIOUR = {
    "who": "Women of the port",
    "does_what": "show the contract to the migration desk",
    "contribution": "The desk turns false contracts down",
    "evidence": "assumed",
    "version": "0",
}
BARRIER = {
    "text": "The desk is far away",
    "nature": "structural",
    "com_b": "physical_opportunity",
    "evidence": "known",
    "strength": "several_people",
    "source": "Eight talks",
    "version": "0",
}
RESPONSE = {
    "text": "A leaflet",
    "function": "education",
    "decision": "do",
    "safety": "None that we see",
    "equity": "Those who cannot read",
    "evidence": "not_known",
    "version": "0",
}


def entries(session: Session, kind: str) -> list[DesignEntry]:
    session.rollback()
    query = select(DesignEntry).filter_by(kind=kind).order_by(DesignEntry.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def write(visitor: Visitor, kind: str, data: dict[str, Any], under: int | None = None, status: int = 302) -> None:
    address = f"{HOME}entries/{kind}/new" + (f"?under={under}" if under else "")
    visitor.get(address)
    visitor.submit(address, data, status=status)


def chain(visitor: Visitor, session: Session, **response: Any) -> None:
    """A group, a behaviour, a barrier and a response, each under the one before."""
    write(visitor, "segment", SEGMENT)
    write(visitor, "behaviour", BEHAVIOUR, entries(session, "segment")[0].id)
    write(visitor, "barrier", BARRIER, entries(session, "behaviour")[0].id)
    write(visitor, "response", RESPONSE | response, entries(session, "barrier")[0].id)


def test_a_group_is_described_and_changed(designer: Visitor, session: Session) -> None:
    write(designer, "segment", SEGMENT)
    (stored,) = entries(session, "segment")
    designer.get(GROUPS)
    assert "Women of the port" in designer.text()
    assert "Nobody could draw a sample of this group yet" in designer.text()
    address = f"{HOME}entries/segment/{stored.id}"
    designer.get(address)
    designer.submit(address, {**SEGMENT, "found_where": "At the fish market, mornings", "version": "1"})
    (stored,) = entries(session, "segment")
    assert (stored.content["found_where"], stored.version) == ("At the fish market, mornings", 2)
    designer.get(GROUPS)
    assert "Nobody could draw a sample" not in designer.text()


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("segment", {**SEGMENT, "name": ""}, "Write who they are."),
        ("segment", {**SEGMENT, "actor": "martians"}, "Choose one from the list."),
        ("segment", {**SEGMENT, "everybody": "y"}, "Say why a campaign to everybody is better"),
        ("referral", {"site": "Orsa", "language": "fr", "purpose": "law", "name": "N", "reached": "1", "version": "0",
                      "dialled_on": "2999-01-01", "dialled_by": "Coordinator"}, "This day is still to come."),
        ("referral", {"site": "Orsa", "language": "fr", "purpose": "law", "name": "N", "reached": "1", "version": "0",
                      "dialled_on": "2026-01-01"}, "Say who called"),
        ("safeguarding", {"setting": "", "version": "0"}, "Choose one from the list."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field(
    designer: Visitor, session: Session, kind: str, data: dict[str, str], sentence: str
) -> None:
    write(designer, kind, data, status=422)
    assert sentence in designer.text()
    assert entries(session, kind) == []


def test_a_barrier_needs_evidence_for_known_and_a_response_may_not_leave_safety_and_equity_blank(
    designer: Visitor, session: Session
) -> None:
    chain(designer, session)
    behaviour = entries(session, "behaviour")[0].id
    write(designer, "barrier", {**BARRIER, "source": "", "strength": ""}, behaviour, status=422)
    assert "Say where this is known from" in designer.text() and "Say how strong the evidence is" in designer.text()
    write(designer, "response", {**RESPONSE, "safety": "", "equity": ""}, entries(session, "barrier")[0].id, status=422)
    assert designer.text().count("This may not stay empty.") >= 2


def test_two_people_who_change_one_entry_see_both_texts(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    write(designer, "segment", SEGMENT)
    address = f"{HOME}entries/segment/{entries(session, 'segment')[0].id}"
    nadia = signed_in_as("nadia", "designer")
    nadia.get(address)
    designer.get(address)
    designer.submit(address, {**SEGMENT, "size": "900", "version": "1"})
    nadia.submit(address, {**SEGMENT, "size": "1,200", "version": "1"}, status=409)
    assert "Somebody else changed this while you were writing" in nadia.text() and "900" in nadia.text()
    assert nadia.page.xpath("//input[@name='size']/@value") == ["1,200"]
    nadia.submit(address, {**SEGMENT, "size": "900 to 1,200", "version": "2"})
    assert entries(session, "segment")[0].content["size"] == "900 to 1,200"


def test_what_one_writes_stands_there_still_when_another_has_taken_the_entry_out(
    designer: Visitor, signed_in_as: SignIn, session: Session
) -> None:
    write(designer, "segment", SEGMENT)
    address = f"{HOME}entries/segment/{entries(session, 'segment')[0].id}"
    nadia = signed_in_as("nadia", "designer")
    nadia.get(address)
    designer.get(address)
    designer.submit(f"{address}/remove", {"version": "1"})
    nadia.submit(address, {**SEGMENT, "size": "1,200", "version": "1"}, status=409)
    assert "Somebody took this out while you were writing" in nadia.text()
    assert nadia.page.xpath("//input[@name='size']/@value") == ["1,200"]


def test_taking_out_takes_what_belongs_to_it_and_keeps_the_history(designer: Visitor, session: Session) -> None:
    chain(designer, session)
    number = entries(session, "segment")[0].id
    address = f"{HOME}entries/segment/{number}"
    for version, status in (("7", 409), ("1", 302)):
        designer.get(address)
        designer.submit(f"{address}/remove", {"version": version}, status=status)
    assert [entries(session, kind) for kind in ("segment", "behaviour", "barrier", "response")] == [[], [], [], []]
    designer.get(f"{HOME}history")
    assert designer.text().count("Taken out by Dora") == 4
    designer.get(f"{HOME}history/segment {number}")
    assert "Women of the port" in designer.text()


def test_a_weak_chain_is_called_weak(designer: Visitor, session: Session) -> None:
    chain(designer, session)
    designer.get(f"{HOME}behaviours")
    said = designer.text()
    assert "Most of these barriers are a lack of opportunity" in said
    assert "This response cannot act on what is lacking here." in said
    assert "Only information meets this barrier" in said
    designer.get(f"{HOME}theory")
    assert "arrows are weak or missing" in designer.text()
    assert "cannot act on it" in designer.text() and designer.page.xpath("//*[name()='svg']")


def test_a_strong_chain_is_not(designer: Visitor, session: Session) -> None:
    chain(
        designer, session, function="enablement", text="A bus to the desk on market days",
        evidence="known", strength="study", source="Pilot of 2025",
    )  # fmt: skip
    designer.get(f"{HOME}behaviours")
    assert "cannot act" not in designer.text() and "Only information" not in designer.text()
    designer.get(f"{HOME}theory")
    assert "No arrow is missing." in designer.text()


def test_the_picture_is_mirrored_where_people_read_from_the_right(designer: Visitor, session: Session) -> None:
    chain(designer, session)
    left, right = (
        designer.http.get(f"{HOME}theory.svg", headers={"Accept-Language": one}).text for one in ("en", "ar")
    )
    boxes = [[float(x) for x in re.findall(r'<rect x="([0-9.]+)"', one)] for one in (left, right)]
    assert boxes[0][0] == min(boxes[0]) and boxes[1][0] == max(boxes[1]), "the group stands where one begins to read"


def test_the_safeguarding_plan_is_as_heavy_as_the_setting(designer: Visitor, session: Session) -> None:
    today = now().date()

    def rules(**more: str) -> None:
        version = str(entries(session, "safeguarding")[0].version) if entries(session, "safeguarding") else "0"
        write(designer, "safeguarding", {"version": version, **more})

    def open_parts() -> int:
        page = designer.get(f"{HOME}safeguarding")
        return len(page.xpath("//main//section[1]//li/span[contains(@class, 'tag-to-do')]"))

    def refer(**more: str) -> None:
        about = {"site": "Orsa", "language": "French", "name": "Line", "reached": "123", "dialled_by": "Coordinator"}
        write(designer, "referral", {**about, "dialled_on": today.isoformat(), "version": "0", **more})

    rules(setting="classroom")
    assert open_parts() == 2
    refer(purpose="hotline", dialled_on=(today - timedelta(days=31)).isoformat())
    assert open_parts() == 2, "a number that nobody has tried for 30 days counts as untried"
    (line,) = entries(session, "referral")
    address = f"{HOME}entries/referral/{line.id}"
    designer.get(address)
    again = {"site": "Orsa", "language": "French", "name": "Line", "reached": "123", "dialled_by": "Coordinator"}
    designer.submit(address, {**again, "purpose": "hotline", "dialled_on": today.isoformat(), "version": "1"})
    rules(setting="classroom", contact="Coordinator", contact_reached="By radio")
    assert open_parts() == 0
    rules(setting="public", contact="Coordinator", contact_reached="By radio")
    assert open_parts() == 7, "stand-in, referrals, sites, minors, consent, survivors, harm"
    rules(setting="minors_or_work", contact="Coordinator", contact_reached="By radio")
    assert open_parts() == 8, "an approval too"


def test_readers_see_everything_and_change_nothing(
    designer: Visitor, signed_in_as: SignIn, session: Session, campaign: Campaign
) -> None:
    chain(designer, session)
    session.rollback()
    reader = signed_in_as("eva", "evaluator")
    for page in ("groups", "behaviours", "theory", "safeguarding", "context", "history"):
        found = reader.get(HOME + page)
        assert not found.xpath("//main//a[contains(@href, '/entries/')]"), page
    reader.get(f"{HOME}entries/segment/new", status=403)


def test_the_check_list_and_the_tags(designer: Visitor, session: Session) -> None:
    designer.get(f"{HOME}context")
    assert len(designer.page.xpath("//main//li/span/a")) == 16
    write(designer, "tags", {"four_p": ["prevention"], "objectives": ["encourage_reporting"], "version": "0"})
    note = {"question": "demand", "text": "Two programmes", "evidence": "assumed", "version": "0"}
    designer.get(f"{HOME}entries/context/new?question=demand")
    assert designer.page.xpath("//input[@name='question'][@checked]/@value") == ["demand"]
    write(designer, "context", note)
    designer.get(f"{HOME}context")
    assert "Two programmes" in designer.text() and "Prevention" in designer.text()


def test_a_link_that_says_nonsense_opens_an_empty_form(designer: Visitor) -> None:
    page = designer.get(f"{HOME}entries/referral/new?dialled_on=foo&purpose=law&version=9&name=x&colour=red")
    assert page.xpath("//input[@name='purpose'][@checked]/@value") == ["law"]
    assert page.xpath("//input[@name='version']/@value")[0] == "0"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_what_its_form_asks(kind: str) -> None:
    asked = {name for name in dir(KINDS[kind].form) if hasattr(getattr(KINDS[kind].form, name), "field_class")}
    assert asked - {"version"} == set(KINDS[kind].content.__dataclass_fields__)

"""Two people at the very same moment, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.answering import Typed, save_answer
from campaigns.audience.contents import SEGMENT, Segment
from campaigns.entries.models import DesignEntry
from campaigns.entries.saving import save_entry
from campaigns.history.models import Revision
from campaigns.history.versioned import Clash
from campaigns.kinds import KINDS
from campaigns.models import Campaign, DesignAnswer
from campaigns.safeguarding.contents import RULES, Rules
from core.database import transaction
from tests.builders import add_person


def test_of_many_first_answers_at_the_same_moment_one_is_stored_and_all_others_are_told(
    app: Flask, campaign: Campaign, session: Session
) -> None:
    writers = [add_person(session, f"designer{number}").id for number in range(4)]
    start = Barrier(len(writers))

    def write(person_id: int) -> str:
        text = f"words of {person_id}"
        with app.app_context():
            start.wait()
            try:
                with transaction() as writing:
                    save_answer(writing, campaign.id, "s3q1", Typed("assumed", text), 0, person_id)
            except Clash:
                return ""
        return text

    with ThreadPoolExecutor(len(writers)) as pool:
        outcomes = list(pool.map(write, writers))
    session.rollback()
    answer = session.scalars(select(DesignAnswer)).one()
    assert [outcome for outcome in outcomes if outcome] == [answer.text]
    assert answer.version == 1


def test_of_many_who_change_one_entry_at_the_same_moment_one_is_stored_and_all_others_are_told(
    app: Flask, campaign: Campaign, session: Session
) -> None:
    writers = [add_person(session, f"designer{number}").id for number in range(4)]
    kind = KINDS[SEGMENT]
    first = save_entry(session, campaign.id, kind, Segment(name="Men"), writers[0]).id
    session.commit()
    start = Barrier(len(writers))

    def write(person_id: int) -> str:
        content = Segment(name=f"words of {person_id}")
        with app.app_context():
            start.wait()
            try:
                with transaction() as writing:
                    save_entry(writing, campaign.id, kind, content, person_id, entry_id=first, based_on=1)
            except Clash:
                return ""
        return content.name

    with ThreadPoolExecutor(len(writers)) as pool:
        outcomes = list(pool.map(write, writers))
    session.rollback()
    entry = session.scalars(select(DesignEntry).execution_options(populate_existing=True)).one()
    assert [outcome for outcome in outcomes if outcome] == [entry.content["name"]]
    assert entry.version == 2
    kept = session.scalars(select(Revision.content).filter_by(thing=entry.thing).order_by(Revision.id)).all()
    assert [one["content"]["name"] for one in kept] == ["Men", entry.content["name"]], "history has both, and no third"


def test_of_many_who_begin_the_rules_at_the_same_moment_there_is_one_set_of_rules(
    app: Flask, campaign: Campaign, session: Session
) -> None:
    writers = [add_person(session, f"designer{number}").id for number in range(4)]
    start = Barrier(len(writers))

    def write(person_id: int) -> bool:
        with app.app_context():
            start.wait()
            try:
                with transaction() as writing:
                    rules = Rules(setting="public", contact=f"person {person_id}")
                    save_entry(writing, campaign.id, KINDS[RULES], rules, person_id)
            except Clash:
                return False
        return True

    with ThreadPoolExecutor(len(writers)) as pool:
        stored = list(pool.map(write, writers))
    session.rollback()
    assert (sum(stored), len(session.scalars(select(DesignEntry)).all())) == (1, 1)

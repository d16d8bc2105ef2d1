"""Two people at the very same moment, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.answering import Typed, save_answer
from campaigns.history.versioned import Clash
from campaigns.models import Campaign, DesignAnswer
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

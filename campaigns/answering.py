"""Saving the answer to a guided question: nothing typed is lost, and nobody overwrites somebody else unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.history.versioned import Clash
from campaigns.holding import hold
from campaigns.lacks import Lack
from campaigns.models import DesignAnswer

NO_STATE = _l("Choose how sure you are. Until you do, your answer is kept as assumed.")
NO_TEXT_KNOWN = _l("Write what is known. Until you do, the answer counts as not known.")
NO_TEXT_ASSUMED = _l("Write what you assume. Until you do, the answer counts as not known.")
NO_SOURCE = _l("Say where this is known from. Until you do, your answer is kept as assumed.")
NO_STRENGTH = _l("Say how strong the evidence is. Until you do, a reader has to take it for the weakest.")
NO_REASON = _l("Say why the question is not relevant here. Until you do, the answer counts as not known.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of the page; ``state`` may be empty."""

    state: str = ""
    text: str = ""
    source: str = ""
    reason: str = ""
    strength: str = ""

    @property
    def empty(self) -> bool:
        return self == Typed()


def settle(typed: Typed) -> tuple[str, Lack | None]:
    """The state an answer can be stored in, and what it lacks for the one chosen.

    An incomplete answer is not refused but kept in the humbler state: what has no source is an assumption,
    and what says nothing is not known.
    """
    if typed.state == "not_relevant":
        return ("not_relevant", None) if typed.reason else ("not_known", Lack("reason", NO_REASON))
    if typed.state == "not_known":
        return "not_known", None
    if typed.state == "":
        return ("assumed" if typed.text else "not_known"), Lack("state", NO_STATE)
    if not typed.text:
        return "not_known", Lack("text", NO_TEXT_KNOWN if typed.state == "known" else NO_TEXT_ASSUMED)
    if typed.state == "known" and not typed.source:
        return "assumed", Lack("source", NO_SOURCE)
    if typed.state == "known" and not typed.strength:
        return "known", Lack("strength", NO_STRENGTH)
    return typed.state, None


def save_answer(
    session: Session, campaign_id: int, question_id: str, typed: Typed, based_on: int, person_id: int
) -> DesignAnswer:
    """Store what was typed over version ``based_on`` (0: there was no answer); raises Clash for a newer one."""
    hold(session, campaign_id)
    stored = session.scalar(select(DesignAnswer).filter_by(campaign_id=campaign_id, question_id=question_id))
    if stored is None:
        stored = DesignAnswer(campaign_id=campaign_id, question_id=question_id, version=0)
        session.add(stored)
    elif _same(stored, typed):
        return stored
    elif stored.version != based_on:
        raise Clash(stored)
    _change(session, stored, typed, person_id)
    return stored


def answers_of(session: Session, campaign_id: int) -> dict[str, DesignAnswer]:
    found: Sequence[DesignAnswer] = session.scalars(select(DesignAnswer).filter_by(campaign_id=campaign_id)).all()
    return {answer.question_id: answer for answer in found}


def _change(session: Session, answer: DesignAnswer, typed: Typed, person_id: int) -> None:
    state, _lack = settle(typed)
    # answers save themselves every few seconds: the trail notes a new hand or a new state, not each key stroke
    if (answer.changed_by_id, answer.state) != (person_id, state):
        audit.record(session, "answer_saved", answer.campaign_id, answer.question_id)
    answer.state, answer.text, answer.source, answer.reason = state, typed.text, typed.source, typed.reason
    answer.strength = typed.strength if state == "known" else ""
    answer.version += 1
    answer.changed_by_id = person_id
    session.flush()


def _same(stored: DesignAnswer, typed: Typed) -> bool:
    state, _lack = settle(typed)
    strength = typed.strength if state == "known" else ""
    kept = (stored.state, stored.text, stored.source, stored.reason, stored.strength)
    return kept == (state, typed.text, typed.source, typed.reason, strength)

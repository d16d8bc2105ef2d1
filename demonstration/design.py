"""Writes the design of the made-up campaign beside its answers: the same saving functions as the pages use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaigns.answering import Typed, save_answer
from campaigns.behaviours.contents import BARRIER, BEHAVIOUR, RESPONSE
from campaigns.calendar.dates import WrittenDays, save_days
from campaigns.entries.saving import save_entry
from campaigns.indicator_plan.planned import IndicatorDetails, save_planned
from campaigns.kinds import KINDS
from campaigns.registers.assumptions import AssumptionDetails, Subject, save_assumption
from campaigns.registers.tasks import TaskDetails, save_task
from campaigns.sections import choose_sections, conclude
from campaigns.sizes.inputs import Inputs
from campaigns.sizes.models import SampleSizePlan
from campaigns.sizes.planned import save_size

Part = Mapping[str, Any]
CALLED = timedelta(days=6)  # before the demonstration is loaded: numbers are called again every month


def save_design(session: Session, campaign_id: int, design: Part, today: date, designer: int) -> None:
    """Everything in ``design.yaml``, by the hand of the designer."""
    choose_sections(session, campaign_id, design["sections"])
    for question, answer in design["answers"].items():
        typed = Typed(answer["state"], answer["text"], answer.get("source", ""), "", answer.get("strength", ""))
        save_answer(session, campaign_id, question, typed, 0, designer)
    for section, conclusion in design["conclusions"].items():
        conclude(session, campaign_id, section, conclusion["outcome"], conclusion["text"], 0, designer)
    _add(session, campaign_id, "tags", [design["tags"]], designer)
    _add(session, campaign_id, "context", design["context"], designer)
    _segments(session, campaign_id, design["segments"], designer)
    _add(session, campaign_id, "safeguarding", [design["safeguarding"]], designer)
    called = [referral | {"dialled_on": today - CALLED} for referral in design["referrals"]]
    _add(session, campaign_id, "referral", called, designer)
    _add(session, campaign_id, "site_risk", design["sites"], designer)
    _registers(session, campaign_id, design, today, designer)


def _registers(session: Session, campaign_id: int, design: Part, today: date, person_id: int) -> None:
    of_terms = ((Subject(term_id=term), found) for term, found in design["assumptions"].items())
    of_answers = ((Subject(question_id=asked), found) for asked, found in design["answer_assumptions"].items())
    for subject, found in (*of_terms, *of_answers):
        save_assumption(session, campaign_id, subject, None, AssumptionDetails(**found), 0, person_id)
    for question, task in design["tasks"].items():
        details = TaskDetails(how=task["how"], owner=task["owner"], due_on=today + timedelta(days=task["due_in"]))
        save_task(session, campaign_id, None, details, 0, person_id, question_id=question)


def save_measures(session: Session, campaign_id: int, design: Part, person_id: int, frozen_at: datetime) -> None:
    """The indicator plan, the days and the samples, once the draft of the plan is there."""
    save_days(session, campaign_id, WrittenDays(**design["calendar"]), 0, person_id)
    for indicator, details in design["indicators"].items():
        listed: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in details.items()}
        save_planned(session, campaign_id, IndicatorDetails(**listed), 0, person_id, indicator_id=indicator)
    for indicator, inputs in design["sizes"].items():
        save_size(session, campaign_id, indicator, Inputs(**inputs), 0, person_id)
    # they are told to have been planned before the plan was frozen
    planned = update(SampleSizePlan).filter_by(campaign_id=campaign_id)
    session.execute(planned.values(changed_at=frozen_at - timedelta(days=1)))


def _segments(session: Session, campaign_id: int, segments: Iterable[Part], person_id: int) -> None:
    for segment in segments:
        (group,) = _add(session, campaign_id, "segment", [segment], person_id)
        _add(session, campaign_id, "pretest", segment["pretests"], person_id, group)
        for behaviour in segment["behaviours"]:
            (wanted,) = _add(session, campaign_id, BEHAVIOUR, [behaviour], person_id, group)
            for barrier in behaviour["barriers"]:
                (stored,) = _add(session, campaign_id, BARRIER, [barrier], person_id, wanted)
                _add(session, campaign_id, RESPONSE, barrier["responses"], person_id, stored)


def _add(
    session: Session, campaign_id: int, kind: str, contents: Iterable[Part], person_id: int, parent: int | None = None
) -> list[int]:
    """Store entries of one kind; returns their numbers."""
    fields = KINDS[kind].content.__dataclass_fields__
    return [
        save_entry(
            session,
            campaign_id,
            KINDS[kind],
            KINDS[kind].content(**{name: value for name, value in content.items() if name in fields}),
            person_id,
            parent_id=parent,
        ).id
        for content in contents
    ]

"""The campaigns that somebody may open, each with how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from accounts.models import Membership, Person
from campaigns.models import Campaign, DesignAnswer, FrozenPlan
from campaigns.training_lane.questions import guide_for


@dataclass(frozen=True, slots=True)
class Listed:
    slug: str
    title: str
    place: str
    simulated: bool
    answered: int
    questions: int
    frozen: bool


def campaigns_of(session: Session, person: Person) -> list[Listed]:
    """Those in which the person has a role, newest first; an administrator sees all, to give roles in them."""
    query = _with_plans()
    if not person.administrator:
        own = select(Membership.campaign_id).filter_by(person_id=person.id)
        query = query.where(Campaign.id.in_(own))
    rows = session.execute(query.order_by(Campaign.created_at.desc(), Campaign.id.desc())).all()
    answered = _answered(session, [row.id for row in rows])
    return [_listed(row, answered[row.id]) for row in rows]


def _listed(row: Row[Any], answered: set[str]) -> Listed:
    """``answered`` may hold questions of sections that the campaign has left out again."""
    asked = {question.id for question in guide_for(row.lane, row.chosen_sections).questions}
    return Listed(
        row.slug,
        row.title,
        row.place,
        row.simulated,
        answered=len(asked & answered),
        questions=len(asked),
        frozen=row.plans > 0,
    )


def _answered(session: Session, campaign_ids: list[int]) -> dict[int, set[str]]:
    """The questions that each campaign has answered."""
    found: dict[int, set[str]] = {campaign_id: set() for campaign_id in campaign_ids}
    query = select(DesignAnswer.campaign_id, DesignAnswer.question_id)
    for campaign_id, question_id in session.execute(query.where(DesignAnswer.campaign_id.in_(campaign_ids))):
        found[campaign_id].add(question_id)
    return found


def _with_plans() -> Select[tuple[int, str, str, str, bool, str, list[str], int]]:
    plans = select(func.count(FrozenPlan.id)).where(FrozenPlan.campaign_id == Campaign.id).scalar_subquery()
    return select(
        Campaign.id,
        Campaign.slug,
        Campaign.title,
        Campaign.place,
        Campaign.simulated,
        Campaign.lane,
        Campaign.chosen_sections,
        plans.label("plans"),
    )

"""The campaigns that somebody may open, each with how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from accounts.models import Membership, Person
from campaigns.models import Campaign, DesignAnswer, FrozenPlan


@dataclass(frozen=True, slots=True)
class Listed:
    slug: str
    title: str
    place: str
    simulated: bool
    answered: int
    frozen: bool


def campaigns_of(session: Session, person: Person) -> list[Listed]:
    """Those in which the person has a role, newest first; an administrator sees all, to give roles in them."""
    query = _with_progress()
    if not person.administrator:
        own = select(Membership.campaign_id).filter_by(person_id=person.id)
        query = query.where(Campaign.id.in_(own))
    rows = session.execute(query.order_by(Campaign.created_at.desc(), Campaign.id.desc()))
    return [
        Listed(row.slug, row.title, row.place, row.simulated, answered=row.answered, frozen=row.plans > 0)
        for row in rows
    ]


def _with_progress() -> Select[tuple[str, str, str, bool, int, int]]:
    answered = select(func.count(DesignAnswer.id)).where(DesignAnswer.campaign_id == Campaign.id).scalar_subquery()
    plans = select(func.count(FrozenPlan.id)).where(FrozenPlan.campaign_id == Campaign.id).scalar_subquery()
    return select(
        Campaign.slug,
        Campaign.title,
        Campaign.place,
        Campaign.simulated,
        answered.label("answered"),
        plans.label("plans"),
    )

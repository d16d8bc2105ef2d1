"""Which questions somebody will find out by a day: they close a gap of the design as an answer does."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.registers.models import ResearchTask


def scheduled_questions(session: Session, campaign_id: int) -> frozenset[str]:
    tasks = session.scalars(select(ResearchTask).filter_by(campaign_id=campaign_id))
    return frozenset(task.question_id for task in tasks if task.question_id and task.scheduled)

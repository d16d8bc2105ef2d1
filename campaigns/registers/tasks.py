"""The register of what a design still has to find out: who, by when, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.answering import answers_of
from campaigns.guide import Question
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.plan_choices import ChosenIndicator
from campaigns.planning import draft_of, frozen_plans, save_draft
from campaigns.registers.models import ResearchTask
from campaigns.sections import guide_of


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """What the form of a task holds; ``title`` is empty where a question is the title."""

    title: str = ""
    how: str = ""
    owner: str = ""
    due_on: date | None = None
    indicator_id: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the register; ``question`` is None for a task of their own, ``task`` while nobody took it on."""

    question: Question | None
    task: ResearchTask | None

    @property
    def state(self) -> str:
        if self.question is None and self.task is not None and self.task.done:
            return "done"
        return "in_progress" if self.task is not None and self.task.scheduled else "to_do"

    def overdue(self, today: date) -> bool:
        due = self.task.due_on if self.task else None
        return self.state != "done" and due is not None and due < today


def register(session: Session, campaign_id: int) -> list[Listed]:
    """Every question that is not known, and the tasks of their own; what is due first stands first, done ones last."""
    answers = answers_of(session, campaign_id)
    tasks = _tasks(session, campaign_id)
    of_question = {task.question_id: task for task in tasks if task.question_id}
    lines = [
        Listed(question, of_question.get(question.id))
        for question in guide_of(session, campaign_id).questions
        if question.id in answers and answers[question.id].state == "not_known"
    ]
    lines += [Listed(None, task) for task in tasks if task.question_id is None]
    return sorted(lines, key=lambda line: (line.state == "done", _due(line)))


def task_of_question(session: Session, campaign_id: int, question_id: str) -> ResearchTask | None:
    return session.scalar(select(ResearchTask).filter_by(campaign_id=campaign_id, question_id=question_id))


def own_task(session: Session, campaign_id: int, task_id: int) -> ResearchTask | None:
    return session.scalar(select(ResearchTask).filter_by(campaign_id=campaign_id, id=task_id, question_id=None))


def save_task(
    session: Session,
    campaign_id: int,
    stored: ResearchTask | None,
    details: TaskDetails,
    based_on: int,
    person_id: int,
    *,
    question_id: str | None = None,
) -> ResearchTask:
    """Store the details over version ``based_on`` (0: a new task); raises Clash for a newer one.

    An indicator that the baseline is to measure joins the draft of the plan, unless the plan is frozen.
    """
    hold(session, campaign_id)
    if question_id is not None:
        stored = task_of_question(session, campaign_id, question_id)
    if stored is None:
        stored = ResearchTask(campaign_id=campaign_id, question_id=question_id, version=0)
        session.add(stored)
    if not change(stored, asdict(details), based_on, person_id):
        return stored
    session.flush()
    audit.record(session, "task_saved", campaign_id, question_id or stored.thing)
    if details.indicator_id and not frozen_plans(session, campaign_id):
        _plan_to_measure(session, campaign_id, details.indicator_id, person_id)
    return stored


def _plan_to_measure(session: Session, campaign_id: int, indicator_id: str, person_id: int) -> None:
    draft = draft_of(session, campaign_id)
    if indicator_id not in {chosen.id for chosen in draft.choices.indicators}:
        choices = draft.choices.with_indicator(ChosenIndicator(indicator_id))
        save_draft(session, campaign_id, choices, draft.version, person_id)


def _tasks(session: Session, campaign_id: int) -> list[ResearchTask]:
    return list(session.scalars(select(ResearchTask).filter_by(campaign_id=campaign_id).order_by(ResearchTask.id)))


def _due(line: Listed) -> date:
    return line.task.due_on if line.task and line.task.due_on else date.max

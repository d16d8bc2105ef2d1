"""How far a design has come: states of the questions, what is left, and which common gaps are open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from campaigns.guide import Gap, Guide, Question, Section
from campaigns.models import DesignAnswer

CLOSING = frozenset({"known", "assumed", "not_relevant"})

Answers = Mapping[str, DesignAnswer]


@dataclass(frozen=True, slots=True)
class Task:
    """A question with the state of its answer; None while nobody has answered."""

    question: Question
    state: str | None


@dataclass(frozen=True, slots=True)
class SectionProgress:
    section: Section
    tasks: tuple[Task, ...]

    @property
    def answered(self) -> int:
        return sum(task.state is not None for task in self.tasks)

    @property
    def to_find_out(self) -> int:
        return sum(task.state == "not_known" for task in self.tasks)


def progress(guide: Guide, answers: Answers) -> tuple[SectionProgress, ...]:
    return tuple(
        SectionProgress(section, tuple(Task(question, _state(question.id, answers)) for question in section.questions))
        for section in guide.sections
    )


def open_gaps(guide: Guide, answers: Answers, scheduled: Collection[str] = ()) -> tuple[Gap, ...]:
    """The common gaps that this design leaves open: a question neither answered nor ``scheduled`` to be found out."""

    def closed(question: str) -> bool:
        return question in scheduled or _state(question, answers) in CLOSING

    return tuple(gap for gap in guide.gaps if not all(closed(question) for question in gap.questions))


def first_unanswered(guide: Guide, answers: Answers) -> Question | None:
    return next((question for question in guide.questions if question.id not in answers), None)


def _state(question_id: str, answers: Answers) -> str | None:
    answer = answers.get(question_id)
    return None if answer is None else answer.state

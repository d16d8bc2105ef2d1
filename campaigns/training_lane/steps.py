"""The six steps of the lane, each with how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.answering import answers_of
from campaigns.guide import Question
from campaigns.planning import Draft, draft_of, frozen_plans
from campaigns.progress import Task, first_unanswered, progress
from campaigns.training_lane.models import TrainingSafety
from campaigns.training_lane.questions import lane_guide
from campaigns.training_lane.safety import details_of, safety_lacks, training_safety


@dataclass(frozen=True, slots=True)
class Steps:
    """States are the words of the ``tag`` macro."""

    questions: tuple[Task, ...]
    next_question: Question | None
    draft: Draft
    safety: TrainingSafety | None
    frozen: bool
    collected: int

    @property
    def answered(self) -> int:
        return sum(task.state is not None for task in self.questions)

    @property
    def questions_state(self) -> str:
        return _state(self.answered == len(self.questions), begun=self.answered > 0)

    @property
    def indicators_state(self) -> str:
        return _state(self.frozen or not self.draft.choices.lacks(), begun=self.draft.version > 0)

    @property
    def safety_state(self) -> str:
        return _state(not safety_lacks(details_of(self.safety)), begun=self.safety is not None)

    @property
    def questionnaire_state(self) -> str:
        """Nothing has to be typed here: it is there once the indicators are chosen, and final with the plan."""
        if self.frozen:
            return "done"
        return "to_do" if self.draft.choices.indicators else "cannot_start"

    @property
    def may_freeze(self) -> bool:
        """Open questions do not stop it: they are written down beside the plan, as in every campaign."""
        return self.indicators_state == self.safety_state == "done"

    @property
    def freeze_state(self) -> str:
        if self.frozen:
            return "done"
        return "to_do" if self.may_freeze else "cannot_start"

    @property
    def collect_state(self) -> str:
        if not self.frozen:
            return "cannot_start"
        return "in_progress" if self.collected else "to_do"


def steps_of(session: Session, campaign_id: int) -> Steps:
    from surveys.frames import counts  # pandas: too slow for the start

    answers = answers_of(session, campaign_id)
    return Steps(
        questions=tuple(task for part in progress(lane_guide(), answers) for task in part.tasks),
        next_question=first_unanswered(lane_guide(), answers),
        draft=draft_of(session, campaign_id),
        safety=training_safety(session, campaign_id),
        frozen=bool(frozen_plans(session, campaign_id)),
        collected=sum(number for waves in counts(session, campaign_id).values() for number in waves.values()),
    )


def _state(done: bool, *, begun: bool) -> str:
    if done:
        return "done"
    return "in_progress" if begun else "to_do"

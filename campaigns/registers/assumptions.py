"""The register of what a design takes for granted, and of what would test it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.answering import answers_of
from campaigns.guide import Question
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.registers.models import Assumption
from campaigns.sections import guide_of
from campaigns.terms import Term, terms

COMMON = ("assumptions", "displacement")  # lists whose terms stand in every register from the start


@dataclass(frozen=True, slots=True)
class Subject:
    """What is assumed: the answer to a question, a common assumption, or a text of their own."""

    question_id: str | None = None
    term_id: str | None = None


@dataclass(frozen=True, slots=True)
class AssumptionDetails:
    text: str = ""
    stance: str = "open"
    reason: str = ""
    indicator_id: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the register. ``stored`` is None while nobody has taken a stand on it; ``answer`` is what was assumed
    as the answer to ``question``."""

    subject: Subject
    stored: Assumption | None
    question: Question | None = None
    term: Term | None = None
    answer: str = ""

    @property
    def group(self) -> str:
        """Under which heading the register shows it: ``question``, a list of ``COMMON``, or ``own``."""
        if self.question:
            return "question"
        return next((name for name in COMMON if self.term and self.term.id in terms(name)), "own")

    @property
    def stance(self) -> str:
        return self.stored.stance if self.stored else "open"


def common_terms() -> dict[str, Term]:
    """The common assumptions and the kinds of displacement, by their ids."""
    return {term.id: term for name in COMMON for term in terms(name).values()}


def register(session: Session, campaign_id: int) -> list[Listed]:
    """Assumed answers in the order of the guide, then the common assumptions, then their own."""
    answers = answers_of(session, campaign_id)
    stored = _stored(session, campaign_id)
    of_question = {one.question_id: one for one in stored if one.question_id}
    of_term = {one.term_id: one for one in stored if one.term_id}
    asked = guide_of(session, campaign_id).questions
    lines = [
        Listed(Subject(question_id=one.id), of_question.get(one.id), question=one, answer=answers[one.id].text)
        for one in asked
        if one.id in answers and answers[one.id].state == "assumed"
    ]
    lines += [Listed(Subject(term_id=id), of_term.get(id), term=term) for id, term in common_terms().items()]
    own = [one for one in stored if one.question_id is None and one.term_id is None]
    return lines + [Listed(Subject(), one) for one in own]


def find(session: Session, campaign_id: int, subject: Subject) -> Assumption | None:
    """What is stored about a subject that is not their own text."""
    query = select(Assumption).filter_by(campaign_id=campaign_id, **_columns(subject))
    return session.scalar(query)


def own_assumption(session: Session, campaign_id: int, assumption_id: int) -> Assumption | None:
    query = select(Assumption).filter_by(campaign_id=campaign_id, id=assumption_id, question_id=None, term_id=None)
    return session.scalar(query)


def save_assumption(
    session: Session,
    campaign_id: int,
    subject: Subject,
    stored: Assumption | None,
    details: AssumptionDetails,
    based_on: int,
    person_id: int,
) -> Assumption:
    """Store the details over version ``based_on`` (0: a new line); raises Clash for a newer one."""
    hold(session, campaign_id)
    if subject != Subject():
        stored = find(session, campaign_id, subject)
    if stored is None:
        stored = Assumption(campaign_id=campaign_id, version=0, **_columns(subject))
        session.add(stored)
    if change(stored, asdict(details), based_on, person_id):
        session.flush()
        audit.record(session, "assumption_saved", campaign_id, subject.question_id or subject.term_id or stored.thing)
    return stored


def _stored(session: Session, campaign_id: int) -> list[Assumption]:
    return list(session.scalars(select(Assumption).filter_by(campaign_id=campaign_id).order_by(Assumption.id)))


def _columns(subject: Subject) -> dict[str, str | None]:
    return {"question_id": subject.question_id, "term_id": subject.term_id}

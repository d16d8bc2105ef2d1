"""What a barrier analysis asks, of whom, and what is lacking before it can go to the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.barrier_analysis.models import BarrierStudy, BarrierWording
from campaigns.barrier_analysis.screening import Rule, rules_of
from campaigns.content import say
from campaigns.history.versioned import Clash
from campaigns.holding import hold
from campaigns.lacks import Lack
from campaigns.terms import terms
from core.errors import EveilError
from core.languages import LANGUAGES
from surveys.bank import Item, load_bank

USUAL_PREVALENCE = 10.0  # per cent; the method's own guess where nothing is known
STATEMENT = ("who", "does_what", "how_often", "where", "when")

PUBLISHED = _l(
    "The questionnaire of this study is published, so what it asks cannot be changed any more. "
    "Start another study instead."
)
NOT_WHOLE = _l("A behaviour statement says who does what, how often, where and when. Fill in what is still empty.")
NO_RULE = _l(
    "At least one screening question must tell apart doers and non-doers: one answers yes to it, the other no."
)
NOT_SAFE = _l(
    "Read the screening questions once more and confirm that none of them asks what has been done to the person."
)
NO_WORDING = _l("Word the questions of your own in at least one language.")


@dataclass(frozen=True, slots=True)
class StudyDetails:
    """What the form of a study holds, in the names of its columns."""

    title: str
    who: str = ""
    does_what: str = ""
    how_often: str = ""
    where: str = ""
    when: str = ""
    rules: tuple[Rule, ...] = ()
    safe: bool = False
    prevalence: float = USUAL_PREVALENCE
    prevalence_source: str = ""
    doers: int = 45
    non_doers: int = 45
    items: tuple[str, ...] = ()

    @classmethod
    def of(cls, study: BarrierStudy) -> StudyDetails:
        plain = {name: getattr(study, name) for name in cls.__slots__}
        return cls(**plain | {"rules": rules_of(study.rules), "items": tuple(study.items)})

    def to_store(self) -> dict[str, object]:
        return asdict(self) | {"rules": [rule.to_store() for rule in self.rules], "items": list(self.items)}


def reasons() -> tuple[Item, ...]:
    """The items that ask for reasons, in the order of the questionnaire."""
    return load_bank().determinants


@cache
def items_by_determinant() -> Mapping[str, tuple[Item, ...]]:
    return {name: tuple(item for item in reasons() if item.determinant == name) for name in terms("determinants")}


def studies_of(session: Session, campaign_id: int) -> list[BarrierStudy]:
    query = select(BarrierStudy).filter_by(campaign_id=campaign_id).order_by(BarrierStudy.number)
    return list(session.scalars(query))


def study_of(session: Session, campaign_id: int, study_id: int) -> BarrierStudy | None:
    return session.scalar(select(BarrierStudy).filter_by(campaign_id=campaign_id, id=study_id))


def save_study(
    session: Session,
    campaign_id: int,
    study_id: int | None,
    details: StudyDetails,
    based_on: int,
    person_id: int,
    *,
    behaviour_id: int | None = None,
) -> BarrierStudy:
    """Store the details over version ``based_on`` of a study, or of a new one; raises Clash for a newer one.

    ``behaviour_id`` is the behaviour of the design from which a new study is begun.
    """
    hold(session, campaign_id)
    if study_id is None:
        study = BarrierStudy(campaign_id=campaign_id, number=_next_number(session, campaign_id), version=0)
        study.behaviour_id = behaviour_id
        session.add(study)
    else:
        study = session.get_one(BarrierStudy, study_id, populate_existing=True)
        refuse_when_published(study)
        if StudyDetails.of(study) == details:
            return study
        if study.version != based_on:
            raise Clash(study)
    for name, value in details.to_store().items():
        setattr(study, name, value)
    study.version += 1
    study.changed_by_id = person_id
    session.flush()
    audit.record(session, "barrier_study_saved", campaign_id, f"study {study.number}")
    return study


def refuse_when_published(study: BarrierStudy) -> None:
    if study.fieldwork is not None:
        raise EveilError(PUBLISHED, status=409)


def texts_to_word(study: BarrierStudy) -> tuple[str, ...]:
    """The placeholders of the bank that a study fills in each language."""
    questions = tuple(f"screening_{place}" for place in range(1, len(study.rules) + 1))
    return (*questions, "behaviour", "harm")


def wordings_of(session: Session, study: BarrierStudy) -> dict[str, BarrierWording]:
    """By language, in the order of the languages."""
    found = {one.language: one for one in session.scalars(select(BarrierWording).filter_by(study_id=study.id))}
    return {language: found[language] for language in LANGUAGES if language in found}


def complete_languages(session: Session, study: BarrierStudy) -> tuple[str, ...]:
    """The languages in which the questionnaire can be asked."""
    needed = texts_to_word(study)
    found = wordings_of(session, study)
    return tuple(language for language, one in found.items() if all(one.texts.get(name) for name in needed))


def save_wording(
    session: Session, study: BarrierStudy, language: str, texts: Mapping[str, str], based_on: int, person_id: int
) -> BarrierWording:
    """Store the wording of one language over version ``based_on``; raises Clash for a newer one."""
    hold(session, study.campaign_id)
    refuse_when_published(study)
    stored = session.get(BarrierWording, (study.id, language), populate_existing=True)
    if stored is None:
        stored = BarrierWording(study_id=study.id, language=language, version=0, texts={})
        session.add(stored)
    elif stored.texts == texts:
        return stored
    elif stored.version != based_on:
        raise Clash(stored)
    stored.texts = dict(texts)
    stored.version += 1
    stored.changed_by_id = person_id
    session.flush()
    audit.record(session, "barrier_wording_saved", study.campaign_id, f"study {study.number}, {language}")
    return stored


def lacks_of(session: Session, study: BarrierStudy) -> list[Lack]:
    """What must be mended before the questionnaire can be published."""
    lacks = list(_lacks(StudyDetails.of(study)))
    if not complete_languages(session, study):
        lacks.append(Lack("wording", NO_WORDING))
    return lacks


def _lacks(details: StudyDetails) -> Iterator[Lack]:
    if not all(getattr(details, name) for name in STATEMENT):
        yield Lack("who", NOT_WHOLE)
    if not any(rule.tells_apart for rule in details.rules):
        yield Lack("rules", NO_RULE)
    if not details.safe:
        yield Lack("safe", NOT_SAFE)
    for name, items in items_by_determinant().items():
        if not any(item.id in details.items for item in items):
            determinant = say(terms("determinants")[name], "title")
            yield Lack("items", _("Ask at least one question about “%(determinant)s”.", determinant=determinant))


def _next_number(session: Session, campaign_id: int) -> int:
    return (session.scalar(select(func.max(BarrierStudy.number)).filter_by(campaign_id=campaign_id)) or 0) + 1

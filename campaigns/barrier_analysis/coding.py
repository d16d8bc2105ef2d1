"""Coding of open answers: what each of them says in a short word, before anybody knows who gave it.

The coder meets the answers to one question in an order that is the same for everybody and tells nothing: by a keyed
digest of the random id of the interview. The digest is also the only name that an answer has on the page.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.barrier_analysis.models import BarrierCode, BarrierCoding, BarrierStudy
from campaigns.barrier_analysis.planning import open_items
from campaigns.barrier_analysis.screening import DOER, NON_DOER, group_of, rules_of
from campaigns.history.versioned import Clash
from campaigns.holding import hold
from campaigns.planning import EXCLUDED
from core.errors import EveilError
from surveys.frames import Interview, interviews

FINISHED = _l("The coding of this study is finished, so that its codes cannot be changed any more.")
NOT_OPEN = _l("This study is not in the field yet. Publish its questionnaire first.")
SAME_LABEL = _l("There is a code of this name already. Use that one, or choose another name.")
CODE_IN_USE = _l("This code has been given to answers. Take it off them first, or rename it.")


@dataclass(frozen=True, slots=True)
class Answer:
    """An open answer as the coder sees it; ``version`` 0 while it is not coded."""

    handle: str
    text: str
    code_ids: tuple[int, ...]
    version: int

    @property
    def coded(self) -> bool:
        return self.version > 0


@dataclass(frozen=True, slots=True)
class Given:
    """What the coder decided about one answer, over the version that was read; None: it is to be coded later."""

    handle: str
    code_ids: tuple[int, ...] | None
    based_on: int


@dataclass(frozen=True, slots=True)
class Progress:
    coded: int
    total: int

    @property
    def done(self) -> bool:
        return self.coded == self.total


class CodingClash(Exception):
    """Somebody else coded some of these answers in the meantime; ``versions`` are those of theirs, by handle."""

    def __init__(self, versions: Mapping[str, int]) -> None:
        super().__init__(sorted(versions))
        self.versions = dict(versions)


def people_of(session: Session, study: BarrierStudy) -> list[Interview]:
    """Every interview that counts: once coding is finished, those that were there by then."""
    found = interviews(session, study.campaign_id, study.instrument)
    if study.outcome is None:
        return found
    counted = frozenset(study.outcome.submissions)
    return [one for one in found if one.id in counted]


def groups_counted(people: Sequence[Interview], study: BarrierStudy) -> Counter[str]:
    """How many people there are of each group, without those whom the plan leaves out."""
    rules = rules_of(study.rules)
    return Counter(group_of(one.answers, rules) for one in people if not left_out(one.answers))


def left_out(answers: Mapping[str, Any]) -> bool:
    return any(answers.get(str(rule["column"])) == rule["equals"] for rule in EXCLUDED)


def answers_to(session: Session, study: BarrierStudy, item_id: str) -> list[Answer]:
    """The answers of doers and non-doers to one question, in an order that gives nothing away."""
    stored = _codings(session, study, item_id)
    found = []
    for handle, one in sorted(_by_handle(session, study, item_id).items()):
        coding = stored.get(one.id)
        codes, version = (tuple(coding.code_ids), coding.version) if coding else ((), 0)
        found.append(Answer(handle, str(one.answers[item_id]), codes, version))
    return found


def progress_of(session: Session, study: BarrierStudy, people: Sequence[Interview]) -> dict[str, Progress]:
    """How many answers to each open question are coded."""
    people = _compared(people, study)
    query = select(BarrierCoding.item_id, BarrierCoding.submission_id).filter_by(study_id=study.id)
    coded = {(item_id, submission_id) for item_id, submission_id in session.execute(query)}
    found = {}
    for item in open_items(study):
        answered = [one.id for one in people if one.answers.get(item.id)]
        found[item.id] = Progress(sum((item.id, one) in coded for one in answered), len(answered))
    return found


def codes_of(session: Session, study: BarrierStudy, item_id: str | None = None) -> list[BarrierCode]:
    """The codes of a question, or of all, in the order in which they were made."""
    query = select(BarrierCode).filter_by(study_id=study.id).order_by(BarrierCode.id)
    return list(session.scalars(query if item_id is None else query.filter_by(item_id=item_id)))


def uses_of(answers: Sequence[Answer]) -> Counter[int]:
    """How often each code was given."""
    return Counter(code for answer in answers for code in answer.code_ids)


def add_code(session: Session, study: BarrierStudy, item_id: str, label: str) -> BarrierCode:
    hold(session, study.campaign_id)
    refuse_when_finished(session, study)
    _refuse_same(session, study, item_id, label)
    code = BarrierCode(study_id=study.id, item_id=item_id, label=label)
    session.add(code)
    session.flush()
    return code


def rename_code(session: Session, study: BarrierStudy, code: BarrierCode, label: str, based_on: int) -> None:
    """Give a code another name over version ``based_on``; raises Clash for a newer one."""
    hold(session, study.campaign_id)
    refuse_when_finished(session, study)
    session.refresh(code)
    if code.label == label:
        return
    if code.version != based_on:
        raise Clash(code)
    _refuse_same(session, study, code.item_id, label)
    code.label = label
    code.version += 1
    session.flush()


def remove_code(session: Session, study: BarrierStudy, code: BarrierCode) -> None:
    """Only a code that no answer was given: what was decided is never lost."""
    hold(session, study.campaign_id)
    refuse_when_finished(session, study)
    if any(code.id in coding.code_ids for coding in _codings(session, study, code.item_id).values()):
        raise EveilError(CODE_IN_USE, status=409)
    session.delete(code)


def save_codings(session: Session, study: BarrierStudy, item_id: str, given: Sequence[Given], person_id: int) -> None:
    """Store what was decided about some answers, all or none; raises CodingClash where somebody was faster."""
    hold(session, study.campaign_id)
    refuse_when_finished(session, study)
    answers, stored = _by_handle(session, study, item_id), _codings(session, study, item_id)
    known = {code.id for code in codes_of(session, study, item_id)}
    newer = {}
    for one in given:
        if one.handle not in answers:
            continue
        submission_id = answers[one.handle].id
        coding = stored.get(submission_id)
        codes = None if one.code_ids is None else [code for code in one.code_ids if code in known]
        if codes == (coding and coding.code_ids):
            continue
        if one.based_on != (coding.version if coding else 0):
            newer[one.handle] = coding.version if coding else 0
        elif coding is not None and codes is None:
            session.delete(coding)
        elif codes is not None:
            coding = coding or BarrierCoding(study_id=study.id, submission_id=submission_id, item_id=item_id, version=0)
            coding.code_ids, coding.changed_by_id = codes, person_id
            coding.version += 1
            session.add(coding)
    if newer:
        raise CodingClash(newer)
    session.flush()
    audit.record(session, "barrier_answers_coded", study.campaign_id, f"study {study.number}, {item_id}")


def refuse_when_finished(session: Session, study: BarrierStudy) -> None:
    session.refresh(study)
    if study.fieldwork is None:
        raise EveilError(NOT_OPEN, status=409)
    if study.outcome is not None:
        raise EveilError(FINISHED, status=409)


def codings_of(session: Session, study: BarrierStudy) -> dict[tuple[int, str], list[int]]:
    """The codes of every coded answer, by interview and question."""
    found = session.scalars(select(BarrierCoding).filter_by(study_id=study.id))
    return {(coding.submission_id, coding.item_id): coding.code_ids for coding in found}


def _compared(people: Sequence[Interview], study: BarrierStudy) -> list[Interview]:
    rules = rules_of(study.rules)
    return [one for one in people if not left_out(one.answers) and group_of(one.answers, rules) in (DOER, NON_DOER)]


def _by_handle(session: Session, study: BarrierStudy, item_id: str) -> dict[str, Interview]:
    if study.fieldwork is None:
        return {}
    key = f"{study.fieldwork.seed} {item_id}".encode()
    people = _compared(people_of(session, study), study)
    return {_handle(key, one.instance_id): one for one in people if one.answers.get(item_id)}


def _handle(key: bytes, instance_id: str) -> str:
    return hmac.new(key, instance_id.encode(), hashlib.sha256).hexdigest()[:16]


def _codings(session: Session, study: BarrierStudy, item_id: str) -> dict[int, BarrierCoding]:
    found = session.scalars(select(BarrierCoding).filter_by(study_id=study.id, item_id=item_id))
    return {coding.submission_id: coding for coding in found}


def _refuse_same(session: Session, study: BarrierStudy, item_id: str, label: str) -> None:
    if any(code.label.casefold() == label.casefold() for code in codes_of(session, study, item_id)):
        raise EveilError(SAME_LABEL, field="label", status=422)

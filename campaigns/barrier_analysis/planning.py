"""The plan of a barrier analysis as ``eveil analyse`` reads it, and the publishing that fixes it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import yaml
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts import audit
from accounts.access import CampaignContext
from analysis.plan import parse_plan, plan_sha256
from campaigns.barrier_analysis.models import BarrierFieldwork, BarrierStudy
from campaigns.barrier_analysis.screening import DOER, NEITHER, NON_DOER, condition, question_ids, rules_of
from campaigns.barrier_analysis.studies import complete_languages, lacks_of, reasons, refuse_when_published, wordings_of
from campaigns.holding import hold
from campaigns.planning import EXCLUDED, MISSING, MOVED, SEED
from campaigns.safeguarding.opening import Unsafe, missing_safeguards
from core.database import now
from core.errors import EveilError
from surveys.authoring.publishing import InstrumentRequest
from surveys.authoring.publishing import publish as publish_questionnaire
from surveys.bank import Item

GROUP = "group"
WAVE = "once"
INCOMPLETE = _l("This study is not complete yet. Mend what its page lists, and publish it then.")


def closed_items(study: BarrierStudy) -> list[Item]:
    """The chosen items whose answers are counted as they are."""
    return [item for item in reasons() if item.id in study.items and item.scoring]


def open_items(study: BarrierStudy) -> list[Item]:
    """The chosen items whose answers are coded first."""
    return [item for item in reasons() if item.id in study.items and not item.scoring]


def contract_plan(campaign_title: str, study: BarrierStudy, codes: Iterable[str] = ()) -> dict[str, Any]:
    """The plan without its locks; ``codes`` are the columns of coded answers, known once coding is finished."""
    asked = [_indicator(item.id) | {"scoring": dict(item.scoring)} for item in closed_items(study)]
    return {
        "version": 1,
        "title": f"{campaign_title}: {study.title}",
        "design": {
            "kind": "barrier",
            "group": GROUP,
            "doer": DOER,
            "non_doer": NON_DOER,
            "neither": NEITHER,
            "prevalence": study.prevalence / 100,
        },
        "indicators": asked + [_indicator(code) for code in codes],
        "confidence": 0.95,
        "family": "bh",
        "missing": MISSING,
        "exclude": [dict(rule) for rule in EXCLUDED],
        "seed": SEED,
    }


def locked(plan: dict[str, Any], name: str, moment: datetime, earlier: Iterable[Mapping[str, str]] = ()) -> str:
    """The hash of a checked plan, after it was written into its locks beside those of earlier moments."""
    digest = plan_sha256(plan)
    lock = {"name": name, "sha256": digest, "at": moment.isoformat(timespec="seconds")}
    plan["locks"] = [*map(dict, earlier), lock]
    parse_plan(plan)
    return digest


def written(plan: Mapping[str, Any]) -> str:
    body: str = yaml.safe_dump(dict(plan), sort_keys=False, allow_unicode=True, width=100)
    return body


def version_read(session: Session, study: BarrierStudy) -> int:
    """Grows with every change of the study and of its wording."""
    return study.version + sum(wording.version for wording in wordings_of(session, study).values())


def publish(
    session: Session,
    campaign: CampaignContext,
    study_id: int,
    based_on: int,
    person_id: int,
    *,
    moment: datetime | None = None,
) -> BarrierFieldwork:
    """Freeze the plan of the study that the person has read, and open its fieldwork.

    ``moment`` is now, except where a simulated history is told.
    """
    hold(session, campaign.id)
    study = session.get_one(BarrierStudy, study_id, populate_existing=True)
    refuse_when_published(study)
    if version_read(session, study) != based_on:
        raise EveilError(MOVED, status=409)
    if lacks_of(session, study):
        raise EveilError(INCOMPLETE, status=409)
    if missing_safeguards(session, campaign.id, ["barrier"], now().date()):
        raise Unsafe
    plan, moment = contract_plan(campaign.title, study), moment or now()
    digest = locked(plan, "questions", moment)
    study.fieldwork = BarrierFieldwork(
        plan=written(plan),
        sha256=digest,
        seed=secrets.token_hex(16),
        published_at=moment,
        published_by_id=person_id,
    )
    publish_questionnaire(session, _request(session, campaign, study))
    session.flush()
    audit.record(session, "barrier_study_published", campaign.id, f"study {study.number}")
    return study.fieldwork


def _request(session: Session, campaign: CampaignContext, study: BarrierStudy) -> InstrumentRequest:
    rules = rules_of(study.rules)
    languages = complete_languages(session, study)
    wordings = wordings_of(session, study)
    return InstrumentRequest(
        campaign_id=campaign.id,
        campaign_slug=campaign.slug,
        campaign_title=campaign.title,
        instrument=study.instrument,
        waves=(WAVE,),
        indicators=(),
        languages=languages,
        items=(*question_ids(rules), *study.items),
        compared=condition(rules),
        wording={language: {**wordings[language].texts, "study": study.title} for language in languages},
    )


def _indicator(name: str) -> dict[str, Any]:
    return {"id": name, "dimension": "determinant", "measure": "binary", "item": name}

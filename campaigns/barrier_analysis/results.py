"""From coded answers to results: computed once, when the coder declares the work finished, and never changed after."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import yaml
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts import audit
from analysis.errors import AnalysisError
from campaigns.barrier_analysis.coding import codes_of, codings_of, people_of, progress_of, refuse_when_finished
from campaigns.barrier_analysis.models import BarrierCode, BarrierOutcome, BarrierStudy
from campaigns.barrier_analysis.planning import GROUP, WAVE, closed_items, contract_plan, locked, written
from campaigns.barrier_analysis.screening import group_of, rules_of
from campaigns.holding import hold
from campaigns.planning import EXCLUDED
from core.database import now
from core.errors import EveilError
from core.languages import catalogue, current_language
from surveys.frames import Interview, counts

NOT_CODED = _l("Some answers are not coded yet. The results open when every answer is.")
STILL_CODING = _l(
    "The results of this study open when the coding of its open answers is declared finished: whoever knows who does "
    "it and who does not would read the answers with other eyes."
)
YES, NO = "1", "0"

Rows = list[dict[str, str]]


def finish_coding(
    session: Session, campaign_title: str, study_id: int, person_id: int, *, moment: datetime | None = None
) -> BarrierOutcome:
    """Declare every answer coded: fixes codes, people and results. EveilError says what stands against it.

    ``moment`` is now, except where a simulated history is told.
    """
    study = session.get_one(BarrierStudy, study_id)
    hold(session, study.campaign_id)
    refuse_when_finished(session, study)
    people, codes = people_of(session, study), codes_of(session, study)
    if not all(progress.done for progress in progress_of(session, study, people).values()):
        raise EveilError(NOT_CODED, status=409)
    columns, moment = code_columns(codes), moment or now()
    plan = contract_plan(campaign_title, study, columns.values())
    assert study.fieldwork is not None  # noqa: S101 - refused above
    digest = locked(plan, "codes", moment, yaml.safe_load(study.fieldwork.plan)["locks"])
    study.outcome = BarrierOutcome(
        plan=written(plan),
        sha256=digest,
        results=_analysed(plan, coded_frame(session, study, people, codes)),
        labels={columns[code.id]: code.label for code in codes},
        submissions=[one.id for one in people],
        finished_at=moment,
        finished_by_id=person_id,
    )
    session.flush()
    audit.record(session, "barrier_coding_finished", study.campaign_id, f"study {study.number}")
    return study.outcome


def code_columns(codes: Sequence[BarrierCode]) -> dict[int, str]:
    """The column of each code: its question and a running number, since names may be in any script."""
    found, seen = {}, dict[str, int]()
    for code in codes:
        seen[code.item_id] = seen.get(code.item_id, 0) + 1
        found[code.id] = f"{code.item_id}_{seen[code.item_id]}"
    return found


def coded_frame(
    session: Session, study: BarrierStudy, people: Sequence[Interview], codes: Sequence[BarrierCode]
) -> Rows:
    """A row a person: the columns that the plan leaves people out by, the group, closed answers, and 1 or 0 a code."""
    rules, columns, given = rules_of(study.rules), code_columns(codes), codings_of(session, study)
    plain = [str(rule["column"]) for rule in EXCLUDED] + [item.id for item in closed_items(study)]
    rows = []
    for one in people:
        row = {name: str(one.answers.get(name) or "") for name in plain}
        row[GROUP] = group_of(one.answers, rules)
        row |= {columns[code.id]: _mentions(given.get((one.id, code.item_id)), code.id) for code in codes}
        rows.append(row)
    return rows


def as_csv(session: Session, study: BarrierStudy) -> str:
    """The frame behind the results, for ``eveil analyse`` and for whoever wants to compute them again."""
    assert study.outcome is not None  # noqa: S101 - the page asks before
    people = people_of(session, study)
    rows = coded_frame(session, study, people, codes_of(session, study))
    written_to = io.StringIO()
    writer = csv.DictWriter(written_to, list(rows[0]) if rows else [GROUP])
    writer.writeheader()
    writer.writerows(rows)
    return written_to.getvalue()


def late_interviews(session: Session, study: BarrierStudy) -> int:
    """How many interviews came after the coding was finished, and count no more."""
    arrived = counts(session, study.campaign_id).get(study.instrument, {}).get(WAVE, 0)
    return arrived - len(study.outcome.submissions) if study.outcome else 0


def _mentions(given: list[int] | None, code: int) -> str:
    """Whoever did not answer the question is missing; whoever named other reasons did not name this one."""
    return "" if given is None else YES if code in given else NO


def _analysed(plan: dict[str, Any], rows: Rows) -> dict[str, Any]:
    import pandas as pd  # too slow for the start

    from analysis import run
    from analysis.plan import parse_plan

    try:
        return run(parse_plan(plan), pd.DataFrame(rows, dtype="object")).to_dict()
    except AnalysisError as error:
        sentence = catalogue(current_language()).gettext(error.template) % error.params
        raise EveilError(_("The results cannot be computed: %(problem)s", problem=sentence), status=409) from error

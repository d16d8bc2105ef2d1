"""Stored answers as a tidy frame: a row an interview, a column an item, codes in the cells."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Text, cast, func, select
from sqlalchemy.orm import Session

from surveys.models import Form, FormVersion, LinkDigest, Submission

if TYPE_CHECKING:
    import pandas as pd

Counts = dict[str, dict[str, int]]
OUTSIDE_THE_ANSWERS = {"linking", "interview_date"}


def frame(session: Session, campaign_id: int, instrument: str) -> pd.DataFrame:
    """All interviews of one instrument, wave beneath wave (the analysis contract's long layout).

    Columns: ``wave``, ``person`` (the training: the same label for the same card; empty without a card, or where a
    card was used twice in one wave, since nobody can say whose is which), ``interview_date``, one column an item in
    the order of the questionnaire, and ``unreadable``: the items of the row whose answer could not be read, which
    are therefore empty without being blanks. Rows are in the order of the random ids of the interviews, so that
    their order tells nothing.
    """
    import pandas as pd  # too slow for the start; pages that only count do without

    rows = _rows(session, campaign_id, instrument)
    _ids, waves, dates, digests, texts, problems = zip(*rows, strict=True) if rows else ((),) * 6
    answers = _decoded(texts)
    columns: dict[str, list[Any]] = {"wave": list(waves)}
    if instrument == "training":
        columns["person"] = _persons(digests, waves)
    columns["interview_date"] = [day and day.isoformat() for day in dates]
    for item in _items(session, campaign_id, instrument):
        columns[item] = [cells.get(item) for cells in answers]
    columns["unreadable"] = [" ".join(problem["item"] for problem in found) or None for found in _decoded(problems)]
    return pd.DataFrame(columns, dtype="object")


@dataclass(frozen=True, slots=True)
class Interview:
    """The answers of one person by item; ``instance_id`` is random and tells nothing."""

    id: int
    instance_id: str
    answers: dict[str, Any]


def interviews(session: Session, campaign_id: int, instrument: str) -> list[Interview]:
    """Every interview of one instrument, in the order of the random ids."""
    columns = (Submission.id, Submission.instance_id, cast(Submission.answers, Text))
    own = (Submission.campaign_id == campaign_id, Submission.instrument == instrument)
    rows = sorted(session.execute(select(*columns).where(*own)), key=itemgetter(1))
    answers = _decoded([text for _id, _instance_id, text in rows])
    return [Interview(row[0], row[1], cells) for row, cells in zip(rows, answers, strict=True)]


def counts(session: Session, campaign_id: int) -> Counts:
    """How many interviews have arrived, by instrument and wave, refusals among them."""
    query = select(Submission.instrument, Submission.wave, func.count()).where(Submission.campaign_id == campaign_id)
    found: Counts = defaultdict(dict)
    for instrument, wave, number in session.execute(query.group_by(Submission.instrument, Submission.wave)):
        found[instrument][wave] = number
    return dict(found)


def _rows(session: Session, campaign_id: int, instrument: str) -> Sequence[Row[Any]]:
    """Columns only, and JSON as text: a hundred thousand objects would cost more than the analysis."""
    columns = (
        Submission.instance_id,
        Submission.wave,
        Submission.interviewed_on,
        LinkDigest.digest,
        cast(Submission.answers, Text),
        cast(Submission.unreadable, Text),
    )
    query = select(*columns).outerjoin(LinkDigest, LinkDigest.submission_id == Submission.id)
    own = (Submission.campaign_id == campaign_id, Submission.instrument == instrument)
    # sorted here, as each database has an alphabet of its own
    return sorted(session.execute(query.where(*own)), key=itemgetter(0))


def _decoded(texts: Sequence[str]) -> list[Any]:
    """Many JSON texts in one go, which is several times faster than one by one."""
    found: list[Any] = json.loads(f"[{','.join(texts)}]")
    return found


def _persons(digests: Sequence[str | None], waves: Sequence[str]) -> list[str | None]:
    """A label by the rank of the digest: it links the waves, and gives nothing away of the digest itself."""
    seen = Counter(zip(digests, waves, strict=True))
    label = {digest: f"P{rank:05d}" for rank, digest in enumerate(sorted(set(filter(None, digests))), 1)}
    pairs = zip(digests, waves, strict=True)
    return [label[digest] if digest and seen[digest, wave] == 1 else None for digest, wave in pairs]


def _items(session: Session, campaign_id: int, instrument: str) -> list[str]:
    """Every item that a published version asks or asked, the newest version first."""
    query = select(FormVersion.codebook).join(Form).order_by(FormVersion.id.desc())
    books = session.scalars(query.where(Form.campaign_id == campaign_id, Form.instrument == instrument))
    answered = (item for book in books for item in book["items"] if item["type"] != "note")
    return list(dict.fromkeys(item["id"] for item in answered if item["role"] not in OUTSIDE_THE_ANSWERS))

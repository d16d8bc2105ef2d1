"""A barrier analysis by its plan: people sorted into doers and non-doers, and the rows of the results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.barrier import Screening, barrier_rows, group_warnings, mentions, screen
from analysis.barrier_plan import Groups
from analysis.columns import text_column
from analysis.counts import state_values
from analysis.errors import DataError
from analysis.frame import code_people
from analysis.parts import warn_of_blanks
from analysis.plan import Plan
from analysis.rows import Row, row_names
from analysis.scoring import BLANK, DONT_KNOW, NOT_ASKED, REFUSED, missing_kind
from analysis.small_groups import is_few
from analysis.warning_codes import Warnings

MISSING = {"dont_know": DONT_KNOW, "refused": REFUSED, "blank": BLANK, "not_asked": NOT_ASKED}


@dataclass(frozen=True)
class BarrierFrame:
    """People of a barrier analysis and what each of them answered."""

    states: NDArray[np.int8]  # determinant × person
    screening: Screening
    rows_read: int
    excluded: tuple[dict[str, Any], ...]
    warnings: Warnings


def code_barrier(plan: Plan, groups: Groups, frame: pd.DataFrame) -> BarrierFrame:
    """Read a frame, a row a person, by the plan of a barrier analysis.

    A cell of the group column that the plan lists under ``missing`` is unknown. Errors: DataError for a missing column,
    a person twice, a value that cannot be read, or groups that cannot be told apart.
    """
    warnings = Warnings()
    states, kept, excluded = code_people(plan, frame, warnings)
    _check_nobody_twice(plan, kept)
    screening = screen(
        _group_codes(plan, groups, kept, warnings),
        groups.doer,
        groups.non_doer,
        column=groups.column,
        neither=groups.neither,
    )
    for warning in group_warnings(int(screening.doers.sum()), int(screening.non_doers.sum())):
        warnings.add(warning["code"], **warning["params"])
    return BarrierFrame(states, screening, len(frame), excluded, warnings)


def barriers(plan: Plan, groups: Groups, coded: BarrierFrame) -> list[Row]:
    """A row for every determinant, in the plan's order, with why doers and non-doers gave no answer."""
    answers = np.stack([value[state] for state, value in zip(coded.states, state_values(plan), strict=True)])
    rows = barrier_rows(
        [indicator.id for indicator in plan.indicators],
        mentions(answers, coded.screening),
        prevalence=groups.prevalence,
        confidence=plan.confidence,
        family=plan.family,
        suppress_below=plan.suppress_below,
    )
    return [
        row | {"missing": None if row["hidden"] else _missing(states, coded.screening)}
        for row, states in zip(rows, coded.states, strict=True)
    ]


def barrier_flow(coded: BarrierFrame, least: int) -> Row:
    """Counts of people: who is compared, who is neither, and whose group is not known.

    With fewer than ``least`` in one of the groups neither is told: the other, taken from the rows read, would be it.
    """
    screening = coded.screening
    groups: Row = {"doers": int(screening.doers.sum()), "non_doers": int(screening.non_doers.sum())}
    hidden: Row = {"doers": None, "non_doers": None, "hidden": True} if is_few(list(groups.values()), least) else {}
    return {
        "approached": None,
        "n_by_wave": {},
        "pairs": None,
        "lost": {},
        "joined": {},
        "linked": [],
        **groups,
        "neither": screening.neither,
        "unknown": screening.unknown,
        "rows_read": coded.rows_read,
        "excluded": list(coded.excluded),
    } | hidden


def _group_codes(plan: Plan, groups: Groups, frame: pd.DataFrame, warnings: Warnings) -> list[str]:
    column = text_column(frame[groups.column], plan.missing.blanks - {groups.doer, groups.non_doer})
    warn_of_blanks(plan, groups.column, column, warnings)
    meant = {groups.doer, groups.non_doer, groups.neither}
    read = [text if text in meant or missing_kind(text, plan.missing) is None else "" for text in column.texts]
    return [read[code] if code >= 0 else "" for code in column.codes]


def _check_nobody_twice(plan: Plan, frame: pd.DataFrame) -> None:
    if plan.design.person is None:
        return
    person = pd.Series(text_column(frame[plan.design.person], plan.missing.blanks).codes)
    twice = np.flatnonzero((person.duplicated(keep=False) & (person >= 0)).to_numpy())
    if twice.size:
        same = twice[person.to_numpy()[twice] == person[twice[0]]]
        raise DataError("person_again", column=plan.design.person, rows=row_names(frame.index, same))


def _missing(states: NDArray[np.int8], screening: Screening) -> Row:
    groups = {"doers": screening.doers, "non_doers": screening.non_doers}
    return {
        name: {kind: int((states[who] == state).sum()) for kind, state in MISSING.items()}
        for name, who in groups.items()
    }

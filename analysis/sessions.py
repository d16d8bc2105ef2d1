"""Who was taught or sampled together: the session (cluster) of every row, and the stratum of every session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import BLANK, text_column
from analysis.errors import DataError
from analysis.parts import of_persons, warn_of_blanks
from analysis.plan import Plan
from analysis.rows import row_names
from analysis.warning_codes import Warnings

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Sessions:
    cluster: Codes  # (rows,)
    stratum: Codes  # (rows,), 0 where the plan names none

    def taking(self, rows: Codes) -> Sessions:
        return Sessions(self.cluster[rows], self.stratum[rows])


def read_sessions(plan: Plan, frame: pd.DataFrame, person: Codes, wave: Codes, warnings: Warnings) -> Sessions | None:
    """The sessions of a frame, where the plan names their column; a person keeps the first session that is known.

    Errors: DataError where a row has no session, or a session lies in two strata.
    """
    if plan.design.cluster is None:
        return None
    cluster, names = _column(plan, frame, plan.design.cluster, person, wave, warnings)
    if plan.design.stratum is None:
        return Sessions(cluster, np.zeros(len(cluster), dtype=np.int64))
    stratum, _names = _column(plan, frame, plan.design.stratum, person, wave, warnings)
    if plan.design.sampled:  # names of clusters count within their stratum
        return Sessions(np.unique(stratum * np.int64(len(names)) + cluster, return_inverse=True)[1], stratum)
    first = np.zeros(len(names), dtype=np.int64)
    first[cluster[::-1]] = stratum[::-1]
    torn = np.flatnonzero(stratum != first[cluster])
    if torn.size:
        name = names[cluster[torn[0]]]
        raise DataError(
            "cluster_in_two_strata", cluster=name, column=plan.design.cluster, rows=row_names(frame.index, torn)
        )
    return Sessions(cluster, stratum)


def _column(
    plan: Plan, frame: pd.DataFrame, name: str, person: Codes, wave: Codes, warnings: Warnings
) -> tuple[Codes, list[str]]:
    column = text_column(frame[name], plan.missing.blanks).in_order()
    warn_of_blanks(plan, name, column, warnings)
    column, changed = of_persons(column, person, wave)
    if changed:
        warnings.add("part_changed", column=name, n=changed)
    empty = np.flatnonzero(column.codes == BLANK)
    if empty.size:
        raise DataError("row_without_cluster", column=name, rows=row_names(frame.index, empty))
    return column.codes, column.texts

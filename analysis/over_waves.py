"""Rows of ``models`` that look at all waves of a panel at once."""

from __future__ import annotations

import numpy as np

from analysis.cluster_rows import values_of
from analysis.counts import rows_of_persons
from analysis.frame import CodedFrame
from analysis.ordered import cochran_q
from analysis.plan import Plan
from analysis.rows import Row, number, why_null

FEWEST_WAVES = 3


def cochran_rows(plan: Plan, frame: CodedFrame, waves: list[int]) -> list[Row]:
    """Cochran's Q of every yes/no indicator over the people who answered at all of three or more waves.

    Nothing for people in sessions, whose answers are not independent, and for fewer people than may be shown.
    """
    if not plan.design.paired or len(waves) < FEWEST_WAVES or frame.sessions is not None:
        return []
    rows = rows_of_persons(frame, tuple(waves))
    found = []
    for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
        answers = values[rows]
        complete = answers[:, ~np.isnan(answers).any(axis=0)].T.astype(np.int64)
        if indicator.binary and len(complete) >= max(1, plan.suppress_below):
            test = cochran_q(complete)
            about: Row = {"indicator": indicator.id, "waves": [plan.design.waves[w] for w in waves], "n": len(complete)}
            told = {"method": "cochran_q", "statistic": number(test.statistic), "df": test.df, "p": number(test.p)}
            found.append(about | told | why_null(test.p, "nobody_changed"))
    return found

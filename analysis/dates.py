"""Days of the interviews: when each wave really took place, against the plan's windows, seasons and locks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import BLANK, text_column
from analysis.errors import DataError
from analysis.plan import Plan
from analysis.rows import row_names

Days = NDArray[np.datetime64]
NO_DAY = np.datetime64("NaT", "D")


def read_days(plan: Plan, frame: pd.DataFrame) -> Days | None:
    """The day of every row, NaT where it is empty; (waves, rows) for a wide file that has a date for every wave.

    Errors: DataError for a date that cannot be read, or whose order of day and month would be a guess.
    """
    name = plan.design.date
    if name is None:
        return None
    if plan.design.layout == "long":
        return _days(plan, frame[name], name)
    names = [name + plan.design.suffix[wave] for wave in plan.design.waves]
    there = set(map(str, frame.columns))
    return np.stack([_days(plan, frame[one], one) for one in names]) if there.issuperset(names) else None


def _days(plan: Plan, column: pd.Series[Any], name: str) -> Days:
    """The day as it was written where the interview was, whatever the time zone; each distinct text is read once."""
    coded = text_column(column, plan.missing.blanks)
    texts = pd.Series(coded.texts, dtype="str")
    whole = texts.str.fullmatch(r"\d{4}-\d{2}-\d{2}([T ].*)?")
    read = pd.to_datetime(texts.str.slice(0, 10).where(whole), errors="coerce", format="%Y-%m-%d")
    days = np.append(read.to_numpy().astype("M8[D]"), NO_DAY)
    unreadable = np.flatnonzero(np.isnat(days[coded.codes]) & (coded.codes != BLANK))
    if unreadable.size:
        raise DataError("unreadable_date", column=name, rows=row_names(column.index, unreadable))
    found: Days = days[coded.codes]
    return found


def middle_day(days: Days) -> np.datetime64 | None:
    """The day on or before which half of the interviews took place; None where no day is known."""
    known = np.sort(days[~np.isnat(days)])
    return known[len(known) // 2] if len(known) else None

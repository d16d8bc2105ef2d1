"""Groups that a campaign treats differently: who was with the activity and who was in the comparison group."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import BLANK, text_column
from analysis.errors import DataError, listed
from analysis.parts import margin, of_persons, warn_of_blanks
from analysis.plan import Plan
from analysis.warning_codes import Warnings

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Arms:
    """The arm of every row; results are told arm by arm, because pooled people were treated and untreated at once."""

    names: tuple[str, ...]
    comparison: int  # place of the comparison group among the names
    of_row: Codes  # (rows,), −1 where it is not known

    def taking(self, rows: Codes) -> Arms:
        return replace(self, of_row=self.of_row[rows])


def read_arms(plan: Plan, frame: pd.DataFrame, person: Codes, wave: Codes, warnings: Warnings) -> Arms | None:
    """The arms of a frame, where the plan names their column; a person keeps the first arm that is known.

    Errors: DataError where nobody is in the comparison group that the plan names.
    """
    name, comparison = plan.design.arm, plan.design.comparison
    if name is None or comparison is None:
        return None
    column = text_column(frame[name], plan.missing.blanks)
    warn_of_blanks(plan, name, column, warnings)
    column, changed = of_persons(column, person, wave)
    if changed:
        warnings.add("part_changed", column=name, n=changed)
    if column.texts and comparison not in column.texts:
        raise DataError("no_comparison_group", column=name, value=comparison, values=listed(sorted(column.texts)[:10]))
    unknown = int((column.codes == BLANK).sum())
    if unknown:
        warnings.add("rows_without_arm", column=name, n=unknown)
    split = margin(name, column)
    names = tuple(str(segment[name]) for segment in split.segments if segment[name] is not None)
    if len(names) == 1:
        warnings.add("no_group_beside_comparison", column=name)
    of_row = np.where(column.codes == BLANK, -1, split.of_row)
    return Arms(names, names.index(comparison) if names else 0, of_row)

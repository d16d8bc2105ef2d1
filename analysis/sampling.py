"""How separate samples were drawn: weight, stratum, cluster and population size of every row."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.codes import as_text
from analysis.columns import TextColumn, text_column
from analysis.errors import DataError
from analysis.intervals import Numbers
from analysis.parts import warn_of_blanks
from analysis.plan import Plan
from analysis.rows import row_names
from analysis.survey.design import Names, SurveyDesign, survey_design
from analysis.warning_codes import Warnings


def read_sampling(plan: Plan, frame: pd.DataFrame, wave: NDArray[np.int64], warnings: Warnings) -> SurveyDesign | None:
    """The design of separate samples, where the plan names weights, strata, clusters or population sizes.

    Errors: DataError for a weight or size that is no number; SurveyError for a design that cannot be.
    """
    design = plan.design
    if not design.sampled or not len(frame):
        return None

    def column(name: str | None) -> TextColumn | None:
        if name is None:
            return None
        found = text_column(frame[name], plan.missing.blanks)
        warn_of_blanks(plan, name, found, warnings)
        return found

    stratum, cluster = column(design.stratum), column(design.cluster)
    weight = _numbers(plan, design.weight, frame)
    return survey_design(
        np.ones(len(frame)) if weight is None else weight,
        stratum=None if stratum is None else stratum.codes,
        cluster=None if cluster is None else cluster.codes,
        wave=wave,
        clusters_in_waves=design.clusters_in_waves or "new",  # without clusters other people were drawn at each wave
        fpc=_numbers(plan, design.fpc, frame),
        lonely=design.lonely_cluster,
        names=Names(list(frame.index), _texts(stratum), _texts(cluster)),
    )


def _texts(column: TextColumn | None) -> list[str] | None:
    return None if column is None else column.texts


def _numbers(plan: Plan, name: str | None, frame: pd.DataFrame) -> Numbers | None:
    """A column of numbers, NaN where it is empty; read at once, because hardly two weights are alike."""
    if name is None:
        return None
    numbers = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    unknown = np.flatnonzero(np.isnan(numbers))
    empty = plan.missing.blanks | {""}
    unreadable = [row for row in unknown if as_text(frame[name].iloc[row]) not in empty]
    if unreadable:
        raise DataError("unreadable_number", column=name, rows=row_names(frame.index, np.array(unreadable)))
    return numbers

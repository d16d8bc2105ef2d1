"""How separate samples were drawn: weight, stratum, cluster and population size of every row."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    weight = _numbers(design.weight, column(design.weight), frame)
    return survey_design(
        np.ones(len(frame)) if weight is None else weight,
        stratum=None if stratum is None else stratum.codes,
        cluster=None if cluster is None else cluster.codes,
        wave=wave,
        clusters_in_waves=design.clusters_in_waves or "new",  # without clusters other people were drawn at each wave
        fpc=_numbers(design.fpc, column(design.fpc), frame),
        lonely=design.lonely_cluster,
        names=Names(list(frame.index), _texts(stratum), _texts(cluster)),
    )


def _texts(column: TextColumn | None) -> list[str] | None:
    return None if column is None else column.texts


def _numbers(name: str | None, column: TextColumn | None, frame: pd.DataFrame) -> Numbers | None:
    if column is None:
        return None
    numbers = [_number(text) for text in column.texts]
    unreadable = np.array([*(number is None for number in numbers), False])[column.codes]
    if unreadable.any():
        where = row_names(frame.index, np.flatnonzero(unreadable))
        raise DataError("unreadable_number", column=name or "", rows=where)
    return np.array([*(math.nan if number is None else number for number in numbers), math.nan])[column.codes]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

"""Rows of ``composition`` in the keys of the contract: the raw change beside those of one population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.composition import (
    mix_by_wave,
    raked_change,
    raw_change,
    regression_change,
    shares_at,
    standardised_change,
)
from analysis.intervals import Numbers
from analysis.means import MeanChange
from analysis.models.rows import change_keys
from analysis.rows import Row, number, why_null
from analysis.survey.calibration import Margin, rake
from analysis.survey.design import SurveyDesign
from analysis.survey.domains import cross
from analysis.survey.errors import SurveyError

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A column to adjust for: the group of every row, 0 … groups − 1 (an unknown one is a group), and its margin."""

    name: str
    group: Codes  # (rows,)
    targets: Numbers | None = None  # (groups,) shares of the population, where the plan states them
    values: tuple[str | None, ...] = ()  # what the groups are called


def composition_row(
    y: Numbers,
    wave: Codes,
    columns: Sequence[Column],
    design: SurveyDesign,
    *,
    binary: bool = True,
    confidence: float = 0.95,
) -> Row:
    """One row of ``composition``: mix of people, and raw, raked, standardised and regression-adjusted change.

    The population is that of the plan's margins where every column has them (``stated``), else the earlier wave's
    (``earlier``). Standardising needs the crossing, which stated margins do not give: the earlier wave's crossing is
    raked to them. Formula and source: ``composition``. Units: those of y. Shapes: (rows,) each, y NaN where missing,
    wave 0 or 1. Errors: none; an adjustment that the data do not allow is null with the reason.

    >>> from analysis.survey.design import survey_design
    >>> y, sex = np.array([0, 0, 0, 1, 0, 1, 1, 1.0]), np.array([0, 0, 1, 1, 0, 1, 1, 1])
    >>> row = composition_row(y, np.repeat([0, 1], 4), [Column("sex", sex)], survey_design(np.ones(8)))
    >>> row["raw"]["difference"], round(row["raked"]["difference"], 6), row["population"]
    (0.5, 0.25, 'earlier')
    """
    stated = all(column.targets is not None for column in columns)
    about: Row = {"population": "stated" if stated else "earlier", "mix": [_mix(column, wave) for column in columns]}
    about["raw"] = change_keys(raw_change(y, wave, design, confidence), "linearised_t", "no_answers")
    if min(np.bincount(wave, minlength=2)) == 0:
        return about | {"reason": "no_answers"}
    try:
        population = _population(wave == 0, columns, design) if stated else np.where(wave == 0, design.weight, 0.0)
    except SurveyError as error:
        return about | {"reason": error.code}
    margins = [Margin(column.group, shares_at(column.group, population > 0, population)) for column in columns]
    dummies = _dummies(columns)
    return about | {
        "raked": _tried("raked", lambda: raked_change(y, wave, margins, design, confidence)),
        "standardised": _standardised(y, wave, columns, design, population, confidence),
        "regression": _tried(
            "g_computation",
            lambda: regression_change(y, wave, dummies, design, population, binary=binary, confidence=confidence),
        ),
    }


def _standardised(
    y: Numbers, wave: Codes, columns: Sequence[Column], design: SurveyDesign, population: Numbers, confidence: float
) -> Row:
    """Standardised over the crossing of all columns, with the share of the population that could be compared."""
    cells = cross([(column.group, int(column.group.max()) + 1) for column in columns], len(y))
    cell = cells.of_row.astype(np.int64)
    try:
        change, covered = standardised_change(
            y, wave, cell, shares_at(cell, population > 0, population), design, confidence
        )
    except SurveyError as error:
        return _refused("standardised", error) | {"covered": None}
    return change_keys(change, "standardised") | {"covered": covered}


def _population(base: NDArray[np.bool_], columns: Sequence[Column], design: SurveyDesign) -> Numbers:
    """Weights of the earlier wave's rows that make them the stated population."""
    margins = [Margin(column.group[base], column.targets) for column in columns if column.targets is not None]
    weight = np.zeros(len(base))
    weight[base] = rake(design.weight[base], margins).weight
    return weight


def _tried(method: str, change: Callable[[], MeanChange]) -> Row:
    try:
        return change_keys(change(), method)
    except SurveyError as error:
        return _refused(method, error)


def _refused(method: str, error: SurveyError) -> Row:
    return change_keys(MeanChange(*[float("nan")] * 7), method, error.code) | {"reason": error.code}


def _mix(column: Column, wave: Codes) -> Row:
    shares, test = mix_by_wave(column.group, wave)
    told = [[number(value) for value in row] for row in shares]
    groups: list[str | int | None] = [*column.values] or [*range(len(told))]
    return {
        "column": column.name,
        "groups": groups,
        "shares": told,
        "test": {"method": test.method, "p": number(test.p)} | why_null(test.p, "nothing_to_compare"),
    }


def _dummies(columns: Sequence[Column]) -> Numbers:
    """A column of 0 and 1 for every group but the first of those that anybody is in."""
    made = [column.group[:, None] == np.unique(column.group)[1:] for column in columns]
    return np.concatenate(made, axis=1).astype(np.float64)

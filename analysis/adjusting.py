"""Rows of ``composition`` from a coded frame: the change if both waves had met the same kind of people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.cluster_rows import values_of
from analysis.composition_rows import Column, composition_row
from analysis.errors import DataError, listed
from analysis.frame import CodedFrame
from analysis.parts import Partition
from analysis.plan import Plan
from analysis.rows import Row, without_numbers
from analysis.survey.design import SurveyDesign, survey_design

Codes = NDArray[np.int64]
FEWEST = 2  # one person shows no mix


def composition_rows(
    plan: Plan, frame: CodedFrame, waves: tuple[int, int], rows: Codes | None = None, *, few: bool = False
) -> list[Row]:
    """One row for every indicator of separate samples whose plan names columns to adjust for.

    ``rows`` are the places of the frame's rows in what was drawn, where the frame is one arm of it; ``few`` says that
    a group of the columns is hidden, and with it how many people the adjusted change rests on. With a stated
    population people whose group is not known are left out; without one they are a group of their own.
    Errors: DataError where the data and the stated population name different values.
    """
    if plan.design.paired or not frame.adjusted:
        return []
    used = np.flatnonzero(np.isin(frame.wave, waves) & _known(plan, frame.adjusted))
    if len(used) < FEWEST:
        return []
    columns = [_column(plan, split, used, frame.wave[used], waves) for split in frame.adjusted]
    wave = (frame.wave[used] == waves[1]).astype(np.int64)
    design = _design(frame, used if rows is None else rows[used], len(used))
    names = plan.design.waves
    made = []
    for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
        row = composition_row(values[used], wave, columns, design, binary=indicator.binary, confidence=plan.confidence)
        counts = {"n_from": int((wave == 0).sum()), "n_to": int((wave == 1).sum())}
        about: Row = {"indicator": indicator.id, "from": names[waves[0]], "to": names[waves[1]], "arm": None}
        made.append(_safe(about | {"segment": {}} | counts | row | {"hidden": False}, plan, few=few))
    return made


def _known(plan: Plan, splits: tuple[Partition, ...]) -> NDArray[np.bool_]:
    known = np.ones(len(splits[0].of_row), dtype=bool)
    if plan.population:
        for split in splits:
            (name,) = split.columns
            blank = [place for place, segment in enumerate(split.segments) if segment[name] is None]
            known &= ~np.isin(split.of_row, blank)
    return known


def _column(plan: Plan, split: Partition, used: Codes, wave: Codes, waves: tuple[int, int]) -> Column:
    """The groups that occur, numbered anew, with their shares of the population where the plan states them."""
    (name,) = split.columns
    present, group = np.unique(split.of_row[used], return_inverse=True)
    values = [split.segments[place][name] for place in present]
    stated = plan.population.get(name)
    if stated is None:
        return Column(name, group, None, tuple(values))
    unshared = [str(value) for value in values if not stated.get(value or "")]
    if unshared:
        raise DataError("value_without_share", column=name, values=listed(unshared[:10]))
    for place in waves:
        here = {values[one] for one in np.unique(group[wave == place])}
        unseen = [value for value, share in stated.items() if share and value not in here]
        if here and unseen:
            wave_name = plan.design.waves[place]
            raise DataError("share_without_value", column=name, wave=wave_name, values=listed(unseen[:10]))
    return Column(name, group, np.array([stated[str(value)] for value in values]), tuple(values))


def _design(frame: CodedFrame, rows: Codes, count: int) -> SurveyDesign:
    return survey_design(np.ones(count)) if frame.sampling is None else frame.sampling.design.taking(rows)


def _safe(row: Row, plan: Plan, *, few: bool) -> Row:
    """Nothing of fewer people than may be shown: neither of a wave nor of a group in the mix.

    The counts go with the mix, for those without a known group may be what they lack.
    """
    if min(row["n_from"], row["n_to"]) < plan.suppress_below:
        return without_numbers(row)
    if few:
        mix = [{"column": one["column"], "shares": None, "test": None, "hidden": True} for one in row["mix"]]
        return row | {"n_from": None, "n_to": None, "mix": mix}
    return row

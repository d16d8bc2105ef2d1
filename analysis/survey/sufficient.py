"""One pass over the rows: what every estimate of a survey is computed from.

For each indicator the sums of weights and of weighted answers, per PSU × wave × cell of the finest crossing. Where
every row is its own PSU the sums are per stratum, with the sums of squares that the variance between rows needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.survey.arrays import Floats, Integers, over_groups
from analysis.survey.design import SurveyDesign
from analysis.survey.errors import refuse

ROWS_AT_ONCE = 1 << 17


@dataclass(frozen=True)
class SecondMoments:
    """Sums over rows of w², w²y and w²y², for designs without clusters; shape (indicators, strata, waves, cells)."""

    weight: Floats
    total: Floats
    square: Floats


@dataclass(frozen=True)
class Tally:
    """Sufficient statistics. Groups are PSUs, or strata where ``second`` is given; arrays are float64.

    Shapes are (indicators, groups, waves, cells), without groups for the squares, without indicators for ``everyone``.
    """

    n: Floats  # answers
    x: Floats  # Σy, without weights: the number of yes
    weight: Floats  # Σw over answers
    total: Floats  # Σwy
    square: Floats  # Σwy² (indicators, waves, cells)
    plain_square: Floats  # Σy² (indicators, waves, cells)
    everyone: Floats  # Σw over rows, answered or not (groups, waves, cells)
    binary: bool
    second: SecondMoments | None = None
    calibration_cell: Integers | None = None  # of a calibrated design: (waves, cells)

    @property
    def cells(self) -> int:
        return int(self.n.shape[-1])

    def folded(self, part_of_cell: Integers, parts: int) -> Tally:
        """The same statistics for parts, each a union of cells; −1 leaves a cell out.

        >>> from analysis.survey.design import survey_design
        >>> cells = np.array([0, 1, 0, 1])
        >>> made = tally(np.array([[1, 1, 0, -1]], np.int8), survey_design(np.ones(4)), np.zeros(4, int), 1, cells, 2)
        >>> made.folded(np.array([0, 0]), 1).n.sum(axis=1).tolist()
        [[[3.0]]]
        """
        if np.array_equal(part_of_cell, np.arange(parts)):
            return replace(self, calibration_cell=None)
        member = np.zeros((len(part_of_cell), parts))
        kept = part_of_cell >= 0
        member[np.flatnonzero(kept), part_of_cell[kept]] = 1

        def folded(values: Floats) -> Floats:
            first, *others, cells = values.shape  # a product for each indicator, not for each PSU
            return (values.reshape(first, int(np.prod(others)), cells) @ member).reshape(*values.shape[:-1], parts)

        second = self.second and SecondMoments(
            *map(folded, (self.second.weight, self.second.total, self.second.square))
        )
        return Tally(
            folded(self.n), folded(self.x), folded(self.weight), folded(self.total),
            folded(self.square), folded(self.plain_square), folded(self.everyone), self.binary, second,
        )  # fmt: skip


def tally(
    answers: NDArray[np.int8], design: SurveyDesign, wave: Integers, waves: int, cell: Integers, cells: int
) -> Tally:
    """Count the answers to all binary indicators at once: ``answers`` (indicators, rows) is 1, 0 or −1 (missing).

    ``wave`` (rows,) is in 0 … waves−1 and ``cell`` (rows,) in 0 … cells−1. Rows are read in blocks, so that memory
    grows with the statistics and not with the rows. Errors: ValueError for codes out of range.

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.array([2.0, 1.0, 1.0]), cluster=np.array([0, 0, 1]))
    >>> counted = tally(np.array([[1, 0, -1]], np.int8), design, np.zeros(3, int), 1, np.zeros(3, int), 1)
    >>> counted.total.ravel().tolist(), counted.weight.ravel().tolist(), counted.everyone.ravel().tolist()
    ([2.0, 0.0], [3.0, 0.0], [3.0, 1.0])
    """
    place, shape = _places(design, wave, waves, cell, cells)
    places, powers = int(np.prod(shape)), 3 if sums_squares(design) else 2
    everyone = np.zeros((powers, places))
    answered, yes = np.zeros((2, powers, len(answers), places))
    for block in _blocks(design.rows, places):
        at, weights = place[block].astype(np.intp), _powers(design.weight[block])[:powers]
        here = np.stack([np.bincount(at, weight, places) for weight in weights])
        everyone += here
        for indicator, column in enumerate(answers[:, block]):
            agrees, complete = column == 1, column.min() >= 0
            for power, weight in enumerate(weights):
                yes[power, indicator] += np.bincount(at, weight * agrees, places)
                said = here[power] if complete else np.bincount(at, weight * (column >= 0), places)
                answered[power, indicator] += said
    n, weight, *squares = answered.reshape(powers, len(answers), *shape)
    x, total, *yes_squares = yes.reshape(powers, len(answers), *shape)
    second = SecondMoments(squares[0], yes_squares[0], yes_squares[0]) if squares else None
    return Tally(
        n, x, weight, total, over_groups(total), over_groups(x), everyone[1].reshape(shape), True, second,
        _calibration_cells(design, wave, waves, cell, cells),
    )  # fmt: skip


def tally_numbers(
    values: Floats, design: SurveyDesign, wave: Integers, waves: int, cell: Integers, cells: int
) -> Tally:
    """The same statistics for scores: ``values`` (indicators, rows) with NaN where missing.

    Errors: SurveyError for an infinite value, naming its rows.

    >>> from analysis.survey.design import survey_design
    >>> one = np.zeros(2, int)
    >>> counted = tally_numbers(np.array([[3.0, np.nan]]), survey_design(np.ones(2)), one, 1, one, 1)
    >>> counted.n.item(), counted.x.item(), counted.square.item()
    (1.0, 3.0, 9.0)
    """
    refuse("value_infinite", np.asarray(np.isinf(values).any(axis=0)), None)
    place, shape = _places(design, wave, waves, cell, cells)
    places = int(np.prod(shape))
    everyone = np.zeros(places)
    sums = np.zeros((3, 3, len(values), places))  # power of the weight × power of the value
    for block in _blocks(design.rows, places):
        at, weight = place[block], design.weight[block]
        everyone += np.bincount(at, weight, places)
        for indicator, column in enumerate(values[:, block]):
            here = ~np.isnan(column)
            for power, of_weight in enumerate(_powers(weight[here])):
                for degree, of_value in enumerate(_powers(column[here])):
                    sums[power, degree, indicator] += np.bincount(at[here], of_weight * of_value, places)
    (n, x, plain_square), (weight, total, square), squares = sums.reshape(3, 3, len(values), *shape)
    second = SecondMoments(*squares) if sums_squares(design) else None
    return Tally(
        n, x, weight, total, over_groups(square), over_groups(plain_square), everyone.reshape(shape), False, second,
        _calibration_cells(design, wave, waves, cell, cells),
    )  # fmt: skip


def sums_squares(design: SurveyDesign) -> bool:
    """Where rows are PSUs, sums per stratum with squares will do; calibrated and jackknife variances need the PSUs.

    >>> from analysis.survey.design import survey_design
    >>> sums_squares(survey_design(np.ones(2))), sums_squares(survey_design(np.ones(2), cluster=np.array([0, 1])))
    (True, False)
    """
    return design.psu is None and design.calibration is None and not design.jackknife


def _calibration_cells(design: SurveyDesign, wave: Integers, waves: int, cell: Integers, cells: int) -> Integers | None:
    """The calibration's cell that each (wave, cell) lies in; 0 where nobody is."""
    if design.calibration is None:
        return None
    of_row, place = design.calibration.cell, wave * np.int64(cells) + cell
    found = np.zeros(waves * cells, dtype=np.int64)
    found[place] = of_row
    if (found[place] != of_row).any():
        raise ValueError("the cells must be crossed with those of the calibration")
    return found.reshape(waves, cells)


def _powers(values: Floats) -> tuple[Floats, Floats, Floats]:
    return np.ones(len(values)), values, values * values


def _places(
    design: SurveyDesign, wave: Integers, waves: int, cell: Integers, cells: int
) -> tuple[Integers, tuple[int, int, int]]:
    """Where each row is counted, in the flattened (groups, waves, cells), and that shape."""
    if len(wave) != design.rows or len(cell) != design.rows:
        raise ValueError("wave and cell need one entry for each row of the design")
    by_stratum = sums_squares(design)
    shape = (design.strata if by_stratum else design.psus, waves, cells)
    dtype = np.int32 if np.prod(shape) < np.iinfo(np.int32).max else np.int64
    place: Integers = (design.stratum if by_stratum else design.psu_of_row).astype(dtype)
    for codes, size in ((wave, waves), (cell, cells)):
        if codes.min() < 0 or codes.max() >= size:
            raise ValueError(f"codes must lie between 0 and {size - 1}")
        place = place * dtype(size) + codes.astype(dtype, copy=False)
    return place, shape


def _blocks(rows: int, size: int) -> Iterator[slice]:
    """Slices of rows, each long enough that adding up a block's sums costs less than making them."""
    step = max(ROWS_AT_ONCE, 2 * size)
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))

"""Array types and small tools that every module of the survey designs uses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]
Booleans = NDArray[np.bool_]

MOST_CODES_PER_ROW = 4  # up to here counting codes is faster than sorting rows


def dense(codes: Integers, size: int) -> tuple[Integers, Integers]:
    """Renumber ``codes`` (each in 0 … size−1) as 0, 1, 2, … in their order, leaving out codes that no row has.

    Returns the codes present, ascending, and the new code of every row.

    >>> present, renumbered = dense(np.array([7, 2, 7]), 10)
    >>> present.tolist(), renumbered.tolist()
    ([2, 7], [1, 0, 1])
    """
    if size > MOST_CODES_PER_ROW * len(codes) + 1024:
        present, renumbered = np.unique(codes, return_inverse=True)
        return present, renumbered.astype(np.int32)
    present = np.flatnonzero(np.bincount(codes, minlength=size))
    renumber = np.zeros(size, dtype=np.int32)
    renumber[present] = np.arange(len(present), dtype=np.int32)
    return present, renumber[codes]


def column_sums(codes: Integers, columns: Floats, size: int) -> Floats:
    """Sums of each column over the rows with the same code: (rows, m) to (size, m).

    >>> column_sums(np.array([0, 1, 0]), np.array([[1.0], [2.0], [4.0]]), 2).tolist()
    [[5.0], [2.0]]
    """
    return np.stack([np.asarray(np.bincount(codes, column, size), np.float64) for column in columns.T], axis=1)


def over_groups(values: Floats | Booleans) -> Floats:
    """Sums over the second axis, of PSUs or strata: (m, groups, …) to (m, …).

    By einsum, because numpy's own sum is slow where few numbers follow the axis.

    >>> over_groups(np.array([[[1.0, 2.0], [3.0, 4.0]]])).tolist()
    [[4.0, 6.0]]
    """
    sums: Floats = np.einsum("ij...->i...", values, dtype=np.float64)
    return sums


def divided(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient with NaN, and no warning, where the denominator is 0.

    >>> divided(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = np.where(denominator == 0, np.nan, numerator / denominator)
    return quotient

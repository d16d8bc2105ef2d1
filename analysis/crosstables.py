"""Are several groups alike in a yes/no answer, or two waves in the mix of their people?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from analysis.independent import SMALL_EXPECTED, TwoSamples, boschloo, chi2_n_minus_1
from analysis.intervals import Numbers

NAN = float("nan")
MOST_EXACT = 250_000  # possible tables of two groups


@dataclass(frozen=True)
class Homogeneity:
    method: str
    statistic: float
    df: int
    p: float


def counts_by_group(group: NDArray[np.int64], yes: NDArray[np.bool_]) -> Numbers:
    """People of each group by yes (first column) and no: (groups, 2); rows with a group below 0 are left out.

    >>> counts_by_group(np.array([0, 0, 1, -1]), np.array([True, False, True, True])).tolist()
    [[1.0, 1.0], [1.0, 0.0]]
    """
    known = group >= 0
    groups = int(group.max(initial=-1)) + 1
    columns = [np.bincount(group[known & answer], minlength=groups) for answer in (yes, ~yes)]
    return np.stack(columns, axis=1).astype(np.float64)


def homogeneity(table: Numbers) -> Homogeneity:
    """Do the groups (rows) of a table (groups, 2) share one proportion?

    Formula: two groups: N−1 χ², or Boschloo where an expected count is below 5; more: Pearson's χ² on groups − 1
    degrees of freedom. Empty groups are left out. Source: Pearson (1900); Campbell (2007), Stat. Med. 26, 3661–3675; R
    chisq.test(correct = FALSE). Shape: counts (groups, 2). Errors: none; NaN without two groups
    or where all answered alike.

    >>> found = homogeneity(np.array([[20.0, 30], [25, 25], [35, 15]]))
    >>> found.method, round(found.statistic, 4), found.df, round(found.p, 6)
    ('chi2', 9.375, 2, 0.00921)
    """
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2 or (table.sum(axis=0) == 0).any():
        return Homogeneity("chi2", NAN, max(len(table) - 1, 0), NAN)
    if len(table) == 2:
        return _of_two(table)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return Homogeneity("chi2", statistic, len(table) - 1, float(chdtrc(len(table) - 1, statistic)))


def _of_two(table: Numbers) -> Homogeneity:
    (x_first, no_first), (x_second, no_second) = table
    samples = TwoSamples.of(x_second, x_second + no_second, x_first, x_first + no_first)
    few = float(samples.smallest_expected) < SMALL_EXPECTED
    if few and (x_first + no_first + 1) * (x_second + no_second + 1) <= MOST_EXACT:
        return Homogeneity("boschloo", NAN, 1, float(boschloo(samples).p))
    found = chi2_n_minus_1(samples)
    return Homogeneity("chi2_n_minus_1", float(found.statistic), 1, float(found.p))

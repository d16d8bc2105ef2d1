"""Tests for few clusters that lean on no distribution: exchanging whole clusters, and the wild cluster bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Numbers, ratio
from analysis.models.clustered import Codes
from analysis.models.fitting import fit_linear
from analysis.survey.errors import SurveyError

MOST_WAYS = 50_000  # up to here every way is counted
DRAWS = 9_999
ROUNDING = 1e-9
FEWEST_FOR_SIGNS = 12  # clusters below which two signs give too few patterns, and Webb's six values are drawn
WEBB = np.sqrt([0.5, 1.0, 1.5])

Values = Literal["rademacher", "webb"]


@dataclass(frozen=True)
class Resampled:
    """The p of a test by resampling; ``exact`` where every way was counted, else ``ways`` were drawn from the seed."""

    statistic: float
    p: float
    exact: bool
    ways: int


def permutation_test(y: Numbers, treated: Numbers, later: Numbers, cluster: Codes, seed: int) -> Resampled:
    """How often is the difference in differences as far from 0 when whole clusters exchange their groups?

    Formula: P(|D*| ≥ |D|), D the difference in differences of the shares (or means) over people; every way of giving
    the activity to as many clusters is counted up to 50,000 ways, above that 9,999 are drawn from ``seed`` and the one
    seen joins them. It supposes that clusters are exchangeable where the activity does nothing: given where chance (or
    something like it) chose the clusters. Ways that leave a wave of a group empty are left out. Source: Gail et al.
    (1996), Stat. Med. 15, 1069–1092; Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9:39. Shapes: (n,) each.
    Errors: SurveyError ``one_cluster``; NaN where a wave of a group has no answers.

    >>> y = np.array([0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1.0]); later = np.array([0.0, 1] * 6)
    >>> permutation_test(y, np.repeat([1.0, 0], [4, 8]), later, np.repeat(np.arange(6), 2), seed=1).p
    0.06666666666666667
    """
    groups, codes = np.unique(cluster, return_inverse=True)
    count, with_activity = len(groups), int((np.bincount(codes, weights=treated) > 0).sum())
    if count < 2:
        raise SurveyError("one_cluster")
    cell = codes * 2 + (later == 1)
    people = np.bincount(cell, minlength=2 * count).reshape(-1, 2).astype(np.float64)
    sums = np.bincount(cell, weights=y, minlength=2 * count).reshape(-1, 2).astype(np.float64)
    seen = _did((np.bincount(codes, weights=treated) > 0)[None, :].astype(np.float64), sums, people)[0]
    if np.isnan(seen):
        return Resampled(float("nan"), float("nan"), True, 0)
    alike = _by_content(people, sums)
    people, sums = people[alike], sums[alike]
    ways, exact = _ways(count, with_activity, seed)
    found = _did(ways, sums, people)
    found = found[~np.isnan(found)]
    further = int((np.abs(found) >= abs(seen) - ROUNDING).sum())
    p = further / len(found) if exact else (further + 1) / (len(found) + 1)
    return Resampled(float(seen), p, exact, len(found))


def wild_cluster_bootstrap(
    y: Numbers, x: Numbers, cluster: Codes, tested: int, seed: int, values: Values | None = None
) -> Resampled:
    """The wild cluster bootstrap of a coefficient by least squares, with the null hypothesis imposed.

    Formula: residuals of the regression without column ``tested`` are multiplied, cluster by cluster, by random values
    of mean 0 and variance 1; p = P(|t*| ≥ |t|), t on CR1. ``rademacher`` is ±1, ``webb`` ±√½, ±1, ±√1½; Webb's where
    there are fewer than twelve clusters, unless told. All patterns are counted up to 50,000, above that 9,999 drawn
    from ``seed``. Source: Cameron, Gelbach & Miller (2008), Rev. Econ. Stat. 90, 414–427; Webb (2023), Can. J. Econ.
    56, 839–858; R fwildclusterboot::boottest. Shapes: y (n,), x (n, k), cluster (n,). Errors: SurveyError
    ``one_cluster``, ``collinear``; NaN where the residuals leave nothing to multiply.

    >>> x = np.column_stack([np.ones(8), np.repeat([0.0, 1], 4)])
    >>> wild_cluster_bootstrap(np.array([0, 1, 0, 0, 1, 1, 1, 0.0]), x, np.repeat(np.arange(4), 2), 1, seed=1,
    ...                        values="rademacher").ways
    16
    """
    groups, codes = np.unique(cluster, return_inverse=True)
    count = len(groups)
    if count < 2:
        raise SurveyError("one_cluster")
    bread = fit_linear(y, x).bread
    without = fit_linear(y, np.delete(x, tested, axis=1))
    by_cluster = np.zeros((count, x.shape[1], x.shape[1]))
    np.add.at(by_cluster, codes, x[:, :, None] * x[:, None, :])
    under_null = _sums(codes, x * (y - without.fitted)[:, None], count)
    alike = _by_content(by_cluster.reshape(count, -1), under_null)
    by_cluster, under_null = by_cluster[alike], under_null[alike]
    as_seen = np.ones((1, count))
    statistic = float(_t_values(as_seen, under_null, by_cluster, bread[tested], bread)[0])
    draws, exact = _multipliers(count, values or ("rademacher" if count >= FEWEST_FOR_SIGNS else "webb"), seed)
    found = _t_values(draws, under_null, by_cluster, bread[tested], bread)
    if np.isnan(statistic):
        return Resampled(statistic, float("nan"), exact, len(found))
    further = int((np.abs(found) >= abs(statistic) * (1 - ROUNDING) - ROUNDING).sum())
    return Resampled(statistic, further / len(found) if exact else (further + 1) / (len(found) + 1), exact, len(found))


def _by_content(*columns: Numbers) -> NDArray[np.int64]:
    """An order of clusters by what they hold, so that neither their names nor the order of rows steers the draws.

    Clusters that hold the same, but for rounding, may change places. Shapes: (clusters, any) each.
    """
    held = np.concatenate(columns, axis=1)
    largest = np.abs(held).max(axis=0, initial=0)
    order: NDArray[np.int64] = np.lexsort(np.round(held / np.where(largest > 0, largest, 1), 9).T)
    return order


def _did(treated: Numbers, sums: Numbers, people: Numbers) -> Numbers:
    """Differences in differences for rows of ``treated`` (ways, clusters); NaN where a cell is empty."""
    change = [
        ratio(arm @ sums[:, 1], arm @ people[:, 1]) - ratio(arm @ sums[:, 0], arm @ people[:, 0])
        for arm in (treated, 1 - treated)
    ]
    difference: Numbers = change[0] - change[1]
    return difference


def _ways(count: int, chosen: int, seed: int) -> tuple[Numbers, bool]:
    """Which clusters have the activity, one way a row: all of them, or a random part."""
    ways = comb(count, chosen)
    if ways <= MOST_WAYS:
        places = np.array(list(combinations(range(count), chosen)), dtype=np.int64).reshape(ways, chosen)
        exact = True
    else:
        random = np.random.default_rng(seed)
        places = random.random((DRAWS, count)).argpartition(chosen, axis=1)[:, :chosen]
        exact = False
    made = np.zeros((len(places), count))
    np.put_along_axis(made, places, 1.0, axis=1)
    return made, exact


def _multipliers(count: int, values: Values, seed: int) -> tuple[Numbers, bool]:
    choices = np.array([-1.0, 1.0]) if values == "rademacher" else np.concatenate([-WEBB, WEBB])
    if len(choices) ** count <= MOST_WAYS:
        return np.array(list(product(choices, repeat=count))), True
    return np.random.default_rng(seed).choice(choices, (DRAWS, count)), False


def _sums(codes: NDArray[np.int64], columns: Numbers, count: int) -> Numbers:
    return np.stack([np.bincount(codes, weights=column, minlength=count) for column in columns.T], axis=1)


def _t_values(draws: Numbers, under_null: Numbers, by_cluster: Numbers, aim: Numbers, bread: Numbers) -> Numbers:
    """t of the tested coefficient for each row of multipliers: under the null its estimate is what the residuals give.

    A cluster's score about the new estimate is v_g X'ũ_g − X'X_g(XX)⁻¹Σ v_h X'ũ_h.
    """
    moved = draws @ under_null @ bread  # (ways, k) how far the estimate moves
    own = draws * (under_null @ aim)
    taken = moved @ np.einsum("gij,i->jg", by_cluster, aim)
    count = len(under_null)
    variance = ((own - taken) ** 2).sum(axis=1) * count / (count - 1)
    flat = variance <= 1e-24 * max(float((own**2).sum(axis=1).max()), 1e-300)
    at = moved @ np.linalg.solve(bread, aim)
    return np.where(flat, np.nan, at / np.sqrt(np.where(flat, 1, variance)))

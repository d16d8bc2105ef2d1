"""Exact tests of two independent proportions: Fisher's and its mid-p, Boschloo's and Barnard's."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.intervals import Numbers

TIE = 1e-7  # tables whose probabilities differ by less (relatively) are equally likely, as in R
LARGEST_GRID = 250_000  # tables of one Boschloo test: about 500 people a wave, a quarter of a second
ROUNDS, POINTS, PEAKS = 5, 21, 3


@lru_cache(maxsize=8192)
def fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's exact test, two-sided: all tables with the same sums that are not more likely than the one seen.

    Formula: sum of the hypergeometric probabilities ≤ that of the table (within a relative 1e-7).
    Source: Fisher (1934); R fisher.test. Units: counts in, p out. Shapes: scalars. Errors: none; p = 1 when a group is
    empty.

    >>> round(fisher(7, 15, 12, 15), 6)
    0.128136
    """
    probability, seen = _hypergeometric(x1, n1, x2, n2)
    return float(min(1.0, probability[probability <= seen * (1 + TIE)].sum() / probability.sum()))


@lru_cache(maxsize=8192)
def fisher_midp(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's test with half the weight on what was seen: less cautious, close to the level on average.

    Formula: Fisher's p less half the probability of the tables that are as likely as the one seen.
    Source: Lancaster (1961), J. Am. Stat. Assoc. 56, 223–234. Units: counts in, p out. Shapes: scalars. Errors: none.

    >>> round(fisher_midp(7, 15, 12, 15), 6)
    0.074538
    """
    probability, seen = _hypergeometric(x1, n1, x2, n2)
    alike = np.abs(probability - seen) <= seen * TIE
    less = (probability < seen) & ~alike
    return float(min(1.0, (probability[less].sum() + probability[alike].sum() / 2) / probability.sum()))


@lru_cache(maxsize=8192)
def barnard(x1: int, n1: int, x2: int, n2: int) -> float:
    """Barnard's exact unconditional test with the pooled score statistic, two-sided.

    Formula: the largest probability, over the common share π, of all tables whose |p₁ − p₂|/√(p(1 − p)(1/n₁ + 1/n₂)),
    p the pooled share, is not below that of the table seen; found as in boschloo.
    Source: Barnard (1947), Biometrika 34, 123–138; Suissa & Shuster (1985), J. R. Stat. Soc. A 148, 317–327.
    Units: counts in, p out. Shapes: scalars. Errors: ValueError above ``fits_boschloo``'s size.

    >>> round(barnard(7, 15, 12, 15), 6), barnard(3, 3, 5, 5)
    (0.068218, 1.0)
    """
    if not fits_boschloo(n1, n2):
        raise ValueError("too many tables for Barnard's test")
    first, second = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    pooled = (first + second) / (n1 + n2)
    variance = pooled * (1 - pooled)
    squared = np.where(variance > 0, (first / n1 - second / n2) ** 2 / np.where(variance > 0, variance, 1.0), 0.0)
    extreme = squared >= squared[x1, x2] * (1 - TIE)
    return 1.0 if extreme.all() else _supremum(extreme.astype(np.float64), n1, n2)


@lru_cache(maxsize=8192)
def boschloo(x1: int, n1: int, x2: int, n2: int) -> float:
    """Boschloo's exact unconditional test with the two-sided Fisher p as its statistic.

    Formula: the largest probability, over the common share π, of all tables whose two-sided Fisher p is not above that
    of the table seen. (Doubling a one-sided Boschloo p, as some software does, is another test.) The probability is a
    polynomial in π; it is evaluated at points evenly spaced on the arcsine scale, at most a tenth of a standard error
    apart, and the three highest peaks are refined until π is known to about 1e-6 of the spacing.
    Source: Boschloo (1970), Statistica Neerlandica 24, 1–35; two-sided form as exact2x2's tsmethod "minlike".
    Units: counts in, p out. Shapes: scalars. Errors: ValueError above ``fits_boschloo``'s size.

    >>> round(boschloo(7, 15, 12, 15), 6)
    0.068218
    """
    if not fits_boschloo(n1, n2):
        raise ValueError("too many tables for Boschloo's test")
    if n1 > n2:
        x1, n1, x2, n2 = x2, n2, x1, n1
    extreme = _fisher_not_above(x1, n1, x2, n2)
    if extreme.all():
        return 1.0
    return _supremum(extreme.astype(np.float64), n1, n2)


def fits_boschloo(n1: int, n2: int) -> bool:
    """Whether a Boschloo test of this size is computed; beyond it Fisher's, never less strict, takes its place."""
    return (n1 + 1) * (n2 + 1) <= LARGEST_GRID


def _hypergeometric(x1: int, n1: int, x2: int, n2: int) -> tuple[Numbers, float]:
    """How likely the tables with the same sums are, up to a factor, and the one seen among them."""
    total = x1 + x2
    first = np.arange(max(0, total - n2), min(n1, total) + 1)
    weights = _log_choose(n1, first) + _log_choose(n2, total - first)
    probability = np.exp(weights - weights.max())
    return probability, float(probability[x1 - first[0]])


def _log_choose(n: int, k: NDArray[np.int64]) -> Numbers:
    result: Numbers = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return result


def _fisher_not_above(x1: int, n1: int, x2: int, n2: int) -> NDArray[np.bool_]:
    """For every table (n1 + 1, n2 + 1): is its two-sided Fisher p at most that of the table seen?"""
    total = np.arange(n1 + n2 + 1)[:, None]
    first = np.arange(n1 + 1)[None, :]
    second = total - first
    possible = (second >= 0) & (second <= n2)
    logs = _log_choose(n1, first) + _log_choose(n2, np.clip(second, 0, n2))
    logs = np.where(possible, logs, -np.inf)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    p = _tail_sums(weights) / weights.sum(axis=1, keepdims=True)
    by_sum = possible & (p <= fisher(x1, n1, x2, n2) * (1 + TIE))
    extreme = np.zeros((n1 + 1, n2 + 1), dtype=bool)
    rows, columns = np.nonzero(by_sum)
    extreme[columns, rows - columns] = True
    return extreme


def _tail_sums(weights: Numbers) -> Numbers:
    """Of every element: the sum of its row's elements that are not larger (within TIE). Same shape."""
    order = np.argsort(weights, axis=1)
    ascending = np.take_along_axis(weights, order, axis=1)
    sums = np.cumsum(ascending, axis=1)
    ends_tie = np.ones(weights.shape, dtype=bool)
    ends_tie[:, :-1] = ascending[:, 1:] > ascending[:, :-1] * (1 + TIE)
    sums = np.where(ends_tie, sums, np.inf)
    sums = np.minimum.accumulate(sums[:, ::-1], axis=1)[:, ::-1]
    tails = np.empty_like(sums)
    np.put_along_axis(tails, order, sums, axis=1)
    return tails


def _supremum(extreme: Numbers, n1: int, n2: int) -> float:
    choose = [_log_choose(n, np.arange(n + 1)) for n in (n1, n2)]

    def probability(angles: Numbers) -> Numbers:
        first, second = (_binomial(angles, n, logs) for n, logs in zip((n1, n2), choose, strict=True))
        of_extreme: Numbers = np.einsum("ij,ij->i", first @ extreme, second)
        return of_extreme

    spacing = np.pi / 2 / max(64, int(10 * np.pi * np.sqrt(n1 + n2)))
    angles = np.arange(spacing / 2, np.pi / 2, spacing)
    heights = probability(angles)
    best = heights.max()
    for peak in angles[_peaks(heights)]:
        width = spacing
        for _ in range(ROUNDS):
            near = np.clip(np.linspace(peak - width, peak + width, POINTS), 1e-12, np.pi / 2 - 1e-12)
            heights = probability(near)
            peak, width, best = near[heights.argmax()], width * 2 / (POINTS - 1), max(best, heights.max())
    return float(min(1.0, best))


def _peaks(heights: Numbers) -> NDArray[np.int64]:
    """Where the highest local maxima lie."""
    padded = np.concatenate([[-np.inf], heights, [-np.inf]])
    local = np.flatnonzero((heights >= padded[:-2]) & (heights >= padded[2:]))
    highest: NDArray[np.int64] = local[np.argsort(heights[local])[-PEAKS:]]
    return highest


def _binomial(angles: Numbers, n: int, log_choose: Numbers) -> Numbers:
    """Binomial probabilities of 0 … n (columns) at shares sin²(angle) (rows)."""
    k = np.arange(n + 1)
    logs = 2 * np.log(np.sin(angles))[:, None] * k + 2 * np.log(np.cos(angles))[:, None] * (n - k)
    probabilities: Numbers = np.exp(logs + log_choose)
    return probabilities

"""Score intervals and margins of a difference of two shares: Tango for pairs; Miettinen–Nurminen and Mee."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from analysis.independent import TwoSamples
from analysis.intervals import Bounds, Numbers, Tested, as_numbers, normal_quantile, ratio
from analysis.paired import PairedTable

HALVINGS = 60  # of an interval of length 2 at the most: beyond the precision of a float


def tango_statistic(table: PairedTable, difference: ArrayLike) -> Numbers:
    """Tango's score statistic of a paired difference against a supposed one.

    Formula: (c − b − nδ) / √(n(2q + δ(1 − δ))), b and c the changers to no and to yes, q the likeliest share of
    changers to no given δ: q = (√(B² − 8nC) − B)/(4n), B = (2n − c + b)δ − b − c, C = −bδ(1 − δ).
    Source: Tango (1998), Stat. Med. 17, 891–908; with δ = −margin it is Nam's (1997) test of non-inferiority.
    Units: δ a fraction of 1. Shape: the table's. Errors: none; NaN without pairs, infinite where δ is impossible.

    >>> tango_statistic(PairedTable.of(53, 32, 14, 32), -0.10).round(6).item()
    -0.741008
    """
    n, to_no, to_yes, delta = table.n, table.yes_no, table.no_yes, as_numbers(difference)
    linear = (2 * n - to_yes + to_no) * delta - to_no - to_yes
    constant = -to_no * delta * (1 - delta)
    share = ratio(np.sqrt(np.maximum(linear**2 - 8 * n * constant, 0)) - linear, 4 * n)
    return _standardised(to_yes - to_no - n * delta, n * (2 * share + delta * (1 - delta)))


def tango(table: PairedTable, confidence: float = 0.95) -> Bounds:
    """Tango's score interval of a paired difference: all differences that its score test does not reject.

    Formula: the δ at which tango_statistic is ±z, by halving. Source: Tango (1998), Stat. Med. 17, 891–908.
    Units: fractions of 1. Shape: the table's. Errors: none; NaN without pairs.

    >>> [limit.round(6).item() for limit in tango(PairedTable.of(31, 7, 41, 29))]
    [0.200521, 0.423584]
    """
    return _inverted(lambda delta: tango_statistic(table, delta), table.difference, confidence)


def tango_noninferiority(table: PairedTable, margin: ArrayLike) -> Tested:
    """Is the later share less than ``margin`` below the earlier one? Score test for pairs, one-sided.

    Formula: z = tango_statistic at δ = −margin, p = 1 − Φ(z). Where lower is better, swap yes and no first.
    Source: Nam (1997), Biometrics 53, 1422–1430; Tango (1998). Units: margin a fraction of 1. Shape: the table's.
    Errors: none; NaN without pairs.

    >>> [round(float(value), 6) for value in tango_noninferiority(PairedTable.of(53, 32, 14, 32), 0.10)]
    [-0.741008, 0.770656]
    """
    z = tango_statistic(table, -as_numbers(margin))
    return Tested(z, ndtr(-z))


def score_statistic(samples: TwoSamples, difference: ArrayLike, *, unbiased: bool) -> Numbers:
    """The score statistic of the difference of two separate shares against a supposed one.

    Formula: (p₁ − p₂ − δ)/√(V·f), V = π₁(1 − π₁)/n₁ + π₂(1 − π₂)/n₂ with the likeliest shares given π₁ − π₂ = δ (root
    of a cubic); f = N/(N − 1) where ``unbiased`` (Miettinen–Nurminen), else 1 (Mee; Farrington–Manning).
    Source: Miettinen & Nurminen (1985), Stat. Med. 4, 213–226; Farrington & Manning (1990), Stat. Med. 9, 1447–1454.
    Units: δ a fraction of 1. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> score_statistic(TwoSamples.of(156, 373, 67, 237), 0.0, unbiased=True).round(6).item() ** 2 - 11.45857 < 1e-4
    True
    """
    delta = as_numbers(difference)
    later, earlier = _likeliest(samples, delta)
    variance = ratio(later * (1 - later), samples.n_later) + ratio(earlier * (1 - earlier), samples.n_earlier)
    total = samples.n_later + samples.n_earlier
    return _standardised(samples.difference - delta, variance * (ratio(total, total - 1) if unbiased else 1.0))


def miettinen_nurminen(samples: TwoSamples, confidence: float = 0.95) -> Bounds:
    """Miettinen and Nurminen's score interval of the difference of two separate shares.

    Formula: the δ at which score_statistic with N/(N − 1) is ±z, by halving. Source: Miettinen & Nurminen (1985), Stat.
    Med. 4, 213–226. Units: fractions of 1. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> [limit.round(6).item() for limit in miettinen_nurminen(TwoSamples.of(156, 373, 67, 237))]
    [0.057878, 0.209955]
    """
    return _inverted(lambda delta: score_statistic(samples, delta, unbiased=True), samples.difference, confidence)


def mee(samples: TwoSamples, confidence: float = 0.95) -> Bounds:
    """Mee's score interval: as Miettinen–Nurminen without the factor N/(N − 1).

    Source: Mee (1984), Biometrics 40, 1175–1176. Units: fractions of 1. Shape: the samples'. Errors: none; NaN where a
    wave has no answers.

    >>> [limit.round(6).item() for limit in mee(TwoSamples.of(156, 373, 67, 237))]
    [0.057943, 0.209895]
    """
    return _inverted(lambda delta: score_statistic(samples, delta, unbiased=False), samples.difference, confidence)


def score_noninferiority(samples: TwoSamples, margin: ArrayLike, *, unbiased: bool = True) -> Tested:
    """Is the later share less than ``margin`` below the earlier one? Score test for separate samples, one-sided.

    Formula: z = score_statistic at δ = −margin, p = 1 − Φ(z); ``unbiased`` is Miettinen–Nurminen's variance, without it
    the test is Farrington and Manning's. Source: Farrington & Manning (1990), Stat. Med. 9, 1447–1454.
    Units: margin a fraction of 1. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> round(score_noninferiority(TwoSamples.of(80, 100, 84, 100), 0.10).p.item(), 4)
    0.1365
    """
    z = score_statistic(samples, -as_numbers(margin), unbiased=unbiased)
    return Tested(z, ndtr(-z))


def _standardised(distance: Numbers, variance: Numbers) -> Numbers:
    """distance / √variance; infinite where the variance vanishes and the distance does not, 0 where both do."""
    spread = np.sqrt(np.maximum(variance, 0))
    without_spread = np.where(np.abs(distance) > 1e-12, np.copysign(np.inf, distance), 0.0)
    return np.where(spread == 0, without_spread, ratio(distance, spread))


def _inverted(statistic: Callable[[Numbers], Numbers], difference: Numbers, confidence: float) -> Bounds:
    """The supposed differences at which a statistic that falls with them is +z (low) and −z (high)."""
    z = normal_quantile(confidence)
    return Bounds(
        _crossing(statistic, z, 0 * difference - 1, difference),
        _crossing(statistic, -z, difference, 0 * difference + 1),
    )


def _crossing(statistic: Callable[[Numbers], Numbers], level: float, low: Numbers, high: Numbers) -> Numbers:
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = statistic(middle) > level
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    limit: Numbers = (low + high) / 2
    return limit


def _likeliest(samples: TwoSamples, delta: Numbers) -> tuple[Numbers, Numbers]:
    """The likeliest shares at both waves given their difference: the root of Farrington and Manning's cubic."""
    theta = ratio(samples.n_earlier, samples.n_later)
    later, earlier = samples.p_later, samples.p_earlier
    a = 1 + theta
    b = -(1 + theta + later + theta * earlier + delta * (theta + 2))
    c = delta**2 + delta * (2 * later + theta + 1) + later + theta * earlier
    d = -later * delta * (1 + delta)
    v = b**3 / (27 * a**3) - b * c / (6 * a**2) + d / (2 * a)
    u = np.where(v >= 0, 1.0, -1.0) * np.sqrt(np.maximum(b**2 / (9 * a**2) - c / (3 * a), 0))
    angle = (np.pi + np.arccos(np.clip(np.where(u == 0, 0.0, ratio(v, u**3)), -1, 1))) / 3
    root = 2 * u * np.cos(angle) - b / (3 * a)
    for _ in range(2):  # arccos loses digits near ±1: two steps of Newton bring them back
        slope = 3 * a * root**2 + 2 * b * root + c
        step = ratio((((a * root) + b) * root + c) * root + d, slope)
        root = np.where(np.abs(step) < 1e-3, root - step, root)
    root = np.clip(root, np.maximum(0, delta), np.minimum(1, 1 + delta))
    return root, root - delta

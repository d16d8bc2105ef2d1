"""Ratios of two separate shares, later over earlier: risk ratio, odds ratio, and the conditional odds ratio."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.independent import TwoSamples
from analysis.intervals import Bounds, Numbers, normal_quantile, ratio

HALVINGS = 80
FURTHEST = 40.0  # natural logarithm of the largest odds ratio looked for


def risk_ratio(samples: TwoSamples, confidence: float = 0.95) -> tuple[Numbers, Bounds]:
    """The share at the later wave over that at the earlier one, with Katz' interval.

    Formula: p₁/p₂ · exp(±z√(1/x₁ − 1/n₁ + 1/x₂ − 1/n₂)). Source: Katz, Baptista, Azen & Pike (1978), Biometrics 34,
    469–474. Units: ratio. Shape: the samples'. Errors: none; NaN limits where nobody said yes at a wave, infinite where
    nobody did at the earlier one.

    >>> value, bounds = risk_ratio(TwoSamples.of(156, 373, 67, 237))
    >>> value.round(4).item(), bounds.low.round(4).item(), bounds.high.round(4).item()
    (1.4794, 1.169, 1.8722)
    """
    (x1, n1), (x2, n2) = _by_wave(samples)
    variance = ratio(1, x1) - ratio(1, n1) + ratio(1, x2) - ratio(1, n2)
    return _with_limits(_quotient(samples.p_later, samples.p_earlier), variance, confidence)


def odds_ratio(samples: TwoSamples, confidence: float = 0.95) -> tuple[Numbers, Bounds]:
    """The odds of yes at the later wave over those at the earlier one, with Woolf's interval.

    Formula: ad/(bc) · exp(±z√(1/a + 1/b + 1/c + 1/d)). Source: Woolf (1955), Ann. Hum. Genet. 19, 251–253.
    Units: ratio. Shape: the samples'. Errors: none; NaN limits where a count is 0.

    >>> value, bounds = odds_ratio(TwoSamples.of(156, 373, 67, 237))
    >>> value.round(4).item(), bounds.low.round(4).item(), bounds.high.round(4).item()
    (1.8241, 1.2858, 2.5876)
    """
    (x1, n1), (x2, n2) = _by_wave(samples)
    variance = ratio(1, x1) + ratio(1, n1 - x1) + ratio(1, x2) + ratio(1, n2 - x2)
    return _with_limits(_quotient(x1 * (n2 - x2), (n1 - x1) * x2), variance, confidence)


def conditional_odds_ratio(samples: TwoSamples, confidence: float = 0.95) -> tuple[Numbers, Bounds]:
    """The odds ratio as Fisher's test sees it: likeliest value given all sums of the table, with its exact interval.

    Formula: the ω at which the noncentral hypergeometric mean is the count seen; limits at which the tail probability
    of the count seen is α/2. Source: Cornfield (1956); R fisher.test. Units: ratio. Shape: the samples'. Errors: none;
    NaN where a wave has no answers, infinite or 0 where the count is at its end.

    >>> value, bounds = conditional_odds_ratio(TwoSamples.of(156, 373, 67, 237))
    >>> value.round(4).item(), bounds.low.round(4).item(), bounds.high.round(4).item()
    (1.8223, 1.2687, 2.6331)
    """
    counts = (samples.x_later, samples.n_later, samples.x_earlier, samples.n_earlier)
    found = np.full((3, *samples.x_later.shape), np.nan)
    for place in np.ndindex(samples.x_later.shape):
        if samples.n_later[place] and samples.n_earlier[place]:
            found[(slice(None), *place)] = _of_table(*(int(count[place]) for count in counts), confidence)
    return found[0], Bounds(found[1], found[2])


def _by_wave(samples: TwoSamples) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
    return (samples.x_later, samples.n_later), (samples.x_earlier, samples.n_earlier)


def _quotient(part: Numbers, whole: Numbers) -> Numbers:
    return np.where((whole == 0) & (part > 0), np.inf, ratio(part, whole))


def _with_limits(value: Numbers, variance: Numbers, confidence: float) -> tuple[Numbers, Bounds]:
    factor = np.exp(normal_quantile(confidence) * np.sqrt(variance))
    known = np.isfinite(factor) & np.isfinite(value)
    return value, Bounds(np.where(known, value / factor, np.nan), np.where(known, value * factor, np.nan))


@lru_cache(maxsize=4096)
def _of_table(x1: int, n1: int, x2: int, n2: int, confidence: float) -> tuple[float, float, float]:
    total = x1 + x2
    first = np.arange(max(0, total - n2), min(n1, total) + 1)
    if len(first) == 1:
        return np.nan, 0.0, np.inf
    weights = -(
        gammaln(first + 1) + gammaln(n1 - first + 1) + gammaln(total - first + 1) + gammaln(n2 - total + first + 1)
    )

    def expected(chosen: NDArray[np.float64], log_odds: float) -> float:
        logs = weights + first * log_odds
        chances = np.exp(logs - logs.max())
        return float((chances * chosen).sum() / chances.sum())

    def crossing(chosen: NDArray[np.float64], level: float) -> float:
        low, high = -FURTHEST, FURTHEST
        rising = bool(chosen[-1] > chosen[0])
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if (expected(chosen, middle) < level) == rising else (low, middle)
        return float(np.exp((low + high) / 2))

    lowest, highest, tail = x1 == first[0], x1 == first[-1], (1 - confidence) / 2
    at_ends = 0.0 if lowest else np.inf
    value = at_ends if lowest or highest else crossing(first.astype(float), x1)
    low = 0.0 if lowest else crossing((first >= x1).astype(float), tail)
    high = np.inf if highest else crossing((first <= x1).astype(float), tail)
    return value, low, high

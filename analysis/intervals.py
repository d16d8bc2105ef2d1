"""Intervals of one proportion, and what the intervals and tests of two share."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri

Numbers = NDArray[np.float64]


class Bounds(NamedTuple):
    """Lower and upper limits, one of each for every element; NaN where there is nothing to say."""

    low: Numbers
    high: Numbers


class Tested(NamedTuple):
    """Statistic (NaN where the test has none) and two-sided p (NaN where it is not defined)."""

    statistic: Numbers
    p: Numbers


def as_numbers(values: ArrayLike) -> Numbers:
    return np.asarray(values, dtype=np.float64)


def ratio(part: ArrayLike, whole: ArrayLike) -> Numbers:
    """part / whole, NaN where the whole is zero."""
    part, whole = np.broadcast_arrays(as_numbers(part), as_numbers(whole))
    quotient: Numbers = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole != 0)
    return quotient


def normal_quantile(confidence: float) -> float:
    """The two-sided standard normal quantile: 1.96 for 0.95."""
    return float(ndtri(0.5 + confidence / 2))


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Bounds:
    """Wilson's score interval of a proportion, without continuity correction.

    Formula: (x + z²/2 ± z √(x(n−x)/n + z²/4)) / (n + z²).
    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209–212; Newcombe (1998), Stat. Med. 17, 857–872, method 3.
    Units: counts in, fractions of 1 out. Shapes: x and n broadcast. Errors: none; n = 0 gives NaN.

    >>> [limit.round(4).tolist() for limit in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    x, n = np.broadcast_arrays(as_numbers(x), as_numbers(n))
    z = normal_quantile(confidence)
    spread = z * np.sqrt(x * ratio(n - x, n) + z * z / 4)
    low, high = (ratio(x + z * z / 2 + sign * spread, n + z * z) for sign in (-1, 1))
    # the limits are exactly 0 and 1 there; rounding would leave a trace such as -1e-17
    return Bounds(np.where(x == 0, 0.0, low) + 0 * spread, np.where(x == n, 1.0, high) + 0 * spread)


def clopper_pearson(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Bounds:
    """The exact interval of a proportion, by quantiles of the beta distribution.

    Formula: low = B(α/2; x, n−x+1), high = B(1−α/2; x+1, n−x); 0 where x = 0, 1 where x = n.
    Source: Clopper & Pearson (1934), Biometrika 26, 404–413; R binom.test.
    Units: counts in, fractions of 1 out. Shapes: x and n broadcast. Errors: none; n = 0 gives 0 and 1.

    >>> [limit.round(4).tolist() for limit in clopper_pearson(81, 263)]
    [0.2527, 0.3676]
    """
    x, n = np.broadcast_arrays(as_numbers(x), as_numbers(n))
    tail = (1 - confidence) / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1), n - x + 1, tail), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail), 1.0)
    return Bounds(low, high)


def square_and_add(
    difference: Numbers, later: tuple[Numbers, Bounds], earlier: tuple[Numbers, Bounds], correlation: Any = 0.0
) -> Bounds:
    """Newcombe's hybrid: limits of a difference from the limits of its two proportions and their correlation φ.

    Formula: difference − √(u² − 2φuv + v²), with u = later − its lower limit and v = earlier's upper limit − earlier;
    the upper limit mirrors it. Source: Newcombe (1998), Stat. Med. 17, 873–890 (φ = 0) and 2635–2650.

    >>> square_and_add(np.array(0.5), (np.array(0.75), Bounds(np.array(0.45), np.array(0.95))),
    ...                (np.array(0.25), Bounds(np.array(0.05), np.array(0.65)))).low.item()
    0.0
    """
    (p_later, of_later), (p_earlier, of_earlier) = later, earlier

    def distance(u: Numbers, v: Numbers) -> Numbers:
        squared: Numbers = np.sqrt(np.maximum(u * u - 2 * correlation * u * v + v * v, 0))
        return squared

    below = distance(p_later - of_later.low, of_earlier.high - p_earlier)
    above = distance(of_later.high - p_later, p_earlier - of_earlier.low)
    return Bounds(np.maximum(difference - below, -1.0), np.minimum(difference + above, 1.0))

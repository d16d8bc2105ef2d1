"""The noncentral t distribution, and the noncentralities that a t value leaves possible: intervals of effect sizes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import chdtrc, chdtri, gammaln, ndtr, ndtri, xlogy

from analysis.intervals import Numbers, as_numbers

NODES = 200
FURTHEST = 9.0  # standard deviations: beyond them lies less than 1e-18
STEPS, CLOSE = 100, 1e-12


def noncentral_t(t: float, df: float, noncentrality: float) -> float:
    """P(T ≤ t) of a noncentral t variable.

    Formula: ∫ Φ(ts − δ) f(s) ds, s = √(χ²/df) with its density f, by Gauss and Legendre's rule where Φ is neither 0 nor
    1: to 1e-12 for whole df, to 1e-6 for fractions from 1 on. ``scipy.special.nctdtr`` agrees, but is NaN here and
    there. Source: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 31; R pt(ncp =).
    Errors: none; NaN where t or df is none.

    >>> round(noncentral_t(2.0, 9, 0.5), 9), round(noncentral_t(-2.0, 9, 0.5), 9)
    (0.905428864, 0.012863975)
    """
    return _chance_and_slope(t, df, noncentrality)[0]


def noncentrality_limits(t: float, df: float, confidence: float = 0.95) -> tuple[float, float]:
    """The noncentralities at which the t that was seen is just not surprising.

    Formula: δ with P(T ≤ t; δ) = ½ + confidence/2 (low) and ½ − confidence/2 (high), by Newton's method on the normal
    scale, where P is nearly straight. Source: Steiger & Fouladi (1997), in What If There Were No Significance Tests?,
    221–257; R uniroot on pt(ncp =). Errors: none; NaN where t or df is none.

    >>> [round(limit, 6) for limit in noncentrality_limits(2.5, 9)]
    [0.182944, 4.715412]
    """
    if not np.isfinite(t) or not df > 0:
        return float("nan"), float("nan")
    return _noncentrality(t, df, 0.5 + confidence / 2), _noncentrality(t, df, 0.5 - confidence / 2)


def _noncentrality(t: float, df: float, chance: float) -> float:
    aim, spread = float(ndtri(chance)), float(np.sqrt(1 + t * t / (2 * df)))
    at, low, high = t - aim * spread, -np.inf, np.inf
    for _ in range(STEPS):
        found, slope = _chance_and_slope(t, df, at)
        low, high = (at, high) if found > chance else (low, at)
        here = float(ndtri(np.clip(found, 1e-300, 1 - 1e-16)))
        density = float(np.exp(-here * here / 2) / np.sqrt(2 * np.pi))
        step = (here - aim) * (density / slope if slope > 0 else spread)
        to = at + float(np.clip(step, -spread, spread))
        if abs(to - at) < CLOSE * (1 + abs(at)):
            return to
        at = to if low < to < high else (low + high) / 2
    return at


def _chance_and_slope(t: float, df: float, noncentrality: float) -> tuple[float, float]:
    """P(T ≤ t), and how much it falls for every unit of noncentrality."""
    if t < 0:
        chance, slope = _chance_and_slope(-t, df, -noncentrality)
        return 1 - chance, slope
    if not t >= 0 or not df > 0:
        return float("nan"), float("nan")
    lowest, highest = max(0.0, 1 - FURTHEST / np.sqrt(2 * df)), float(np.sqrt(chdtri(df, 1e-18) / df))
    if t > 0:
        lowest = max(lowest, min(highest, (noncentrality - FURTHEST) / t))
        highest = max(lowest, min(highest, (noncentrality + FURTHEST) / t))
    points, weights = _rule()
    s = lowest + (highest - lowest) * (points + 1) / 2
    height = np.log(2) + df / 2 * np.log(df / 2) - gammaln(df / 2) + xlogy(df - 1, s) - df * s * s / 2
    mass = weights * (highest - lowest) / 2 * np.exp(height)
    z = t * s - noncentrality
    beyond = float(chdtrc(df, df * highest**2)) * float(ndtr(t * highest - noncentrality))
    return float(mass @ ndtr(z)) + beyond, float(mass @ np.exp(-z * z / 2)) / float(np.sqrt(2 * np.pi))


@lru_cache(maxsize=1)
def _rule() -> tuple[Numbers, Numbers]:
    points, weights = np.polynomial.legendre.leggauss(NODES)
    return as_numbers(points), as_numbers(weights)

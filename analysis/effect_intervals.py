"""Intervals of standardised effects: d_z and d_av of the same people, Hedges' g of two samples, rank-biserial.

The sizes themselves are in ``means`` and ``signed_ranks``. Limits of g are those of d times the factor of g itself.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

from analysis import means
from analysis.intervals import Numbers
from analysis.noncentral_t import noncentrality_limits
from analysis.rounding import differences, variance
from analysis.signed_ranks import rank_biserial, signed_ranks

Limits = tuple[float, float]
UNKNOWN: Limits = (float("nan"), float("nan"))
FEWEST_MOVED = 3


def d_z_limits(changes: Numbers, confidence: float = 0.95) -> Limits:
    """The interval of d_z that agrees with the paired t test: exact where changes are normal.

    Formula: noncentrality limits of t = √n·d_z on n − 1 degrees of freedom, over √n. Source: Steiger & Fouladi (1997);
    Goulet-Pelletier & Cousineau (2018), Quant. Methods Psychol. 14, 242–265. Shape: (n,). Errors: none; NaN as for d_z.

    >>> [round(limit, 4) for limit in d_z_limits(np.array([1.0, 2, 0, 3, -1]))]
    [-0.3709, 1.5756]
    """
    root = float(np.sqrt(max(len(changes), 1)))
    return _scaled(noncentrality_limits(means.d_z(changes) * root, len(changes) - 1.0, confidence), 1 / root)


def d_av_limits(later: Numbers, earlier: Numbers, confidence: float = 0.95) -> Limits:
    """Algina and Keselman's interval of d_av, which excludes 0 exactly where the paired t test rejects.

    Formula: the limits of d_z times s_d/√((s₁² + s₂²)/2); approximate, because that ratio is taken as known. Source:
    Algina & Keselman (2003), Educ. Psychol. Meas. 63, 537–553; Cumming (2012), ch. 11. Shapes: (n,), (n,). Errors:
    none; NaN as for d_av, and where all changes are alike.

    >>> [round(limit, 4) for limit in d_av_limits(np.array([3.0, 4, 6, 7]), np.array([2.0, 4, 4, 6]))]
    [-0.0803, 1.1943]
    """
    return _scaled(d_z_limits(differences(later, earlier), confidence), _spread_ratio(later, earlier))


def hedges_g_limits(later: Numbers, earlier: Numbers, confidence: float = 0.95) -> Limits:
    """The interval of Hedges' g of two separate samples: exact where answers are normal and spread alike.

    Formula: noncentrality limits of t = d/√(1/n₁ + 1/n₂) on n₁ + n₂ − 2 degrees of freedom, times √(1/n₁ + 1/n₂) and
    J(n₁ + n₂ − 2). Source: Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, ch. 5; Steiger & Fouladi
    (1997). Shapes: (n₁,), (n₂,). Errors: none; NaN as for hedges_g.

    >>> [round(limit, 4) for limit in hedges_g_limits(np.array([3.0, 4, 6, 7]), np.array([1.0, 2, 4]))]
    [-0.2205, 2.7501]
    """
    df = len(later) + len(earlier) - 2.0
    if not df > 1 or not len(later) or not len(earlier):
        return UNKNOWN
    unit, factor = float(np.sqrt(1 / len(later) + 1 / len(earlier))), means.small_sample_factor(df)
    t = means.hedges_g(later, earlier) / factor / unit
    return _scaled(noncentrality_limits(t, df, confidence), unit * factor)


def rank_biserial_limits(changes: Numbers, confidence: float = 0.95) -> Limits:
    """A jackknife interval of the matched-pairs rank-biserial correlation, on Fisher's scale.

    Formula: tanh(atanh r ± t(m − 1)·se/(1 − r²)) over the m who moved; se² = (m − 1)/m·Σ(r₋ᵢ − r̄)², r₋ᵢ without person
    i. It covers .95 to .99 in simulations from twenty people on; the variance that holds if nothing happened, as in R
    effectsize, covers .7 where the effect is strong. Source: Arvesen (1969), Ann. Math. Stat. 40, 2076–2100. Shape:
    (n,). Errors: none; NaN for fewer than three who moved, and where all moved one way, which shows no spread.

    >>> [round(limit, 4) for limit in rank_biserial_limits(np.array([2.0, 0, 1, 1, -1, 3]))]
    [-0.6803, 0.991]
    """
    moved = changes[changes != 0]
    m, r = len(moved), rank_biserial(signed_ranks(moved))
    if m < FEWEST_MOVED or not abs(r) < 1:
        return UNKNOWN
    without = _rank_biserials_without(moved)
    se = float(np.sqrt((m - 1) / m * ((without - without.mean()) ** 2).sum()))
    reach = float(stdtrit(m - 1, 0.5 + confidence / 2)) * se / (1 - r * r)
    return float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach))


def _rank_biserials_without(moved: Numbers) -> Numbers:
    """The coefficient without each person in turn: W⁺ − W⁻ is the sum of sgn(dᵢ + dⱼ) over i ≤ j."""
    m, ordered = len(moved), np.sort(moved)
    above = m - np.searchsorted(ordered, -moved, side="right")
    of_person = above - np.searchsorted(ordered, -moved, side="left")
    whole = (of_person.sum() + np.sign(moved).sum()) / 2
    without: Numbers = (whole - of_person) / ((m - 1) * m / 2)
    return without


def _spread_ratio(later: Numbers, earlier: Numbers) -> float:
    """The spread of the changes in units of d_av; NaN where there is none."""
    if len(later) < 2:
        return float("nan")
    average = math.sqrt((variance(later) + variance(earlier)) / 2)
    return math.sqrt(variance(differences(later, earlier))) / average if average else float("nan")


def _scaled(limits: Limits, factor: float) -> Limits:
    return limits[0] * factor, limits[1] * factor

"""Scores: means and their intervals, paired t and Welch, and effect sizes by their own names."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, stdtr, stdtrit

from analysis.intervals import Numbers
from analysis.rounding import variance

NAN = float("nan")


@dataclass(frozen=True)
class MeanChange:
    """A mean or a difference of means with its t test and t interval; NaN where there is too little to say."""

    value: float
    se: float
    df: float
    statistic: float
    p: float
    low: float
    high: float


def mean_change(value: float, se: float, df: float, confidence: float = 0.95) -> MeanChange:
    """The t test against 0 and the t interval of an estimate with its standard error and degrees of freedom.

    Formula: t = value/se; value ± t(df)·se. Source: Student (1908). Errors: none; neither test nor limits (NaN) without
    df (fewer than none are none) or se, nor where se is 0: where nobody differs nothing shows how far others would.

    >>> found = mean_change(1.0, 0.4, 10)
    >>> round(found.statistic, 3), round(found.p, 6), round(found.low, 4), round(found.high, 4)
    (2.5, 0.031447, 0.1087, 1.8913)
    """
    if not df > 0 or not se > 0:
        return MeanChange(value, se, df if df >= 0 else NAN, NAN, NAN, NAN, NAN)
    reach, t = float(stdtrit(df, 0.5 + confidence / 2)) * se, value / se
    return MeanChange(value, se, df, t, 2 * float(stdtr(df, -abs(t))), value - reach, value + reach)


def mean(values: Numbers, confidence: float = 0.95) -> MeanChange:
    """The mean of a score with its t interval; of differences within persons this is the paired t test.

    Formula: x̄ ± t(n − 1)·s/√n. Source: Student (1908), Biometrika 6, 1–25; R t.test. Shape: (n,). Errors: none; NaN
    for nobody, and without limits for one person or where all answers are alike.

    >>> found = mean(np.array([1.0, 2, 0, 3, -1]))
    >>> found.value, round(found.p, 6), round(found.low, 4), round(found.high, 4)
    (1.0, 0.2302, -0.9632, 2.9632)
    """
    n = len(values)
    if not n:
        return mean_change(NAN, NAN, NAN)
    se = math.sqrt(variance(values) / n)
    return mean_change(float(np.mean(values)), se, n - 1.0, confidence)


def welch(later: Numbers, earlier: Numbers, confidence: float = 0.95) -> MeanChange:
    """The difference of the means of two separate samples whose spreads may differ. The default for scores.

    Formula: (x̄₁ − x̄₂)/√(s₁²/n₁ + s₂²/n₂) on Satterthwaite's df. Source: Welch (1947), Biometrika 34, 28–35; R t.test.
    Shapes: (n₁,), (n₂,). Errors: none; NaN limits where a sample has fewer than two people or nobody differs in either.

    >>> found = welch(np.array([3.0, 4, 6, 7]), np.array([1.0, 2, 4]))
    >>> round(found.value, 4), round(found.df, 4), round(found.p, 6)
    (2.6667, 4.8613, 0.091239)
    """
    if not len(later) or not len(earlier):
        return mean_change(NAN, NAN, NAN)
    value = float(np.mean(later) - np.mean(earlier))
    if min(len(later), len(earlier)) < 2:
        return mean_change(value, NAN, NAN)
    parts = [variance(sample) / len(sample) for sample in (later, earlier)]
    both = sum(parts)
    if not both:
        return mean_change(value, 0.0, len(later) + len(earlier) - 2.0, confidence)
    df = 1 / sum((part / both) ** 2 / (len(s) - 1) for part, s in zip(parts, (later, earlier), strict=True))
    return mean_change(value, math.sqrt(both), df, confidence)


def small_sample_factor(df: float) -> float:
    """Hedges' factor that takes the bias out of a standardised difference.

    Formula: J = Γ(df/2)/(√(df/2) Γ((df − 1)/2)), exact (not 1 − 3/(4df − 1)).
    Source: Hedges (1981), J. Educ. Stat. 6, 107–128. Errors: none; NaN for df ≤ 1.

    >>> round(small_sample_factor(10), 6)
    0.922746
    """
    return float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)) if df > 1 else NAN


def slope(x: Numbers, y: Numbers) -> float:
    """The least-squares slope of y on x; of changes on first answers it is below 0 even where nobody changed.

    Formula: Σ(x − x̄)(y − ȳ)/Σ(x − x̄)². People who started low by chance answer higher the next time (regression to the
    mean), so the slope says nothing of whom the activity helped. Source: Bland & Altman (1994), BMJ 308, 1499; R lm.
    Units: those of y for one of x. Shapes: (people,) each. Errors: none; NaN where x does not vary.

    >>> round(slope(np.array([1.0, 2, 3, 4]), np.array([2.0, 1, 1, 0])), 6)
    -0.6
    """
    if not variance(x) > 0:
        return NAN
    around = x - x.mean()
    return float(around @ y) / float(around @ around)


def d_z(differences: Numbers) -> float:
    """Mean change over the standard deviation of the changes: what the paired t test sees. It is not d_av.

    Formula: mean(d)/sd(d). Source: Cohen (1988), ch. 2; Lakens (2013), Front. Psychol. 4:863. Shape: (n,).
    Errors: none; NaN for fewer than two people or where all changes are alike.

    >>> round(d_z(np.array([1.0, 2, 0, 3, -1])), 6)
    0.632456
    """
    spread = math.sqrt(variance(differences))
    return float(np.mean(differences)) / spread if spread > 0 else NAN


def d_av(later: Numbers, earlier: Numbers) -> float:
    """Mean change over the root of the mean of both waves' variances: comparable with separate samples.

    Formula: (x̄₁ − x̄₂)/√((s₁² + s₂²)/2). Source: Cumming (2012), Understanding the New Statistics; Lakens (2013).
    Shapes: (n,), (n,). Errors: none; NaN for fewer than two people or where nobody differs.

    >>> round(d_av(np.array([3.0, 4, 6, 7]), np.array([2.0, 4, 4, 6])), 6)
    0.57735
    """
    if len(later) < 2 or len(earlier) < 2:
        return NAN
    spread = math.sqrt((variance(later) + variance(earlier)) / 2)
    return float(np.mean(later) - np.mean(earlier)) / spread if spread else NAN


def g_z(differences: Numbers) -> float:
    """d_z times Hedges' factor with n − 1 degrees of freedom.

    Source: Hedges (1981). Shape: (n,). Errors: none; NaN as for d_z.

    >>> round(g_z(np.array([1.0, 2, 0, 3, -1])), 6)
    0.504627
    """
    return d_z(differences) * small_sample_factor(len(differences) - 1)


def g_av(later: Numbers, earlier: Numbers) -> float:
    """d_av times Hedges' factor with n − 1 degrees of freedom, n pairs (some programs use 2(n − 1), which is larger).

    Source: Hedges (1981); Cumming (2012). Shapes: (n,), (n,). Errors: none; NaN as for d_av.

    >>> round(g_av(np.array([3.0, 4, 6, 7]), np.array([2.0, 4, 4, 6])), 6)
    0.417771
    """
    return d_av(later, earlier) * small_sample_factor(len(later) - 1)


def hedges_g(later: Numbers, earlier: Numbers) -> float:
    """The difference of the means of two separate samples over their pooled standard deviation, bias removed.

    Formula: J(n₁ + n₂ − 2)·(x̄₁ − x̄₂)/√(((n₁ − 1)s₁² + (n₂ − 1)s₂²)/(n₁ + n₂ − 2)). Source: Hedges (1981).
    Shapes: (n₁,), (n₂,). Errors: none; NaN where a sample has fewer than two people or nobody differs.

    >>> round(hedges_g(np.array([3.0, 4, 6, 7]), np.array([1.0, 2, 4])), 6)
    1.309044
    """
    n1, n2 = len(later), len(earlier)
    if min(n1, n2) < 2:
        return NAN
    pooled = ((n1 - 1) * variance(later) + (n2 - 1) * variance(earlier)) / (n1 + n2 - 2)
    if not pooled:
        return NAN
    return float(np.mean(later) - np.mean(earlier)) / float(np.sqrt(pooled)) * small_sample_factor(n1 + n2 - 2)

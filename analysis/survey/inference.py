"""Intervals and tests from estimates and their standard errors.

Arguments are arrays of shapes that broadcast, results have the common shape and the units of the estimates. Nothing is
raised: NaN, and whatever cannot be known, gives NaN.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.survey.arrays import Floats

Interval = tuple[Floats, Floats]
RANK = 1e-12  # eigenvalues below this share of the largest count as 0


def t_quantile(level: float, df: Floats) -> Floats:
    """Upper (1 + level)/2 quantile of Student's t; NaN for df < 1. R: ``qt``.

    >>> t_quantile(0.95, np.array([10.0, 0.0])).round(9).tolist()
    [2.228138852, nan]
    """
    df = np.asarray(df, dtype=float)
    found: Floats = np.where(df >= 1, special.stdtrit(np.maximum(df, 1), (1 + level) / 2), np.nan)
    return found


def t_interval(estimate: Floats, se: Floats, df: Floats, level: float = 0.95) -> Interval:
    """estimate ± t·se, with t on ``df``; NaN where se is 0, since clusters that do not differ show nothing.

    R: ``confint(svymean(…), df = degf(design))``.

    >>> [round(float(limit), 6) for limit in t_interval(np.array(0.5), np.array(0.1), np.array(10.0))]
    [0.277186, 0.722814]
    """
    reach = t_quantile(level, df) * np.where(np.asarray(se) > 0, se, np.nan)
    return estimate - reach, estimate + reach


def logit_interval(p: Floats, se: Floats, df: Floats, level: float = 0.95) -> Interval:
    """Interval of a proportion on the log-odds scale: logit p ± t·se/(p(1 − p)), brought back. NaN for p of 0 or 1.

    R: ``svyciprop(method = "logit")``. Source: Lumley, *Complex Surveys* (2010), §2.3.

    >>> [round(float(limit), 6) for limit in logit_interval(np.array(0.9), np.array(0.05), np.array(10.0))]
    [0.722996, 0.968783]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = t_quantile(level, df) * se / (p * (1 - p))
        centre = np.log(p / (1 - p))
        inside = (p > 0) & (p < 1)
        low, high = (np.where(inside, special.expit(centre + sign * reach), np.nan) for sign in (-1, 1))
    return low, high


def arcsine_interval(p: Floats, se: Floats, df: Floats, level: float = 0.95) -> Interval:
    """Interval of a proportion on the scale of arcsin √p, with se/(2√(p(1 − p))). NaN for p of 0 or 1.

    R: ``svyciprop(method = "asin")``, except that limits beyond 0 and 1 stop there.

    >>> [round(float(limit), 6) for limit in arcsine_interval(np.array(0.9), np.array(0.05), np.array(10.0))]
    [0.76387, 0.981598]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = t_quantile(level, df) * se / (2 * np.sqrt(p * (1 - p)))
    centre = np.arcsin(np.sqrt(p))
    return np.sin(np.maximum(centre - reach, 0)) ** 2, np.sin(np.minimum(centre + reach, np.pi / 2)) ** 2


def beta_interval(p: Floats, se: Floats, df: Floats, n: Floats, level: float = 0.95) -> Interval:
    """Clopper–Pearson interval on an effective sample size (Korn & Graubard); defined also for p of 0 and 1.

    Formula: n* = p(1 − p)/se² · (t_{n−1}/t_df)², limits the quantiles of Beta(n*p, n*(1−p) + 1) and Beta(n*p + 1,
    n*(1−p)). Where se is 0, n* = n · (t_{n−1}/t_df)², as in R's ``svyciprop(method = "beta")`` otherwise, which has no
    answer there. Source: Korn & Graubard, *Survey Methodology* 24 (1998) 193–201.

    >>> [round(float(limit), 4) for limit in beta_interval(*np.array([0.0, 0.0, 29.0, 30.0]))]  # Clopper–Pearson
    [0.0, 0.1157]
    """
    p, se, n, tail = np.asarray(p), np.asarray(se), np.asarray(n, dtype=float), (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(se > 0, p * (1 - p) / se**2, n) * (t_quantile(level, n - 1) / t_quantile(level, df)) ** 2
        low = np.where(p > 0, special.betaincinv(size * p, size * (1 - p) + 1, tail), 0.0)
        high = np.where(p < 1, special.betaincinv(size * p + 1, size * (1 - p), 1 - tail), 1.0)
    known = ~np.isnan(size)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def t_test(estimate: Floats, se: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Two-sided test that the estimate is 0: t = estimate/se and p; NaN where se is 0 or df < 1.

    >>> statistic, p = t_test(np.array(2.0), np.array(1.0), np.array(10.0))
    >>> float(statistic), round(float(p), 9)
    (2.0, 0.073388035)
    """
    df = np.asarray(df, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(np.asarray(se) > 0, estimate / se, np.nan)
    p = np.where(df >= 1, 2 * special.stdtr(np.maximum(df, 1), -np.abs(statistic)), np.nan)
    return statistic, p


def wald_test(estimates: Floats, covariance: Floats, df: Floats) -> tuple[Floats, Floats, Floats]:
    """Joint test that all of several estimates are 0: F = θᵀV⁻¹θ/q on (q, df), q and p; q is the rank of V.

    ``estimates`` (…, m), ``covariance`` (…, m, m), ``df`` (…); NaN where anything is unknown, V is 0 or df < 1.
    R: ``regTermTest(…, df = )``.

    >>> [round(float(value), 9) for value in wald_test(np.array([1.0, 2.0]), np.eye(2), np.array(10.0))]
    [2.5, 2.0, 0.131687243]
    """
    known = np.isfinite(estimates).all(axis=-1) & np.isfinite(covariance).all(axis=(-2, -1)) & (df >= 1)
    matrix = np.where(known[..., None, None], covariance, 0.0)
    rank = np.asarray(np.linalg.matrix_rank(matrix, rtol=RANK, hermitian=True), dtype=float)
    known &= rank > 0
    theta = np.where(known[..., None], estimates, 0.0)[..., None]
    distance = (np.swapaxes(theta, -1, -2) @ np.linalg.pinv(matrix, rcond=RANK, hermitian=True) @ theta)[..., 0, 0]
    rank = np.where(known, rank, np.nan)
    f = distance / rank
    return f, rank, np.where(known, special.fdtrc(rank, np.maximum(df, 1), f), np.nan)

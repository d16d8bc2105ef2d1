"""Least squares and logistic regression by maximum likelihood, and tests of their coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, expit

from analysis.intervals import Numbers
from analysis.survey.errors import SurveyError

STEPS = 60
FAR = 20.0  # log-odds beyond which a fitted share is 0 or 1 for any purpose
SETTLED = 1e-12
REPEATING = 1e-10  # smallest eigenvalue of the columns, each scaled to 1


@dataclass(frozen=True)
class Fit:
    """A regression: y (n,) on the columns of x (n, k). ``weight`` is 1, or μ(1 − μ) for log-odds."""

    y: Numbers
    x: Numbers
    coefficients: Numbers  # (k,)
    fitted: Numbers  # (n,) in the units of y
    weight: Numbers  # (n,)
    bread: Numbers  # (k, k) (XᵀWX)⁻¹

    @property
    def scores(self) -> Numbers:
        """What each row adds to the estimating equations, x(y − μ): (n, k)."""
        scores: Numbers = self.x * (self.y - self.fitted)[:, None]
        return scores


def fit_linear(y: Numbers, x: Numbers) -> Fit:
    """Ordinary least squares; of a yes/no answer it is the linear probability model.

    Formula: β = (XᵀX)⁻¹Xᵀy. Source: Angrist & Pischke (2009), Mostly Harmless Econometrics, ch. 3. Units: those of y.
    Shapes: y (n,), x (n, k) with its own column of ones. Errors: SurveyError ``no_rows``, ``collinear``.

    >>> made = fit_linear(np.array([0.0, 1, 1, 1]), np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]]))
    >>> made.coefficients.round(9).tolist()
    [0.5, 0.5]
    """
    bread = information_inverse(x)
    coefficients = bread @ (x.T @ y)
    coefficients = coefficients + bread @ (x.T @ (y - x @ coefficients))  # takes out what rounding left
    return Fit(y, x, coefficients, x @ coefficients, np.ones(len(y)), bread)


def fit_logistic(y: Numbers, x: Numbers) -> Fit:
    """Logistic regression by maximum likelihood.

    Formula: Σ x(y − expit(xᵀβ)) = 0 by Newton's method, from even odds. Source: McCullagh & Nelder (1989), Generalized
    Linear Models, ch. 4; R glm(family = binomial). Units: log-odds. Shapes: y (n,) in 0 … 1, x (n, k) with its own
    column of ones. Errors: SurveyError ``no_rows``, ``collinear``, ``separated`` where a group is all yes or all no.

    >>> made = fit_logistic(np.array([0.0, 1, 1, 1, 0, 1, 1]), np.array([[1.0, 0]] * 3 + [[1.0, 1]] * 4))
    >>> made.coefficients.round(6).tolist(), made.fitted.round(6).tolist()[-1]
    ([0.693147, 0.405465], 0.75)
    """
    information_inverse(x)
    coefficients, predictor = np.zeros(x.shape[1]), np.zeros(len(y))
    for _ in range(STEPS):
        fitted = expit(predictor)
        weight = fitted * (1 - fitted)
        bread = np.linalg.inv((x * weight[:, None]).T @ x)
        step = bread @ (x.T @ (y - fitted))
        if np.abs(step).max(initial=0) < SETTLED * (1 + np.abs(coefficients).max()):
            return Fit(y, x, coefficients, fitted, weight, bread)
        coefficients = coefficients + step
        predictor = x @ coefficients
        if np.abs(predictor).max() > FAR:
            break
    raise SurveyError("separated")


def wald(coefficients: Numbers, covariance: Numbers, contrasts: Numbers) -> tuple[float, int, float]:
    """Wald's χ² test that contrasts of coefficients are all 0: statistic, degrees of freedom, p.

    Formula: (Cβ)ᵀ(CVCᵀ)⁻¹Cβ. Source: Wald (1943), Trans. Am. Math. Soc. 54, 426–482. Shapes: (k,), (k, k), (c, k).
    Errors: none; NaN where the covariance is not regular.

    >>> statistic, df, p = wald(np.array([1.0, 2.0]), np.eye(2), np.eye(2))
    >>> statistic, df, round(p, 6)
    (5.0, 2, 0.082085)
    """
    values, spread = contrasts @ coefficients, contrasts @ covariance @ contrasts.T
    if not np.isfinite(spread).all() or np.linalg.matrix_rank(spread, hermitian=True) < len(values):
        return float("nan"), len(values), float("nan")
    statistic = float(values @ np.linalg.solve(spread, values))
    return statistic, len(values), float(chdtrc(len(values), statistic))


def information_inverse(x: Numbers) -> Numbers:
    """(XᵀX)⁻¹, refused where columns repeat one another.

    Shape: (n, k) to (k, k). Errors: SurveyError ``no_rows``, ``collinear``.

    >>> information_inverse(np.array([[1.0, 0], [1, 1]])).tolist()
    [[1.0, -1.0], [-1.0, 2.0]]
    """
    if not len(x):
        raise SurveyError("no_rows")
    information = x.T @ x
    scale = np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
    alike = information / np.outer(scale, scale)
    if np.linalg.eigvalsh(alike)[0] < REPEATING:
        raise SurveyError("collinear")
    inverse: Numbers = np.linalg.inv(alike) / np.outer(scale, scale)
    return inverse

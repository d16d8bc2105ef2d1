"""Linear and logistic regression of survey data, with design-based (sandwich) covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from analysis.survey.arrays import Booleans, Floats
from analysis.survey.design import SurveyDesign
from analysis.survey.errors import SurveyError
from analysis.survey.variance import covariance_of_scores, df_of_rows

STEPS = 60
FAR = 25.0  # log-odds beyond which a fitted share is 0 or 1 for any purpose


@dataclass(frozen=True)
class Regression:
    coefficients: Floats  # (k,)
    covariance: Floats  # (k, k)
    df: int  # PSUs − strata + 1 − k, as R's svyglm
    n: int

    @property
    def se(self) -> Floats:
        se: Floats = np.sqrt(np.diag(self.covariance))
        return se


def regress(
    y: Floats,
    x: Floats,
    design: SurveyDesign,
    link: Literal["identity", "logit"] = "identity",
    used: Booleans | None = None,
) -> Regression:
    """Weighted regression of y (rows,) on the columns of x (rows, k), which holds its own column of ones.

    Formula: Σ w x (y − μ) = 0 with μ = xᵀβ or expit(xᵀβ); covariance A⁻¹ V A⁻¹, A = Σ w μ' x xᵀ, V the design-based
    variance of Σ w x (y − μ). Units: those of y, or log-odds. Rows that are not ``used`` and rows with NaN in y or x
    form no part of the domain. y may be a fraction. R: ``svyglm(family = gaussian | quasibinomial)``, df as there.
    Source: Binder, *International Statistical Review* 51 (1983) 279–292.

    Errors: SurveyError ``no_rows``, ``collinear`` columns, ``separated`` groups (all yes or all no under ``logit``).

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(6), cluster=np.array([0, 0, 1, 1, 2, 2]))
    >>> wave = np.array([0.0, 1.0] * 3)
    >>> made = regress(np.array([0.0, 1, 0, 0, 1, 1]), np.stack([np.ones(6), wave], axis=1), design)
    >>> made.coefficients.round(6).tolist(), made.se.round(6).tolist(), made.df
    ([0.333333, 0.333333], [0.333333, 0.333333], 1)
    """
    rows = ~np.isnan(y) & ~np.isnan(x).any(axis=1)
    rows = rows if used is None else rows & used
    if not rows.any():
        raise SurveyError("no_rows")
    columns, answers, weight = x[rows], y[rows], design.weight[rows] / design.weight[rows].mean()
    solve = _linear if link == "identity" else _logistic
    coefficients, fitted, slope = solve(answers, columns, weight)
    try:
        bread = np.linalg.inv((columns * (weight * slope)[:, None]).T @ columns)
    except np.linalg.LinAlgError:  # weights so far apart that most people count for nothing
        raise SurveyError("collinear") from None
    scores = np.zeros((design.rows, x.shape[1]))
    scores[rows] = (columns * (weight * (answers - fitted))[:, None]) @ bread
    covariance = covariance_of_scores(scores, design, rows)
    return Regression(coefficients, covariance, df_of_rows(design, rows) + 1 - x.shape[1], int(rows.sum()))


Solution = tuple[Floats, Floats, Floats]  # coefficients, fitted values, their slope on the linear predictor


def _least_squares(y: Floats, x: Floats, weight: Floats) -> Floats:
    root = np.sqrt(weight)
    coefficients, _, rank, _ = np.linalg.lstsq(x * root[:, None], y * root, rcond=1e-10)
    if rank < x.shape[1]:
        raise SurveyError("collinear")
    return np.asarray(coefficients, dtype=np.float64)


def _linear(y: Floats, x: Floats, weight: Floats) -> Solution:
    coefficients = _least_squares(y, x, weight)
    return coefficients, x @ coefficients, np.ones(len(y))


def _logistic(y: Floats, x: Floats, weight: Floats) -> Solution:
    """Newton's method as repeated weighted least squares, from the shares drawn halfway to one half."""
    fitted = (y + 0.5) / 2
    predictor = special.logit(fitted)
    for _ in range(STEPS):
        slope = fitted * (1 - fitted)
        coefficients = _least_squares(predictor + (y - fitted) / slope, x, weight * slope)
        previous, predictor = predictor, x @ coefficients
        if np.abs(predictor).max() > FAR:
            break
        fitted = special.expit(predictor)
        if np.abs(predictor - previous).max() < 1e-12 * (1 + np.abs(predictor).max()):
            return coefficients, fitted, fitted * (1 - fitted)
    raise SurveyError("separated")

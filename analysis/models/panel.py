"""People seen at several waves: population-average logistic models by generalised estimating equations (GEE)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, ndtr

from analysis.intervals import Numbers, as_numbers, normal_quantile
from analysis.models.clustered import Codes
from analysis.models.fitting import FAR, fit_logistic
from analysis.survey.errors import SurveyError

Working = Literal["exchangeable", "independence"]
STEPS = 200
PATIENCE = 25
LOWEST = 0.9  # of the way to the correlation at which a large group would weigh without bounds
SETTLED = 1e-9


@dataclass(frozen=True)
class PanelModel:
    """Coefficients on the log-odds scale with their robust covariance; ``alpha`` is the working correlation."""

    coefficients: Numbers  # (k,)
    covariance: Numbers  # (k, k)
    alpha: float
    scale: float
    persons: int
    answers: int


@dataclass(frozen=True)
class Contrast:
    """An estimate with its normal test and interval."""

    value: float
    se: float
    z: float
    p: float
    low: float
    high: float


def gee_logit(
    y: Numbers,
    x: Numbers,
    person: Codes,
    *,
    working: Working = "exchangeable",
    weight: Numbers | None = None,
    small_sample: bool = False,
) -> PanelModel:
    """A logistic model of everybody's answers at all waves, whoever missed some; robust to how answers hang together.

    Formula: Σ X'A^½R⁻¹A^-½w(y − μ) = 0 over persons, A = μ(1 − μ), R = (1 − α)I + αJ; α is the mean product of Pearson
    residuals of a person over their mean square φ (``scale``). Covariance: the sandwich of the persons' scores;
    ``small_sample`` takes (I − H)⁻¹ times the residuals (Mancl & DeRouen, CR3). It supposes that answers are missing
    completely at random, or at random given x under the right R; ``weight`` (of rows) repairs it under its own model.
    Source: Liang & Zeger (1986), Biometrika 73, 13–22; R geepack::geeglm. Units: log-odds. Shapes: y (n,), x (n, k),
    person (n,), weight (n,). Errors: SurveyError ``no_rows``, ``collinear``, ``separated``, ``one_cluster``.

    >>> y = np.array([0.0, 1, 0, 0, 1, 1, 0, 1, 1]); wave = np.array([0.0, 1] * 4 + [1])
    >>> made = gee_logit(y, np.column_stack([np.ones(9), wave]), np.array([0, 0, 1, 1, 2, 2, 3, 3, 4]))
    >>> made.coefficients.round(4).tolist(), round(made.alpha, 4)
    ([-0.9932, 2.3795], 0.3652)
    """
    start = fit_logistic(y, x)  # refuses what no working correlation makes estimable
    order = np.argsort(person, kind="stable")
    y, x = y[order], x[order]
    codes = np.unique(person[order], return_inverse=True)[1]
    root = np.ones(len(y)) if weight is None else np.sqrt(weight[order] / weight.mean())
    if codes[-1] < 1:
        raise SurveyError("one_cluster")
    people = np.bincount(codes)
    beta, alpha, scale = start.coefficients, 0.0, 1.0
    for step_at in range(STEPS):
        mu, blocks = _whitened(x, beta, codes, root, alpha, people)
        left, right = blocks
        bread = _bread(left, right)
        residual = root * (y - mu) / np.sqrt(mu * (1 - mu))
        step = bread @ (left.T @ residual)
        beta = beta + step
        if np.abs(x @ beta).max() > FAR:
            raise SurveyError("separated")
        before, (alpha, scale) = alpha, _correlation(y, x, beta, codes, people, root, working)
        if step_at > PATIENCE:  # coefficients and correlation chase each other: half steps settle
            alpha = (before + alpha) / 2
        if max(np.abs(step).max(), abs(alpha - before)) < SETTLED:
            return _with_covariance((y, x, codes, root), (beta, alpha, scale), small_sample)
    raise SurveyError("separated")


def contrast(model: PanelModel, factors: Numbers, confidence: float = 0.95) -> Contrast:
    """A contrast (k,) of coefficients: a difference of log-odds with its normal test; exp of it is an odds ratio.

    Formula: c'β ± z√(c'Vc). Source: Liang & Zeger (1986). Units: log-odds. Errors: none.

    >>> made = contrast(PanelModel(np.array([0.0, 1.0]), np.eye(2) / 4, 0.0, 1.0, 9, 18), np.array([0.0, 1.0]))
    >>> made.value, made.z, round(made.p, 6)
    (1.0, 2.0, 0.0455)
    """
    return normal_contrast(float(factors @ model.coefficients), float(factors @ model.covariance @ factors), confidence)


def difference_of_shares(model: PanelModel, later: Numbers, earlier: Numbers, confidence: float = 0.95) -> Contrast:
    """The difference of the shares that the model gives for two rows of columns (k,), by the delta method.

    Formula: expit(x₁'β) − expit(x₀'β), gradient Σ ±p(1 − p)x. Source: Oehlert (1992), Am. Stat. 46, 27–29. Units:
    fractions of 1. Errors: none.

    >>> made = PanelModel(np.array([0.0, 1.0]), np.eye(2) / 4, 0.0, 1.0, 9, 18)
    >>> found = difference_of_shares(made, np.array([1.0, 1]), np.array([1.0, 0]))
    >>> round(found.value, 6), round(found.se, 6)
    (0.231059, 0.101866)
    """
    shares = [share(model, row, confidence) for row in (later, earlier)]
    slopes = [one.value * (1 - one.value) for one in shares]
    gradient = slopes[0] * later - slopes[1] * earlier
    return normal_contrast(shares[0].value - shares[1].value, float(gradient @ model.covariance @ gradient), confidence)


def share(model: PanelModel, row: Numbers, confidence: float = 0.95) -> Contrast:
    """The share that the model gives for a row of columns (k,), by the delta method.

    Formula: p = expit(x'β), se p(1 − p)√(x'Vx); the interval is that of the log-odds, carried over. Source: Oehlert
    (1992). Units: fractions of 1; z and p are of the log-odds against 0. Errors: none.

    >>> found = share(PanelModel(np.array([0.0]), np.eye(1) / 4, 0.0, 1.0, 9, 18), np.array([1.0]))
    >>> found.value, found.se, round(found.low, 4)
    (0.5, 0.125, 0.2729)
    """
    odds = contrast(model, row, confidence)
    p = float(expit(odds.value))
    return Contrast(p, p * (1 - p) * odds.se, odds.z, odds.p, float(expit(odds.low)), float(expit(odds.high)))


def normal_contrast(value: float, variance: float, confidence: float = 0.95) -> Contrast:
    """An estimate with its variance, tested and bounded by normal quantiles.

    Formula: value ± z√variance. Source: Wald (1943). Units: those of the value. Errors: none; neither test nor limits
    (NaN) for variance 0.

    >>> round(normal_contrast(1.0, 0.25).p, 6)
    0.0455
    """
    se = float(np.sqrt(max(variance, 0.0)))
    z = value / se if se > 0 else float("nan")
    reach = normal_quantile(confidence) * se if se > 0 else float("nan")
    return Contrast(value, se, z, 2 * float(ndtr(-abs(z))), value - reach, value + reach)


def _whitened(
    x: Numbers, beta: Numbers, codes: Codes, root: Numbers, alpha: float, people: Codes
) -> tuple[Numbers, tuple[Numbers, Numbers]]:
    """Fitted shares, and R⁻¹D and D with D = √w A^½ X: rows of a person are centred by their sum."""
    mu = expit(x @ beta)
    slope = x * (root * np.sqrt(mu * (1 - mu)))[:, None]
    return mu, (_inverted(slope, codes, alpha, people), slope)


def _inverted(columns: Numbers, codes: Codes, alpha: float, people: Codes) -> Numbers:
    """R⁻¹ times columns, R = (1 − α)I + αJ within persons."""
    if alpha == 0:
        return columns
    sums = np.stack([np.bincount(codes, weights=column) for column in columns.T], axis=1)
    share_of_sum = alpha / (1 + (people - 1) * alpha)
    inverted: Numbers = (columns - (share_of_sum[:, None] * sums)[codes]) / (1 - alpha)
    return inverted


def _bread(left: Numbers, right: Numbers) -> Numbers:
    return as_numbers(np.linalg.inv(left.T @ right))


def _correlation(
    y: Numbers, x: Numbers, beta: Numbers, codes: Codes, people: Codes, root: Numbers, working: Working
) -> tuple[float, float]:
    """α and φ by moments: products and squares of the Pearson residuals."""
    mu = expit(x @ beta)
    residual = root * (y - mu) / np.sqrt(mu * (1 - mu))
    scale = float((residual**2).sum() / len(y))
    pairs = float((people * (people - 1)).sum()) / 2
    if working == "independence" or not pairs or not scale:
        return 0.0, scale
    products = float((np.bincount(codes, weights=residual) ** 2).sum() - (residual**2).sum()) / 2
    lowest = -LOWEST / (people.max() - 1)
    return float(np.clip(products / pairs / scale, lowest, 1 - 1e-6)), scale


def _with_covariance(
    data: tuple[Numbers, Numbers, Codes, Numbers], found: tuple[Numbers, float, float], small_sample: bool
) -> PanelModel:
    y, x, codes, root = data
    beta, alpha, scale = found
    people = np.bincount(codes)
    mu, (left, right) = _whitened(x, beta, codes, root, alpha, people)
    bread = _bread(left, right)
    residual = root * (y - mu) / np.sqrt(mu * (1 - mu))
    if small_sample:
        residual = _leverage_removed(residual, left, right, bread, people)
    scores = np.stack([np.bincount(codes, weights=column) for column in (left * residual[:, None]).T], axis=1)
    covariance = bread @ (scores.T @ scores) @ bread
    return PanelModel(beta, covariance, alpha, scale, len(people), len(y))


def _leverage_removed(residual: Numbers, left: Numbers, right: Numbers, bread: Numbers, people: Codes) -> Numbers:
    """(I − H)⁻¹ times the residuals of each person, H = D M D'R⁻¹."""
    first = np.concatenate([[0], np.cumsum(people)[:-1]])
    cleared = residual.copy()
    for size in np.unique(people):
        rows = first[people == size][:, None] + np.arange(size)
        hat = right[rows] @ bread @ np.swapaxes(left[rows], 1, 2)
        cleared[rows] = np.linalg.solve(np.eye(size) - hat, residual[rows][:, :, None])[:, :, 0]
    return cleared

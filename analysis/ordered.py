"""Ordered and repeated answers as tables: Stuart–Maxwell, Cochran's Q, Cochran–Armitage, proportional odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, expit, logit, ndtr

from analysis.intervals import Numbers, as_numbers, normal_quantile

NAN = float("nan")
STEPS, CLOSE = 100, 1e-10


@dataclass(frozen=True)
class ChiSquare:
    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class OddsModel:
    """The common odds ratio of answering higher at the later wave, its logarithm, Wald test and interval."""

    log_odds: float
    se: float
    z: float
    p: float
    odds_ratio: float
    low: float
    high: float


def crosstable(earlier: Numbers, later: Numbers) -> NDArray[np.float64]:
    """Counts of pairs by level earlier (rows) and later (columns), the levels that occur at either wave in order.

    >>> crosstable(np.array([1.0, 2, 2]), np.array([2.0, 2, 4])).tolist()
    [[0.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """
    levels, codes = np.unique(np.concatenate([earlier, later]), return_inverse=True)
    size = len(levels)
    cells = codes[: len(earlier)] * size + codes[len(earlier) :]
    return np.bincount(cells, minlength=size * size).reshape(size, size).astype(np.float64)


def stuart_maxwell(table: Numbers) -> ChiSquare:
    """Did the distribution over the levels change? Marginal homogeneity of a square table of pairs.

    Formula: d′V⁻¹d over all levels but the last that somebody moved to or from, d = row less column sums,
    V = diag(row + column sums − 2 diagonal) − (n_ij + n_ji). Source: Stuart (1955), Biometrika 42, 412–416; Maxwell
    (1970); R coin mh_test. Shape: (k, k). Errors: none; NaN where nobody moved.

    >>> found = stuart_maxwell(np.array([[20.0, 10, 5], [3, 30, 15], [0, 5, 40]]))
    >>> round(found.statistic, 4), found.df, round(found.p, 6)
    (13.7647, 2, 0.001026)
    """
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    moved = rows + columns - 2 * np.diag(table) > 0
    table, d = table[np.ix_(moved, moved)], (rows - columns)[moved][:-1]
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    covariance = (np.diag(rows + columns) - table - table.T)[:-1, :-1]
    if not len(d) or np.linalg.matrix_rank(covariance) < len(d):
        return ChiSquare(NAN, 0, NAN)
    statistic = float(d @ np.linalg.solve(covariance, d))
    return ChiSquare(statistic, len(d), float(chdtrc(len(d), statistic)))


def cochran_q(answers: NDArray[np.int64]) -> ChiSquare:
    """Is the share of yes the same at three or more waves of the same people?

    Formula: (k − 1)(kΣC² − T²)/(kT − ΣR²), C the waves' and R the persons' sums of yes, T all yes.
    Source: Cochran (1950), Biometrika 37, 256–266. Shape: (people, waves), 0 or 1, complete. Errors: none; NaN where
    everybody answered alike at all waves.

    >>> found = cochran_q(np.array([[0, 1, 1], [0, 0, 1], [0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    >>> round(found.statistic, 4), found.df, round(found.p, 6)
    (4.5, 2, 0.105399)
    """
    waves = answers.shape[1]
    of_waves, of_people, total = answers.sum(axis=0), answers.sum(axis=1), answers.sum()
    bottom = waves * total - (of_people**2).sum()
    if not bottom:
        return ChiSquare(NAN, waves - 1, NAN)
    statistic = float((waves - 1) * (waves * (of_waves**2).sum() - total**2) / bottom)
    return ChiSquare(statistic, waves - 1, float(chdtrc(waves - 1, statistic)))


def cochran_armitage(yes: Numbers, people: Numbers, dose: Numbers) -> ChiSquare:
    """Does the share of yes rise or fall with the dose? A test of trend over ordered groups.

    Formula: (Σ(dᵢ − d̄)xᵢ)²/(p(1 − p)Σnᵢ(dᵢ − d̄)²), d̄ the mean dose of people, p the share of all; the variance divides
    by N as R does, not by N − 1. Source: Armitage (1955), Biometrics 11, 375–386; R prop.trend.test.
    Shapes: (groups,) each. Errors: none; NaN where all answers or all doses are alike.

    >>> found = cochran_armitage(np.array([10.0, 20, 30]), np.array([40.0, 40, 50]), np.array([0.0, 1, 2]))
    >>> round(found.statistic, 4), round(found.p, 6)
    (10.6732, 0.001087)
    """
    yes, people, dose = as_numbers(yes), as_numbers(people), as_numbers(dose)
    share = yes.sum() / people.sum() if people.sum() else NAN
    centred = dose - (people * dose).sum() / max(people.sum(), 1)
    variance = share * (1 - share) * (people * centred**2).sum()
    if not variance > 0:
        return ChiSquare(NAN, 1, NAN)
    statistic = float((centred * yes).sum() ** 2 / variance)
    return ChiSquare(statistic, 1, float(chdtrc(1, statistic)))


def proportional_odds(later: Numbers, earlier: Numbers, confidence: float = 0.95) -> OddsModel:
    """One odds ratio of answering above any level at the later wave against the earlier one.

    Formula: P(Y ≤ k) = 1/(1 + exp(−(θₖ − βx))), x = 1 at the later wave; maximum likelihood by Newton's method, Wald
    test and interval of β from the observed information. Source: McCullagh (1980), J. R. Stat. Soc. B 42, 109–142; R
    MASS polr. Shapes: (n₁,), (n₂,). Errors: none; NaN where all answers are alike or the samples do not overlap.

    >>> found = proportional_odds(np.array([1.0, 2, 2, 3, 3, 3]), np.array([1.0, 1, 1, 2, 2, 3]))
    >>> round(found.log_odds, 4), round(found.se, 4), round(found.p, 4)
    (1.6094, 1.1547, 0.1634)
    """
    levels, codes = np.unique(np.concatenate([earlier, later]), return_inverse=True)
    size = len(levels)
    groups = (codes[: len(earlier)], codes[len(earlier) :])
    counts = np.stack([np.bincount(group, minlength=size) for group in groups]).astype(np.float64)
    fitted = _fitted_odds(counts) if size > 1 and counts.sum(axis=1).all() else None
    if fitted is None:
        return OddsModel(*[NAN] * 7)
    slope, se = fitted
    z, reach = slope / se, normal_quantile(confidence) * se
    p = float(2 * ndtr(-abs(z)))
    return OddsModel(slope, se, z, p, float(np.exp(slope)), float(np.exp(slope - reach)), float(np.exp(slope + reach)))


def _fitted_odds(counts: Numbers) -> tuple[float, float] | None:
    """Slope and standard error of the proportional odds of two groups (rows) over levels (columns); None for no end."""
    cumulative = counts.sum(axis=0).cumsum()[:-1] / counts.sum()
    parameters = np.append(logit(cumulative), 0.0)
    height = _log_likelihood(parameters, counts)
    try:
        for _ in range(STEPS):
            gradient, information = _derivatives(parameters, counts)
            step = np.linalg.solve(information, gradient)
            while _log_likelihood(parameters + step, counts) < height - 1e-9 and np.abs(step).max() > CLOSE:
                step = step / 2
            parameters = parameters + step
            height = _log_likelihood(parameters, counts)
            if np.abs(parameters[-1]) > 15:  # no overlap: the slope runs away
                return None
            if np.abs(step).max() < CLOSE:
                break
        variance = float(np.linalg.inv(_derivatives(parameters, counts)[1])[-1, -1])
    except np.linalg.LinAlgError:
        return None
    return (float(parameters[-1]), float(np.sqrt(variance))) if variance > 0 else None


def _edges(parameters: Numbers) -> Numbers:
    """Cumulative logits below and above every level, −∞ and ∞ at the ends: shape (groups, levels + 1)."""
    thresholds = parameters[:-1] - np.array([[0.0], [1.0]]) * parameters[-1]
    return np.pad(thresholds, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))


def _log_likelihood(parameters: Numbers, counts: Numbers) -> float:
    chances = np.diff(expit(_edges(parameters)), axis=1)
    if (chances[counts > 0] <= 0).any():
        return -np.inf
    return float((counts * np.log(np.where(chances > 0, chances, 1.0))).sum())


def _derivatives(parameters: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Gradient and observed information of the log-likelihood.

    A level lies between two edges, so that the information of the thresholds has three diagonals; the slope moves all
    edges of the later group (the second row) at once and has their sums.
    """
    edges = expit(_edges(parameters))
    density = edges * (1 - edges)
    curvature = (density * (1 - 2 * edges))[:, 1:-1]
    chances = np.maximum(np.diff(edges, axis=1), 1e-300)
    ratio, square = counts / chances, counts / chances / chances
    inner, less = density[:, 1:-1], ratio[:, :-1] - ratio[:, 1:]
    of_edge = inner * less  # (groups, thresholds)
    own = inner**2 * (square[:, :-1] + square[:, 1:]) - curvature * less
    beside = -square[:, 1:-1] * inner[:, :-1] * inner[:, 1:]
    rows = own.copy()
    rows[:, :-1] += beside
    rows[:, 1:] += beside
    information = np.zeros((len(parameters), len(parameters)))
    at = np.arange(len(parameters) - 1)
    information[at, at] = own.sum(axis=0)
    information[at[:-1], at[1:]] = information[at[1:], at[:-1]] = beside.sum(axis=0)
    information[at, -1] = information[-1, at] = -rows[1]
    information[-1, -1] = rows[1].sum()
    return np.append(of_edge.sum(axis=0), -of_edge[1].sum()), information

"""Scales of several items and double coding: do the items hang together, and do two coders agree?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from analysis.intervals import Numbers, normal_quantile
from analysis.rounding import variance

NAN = float("nan")
ROUNDS, CLOSE = 5000, 1e-12


@dataclass(frozen=True)
class Alpha:
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    value: float
    low: float
    high: float
    observed: float
    expected: float


def cronbach_alpha(items: Numbers, confidence: float = 0.95) -> Alpha:
    """Cronbach's alpha with Feldt's interval; on items of 0 and 1 it is Kuder and Richardson's formula 20.

    Formula: k/(k − 1)·(1 − Σs²ᵢ/s²_sum); limits 1 − (1 − α)F at the quantiles of F(n − 1, (n − 1)(k − 1)).
    Source: Cronbach (1951), Psychometrika 16, 297–334; Feldt, Woodruff & Salih (1987), Appl. Psychol. Meas. 11, 93–103.
    Shape: (people, items), complete, reversed items turned. Errors: none; NaN for fewer than two people or items, or
    where everybody has the same sum; no limits where the items are copies of each other.

    >>> found = cronbach_alpha(np.array([[1.0, 2, 2], [3, 3, 4], [2, 2, 3], [4, 5, 4]]))
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.9388, 0.596, 0.9958)
    """
    people, count = items.shape
    of_sum = variance(items.sum(axis=1))
    if count < 2 or not of_sum > 0:
        return Alpha(NAN, NAN, NAN)
    alpha = count / (count - 1) * (1 - sum(variance(item) for item in items.T) / of_sum)
    if 1 - alpha < CLOSE:
        return Alpha(alpha, NAN, NAN)
    df, tail = (people - 1, (people - 1) * (count - 1)), (1 - confidence) / 2
    low, high = (float(1 - (1 - alpha) * fdtri(*df, level)) for level in (1 - tail, tail))
    return Alpha(alpha, low, high)


def kr20(items: Numbers) -> float:
    """Kuder and Richardson's formula 20 for items of 0 and 1.

    Formula: k/(k − 1)·(1 − Σpq/σ²), σ² the variance of the sums divided by n. Source: Kuder & Richardson (1937),
    Psychometrika 2, 151–160. Shape: (people, items), complete. Errors: none; NaN as for cronbach_alpha.

    >>> round(kr20(np.array([[1.0, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])), 4)
    0.75
    """
    return cronbach_alpha(items).value  # n and n − 1 divide both variances alike


def omega_total(items: Numbers) -> float:
    """McDonald's omega of one factor: the share of the sum's variance that the common factor makes.

    Formula: (Σλ)²/((Σλ)² + Σ(1 − λ²)), λ the loadings of one factor fitted to the correlations by least squares of the
    residuals off the diagonal (minres). Source: McDonald (1999), Test Theory; Harman & Jones (1966), Psychometrika 31,
    351–368; R psych fa(fm = "minres"). Shape: (people, items), complete. Errors: none; NaN for fewer than three items
    or people, an item that is the same for everybody, or a loading beyond 1.

    >>> random = np.random.default_rng(1)
    >>> trait = random.normal(size=(500, 1))
    >>> round(omega_total(trait + random.normal(size=(500, 4))), 2)
    0.78
    """
    loadings = one_factor(items)
    if loadings is None:
        return NAN
    common = float(loadings.sum()) ** 2
    return common / (common + float((1 - loadings**2).sum()))


def one_factor(items: Numbers) -> Numbers | None:
    """Loadings of one factor by minres: each in turn takes its best value given the others, until none moves.

    >>> one_factor(np.ones((5, 3))) is None
    True
    """
    people, count = items.shape
    if count < 3 or people < 3 or not all(variance(item) for item in items.T):
        return None
    correlations: Numbers = np.asarray(np.corrcoef(items, rowvar=False))
    values, vectors = np.linalg.eigh(correlations)
    loadings: Numbers = vectors[:, -1] * np.sqrt(values[-1]) * np.sign(vectors[:, -1].sum() or 1.0)
    for _ in range(ROUNDS):
        moved = 0.0
        for item in range(count):
            others = np.delete(loadings, item)
            better = float(np.delete(correlations[item], item) @ others / (others @ others))
            moved, loadings[item] = max(moved, abs(better - loadings[item])), better
        if moved < CLOSE:
            break
    return loadings if (np.abs(loadings) <= 1).all() else None


def item_total(items: Numbers) -> Numbers:
    """Correlation of each item with the sum of the others (corrected item-total correlation).

    Source: Nunnally & Bernstein (1994), Psychometric Theory. Shape: (people, items) in, (items,) out. Errors: none; NaN
    where an item or the sum of the others is the same for everybody.

    >>> item_total(np.array([[1.0, 2, 2], [3, 3, 4], [2, 2, 3], [4, 5, 4]])).round(4).tolist()
    [0.9898, 0.8504, 0.8553]
    """
    others = items.sum(axis=1, keepdims=True) - items
    return np.array([_correlation(item, rest) for item, rest in zip(items.T, others.T, strict=True)])


def alpha_without(items: Numbers) -> Numbers:
    """Alpha of the scale without each item in turn: shape (items,); NaN for fewer than three items.

    >>> alpha_without(np.array([[1.0, 2, 2], [3, 3, 4], [2, 2, 3], [4, 5, 4]])).round(4).tolist()
    [0.8136, 0.9492, 0.9524]
    """
    return np.array([cronbach_alpha(np.delete(items, item, axis=1)).value for item in range(items.shape[1])])


def at_the_ends(scores: Numbers, lowest: float, highest: float) -> tuple[float, float]:
    """Shares of people at the lowest and the highest score that is possible (floor, ceiling).

    Source: Terwee et al. (2007), J. Clin. Epidemiol. 60, 34–42, who call above 0.15 an effect. Shape: (people,).
    Errors: none; NaN for nobody.

    >>> at_the_ends(np.array([0.0, 3, 10, 10]), 0, 10)
    (0.25, 0.5)
    """
    return (float((scores <= lowest).mean()), float((scores >= highest).mean())) if len(scores) else (NAN, NAN)


def cohens_kappa(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    weights: Literal["none", "linear", "quadratic"] = "none",
    confidence: float = 0.95,
) -> Agreement:
    """Cohen's kappa of two coders of the same answers, weighted where the codes are ordered.

    Formula: 1 − ΣΣv·o/ΣΣv·e, v the disagreement of two codes (0 or 1; |i − j|; (i − j)²), o and e the shares of pairs
    of codes seen and expected; normal interval with the variance of Fleiss, Cohen and Everitt.
    Source: Cohen (1968), Psychol. Bull. 70, 213–220; Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72, 323–327; R
    vcd Kappa. Shapes: (answers,) each, codes as ranks 0, 1, 2 … Errors: none; NaN where no disagreement is
    possible (everybody gave one and the same code), and no limits where the coders never disagree: there the variance
    is 0, and so few answers would claim to know it of all.

    >>> found = cohens_kappa(np.array([0, 0, 1, 1, 1, 0]), np.array([0, 0, 1, 1, 0, 0]))
    >>> round(found.value, 4), round(found.observed, 4)
    (0.6667, 0.8333)
    """
    if not len(first):
        return Agreement(*[NAN] * 5)
    size = int(max(first.max(), second.max())) + 1
    shares = np.bincount(first * size + second, minlength=size * size).reshape(size, size) / len(first)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    disagreement = {"none": (apart > 0) * 1.0, "linear": apart, "quadratic": apart**2}[weights]
    agreement = 1 - disagreement / max(disagreement.max(), 1)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((agreement * shares).sum()), float((agreement * np.outer(rows, columns)).sum())
    if expected >= 1:
        return Agreement(NAN, NAN, NAN, observed, expected)
    kappa = (observed - expected) / (1 - expected)
    drift = agreement @ columns
    drift_of = (drift[:, None] + (rows @ agreement)[None, :]) * (1 - observed)
    spread = (shares * (agreement * (1 - expected) - drift_of) ** 2).sum()
    spread_out = (spread - (observed * expected - 2 * expected + observed) ** 2) / (len(first) * (1 - expected) ** 4)
    if 1 - observed < CLOSE or spread_out < CLOSE:
        return Agreement(kappa, NAN, NAN, observed, expected)
    reach = normal_quantile(confidence) * float(np.sqrt(spread_out))
    return Agreement(kappa, kappa - reach, kappa + reach, observed, expected)


def _correlation(first: Numbers, second: Numbers) -> float:
    if not (variance(first) > 0 and variance(second) > 0):
        return NAN
    x, y = first - first.mean(), second - second.mean()
    return float(x @ y) / float(np.sqrt((x @ x) * (y @ y)))

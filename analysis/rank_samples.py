"""Two separate samples, an ordered answer: Mann–Whitney, the probability of superiority, Brunner–Munzel."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from analysis.intervals import Numbers
from analysis.signed_ranks import twice_midranks

MOST_EXACT = 150  # people up to whom the exact distribution is worked out when it is asked for


@dataclass(frozen=True)
class Superiority:
    """P(later > earlier) + ½P(equal) with its test against ½ and its interval."""

    value: float
    statistic: float
    df: float
    p: float
    low: float
    high: float


def superiority(later: Numbers, earlier: Numbers) -> float:
    """The chance that a person of the later sample answers higher than one of the earlier, ties counting half.

    Formula: U/(n₁n₂). Shapes: (n₁,) and (n₂,). Errors: none; NaN where a sample is empty.

    >>> superiority(np.array([2.0, 3, 3]), np.array([1.0, 2]))
    0.9166666666666666
    """
    if not len(later) or not len(earlier):
        return float("nan")
    return mann_whitney_u(later, earlier) / (len(later) * len(earlier))


def mann_whitney_u(later: Numbers, earlier: Numbers) -> float:
    """U of the later sample: pairs of people in which the later one answers higher, ties counting half.

    Source: Mann & Whitney (1947), Ann. Math. Stat. 18, 50–60. Shapes: (n₁,) and (n₂,). Errors: none.

    >>> mann_whitney_u(np.array([2.0, 3, 3]), np.array([1.0, 2]))
    5.5
    """
    n = len(later)
    ranks = twice_midranks(np.concatenate([later, earlier]))
    return float(ranks[:n].sum() / 2 - n * (n + 1) / 2)


def mann_whitney(later: Numbers, earlier: Numbers, *, corrected: bool = False) -> tuple[float, float]:
    """The Mann–Whitney test by the normal distribution, with the variance that ties leave: z and two-sided p.

    Formula: (U − n₁n₂/2)/√(n₁n₂/12 · (N + 1 − Σ(t³ − t)/(N(N − 1)))); ``corrected`` brings U half a pair nearer.
    Source: Lehmann (1975), Nonparametrics; R wilcox.test. Shapes: (n₁,) and (n₂,). Errors: none; NaN where a sample is
    empty or all answers are alike.

    >>> z, p = mann_whitney(np.array([2.0, 3, 3, 4]), np.array([1.0, 2, 2]))
    >>> round(z, 6), round(p, 6)
    (1.852396, 0.063969)
    """
    n1, n2 = len(later), len(earlier)
    _, ties = np.unique(np.concatenate([later, earlier]), return_counts=True)
    total = n1 + n2
    if not n1 or not n2 or len(ties) < 2:
        return float("nan"), float("nan")
    variance = n1 * n2 / 12 * (total + 1 - (ties.astype(float) ** 3 - ties).sum() / (total * (total - 1)))
    distance = mann_whitney_u(later, earlier) - n1 * n2 / 2
    if corrected:
        distance = np.sign(distance) * max(abs(distance) - 0.5, 0)
    z = float(distance / np.sqrt(variance))
    return z, float(2 * ndtr(-abs(z)))


def mann_whitney_exact(later: Numbers, earlier: Numbers) -> float:
    """The Mann–Whitney test by all ways of dealing the answers to the two samples, with the ties that are there.

    Formula: P(|U − n₁n₂/2| ≥ |u − n₁n₂/2|) over all C(N, n₁) deals, counted level by level without listing them.
    Source: Streitberg & Röhmel (1986), Stat. Software Newsletter 12, 10–17; R coin wilcox_test(distribution = "exact").
    Shapes: (n₁,) and (n₂,). Errors: none; NaN where a sample is empty or N is above MOST_EXACT.

    >>> round(mann_whitney_exact(np.array([2.0, 3, 3, 4]), np.array([1.0, 2, 2])), 6)
    0.114286
    """
    n1, total = len(later), len(later) + len(earlier)
    if not n1 or n1 == total or total > MOST_EXACT:
        return float("nan")
    doubled = twice_midranks(np.concatenate([later, earlier]))
    ranks, sizes = np.unique(doubled, return_counts=True)
    most = int(np.sort(doubled)[-n1:].sum())
    ways = np.zeros((n1 + 1, most + 1))  # [people dealt to the later sample, twice their rank sum]
    ways[0, 0] = 1.0
    for rank, size in zip(ranks.tolist(), sizes.tolist(), strict=True):
        dealt = ways.copy()
        for taken in range(1, min(size, n1) + 1):
            shift = taken * rank
            if shift <= most:
                dealt[taken:, shift:] += comb(size, taken) * ways[: n1 + 1 - taken, : most + 1 - shift]
        ways = dealt / dealt.max()
    of_all = ways[n1]
    centre = n1 * (total + 1)
    distance = np.abs(np.arange(most + 1) - centre)
    return float(min(1.0, of_all[distance >= abs(int(doubled[:n1].sum()) - centre)].sum() / of_all.sum()))


def brunner_munzel(later: Numbers, earlier: Numbers, confidence: float = 0.95) -> Superiority:
    """Brunner and Munzel's test and interval of the probability of superiority; spreads may differ. The default.

    Formula: (p̂ − ½)/√(S₁²/(n₁n₂²) + S₂²/(n₂n₁²)) with the variances S² of overall less within-sample ranks, t on
    Satterthwaite's df; the interval p̂ ± t·se is not cut at 0 and 1, so that it agrees with the test.
    Source: Brunner & Munzel (2000), Biom. J. 42, 17–25. Shapes: (n₁,) and (n₂,). Errors: none; NaN where a sample has
    fewer than two people; where the samples do not overlap at all the variance is 0, the statistic infinite and p 0
    would claim too much: statistic, p and limits are NaN.

    >>> pain = brunner_munzel(np.array([3.0, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]),
    ...                       np.array([1.0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]))
    >>> round(pain.statistic, 4), round(pain.df, 3), round(pain.low, 4), round(pain.high, 4)
    (3.1375, 17.683, 0.5952, 0.9827)
    """
    n1, n2 = len(later), len(earlier)
    value = superiority(later, earlier)
    undefined = Superiority(value, *[float("nan")] * 5)
    if min(n1, n2) < 2:
        return undefined
    ranks = twice_midranks(np.concatenate([later, earlier])) / 2
    placed = (ranks[:n1] - twice_midranks(later) / 2, ranks[n1:] - twice_midranks(earlier) / 2)
    parts = [
        np.var(placement, ddof=1) / other**2 / n for placement, n, other in zip(placed, (n1, n2), (n2, n1), strict=True)
    ]
    variance = float(sum(parts))
    if variance <= 0:
        return undefined
    df = variance**2 / sum(part**2 / (n - 1) for part, n in zip(parts, (n1, n2), strict=True))
    error = np.sqrt(variance)
    t = (value - 0.5) / error
    reach = stdtrit(df, 0.5 + confidence / 2) * error
    p = 2 * stdtr(df, -abs(t))
    return Superiority(value, float(t), float(df), float(p), float(value - reach), float(value + reach))

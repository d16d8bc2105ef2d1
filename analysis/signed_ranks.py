"""The same people at two waves, an ordered answer: signed ranks, signs, and how far answers moved up or down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtr

from analysis.intervals import Numbers

MOST_EXACT = 500  # pairs up to whom the exact distribution is worked out when it is asked for


@dataclass(frozen=True)
class SignedRanks:
    """Sums of the ranks of those who moved up and down; ``halves`` are twice the ranks, whole numbers with ties."""

    up: float
    down: float
    zeros: int
    halves: NDArray[np.int64]

    @property
    def moved(self) -> int:
        return len(self.halves)


def signed_ranks(differences: Numbers, *, pratt: bool = False) -> SignedRanks:
    """Ranks of the sizes of the differences (later − earlier) of those who moved; ties share the mean rank.

    Zeros are dropped before ranking (Wilcoxon), or ranked and then dropped (``pratt``).
    Source: Wilcoxon (1945), Biometrics 1, 80–83; Pratt (1959), J. Am. Stat. Assoc. 54, 655–667.
    Shape: (n,) in. Errors: none.

    >>> found = signed_ranks(np.array([2.0, 0, 1, 1, -1, 3]))
    >>> found.up, found.down, found.zeros
    (13.0, 2.0, 1)
    """
    moved = differences != 0
    ranked = np.abs(differences) if pratt else np.abs(differences[moved])
    halves = twice_midranks(ranked)
    halves = halves[moved] if pratt else halves
    rising = differences[moved] > 0
    up, down = (float(halves[chosen].sum() / 2) for chosen in (rising, ~rising))
    return SignedRanks(up, down, int((~moved).sum()), halves)


def twice_midranks(values: Numbers) -> NDArray[np.int64]:
    """Twice the mean rank of every value, counted from 1: a whole number even with ties.

    >>> twice_midranks(np.array([5.0, 1, 5, 2])).tolist()
    [7, 2, 7, 4]
    """
    _, level, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    doubled: NDArray[np.int64] = (2 * last - sizes + 1)[level]
    return doubled


def signed_rank_exact(ranks: SignedRanks) -> float:
    """The exact signed-rank test, two-sided, with the ties that are there.

    Formula: 2 min(P(W ≤ w), P(W ≥ w)), at most 1, W the rank sum when each person who moved could as well have
    moved the other way; the distribution is built up rank by rank (all 2ᵐ signs without listing them).
    Source: Hollander, Wolfe & Chicken (2014), Nonparametric Statistical Methods, sec. 3.1; R exactRankTests
    wilcox.exact. Errors: none; 1 where nobody moved, NaN above MOST_EXACT people who moved.

    >>> round(signed_rank_exact(signed_ranks(np.array([2.0, 0, 1, 1, -1, 3]))), 6)
    0.25
    """
    if ranks.moved > MOST_EXACT:
        return float("nan")
    chances = np.zeros(int(ranks.halves.sum()) + 1)
    chances[0], reached = 1.0, 0
    for half in np.sort(ranks.halves):
        earlier = chances[: reached + 1] / 2
        chances[: reached + 1] = earlier
        reached += int(half)
        chances[half : reached + 1] += earlier
    seen = round(2 * ranks.up)
    return float(min(1.0, 2 * min(chances[: seen + 1].sum(), chances[seen:].sum())))


def signed_rank_asymptotic(ranks: SignedRanks, *, corrected: bool = False) -> tuple[float, float]:
    """The signed-rank test by the normal distribution: z and two-sided p.

    Formula: (W⁺ − Σr/2)/√(Σr²/4) over the ranks of those who moved, which takes ties into account; ``corrected`` brings
    the distance half a rank nearer to zero. Source: Wilcoxon (1945); R wilcox.test, coin wilcoxsign_test.
    Errors: none; NaN where nobody moved.

    >>> z, p = signed_rank_asymptotic(signed_ranks(np.array([2.0, 0, 1, 1, -1, 3])))
    >>> round(z, 6), round(p, 6)
    (1.510966, 0.130797)
    """
    if not ranks.moved:
        return float("nan"), float("nan")
    distance = (ranks.up - ranks.down) / 2
    if corrected:
        distance = np.sign(distance) * max(abs(distance) - 0.5, 0)
    z = float(distance / np.sqrt((ranks.halves.astype(float) ** 2).sum() / 16))
    return z, float(2 * ndtr(-abs(z)))


def rank_biserial(ranks: SignedRanks) -> float:
    """The matched-pairs rank-biserial correlation: from −1 (everybody moved down) to 1 (everybody moved up).

    Formula: (W⁺ − W⁻)/(W⁺ + W⁻). Source: Kerby (2014), Compr. Psychol. 3. Errors: none; NaN where nobody moved.

    >>> round(rank_biserial(signed_ranks(np.array([2.0, 0, 1, 1, -1, 3]))), 6)
    0.733333
    """
    total = ranks.up + ranks.down
    return (ranks.up - ranks.down) / total if total else float("nan")


def sign_test(differences: Numbers) -> float:
    """The sign test, two-sided: did as many move up as down, however far?

    Formula: min(1, 2 P(X ≤ fewer)), X binomial(moved, ½). Source: Dixon & Mood (1946); R binom.test. Shape: (n,) in.
    Errors: none; 1 where nobody moved.

    >>> sign_test(np.array([2.0, 0, 1, 1, -1, 3]))
    0.375
    """
    up, down = int((differences > 0).sum()), int((differences < 0).sum())
    return float(min(1.0, 2 * bdtr(min(up, down), up + down, 0.5))) if up + down else 1.0

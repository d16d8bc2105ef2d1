"""Tests and effect sizes of ordered answers and scores, by the names that a plan writes and the results print."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from analysis import effect_intervals, means, ordered, rank_samples, signed_ranks
from analysis.intervals import Numbers
from analysis.rounding import differences

EXACT_UP_TO = 50  # people who moved, or people of both samples: up to here an exact p costs nothing
NAN = float("nan")


class Tried(NamedTuple):
    """One test: the name printed (a choice may print one of two), its statistic and p; NaN where undefined."""

    name: str
    statistic: float
    p: float


class Size(NamedTuple):
    """An effect size with the limits and the method of its interval; NaN where undefined, and then why, if special."""

    value: float
    low: float
    high: float
    method: str
    reason: str = ""


PairTest = Callable[[Numbers, Numbers], Tried]
SampleTest = Callable[[Numbers, Numbers], Tried]


def signed_rank(earlier: Numbers, later: Numbers, *, pratt: bool = False) -> Tried:
    """Exact up to 50 people who moved, else asymptotic without continuity correction.

    >>> import numpy as np
    >>> signed_rank(np.array([1.0, 2, 2]), np.array([2.0, 2, 4]))
    Tried(name='signed_rank_exact', statistic=3.0, p=0.5)
    """
    ranks = signed_ranks.signed_ranks(differences(later, earlier), pratt=pratt)
    name = "signed_rank_pratt" if pratt else "signed_rank"
    if ranks.moved <= EXACT_UP_TO:
        return Tried(f"{name}_exact", ranks.up, signed_ranks.signed_rank_exact(ranks) if len(earlier) else NAN)
    return Tried(f"{name}_asymptotic", *signed_ranks.signed_rank_asymptotic(ranks))


def _pratt(earlier: Numbers, later: Numbers) -> Tried:
    return signed_rank(earlier, later, pratt=True)


def _sign(earlier: Numbers, later: Numbers) -> Tried:
    changes = differences(later, earlier)
    return Tried("sign", float((changes > 0).sum()), signed_ranks.sign_test(changes) if len(changes) else NAN)


def _stuart_maxwell(earlier: Numbers, later: Numbers) -> Tried:
    if not len(earlier):
        return Tried("stuart_maxwell", NAN, NAN)
    found = ordered.stuart_maxwell(ordered.crosstable(earlier, later))
    return Tried("stuart_maxwell", found.statistic, found.p)


def _paired_t(earlier: Numbers, later: Numbers) -> Tried:
    found = means.mean(differences(later, earlier))
    return Tried("paired_t", found.statistic, found.p)


def _welch(earlier: Numbers, later: Numbers) -> Tried:
    found = means.welch(later, earlier)
    return Tried("welch", found.statistic, found.p)


def _brunner_munzel(earlier: Numbers, later: Numbers) -> Tried:
    found = rank_samples.brunner_munzel(later, earlier)
    return Tried("brunner_munzel", found.statistic, found.p)


def _mann_whitney(earlier: Numbers, later: Numbers) -> Tried:
    return Tried("mann_whitney", *rank_samples.mann_whitney(later, earlier))


def _mann_whitney_corrected(earlier: Numbers, later: Numbers) -> Tried:
    return Tried("mann_whitney_corrected", *rank_samples.mann_whitney(later, earlier, corrected=True))


def _mann_whitney_exact(earlier: Numbers, later: Numbers) -> Tried:
    both = len(earlier) and len(later)
    u = rank_samples.mann_whitney_u(later, earlier) if both else NAN
    return Tried("mann_whitney_exact", u, rank_samples.mann_whitney_exact(later, earlier))


def _proportional_odds(earlier: Numbers, later: Numbers) -> Tried:
    found = ordered.proportional_odds(later, earlier)
    return Tried("proportional_odds", found.z, found.p)


# measure -> the plan's name of a test -> the test, the default first
PAIRED_TESTS: dict[str, dict[str, PairTest]] = {
    "ordinal": {
        "signed_rank": signed_rank,
        "signed_rank_pratt": _pratt,
        "sign": _sign,
        "stuart_maxwell": _stuart_maxwell,
        "paired_t": _paired_t,
    },
    "score": {"paired_t": _paired_t, "signed_rank": signed_rank, "signed_rank_pratt": _pratt, "sign": _sign},
}
INDEPENDENT_TESTS: dict[str, dict[str, SampleTest]] = {
    "ordinal": {
        "brunner_munzel": _brunner_munzel,
        "mann_whitney": _mann_whitney,
        "mann_whitney_corrected": _mann_whitney_corrected,
        "mann_whitney_exact": _mann_whitney_exact,
        "proportional_odds": _proportional_odds,
        "welch": _welch,
    },
    "score": {
        "welch": _welch,
        "brunner_munzel": _brunner_munzel,
        "mann_whitney": _mann_whitney,
        "mann_whitney_corrected": _mann_whitney_corrected,
    },
}
FAMILY = {"ordinal": "ordinal", "score": "score", "scale": "score"}  # a scale of several items is judged as a score


def paired_sizes(earlier: Numbers, later: Numbers, confidence: float = 0.95) -> dict[str, Size]:
    """Effect sizes of the same people, each under its own name, with intervals.

    >>> import numpy as np
    >>> sorted(paired_sizes(np.array([1.0, 2, 2]), np.array([2.0, 2, 4])))
    ['d_av', 'd_z', 'g_av', 'g_z', 'rank_biserial']
    """
    changes = differences(later, earlier)
    small = means.small_sample_factor(len(changes) - 1)
    z = effect_intervals.d_z_limits(changes, confidence)
    av = effect_intervals.d_av_limits(later, earlier, confidence)
    return {
        "rank_biserial": _rank_biserial(changes, confidence),
        "d_z": Size(means.d_z(changes), *z, "noncentral_t"),
        "d_av": Size(means.d_av(later, earlier), *av, "algina_keselman"),
        "g_z": Size(means.g_z(changes), z[0] * small, z[1] * small, "noncentral_t"),
        "g_av": Size(means.g_av(later, earlier), av[0] * small, av[1] * small, "algina_keselman"),
    }


def _rank_biserial(changes: Numbers, confidence: float) -> Size:
    value = signed_ranks.rank_biserial(signed_ranks.signed_ranks(changes))
    limits = effect_intervals.rank_biserial_limits(changes, confidence)
    reason = "all_moved_one_way" if abs(value) == 1 else "too_few_changes" if abs(value) < 1 else ""
    return Size(value, *limits, "jackknife_fisher_z", reason)


def independent_sizes(earlier: Numbers, later: Numbers, measure: str, confidence: float) -> dict[str, Size]:
    """Effect sizes of separate samples, with intervals; the odds ratio is one of ordered answers.

    >>> import numpy as np
    >>> sorted(independent_sizes(np.array([1.0, 2, 2]), np.array([2.0, 2, 4]), "score", 0.95))
    ['hedges_g', 'rank_biserial', 'superiority']
    """
    brunner = rank_samples.brunner_munzel(later, earlier, confidence)
    g = effect_intervals.hedges_g_limits(later, earlier, confidence)
    apart = "no_overlap" if brunner.value in (0, 1) else ""
    biserial, low, high = (2 * value - 1 for value in (brunner.value, brunner.low, brunner.high))
    sizes = {
        "superiority": Size(brunner.value, brunner.low, brunner.high, "brunner_munzel", apart),
        "rank_biserial": Size(biserial, low, high, "brunner_munzel", apart),
        "hedges_g": Size(means.hedges_g(later, earlier), *g, "noncentral_t"),
    }
    if measure == "ordinal":
        odds = ordered.proportional_odds(later, earlier, confidence)
        sizes["odds_ratio"] = Size(odds.odds_ratio, odds.low, odds.high, "proportional_odds")
    return sizes

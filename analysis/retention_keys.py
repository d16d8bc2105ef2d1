"""The keys of a row of ``retention``, whatever its numbers rest on: the same people, separate people, or a sample."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.noninferiority import NonInferiority
from analysis.retention import KeptShare, RetentionReading, among_those_found, retention_verdict
from analysis.rows import Row, number, why_null
from analysis.verdicts import FEWEST_FOR_SHARES

Change = tuple[float, float, float, str]  # difference, its limits, the method of these


@dataclass(frozen=True)
class Goal:
    """What the plan calls kept: ``margin`` (fraction of 1, or points of a score) and the share of the gain to keep."""

    margin: float | None
    keep_share: float | None = None


@dataclass(frozen=True)
class Kept:
    """One indicator at three waves: the change since the wave after, both changes since baseline, and the share."""

    n: int
    since: NonInferiority
    gain: Change
    remains: Change
    share: KeptShare
    more_tests: list[Row]


def retention_keys(found: Kept, goal: Goal, found_share: float | None, better: str) -> Row:
    """A row of ``retention`` with the verdict of the rules; without a margin there is none.

    Of fewer than ten people counts are told and nothing is judged, as of any change. ``found_share`` is None where
    other people were asked, of whom nobody can be lost.

    >>> import numpy as np
    >>> from analysis.retention import kept_of_gain
    >>> since = NonInferiority(-0.02, 0.1, 2.7, 0.004, -0.08, 0.04, "welch_noninferiority")
    >>> share = kept_of_gain(0.3, 0.32, np.eye(2) / 1000, 100, np.inf)
    >>> kept = Kept(100, since, (0.32, 0.26, 0.38, "welch"), (0.3, 0.24, 0.36, "welch"), share, [])
    >>> retention_keys(kept, Goal(0.1), None, "higher")["verdict"]
    'retained'
    """
    since, between = found.since, (found.since.low, found.since.high)
    reason = "no_margin" if goal.margin is None else why_no_limits(since.difference)
    verdict = None
    if goal.margin is not None:
        limits = found.gain[1:3], between, found.remains[1:3]
        verdict = retention_verdict(
            RetentionReading.of(*limits, goal.margin, 1.0 if found_share is None else found_share, better, found.n)
        )
    few = found.n < FEWEST_FOR_SHARES
    return {
        "n": found.n,
        "difference": number(since.difference),
        "interval": interval_keys(
            *between, since.method.removesuffix("_noninferiority"), why_no_limits(since.difference)
        ),
        "margin": goal.margin,
        "p_noninferior": number(since.p),
        "test": {"method": since.method, "statistic": number(since.statistic), "p": number(since.p)}
        | why_null(since.p, reason),
        "more_tests": found.more_tests,
        "share_kept": _share_keys(found.share, goal.keep_share, few=few),
        "first_gain": _difference_keys(found.gain),
        "against_baseline": _difference_keys(found.remains),
        "found_share": None if found_share is None else number(found_share),
        "among_those_found": found_share is not None and among_those_found(found_share),
        "verdict": verdict,
    }


def why_no_limits(difference: float) -> str:
    """Why a difference has no interval, where it has none.

    >>> why_no_limits(0.5), why_no_limits(float("nan"))
    ('nobody_differs', 'no_answers')
    """
    return "no_answers" if math.isnan(difference) else "nobody_differs"


def interval_keys(low: float, high: float, method: str, reason: str = "no_answers") -> Row:
    """An interval with a reason where nobody answered, or nobody differs.

    >>> interval_keys(0.1, 0.3, "welch")
    {'low': 0.1, 'high': 0.3, 'method': 'welch'}
    """
    return {"low": number(low), "high": number(high), "method": method} | why_null(low, reason)


def beside_test(method: str, statistic: float, p: float) -> Row:
    """A test of ``more_tests``.

    >>> beside_test("tost", float("nan"), 0.25)
    {'method': 'tost', 'statistic': None, 'p': 0.25}
    """
    return {"method": method, "statistic": number(statistic), "p": number(p)} | why_null(p, "nobody_differs")


def _share_keys(kept: KeptShare, keep_share: float | None, *, few: bool) -> Row:
    unbounded = kept.fieller.shape != "bounded"
    alike = "no_answers" if not kept.n else "nobody_differs"
    low, high = (None, None) if unbounded else (number(kept.fieller.low), number(kept.fieller.high))
    reason = {"reason": "gain_uncertain" if unbounded else alike} if low is None else {}
    reached = None if keep_share is None or low is None or few else bool(low >= keep_share)
    return {
        "value": number(kept.value),
        "low": low,
        "high": high,
        "method": "fieller",
        "n": kept.n,
        "unbounded": unbounded,
        "delta": {"low": number(kept.delta.low), "high": number(kept.delta.high), "method": "delta"}
        | why_null(kept.delta.low, alike),
        "keep_share": keep_share,
        "kept_enough": reached,
    } | reason


def _difference_keys(change: Change) -> Row:
    return {"difference": number(change[0]), "interval": interval_keys(*change[1:], why_no_limits(change[0]))}

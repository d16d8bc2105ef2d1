"""What was kept of a gain: its share with Fieller's set, the months gone by, and the rules that judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.clustered_pairs import Codes, by_cluster
from analysis.intervals import Bounds, Numbers
from analysis.noninferiority import two_sided_quantile
from analysis.verdicts import COUNTS_ONLY, FEWEST_FOR_SHARES

RETAINED: Final = "retained"
NOT_RETAINED: Final = "not_retained"
UNDECIDED: Final = "undecided"
NO_VERDICT: Final = "no_verdict"

LARGEST_MARGIN = 0.10  # of a share
ENOUGH_FOUND, FEWEST_FOUND = 0.70, 0.50
NAN = float("nan")
ROUNDING = 1e-12  # of the variances, below which the share kept does not vary at all

Days = NDArray[Any]  # datetime64, or the timedelta64 between two
Shape = Literal["bounded", "outside", "everything"]


@dataclass(frozen=True)
class Fieller:
    """A set of ratios: [low, high] where ``bounded``; all but what lies between where ``outside``; any at all."""

    low: float
    high: float
    shape: Shape


def fieller(part: float, whole: float, covariance: Numbers, quantile: float) -> Fieller:
    """Fieller's confidence set of part/whole, which says when the whole is too uncertain to divide by.

    Formula: the ratios r with (part − r·whole)² ≤ q²(V₁₁ − 2rV₁₂ + r²V₂₂): an interval where whole² > q²V₂₂; else
    everything outside one, or every number. Source: Fieller (1954), J. R. Stat. Soc. B 16, 175–185. Shape: covariance
    (2, 2) of (part, whole). Errors: none; NaN where something is NaN.

    >>> found = fieller(0.2, 0.4, np.array([[0.002, 0.001], [0.001, 0.002]]), 1.96)
    >>> round(found.low, 4), round(found.high, 4), found.shape
    (0.3055, 0.6945, 'bounded')
    """
    square = quantile**2
    a = whole**2 - square * covariance[1, 1]
    b = part * whole - square * covariance[0, 1]
    c = part**2 - square * covariance[0, 0]
    discriminant = b * b - a * c
    if not np.isfinite([a, b, c]).all() or (a == 0 and b == 0):
        return Fieller(NAN, NAN, "everything")
    if a < 0 and discriminant < 0:
        return Fieller(-np.inf, np.inf, "everything")
    root = float(np.sqrt(max(discriminant, 0.0)))
    roots = sorted([(b - root) / a, (b + root) / a]) if a else [-np.inf, c / (2 * b)]
    return Fieller(float(roots[0]), float(roots[1]), "bounded" if a > 0 else "outside")


@dataclass(frozen=True)
class KeptShare:
    """The share of the gain that was kept, (follow-up − baseline)/(after − baseline), of people seen at all three."""

    value: float
    gain: float
    kept: float
    n: int
    df: float  # infinite where normal quantiles are used
    delta: Bounds
    se: float  # by the delta method
    fieller: Fieller


def share_kept(
    baseline: Numbers,
    after: Numbers,
    followup: Numbers,
    *,
    cluster: Codes | None = None,
    stratum: Codes | None = None,
    confidence: float = 0.95,
) -> KeptShare:
    """How much of the gain was kept, with Fieller's set (the one to tell) and the delta method's interval beside it.

    Formula: r = kept/gain, kept = mean(followup − baseline), gain = mean(after − baseline) over complete triples; their
    covariance is the maximum-likelihood one over n with normal quantiles; with clusters the linearised one with t on
    clusters − strata. Delta: V = (V₁₁ − 2rV₁₂ + r²V₂₂)/gain². Where everybody (or every cluster) kept the same share of
    their gain, such as all of it, V is 0 and Fieller's set a single number, which would claim too much: limits are NaN.
    Source: Fieller (1954); Cox (1990), Biometrics 46, 709–718; Binder (1983). Units: fraction of 1 (1 is all, above 1
    more than all). Shapes: (people,) each, NaN where missing. Errors: none; NaN for nobody or without any gain.

    >>> before, after = np.repeat([0.0, 0, 0, 1], 20), np.repeat([1.0, 1, 0, 1], 20)
    >>> found = share_kept(before, after, np.repeat([1.0, 0, 0, 1], 20))
    >>> found.value, round(found.fieller.low, 4), round(found.fieller.high, 4), found.fieller.shape
    (0.5, 0.3412, 0.6588, 'bounded')
    """
    there = ~(np.isnan(baseline) | np.isnan(after) | np.isnan(followup))
    changes = np.column_stack([(followup - baseline)[there], (after - baseline)[there]])
    n = len(changes)
    if not n:
        return _nothing_kept()
    kept, gain = (float(value) for value in changes.mean(axis=0))
    if cluster is None:
        covariance, df = np.cov(changes.T, ddof=0) / n, np.inf
    else:
        covariance, df = _between(changes, cluster[there], None if stratum is None else stratum[there])
    return kept_of_gain(kept, gain, covariance, n, df, confidence)


def share_kept_of_samples(baseline: Numbers, after: Numbers, followup: Numbers, confidence: float = 0.95) -> KeptShare:
    """How much of the gain was kept where other people were asked at each wave.

    Formula: as ``share_kept``, with V₁₁ = v_f + v_b, V₂₂ = v_a + v_b, V₁₂ = v_b, v = s²/n (divisor n) of each sample,
    and normal quantiles. Source: Fieller (1954). Units: fraction of 1. Shapes: one array a wave, without NaN; ``n`` is
    that of the smallest. Errors: none; NaN where a sample is empty or nothing was gained.

    >>> waves = [np.repeat([0.0, 1], counts) for counts in ((60, 40), (20, 80), (40, 60))]
    >>> found = share_kept_of_samples(*waves)
    >>> round(found.value, 4), round(found.fieller.low, 4), round(found.fieller.high, 4)
    (0.5, 0.1887, 0.7901)
    """
    samples = (baseline, after, followup)
    smallest = min(len(sample) for sample in samples)
    if not smallest:
        return _nothing_kept()
    start, top, end = (float(sample.mean()) for sample in samples)
    v_start, v_top, v_end = (float(sample.var()) / len(sample) for sample in samples)
    covariance = np.array([[v_end + v_start, v_start], [v_start, v_top + v_start]])
    return kept_of_gain(end - start, top - start, covariance, smallest, np.inf, confidence)


def kept_of_gain(
    kept: float, gain: float, covariance: Numbers, n: int, df: float, confidence: float = 0.95
) -> KeptShare:
    """The share kept from what was kept and gained with their covariance (2, 2), on t with ``df`` (normal: infinite).

    Formula: as ``share_kept``. Source: Fieller (1954). Units: fraction of 1. Errors: none; NaN without any gain.

    >>> found = kept_of_gain(0.2, 0.4, np.array([[0.002, 0.001], [0.001, 0.002]]), 100, np.inf)
    >>> found.value, round(found.se, 4), round(found.fieller.low, 4)
    (0.5, 0.0968, 0.3055)
    """
    value = kept / gain if gain else NAN
    slope = np.array([1.0, -value]) / gain if gain else np.array([NAN, NAN])
    variance = float(slope @ covariance @ slope)
    se, quantile = float(np.sqrt(np.maximum(variance, 0))), two_sided_quantile(df, confidence)
    found = fieller(kept, gain, covariance, quantile)
    if variance <= ROUNDING * float(slope**2 @ np.diag(covariance)):
        unknown = Bounds(np.array(NAN), np.array(NAN))
        return KeptShare(value, gain, kept, n, df, unknown, 0.0, _NO_LIMITS if found.shape == "bounded" else found)
    delta = Bounds(np.array(value - quantile * se), np.array(value + quantile * se))
    return KeptShare(value, gain, kept, n, df, delta, se, found)


def margin_of(margin: float | None, planned_gain: float | None) -> float | None:
    """The loss that would still count as kept: what the plan says, else half the planned gain, ten points at most.

    The planned gain, not the one that was found: a margin that grows with the result would be chosen by the result.
    Units: fractions of 1. None where the plan names neither.

    >>> margin_of(None, 0.15), margin_of(None, 0.4), margin_of(0.12, 0.15), margin_of(None, None)
    (0.075, 0.1, 0.12, None)
    """
    if margin is not None or planned_gain is None:
        return margin
    return min(LARGEST_MARGIN, abs(planned_gain) / 2)


@dataclass(frozen=True)
class RetentionReading:
    """What the rules read, turned so that up is better: limits of the first gain, the loss since, and what remains."""

    gain_low: float  # after − baseline
    low: float  # follow-up − after
    high: float
    remains_low: float  # follow-up − baseline
    margin: float
    found_share: float  # of those seen at the wave the retention starts from
    n: int  # people seen at all waves, or of the smallest sample

    @classmethod
    def of(
        cls,
        gain: tuple[float, float],
        since: tuple[float, float],
        remains: tuple[float, float],
        margin: float,
        found_share: float,
        better: str,
        n: int,
    ) -> RetentionReading:
        """From (low, high) of each difference, later − earlier."""
        if better == "lower":
            gain, since, remains = ((-high, -low) for low, high in (gain, since, remains))
        return cls(gain[0], *since, remains[0], margin, found_share, n)


def too_few_found(reading: RetentionReading) -> bool:
    """Fewer than half were found again: whoever is missing could turn any verdict round."""
    return not reading.found_share >= FEWEST_FOUND


def counts_only(reading: RetentionReading) -> bool:
    """Fewer than ten people: only counts are honest, as of a change."""
    return reading.n < FEWEST_FOR_SHARES


def not_retained(reading: RetentionReading) -> bool:
    """Even the better limit lies below −margin: more than the margin was surely lost."""
    return reading.high < -reading.margin


def retained(reading: RetentionReading) -> bool:
    """There was something to keep, less than the margin was lost, and people are still surely above where they began.

    A difference that is not significant is no proof of keeping: it only grows likelier the fewer people are asked.
    """
    return reading.gain_low > 0 and reading.low > -reading.margin and reading.remains_low > 0


RULES: tuple[tuple[str, Callable[[RetentionReading], bool]], ...] = (
    (NO_VERDICT, too_few_found),
    (COUNTS_ONLY, counts_only),
    (NOT_RETAINED, not_retained),
    (RETAINED, retained),
    (UNDECIDED, lambda _reading: True),
)


def retention_verdict(reading: RetentionReading) -> str:
    """The first rule that applies: no verdict, counts only, not retained, retained, else undecided.

    Limits that are NaN fit no rule but the last.

    >>> clear = RetentionReading(0.2, -0.05, 0.06, 0.15, 0.10, 0.8, 40)
    >>> retention_verdict(clear), retention_verdict(RetentionReading(0.2, -0.29, 0.21, 0.02, 0.10, 0.8, 40))
    ('retained', 'undecided')
    """
    return next(name for name, rule in RULES if rule(reading))


def among_those_found(found_share: float) -> bool:
    """Fewer than seven in ten were found again: what is told holds for those, and says so.

    >>> among_those_found(0.69), among_those_found(0.7)
    (True, False)
    """
    return not found_share >= ENOUGH_FOUND


def months_between(earlier: ArrayLike, later: ArrayLike) -> Numbers:
    """Months from one date to another by the calendar, as they were and not as they were planned.

    Formula: whole months up to the last day with the number of the earlier one (or the last of its month), and the days
    since over those to the next such day. 1 February to 1 August is 6, not 181 days/30.44 = 5.95, which would be too
    early for a window from 6. Shapes: datetime64 arrays that broadcast. Errors: none; NaN where a date is missing.

    >>> months_between(np.array(["2026-01-31", "NaT"], "M8[D]"), np.array("2026-10-31", "M8[D]")).tolist()
    [9.0, nan]
    """
    first, last = np.asarray(earlier, "M8[D]"), np.asarray(later, "M8[D]")
    start, end = first.astype("M8[M]"), last.astype("M8[M]")
    number = first - start.astype("M8[D]")
    whole = end - start - (_day_in(end, number) > last).astype("m8[M]")
    reached, following = (_day_in(start + whole + more, number) for more in (0, 1))
    months: Numbers = whole.astype(np.float64) + (last - reached) / (following - reached)
    return np.where(np.isnat(first) | np.isnat(last), NAN, months)


def _day_in(month: Days, number: Days) -> Days:
    """The day of a month by its number from 0, or its last day where it is shorter."""
    day: Days = np.minimum(month.astype("M8[D]") + number, (month + 1).astype("M8[D]") - np.timedelta64(1, "D"))
    return day


@dataclass(frozen=True)
class WindowCheck:
    """How many were asked within the planned window, and how long it was in truth."""

    n: int
    unknown: int
    early: int
    inside: int
    late: int
    median: float
    shortest: float
    longest: float


def window_check(months: Numbers, window: tuple[float, float]) -> WindowCheck:
    """Compare the months gone by with the planned window (its ends belong to it).

    Shapes: (people,); NaN where a date is missing. Errors: none; NaN where no date is known.

    >>> window_check(np.array([5.5, 7, 9, 13, np.nan]), (6, 12))
    WindowCheck(n=4, unknown=1, early=1, inside=2, late=1, median=8.0, shortest=5.5, longest=13.0)
    """
    known = months[~np.isnan(months)]
    early, late = int((known < window[0]).sum()), int((known > window[1]).sum())
    spread = [float(f(known)) for f in (np.median, np.min, np.max)] if len(known) else [NAN] * 3
    return WindowCheck(len(known), len(months) - len(known), early, len(known) - early - late, late, *spread)


_NO_LIMITS = Fieller(NAN, NAN, "bounded")


def _nothing_kept() -> KeptShare:
    nothing = Bounds(np.array(NAN), np.array(NAN))
    return KeptShare(NAN, NAN, NAN, 0, NAN, nothing, NAN, Fieller(NAN, NAN, "everything"))


def _between(changes: Numbers, cluster: Codes, stratum: Codes | None) -> tuple[Numbers, float]:
    """The covariance between clusters of two means, and its degrees of freedom; NaN for a stratum with one cluster."""
    sums = [by_cluster(column - column.mean(), cluster, stratum) for column in changes.T]
    influence = np.column_stack([one.total for one in sums]) / len(changes)
    covariance, strata = np.zeros((2, 2)), np.unique(sums[0].stratum)
    for one in strata:
        here = influence[sums[0].stratum == one]
        covariance += len(here) * np.cov(here.T, ddof=1) if len(here) > 1 else NAN
    return covariance, float(len(influence) - len(strata))

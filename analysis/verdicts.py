"""The rules that turn an interval into a verdict, each with its reason; the test stands beside."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from analysis.plan import Target

COUNTS_ONLY: Final = "counts_only"
IMPROVED: Final = "improved"
WORSENED: Final = "worsened"
PRACTICALLY_UNCHANGED: Final = "practically_unchanged"
TOO_UNCERTAIN: Final = "too_uncertain"
NO_CLEAR_CHANGE: Final = "no_clear_change"

FEWEST_FOR_SHARES = 10  # people at a wave below whom counts are told and shares are not


@dataclass(frozen=True)
class Reading:
    """A change as the rules read it: limits turned so that up is better, and the smallest change that matters."""

    n: int  # people at the smaller wave, or complete pairs
    low: float
    high: float
    smallest_change: float | None

    @classmethod
    def of(cls, n: int, low: float, high: float, better: str, smallest_change: float | None) -> Reading:
        return cls(n, low, high, smallest_change) if better == "higher" else cls(n, -high, -low, smallest_change)


def counts_only(change: Reading) -> bool:
    """Fewer than ten people: one person more or less moves a share by ten points, so only counts are honest."""
    return change.n < FEWEST_FOR_SHARES


def improved(change: Reading) -> bool:
    """The whole interval lies on the better side of no change."""
    return change.low > 0


def worsened(change: Reading) -> bool:
    """The whole interval lies on the worse side of no change."""
    return change.high < 0


def practically_unchanged(change: Reading) -> bool:
    """Every change that the data allow is smaller than the smallest that matters: a finding, not a lack of one."""
    delta = change.smallest_change
    return delta is not None and change.low >= -delta and change.high <= delta


def too_uncertain(change: Reading) -> bool:
    """The data allow both a loss and a gain that would matter, or no interval: they cannot answer."""
    delta = change.smallest_change
    if math.isnan(change.low) or math.isnan(change.high):
        return True
    return delta is not None and change.low < -delta and change.high > delta


def no_clear_change(_change: Reading) -> bool:
    """What is left: no change is possible, and so is one that matters, in one direction."""
    return True


RULES: tuple[tuple[str, Callable[[Reading], bool]], ...] = (
    (COUNTS_ONLY, counts_only),
    (IMPROVED, improved),
    (WORSENED, worsened),
    (PRACTICALLY_UNCHANGED, practically_unchanged),
    (TOO_UNCERTAIN, too_uncertain),
    (NO_CLEAR_CHANGE, no_clear_change),
)


def verdict(change: Reading) -> str:
    """The first rule that holds, in the order of RULES.

    >>> verdict(Reading.of(108, 0.197, 0.419, "higher", 0.10)), verdict(Reading.of(108, 0.197, 0.419, "lower", 0.10))
    ('improved', 'worsened')
    """
    return next(name for name, rule in RULES if rule(change))


def smaller_than_planned(change: Reading) -> bool:
    """Improved, yet the whole interval lies below the smallest change that matters: real, and too small to matter."""
    return verdict(change) == IMPROVED and practically_unchanged(change)


def confirmed(name: str, p_adjusted: float | None, confidence: float) -> bool:
    """A headline needs the verdict and the test that is adjusted over the plan's primary indicators.

    >>> confirmed("improved", 0.03, 0.95), confirmed("improved", 0.06, 0.95), confirmed("improved", None, 0.95)
    (True, False, False)
    """
    return name in (IMPROVED, WORSENED) and p_adjusted is not None and p_adjusted <= 1 - confidence


def target_status(target: Target, better: str, low: float, high: float) -> str:
    """Whether a target was reached, read from the interval of the change or of the later share.

    Reached when the whole interval lies at or beyond the target, not reached when all of it falls short, else
    undecided. A target in points is a size: for an indicator whose better side is lower it is a fall.

    >>> target_status(Target("points", 0.15), "higher", 0.197, 0.419)
    'reached'
    """
    goal = target.value
    if better == "lower":
        low, high = -high, -low
        goal = goal if target.kind == "points" else -goal
    if low >= goal:
        return "reached"
    return "not_reached" if high < goal else "undecided"

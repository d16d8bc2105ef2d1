"""Targets of which nobody can mistake the kind: a level, percentage points, or per cent of the baseline.

Shares stand in per cent (40 is 40 %), everything else in its own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from campaigns.lacks import Lack
from core.errors import Sentence

SHARE = "share"
COUNTED = ("people", "number")  # whole, and not below nothing
IN_WORDS = ("yes_no", "description")  # no number at all
WHOLE = Decimal(100)

SHARE_RANGE: Sentence = _l("A share lies between 0 and 100 per cent.")
COUNT_RANGE: Sentence = _l("Write a whole number, 0 or more: this indicator counts.")
NO_CHANGE: Sentence = _l("A change of 0 is no target. Write how much more, or with a minus sign how much less.")
POINTS_OF_SHARES: Sentence = _l(
    "Only a share can change by percentage points. Choose a level, or per cent of the baseline."
)
BEYOND_SHARE: Sentence = _l(
    "With this baseline the target would lie outside 0 to 100 per cent. Correct the one or the other."
)
BELOW_NOTHING: Sentence = _l("With this target less than nothing would be left. Write a smaller fall.")
UNKNOWN_BASELINE: Sentence = _l(
    "A target in per cent of a baseline that nobody knows says nothing. Write the baseline first, or choose a level or "
    "percentage points."
)
ZERO_BASELINE: Sentence = _l("Nothing grows in per cent from 0. Choose a level or percentage points.")


@dataclass(frozen=True, slots=True)
class Target:
    """``kind`` is one of ``TARGET_KINDS``; a negative ``points`` or ``relative`` is a fall."""

    kind: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a target comes to; None is what cannot be known. ``difference`` is in points for a share, ``relative`` in
    per cent of the baseline."""

    before: Decimal | None
    after: Decimal | None
    difference: Decimal | None
    relative: Decimal | None


def consequence(baseline: Decimal | None, target: Target) -> Consequence:
    after = _after(baseline, target)
    if baseline is None or after is None:
        return Consequence(baseline, after, target.value if target.kind == "points" else None, None)
    difference = after - baseline
    return Consequence(baseline, after, difference, difference / baseline * WHOLE if baseline else None)


def problem(unit: str, baseline: Decimal | None, target: Target | None) -> Lack | None:
    """The first thing that is impossible about a baseline and a target; fields are those of the form."""
    if baseline is not None and (sentence := _out_of_range(unit, baseline)):
        return Lack("baseline", sentence)
    sentence = _impossible(unit, baseline, target) if target else None
    return Lack("target_value", sentence) if sentence else None


def _impossible(unit: str, baseline: Decimal | None, target: Target) -> Sentence | None:
    if target.kind == "level":
        return _out_of_range(unit, target.value)
    if target.kind == "points" and unit != SHARE:
        return POINTS_OF_SHARES
    if target.kind == "relative" and not baseline:
        return UNKNOWN_BASELINE if baseline is None else ZERO_BASELINE
    if target.value == 0:
        return NO_CHANGE
    after = _after(baseline, target)
    if unit == SHARE and (abs(target.value) > WHOLE if after is None else _out_of_range(unit, after)):
        return SHARE_RANGE if after is None else BEYOND_SHARE
    return BELOW_NOTHING if after is not None and unit in COUNTED and after < 0 else None


def _after(baseline: Decimal | None, target: Target) -> Decimal | None:
    if target.kind == "level":
        return target.value
    if baseline is None:
        return None
    return baseline + (target.value if target.kind == "points" else baseline * target.value / WHOLE)


def _out_of_range(unit: str, value: Decimal) -> Sentence | None:
    if unit == SHARE and not 0 <= value <= WHOLE:
        return SHARE_RANGE
    if unit in COUNTED and (value < 0 or value != value.to_integral_value()):
        return COUNT_RANGE
    return None

"""Changes between two waves: one row for every indicator, pair of waves and part, with its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.choices import share_limits
from analysis.comparison import Comparison, Effect
from analysis.intervals import Bounds, ratio
from analysis.multiplicity import FAMILIES
from analysis.parts import Segment
from analysis.plan import Indicator, Plan
from analysis.rows import Row, interval, number, tested, why_null, without_numbers
from analysis.score_items import possible_ends
from analysis.verdicts import FEWEST_FOR_SHARES, Reading, confirmed, smaller_than_planned, target_status, verdict
from analysis.warning_codes import Warnings

Place = tuple[int, int]
Hidden = NDArray[np.bool_]
CEILING = 0.9  # of the way to the best that is possible: hardly anybody can still gain


def change_rows(
    plan: Plan,
    waves: tuple[str, str],
    found: Comparison,
    segments: tuple[Segment, ...],
    hidden: Hidden,
    instead: Mapping[tuple[int, ...], Row] = MappingProxyType({}),
) -> list[Row]:
    """The rows of one pair of waves, in the order of the plan; ``hidden`` has the shape (i, p).

    ``instead`` holds what takes the place of the numbers of a share: scores, and intervals and tests by sessions.
    """
    shares = _shares(plan, found)
    places = [(i, p) for i in range(len(plan.indicators)) for p in range(len(segments))]
    numbers = {place: _joined(_numbers(plan, found, shares, place), instead.get(place, {})) for place in places}
    adjusted = _adjusted(plan, [numbers[i, 0] for i in range(len(plan.indicators))])
    rows = []
    for (i, p), found_here in numbers.items():
        indicator = plan.indicators[i]
        row = _about(indicator, waves, segments[p]) | found_here
        if indicator.binary:
            row["interval"] = _of_shares(row["interval"])
        row["warnings"] = list(_warnings(plan, indicator, row))
        smallest_n, p_adjusted = min(row["n_from"], row["n_to"]), adjusted[i] if segments[p] == {} else np.nan
        row |= judged(plan, indicator, row["interval"], smallest_n, p_adjusted) | {"target": _target(indicator, row)}
        rows.append(without_numbers(row) if hidden[i, p] else row)
    return rows


def _joined(numbers: Row, instead: Row) -> Row:
    """Where sessions or clusters take the place of persons, the intervals of effects of persons would look too sure."""
    row = numbers | instead
    if "clusters" not in instead:
        return row
    return row | {"effect": _unsure(row["effect"]), "more_effects": [_unsure(size) for size in row["more_effects"]]}


def _unsure(effect: Row) -> Row:
    if "interval" not in effect:
        return effect
    return effect | {"interval": effect["interval"] | {"low": None, "high": None, "reason": "people_in_clusters"}}


def _of_shares(limits: Row) -> Row:
    """Limits of a difference of shares, which ends at ±1: Wald's and those of t do not know it."""
    if limits["low"] is None or limits["high"] is None:
        return limits
    return limits | {"low": max(limits["low"], -1.0), "high": min(limits["high"], 1.0)}


def _about(indicator: Indicator, waves: tuple[str, str], segment: Segment) -> Row:
    return {"indicator": indicator.id, "from": waves[0], "to": waves[1], "arm": None, "segment": dict(segment)}


def _adjusted(plan: Plan, everybody: list[Row]) -> NDArray[np.float64]:
    """p of every indicator over everybody, adjusted over the primary ones; NaN for the others."""
    p = np.array([np.nan if row["test"]["p"] is None else row["test"]["p"] for row in everybody])
    p[[not indicator.primary for indicator in plan.indicators]] = np.nan
    return FAMILIES[plan.family](p)


def _shares(plan: Plan, found: Comparison) -> tuple[Bounds, Bounds]:
    method = plan.methods.share_interval
    return (
        share_limits(method, found.x_earlier, found.n_earlier, plan.confidence),
        share_limits(method, found.x_later, found.n_later, plan.confidence),
    )


def _numbers(plan: Plan, found: Comparison, shares: tuple[Bounds, Bounds], place: Place) -> Row:
    n, x = (found.n_earlier[place], found.n_later[place]), (found.x_earlier[place], found.x_later[place])
    reason = "no_pairs" if found.pairs else "no_answers"
    first = str(found.first_test[place])
    others = [name for name, result in found.tests.items() if name != first and np.isfinite(result.p[place])]
    return {
        "n_from": int(n[0]),
        "n_to": int(n[1]),
        "n_pairs": int(n[0]) if found.pairs else None,
        "x_from": int(x[0]),
        "x_to": int(x[1]),
        "pairs": _pairs(found, place),
        "estimate_from": number(ratio(x[0], n[0])),
        "estimate_to": number(ratio(x[1], n[1])),
        "interval_from": interval(shares[0], place, plan.methods.share_interval, reason),
        "interval_to": interval(shares[1], place, plan.methods.share_interval, reason),
        "difference": number(found.difference[place]),
        "se": number(found.error[place]) if found.smallest_n[place] > 1 else None,
        "df": None,
        "interval": interval(found.bounds, place, found.bounds_method, reason),
        "test": tested(found.tests[first], place, first, _why_untested(found, place, reason)),
        "more_tests": [tested(found.tests[name], place, name, reason) for name in others],
        "effect": _effect(found, found.effects[0], place, reason),
        "more_effects": [_effect(found, effect, place, reason) for effect in found.effects[1:]],
    } | why_null(found.difference[place], reason)


def _pairs(found: Comparison, place: Place) -> Row | None:
    """The four counts of a paired table; null for separate samples."""
    if found.pairs is None:
        return None
    return {name: int(getattr(found.pairs, name)[place]) for name in ("yes_yes", "yes_no", "no_yes", "no_no")}


def _why_untested(found: Comparison, place: Place, reason: str) -> str:
    if not found.smallest_n[place]:
        return reason
    return "nobody_changed" if found.pairs else "all_answers_alike"


def _effect(found: Comparison, effect: Effect, place: Place, reason: str) -> Row:
    value, why = effect.value[place], _why_untested(found, place, reason)
    row: Row = {"name": effect.name, "value": number(value)} | why_null(value, why)
    return row if effect.bounds is None else row | {"interval": interval(effect.bounds, place, effect.method, why)}


def _warnings(plan: Plan, indicator: Indicator, row: Row) -> Warnings:
    warnings = Warnings()
    p, low, high = row["test"]["p"], row["interval"]["low"], row["interval"]["high"]
    if p is not None and low is not None and (low > 0 or high < 0) != (p <= 1 - plan.confidence):
        warnings.add("interval_and_test_disagree")
    if row["test"]["method"] == "fisher" and plan.methods.independent_test != "fisher":
        warnings.add("too_large_for_boschloo", n=row["n_from"] + row["n_to"])
    ends = (0.0, 1.0) if indicator.binary else possible_ends(indicator)
    if ends is not None and row["estimate_from"] is not None and row["n_from"] >= FEWEST_FOR_SHARES:
        reached = (row["estimate_from"] - ends[0]) / (ends[1] - ends[0])
        reached = reached if indicator.better == "higher" else 1 - reached
        if reached >= CEILING:
            warnings.add("ceiling", share=round(100 * reached))
    return warnings


def judged(plan: Plan, indicator: Indicator, limits: Row, smallest_n: int, p_adjusted: float) -> Row:
    """Verdict and confirmation of a difference, read from its interval by the rules of ``verdicts``."""
    low, high = (np.nan if limits[side] is None else limits[side] for side in ("low", "high"))
    reading = Reading.of(smallest_n, low, high, indicator.better, indicator.smallest_change)
    name, p = verdict(reading), number(p_adjusted)
    return {
        "p_adjusted": p,
        "confirmed": confirmed(name, p, plan.confidence),
        "verdict": name,
        "smaller_than_planned": smaller_than_planned(reading),
        "smallest_change": indicator.smallest_change,
        "hidden": False,
    }


def _target(indicator: Indicator, row: Row) -> Row | None:
    """The target with whether it was reached; under ten people, or without an interval, nothing is said."""
    target = indicator.target
    if target is None or min(row["n_from"], row["n_to"]) < FEWEST_FOR_SHARES:
        return None
    of_change = target.kind == "points"
    limits = row["interval"] if of_change else row["interval_to"]
    if limits["low"] is None:
        return None
    return {
        "kind": target.kind,
        "value": target.value,
        "observed": row["difference"] if of_change else row["estimate_to"],
        "status": target_status(target, indicator.better, limits["low"], limits["high"]),
    }

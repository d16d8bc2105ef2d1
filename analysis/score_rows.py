"""Rows of ordered answers, scores and scales: means at each wave and their changes, by indicator and part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analysis import means
from analysis.counts import rows_of_persons
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.means import MeanChange
from analysis.plan import Indicator, Plan
from analysis.rounding import differences, variance
from analysis.rows import Row, limits, number, why_null
from analysis.score_tests import (
    FAMILY,
    INDEPENDENT_TESTS,
    PAIRED_TESTS,
    Size,
    Tried,
    independent_sizes,
    paired_sizes,
)

Place = tuple[int, ...]


def score_estimates(plan: Plan, frame: CodedFrame, waves: list[int]) -> dict[Place, Row]:
    """For every score, wave and part (i, w, p): what its row holds instead of a share."""
    found: dict[Place, Row] = {}
    for i, scores in frame.scores.items():
        for w in waves:
            for p, here in enumerate(in_parts(frame, frame.wave == w)):
                answered = scores[here]
                found[i, w, p] = _estimate(plan, answered[~np.isnan(answered)])
    return found


def score_changes(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> dict[Place, Row]:
    """For every score and part (i, p): what its row of ``changes`` holds."""
    if not frame.scores:
        return {}
    if plan.design.paired:
        return dict(_paired_rows(plan, frame, earlier, later))
    return dict(_independent_rows(plan, frame, earlier, later))


def in_parts(frame: CodedFrame, chosen: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """The chosen rows of every part of all partitions, in order."""
    rows = np.flatnonzero(chosen)
    for partition in frame.partitions:
        part = partition.of_row[rows]
        yield from (rows[part == position] for position in range(len(partition.segments)))


def pairs_in_parts(frame: CodedFrame, earlier: int, later: int) -> Iterator[NDArray[np.int64]]:
    """The rows (earlier, later) of everybody seen at both waves, for every part of all partitions in order."""
    rows = rows_of_persons(frame, (earlier, later))
    for partition in frame.partitions:
        part = partition.of_row[rows[0]]
        yield from (rows[:, part == position] for position in range(len(partition.segments)))


def _paired_rows(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> Iterator[tuple[Place, Row]]:
    parts = list(pairs_in_parts(frame, earlier, later))
    for i, scores in frame.scores.items():
        for p, rows in enumerate(parts):
            pairs = scores[rows]
            yield (i, p), _paired(plan, plan.indicators[i], pairs[:, ~np.isnan(pairs).any(axis=0)])


def _independent_rows(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> Iterator[tuple[Place, Row]]:
    parts = zip(*(in_parts(frame, frame.wave == wave) for wave in (earlier, later)), strict=True)
    parts_here = list(parts)
    for i, scores in frame.scores.items():
        for p, (before, after) in enumerate(parts_here):
            samples = (scores[before], scores[after])
            answered = [sample[~np.isnan(sample)] for sample in samples]
            yield (i, p), _independent(plan, plan.indicators[i], answered[0], answered[1])


def _paired(plan: Plan, indicator: Indicator, pairs: Numbers) -> Row:
    earlier, later = pairs
    family, n = FAMILY[indicator.measure], pairs.shape[1]
    first = getattr(plan.methods, f"{family}_paired_test")
    tests = {name: test(earlier, later) for name, test in PAIRED_TESTS[family].items()}
    effect = plan.methods.score_paired_effect if family == "score" else "rank_biserial"
    changes = differences(later, earlier)
    reason = "no_pairs" if not n else "too_few_answers" if n == 1 else "all_changes_alike"
    return {
        **_waves(plan, earlier, later),
        "n_pairs": n,
        **_changed(means.mean(changes, plan.confidence), "paired_t", "no_pairs", reason),
        **_tests(tests, first, "nobody_changed" if n and not changes.any() else reason),
        "slope_on_baseline": number(means.slope(earlier, changes)),
        **_effects(paired_sizes(earlier, later, plan.confidence), effect, "no_pairs" if not n else "all_changes_alike"),
    }


def _independent(plan: Plan, indicator: Indicator, earlier: Numbers, later: Numbers) -> Row:
    family = FAMILY[indicator.measure]
    first = getattr(plan.methods, f"{family}_independent_test")
    tests = {name: test(earlier, later) for name, test in INDEPENDENT_TESTS[family].items()}
    effect = "superiority" if family == "ordinal" else "hedges_g"
    reason = "too_few_answers" if min(len(earlier), len(later)) < 2 else "all_answers_alike"
    return {
        **_waves(plan, earlier, later),
        "n_pairs": None,
        **_changed(means.welch(later, earlier, plan.confidence), "welch", "no_answers", reason),
        **_tests(tests, first, reason),
        **_effects(independent_sizes(earlier, later, family, plan.confidence), effect, reason),
    }


def _estimate(plan: Plan, answered: Numbers) -> Row:
    found = means.mean(answered, plan.confidence)
    return {
        "n": len(answered),
        "x": None,
        "estimate": number(found.value),
        "se": number(found.se),
        "interval": limits(found.low, found.high, "t", why_no_limits(answered)),
        "sd": number(math.sqrt(variance(answered))),
        "median": number(np.median(answered)) if len(answered) else None,
    } | why_null(found.value, "no_answers")


def _waves(plan: Plan, earlier: Numbers, later: Numbers) -> Row:
    row: Row = {"x_from": None, "x_to": None, "pairs": None}
    for end, answered in (("from", earlier), ("to", later)):
        about = _estimate(plan, answered)
        row |= {f"n_{end}": about["n"], f"estimate_{end}": about["estimate"], f"interval_{end}": about["interval"]}
        row |= {f"sd_{end}": about["sd"], f"median_{end}": about["median"]}
    return row


def why_no_limits(answered: Numbers) -> str:
    """Why a mean of answers has no interval, where it has none.

    >>> [why_no_limits(np.ones(n)) for n in range(3)]
    ['no_answers', 'too_few_answers', 'all_answers_alike']
    """
    return ("no_answers", "too_few_answers")[len(answered)] if len(answered) < 2 else "all_answers_alike"


def _changed(change: MeanChange, method: str, nobody: str, reason: str) -> Row:
    return {
        "difference": number(change.value),
        "se": number(change.se),
        "df": number(change.df),
        "interval": limits(change.low, change.high, method, reason),
    } | why_null(change.value, nobody)


def _tests(tests: Mapping[str, Tried], first: str, reason: str) -> Row:
    others = [test for name, test in tests.items() if name != first and np.isfinite(test.p)]
    return {"test": tried(tests[first], reason), "more_tests": [tried(test, reason) for test in others]}


def _effects(sizes: Mapping[str, Size], first: str, reason: str) -> Row:
    others = [sized(name, size, reason) for name, size in sizes.items() if name != first and np.isfinite(size.value)]
    return {"effect": sized(first, sizes[first], reason), "more_effects": others}


def tried(test: Tried, reason: str) -> Row:
    found = {"method": test.name, "statistic": number(test.statistic), "p": number(test.p)}
    return found | why_null(test.p, reason)


def sized(name: str, size: Size, reason: str) -> Row:
    row: Row = {"name": name, "value": number(size.value)} | why_null(size.value, reason)
    return row | {"interval": limits(size.low, size.high, size.method, size.reason or reason)}

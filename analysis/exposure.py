"""People by how much of the campaign they say to have met: described and never an effect, because they chose it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis import means
from analysis.cluster_rows import values_of
from analysis.frame import CodedFrame
from analysis.intervals import Numbers, as_numbers, wilson
from analysis.means import MeanChange, mean_change
from analysis.ordered import cochran_armitage
from analysis.plan import Plan
from analysis.rows import Row, limits, number, why_null, without_numbers
from analysis.score_rows import tried
from analysis.score_tests import Tried
from analysis.verdicts import FEWEST_FOR_SHARES

DESCRIBED = "described"
ROUNDING = 1e-12  # of the spread of answers: what lies on a line but for this lies on it


def exposure_rows(plan: Plan, frame: CodedFrame, waves: list[int], hidden: NDArray[np.bool_]) -> list[Row]:
    """A row for every indicator and wave, where the plan names who met the campaign; people count alike, unweighted.

    ``hidden`` (indicators, waves) says where a level is too small: levels add up to everybody, so one hides them all.
    """
    if frame.exposure is None:
        return []
    (column,) = frame.exposure.columns
    names = [segment[column] for segment in frame.exposure.segments if segment[column] is not None]
    level = np.where(frame.exposure.of_row < len(names), frame.exposure.of_row, -1)  # the unknown come last
    rows = []
    for i, (indicator, values) in enumerate(zip(plan.indicators, values_of(plan, frame), strict=True)):
        for wave in waves:
            here = frame.wave == wave
            found = exposure_row(
                values[here],
                level[here],
                [str(name) for name in names],
                binary=indicator.binary,
                ordered=bool(plan.design.dose),
                confidence=plan.confidence,
            )
            about: Row = {"indicator": indicator.id, "wave": plan.design.waves[wave], "arm": None, "exposure": column}
            row = about | found | {"hidden": False}
            rows.append(without_numbers(row) if hidden[i, wave] else row)
    return rows


def exposure_row(
    values: Numbers,
    level: NDArray[np.int64],
    names: Sequence[str],
    *,
    binary: bool,
    ordered: bool,
    confidence: float = 0.95,
) -> Row:
    """One indicator by level of exposure: a share or mean of each level and, where levels are a dose, a test of trend.

    A level of fewer than ten people has counts and no estimate; all people count in the test. It is
    ``cochran_armitage`` for yes/no answers, ``linear_trend_t`` for scores, levels counting as 0, 1, 2 … A trend among
    people who chose their dose may come from who they are. Formula: intervals by Wilson, or t; ``cochran_armitage`` of
    ``ordered``; ``linear_trend``. Units: fractions of 1, or those of the score. Shapes: values (people,), NaN where
    there is no answer; level (people,) as place in ``names``, −1 where it is not known. Errors: none; what cannot be
    worked out is null with a reason, and ``test`` is null for levels without an order.

    >>> knows, heard = np.array([0, 1, 0, 0, 1, 0, 0, 1, 0, 1] * 2 + [1.0]), np.repeat([0, 1, -1], [10, 10, 1])
    >>> row = exposure_row(knows, heard, ["never", "once"], binary=True, ordered=True)
    >>> [(of["level"], of["x"], of["n"], of["estimate"]) for of in row["levels"]], row["unknown"]["n"]
    ([('never', 4, 10, 0.4), ('once', 4, 10, 0.4)], 1)
    >>> row["kind"], row["test"]["method"], row["test"]["p"]
    ('described', 'cochran_armitage', 1.0)
    """
    answered = ~np.isnan(values)
    values, level = values[answered], level[answered]
    known = level >= 0
    of_levels = [_level(name, values[level == place], binary, confidence) for place, name in enumerate(names)]
    return {
        "kind": DESCRIBED,
        "n": int(known.sum()),
        "levels": of_levels,
        "unknown": _level(None, values[~known], binary, confidence),
        "test": _test(values[known], level[known], binary) if ordered else None,
    }


def linear_trend(values: Numbers, dose: Numbers, confidence: float = 0.95) -> MeanChange:
    """By how much a score rises with every step of the dose: the slope of a straight line with its t test.

    Formula: b = Σ(d − d̄)y/Σ(d − d̄)², t = b/√(Σe²/(n − 2)/Σ(d − d̄)²) on n − 2. Source: Fisher (1922), J. R. Stat. Soc.
    85, 597–612; R summary(lm(y ~ dose)). Units: those of the score for a step. Shapes: (people,) each. Errors: none;
    NaN for fewer than three people or one dose, and without a test where all answers lie on the line.

    >>> found = linear_trend(np.array([1.0, 2, 2, 4, 5]), np.array([0.0, 0, 1, 1, 2]))
    >>> round(found.value, 6), round(found.statistic, 6), found.df
    (1.714286, 3.098387, 3.0)
    """
    centred = dose - dose.mean() if len(dose) else dose
    spread = float(centred @ centred)
    if len(values) < 3 or not spread:
        return mean_change(float("nan"), float("nan"), float("nan"))
    around = values - values.mean()
    slope = float(centred @ around) / spread
    rest = float(((around - slope * centred) ** 2).sum())
    rest = rest if rest > ROUNDING * float(around @ around) else 0.0
    df = len(values) - 2.0
    return mean_change(slope, float(np.sqrt(rest / df / spread)), df, confidence)


def _level(name: str | None, values: Numbers, binary: bool, confidence: float) -> Row:
    n, method = len(values), "wilson" if binary else "t"
    row: Row = {"level": name, "n": n, "x": int(values.sum()) if binary else None}
    found, low, high = float("nan"), float("nan"), float("nan")
    if n >= FEWEST_FOR_SHARES:
        if binary:
            found, (low, high) = float(values.mean()), (float(end) for end in wilson(values.sum(), n, confidence))
        else:
            mean = means.mean(values, confidence)
            found, low, high = mean.value, mean.low, mean.high
    told: Row = {"estimate": number(found), "interval": limits(low, high, method, "counts_only")}
    return row | told | why_null(found, "counts_only")


def _test(values: Numbers, level: NDArray[np.int64], binary: bool) -> Row:
    method = "cochran_armitage" if binary else "linear_trend_t"
    if len(values) < FEWEST_FOR_SHARES:
        return tried(Tried(method, float("nan"), float("nan")), "counts_only")
    alike = bool((values == values[0]).all())
    reason = "one_level" if (level == level[0]).all() else "all_answers_alike" if alike else "no_spread"
    if not binary:
        trend = linear_trend(values, level.astype(np.float64))
        told = tried(Tried(method, trend.statistic, trend.p), reason)
        return told | {"df": number(trend.df), "slope": number(trend.value), "se": number(trend.se)}
    people = as_numbers(np.bincount(level))
    yes, dose = as_numbers(np.bincount(level, weights=values)), as_numbers(np.arange(len(people)))
    found = cochran_armitage(yes, people, dose)
    return tried(Tried(method, found.statistic, found.p), reason)

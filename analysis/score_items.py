"""From the cells of an ordered answer, a score or a scale to one number for each row, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.codes import as_number
from analysis.columns import TextColumn
from analysis.intervals import Numbers
from analysis.plan import Indicator, Missing
from analysis.rounding import snapped
from analysis.scoring import BLANK, DONT_KNOW, NOT_ASKED, REFUSED, UNREADABLE, YES, missing_kind

ANSWERED = YES


@dataclass(frozen=True)
class ScoreCells:
    """A number for each row (NaN where there is none), its state, and the numbers of the items behind it."""

    scores: Numbers  # (…, rows)
    states: NDArray[np.int8]  # (…, rows)
    items: Numbers  # (items, …, rows), reversed items turned


def item_numbers(column: TextColumn, indicator: Indicator, missing: Missing) -> tuple[Numbers, NDArray[np.int8]]:
    """The number and the state of every cell of one item; "don't know" is no place on a scale, so it is missing.

    >>> from analysis.columns import text_column
    >>> from analysis.plan import parse_plan
    >>> import pandas as pd
    >>> plan = parse_plan({"version": 1, "design": {"kind": "cross_sections", "waves": ["a"]}, "indicators": [
    ...     {"id": "k", "measure": "ordinal", "item": "x", "scoring": {"order": ["no", "maybe", "yes"]}}]})
    >>> item_numbers(text_column(pd.Series(["yes", None, "No"])), plan.indicators[0], plan.missing)[0].tolist()
    [3.0, nan, 1.0]
    """
    kinds = [missing_kind(text, missing) for text in column.texts]
    numbers = [math.nan if kind else _number(text, indicator) for text, kind in zip(column.texts, kinds, strict=True)]
    states = [
        kind or (UNREADABLE if math.isnan(number) else ANSWERED) for kind, number in zip(kinds, numbers, strict=True)
    ]
    of_text = np.array([*numbers, math.nan])  # an empty cell has the code -1: the last entry
    return of_text[column.codes], np.array([*states, BLANK], dtype=np.int8)[column.codes]


def combined(raw: Numbers, states: NDArray[np.int8], indicator: Indicator, ends: tuple[float, float]) -> ScoreCells:
    """Turn the reversed items and put the items together: their sum or mean, weighted where the plan gives weights.

    A sum needs every item, and so does a mean unless ``min_items`` says how many are enough. A reversed answer is
    lowest + highest − answer. Units: those of the items. Shapes: (items, …, rows) in. Errors: none.
    """
    scoring = indicator.scoring
    turned = np.array([name in scoring.reversed for name in indicator.items])
    items = raw.copy()
    items[turned] = ends[0] + ends[1] - raw[turned]
    weights = np.array([scoring.weights.get(name, 1.0 if not scoring.weights else 0.0) for name in indicator.items])
    weights = weights.reshape(-1, *[1] * (raw.ndim - 1))
    there = ~np.isnan(items)
    scores = np.where(there, items * weights, 0.0).sum(axis=0)
    if scoring.mean:
        weight_there = (there * weights).sum(axis=0)
        scores = np.divide(scores, weight_there, out=np.full(scores.shape, np.nan), where=weight_there != 0)
    scores = snapped(scores) if len(items) > 1 or scoring.weights else scores
    needed = (scoring.min_items if scoring.mean else None) or len(items)
    scores = np.where((there | (weights == 0)).sum(axis=0) >= needed, scores, np.nan)
    return ScoreCells(scores, np.where(np.isnan(scores), _why_open(states), ANSWERED).astype(np.int8), items)


def ends_of(raw: Numbers, indicator: Indicator) -> tuple[float, float]:
    """Lowest and highest answer of an item: as the plan says, else as they were seen."""
    scoring = indicator.scoring
    if scoring.range is not None:
        return scoring.range
    if scoring.order:
        return 1.0, float(len(scoring.order))
    seen = raw[~np.isnan(raw)]
    return (float(seen.min()), float(seen.max())) if seen.size else (0.0, 0.0)


def possible_ends(indicator: Indicator) -> tuple[float, float] | None:
    """The lowest and the highest score that is possible, where the plan says enough to know."""
    scoring = indicator.scoring
    if scoring.order:
        low, high = 1.0, float(len(scoring.order))
    elif scoring.range is not None:
        low, high = scoring.range
    elif scoring.of:
        low, high = 0.0, float(len(scoring.of) if len(indicator.items) == 1 else 1)
    else:
        return None
    weights = list(scoring.weights.values()) or [1.0] * len(indicator.items)
    if any(weight < 0 for weight in weights):
        return None
    times = 1.0 if scoring.mean else sum(weights)
    return low * times, high * times


def _number(text: str, indicator: Indicator) -> float:
    scoring = indicator.scoring
    if scoring.order:
        folded = [code.casefold() for code in scoring.order]
        return float(folded.index(text.casefold()) + 1) if text.casefold() in folded else math.nan
    if scoring.of:
        return float(len(set(text.split()) & set(scoring.of)))
    number = as_number(text)
    return math.nan if number is None else number


def _why_open(states: NDArray[np.int8]) -> NDArray[np.int8]:
    """Why a row has no number: what its items say if they agree, else the first of refused, blank, not asked."""
    kinds = (REFUSED, BLANK, NOT_ASKED)
    mixed = np.select([(states == kind).any(axis=0) for kind in kinds], kinds, default=DONT_KNOW)
    alike = (states == states[0]).all(axis=0)
    reasons: NDArray[np.int8] = np.where(alike, states[0], mixed).astype(np.int8)
    return reasons

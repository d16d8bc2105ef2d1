"""Rows of ``reliability``: do the items of a scale hang together, and do two coders agree?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import scales
from analysis.columns import text_column
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.plan import DoubleCoding, Indicator, Plan
from analysis.rows import Row, limits, number, why_null
from analysis.score_items import possible_ends

FEWEST = 10  # people below whom a coefficient says nothing


def reliability_rows(plan: Plan, frame: CodedFrame, waves: list[int], answers: pd.DataFrame) -> list[Row]:
    """One row for every score of several items at every wave, then one for every answer that two people coded."""
    rows = list(_scales(plan, frame, waves))
    return rows + [_double_coding(plan, pair, answers) for pair in plan.double_coding]


def _scales(plan: Plan, frame: CodedFrame, waves: list[int]) -> Iterator[Row]:
    for i, cells in frame.items.items():
        for w in waves:
            here = frame.wave == w
            items = cells[:, here].T
            about = {"indicator": plan.indicators[i].id, "wave": plan.design.waves[w]}
            if len(plan.indicators[i].items) > 1:
                complete = items[~np.isnan(items).any(axis=1)]
                yield about | _scale(plan, plan.indicators[i], complete) | _ends(plan, i, frame.scores[i][here])


def _scale(plan: Plan, indicator: Indicator, items: Numbers) -> Row:
    n = len(items)
    hidden = n < max(FEWEST, plan.suppress_below)
    told = items[:0] if hidden else items
    alpha, reason = scales.cronbach_alpha(told, plan.confidence), "too_few_people" if hidden else "all_answers_alike"
    yes_no = bool(told.size) and set(np.unique(told)) <= {0.0, 1.0}
    of_items = (
        zip(indicator.items, scales.item_total(told), scales.alpha_without(told), strict=True) if len(told) else ()
    )
    return {
        "n": None if hidden and plan.suppress_below else n,
        "items": len(indicator.items),
        "method": "kr20" if yes_no else "cronbach_alpha",
        "value": number(alpha.value),
        "interval": limits(alpha.low, alpha.high, "feldt", reason if np.isnan(alpha.value) else "items_alike"),
        "omega": number(scales.omega_total(told)) if len(told) else None,
        "item_total": [
            {"item": name, "correlation": number(correlation), "alpha_without": number(without)}
            for name, correlation, without in (of_items if len(told) else ())
        ],
    } | why_null(alpha.value, reason)


def _ends(plan: Plan, i: int, scores: Numbers) -> Row:
    """Shares of people at the lowest and highest possible score, where the plan says what is possible."""
    answered, ends = scores[~np.isnan(scores)], possible_ends(plan.indicators[i])
    if ends is None or len(answered) < max(FEWEST, plan.suppress_below):
        return {"floor": None, "ceiling": None}
    floor, ceiling = scales.at_the_ends(answered, *ends)
    return {"floor": floor, "ceiling": ceiling}


def _double_coding(plan: Plan, pair: DoubleCoding, answers: pd.DataFrame) -> Row:
    """Kappa of the answers that both people coded; ordered codes must be numbers, or they go by their text."""
    columns = [text_column(answers[name], plan.missing.blanks) for name in (pair.first, pair.second)]
    both = (columns[0].codes >= 0) & (columns[1].codes >= 0)
    texts = [np.array([*column.texts, ""], dtype=object)[column.codes[both]] for column in columns]
    ranks = {text: rank for rank, text in enumerate(sorted({*texts[0], *texts[1]}, key=_code_order))}
    n = int(both.sum())
    hidden = n < plan.suppress_below
    first, second = (np.array([] if hidden else [ranks[text] for text in given], dtype=np.int64) for given in texts)
    found = scales.cohens_kappa(first, second, pair.weights, plan.confidence)
    reason = "too_few_people" if hidden else "all_answers_alike" if n else "no_answers"
    return {
        "indicator": None,
        "columns": [pair.first, pair.second],
        "n": None if hidden else n,
        "method": "cohens_kappa" if pair.weights == "none" else f"cohens_kappa_{pair.weights}",
        "value": number(found.value),
        "agreement": number(found.observed) if pair.weights == "none" else None,
        "interval": limits(
            found.low, found.high, "fleiss_cohen_everitt", reason if np.isnan(found.value) else "no_disagreement"
        ),
    } | why_null(found.value, reason)


def _code_order(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text

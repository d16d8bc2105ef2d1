"""Rows of the results: plain mappings with the keys of the contract, numbers rounded nowhere, undefined ones null."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from analysis.errors import listed
from analysis.intervals import Bounds, Tested

Row = dict[str, Any]
ROWS_NAMED = 5


def number(value: Any) -> float | None:
    """A float, or None for what JSON cannot hold: not defined and infinite."""
    return float(value) if math.isfinite(value) else None


def why_null(value: Any, reason: str) -> Row:
    """``{"reason": …}`` beside a number that is null: infinite, or the reason given; nothing beside a number."""
    if math.isfinite(value):
        return {}
    return {"reason": "infinite" if math.isinf(value) else reason}


def limits(low: float, high: float, method: str, reason: str) -> Row:
    """An interval; the reason also where only one end is null."""
    return {"low": number(low), "high": number(high), "method": method} | why_null(high, reason) | why_null(low, reason)


def interval(bounds: Bounds, place: tuple[int, ...], method: str, reason: str = "no_answers") -> Row:
    low, high = (limit[place] for limit in bounds)
    return limits(low, high, method, reason)


def tested(result: Tested, place: tuple[int, ...], method: str, reason: str) -> Row:
    p = result.p[place]
    return {"method": method, "statistic": number(result.statistic[place]), "p": number(p)} | why_null(p, reason)


def without_numbers(row: Row) -> Row:
    """The row of a group that is too small to show: what it is about stays, every number and verdict goes."""
    kept = ("model", "indicator", "wave", "from", "to", "baseline", "arm", "comparison", "exposure", "segment")
    return {key: value if key in kept else _emptied(value) for key, value in row.items()} | {"hidden": True}


def hidden_below(row: Row, n: int, least: int) -> Row:
    """The row, or what is left of it where it speaks of fewer people than may be shown."""
    return without_numbers(row) if 0 < n < least else row


def _emptied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner if key in ("method", "name") else None for key, inner in value.items() if key != "reason"}
    return [] if isinstance(value, list) else None


def row_names(index: pd.Index[Any], positions: NDArray[Any]) -> str:
    """The first few rows of the data by their labels: a number, or file and number."""
    labels = [index[position] for position in positions[:ROWS_NAMED]]
    names = [" ".join(map(str, label)) if isinstance(label, tuple) else str(label) for label in labels]
    return listed(names) + (" …" if len(positions) > ROWS_NAMED else "")

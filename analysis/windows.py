"""Did a wave take place when the plan wanted it? The months that went by, person by person where people are linked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from analysis.by_person import ByPerson
from analysis.codes import as_text
from analysis.dates import middle_day
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.plan import Plan
from analysis.retention import months_between, window_check
from analysis.rows import Row, number
from analysis.warning_codes import Warnings


def window_rows(plan: Plan, frame: CodedFrame) -> list[Row]:
    """For every window of the plan that can be checked: the months since the wave before it, and who lay outside.

    Linked people are measured from their own interview, others from the middle one of the earlier wave. Where small
    groups are hidden, the shortest and longest time are too, being one person's.
    """
    rows = []
    for wave, window in _windows(plan):
        months = _months(plan, frame, plan.design.waves.index(window["after"]), plan.design.waves.index(wave))
        if months is None or not len(months):
            continue
        found = window_check(months, tuple(window["months"]))
        counts = {name: getattr(found, name) for name in ("n", "unknown", "early", "inside", "late")}
        spread = {name: number(getattr(found, name)) for name in ("median", "shortest", "longest")}
        about = {"wave": wave, "after": window["after"], "months": list(window["months"])}
        rows.append(about | counts | _without_ends(spread, plan.suppress_below))
    return rows


def without_counts(row: Row) -> Row:
    """The row of a window without its numbers, for where they would bring back few people."""
    return row | dict.fromkeys(("n", "unknown", "early", "inside", "late", "median", "shortest", "longest"))


def months_gone_by(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> Row | None:
    """How many months really lay between two waves: median, shortest and longest; None where no day is known."""
    months = _months(plan, frame, earlier, later)
    known = np.zeros(0) if months is None else months[~np.isnan(months)]
    if not len(known):
        return None
    spread = {"median": float(np.median(known)), "shortest": float(known.min()), "longest": float(known.max())}
    return _without_ends(spread, plan.suppress_below)


def _without_ends(spread: Row, least: int) -> Row:
    return spread | {"shortest": None, "longest": None} if least else spread


def window_warnings(plan: Plan, waves: list[int], rows: list[Row], warnings: Warnings) -> None:
    """Say what lay outside its window, and that windows of waves that took place lack the dates to be checked."""
    present = [plan.design.waves[wave] for wave in waves]
    due = [wave for wave in plan.design.windows if as_text(wave) in present]
    if len([row for row in rows if row["n"]]) < len(due):
        warnings.add("windows_not_checked")
    for row in rows:
        if row["early"] or row["late"]:
            warnings.add("outside_window", wave=row["wave"], early=row["early"], late=row["late"], n=row["n"])


def _windows(plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    for wave, window in plan.design.windows.items():
        if "after" in window and "months" in window:
            yield as_text(wave), window | {"after": as_text(window["after"])}


def _months(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> Numbers | None:
    if frame.days is None:
        return None
    if plan.design.paired:
        people = ByPerson(frame)
        days = np.where(np.isnat(frame.days), np.nan, frame.days.astype(np.float64))
        start, end = (people.answers(days, wave) for wave in (earlier, later))
        both = people.seen(earlier) & people.seen(later)
        return months_between(*(_as_days(one[both]) for one in (start, end)))
    first = middle_day(frame.days[frame.wave == earlier])
    return None if first is None else months_between(first, frame.days[frame.wave == later])


def _as_days(numbers: Numbers) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    days = np.nan_to_num(numbers).astype("M8[D]")
    days[np.isnan(numbers)] = np.datetime64("NaT")
    return days

"""The numbers behind a sentence, formatted in the reader's language: shares, changes, and parts of the respondents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from analysis.verdicts import FEWEST_FOR_SHARES
from core import numbers
from reports.wording import Row, Wording, say

MISSING_KINDS = ("dont_know", "refused", "blank", "not_asked")

PartName = Callable[[str, str | None], str]


@dataclass(frozen=True)
class Cell:
    """A number and, smaller below it, what it rests on."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class ShareLine:
    """One wave of one indicator, everybody who answered then."""

    wave: str
    share: str
    interval: str
    counted: str
    missing: tuple[str, ...]  # in the order of MISSING_KINDS


@dataclass(frozen=True)
class ChangeLine:
    comparison: str
    people: str
    difference: str
    interval: str
    p: str
    p_adjusted: str


@dataclass(frozen=True)
class PartTable:
    """An indicator by one column of the plan (or a crossing): a line for each part."""

    columns: tuple[str, ...]
    waves: tuple[str, ...]
    comparisons: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    notes: tuple[str, ...]  # whether the parts changed differently


def has_share(row: Row) -> bool:
    """Whether a share may be told: enough people, and not hidden."""
    return not row["hidden"] and row["n"] >= FEWEST_FOR_SHARES


def has_change(row: Row) -> bool:
    return not row["hidden"] and min(row["n_from"], row["n_to"]) >= FEWEST_FOR_SHARES


def share_line(row: Row, words: Wording) -> ShareLine:
    missing = row["missing"] or {}
    return ShareLine(
        wave=words.wave(row["wave"], "label"),
        share=numbers.share(row["estimate"], words.language) if has_share(row) else numbers.NOTHING,
        interval=_share_interval(row, words) if has_share(row) else numbers.NOTHING,
        counted=_count(row["x"], row["n"], words.language),
        missing=tuple(_whole(missing.get(kind), words.language) for kind in MISSING_KINDS),
    )


def change_line(row: Row, words: Wording) -> ChangeLine:
    told = has_change(row)
    language = words.language
    return ChangeLine(
        comparison=words.comparison(row),
        people=people(row, language),
        difference=numbers.signed(row["difference"], language) if told else numbers.NOTHING,
        interval=change_interval(row, language) if told else numbers.NOTHING,
        p=numbers.p_value(row["test"]["p"], language) if told else numbers.NOTHING,
        p_adjusted=_adjusted(row, language) if told else numbers.NOTHING,
    )


def people(row: Row, language: str) -> str:
    """How many people a change rests on: pairs, or the people of each wave."""
    if row["hidden"]:
        return say("part.hidden", language, "label")
    first, second = (numbers.whole(row[f"n_{end}"], language) for end in ("from", "to"))
    if row["n_pairs"] is not None:
        return say("people.pairs", language, n=first)
    return say("people.groups", language, first=first, second=second)


def change_interval(row: Row, language: str) -> str:
    low, high = (numbers.signed(row["interval"][side], language) for side in ("low", "high"))
    return say("interval.between", language, low=low, high=high)


@dataclass(frozen=True)
class PartRows:
    """The rows of one indicator from which its tables of parts are made."""

    estimates: list[Row]
    changes: list[Row]
    interactions: list[Row]


def part_tables(rows: PartRows, words: Wording, name: PartName) -> tuple[PartTable, ...]:
    """The tables of one indicator: one for each entry of the plan's ``by``, in its order."""
    return tuple(_part_table(columns, rows, words, name) for columns in words.plan.by)


def _part_table(columns: tuple[str, ...], rows: PartRows, words: Wording, name: PartName) -> PartTable:
    estimates, changes = (
        [row for row in of if set(row["segment"]) == set(columns)] for of in (rows.estimates, rows.changes)
    )
    waves = tuple(dict.fromkeys(row["wave"] for row in estimates))
    comparisons = tuple(dict.fromkeys((row["from"], row["to"]) for row in changes))
    cells: dict[tuple[Any, ...], list[Cell]] = {}
    for row in estimates:
        cells.setdefault(_part(row, columns), []).append(_share_cell(row, words))
    for row in changes:
        cells[_part(row, columns)].append(_change_cell(row, words.language))
    notes = (words.parts(row) for row in rows.interactions if tuple(row["by"]) == columns)
    return PartTable(
        columns=columns,
        waves=tuple(words.wave(wave) for wave in waves),
        comparisons=tuple(words.comparison({"from": first, "to": later}) for first, later in comparisons),
        lines=tuple((_part_name(part, columns, words.language, name), tuple(found)) for part, found in cells.items()),
        notes=tuple(filter(None, notes)),
    )


def _part(row: Row, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row["segment"][column] for column in columns)


def _part_name(part: tuple[Any, ...], columns: tuple[str, ...], language: str, name: PartName) -> str:
    names = [name(column, code) for column, code in zip(columns, part, strict=True)]
    joined = names[0]
    for further in names[1:]:
        joined = say("part.joined", language, first=joined, second=further)
    return joined


def _share_cell(row: Row, words: Wording) -> Cell:
    counted = _count(row["x"], row["n"], words.language)
    return Cell(numbers.share(row["estimate"], words.language), counted) if has_share(row) else Cell(counted)


def _change_cell(row: Row, language: str) -> Cell:
    if row["hidden"]:
        return Cell(say("part.hidden", language, "label"))
    if not has_change(row):
        return Cell(numbers.NOTHING, people(row, language))
    return Cell(numbers.signed(row["difference"], language), change_interval(row, language))


def _share_interval(row: Row, words: Wording) -> str:
    low, high = (numbers.share(row["interval"][side], words.language) for side in ("low", "high"))
    return say("interval.between", words.language, low=low, high=high)


def _count(count: int | None, n: int | None, language: str) -> str:
    if count is None or n is None:
        return say("part.hidden", language, "label")
    return say("count.of", language, count=numbers.whole(count, language), n=numbers.whole(n, language))


def _whole(value: int | None, language: str) -> str:
    return numbers.NOTHING if value is None else numbers.whole(value, language)


def _adjusted(row: Row, language: str) -> str:
    return numbers.NOTHING if row["p_adjusted"] is None else numbers.p_value(row["p_adjusted"], language)


def by_indicator(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows of each indicator, in the order of the results."""
    ordered = sorted(rows, key=lambda row: row["indicator"])
    return {indicator: list(found) for indicator, found in groupby(ordered, key=lambda row: row["indicator"])}

"""Parts of the respondents: everybody, each margin (by sex) and each crossing (by sex and age) of the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.codes import as_number
from analysis.columns import BLANK, TextColumn, text_column
from analysis.plan import Plan
from analysis.survey.domains import cross
from analysis.warning_codes import Warnings

Segment = dict[str, str | None]
MANY_PARTS = 20


@dataclass(frozen=True)
class Partition:
    """Every row belongs to exactly one part; a row whose segment is not known belongs to a part of its own (None)."""

    columns: tuple[str, ...]
    segments: tuple[Segment, ...]
    of_row: NDArray[np.int64]

    def taking(self, rows: NDArray[np.int64]) -> Partition:
        return replace(self, of_row=self.of_row[rows])


def partitions(
    plan: Plan, frame: pd.DataFrame, person: NDArray[np.int64], wave: NDArray[np.int64], warnings: Warnings
) -> tuple[Partition, ...]:
    """Everybody first, then each entry of the plan's ``by`` in order. In paired designs a person keeps one part."""
    margins = {}
    for name in dict.fromkeys(name for columns in plan.by for name in columns):
        column = text_column(frame[name], plan.missing.blanks)
        warn_of_blanks(plan, name, column, warnings)
        column, changed = of_persons(column, person, wave)
        if changed:
            warnings.add("part_changed", column=name, n=changed)
        if len(column.texts) > MANY_PARTS:
            warnings.add("many_parts", column=name, n=len(column.texts))
        margins[name] = margin(name, column)
    return (everybody(len(frame)), *(crossing([margins[name] for name in columns]) for columns in plan.by))


def warn_of_blanks(plan: Plan, name: str, column: TextColumn, warnings: Warnings) -> None:
    """Say which texts were read as empty cells, unless the plan itself says so."""
    if plan.missing.blank is None:
        for text, n in column.worded_blanks.items():
            warnings.add("read_as_blank", column=name, text=text, n=n)


def everybody(rows: int) -> Partition:
    return Partition((), ({},), np.zeros(rows, dtype=np.int64))


def crossing(margins: list[Partition]) -> Partition:
    """The crossing of margins, with the combinations that occur, in the order of the margins' segments.

    >>> sex = Partition(("sex",), ({"sex": "F"}, {"sex": "M"}), np.array([0, 1, 1]))
    >>> age = Partition(("age",), ({"age": "18+"}, {"age": None}), np.array([0, 0, 1]))
    >>> crossing([sex, age]).segments[2]
    {'sex': 'M', 'age': None}
    """
    cells = cross([(margin.of_row, len(margin.segments)) for margin in margins], len(margins[0].of_row))
    segments = []
    for combination in zip(*cells.part_of_cell, strict=True):
        segment: Segment = {}
        for margin, part in zip(margins, combination, strict=True):
            segment |= margin.segments[part]
        segments.append(segment)
    columns = tuple(column for margin in margins for column in margin.columns)
    return Partition(columns, tuple(segments), cells.of_row.astype(np.int64))


def margin(name: str, column: TextColumn) -> Partition:
    """The parts of one column, sorted by number where all are numbers, else by text; the unknown come last."""
    order = sorted(range(len(column.texts)), key=_sort_key(column.texts))
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    rank[BLANK] = len(order)
    segments: list[Segment] = [{name: column.texts[position]} for position in order]
    if (column.codes == BLANK).any():
        segments.append({name: None})
    return Partition((name,), tuple(segments), rank[column.codes])


def ordered_by(split: Partition, order: tuple[str, ...]) -> Partition:
    """A margin with its parts in an order of the plan's; parts of nobody are left out, and the unknown stay last.

    >>> split = Partition(("dose",), ({"dose": "full"}, {"dose": "none"}, {"dose": None}), np.array([0, 1, 2]))
    >>> made = ordered_by(split, ("none", "part", "full"))
    >>> made.segments, made.of_row.tolist()
    (({'dose': 'none'}, {'dose': 'full'}, {'dose': None}), [1, 0, 2])
    """
    (name,) = split.columns
    place = {code: position for position, code in enumerate(order)}
    places = sorted(range(len(split.segments)), key=lambda at: place.get(split.segments[at][name] or "", len(order)))
    return Partition(split.columns, tuple(split.segments[at] for at in places), np.argsort(places)[split.of_row])


def of_persons(column: TextColumn, person: NDArray[np.int64], wave: NDArray[np.int64]) -> tuple[TextColumn, int]:
    """Give every row of a person the first part known of that person, and count the persons who changed part.

    Pairs must stay in one part: somebody who is 24 before and 25 after belongs to the age group of the start.
    """
    named = person >= 0
    if not named.any():
        return column, 0
    order = np.lexsort((wave, column.codes == BLANK, person))
    order = order[named[order]]
    persons, first = np.unique(person[order], return_index=True)
    known = np.full(persons[-1] + 1, BLANK, dtype=np.int64)
    known[persons] = column.codes[order][first]
    differs = named & (column.codes != BLANK) & (column.codes != known[person])
    codes = np.where(named, known[person], column.codes)
    return replace(column, narrow=codes), len(np.unique(person[differs]))


def _sort_key(texts: list[str]) -> Callable[[int], tuple[float, str]]:
    numbers = [as_number(text) for text in texts]
    if None in numbers:
        return lambda position: (0.0, texts[position])
    return lambda position: (numbers[position] or 0.0, texts[position])

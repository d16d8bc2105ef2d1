"""Parts of the respondents as unions of the cells of their finest crossing: one pass over the rows serves all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.survey.arrays import Integers, dense


@dataclass(frozen=True)
class Cells:
    """The finest crossing of several partitions, with the combinations that occur."""

    of_row: Integers  # (rows,)
    count: int
    part_of_cell: tuple[Integers, ...]  # for each partition (cells,): the part that a cell belongs to
    parts: tuple[int, ...]  # how many parts each partition has


def cross(partitions: Sequence[tuple[Integers, int]], rows: int) -> Cells:
    """Cross partitions, each given as the part of every row and the number of parts.

    A partition whose parts are unions of those of earlier ones (a margin after its crossing) adds no cell.

    >>> sex, age = np.array([0, 0, 1]), np.array([1, 0, 1])
    >>> cells = cross([(np.zeros(3, int), 1), (sex, 2), (age, 2)], 3)
    >>> cells.of_row.tolist(), [part.tolist() for part in cells.part_of_cell]
    ([1, 0, 2], [[0, 0, 0], [0, 0, 1], [0, 1, 1]])
    """
    of_row: Integers = np.zeros(rows, dtype=np.int32)
    count = 1
    part_of_cell: list[Integers] = []
    for part, parts in partitions:
        present, of_row = dense(of_row * np.int64(parts) + part, count * parts)
        part_of_cell = [earlier[present // parts] for earlier in part_of_cell]
        part_of_cell.append(present % parts)
        count = len(present)
    return Cells(of_row, count, tuple(part_of_cell), tuple(parts for _, parts in partitions))

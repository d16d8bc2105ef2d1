"""Hiding small groups so that subtraction does not bring them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.parts import Partition, Segment

Hidden = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """Which parts of a report are sums of others. Parts are numbered through all partitions in order."""

    segments: tuple[Segment, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]  # a part and the finer parts of one partition that make it up
    incidence: NDArray[np.float64]  # part × finest crossing: which finest cells a part holds
    together: tuple[tuple[int, ...], ...] = ()  # parts that are told in one row, all or none
    solved: dict[bytes, list[int]] = field(default_factory=dict)  # what was worked out once holds for all tables


def layout(partitions: tuple[Partition, ...], finest: Partition, told_in_one: tuple[int, ...] = ()) -> Layout:
    """Work out which parts add up to which; ``finest`` crosses all columns of the partitions.

    ``told_in_one`` are the places of partitions whose parts are told or hidden all at once.
    """
    segments = tuple(segment for partition in partitions for segment in partition.segments)
    incidence = np.array([[_holds(part, cell) for cell in finest.segments] for part in segments], dtype=np.float64)
    starts = np.cumsum([0, *(len(partition.segments) for partition in partitions)])
    together = tuple(tuple(range(starts[place], starts[place + 1])) for place in told_in_one)
    return Layout(segments, tuple(_sums(partitions)), incidence, together)


def hide(n: Counts, parts: Layout, least: int, also: Hidden | None = None) -> Hidden:
    """Which parts to hide: those of fewer than ``least`` people, and as many more as keep those from being worked out.

    A group that is left over when visible parts are taken from a visible whole must itself hold ``least`` people and
    more than one part; and no hidden part may be a combination of visible ones (checked by rank, so that crossings with
    all their margins are safe too). The smallest visible part goes first. Empty parts tell of nobody and stay. Several
    tables of the same people get one answer: a part is hidden in all of them, and safe in each.
    Units: people. Shapes: n (parts,) or (tables, parts), the result (parts,). Errors: none; ``least`` 0 hides nothing
    but ``also``.

    >>> split = Partition(("sex",), ({"sex": "F"}, {"sex": "M"}, {"sex": None}), np.array([0]))
    >>> hide(np.array([30, 14, 13, 3]), layout((Partition((), ({},), np.array([0])), split), split), 5).tolist()
    [False, False, True, True]
    """
    tables = np.atleast_2d(n)
    tables = tables if len(tables) == 1 else np.unique(tables, axis=0)
    hidden: Hidden = np.any((tables > 0) & (tables < least), axis=0)
    if also is not None:
        hidden |= also
    size = tables.sum(axis=0)
    while least and hidden.any():
        candidates = _leak(tables, parts, hidden, least)
        if candidates is None:
            break
        hidden[min(candidates, key=lambda part: (size[part], -part))] = True
    return hidden


def _leak(tables: Counts, parts: Layout, hidden: Hidden, least: int) -> list[int] | None:
    """The visible parts of which one must go because something hidden can be worked out; None when nothing can."""
    for row in parts.together:
        rest = [part for part in row if not hidden[part] and tables[:, part].any()]
        if rest and any(hidden[part] for part in row):
            return rest
    for whole, pieces in parts.sums:
        if hidden[whole]:
            continue
        members = np.array(pieces, dtype=np.int64)
        counts = tables[:, members] * hidden[members]
        several, people = (counts > 0).sum(axis=1), counts.sum(axis=1)
        leaking = np.flatnonzero((several == 1) | ((several > 0) & (people < least)))
        if leaking.size:
            people_of = tables[leaking[0]]
            return [piece for piece in pieces if not hidden[piece] and people_of[piece]] or [whole]
    return _solvable(tables, parts, hidden)


def _solvable(tables: Counts, parts: Layout, hidden: Hidden) -> list[int] | None:
    """Of one hidden part which is a linear combination of visible ones: these, the whole only where it stands alone.

    A visible part without people says of each of its finest cells that nobody is in it: such cells count for nothing.
    """
    empty, which = (tables == 0) & ~hidden, np.zeros(1, dtype=np.int64)
    if len(tables) > 1:
        empty, which = np.unique(empty, axis=0, return_inverse=True)
    for place, nobody in enumerate(empty):
        secret = hidden & (tables[which.ravel() == place] > 0).any(axis=0)
        seen = ~hidden & ~nobody
        key = np.packbits(np.stack([nobody, seen, secret])).tobytes()
        if key not in parts.solved:
            parts.solved[key] = _combined(parts, nobody, seen, np.flatnonzero(secret))
        if parts.solved[key]:
            return parts.solved[key]
    return None


def _combined(parts: Layout, nobody: Hidden, seen: Hidden, secret: Counts) -> list[int]:
    """The seen parts that make up one of the secret ones; none where no secret part is a combination."""
    cells = ~(parts.incidence[nobody] > 0).any(axis=0)
    visible, asked = parts.incidence[np.ix_(seen, cells)].T, parts.incidence[np.ix_(secret, cells)].T
    if not visible.size or not asked.size:
        return []
    solution = np.linalg.lstsq(visible, asked, rcond=None)[0]
    solved = np.flatnonzero(np.abs(visible @ solution - asked).max(axis=0) < 1e-8)
    if not solved.size:
        return []
    used = np.flatnonzero(seen)[np.abs(solution[:, solved[0]]) > 1e-8]
    return [int(part) for part in used if part] or [0]


def _holds(part: Segment, cell: Segment) -> bool:
    return all(cell[column] == value for column, value in part.items())


def _sums(partitions: tuple[Partition, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every part that a finer partition splits, with the pieces."""
    starts = np.cumsum([0, *(len(partition.segments) for partition in partitions)])
    for (coarse, whole), (fine, split) in product(enumerate(partitions), repeat=2):
        if not set(whole.columns) < set(split.columns):
            continue
        for part, segment in enumerate(whole.segments):
            pieces = (place for place, cell in enumerate(split.segments) if _holds(segment, cell))
            yield int(starts[coarse] + part), tuple(int(starts[fine] + place) for place in pieces)

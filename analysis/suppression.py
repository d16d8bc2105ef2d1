"""Hiding small groups so that subtraction does not bring them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.parts import Partition, Segment

Hidden = NDArray[np.bool_]


@dataclass(frozen=True)
class Layout:
    """Which parts of a report are sums of others. Parts are numbered through all partitions in order."""

    segments: tuple[Segment, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]  # a part and the finer parts of one partition that make it up
    incidence: NDArray[np.float64]  # part × finest crossing: which finest cells a part holds


def layout(partitions: tuple[Partition, ...], finest: Partition) -> Layout:
    """Work out which parts add up to which; ``finest`` crosses all columns of the partitions."""
    segments = tuple(segment for partition in partitions for segment in partition.segments)
    incidence = np.array([[_holds(part, cell) for cell in finest.segments] for part in segments], dtype=np.float64)
    return Layout(segments, tuple(_sums(partitions)), incidence)


def hide(n: NDArray[np.int64], parts: Layout, least: int, also: Hidden | None = None) -> Hidden:
    """Which parts to hide: those of fewer than ``least`` people, and as many more as keep those from being worked out.

    A group that is left over when visible parts are taken from a visible whole must itself hold ``least`` people and
    more than one part; and no hidden part may be a combination of visible ones (checked by rank, so that crossings with
    all their margins are safe too). The smallest visible part goes first. Empty parts tell of nobody and stay.
    Units: people. Shapes: n and the result (parts,). Errors: none; ``least`` 0 hides nothing but ``also``.

    >>> split = Partition(("sex",), ({"sex": "F"}, {"sex": "M"}, {"sex": None}), np.array([0]))
    >>> hide(np.array([30, 14, 13, 3]), layout((Partition((), ({},), np.array([0])), split), split), 5).tolist()
    [False, False, True, True]
    """
    hidden = (n > 0) & (n < least)
    if also is not None:
        hidden |= also
    while least:
        candidates = _leak(n, parts, hidden, least)
        if candidates is None:
            break
        hidden[min(candidates, key=lambda part: (n[part], -part))] = True
    return hidden


def _leak(n: NDArray[np.int64], parts: Layout, hidden: Hidden, least: int) -> list[int] | None:
    """The visible parts of which one must go because something hidden can be worked out; None when nothing can."""
    for whole, pieces in parts.sums:
        out = [piece for piece in pieces if hidden[piece] and n[piece]]
        if out and not hidden[whole] and (len(out) == 1 or sum(n[piece] for piece in out) < least):
            return [piece for piece in pieces if not hidden[piece] and n[piece]] or [whole]
    exposed = _exposed(n, parts, hidden)
    if exposed is None:
        return None
    overlapping = (parts.incidence @ parts.incidence[exposed] > 0) & ~hidden & (n > 0)
    return [int(part) for part in np.flatnonzero(overlapping)]


def _exposed(n: NDArray[np.int64], parts: Layout, hidden: Hidden) -> int | None:
    """A hidden part with people in it that is a linear combination of visible ones, if there is one."""
    secret = np.flatnonzero(hidden & (n > 0))
    if not secret.size or hidden.all():
        return None
    visible = parts.incidence[~hidden].T
    asked = parts.incidence[secret].T
    solution = np.linalg.lstsq(visible, asked, rcond=None)[0]
    solved = np.abs(visible @ solution - asked).max(axis=0) < 1e-8
    return int(secret[solved][0]) if solved.any() else None


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

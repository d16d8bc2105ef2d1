"""Sufficient statistics: counts of every indicator in every part, from which all the rest is computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.frame import CodedFrame
from analysis.paired import PairedTable
from analysis.parts import Partition
from analysis.plan import Plan
from analysis.scoring import BLANK, DONT_KNOW, NOT_ASKED, REFUSED, STATES, values_of_states

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class WaveCounts:
    """States counted for every indicator, wave and part (parts of all partitions in order): shape (i, w, p, STATES)."""

    states: Counts
    yes: Counts  # (i, w, p)
    answered: Counts  # (i, w, p): what the shares are shares of

    def missing(self, indicator: int, wave: int, part: int) -> dict[str, int]:
        """Counts by kind; "don't know" is shown even where it counts on the worse side and is part of n."""
        kinds = {"dont_know": DONT_KNOW, "refused": REFUSED, "blank": BLANK, "not_asked": NOT_ASKED}
        found = self.states[indicator, wave, part]
        return {name: int(found[state]) for name, state in kinds.items()}


def count_waves(plan: Plan, frame: CodedFrame) -> WaveCounts:
    """Count every indicator's states by wave and part: rows for a crossing, whose parts sum up to those of a margin."""
    splits = frame.partitions
    counted: dict[int, Counts] = {}
    for at in sorted(range(len(splits)), key=lambda at: -len(splits[at].columns)):
        finer = next((other for other in counted if set(splits[at].columns) < set(splits[other].columns)), None)
        if finer is None:
            counted[at] = _by_part(frame, splits[at], len(plan.design.waves))
        else:
            counted[at] = _summed(counted[finer], splits[finer], splits[at])
    states = np.concatenate([counted[at] for at in range(len(splits))], axis=2)
    values = state_values(plan)
    yes = np.einsum("iwps,is->iwp", states, (values == 1).astype(np.int64))
    answered = np.einsum("iwps,is->iwp", states, (values >= 0).astype(np.int64))
    return WaveCounts(states, yes, answered)


def state_values(plan: Plan) -> NDArray[np.int8]:
    """What each state counts as for each indicator (0, 1, or -1 for not counted): shape (i, STATES)."""
    return np.stack([values_of_states(indicator, plan.missing) for indicator in plan.indicators])


def count_pairs(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> PairedTable:
    """The 2×2 tables of complete pairs for every indicator and part: each count has the shape (i, p)."""
    rows = rows_of_persons(frame, (earlier, later))
    parts = [(partition.of_row[rows[0]], len(partition.segments)) for partition in frame.partitions]
    answers = (value[state[rows]] for state, value in zip(frame.states, state_values(plan), strict=True))
    tables = np.stack([_paired_counts(answer, parts) for answer in answers])
    no_no, no_yes, yes_no, yes_yes = np.moveaxis(tables, 2, 0)
    return PairedTable.of(yes_yes, yes_no, no_yes, no_no)


def rows_of_persons(frame: CodedFrame, waves: tuple[int, ...]) -> NDArray[np.int64]:
    """The rows of everybody who was there at all the waves: shape (waves, persons)."""
    persons = int(frame.person.max(initial=-1)) + 1
    row_of = np.full((len(waves), persons), -1, dtype=np.int64)
    for place, wave in enumerate(waves):
        rows = np.flatnonzero((frame.wave == wave) & (frame.person >= 0))
        row_of[place, frame.person[rows]] = rows
    return row_of[:, (row_of >= 0).all(axis=0)]


def _by_part(frame: CodedFrame, partition: Partition, waves: int) -> Counts:
    parts = len(partition.segments)
    cells = waves * parts * STATES
    cell = ((frame.wave * parts + partition.of_row) * STATES).astype(np.int16 if cells < 2**15 else np.int64)
    counted = [np.bincount(cell + states, minlength=cells) for states in frame.states]
    return np.stack(counted).reshape(len(frame.states), waves, parts, STATES)


def _summed(counts: Counts, finer: Partition, coarser: Partition) -> Counts:
    """Counts (i, w, p, STATES) of the parts of a partition, from those of one that divides its parts further."""
    place = {tuple(segment.values()): part for part, segment in enumerate(coarser.segments)}
    member = np.zeros((len(finer.segments), len(coarser.segments)), dtype=np.int64)
    for row, segment in zip(member, finer.segments, strict=True):
        row[place[tuple(segment[name] for name in coarser.columns)]] = 1
    summed: Counts = np.einsum("iwps,pq->iwqs", counts, member)
    return summed


def _paired_counts(values: NDArray[np.int8], parts: list[tuple[Counts, int]]) -> Counts:
    """Counts of (earlier, later) = 00, 01, 10, 11 in the parts of all partitions: shape (p, 4)."""
    earlier, later = values
    complete = (earlier >= 0) & (later >= 0)
    change = (2 * earlier + later)[complete]
    counted = [np.bincount(part[complete] * 4 + change, minlength=size * 4) for part, size in parts]
    return np.concatenate(counted).reshape(-1, 4)

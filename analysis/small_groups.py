"""What is hidden of the results: one decision for all rows in which the same people are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.counts import WaveCounts, count_pairs, count_waves
from analysis.frame import CodedFrame
from analysis.parts import Partition, crossing
from analysis.plan import Plan
from analysis.suppression import Counts, Hidden, Layout, hide, layout

EVERYBODY = 0  # place among the parts


@dataclass(frozen=True)
class Table:
    """Counts of one thing in all parts, and the places of the tables whose hidden parts are hidden here too."""

    n: Counts  # (parts,)
    wave: int
    within: tuple[int, ...] = ()


@dataclass(frozen=True)
class HiddenGroups:
    """Which parts of the plan's ``by`` are hidden, and whether any group of the other columns is."""

    estimates: Hidden  # (indicators, waves, parts)
    changes: Mapping[tuple[int, int], Hidden]  # (earlier, later) -> (indicators, parts)
    exposure: Hidden  # (indicators, waves): a level of exposure
    mix: Hidden  # (waves,): a group of a column to adjust for

    def of_indicator(self, i: int, wave: int) -> bool:
        """Whether everybody who answered at a wave is hidden."""
        return bool(self.estimates[i, wave, EVERYBODY])


def told_parts(plan: Plan, frame: CodedFrame) -> Layout | None:
    """How all parts that results tell of add up, where small ones are to be hidden: ``by``, ``adjust`` and exposure."""
    if not plan.suppress_below:
        return None
    told = _partitions(plan, frame)
    return layout(told, crossing(list(told)), tuple(range(len(frame.partitions), len(told))))


def hidden_groups(
    plan: Plan,
    frame: CodedFrame,
    counts: WaveCounts,
    pairs: Mapping[tuple[int, int], Counts],
    parts: Layout | None,
) -> HiddenGroups:
    """Decide over all rows about everybody, or about an arm; ``pairs`` holds the complete pairs (i, p) of changes.

    A part is hidden for every indicator, wave and change that counts the same people: see ``hide_together``. People who
    were there count too, answered or not, since a row with its missing answers tells of them.
    """
    indicators, waves, plain = counts.answered.shape
    if parts is None:
        nothing = np.zeros((indicators, waves), dtype=bool)
        shown = {pair: np.zeros((indicators, plain), dtype=bool) for pair in pairs}
        everything = np.zeros((indicators, waves, plain), dtype=bool)
        return HiddenGroups(everything, shown, nothing, np.zeros(waves, dtype=bool))
    if len(parts.segments) > plain:
        whole = replace(frame, partitions=_partitions(plan, frame))
        counts = count_waves(plan, whole)
        if plan.design.paired:
            pairs = {pair: count_pairs(plan, whole, *pair).n.astype(np.int64) for pair in pairs}
    people, answered = counts.states[0].sum(axis=2), counts.answered
    tables = [Table(people[w], w) for w in range(waves)]
    tables += [Table(answered[i, w], w, (w,)) for i in range(indicators) for w in range(waves)]
    at = {(i, w): waves * (1 + i) + w for i in range(indicators) for w in range(waves)}
    if plan.design.paired:
        tables += [
            Table(n[i].astype(np.int64), earlier, (at[i, earlier], at[i, later]))
            for (earlier, later), n in pairs.items()
            for i in range(indicators)
        ]
    hidden = hide_together(tables, parts, plan.suppress_below, linked=plan.design.paired)
    estimates = hidden[waves : waves * (1 + indicators)].reshape(indicators, waves, -1)
    of_pairs = hidden[waves * (1 + indicators) :].reshape(-1, indicators, len(parts.segments))
    changes: dict[tuple[int, int], Hidden] = {
        (earlier, later): of_pairs[place] if plan.design.paired else estimates[:, earlier] | estimates[:, later]
        for place, (earlier, later) in enumerate(pairs)
    }
    by, adjusted = slice(0, plain), slice(plain, plain + sum(len(one.segments) for one in frame.adjusted))
    return HiddenGroups(
        estimates[:, :, by],
        {pair: of_pair[:, by] for pair, of_pair in changes.items()},
        np.any(estimates[:, :, adjusted.stop :], axis=2),
        np.any(hidden[:waves, adjusted], axis=1),
    )


def hide_together(tables: list[Table], parts: Layout, least: int, *, linked: bool) -> Hidden:
    """What to hide in tables that speak of the same people, shape (tables, parts).

    Tables count the same people where their totals differ by fewer than ``least``, or a chain of such steps joins them:
    what one of them hides another would tell, but for a few. They hide the same parts. People of different waves are
    the same only where they are ``linked``. A table also hides what is hidden in those it lies within.

    >>> split = Partition(("sex",), ({"sex": "F"}, {"sex": "M"}, {"sex": None}), np.array([0]))
    >>> parts = layout((Partition((), ({},), np.array([0])), split), split)
    >>> two = [Table(np.array([30, 14, 11, 5]), 0), Table(np.array([29, 14, 11, 4]), 0)]
    >>> hide_together(two, parts, 5, linked=False).astype(int).tolist()
    [[0, 0, 1, 1], [0, 0, 1, 1]]
    """
    hidden = np.zeros((len(tables), len(parts.segments)), dtype=bool)
    same = [np.array(group) for group in _same_people(tables, least, linked)]
    n = np.stack([table.n for table in tables])
    outer = [np.unique([place for one in group for place in (one, *tables[one].within)]) for group in same]
    before = -1
    while before != (before := int(hidden.sum())):
        for group, around in zip(same, outer, strict=True):
            hidden[group] = hide(n[group], parts, least, also=hidden[around].any(axis=0))
    return hidden


def _same_people(tables: list[Table], least: int, linked: bool) -> Iterator[list[int]]:
    """Places of the tables that count the same people, but for a few."""
    totals = [(0 if linked else table.wave, int(table.n[EVERYBODY]), place) for place, table in enumerate(tables)]
    group: list[int] = []
    last = (-1, 0)
    for wave, total, place in sorted(totals):
        if group and (wave != last[0] or total - last[1] >= least):
            yield group
            group = []
        group.append(place)
        last = (wave, total)
    yield group


def _partitions(plan: Plan, frame: CodedFrame) -> tuple[Partition, ...]:
    """Everything that rows split people by. Linked people keep one part of ``by``, but not of exposure."""
    exposure: tuple[Partition, ...] = () if frame.exposure is None else (frame.exposure,)
    if plan.design.paired:
        exposure = tuple(_apart(split) for split in exposure)
    return (*frame.partitions, *frame.adjusted, *exposure)


def _apart(split: Partition) -> Partition:
    (name,) = split.columns
    own = f"{name} (as told)"
    return replace(split, columns=(own,), segments=tuple({own: segment[name]} for segment in split.segments))


def is_few(counts: NDArray[np.int64] | list[int], least: int) -> bool:
    """Whether any count is of somebody, and of fewer than ``least`` people."""
    found = np.asarray(counts)
    return bool(((found > 0) & (found < least)).any())

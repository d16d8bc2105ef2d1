"""What is hidden of the results: one decision for all rows in which the same people are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.counts import WaveCounts, count_pairs, count_waves
from analysis.frame import CodedFrame
from analysis.parts import Partition, Segment, crossing
from analysis.plan import Plan
from analysis.rows import Row, without_numbers
from analysis.suppression import Counts, Hidden, Layout, hide, layout

EVERYBODY = 0  # place among the parts
COUNTS_OF_PEOPLE = frozenset({"n", "early", "late", "effective", "doers", "non_doers"})
NOT_OF_PEOPLE = frozenset(
    {"many_parts", "many_primary_indicators", "plan_was_changed", "few_sessions", "few_clusters", "reused_clusters"}
    | {"few_enumerators"}
)  # warnings that count something else


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
    people: Hidden  # (waves,): everybody who was there

    def unknown(self, plan: Plan, segments: tuple[Segment, ...]) -> set[str]:
        """Columns of which a part is hidden whose value is not known."""
        some: Hidden = np.any(self.estimates, axis=(0, 1))
        names = {
            name
            for segment, hidden in zip(segments, some, strict=True)
            for name, value in segment.items()
            if hidden and value is None
        }
        names |= set(plan.adjust) if self.mix.any() else set()
        return names | ({plan.design.exposure} if plan.design.exposure and self.exposure.any() else set())


def told_warnings(found: Iterable[Row], unknown: set[str], *, few: bool) -> list[Row]:
    """Warnings without counts that bring hidden ones back, which become null.

    Where there are ``few`` people in all or in an arm these are all counts of people; else how many cells of a column
    were read as blank, where those without a value are hidden.
    """
    told = []
    for warning in found:
        code, params = warning["code"], warning["params"]
        if (few and code not in NOT_OF_PEOPLE) or (code == "read_as_blank" and params["column"] in unknown):
            params = {name: None if name in COUNTS_OF_PEOPLE else value for name, value in params.items()}
        told.append({"code": code, "params": params})
    return told


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
        return HiddenGroups(everything, shown, nothing, *np.zeros((2, waves), dtype=bool))
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
        hidden[:waves, EVERYBODY],
    )


def without_hidden_waves(plan: Plan, rows: list[Row], told: list[HiddenGroups]) -> list[Row]:
    """Rows over everybody at a wave, without their numbers where those of the indicator are hidden for any arm."""
    out = np.any([groups.estimates[:, :, EVERYBODY] for groups in told], axis=0)
    waves, indicators = plan.design.waves, [indicator.id for indicator in plan.indicators]
    hidden = {(indicators[i], waves[w]) for i, w in np.argwhere(out)}
    return [without_numbers(row) if (row["indicator"], row.get("wave")) in hidden else row for row in rows]


def without_hidden_changes(plan: Plan, rows: list[Row], told: list[HiddenGroups]) -> list[Row]:
    """Rows over all arms from a wave to another, without their numbers where the change of any arm is hidden."""
    waves, indicators = plan.design.waves, [indicator.id for indicator in plan.indicators]
    hidden = {
        (indicators[i], waves[earlier], waves[later])
        for groups in told
        for (earlier, later), of_pair in groups.changes.items()
        for i in np.flatnonzero(of_pair[:, EVERYBODY])
    }
    return [without_numbers(row) if (row["indicator"], row["from"], row["to"]) in hidden else row for row in rows]


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
    decided: dict[int, Hidden] = {}
    while True:
        before = int(hidden.sum())
        for at, (group, around) in enumerate(zip(same, outer, strict=True)):
            also = np.any(hidden[around], axis=0)
            if at not in decided or not np.array_equal(also, decided[at]):
                decided[at] = hidden[group] = hide(n[group], parts, least, also)
        if int(hidden.sum()) == before:
            break
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

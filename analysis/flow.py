"""Who was there: counts of people at each wave, found again and lost, left out, and what the reader must know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.arms import Arms
from analysis.counts import rows_of_persons
from analysis.frame import CodedFrame
from analysis.locks import lock_warnings
from analysis.plan import Plan
from analysis.rows import Row, without_numbers
from analysis.small_groups import is_few
from analysis.warning_codes import Warnings


def present_waves(plan: Plan, frame: CodedFrame) -> list[int]:
    """Positions of the plan's waves that have any rows: the follow-up of a running campaign is still to come."""
    return [wave for wave in range(len(plan.design.waves)) if (frame.wave == wave).any()]


def flow(plan: Plan, frame: CodedFrame, hidden: Collection[str | None] = ()) -> Row:
    """Counts of people.

    ``pairs`` are those seen at the first two waves, ``linked`` gives every pair of waves, ``lost`` those of the first
    wave not seen at a later one and ``joined`` the reverse; nothing of this for separate samples. ``approached`` is
    null: whoever counts approaches adds it. Where too few people were there at a wave, or seen again, of all or of an
    arm, no sum is told: what is told elsewhere, taken from it, would be the few. ``hidden`` names the arms (None for
    people without arms) of which the rows over everybody are hidden at a wave.
    """
    waves = plan.design.waves
    names = {wave: int((frame.wave == position).sum()) for position, wave in enumerate(waves)}
    counts: Row = {"n_by_wave": names, "pairs": None, "lost": {}, "joined": {}, "linked": []}
    if plan.design.paired:
        counts |= _links(plan, frame)
    arms = {} if frame.arms is None else _of_arms(plan, frame, frame.arms, hidden)
    few = None in hidden or _few(plan, counts) or any("hidden" in of_arm for of_arm in arms.values())
    told: Row = {"approached": None} | (without_numbers(counts) if few else counts)
    if frame.arms is not None:
        told["arms"] = arms
    return told | {"rows_read": None if few else frame.rows_read, "excluded": list(frame.excluded)}


def _few(plan: Plan, counts: Row) -> bool:
    there = [*counts["n_by_wave"].values(), *(link["n"] for link in counts["linked"])]
    return is_few(there, plan.suppress_below)


def _of_arms(plan: Plan, frame: CodedFrame, arms: Arms, hidden: Collection[str | None]) -> Row:
    """Of each arm the counts that are there of everybody; nothing of an arm with too few people."""
    found: Row = {}
    for place, name in enumerate(arms.names):
        of_arm = frame.taking(np.flatnonzero(arms.of_row == place))
        waves = {wave: int((of_arm.wave == position).sum()) for position, wave in enumerate(plan.design.waves)}
        found[name] = {"n_by_wave": waves} | (_links(plan, of_arm) if plan.design.paired else {})
        if name in hidden or _few(plan, {"linked": []} | found[name]):
            found[name] = without_numbers(found[name])
    return found


def _links(plan: Plan, frame: CodedFrame) -> Row:
    waves = plan.design.waves
    there = [int(((frame.wave == wave) & (frame.person >= 0)).sum()) for wave in range(len(waves))]
    both = {
        (earlier, later): rows_of_persons(frame, (earlier, later)).shape[1]
        for later in range(len(waves))
        for earlier in range(later)
    }
    present = present_waves(plan, frame)
    return {
        "pairs": both[0, 1],
        "lost": {waves[later]: there[0] - both[0, later] for later in present if later},
        "joined": {waves[later]: there[later] - both[0, later] for later in present if later},
        "linked": [{"from": waves[a], "to": waves[b], "n": n} for (a, b), n in sorted(both.items())],
    }


def plan_warnings(plan: Plan, frame: CodedFrame, warnings: Warnings, changes: Sequence[Mapping[str, Any]]) -> None:
    """Add what the plan asks for and does not get, and what a reader should know about it."""
    for position in set(range(len(plan.design.waves))) - set(present_waves(plan, frame)):
        warnings.add("wave_without_rows", wave=plan.design.waves[position])
    primary = int(np.sum([indicator.primary for indicator in plan.indicators]))
    if not primary:
        warnings.add("no_primary_indicator")
    if primary > MOST_PRIMARY:
        warnings.add("many_primary_indicators", n=primary)
    if plan.design.site and plan.design.stratum_or_site != plan.design.site:
        warnings.add("site_not_used", column=plan.design.site)
    lock_warnings(plan, frame, warnings, changes)


MOST_PRIMARY = 3  # a headline rests on few indicators, or on luck

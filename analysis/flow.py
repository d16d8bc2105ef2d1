"""Who was there: counts of people at each wave, found again and lost, left out, and what the reader must know."""

from __future__ import annotations

import numpy as np

from analysis.counts import rows_of_persons
from analysis.frame import CodedFrame
from analysis.plan import Plan
from analysis.rows import Row
from analysis.warning_codes import Warnings


def present_waves(plan: Plan, frame: CodedFrame) -> list[int]:
    """Positions of the plan's waves that have any rows: the follow-up of a running campaign is still to come."""
    return [wave for wave in range(len(plan.design.waves)) if (frame.wave == wave).any()]


def flow(plan: Plan, frame: CodedFrame) -> Row:
    """Counts of people.

    ``pairs`` are those seen at the first two waves, ``linked`` gives every pair of waves, ``lost`` those of the first
    wave not seen at a later one and ``joined`` the reverse; nothing of this for separate samples. ``approached`` is
    null: whoever counts approaches adds it.
    """
    waves = plan.design.waves
    names = {wave: int((frame.wave == position).sum()) for position, wave in enumerate(waves)}
    counts: Row = {"approached": None, "n_by_wave": names, "pairs": None, "lost": {}, "joined": {}, "linked": []}
    if plan.design.paired:
        counts |= _links(plan, frame)
    return counts | {"rows_read": frame.rows_read, "excluded": list(frame.excluded)}


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


def plan_warnings(plan: Plan, frame: CodedFrame, warnings: Warnings, plan_was_changed: bool) -> None:
    """Add what the plan asks for and does not get, and what a reader should know about it."""
    for position in set(range(len(plan.design.waves))) - set(present_waves(plan, frame)):
        warnings.add("wave_without_rows", wave=plan.design.waves[position])
    primary = int(np.sum([indicator.primary for indicator in plan.indicators]))
    if not primary:
        warnings.add("no_primary_indicator")
    if primary > MOST_PRIMARY:
        warnings.add("many_primary_indicators", n=primary)
    if plan.retention:
        warnings.add("retention_not_computed")
    if plan.design.windows:
        warnings.add("windows_not_checked")
    if plan.design.exposure:
        warnings.add("exposure_not_described", column=plan.design.exposure)
    if plan.design.site and plan.design.stratum_or_site != plan.design.site:
        warnings.add("site_not_used", column=plan.design.site)
    lock_warning(plan, warnings, plan_was_changed)


def lock_warning(plan: Plan, warnings: Warnings, plan_was_changed: bool) -> None:
    """Say when the plan is another than the one that was locked last and nobody wrote down why."""
    if plan.locks and plan.locks[-1].sha256 != plan.sha256 and not plan_was_changed:
        warnings.add("plan_differs_from_lock", name=plan.locks[-1].name, at=plan.locks[-1].at)


MOST_PRIMARY = 3  # a headline rests on few indicators, or on luck

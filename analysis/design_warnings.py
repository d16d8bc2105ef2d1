"""What the design itself leaves open, whatever the numbers say: each a code with its parameters, worded elsewhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.special import chdtrc

from analysis.cluster_rows import FEW_SESSIONS, ONE_SESSION, session_rule, sessions_of_pairs
from analysis.dates import middle_day
from analysis.errors import listed
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.plan import Plan
from analysis.warning_codes import Warnings

TELL = 0.05  # p below which the make-up of two waves is called different
SEASON = 2  # months of the year between the middle interviews of two waves
TAUGHT_BY_ASKING = ("knowledge", "skill")
WISHED_FOR = ("attitude", "intended_action", "behaviour")


def design_warnings(plan: Plan, frame: CodedFrame, waves: list[int], warnings: Warnings) -> None:
    """Add the warnings that follow from how people were chosen, asked and found."""
    months = middle_months(frame, waves)
    _of_indicators(plan, warnings)
    _sessions(frame, waves, warnings)
    _composition(plan, frame, waves, warnings)
    for earlier, later in pairwise(waves):
        if earlier in months and later in months and _months_apart(months[earlier], months[later]) >= SEASON:
            warnings.add("season", earlier=plan.design.waves[earlier], later=plan.design.waves[later])
    if plan.design.exposure:
        warnings.add("self_selected_exposure", column=plan.design.exposure)


def composition_p(counts: Numbers) -> float:
    """Pearson's χ² test that the parts (columns) have the same shares at all waves (rows); parts without people go.

    >>> round(composition_p(np.array([[50.0, 50], [70, 30]])), 6)
    0.003892
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2 or (counts.sum(axis=1) == 0).any():
        return float("nan")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return float(chdtrc(df, ((counts - expected) ** 2 / expected).sum()))


def middle_months(frame: CodedFrame, waves: list[int]) -> dict[int, int]:
    """The month of the year (1 … 12) in the middle of each wave's interviews, where days are known."""
    days = {} if frame.days is None else {wave: middle_day(frame.days[frame.wave == wave]) for wave in waves}
    return {wave: int(day.astype("M8[M]").astype(int)) % 12 + 1 for wave, day in days.items() if day is not None}


def _of_indicators(plan: Plan, warnings: Warnings) -> None:
    if plan.design.paired:
        repeated = [indicator.id for indicator in plan.indicators if indicator.dimension in TAUGHT_BY_ASKING]
        if repeated:
            warnings.add("test_retest", indicators=listed(repeated))
    wished = [indicator.id for indicator in plan.indicators if indicator.dimension in WISHED_FOR]
    if wished:
        warnings.add("social_desirability", indicators=listed(wished))
    if plan.design.selected_on:
        warnings.add("regression_to_the_mean", indicators=listed(plan.design.selected_on))


def _sessions(frame: CodedFrame, waves: list[int], warnings: Warnings) -> None:
    """Of every arm on its own, where there are arms: the rule of sessions goes by those that a row rests on."""
    if frame.sessions is None or frame.sampling is not None:
        return
    if frame.arms is not None:
        for arm in range(len(frame.arms.names)):
            _sessions(replace(frame.taking(np.flatnonzero(frame.arms.of_row == arm)), arms=None), waves, warnings)
        return
    for earlier, later in pairwise(waves):
        sessions = sessions_of_pairs(frame, earlier, later)
        rule = session_rule(sessions)
        if rule == ONE_SESSION and sessions:
            warnings.add("one_session")
        if rule == FEW_SESSIONS:
            warnings.add("few_sessions", n=sessions)


def _composition(plan: Plan, frame: CodedFrame, waves: list[int], warnings: Warnings) -> None:
    """Separate samples: was a different kind of people met at each wave?"""
    if plan.design.paired or len(waves) < 2:
        return
    for partition in frame.partitions:
        if len(partition.columns) == 1:
            size = len(partition.segments)
            counted = np.bincount(frame.wave * size + partition.of_row, minlength=len(plan.design.waves) * size)
            table = counted.reshape(-1, size)[waves].astype(np.float64)
            if composition_p(table) < TELL:
                warnings.add("composition_shift", column=partition.columns[0])


def _months_apart(first: float, second: float) -> float:
    apart = abs(first - second) % 12
    return min(apart, 12 - apart)

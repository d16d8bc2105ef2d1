"""Whole analyses, from plan and data to rows: hundreds of indicators of the same people are as many draws.

What a report tells is tried as it is told: the default interval, and whether parts changed unlike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import analysis
from analysis.plan import parse_plan
from bench.chances.lines import SEED, Found, Line

BEFORE, AFTER = 0.40, 0.50
AT_ONCE = 500  # indicators of one plan
WAVES = ("before", "after")


class Study(NamedTuple):
    people: int  # pairs, or people of a wave
    linked: bool
    groups: int = 0
    weighted: bool = False

    @property
    def setting(self) -> str:
        who = f"{self.people} pairs" if self.linked else f"{self.people} a wave"
        return who + (f" in {self.groups} groups" if self.groups else "") + (", weights" if self.weighted else "")

    @property
    def plan(self) -> dict[str, Any]:
        design: dict[str, Any] = {"kind": "paired" if self.linked else "cross_sections", "waves": list(WAVES)}
        if self.linked:
            design["person"] = "who"
        if self.weighted:
            design["weight"] = "weight"
        if self.groups:
            design |= {"cluster": "group"} | ({} if self.linked else {"clusters_in_waves": "same"})
        indicators = [{"id": f"q{i}", "measure": "binary", "item": f"q{i}"} for i in range(AT_ONCE)]
        return {"version": 1, "design": design, "indicators": indicators, "by": ["sex"], "family": "none"}


STUDIES = (
    Study(60, linked=True),
    Study(70, linked=False),
    Study(180, linked=True, groups=12),
    Study(192, linked=False, groups=16),
    Study(150, linked=True, weighted=True),
    Study(240, linked=False, groups=24, weighted=True),
)


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 11)
    for study in STUDIES:
        yield from tried(random, draws, study)


def tried(random: np.random.Generator, draws: int, study: Study) -> Iterator[Line]:
    found = Found(f"{study.setting}, up 10 points")
    plan = parse_plan(study.plan)
    for _ in range(max(draws // (2 * AT_ONCE), 1)):
        rows = analysis.run(plan, answers(random, study))
        for row in rows.changes:
            if not row["segment"]:
                limits = row["interval"]
                low, high = _or_nan(limits["low"]), _or_nan(limits["high"])
                found.covers(f"{limits['method']} as told", low, high, AFTER - BEFORE)
        for row in rows.interactions:
            found.rejects(f"{row['test']['method']}", _or_nan(row["test"]["p"]))
    yield from found.lines()


def answers(random: np.random.Generator, study: Study) -> pd.DataFrame:
    """Yes/no answers, a row a person and wave; those of the same person hang together, groups have levels."""
    n = study.people
    sex, weight = random.integers(0, 2, n), random.choice([0.5, 1.0, 2.0], n)
    group = np.arange(n) % max(study.groups, 1)
    own = random.uniform(size=(AT_ONCE, n))
    frames = []
    for place, share in enumerate((BEFORE, AFTER)):
        level = random.normal(0, 0.06 if study.groups else 0.0, (AT_ONCE, max(study.groups, 1)))[:, group] + share
        remembered = (random.uniform(size=own.shape) < 0.5) & study.linked
        yes = np.where(remembered, own, random.uniform(size=own.shape)) < level
        about: dict[str, Any] = {"wave": WAVES[place], "sex": sex, "group": group, "weight": weight}
        about["who"] = np.arange(n) + (0 if study.linked else place * n)
        columns = [f"q{i}" for i in range(AT_ONCE)]
        frames.append(pd.DataFrame(yes.T.astype(np.int8), columns=columns).assign(**about))
    return pd.concat(frames, ignore_index=True)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value

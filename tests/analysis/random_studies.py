"""Random studies with small groups, losses and missing answers: what hiding has to stand up to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis import run
from analysis.plan import Plan, parse_plan
from analysis.results import Results
from tests.analysis.plans import indicator

DESIGNS: dict[str, dict[str, Any]] = {
    "samples": {"kind": "cross_sections"},
    "survey": {"kind": "cross_sections", "weight": "weight", "cluster": "village", "clusters_in_waves": "new"},
    "exposed": {"kind": "cross_sections", "exposure": "heard"},
    "adjusted": {"kind": "cross_sections"},
    "arms": {"kind": "cross_sections", "arm": "group", "comparison": "c"},
    "pairs": {"kind": "paired", "person": "who"},
    "wide": {"kind": "paired", "person": "who", "layout": "wide", "suffix": {"before": "_1", "after": "_2"}},
    "pairs_of_arms": {"kind": "paired", "person": "who", "arm": "group", "comparison": "c"},
    "pairs_exposed": {"kind": "paired", "person": "who", "exposure": "heard"},
    "sessions": {"kind": "paired", "person": "who", "cluster": "village"},
    "panel": {"kind": "panel", "person": "who"},
}
SPLITS: tuple[list[Any], ...] = (["sex"], ["age"], ["sex", "age"], [["sex", "age"]], ["sex", "age", ["sex", "age"]])
ITEMS = ("knows", "asks", "calls")


def random_study(kind: str, by: list[Any], people: int, seed: int, least: int) -> tuple[Plan, pd.DataFrame]:
    """A plan with ``suppress_below`` and its data; one indicator is asked of some only, and one is a score."""
    chance = np.random.default_rng(seed)
    waves = ["before", "after"] + (["later"] if kind in ("panel", "samples") else [])
    named = DESIGNS[kind]["kind"] != "cross_sections"
    who = _people(chance, people)
    sheets = [_sheet(chance, who if named else _people(chance, people), wave) for wave in waves]
    if named:
        sheets = [sheet[chance.random(people) < 1 - 0.12 * at] for at, sheet in enumerate(sheets)]
    if kind == "wide":
        answers = [sheet[[*ITEMS, "feels"]].add_suffix(f"_{at}") for at, sheet in enumerate(sheets, start=1)]
        frame = pd.concat([who, *answers], axis=1)
    else:
        frame = pd.concat(sheets, ignore_index=True)
    indicators = [indicator(item, primary=item == ITEMS[0]) for item in ITEMS]
    indicators.append(indicator("feels", measure="score"))
    written = {
        "version": 1, "design": DESIGNS[kind] | {"waves": waves}, "by": by, "indicators": indicators,
        "suppress_below": least, "missing": {"refused": ["refused"], "dont_know": ["dk"]},
    }  # fmt: skip
    if kind == "adjusted":
        written["adjust"] = ["region", "sex"]
    if len(waves) > 2:
        written["retention"] = {"baseline": "before", "from": "after", "to": "later"}
    return parse_plan(written), frame


def all_shown(plan: Plan, frame: pd.DataFrame) -> Results:
    return run(replace(plan, suppress_below=0), frame)


def _people(chance: np.random.Generator, people: int) -> pd.DataFrame:
    rare = chance.dirichlet([4.0, 2, 0.5, 0.4])
    columns = {
        "who": [f"p{one}" for one in range(people)],
        "sex": chance.choice(np.array(["F", "M", None], dtype=object), people, p=[0.55, 0.37, 0.08]),
        "age": chance.choice(np.array(["15-24", "25-49", "50+", None], dtype=object), people, p=rare),
        "region": chance.choice(["north", "south"], people, p=[0.85, 0.15]),
        "group": chance.choice(["a", "b", "c"], people, p=[0.45, 0.1, 0.45]),
        "village": chance.choice([f"v{one}" for one in range(8)], people),
        "weight": np.round(np.exp(chance.normal(0, 0.3, people)), 2),
    }
    return pd.DataFrame(columns)


def _sheet(chance: np.random.Generator, who: pd.DataFrame, wave: str) -> pd.DataFrame:
    people = len(who)
    gone = chance.choice([0.0, 0.03, 0.2])
    answers = {
        item: chance.choice(np.array([0, 1, None, "refused", "dk"], dtype=object), people, p=_shares(gone))
        for item in ITEMS[:2]
    }
    asked = (who["sex"] == "F") & (chance.random(people) < 0.5)
    answers["calls"] = np.where(asked, chance.integers(0, 2, people).astype(object), None)
    answers["feels"] = np.where(chance.random(people) < gone, None, chance.integers(0, 11, people).astype(object))
    heard = chance.choice(np.array(["never", "once", "often", None], dtype=object), people, p=[0.5, 0.3, 0.12, 0.08])
    return who.assign(wave=wave, heard=heard, **answers)


def _shares(gone: float) -> list[float]:
    return [0.5 - gone / 2, 0.5 - gone / 2, gone / 2, gone / 4, gone / 4]

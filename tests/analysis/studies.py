"""A small, good study of every design kind and measure, to be spoiled, turned round or renamed by the tests."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis import run
from analysis.plan import Plan, parse_plan
from analysis.results import Results

WIDE, LONG, SESSIONS, PANEL, SAMPLES, SURVEY, BARRIER = KINDS = (
    "wide", "long", "sessions", "panel", "samples", "survey", "barrier",
)  # fmt: skip
PAIRED = (WIDE, LONG, SESSIONS, PANEL)
MEASURES = ("binary", "ordinal", "score", "scale")
EVERY = [(kind, measure) for kind in KINDS for measure in MEASURES if kind != BARRIER or measure == "binary"]
ITEMS: dict[str, list[str]] = {"binary": ["q"], "ordinal": ["q"], "score": ["q"], "scale": ["q1", "q2", "q3"]}
LEVELS: dict[str, tuple[int, int]] = {"binary": (0, 1), "ordinal": (1, 5), "score": (0, 10), "scale": (1, 4)}
DESIGNS: dict[str, dict[str, Any]] = {
    WIDE: {
        "kind": "paired",
        "layout": "wide",
        "waves": ["before", "after"],
        "suffix": {"before": "_1", "after": "_2"},
        "person": "who",
    },
    LONG: {"kind": "paired", "waves": ["before", "after"], "person": "who"},
    SESSIONS: {
        "kind": "paired",
        "waves": ["before", "after"],
        "person": "who",
        "cluster": "village",
        "stratum": "region",
    },
    PANEL: {"kind": "panel", "waves": ["before", "after", "later"], "person": "who"},
    SAMPLES: {"kind": "cross_sections", "waves": ["before", "after"]},
    SURVEY: {
        "kind": "cross_sections",
        "waves": ["before", "after"],
        "weight": "weight",
        "stratum": "region",
        "cluster": "village",
        "clusters_in_waves": "new",
    },
    BARRIER: {"kind": "barrier", "group": "doing", "doer": "doer", "prevalence": 0.1, "person": "who"},
}


@dataclass(frozen=True)
class Study:
    """A plan as it is written, and the data it asks for; row labels count from 2, as a spreadsheet shows them."""

    kind: str
    measure: str
    plan: dict[str, Any]
    frame: pd.DataFrame

    @property
    def parsed(self) -> Plan:
        return parse_plan(self.plan)

    @property
    def cells(self) -> list[str]:
        """The columns of answers, those of the first wave first."""
        items = ITEMS[self.measure]
        return [item + end for end in ("_1", "_2") for item in items] if self.kind == WIDE else items

    @property
    def persons(self) -> list[str]:
        """Columns that belong to the person, not to the answer sheet."""
        return [name for name in ("who", "sex", "village", "region") if name in self.frame.columns]

    def run(self) -> Results:
        return run(self.parsed, self.frame)

    def with_design(self, **keys: Any) -> Study:
        return replace(self, plan=self.plan | {"design": self.plan["design"] | keys})

    def with_plan(self, **keys: Any) -> Study:
        return replace(self, plan=self.plan | keys)

    def with_rows(self, frame: pd.DataFrame) -> Study:
        return replace(self, frame=frame)

    def with_cell(self, column: str, label: int, cell: Any) -> Study:
        """One cell written over; the column takes any type."""
        frame = self.frame.astype({column: object})
        frame.at[label, column] = cell
        return self.with_rows(frame)

    def with_column(self, column: str, cells: Any) -> Study:
        return self.with_rows(self.frame.assign(**{column: cells}))

    def at_wave(self, wave: str) -> pd.Series[Any]:
        """Which rows of a long file are of a wave."""
        return self.frame["wave"] == wave


def study(kind: str, measure: str = "binary", people: int = 24, *, seed: int = 1, **plan: Any) -> Study:
    """A study without any fault: half women, six villages in two regions, answers that get better by a little."""
    chance = np.random.default_rng(seed)
    waves = DESIGNS[kind].get("waves", ["once"])
    if kind == BARRIER:
        frame = _sheet(measure, people, 0, chance).assign(doing=["doer", "non-doer"] * (people // 2))
    elif kind == WIDE:
        sheets = [_sheet(measure, people, wave, chance) for wave in range(2)]
        first, second = (sheet[ITEMS[measure]].add_suffix(f"_{end}") for end, sheet in enumerate(sheets, start=1))
        frame = pd.concat([sheets[0].drop(columns=ITEMS[measure]), first, second], axis=1)
    else:
        sheets = [_sheet(measure, people, at, chance).assign(wave=wave) for at, wave in enumerate(waves)]
        frame = pd.concat(sheets, ignore_index=True)
    indicator = about(measure, ITEMS[measure])
    by = {} if kind == BARRIER else {"by": ["sex"]}
    written = {"version": 1, "design": DESIGNS[kind], "indicators": [indicator]} | by | plan
    return Study(kind, measure, written, frame.set_axis(range(2, len(frame) + 2)))


def about(measure: str, items: list[str], name: str = "topic", **more: Any) -> dict[str, Any]:
    """An indicator of a measure, over a column or several."""
    columns = {"item": items[0]} if len(items) == 1 else {"items": items, "scoring": {"mean": True}}
    return {"id": name, "measure": measure, "primary": True} | columns | more


def results_of(studied: Study) -> dict[str, Any]:
    return studied.run().to_dict()


def assert_alike(one: Any, other: Any, path: str = "") -> None:
    """The same results but for rounding; mixed models look for a maximum, which is flat, and are less exact."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys(), path
        for key in one:
            assert_alike(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        assert len(one) == len(other), path
        for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_alike(mine, theirs, f"{path}[{at}]")
    elif isinstance(one, float) and isinstance(other, float | int):
        exact = 1e-4 if ".models" in path else 1e-7
        assert math.isclose(one, other, rel_tol=exact, abs_tol=exact / 100), f"{path}: {one} and {other}"
    else:
        assert one == other, f"{path}: {one} and {other}"


def _sheet(measure: str, people: int, wave: int, chance: np.random.Generator) -> pd.DataFrame:
    """The answers of everybody at one wave, with who they are."""
    number = np.arange(people)
    low, high = LEVELS[measure]
    inclined = low + (high - low) * (0.4 + 0.15 * wave + chance.normal(0, 0.25, people))  # what items have in common
    answers = {
        item: np.clip(np.round(inclined + (high - low) * chance.normal(0, 0.2, people)), low, high).astype(int)
        for item in ITEMS[measure]
    }
    columns: dict[str, Any] = {
        "who": [f"p{one}" for one in number],
        "sex": np.where(number // 6 % 2, "M", "F"),
        "village": [f"v{one % 6}" for one in number],
        "region": np.where(number % 6 < 3, "north", "south"),
        "weight": np.round(np.exp(chance.normal(0, 0.3, people)), 2),
    }
    return pd.DataFrame(columns | answers)

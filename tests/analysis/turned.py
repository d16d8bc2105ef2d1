"""Studies turned round for the tests of invariance: with every part switched on, renamed, reordered, read back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.analysis.studies import (
    BARRIER,
    EVERY,
    ITEMS,
    LONG,
    PANEL,
    SAMPLES,
    SESSIONS,
    SURVEY,
    WIDE,
    Study,
    results_of,
    study,
)  # fmt: skip

HASHES = ("plan_sha256", "data_sha256", "software")
PEOPLE = 60
CASES = [(*case, arms) for case in EVERY for arms in (False, True) if case[0] != BARRIER or not arms]
WITH_ARMS = [(kind, measure, arms) for kind, measure, arms in CASES if arms or kind == BARRIER]
SCHEMA_WORDS = ("arm", "weight", "wave", "doer")  # also keys of a plan
COLUMNS_OF_NAMES = ("sex", "village", "region", "arm", "met")


def rich(kind: str, measure: str, *, arms: bool = False, **plan: Any) -> Study:
    """A study with segments, losses and everything that its kind allows; with ``arms`` a comparison group as well."""
    asked = plan
    if kind != BARRIER:
        asked = {"smallest_change": {"points": 10}, "by": ["sex", ["sex", "region"]]} | plan
    if kind in (SAMPLES, SURVEY):
        asked = {"population": {"sex": {"F": 0.6, "M": 0.4}}} | asked
    made = study(kind, measure, PEOPLE, seed=11, **asked).with_plan(seed=5)
    if kind == PANEL:
        kept = {"baseline": "before", "from": "after", "to": "later", "margin_points": 10}
        made = made.with_plan(retention=kept)
    number = made.frame.groupby("wave").cumcount() if "wave" in made.frame else np.arange(len(made.frame))
    made = made.with_column("number", number)
    if kind != BARRIER:
        made = made.with_column("met", np.where(made.frame["number"] % 3 == 0, "none", "some"))
        made = made.with_design(exposure="met")
    if arms and kind != BARRIER:
        made = made.with_column("arm", np.where(made.frame["number"] % 6 % 2, "with", "without"))
        made = made.with_design(arm="arm", comparison="without")
        if kind == LONG:
            made = made.with_design(cluster="village")
    return _with_losses(made)


def _with_losses(made: Study) -> Study:
    """Some people are lost after the first wave, and some cells are empty."""
    frame = made.frame.astype(dict.fromkeys(made.cells, object))
    lost = frame["number"] % 7 == 3
    if made.kind == WIDE:
        frame.loc[lost, [cell for cell in made.cells if cell.endswith("_2")]] = None
    elif made.kind in (LONG, SESSIONS, PANEL):
        frame = frame[~lost | (frame["wave"] == "before")]
    frame.loc[frame.index[4], made.cells[0]] = None
    return made.with_rows(frame.drop(columns="number"))


@cache
def as_it_is(kind: str, measure: str, arms: bool) -> dict[str, Any]:
    """What is told of a rich study that nobody turned round; not to be changed."""
    return told(rich(kind, measure, arms=arms))


def told(made: Study) -> dict[str, Any]:
    """The results without what must differ wherever a plan or a file differs."""
    return {key: value for key, value in results_of(made).items() if key not in HASHES}


def renamings(made: Study) -> dict[str, str]:
    """A new name for every name of a study; they sort the other way round."""
    frame, items = made.frame, ITEMS[made.measure]
    waves = list(made.plan["design"].get("waves", []))
    columns = [name for name in frame.columns if name not in made.cells]
    labels = {str(cell) for name in COLUMNS_OF_NAMES if name in frame for cell in frame[name].unique()}
    groups = ["doer", "non-doer"] if made.kind == BARRIER else []
    endings = ["_1", "_2"] if made.kind == WIDE else []
    old = sorted({"topic", *columns, *items, *waves, *labels, *groups, *endings})
    return {name: f"ž{len(old) - place:03d}ж" for place, name in enumerate(old)}


def renamed(made: Study, names: Mapping[str, str]) -> Study:
    """The same study under other names of columns, waves, parts, arms, clusters, persons and the indicator."""
    frame = made.frame.copy()
    if "who" in frame:
        order = {name: f"x{900 - place}" for place, name in enumerate(sorted(frame["who"].unique()))}
        frame["who"] = frame["who"].map(order)
    for name in (*COLUMNS_OF_NAMES, "wave", "doing"):
        if name in frame:
            frame[name] = frame[name].map(lambda cell: names[cell])
    cells = {}
    for cell in made.cells:
        item, ending = (cell[:-2], cell[-2:]) if made.kind == WIDE else (cell, "")
        cells[cell] = names[item] + names.get(ending, "")
    frame = frame.rename(columns={name: cells.get(name, names.get(name, name)) for name in frame.columns})
    plan = _substituted(made.plan, names)
    if "wave" in made.frame:
        plan["design"]["wave"] = names["wave"]
    return replace(made, plan=plan, frame=frame)


def named_back(results: Any, names: Mapping[str, str]) -> Any:
    """Results with new names turned into the old ones."""
    old = {new: name for name, new in names.items()}
    pattern = re.compile("|".join(map(re.escape, old)))
    if isinstance(results, dict):
        return {named_back(key, names): named_back(value, names) for key, value in results.items()}
    if isinstance(results, list | tuple):
        return [named_back(value, names) for value in results]
    return pattern.sub(lambda found: old[found[0]], results) if isinstance(results, str) else results


def by_content(results: Any) -> Any:
    """Results whose lists are in an order that does not depend on the names' order.

    Terms of a model that set a part against the first part are left out: which is the first, the names decide.
    """
    if isinstance(results, dict):
        return {key: by_content(value) for key, value in _groups_joined(results).items()}
    if _rows(results):
        results = [row for row in results if ": " not in str(row.get("term", ""))]
    if isinstance(results, list | tuple):
        return sorted((by_content(value) for value in results), key=_words) if _rows(results) else list(results)
    return results


def _rows(values: Any) -> bool:
    return isinstance(values, list | tuple) and bool(values) and all(isinstance(value, dict) for value in values)


def _groups_joined(row: dict[str, Any]) -> dict[str, Any]:
    """Names beside a list of numbers in the same order become rows."""
    groups = row.get("groups")
    if not isinstance(groups, list) or _rows(groups) or not isinstance(row.get("shares"), list):
        return row
    pairs = [{"group": name, "share": share} for name, share in zip(groups, row["shares"], strict=True)]
    return {key: value for key, value in row.items() if key not in ("groups", "shares")} | {"groups": pairs}


def _words(row: Any) -> str:
    """What a row says in words and counts; other numbers may differ by rounding."""
    if isinstance(row, dict):
        return json.dumps({key: _words(value) for key, value in sorted(row.items())})
    if isinstance(row, list):
        return json.dumps([_words(value) for value in row])
    return "" if isinstance(row, float) else str(row)


def _substituted(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        keys = {key: key if key in SCHEMA_WORDS or key not in names else names[key] for key in value}
        return {
            keys[key]: inner if key in ("kind", "measure", "layout") else _substituted(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_substituted(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.sample(frac=1, random_state=seed)

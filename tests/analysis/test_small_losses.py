"""Small arms and small losses: no list gives away what another hides."""

from __future__ import annotations

import json
from typing import Any

from analysis import run
from tests.analysis.plans import only, pairs, plan


def test_nothing_of_a_small_arm_or_wave_is_left_in_models_and_losses() -> None:
    before, after = [0, 1] * 30, [1, 1, 0, 1, 1, 0] * 10
    frame = pairs(before, after, arm=["a"] * 28 + ["b"] * 29 + ["c"] * 3).astype(str)
    lost = (frame["wave"] == "after") & (frame["arm"] == "a") & (frame.index > 62)
    design = {"arm": "arm", "comparison": "b"}
    results = run(plan("paired", design=design, suppress_below=5), frame[~lost]).to_dict()
    json.dumps(results, allow_nan=False)
    assert only(results["estimates"], arm="a", wave="after")["hidden"]
    for name in ("models", "attrition", "comparison"):
        of_few = [row for row in results[name] if row["arm"] in ("a", "c")]
        assert of_few, name
        assert not any(_numbers_in(row) for row in of_few), name
    assert not _numbers_in(only(results["attrition"], arm=None))  # less those of b it would be those of the others
    assert only(results["attrition"], arm="b")["n"] == 29


def test_the_range_of_weights_does_not_tell_the_few_who_were_lost() -> None:
    frame = pairs([0, 1] * 30, [1, 1, 0, 1, 1, 0] * 10)
    frame = frame[~((frame["wave"] == "after") & frame["who"].isin([1, 2, 3, 4, 6, 8, 10, 12]))].astype(str)
    row = only(run(plan("paired", suppress_below=5), frame).to_dict()["attrition"])
    assert row["by_answer"] == {"groups": None, "test": None, "hidden": True}  # two said yes
    assert row["weighted"]["weights"] is None
    assert row["weighted"]["difference"] is not None


def _numbers_in(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_numbers_in(inner) for inner in value.values())
    if isinstance(value, list):
        return any(map(_numbers_in, value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)

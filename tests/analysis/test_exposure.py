"""Levels of exposure are described as R describes them, and nothing is told of a handful of people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.exposure import exposure_row, linear_trend

HERE = Path(__file__).parent / "r"
R: dict[str, Any] = json.loads((HERE / "exposure.json").read_text())
NAMES = ["never", "once", "twice", "often"]
VISITORS = pd.read_csv(HERE / "visitors.csv").astype({"heard": float, "score": float})
VISITORS.loc[[2, 39], "heard"] = np.nan
VISITORS.loc[6, "score"] = np.nan
LEVEL = VISITORS["heard"].fillna(-1).to_numpy(np.int64)


def approx(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


def described(item: str, rows: Any = slice(None), ordered: bool = True) -> dict[str, Any]:
    values = VISITORS[item].to_numpy(float)[rows]
    return exposure_row(values, LEVEL[rows], NAMES, binary=item == "knows", ordered=ordered)


def test_shares_by_dose_agree_with_r() -> None:
    row = described("knows")
    assert (row["kind"], row["n"], row["unknown"]["n"]) == ("described", 67, 2)
    for place, level in enumerate(row["levels"]):
        expected = R["binary"][str(place)]
        assert (level["level"], level["n"], level["x"]) == (NAMES[place], expected["n"], expected["x"])
        assert level["estimate"] == approx(expected["x"] / expected["n"])
        assert [level["interval"]["low"], level["interval"]["high"]] == approx(expected["interval"])
        assert level["interval"]["method"] == "wilson"
    assert row["test"]["method"] == "cochran_armitage"
    assert [row["test"]["statistic"], row["test"]["p"]] == approx(R["trend"])


def test_mean_scores_by_dose_agree_with_r() -> None:
    row = described("score")
    for place, level in enumerate(row["levels"]):
        expected = R["score"][str(place)]
        assert (level["n"], level["x"], level["estimate"]) == (expected["n"], None, approx(expected["mean"]))
        assert [level["interval"]["low"], level["interval"]["high"]] == approx(expected["interval"])
    test = row["test"]
    assert test["method"] == "linear_trend_t"
    assert [test[key] for key in ("slope", "se", "statistic", "p", "df")] == approx(R["line"])


def test_a_level_of_a_few_people_has_counts_only_but_takes_part_in_the_trend() -> None:
    often = np.flatnonzero(LEVEL == 3)
    row = described("knows", np.setdiff1d(np.arange(len(LEVEL)), often[1:]))
    last = row["levels"][-1]
    assert (last["n"], last["estimate"], last["interval"]["low"], last["reason"]) == (
        R["few"],
        None,
        None,
        "counts_only",
    )
    assert [row["test"]["statistic"], row["test"]["p"]] == approx(R["trend_few"])


def test_levels_without_an_order_have_no_trend() -> None:
    assert described("knows", ordered=False)["test"] is None


def test_a_level_that_nobody_names_stays_in_the_table() -> None:
    row = described("knows", LEVEL != 2)
    assert [level["n"] for level in row["levels"]][2] == 0
    assert row["test"]["p"] < 0.01


@pytest.mark.parametrize(
    ("values", "level", "binary", "reason"),
    [
        ([1.0, 0, 1] * 3, [0, 1, 2] * 3, True, "counts_only"),
        ([], [], True, "counts_only"),
        ([1.0, 0] * 8, [1] * 16, True, "one_level"),
        ([1.0] * 12, [0, 1] * 6, True, "all_answers_alike"),
        ([4.0] * 12, [0, 1] * 6, False, "all_answers_alike"),
        ([0.1, 0.4, 0.7] * 4, [0, 1, 2] * 4, False, "no_spread"),
        ([1.0, 2] * 8, [1] * 16, False, "one_level"),
    ],
)
def test_where_there_is_no_trend_to_test_the_reason_is_said(
    values: list[float], level: list[int], binary: bool, reason: str
) -> None:
    row = exposure_row(np.array(values), np.array(level, np.int64), NAMES, binary=binary, ordered=True)
    assert (row["test"]["p"], row["test"]["reason"]) == (None, reason)
    json.dumps(row, allow_nan=False)


def test_a_straight_line_is_found_and_nothing_less_than_three_people() -> None:
    assert linear_trend(np.array([1.0, 3, 5]), np.array([0.0, 1, 2])).value == approx(2)
    assert np.isnan(linear_trend(np.array([1.0, 3]), np.array([0.0, 1])).value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0, np.nan]), st.integers(-1, 3)), max_size=60), st.booleans())
def test_everybody_who_answered_is_counted_once(people: list[tuple[float, int]], binary: bool) -> None:
    values, level = np.array([one[0] for one in people]), np.array([one[1] for one in people], np.int64)
    row = exposure_row(values, level, NAMES, binary=binary, ordered=True)
    answered = int((~np.isnan(values)).sum())
    assert row["n"] + row["unknown"]["n"] == answered
    assert sum(of["n"] for of in row["levels"]) == row["n"]
    assert all((of["estimate"] is None) == (of["n"] < 10) for of in row["levels"])

"""Small groups stay hidden: an attacker with every visible count cannot work out a hidden one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis import run
from analysis.parts import Partition, everybody
from analysis.suppression import hide, layout
from tests.analysis.plans import answers, only, pairs, plan

NONE = np.zeros(0, dtype=np.int64)


def split(column: str, parts: int) -> Partition:
    return Partition((column,), tuple({column: str(part)} for part in range(parts)), NONE)


def crossed(first: Partition, second: Partition) -> Partition:
    cells = tuple(one | other for one in first.segments for other in second.segments)
    return Partition(first.columns + second.columns, cells, NONE)


def test_a_single_small_part_takes_the_next_smallest_with_it() -> None:
    sex = split("sex", 3)
    parts = layout((everybody(0), sex), sex)
    assert hide(np.array([44, 21, 20, 3]), parts, 5).tolist() == [False, False, True, True]


def test_two_small_parts_that_together_are_too_few_take_a_third() -> None:
    age = split("age", 4)
    parts = layout((everybody(0), age), age)
    assert hide(np.array([44, 21, 20, 2, 1]), parts, 5).tolist() == [False, False, True, True, True]
    assert hide(np.array([49, 21, 20, 4, 4]), parts, 5).tolist() == [False, False, False, True, True]


def test_empty_parts_tell_of_nobody_and_stay() -> None:
    sex = split("sex", 3)
    parts = layout((everybody(0), sex), sex)
    assert hide(np.array([41, 21, 20, 0]), parts, 5).tolist() == [False] * 4


def test_a_small_total_is_hidden_too() -> None:
    assert hide(np.array([4]), layout((everybody(0),), everybody(0)), 5).tolist() == [True]


def test_zero_turns_hiding_off() -> None:
    sex = split("sex", 2)
    assert not hide(np.array([3, 2, 1]), layout((everybody(0), sex), sex), 0).any()


def worked_out(n: NDArray[np.int64], hidden: NDArray[np.bool_], parts: NDArray[np.float64]) -> list[int]:
    """What an attacker can solve for: hidden parts that do not raise the rank of the visible ones."""
    visible = parts[~hidden]
    rank = np.linalg.matrix_rank(visible) if visible.size else 0
    return [part for part in np.flatnonzero(hidden & (n > 0)) if np.linalg.matrix_rank([*visible, parts[part]]) == rank]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=12, max_size=12), st.integers(1, 10))
def test_no_hidden_count_of_a_crossing_can_be_worked_out_from_the_visible_ones(cells: list[int], least: int) -> None:
    sex, age = split("sex", 3), split("age", 4)
    both = crossed(sex, age)
    parts = layout((everybody(0), sex, age, both), both)
    n = (parts.incidence @ np.array(cells)).astype(np.int64)
    hidden = hide(n, parts, least)
    assert hidden[(n > 0) & (n < least)].all()
    assert worked_out(n, hidden, parts.incidence) == []


def test_a_hidden_row_keeps_what_it_is_about_and_no_number() -> None:
    frame = answers([1, 0] * 15, [1] * 30, sex=(["F"] * 13 + ["M"] * 13 + [None] * 4) * 2)
    results = run(plan(by=["sex"], suppress_below=5), frame)
    hidden = only(results.estimates, wave="before", segment={"sex": None})
    assert hidden == {
        "indicator": "knows", "wave": "before", "arm": None, "segment": {"sex": None}, "n": None, "x": None,
        "missing": {"dont_know": None, "refused": None, "blank": None, "not_asked": None}, "estimate": None,
        "se": None, "deff": None, "interval": {"low": None, "high": None, "method": "wilson"}, "hidden": True,
    }  # fmt: skip
    change = only(results.changes, segment={"sex": None})
    assert change["hidden"]
    assert change["verdict"] is change["difference"] is change["n_from"] is change["test"]["p"] is None
    assert [row["segment"] for row in results.changes if not row["hidden"]] == [{}, {"sex": "F"}]


def test_nobody_is_hidden_inside_the_team() -> None:
    frame = answers([1, 0] * 15, [1] * 30, sex=(["F"] * 26 + [None] * 4) * 2)
    assert not any(row["hidden"] for row in run(plan(by=["sex"]), frame).estimates)


def test_a_group_of_which_nobody_answered_is_hidden_like_another() -> None:
    frame = answers([1, 0] * 15, [1] * 30, sex=(["F"] * 28 + ["M"] * 2) * 2)
    frame.loc[(frame["sex"] == "M"), "knows"] = None
    assert only(run(plan(by=["sex"], suppress_below=5), frame).estimates, wave="before", segment={"sex": "M"})["hidden"]


@pytest.mark.parametrize("seed", range(8))
def test_pairs_do_not_bring_back_what_the_estimates_hide(seed: int) -> None:
    """Counts of pairs are a table of their own, and a change is hidden with either of its estimates."""
    random = np.random.default_rng(seed)
    people = 60
    before, after = (np.where(random.random(people) < 0.2, None, random.integers(0, 2, people)) for _ in range(2))
    sex = random.choice(["F", "M", None], people, p=[0.5, 0.42, 0.08])
    age = random.choice(["18-24", "25-49", "50+"], people, p=[0.2, 0.7, 0.1])
    frame = pairs(list(before), list(after), sex=list(sex), age=list(age))
    asked = plan("paired", by=["sex", "age", ["sex", "age"]], suppress_below=5)
    results = run(asked, frame)
    for row in results.changes:
        ends = [only(results.estimates, wave=row[end], segment=row["segment"]) for end in ("from", "to")]
        assert row["hidden"] or not any(end["hidden"] for end in ends)
        assert row["hidden"] or row["n_pairs"] == 0 or row["n_pairs"] >= 5
    open_rows = run(plan("paired", by=["sex", "age", ["sex", "age"]]), frame)
    finest = [row["segment"] for row in open_rows.changes if len(row["segment"]) == 2]
    incidence = np.array(
        [[row["segment"].items() <= cell.items() for cell in finest] for row in open_rows.changes], dtype=float
    )
    n = np.array([row["n_pairs"] for row in open_rows.changes])
    assert worked_out(n, np.array([row["hidden"] for row in results.changes]), incidence) == []


def test_hidden_rows_are_the_same_whatever_the_order_of_the_rows() -> None:
    frame = answers([1, 0] * 15, [1] * 30, sex=(["F"] * 13 + ["M"] * 13 + [None] * 4) * 2)
    asked = plan(by=["sex"], suppress_below=5)
    assert run(asked, frame).changes == run(asked, pd.DataFrame(frame[::-1])).changes

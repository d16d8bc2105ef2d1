"""A number that is missing says why, whatever the data: nobody, one person, all alike, nothing in common."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import run
from tests.analysis.plans import indicator, pairs, plan

ANSWER = st.one_of(st.none(), st.integers(1, 4))
PEOPLE = st.lists(st.tuples(ANSWER, ANSWER), min_size=1, max_size=30)
NUMBERS = ("low", "p", "value")


def parts(row: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a row that holds a number with a reason where it is missing."""
    if isinstance(row, dict):
        if any(key in row for key in NUMBERS):
            yield row
        for value in row.values():
            yield from parts(value)
    if isinstance(row, list):
        for value in row:
            yield from parts(value)


def check(asked: Any, frame: Any) -> None:
    results = run(asked, frame)
    json.dumps(results.to_dict(), allow_nan=False)
    for row in [*results.changes, *results.estimates, *results.clustering]:
        for part in parts(row):
            missing = [key for key in NUMBERS if key in part and part[key] is None]
            assert not missing or part.get("reason"), (missing, part)


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.sampled_from(["binary", "ordinal", "score"]), st.sampled_from(["paired", "cross_sections"]))
@example([(1, 1)] * 8, "ordinal", "paired")
@example([(1, 4)] * 12, "score", "cross_sections")
@example([(None, None)], "score", "paired")
def test_every_number_of_a_change_is_there_or_says_why(
    people: list[tuple[int | None, int | None]], measure: str, kind: str
) -> None:
    about = {"scoring": {"levels": [3, 4]}} if measure == "binary" else {}
    asked = plan(kind, indicators=[indicator("knows", measure=measure, **about)])
    check(asked, pairs(*([person[wave] for person in people] for wave in (0, 1))))


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.sampled_from(["binary", "ordinal", "score"]), st.sampled_from([1, 3, 8]), st.integers(0, 10**6))
def test_every_number_of_people_in_sessions_is_there_or_says_why(
    people: list[tuple[int | None, int | None]], measure: str, sessions: int, seed: int
) -> None:
    about = {"scoring": {"levels": [3, 4]}} if measure == "binary" else {}
    asked = plan("paired", design={"cluster": "s"}, indicators=[indicator("knows", measure=measure, **about)])
    session = [f"s{number}" for number in np.random.default_rng(seed).integers(0, sessions, len(people))]
    check(asked, pairs(*([person[wave] for person in people] for wave in (0, 1)), s=session))


@pytest.mark.parametrize("measure", ["ordinal", "score"])
def test_eight_people_are_told_without_a_verdict(measure: str) -> None:
    """Three do not move and five move up: exact p is 2/32."""
    asked = plan("paired", indicators=[indicator("knows", measure=measure)])
    row = run(asked, pairs([2, 3, 1, 4, 2, 3, 3, 1], [4, 3, 3, 4, 3, 5, 3, 3])).changes[0]
    tests = {test["method"]: test["p"] for test in [row["test"], *row["more_tests"]]}
    assert (row["verdict"], row["n_pairs"]) == ("counts_only", 8)
    assert tests["signed_rank_exact"] == tests["sign"] == 0.0625

"""Answers of four hundred levels are read and told; the same answers in whatever type are the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import ordered, run
from analysis.plan import parse_plan
from tests.analysis.plans import indicator, pairs, plan
from tests.analysis.soundness import assert_sound
from tests.analysis.studies import BARRIER, EVERY, KINDS, SURVEY, WIDE, Study, assert_alike, study

LEVELS = 400
MANY = [(kind, measure) for kind, measure in EVERY if measure in ("ordinal", "score")]
METHODS: list[dict[str, str]] = [
    {},
    {"ordinal_paired_test": "stuart_maxwell", "ordinal_independent_test": "proportional_odds"},
    {"ordinal_paired_test": "signed_rank_pratt", "ordinal_independent_test": "mann_whitney_exact"},
]


def of_many_levels(kind: str, measure: str, people: int = 800) -> Study:
    """Every level is somebody's answer, and hardly anybody shares one; later answers are higher by a little."""
    good, chance = study(kind, measure, people=people), np.random.default_rng(7)
    frame = good.frame.astype(dict.fromkeys(good.cells, int))
    for name in good.cells:
        later = name.endswith("_2") if kind == WIDE else ~good.at_wave("before")
        frame[name] = np.clip(chance.permutation(len(frame)) % LEVELS + np.where(later, 10, 0), 0, LEVELS - 1)
    return good.with_rows(frame)


@pytest.mark.parametrize(("kind", "measure"), MANY)
@pytest.mark.parametrize("methods", METHODS[:2], ids=["usual", "tables"])
def test_four_hundred_levels_are_told_soundly(kind: str, measure: str, methods: dict[str, str]) -> None:
    asked = of_many_levels(kind, measure).with_plan(methods=methods)
    results = asked.run().to_dict()
    assert_sound(results, asked.parsed)
    assert all(row["difference"] is not None for row in results["changes"])


@pytest.mark.parametrize(("kind", "measure"), MANY)
@pytest.mark.parametrize("methods", METHODS, ids=["usual", "tables", "ranks"])
def test_few_people_on_four_hundred_levels(kind: str, measure: str, methods: dict[str, str]) -> None:
    asked = of_many_levels(kind, measure, people=24).with_plan(methods=methods)
    assert_sound(asked.run().to_dict(), asked.parsed)


def test_a_level_for_everybody_tells_stuart_and_maxwell_nothing() -> None:
    """So many levels as people: an inverse of the covariance of 400 levels would be made of rounding."""
    first = np.arange(400.0)
    found = ordered.stuart_maxwell(ordered.crosstable(first, np.roll(first, 1)))
    assert np.isnan(found.p) or 0 <= found.p <= 1
    asked = plan(
        "paired", indicators=[indicator("knows", measure="ordinal")], methods={"ordinal_paired_test": "stuart_maxwell"}
    )
    results = run(asked, pairs(first.tolist(), np.random.default_rng(1).permutation(first).tolist())).to_dict()
    assert_sound(results, asked)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_four_hundred_codes_of_two_coders(weights: str) -> None:
    codes = [f"رمز {one % 400}" for one in range(1200)]
    second = [*codes[:-100], *codes[:100]]
    frame = pairs([1] * 1200, [0] * 1200, first=codes, second=second)
    asked = plan("paired", double_coding=[{"first": "first", "second": "second", "weights": weights}])
    results = run(asked, frame).to_dict()
    assert_sound(results, asked)
    assert 0.9 < results["reliability"][-1]["value"] < 1


def mixed(cells: list[int]) -> pd.Series[Any]:
    """1, "1", 1.0, "1.0", numpy's and the exact numbers one after the other."""
    types: list[Callable[[int], Any]] = [
        int, str, float, lambda one: f"{one}.0", np.int8, np.int64, np.float32, np.float64, Decimal, Fraction,
        lambda one: f" {one} ", lambda one: Decimal(f"{one}.00"), lambda one: f"\u200e{one}",
    ]  # fmt: skip
    return pd.Series([types[place % len(types)](one) for place, one in enumerate(cells)], dtype=object)


def arabic(cells: list[int]) -> pd.Series[Any]:
    return pd.Series([str(one).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) for one in cells])


AS: dict[str, Callable[[list[int]], pd.Series[Any]]] = {
    "text": lambda cells: pd.Series(cells).astype(str),
    "fractions": lambda cells: pd.Series(cells, dtype="float64"),
    "fractions as text": lambda cells: pd.Series([f"{one}.0" for one in cells]),
    "bytes": lambda cells: pd.Series(cells, dtype="int8"),
    "unsigned": lambda cells: pd.Series(cells, dtype="uint16"),
    "half": lambda cells: pd.Series(cells, dtype="float32"),
    "nullable": lambda cells: pd.Series(cells, dtype="Int64"),
    "nullable fractions": lambda cells: pd.Series(cells, dtype="Float64"),
    "pandas' text": lambda cells: pd.Series(cells).astype("string"),
    "categories": lambda cells: pd.Series(cells).astype(str).astype("category"),
    "categories of numbers": lambda cells: pd.Series(cells).astype("category"),
    "exact": lambda cells: pd.Series([Decimal(one) for one in cells], dtype=object),
    "arabic digits": arabic,
    "mixed": mixed,
}


def retyped(studied: Study, made: Callable[[list[int]], pd.Series[Any]]) -> Study:
    columns = {name: made(studied.frame[name].tolist()).set_axis(studied.frame.index) for name in studied.cells}
    return studied.with_rows(studied.frame.assign(**columns))


def told(studied: Study) -> dict[str, Any]:
    """The results but for the hash of the data, which is that of the cells as they are written."""
    return {key: value for key, value in studied.run().to_dict().items() if key != "data_sha256"}


@pytest.mark.parametrize(("kind", "measure"), EVERY)
def test_the_same_answers_in_whatever_type_are_the_same(kind: str, measure: str) -> None:
    good = study(kind, measure)
    expected = told(good)
    for made in AS.values():
        assert_alike(told(retyped(good, made)), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_yes_and_no_may_be_true_and_false(kind: str) -> None:
    good = study(kind, "binary")
    expected = told(good)
    for made in (
        lambda cells: pd.Series(cells).astype(bool),
        lambda cells: pd.Series(cells).astype("boolean"),
        lambda cells: pd.Series([np.bool_(one) if one else False for one in cells], dtype=object),
    ):
        assert_alike(told(retyped(good, made)), expected)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != BARRIER])
@pytest.mark.parametrize("scoring", [{"equals": ["1"]}, {"equals": [1]}, {"equals": [1.0]}], ids=str)
def test_a_code_of_the_plan_is_found_in_whatever_type(kind: str, scoring: dict[str, Any]) -> None:
    good = study(kind, "binary")
    coded = good.with_plan(indicators=[good.plan["indicators"][0] | {"scoring": scoring}])
    expected = told(good)
    for made in AS.values():
        found = told(retyped(coded, made))
        assert_alike(found | {"plan_sha256": None}, expected | {"plan_sha256": None})


@pytest.mark.parametrize("cell", [1, "1", 1.0, "1.0", np.int64(1), np.float32(1), Decimal(1), "١"], ids=repr)
def test_weights_are_read_in_whatever_type(cell: Any) -> None:
    good = study(SURVEY, "score").with_column("weight", 1)
    frame = good.frame.astype({"weight": object})
    frame.loc[::2, "weight"] = cell
    assert_alike(told(good.with_rows(frame)), told(good))


def test_names_of_waves_that_are_numbers_are_found_in_whatever_type() -> None:
    design = {"kind": "paired", "person": "who", "waves": [1, 2]}
    asked = parse_plan({"version": 1, "design": design, "indicators": [indicator("knows", primary=True)]})
    frame = pairs([0, 1, 1, 0] * 3, [1, 1, 0, 1] * 3)
    numbers = [1] * 12 + [2] * 12
    expected = run(asked, frame.assign(wave=numbers)).to_dict() | {"data_sha256": None}
    for made in AS.values():
        assert_alike(run(asked, frame.assign(wave=made(numbers))).to_dict() | {"data_sha256": None}, expected)


def test_a_number_of_four_bytes_is_the_one_that_was_typed() -> None:
    """Stata keeps 1.1 in four bytes, which are 1.10000002 in eight."""
    good = study(WIDE, "score").with_column("q_1", [1.1, 2.3, 0.7] * 8)
    assert_alike(told(good.with_column("q_1", good.frame["q_1"].astype("float32"))), told(good))

"""What must not matter: the order of rows, names, the unit of weights, strata of nobody, which wave or answer is which.

Every design kind and measure goes through ``analysis.run`` with all the parts that its kind allows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.analysis.mirrors import OTHER_SIDE, answers_swapped, comparable, composition_swapped, waves_swapped
from tests.analysis.studies import BARRIER, EVERY, PANEL, SAMPLES, SESSIONS, Study, assert_alike
from tests.analysis.turned import (
    CASES,
    WITH_ARMS,
    as_it_is,
    by_content,
    named_back,
    renamed,
    renamings,
    rich,
    shuffled,
    told,
)


@pytest.mark.parametrize(("kind", "measure"), EVERY)
def test_the_order_of_rows_does_not_matter(kind: str, measure: str) -> None:
    made = rich(kind, measure)
    assert_alike(told(made.with_rows(shuffled(made.frame, 1))), as_it_is(kind, measure, False))


@pytest.mark.parametrize(("kind", "measure", "arms"), WITH_ARMS)
def test_other_names_in_another_order_change_nothing_but_the_names(kind: str, measure: str, arms: bool) -> None:
    made = rich(kind, measure, arms=arms)
    names = renamings(made)
    other = renamed(made.with_rows(shuffled(made.frame, 2)), names)
    assert_alike(by_content(named_back(told(other), names)), by_content(as_it_is(kind, measure, arms)))


TWO_WAVES = [(kind, measure, arms) for kind, measure, arms in CASES if kind not in (PANEL, BARRIER)]


@pytest.mark.parametrize(("kind", "measure", "arms"), TWO_WAVES)
def test_swapping_the_waves_only_changes_signs(kind: str, measure: str, arms: bool) -> None:
    """Retention, attrition and exposure go from an earlier wave to a later one by their nature."""
    there = as_it_is(kind, measure, arms)
    back = told(rich(kind, measure, arms=arms).with_design(waves=["after", "before"]))
    for name, turn in (
        ("changes", waves_swapped),
        ("comparison", waves_swapped),
        ("composition", composition_swapped),
    ):
        expected = [comparable(turn(row)) for row in there[name]]
        assert_alike([comparable(row) for row in back[name]], expected, name)
    assert_alike([row["test"] for row in back["interactions"]], [row["test"] for row in there["interactions"]])
    assert_alike(of_models(back), of_models(there), ".models")


def of_models(results: dict[str, Any]) -> list[Any]:
    """Each model with the p of what differs between the waves; the terms themselves are set against the first wave."""
    return [
        (row["model"], row["segment"], [term["p"] for term in row["terms"] if at_the_later_wave(term)])
        for row in results["models"]
    ]


def at_the_later_wave(term: dict[str, Any]) -> bool:
    return bool({term.get("wave"), term.get("term")} & {"before", "after", "with_activity:later"})


YES_NO = [(kind, arms) for kind, measure, arms in CASES if measure == "binary" and kind != BARRIER]


@pytest.mark.parametrize(("kind", "arms"), YES_NO)
def test_swapping_yes_and_no_mirrors_the_changes(kind: str, arms: bool) -> None:
    made, there = rich(kind, "binary", arms=arms), as_it_is(kind, "binary", arms)
    turned = made.with_rows(made.frame.assign(**{cell: 1 - made.frame[cell] for cell in made.cells}))
    (asked,) = made.plan["indicators"]
    back = told(turned.with_plan(indicators=[asked | {"better": "lower"}]))
    assert_alike(
        [comparable(without(row, "risk_ratio")) for row in back["changes"]],
        [comparable(answers_swapped(row)) | {"target": None} for row in there["changes"]],
    )
    told_of_gains = [(row["verdict"], row["difference"]) for row in there["comparison"]]
    assert_alike([(row["verdict"], none_or_minus(row["difference"])) for row in back["comparison"]], told_of_gains)
    same_side = told(turned)  # no longer said to be better the other way round
    for row, mirrored in zip(there["changes"], same_side["changes"], strict=True):
        assert mirrored["verdict"] == OTHER_SIDE.get(row["verdict"], row["verdict"])


def without(row: dict[str, Any], effect: str) -> dict[str, Any]:
    return row | {"more_effects": [size for size in row["more_effects"] if size["name"] != effect]}


def none_or_minus(number: float | None) -> float | None:
    return None if number is None else -number


def test_swapping_yes_and_no_turns_the_ratios_of_a_barrier_analysis_over() -> None:
    made = rich(BARRIER, "binary")
    (row,) = told(made)["barriers"]
    (back,) = told(made.with_rows(made.frame.assign(q=1 - made.frame["q"])))["barriers"]
    assert back["difference"] == pytest.approx(-row["difference"])
    assert back["odds_ratio"] == pytest.approx(1 / row["odds_ratio"])
    assert back["odds_ratio_interval"]["low"] == pytest.approx(1 / row["odds_ratio_interval"]["high"])
    assert back["test"]["p"] == pytest.approx(row["test"]["p"])


@pytest.mark.parametrize(
    ("kind", "measure", "arms", "method"),
    [
        (SESSIONS, "score", False, {"clustered_pairs_test": "sign_flip"}),
        (SESSIONS, "binary", True, {"comparison_test": "cluster_permutation"}),
        (SESSIONS, "score", True, {"comparison_test": "wild_cluster_bootstrap"}),
        (SAMPLES, "score", True, {"comparison_test": "wild_cluster_bootstrap"}),
    ],
)
def test_random_draws_hang_on_the_seed_alone(kind: str, measure: str, arms: bool, method: dict[str, str]) -> None:
    """So many clusters that patterns are drawn: neither the order of rows nor other names may lead to another p."""
    made = of_many_clusters(rich(kind, measure, arms=arms).with_plan(methods=method))
    there, names = told(made), renamings(made)
    assert "monte_carlo" in str(there)
    assert_alike(told(made.with_rows(shuffled(made.frame, 1))), there)
    assert_alike(by_content(named_back(told(renamed(made, names)), names)), by_content(there))


def of_many_clusters(made: Study) -> Study:
    number = made.frame["who"].str[1:].astype(int) % 24
    frame = made.frame.assign(village="v" + number.astype(str), region=np.where(number < 12, "north", "south"))
    if "arm" in frame:
        frame["arm"] = np.where(number % 2, "with", "without")
    in_waves = {} if made.kind == SESSIONS else {"clusters_in_waves": "same"}
    return made.with_rows(frame).with_design(cluster="village", **in_waves)

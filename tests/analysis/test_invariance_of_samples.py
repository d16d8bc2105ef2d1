"""What must not matter in a sample: the unit of its weights, strata and categories of nobody, everybody told twice."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.analysis.studies import BARRIER, MEASURES, PANEL, SAMPLES, SURVEY, Study, assert_alike
from tests.analysis.turned import WITH_ARMS, as_it_is, rich, told

every_measure = pytest.mark.parametrize("measure", MEASURES)
UNITS = dict(zip(MEASURES, (0.003, 3e5, 1 / 7, 41.0), strict=True))
JACKKNIFE = {"sample_variance": "jackknife"}


def weighted(kind: str, measure: str, **plan: Any) -> Study:
    made = rich(kind, measure, arms=True, **plan)
    return made.with_design(weight="weight")


@every_measure
@pytest.mark.parametrize(
    ("kind", "plan"),
    [(SURVEY, {}), (SURVEY, {"methods": JACKKNIFE}), (SURVEY, {"adjust": ["sex"], "population": None}), (PANEL, {})],
)
def test_the_unit_of_weights_does_not_matter(measure: str, kind: str, plan: dict[str, Any]) -> None:
    made = weighted(kind, measure, **plan)
    back = told(made.with_column("weight", made.frame["weight"] * UNITS[measure]))
    assert_alike(without_finite_effects(back), without_finite_effects(told(made)))


def without_finite_effects(results: Any) -> Any:
    """R's design effect sets a sample against one drawn without replacement from as many people as the weights add up
    to, so it and the effective size by it hang on their unit; those with replacement and by Kish do not."""
    if isinstance(results, dict):
        kept = {key: value for key, value in results.items() if key not in ("deff", "n_effective")}
        return {key: without_finite_effects(value) for key, value in kept.items()}
    return [without_finite_effects(value) for value in results] if isinstance(results, list) else results


@pytest.mark.parametrize(("kind", "measure", "arms"), WITH_ARMS)
def test_excluded_rows_of_a_new_part_change_nothing_but_what_was_read(kind: str, measure: str, arms: bool) -> None:
    made = rich(kind, measure, arms=arms)
    column = "sex" if kind == BARRIER else "region"
    strangers = made.frame.iloc[:3].assign(**{column: "elsewhere", "who": ["a", "b", "c"]})
    rule = {"column": column, "equals": "elsewhere", "reason": "not of the campaign"}
    back = told(made.with_rows(pd.concat([strangers, made.frame])).with_plan(exclude=[rule]))
    there = as_it_is(kind, measure, arms)
    assert back["flow"]["rows_read"] == there["flow"]["rows_read"] + 3
    assert [out["n"] for out in back["flow"]["excluded"]] == [3]
    for results in (back := dict(back), there := dict(there)):
        results["flow"] = {key: value for key, value in results["flow"].items() if key not in ("rows_read", "excluded")}
    assert_alike(back, there)


@pytest.mark.parametrize(("kind", "measure", "arms"), WITH_ARMS)
def test_levels_of_a_category_that_nobody_has_change_nothing(kind: str, measure: str, arms: bool) -> None:
    made = rich(kind, measure, arms=arms)
    frame = made.frame.copy()
    for name in {"sex", "region", "village", "arm", "met", "wave", "doing"} & set(frame.columns):
        here = sorted(frame[name].unique())
        frame[name] = pd.Categorical(frame[name], ["aa nobody", *reversed(here), "zz nobody"])
    assert_alike(told(made.with_rows(frame)), as_it_is(kind, measure, arms))


@every_measure
@pytest.mark.parametrize("kind", [SAMPLES, SURVEY])
def test_a_category_of_no_share_in_the_population_changes_nothing(kind: str, measure: str) -> None:
    shares = {"sex": {"F": 0.6, "M": 0.4, "X": 0.0}}
    assert_alike(told(rich(kind, measure, population=shares)), as_it_is(kind, measure, False))


@every_measure
def test_sizes_of_strata_of_nobody_do_not_matter(measure: str) -> None:
    """Rows of a stratum of their own, with its size, that lie outside the plan's waves."""
    made = rich(SURVEY, measure)
    sizes = np.where(made.frame["region"] == "north", 40, 30)
    made = made.with_column("size", sizes).with_design(fpc="size")
    strangers = made.frame.iloc[:2].assign(region="east", village="far", size=7, wave="never")
    back, there = told(made.with_rows(pd.concat([made.frame, strangers]))), told(made)
    for key in there:
        if key not in ("flow", "warnings"):
            assert_alike(back[key], there[key], f".{key}")


@pytest.mark.parametrize("arms", [False, True])
def test_everybody_told_twice_shrinks_errors_by_the_root_of_two(arms: bool) -> None:
    made = rich(SAMPLES, "binary", arms=arms)
    twice = told(made.with_rows(pd.concat([made.frame, made.frame.assign(who=made.frame["who"] + " again")])))
    once = as_it_is(SAMPLES, "binary", arms)
    for name in ("estimates", "changes"):
        for one, two in zip(once[name], twice[name], strict=True):
            number = "estimate" if name == "estimates" else "difference"
            assert two[number] == pytest.approx(one[number], rel=1e-12)
            assert two["se"] == pytest.approx(one["se"] / math.sqrt(2), rel=1e-12)
    assert [row["n"] for row in twice["estimates"]] == [2 * row["n"] for row in once["estimates"]]

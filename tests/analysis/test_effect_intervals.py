"""Intervals of effect sizes agree with R (r/effects.R), and are left out where they would claim too much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import effect_intervals, independent, means, run
from analysis.noncentral_t import noncentral_t, noncentrality_limits
from analysis.score_tests import independent_sizes, paired_sizes
from tests.analysis.plans import indicator, only, pairs, plan, table
from tests.analysis.test_scores import LEARNERS, by_session, learners, visitors

HERE = Path(__file__).parent / "r"
R: dict[str, Any] = json.loads((HERE / "effects.json").read_text())
VISITORS = pd.read_csv(HERE / "visitors.csv")


def approx(expected: Any, tolerance: float = 1e-9) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def of_people(case: str) -> tuple[Any, Any]:
    """The complete answers before and after of a case."""
    if case == "eight":
        return tuple(np.array(R["answers"][wave], float) for wave in ("before", "after"))  # type: ignore[return-value]
    names = [f"{case.removesuffix('_90')}_{wave}" for wave in ("before", "after")]
    both = LEARNERS[names].replace("NA", np.nan).dropna().to_numpy(float)
    return both[:, 0], both[:, 1]


def test_the_noncentral_t_distribution_agrees_with_r() -> None:
    """Also where scipy.special.nctdtr gives none: t = 5 on 63 degrees of freedom, noncentrality −5."""
    grid = R["noncentral_t"]
    found = [noncentral_t(*of_point) for of_point in zip(grid["t"], grid["df"], grid["ncp"], strict=True)]
    assert found == pytest.approx(grid["p"], abs=2e-12)


@settings(max_examples=200, deadline=None)
@given(st.floats(-300, 300), st.integers(1, 5000), st.floats(0.5, 0.999))
def test_limits_of_noncentrality_are_where_t_is_just_not_surprising(t: float, df: int, level: float) -> None:
    low, high = noncentrality_limits(t, df, level)
    assert low < high
    assert noncentral_t(t, df, low) == approx(0.5 + level / 2, 1e-8)
    assert noncentral_t(t, df, high) == approx(0.5 - level / 2, 1e-8)


@pytest.mark.parametrize(("case", "level"), [("score", 0.95), ("likert", 0.95), ("score_90", 0.9), ("eight", 0.95)])
def test_effects_of_the_same_people_have_the_intervals_of_r(case: str, level: float) -> None:
    expected, sizes = R[case], paired_sizes(*of_people(case), level)
    for name in ("d_z", "g_z", "d_av", "g_av", "rank_biserial"):
        assert [sizes[name].low, sizes[name].high] == approx(expected[name]), name
    assert [sizes["d_z"].low, sizes["d_z"].high] == approx(expected["d_z_effectsize"], 1e-6)
    assert list(effect_intervals.d_av_limits(*reversed(of_people(case)), level)) == approx(expected["d_av"])


@pytest.mark.parametrize("item", ["score", "likert"])
def test_hedges_g_has_the_interval_of_r(item: str) -> None:
    late = VISITORS["wave"] == "endline"
    size = independent_sizes(*(VISITORS.loc[here, item].to_numpy(float) for here in (~late, late)), "score", 0.95)
    expected = R[f"visitors_{item}"]
    assert [size["hedges_g"].low, size["hedges_g"].high] == approx(expected["hedges_g"])
    unbiased = [limit * expected["factor"] for limit in expected["d_effectsize"]]
    assert [size["hedges_g"].low, size["hedges_g"].high] == approx(unbiased, 1e-6)


@pytest.mark.parametrize("case", R["h"], ids=lambda case: " ".join(map(str, case["counts"])))
def test_cohens_h_has_the_interval_of_r(case: dict[str, Any]) -> None:
    samples = independent.TwoSamples.of(*case["counts"])
    assert independent.cohens_h(samples) == approx(case["value"])
    assert list(independent.cohens_h_interval(samples, case["level"])) == approx(case["interval"])


def test_none_against_all_cannot_be_further_apart_than_pi() -> None:
    low, high = independent.cohens_h_interval(independent.TwoSamples.of(5, 5, 0, 6))
    assert (float(high), low < high) == (np.pi, True)


def test_every_effect_of_a_change_names_the_method_of_its_interval() -> None:
    paired = run(learners("score", "score"), LEARNERS).changes[0]
    methods = {size["name"]: size["interval"]["method"] for size in [paired["effect"], *paired["more_effects"]]}
    assert methods == {
        "d_z": "noncentral_t", "g_z": "noncentral_t", "d_av": "algina_keselman", "g_av": "algina_keselman",
        "rank_biserial": "jackknife_fisher_z",
    }  # fmt: skip
    assert [paired["effect"]["interval"][end] for end in ("low", "high")] == approx(R["score"]["d_z"])
    separate = run(visitors("score", "score"), VISITORS).changes[0]
    methods = {size["name"]: size["interval"]["method"] for size in [separate["effect"], *separate["more_effects"]]}
    assert methods == {
        "hedges_g": "noncentral_t", "superiority": "brunner_munzel", "rank_biserial": "brunner_munzel"
    }  # fmt: skip
    sizes = {size["name"]: size["interval"] for size in separate["more_effects"]}
    assert sizes["rank_biserial"]["low"] == approx(2 * sizes["superiority"]["low"] - 1)
    yes_no = run(visitors("binary", "knows"), VISITORS).changes[0]["effect"]
    assert (yes_no["name"], yes_no["interval"]["method"]) == ("cohens_h", "arcsine_normal")
    assert yes_no["interval"]["low"] < yes_no["value"] < yes_no["interval"]["high"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40), st.sampled_from([0.9, 0.95]))
def test_d_z_and_d_av_leave_out_zero_exactly_where_the_paired_t_test_rejects(
    people: list[tuple[int, int]], level: float
) -> None:
    earlier, later = np.array(people, float).T
    p = means.mean(later - earlier).p
    if np.isfinite(p) and abs(p - (1 - level)) > 1e-9:
        sizes = paired_sizes(earlier, later, level)
        for name in ("d_z", "d_av"):
            assert (sizes[name].low > 0 or sizes[name].high < 0) == (p < 1 - level)
            assert sizes[name].low <= sizes[name].value <= sizes[name].high
        size = sizes["rank_biserial"]
        assert np.isnan(size.low) or -1 <= size.low <= size.value <= size.high <= 1


def test_changes_that_show_no_spread_have_no_interval_and_say_why() -> None:
    asked = plan("paired", indicators=[indicator("knows", measure="ordinal")])
    row = run(asked, pairs([1] * 12, [2, 3] * 6)).changes[0]
    assert row["effect"]["value"] == 1
    assert row["effect"]["interval"] == {
        "low": None, "high": None, "method": "jackknife_fisher_z", "reason": "all_moved_one_way"
    }  # fmt: skip
    few = run(asked, pairs([1, 2, *[3] * 10], [2, 1, *[3] * 10])).changes[0]["effect"]["interval"]
    assert (few["low"], few["reason"]) == (None, "too_few_changes")
    alike = run(asked, pairs([1, 2] * 6, [2, 3] * 6)).changes[0]
    d_av = only(alike["more_effects"], name="d_av")
    assert (d_av["interval"]["low"], d_av["interval"]["reason"]) == (None, "all_changes_alike")
    assert d_av["value"] == approx(np.sqrt(11 / 3))


def test_samples_that_do_not_overlap_have_no_interval_of_superiority() -> None:
    asked = plan(indicators=[indicator("knows", measure="ordinal")])
    row = run(asked, pairs([1, 2] * 6, [3, 4] * 6)).changes[0]
    assert (row["effect"]["value"], row["effect"]["interval"]["reason"]) == (1, "no_overlap")


def test_effects_of_people_in_sessions_have_no_interval_of_persons() -> None:
    for asked in (by_session(), learners("score", "score", design={"cluster": "session"})):
        row = run(asked, LEARNERS).changes[0]
        for size in [row["effect"], *row["more_effects"]]:
            assert size["value"] is not None
            assert (size["interval"]["low"], size["interval"]["reason"]) == (None, "people_in_clusters")


def test_nobody_changing_leaves_no_effect_and_no_limits() -> None:
    effect = run(plan("paired"), table(6, 0, 0, 9)).changes[0]["effect"]
    assert (effect["value"], effect["reason"]) == (None, "nobody_changed")


def test_a_wave_without_answers_has_no_interval_of_an_effect() -> None:
    limits = effect_intervals.hedges_g_limits(np.array([1.0, 2, 3, 4]), np.array([]))
    assert np.isnan(limits).all()

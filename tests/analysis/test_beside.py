"""What stands beside the changes: sessions, interactions, reliability, double coding, warnings of the design."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import run
from analysis.errors import DataError
from analysis.plan import Plan
from analysis.results import Results
from analysis.scales import at_the_ends
from tests.analysis.plans import answers, indicator, only, pairs, plan
from tests.analysis.test_scores import LEARNERS, VISITORS, approx, by_session, learners, visitors

HERE = Path(__file__).parent / "r"
ROWS: dict[str, Any] = json.loads((HERE / "rows.json").read_text())
BESIDE: dict[str, Any] = json.loads((HERE / "beside.json").read_text())
R: dict[str, Any] = json.loads((HERE / "measures.json").read_text())
ITEMS = [f"i{number}" for number in range(1, 7)]


def codes(results: Results) -> dict[str, dict[str, Any]]:
    return {warning["code"]: warning["params"] for warning in results.warnings}


def test_shares_at_a_wave_take_sessions_into_account() -> None:
    row = only(run(by_session(), LEARNERS).estimates, wave="after")
    expected = ROWS["share"]
    assert [row["estimate"], row["se"]] == approx([expected["estimate"], expected["se"]])
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(expected["interval"], 1e-8)
    assert row["interval"]["method"] == "logit_t"
    assert row["deff"] == approx(expected["se"] ** 2 / (expected["estimate"] * (1 - expected["estimate"]) / 63))


def test_an_interaction_within_sessions_agrees_with_r() -> None:
    row, expected = run(by_session(by=["sex"]), LEARNERS).interactions[0], ROWS["parts_by_session"]
    assert row["by"] == ["sex"] and row["test"]["method"] == "heterogeneity_f"
    assert [row["test"][key] for key in ("statistic", "df", "df_between", "p")] == approx(
        [expected[key] for key in ("f", "df", "df_between", "p")]
    )
    assert row["p_adjusted"] == row["test"]["p"]


@pytest.mark.parametrize(
    ("asked", "frame", "key"),
    [
        (learners("binary", "knows", by=["sex"]), LEARNERS, "q_pairs"),
        (learners("score", "score", by=["sex"]), LEARNERS, "q_scores"),
        (visitors("binary", "knows", by=["sex"]), VISITORS, "q_samples"),
    ],
)
def test_an_interaction_of_people_agrees_with_r(asked: Plan, frame: pd.DataFrame, key: str) -> None:
    test = run(asked, frame).interactions[0]["test"]
    assert (test["method"], test["statistic"], test["df"]) == ("heterogeneity_q", approx(ROWS[key]), 1)


def test_interactions_are_adjusted_together_and_leave_out_unknown_parts() -> None:
    frame = pairs([0] * 40, [1] * 20 + [0] * 20, sex=["F", "M", "M", None] * 10, age=["1"] * 20 + ["2"] * 20)
    rows = run(plan("paired", by=["sex", "age"]), frame).interactions
    assert [(row["by"], row["test"]["df"]) for row in rows] == [(["sex"], 1), (["age"], 1)]
    assert rows[1]["test"]["p"] < 0.001
    assert rows[1]["p_adjusted"] == approx(2 * rows[1]["test"]["p"])


def test_an_interaction_with_a_hidden_part_tells_nothing() -> None:
    frame = pairs([0, 1] * 20, [1, 1] * 20, sex=["F"] * 25 + ["M"] * 12 + ["X"] * 3)
    row = run(plan("paired", by=["sex"], suppress_below=5), frame).interactions[0]
    assert row["hidden"] and row["test"]["p"] is row["p_adjusted"] is None


def test_a_scale_tells_whether_its_items_hang_together() -> None:
    scale = {
        "id": "attitude", "measure": "scale", "items": ITEMS,
        "scoring": {"mean": True, "reversed": ["i3"], "range": [1, 6]},
    }  # fmt: skip
    asked = plan(indicators=[scale])
    row = run(asked, LEARNERS.assign(wave="before")).reliability[0]
    expected = R["alpha"]
    assert (row["indicator"], row["wave"], row["n"], row["method"]) == ("attitude", "before", 63, "cronbach_alpha")
    assert row["value"] == approx(expected["alpha"])
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(expected["interval"])
    assert row["omega"] == approx(expected["omega"], 1e-5)
    assert [item["correlation"] for item in row["item_total"]] == approx(expected["item_total"])
    assert [item["alpha_without"] for item in row["item_total"]] == approx(expected["dropped"])
    assert (row["floor"], row["ceiling"]) == (0.0, 0.0)


def test_a_quiz_of_right_and_wrong_has_its_own_coefficient() -> None:
    quiz = {"id": "quiz", "measure": "score", "items": ["k1", "k2", "k3", "k4"], "scoring": {"sum": True}}
    row = run(plan(indicators=[quiz]), LEARNERS.assign(wave="before")).reliability[0]
    assert (row["method"], row["value"]) == ("kr20", approx(R["kr20"]))


def test_too_few_people_say_nothing_of_a_scale() -> None:
    quiz = {"id": "quiz", "measure": "score", "items": ["k1", "k2"], "scoring": {"sum": True}}
    row = run(plan(indicators=[quiz]), LEARNERS.head(6).assign(wave="before")).reliability[0]
    assert (row["n"], row["value"], row["reason"]) == (6, None, "too_few_people")


@pytest.mark.parametrize("item", ["knows", "score"])
def test_likeness_within_sessions_agrees_with_r(item: str) -> None:
    asked = learners("binary" if item == "knows" else "score", item, design={"cluster": "session"})
    row, expected = run(asked, LEARNERS).clustering[0], BESIDE[item]
    keys = ("clusters", "n", "icc", "deff", "n_effective")
    assert [row[key] for key in keys] == approx([expected[key] for key in keys])


def test_the_ends_of_a_scale_agree_with_r() -> None:
    quiz = {
        "id": "quiz", "measure": "score", "items": ["k1", "k2", "k3", "k4"],
        "scoring": {"sum": True, "range": [0, 1]},
    }  # fmt: skip
    row = run(plan(indicators=[quiz]), LEARNERS.assign(wave="before")).reliability[0]
    assert [row["floor"], row["ceiling"]] == approx(BESIDE["quiz_ends"])
    likert = pd.to_numeric(LEARNERS["likert_after"], errors="coerce").dropna().to_numpy(float)
    assert at_the_ends(likert, 1, 5) == approx(tuple(BESIDE["likert_ends"]))


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_double_coding_is_judged_by_kappa(weights: str) -> None:
    coding = [{"first": "coder1", "second": "coder2", "weights": weights}]
    row = run(learners("binary", "knows", double_coding=coding), LEARNERS).reliability[-1]
    key = "plain" if weights == "none" else weights
    assert (row["columns"], row["n"], row["value"]) == (["coder1", "coder2"], 64, approx(R["kappa"][key]))
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(R["kappa"][f"{key}_interval"], 1e-8)


def test_questions_that_teach_and_answers_that_please_are_pointed_out() -> None:
    about = [
        indicator("knows", dimension="knowledge"),
        indicator("likes", item="knows", dimension="attitude"),
        indicator("does", item="knows", dimension="behaviour"),
    ]
    found = codes(run(plan("paired", indicators=about), pairs([1, 0], [1, 1])))
    assert found["test_retest"] == {"indicators": "knows"}
    assert found["social_desirability"] == {"indicators": "likes, does"}
    assert "test_retest" not in codes(run(plan(indicators=about), answers([1, 0], [1, 1])))


def test_people_chosen_for_low_answers_come_back_up_by_themselves() -> None:
    found = codes(run(plan("paired", design={"selected_on": ["knows"]}), pairs([1, 0], [1, 1])))
    assert found["regression_to_the_mean"] == {"indicators": "knows"}


def test_a_sample_of_other_people_is_pointed_out() -> None:
    frame = answers([1] * 60, [1] * 60, sex=["F"] * 40 + ["M"] * 20 + ["F"] * 15 + ["M"] * 45)
    assert codes(run(plan(by=["sex"]), frame))["composition_shift"] == {"column": "sex"}
    same = answers([1] * 60, [1] * 60, sex=["F", "M"] * 60)
    assert "composition_shift" not in codes(run(plan(by=["sex"]), same))


def test_another_season_is_pointed_out() -> None:
    frame = answers([1, 0], [1, 1], date=["2026-01-10", "2026-01-12", "2026-06-01", ""])
    found = codes(run(plan(design={"date": "date"}), frame))
    assert found["season"] == {"earlier": "before", "later": "after"}
    again = frame.assign(date=["2025-12-28", "2026-01-12", "2027-01-05", "2027-01-06"])
    assert "season" not in codes(run(plan(design={"date": "date"}), again))


@pytest.mark.parametrize(
    "dates",
    [
        ["2026-01-10T09:00:00+01:00", "2026-01-12", "2026-06-01T09:00:00+02:00", ""],  # clocks were changed between
        [pd.Timestamp("2026-01-10", tz="UTC"), pd.Timestamp("2026-01-12"), "2026-06-01 10:30", None],
    ],
)
def test_dates_of_several_time_zones_count_by_the_day_that_was_written(dates: list[Any]) -> None:
    found = codes(run(plan(design={"date": "date"}), answers([1, 0], [1, 1], date=dates)))
    assert found["season"] == {"earlier": "before", "later": "after"}


@pytest.mark.parametrize(
    "dates", [[46000, 46200.5, 1, None], ["soon"] * 4, ["9999-12-31", "", "x", 0], ["1/2/2026"] * 4]
)
def test_dates_that_would_have_to_be_guessed_are_named(dates: list[Any]) -> None:
    with pytest.raises(DataError) as refused:
        run(plan(design={"date": "date"}), answers([1, 0], [1, 1], date=dates))
    assert (refused.value.code, refused.value.params["column"]) == ("unreadable_date", "date")


def test_no_dates_say_nothing_of_seasons() -> None:
    assert "season" not in codes(run(plan(design={"date": "date"}), answers([1, 0], [1, 1], date=[None] * 4)))


def test_contact_that_people_chose_is_pointed_out() -> None:
    found = codes(run(plan(design={"exposure": "saw"}), answers([1], [0]).assign(saw=1)))
    assert found["self_selected_exposure"] == {"column": "saw"}


def test_three_waves_at_once_agree_with_r() -> None:
    design: dict[str, Any] = {"layout": "wide", "waves": ["before", "after", "followup"], "person": "who"}
    design["suffix"] = {wave: f"_{wave}" for wave in design["waves"]}
    row = only(run(plan("panel", design=design), LEARNERS).to_dict()["models"], model="cochran_q")
    assert (row["indicator"], row["n"], row["df"]) == ("knows", 64, 2)
    assert [row["statistic"], row["p"]] == approx(R["cochran_q"])


SCORES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=24)


@settings(max_examples=30, deadline=None)
@given(SCORES, st.sampled_from(["ordinal", "score"]), st.randoms())
def test_order_and_names_do_not_matter_to_scores_and_sessions(
    people: list[tuple[int, int]], measure: str, random: Any
) -> None:
    before, after = ([answer[wave] for answer in people] for wave in (0, 1))
    session = [f"s{random.randint(1, 8)}" for _ in people]
    frame = pairs(before, after, session=session)
    asked = plan("paired", design={"cluster": "session"}, indicators=[indicator("knows", measure=measure)])
    order = list(range(len(frame)))
    random.shuffle(order)
    other = frame.iloc[order].assign(
        who=lambda rows: "person " + rows["who"].astype(str), session=lambda rows: "x" + rows["session"]
    )
    first, second = (run(asked, here).changes[0] for here in (frame, other))
    assert_alike(first, second)


def assert_alike(first: Any, second: Any) -> None:
    """Equal, but for the last digits of numbers."""
    if isinstance(first, dict):
        assert list(first) == list(second)
        for key, value in first.items():
            assert_alike(value, second[key])
    elif isinstance(first, list):
        assert len(first) == len(second)
        for one, other in zip(first, second, strict=True):
            assert_alike(one, other)
    else:
        assert first == (approx(second) if isinstance(second, float) else second)


@settings(max_examples=30, deadline=None)
@given(SCORES, st.sampled_from(["ordinal", "score"]), st.sampled_from(["paired", "cross_sections"]))
def test_swapping_waves_turns_scores_round_and_sign_interval_and_verdict_agree(
    people: list[tuple[int, int]], measure: str, kind: str
) -> None:
    asked = plan(kind, indicators=[indicator("knows", measure=measure, smallest_change={"points": 1})])
    before, after = ([answer[wave] for answer in people] for wave in (0, 1))
    there, back = (run(asked, pairs(*waves)).changes[0] for waves in ((before, after), (after, before)))
    assert there["difference"] == approx(-back["difference"])
    low, high = there["interval"]["low"], there["interval"]["high"]
    if low is not None:
        assert [low, high] == approx([-back["interval"]["high"], -back["interval"]["low"]])
        assert low - 1e-9 <= there["difference"] <= high + 1e-9
    if there["test"]["p"] is not None:
        assert there["test"]["p"] == approx(back["test"]["p"], 1e-7)
    if there["verdict"] == "improved":
        assert low > 0 and back["verdict"] == "worsened"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=30, max_size=60), st.integers(0, 10**6))
def test_scores_of_small_parts_are_hidden_with_every_number(parts: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    n = len(parts)
    frame = pairs(
        list(random.integers(0, 9, n)), list(random.integers(0, 9, n)), part=[str(part // 3) for part in parts]
    )
    asked = plan("paired", by=["part"], suppress_below=5, indicators=[indicator("knows", measure="score")])
    results = run(asked, frame)
    for row in [*results.estimates, *results.changes]:
        if row["hidden"]:
            assert row["interval"]["low"] is None and row.get("estimate") is None and row.get("difference") is None
            assert row.get("median") is None and not row.get("more_effects")

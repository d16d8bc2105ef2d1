"""Ordered answers, scores and scales in a whole analysis: scoring rules, rows, missing answers, sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError
from analysis.frame import code_frame
from analysis.plan import Plan
from tests.analysis.plans import answers, indicator, only, pairs, plan, table, wide

HERE = Path(__file__).parent / "r"
R: dict[str, Any] = json.loads((HERE / "measures.json").read_text())
LEARNERS = pd.read_csv(HERE / "learners.csv", dtype=str, keep_default_na=False)
VISITORS = pd.read_csv(HERE / "visitors.csv", dtype=str, keep_default_na=False)


def approx(expected: Any, tolerance: float = 1e-9) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def learners(measure: str, item: str, **more: Any) -> Plan:
    """A wide plan over the made-up learners, one indicator."""
    design = {"layout": "wide", "suffix": {"before": "_before", "after": "_after"}, "person": "who"}
    asked = indicator(item, measure=measure, primary=True) | more.pop("about", {})
    return plan("paired", design=design | more.pop("design", {}), indicators=[asked], **more)


def visitors(measure: str, item: str, **more: Any) -> Plan:
    return plan(design={"waves": ["baseline", "endline"]}, indicators=[indicator(item, measure=measure)], **more)


def p_values(row: dict[str, Any]) -> dict[str, float]:
    return {test["method"]: test["p"] for test in [row["test"], *row["more_tests"]]}


def scored(cells: dict[str, list[Any]], scoring: dict[str, Any], **more: Any) -> list[float | None]:
    """The score of each row of a frame of items, None where there is none."""
    about: dict[str, Any] = {"item": next(iter(cells))} if len(cells) == 1 else {"items": list(cells)}
    asked = plan(indicators=[{"id": "s", "measure": "score", "scoring": scoring} | about], **more)
    coded = code_frame(asked, pd.DataFrame({"wave": "before"} | cells))
    return [None if np.isnan(score) else float(score) for score in coded.scores[0]]


def test_an_ordered_answer_of_the_same_people_agrees_with_r() -> None:
    row = run(learners("ordinal", "likert"), LEARNERS).changes[0]
    expected = R["ranks"]
    assert (row["n_pairs"], row["x_from"], row["pairs"]) == (expected["n"], None, None)
    assert row["test"] == {"method": "signed_rank_exact", "statistic": expected["up"], "p": approx(expected["exact"])}
    more = p_values(row)
    assert more["signed_rank_pratt_exact"] == approx(expected["pratt_exact"])
    assert more["stuart_maxwell"] == approx(expected["stuart_maxwell"][1])
    assert (row["effect"]["name"], row["effect"]["value"]) == ("rank_biserial", approx(expected["rank_biserial"]))
    assert row["interval"]["method"] == "paired_t"
    assert row["interval"]["low"] <= row["difference"] <= row["interval"]["high"]


def test_a_score_of_the_same_people_agrees_with_r() -> None:
    row = run(learners("score", "score"), LEARNERS).changes[0]
    expected = R["means"]
    assert (row["n_pairs"], row["df"]) == (expected["n"], expected["n"] - 1)
    assert [row["difference"], row["se"]] == approx([expected["difference"], expected["se"]])
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(expected["interval"])
    assert row["test"] == {
        "method": "paired_t", "statistic": approx(expected["statistic"]), "p": approx(expected["p"])
    }  # fmt: skip
    sizes = {size["name"]: size["value"] for size in [row["effect"], *row["more_effects"]]}
    assert row["effect"]["name"] == "d_z"
    assert {name: sizes[name] for name in ("d_z", "d_av", "g_z", "g_av")} == {
        name: approx(expected[name]) for name in ("d_z", "d_av", "g_z", "g_av")
    }
    assert row["verdict"] == "improved" and row["confirmed"]


@pytest.mark.parametrize("measure", ["ordinal", "score"])
def test_separate_samples_agree_with_r(measure: str) -> None:
    item = {"ordinal": "likert", "score": "score"}[measure]
    row, expected = run(visitors(measure, item), VISITORS).changes[0], R[item]
    tests = p_values(row)
    assert row["test"]["method"] == {"ordinal": "brunner_munzel", "score": "welch"}[measure]
    assert tests["brunner_munzel"] == approx(expected["bm_p"])
    assert tests["mann_whitney"] == approx(expected["asymptotic"])
    assert tests["welch"] == approx(expected["welch"][0])
    assert [row["interval"]["low"], row["interval"]["high"]] == approx(expected["welch"][2:])
    sizes = {size["name"]: size for size in [row["effect"], *row["more_effects"]]}
    assert sizes["superiority"]["value"] == approx(expected["superiority"])
    interval = sizes["superiority"]["interval"]
    assert [interval["low"], interval["high"]] == approx(expected["bm_interval"])
    assert sizes["hedges_g"]["value"] == approx(expected["hedges_g"])


@pytest.mark.parametrize(
    ("measure", "use", "name", "printed"),
    [
        ("ordinal", "ordinal_paired_test", "sign", "sign"),
        ("ordinal", "ordinal_paired_test", "signed_rank_pratt", "signed_rank_pratt_exact"),
        ("ordinal", "ordinal_paired_test", "stuart_maxwell", "stuart_maxwell"),
        ("score", "score_paired_test", "signed_rank", "signed_rank_exact"),
    ],
)
def test_the_test_of_the_plan_comes_first(measure: str, use: str, name: str, printed: str) -> None:
    row = run(learners(measure, "likert", methods={use: name}), LEARNERS).changes[0]
    assert row["test"]["method"] == printed
    assert printed not in [test["method"] for test in row["more_tests"]]


def test_the_effect_of_the_plan_comes_first() -> None:
    row = run(learners("score", "score", methods={"score_paired_effect": "d_av"}), LEARNERS).changes[0]
    assert (row["effect"]["name"], row["effect"]["value"]) == ("d_av", approx(R["means"]["d_av"]))


def test_items_make_a_sum_a_mean_or_a_weighted_index() -> None:
    cells = {"a": [1, 2, None], "b": [3, 5, 4]}
    assert scored(cells, {"sum": True}) == [4, 7, None]
    assert scored(cells, {"mean": True}) == [2, 3.5, None]
    assert scored(cells, {"mean": True, "min_items": 1}) == [2, 3.5, 4]
    assert scored(cells, {"weights": {"a": 2, "b": 0.5}}) == [3.5, 6.5, None]
    assert scored(cells, {"mean": True, "weights": {"a": 3, "b": 1}}) == [1.5, 2.75, None]


def test_reversed_items_are_turned_by_the_range_of_the_plan() -> None:
    cells = {"a": [1, 2], "b": [5, 4]}
    assert scored(cells, {"sum": True, "reversed": ["b"], "range": [1, 5]}) == [2, 4]
    assert scored({"a": [1, 2]}, {"reversed": True, "range": [0, 10]}) == [9, 8]


def test_without_a_range_the_answers_seen_are_taken_and_that_is_said() -> None:
    asked = plan(indicators=[indicator("knows", measure="ordinal", scoring={"reversed": True})])
    coded = code_frame(asked, answers([1, 2, 4], [3]))
    assert coded.scores[0].tolist() == [4, 3, 1, 2]
    params = {"indicator": "knows", "low": "1", "high": "4"}
    assert {"code": "range_from_data", "params": params} in list(coded.warnings)


def test_a_yes_no_item_may_be_worded_the_other_way_round() -> None:
    asked = plan(indicators=[indicator("knows", scoring={"reversed": True})])
    assert code_frame(asked, answers([1, 0, None], [1])).states[0].tolist() == [0, 1, 4, 0]


def test_words_have_the_order_of_the_plan_whatever_their_capitals() -> None:
    order = ["Strongly disagree", "Disagree", "Agree", "Strongly agree"]
    assert scored({"a": ["Agree", "Strongly Agree", "disagree"]}, {"order": order}) == [3, 4, 2]
    with pytest.raises(DataError, match="answers that “order” does not name"):
        scored({"a": ["Agree", "Perhaps"]}, {"order": order})


def test_listed_codes_are_counted() -> None:
    assert scored({"a": ["debt pay", "other", None]}, {"sum": True, "of": ["debt", "pay", "papers"]}) == [2, 0, None]
    assert scored({"a": ["x", "y"], "b": ["x", "x"]}, {"sum": True, "of": ["x"]}) == [2, 1]


def test_any_of_a_list_is_enough() -> None:
    asked = plan(indicators=[indicator("knows", scoring={"any_of": ["police", "ngo"]})])
    assert code_frame(asked, answers(["ngo other", "other", None], [1])).states[0].tolist()[:3] == [1, 0, 4]


def test_dont_know_is_no_place_on_a_scale() -> None:
    asked = plan(indicators=[indicator("knows", measure="ordinal")], missing={"dont_know": ["8"], "refused": ["9"]})
    row = run(asked, answers([1, 3, 8, 9, None], [2, 2])).estimates[0]
    assert (row["n"], row["x"], row["estimate"]) == (2, None, 2.0)
    assert row["missing"] == {"dont_know": 1, "refused": 1, "blank": 1, "not_asked": 0}


@pytest.mark.parametrize("value", ["inf", "four", "1,5"])
def test_a_number_that_cannot_be_read_is_named_with_its_row(value: str) -> None:
    asked = plan(indicators=[indicator("knows", measure="score")])
    with pytest.raises(DataError, match=r"values that are not numbers \(rows 1\)"):
        code_frame(asked, answers([1, value], [2]))


def test_everybody_the_same_change_is_told_without_a_test() -> None:
    asked = plan("paired", indicators=[indicator("knows", measure="score")])
    row = run(asked, pairs([1, 2] * 6, [2, 3] * 6)).changes[0]
    assert (row["difference"], row["interval"]["low"], row["interval"]["high"]) == (1, None, None)
    assert (row["test"]["p"], row["effect"]["value"], row["verdict"]) == (None, None, "too_uncertain")
    assert row["interval"]["reason"] == row["effect"]["reason"] == "all_changes_alike"


@pytest.mark.parametrize("kind", ["paired", "cross_sections"])
@pytest.mark.parametrize("measure", ["ordinal", "score"])
@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_anybody_is_null_with_a_reason(kind: str, measure: str, n: int) -> None:
    asked = plan(kind, indicators=[indicator("knows", measure=measure)])
    blanks = [None] * (3 - n)
    results = run(asked, pairs([1, 2, 3][:n] + blanks, [3, 1, 2][:n] + blanks))
    json.dumps(results.to_dict(), allow_nan=False)
    row = results.changes[0]
    assert row["verdict"] == "counts_only"
    if n == 0:
        assert (row["difference"], row["test"]["p"]) == (None, None)
        assert row["reason"] in ("no_pairs", "no_answers")


def test_items_of_both_kinds_stand_side_by_side_in_the_order_of_the_plan() -> None:
    asked = plan("paired", by=["sex"], indicators=[indicator("s", measure="score"), indicator("knows")])
    frame = pairs([0, 1] * 12, [1, 1] * 12, sex=["F", "M", "M"] * 8, s=[1, 5, 3, 2] * 6)
    results = run(asked, frame)
    assert [row["indicator"] for row in results.changes] == ["s"] * 3 + ["knows"] * 3
    assert only(results.changes, indicator="knows", segment={})["test"]["method"] == "mcnemar_midp"
    assert only(results.changes, indicator="s", segment={"sex": "F"})["n_pairs"] == 8


def by_session(**more: Any) -> Plan:
    return learners("binary", "knows", design={"cluster": "session"} | more.pop("design", {}), **more)


def test_six_sessions_or_more_are_judged_by_how_sessions_differ() -> None:
    results = run(by_session(), LEARNERS)
    row, expected, tests = results.changes[0], R["sessions"], R["binary_clusters"]
    assert row["interval"] == {
        "low": approx(expected["interval"][0]), "high": approx(expected["interval"][1]), "method": "linearised_t"
    }  # fmt: skip
    assert (row["df"], row["clusters"], row["se"]) == (expected["df"], 8, approx(expected["se"]))
    assert row["test"]["p"] == approx(expected["p"])
    found = {test["method"]: test for test in row["more_tests"]}
    assert list(found) == ["sign_flip_exact", "durkalski", "obuchowski"], "tests of persons would look too sure"
    assert found["sign_flip_exact"]["p"] == approx(tests["sign_flip"])
    assert found["durkalski"]["statistic"] == approx(tests["durkalski"])
    assert found["obuchowski"]["statistic"] == approx(tests["obuchowski"])
    assert row["verdict"] == "no_clear_change"
    about = results.clustering[0]
    assert (about["clusters"], about["n"]) == (8, 64)
    assert about["n_effective"] == approx(64 / about["deff"])


def test_strata_of_sessions_cost_degrees_of_freedom() -> None:
    row, expected = run(by_session(design={"stratum": "region"}), LEARNERS).changes[0], R["sessions_in_regions"]
    assert [row["se"], row["df"], row["test"]["p"]] == approx([expected[key] for key in ("se", "df", "p")])


@pytest.mark.parametrize("name", ["sign_flip", "durkalski", "obuchowski"])
def test_the_test_of_sessions_may_be_chosen(name: str) -> None:
    row = run(by_session(methods={"clustered_pairs_test": name}), LEARNERS).changes[0]
    assert row["test"]["method"].startswith(name)
    assert row["interval"]["method"] == "linearised_t"


def test_two_to_five_sessions_speak_of_themselves() -> None:
    few = LEARNERS[LEARNERS["session"].isin(["S1", "S2", "S3"])]
    results = run(by_session(), few)
    row = results.changes[0]
    assert [row["difference"], row["se"], row["df"]] == approx(R["fixed_strata"])
    assert (row["interval"]["method"], row["test"]["method"]) == ("fixed_strata_t", "fixed_strata_t")
    assert {"code": "few_sessions", "params": {"n": 3}} in results.warnings


def test_one_session_is_its_people() -> None:
    one = LEARNERS[LEARNERS["session"] == "S1"]
    results = run(by_session(), one)
    assert results.changes[0]["interval"]["method"] == "newcombe10"
    assert {"code": "one_session", "params": {}} in results.warnings


def test_scores_are_judged_by_sessions_too() -> None:
    row = run(learners("score", "score", design={"cluster": "session"}), LEARNERS).changes[0]
    assert (row["interval"]["method"], row["df"], row["clusters"]) == ("linearised_t", 7, 8)
    assert row["effect"]["name"] == "d_z"


def test_a_session_in_two_strata_is_refused_with_the_rows() -> None:
    frame = LEARNERS.assign(region=["north", *["south"] * 63])
    with pytest.raises(DataError, match="lies in more than one stratum"):
        run(by_session(design={"stratum": "region"}), frame)


def test_a_person_without_a_session_is_refused_with_the_row() -> None:
    frame = LEARNERS.assign(session=["", *LEARNERS["session"][1:]])
    with pytest.raises(DataError, match=r"empty in some rows \(0\)"):
        run(by_session(), frame)


def test_when_all_change_alike_sessions_do_not_make_it_certain() -> None:
    frame = table(0, 0, 24, 0).assign(session=[str(number % 8) for number in range(24)] * 2)
    row = run(plan("paired", design={"cluster": "session"}), frame).changes[0]
    assert (row["interval"]["method"], row["verdict"]) == ("newcombe10", "improved")
    assert row["interval"]["low"] < 1


def test_wide_and_long_give_the_same_scores() -> None:
    before, after = [1, 4, 2, 5, 3, None], [2, 4, None, 5, 5, 1]
    long = plan("paired", indicators=[indicator("knows", measure="score")])
    of_wide = wide("knows")
    frame = pd.DataFrame({"knows_before": before, "knows_after": after})
    design = {"layout": "wide", "suffix": {"before": "_before", "after": "_after"}, "person": None}
    of_wide = plan("paired", design=design, indicators=[indicator("knows", measure="score")])
    assert run(of_wide, frame).changes == run(long, pairs(before, after).dropna()).changes


def test_a_ceiling_is_pointed_out() -> None:
    codes = [warning["code"] for warning in run(plan("paired"), table(20, 0, 1, 0)).changes[0]["warnings"]]
    assert "ceiling" in codes
    scored = indicator("knows", measure="ordinal", scoring={"range": [1, 5]})
    asked = plan("paired", indicators=[scored])
    row = run(asked, pairs([5, 5, 4] * 5, [5, 5, 5] * 5)).changes[0]
    assert "ceiling" in [warning["code"] for warning in row["warnings"]]


def test_the_slope_of_changes_on_first_answers_is_shown_and_falls_where_nothing_happened() -> None:
    random = np.random.default_rng(3)
    level = random.normal(10, 2, 200)
    before, after = (level + random.normal(0, 2, 200) for _ in range(2))  # nobody learned anything
    row = run(plan("paired", indicators=[indicator("knows", measure="score")]), pairs([*before], [*after])).changes[0]
    assert row["slope_on_baseline"] == approx(np.polyfit(before, after - before, 1)[0])
    assert row["slope_on_baseline"] < -0.3


def test_retention_tells_the_months_that_really_went_by() -> None:
    waves = {"before": "2026-01-05", "after": "2026-01-30", "followup": "2026-09-30"}
    kept = {"baseline": "before", "from": "after", "to": "followup"}
    asked = plan("panel", design={"waves": [*waves], "date": "day"}, retention=kept)
    frame = pd.concat(
        [pd.DataFrame({"who": range(12), "wave": wave, "knows": [0, 1] * 6, "day": day}) for wave, day in waves.items()]
    )
    assert run(asked, frame).retention[0]["months"]["median"] == approx(8)

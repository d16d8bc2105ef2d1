"""A whole analysis: the keys of the contract, degenerate data, several waves, and honest nulls."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.engine import frame_sha256
from analysis.plan import parse_plan
from analysis.warning_codes import WARNING_CODES
from tests.analysis.plans import answers, indicator, pairs, plan, table, written

CONTRACT = [
    "plan_sha256", "data_sha256", "software", "flow", "warnings", "changes_to_plan", "estimates", "changes", "models",
    "interactions", "comparison", "retention", "attrition", "composition", "exposure", "reliability", "clustering",
    "barriers",
]  # fmt: skip
ESTIMATE = {"indicator", "wave", "arm", "segment", "n", "x", "missing", "estimate", "se", "deff", "interval", "hidden"}
CHANGE = {
    "indicator", "from", "to", "arm", "segment", "n_from", "n_to", "n_pairs", "estimate_from", "estimate_to",
    "difference", "se", "df", "interval", "test", "more_tests", "p_adjusted", "confirmed", "effect", "verdict",
    "hidden", "warnings",
}  # fmt: skip


def of_table(*counts: int, **more: Any) -> dict[str, Any]:
    return run(plan("paired", **more), table(*counts)).changes[0]


def test_results_have_the_keys_of_the_contract_and_are_plain_json() -> None:
    results = run(plan(by=["sex"]), answers([1, 0] * 10, [1] * 20, sex=["F", "M"] * 20)).to_dict()
    assert list(results) == CONTRACT
    assert set(results["estimates"][0]) == ESTIMATE
    assert set(results["changes"][0]) >= CHANGE
    assert json.loads(json.dumps(results, allow_nan=False)) == results


def test_rows_follow_the_plan() -> None:
    asked = plan(indicators=[indicator("b"), indicator("a")], by=["sex"])
    frame = answers([1, 0] * 10, [1] * 20, sex=["M", "F"] * 20)
    frame["a"] = frame["b"] = frame["knows"]
    order = [(row["indicator"], row["segment"].get("sex")) for row in run(asked, frame).changes]
    assert order == [("b", None), ("b", "F"), ("b", "M"), ("a", None), ("a", "F"), ("a", "M")]


def test_a_panel_has_a_change_for_every_pair_of_waves_on_complete_pairs() -> None:
    asked = plan("panel", design={"waves": ["before", "after", "followup"]})
    frame = pairs([0] * 20, [1] * 15 + [0] * 5)
    later = pd.DataFrame({"wave": "followup", "who": range(5, 17), "knows": 1})
    results = run(asked, pd.concat([frame, later]))
    assert [(row["from"], row["to"], row["n_pairs"]) for row in results.changes] == [
        ("before", "after", 20), ("before", "followup", 12), ("after", "followup", 12),
    ]  # fmt: skip
    assert results.flow["n_by_wave"] == {"before": 20, "after": 20, "followup": 12}
    assert results.flow["lost"] == {"after": 0, "followup": 8}
    assert results.flow["pairs"] == 20
    assert [link["n"] for link in results.flow["linked"]] == [20, 12, 12]


def test_three_separate_samples_are_compared_pair_by_pair() -> None:
    asked = plan(design={"waves": ["before", "after", "followup"]})
    frame = pd.DataFrame({"wave": ["before", "after", "followup"] * 20, "knows": [0, 1, 1] * 20})
    assert [(row["from"], row["to"]) for row in run(asked, frame).changes] == [
        ("before", "after"), ("before", "followup"), ("after", "followup"),
    ]  # fmt: skip


def test_a_wave_that_has_not_happened_is_no_result_and_is_said() -> None:
    results = run(plan(), answers([1, 0, 1], []))
    assert [row["wave"] for row in results.estimates] == ["before"]
    assert results.changes == []
    assert {"code": "wave_without_rows", "params": {"wave": "after"}} in results.warnings


@pytest.mark.parametrize("kind", ["cross_sections", "paired"])
def test_a_frame_without_rows_is_an_empty_result(kind: str) -> None:
    results = run(plan(kind, by=["sex"], suppress_below=5), pairs([], [], sex=[]))
    assert results.estimates == results.changes == []
    assert results.flow["n_by_wave"] == {"before": 0, "after": 0}


def test_one_person_is_told_as_a_count() -> None:
    row = of_table(0, 0, 1, 0)
    assert (row["n_pairs"], row["verdict"], row["x_from"], row["x_to"]) == (1, "counts_only", 0, 1)
    assert row["effect"] | {"interval": None} == {
        "name": "conditional_odds_ratio", "value": None, "reason": "infinite", "interval": None,
    }  # fmt: skip


def test_when_nobody_changes_p_is_one_and_undefined_tests_are_left_out() -> None:
    row = of_table(10, 0, 0, 10)
    assert row["test"] == {"method": "mcnemar_midp", "statistic": 0.0, "p": 1.0}
    assert [test["method"] for test in row["more_tests"]] == ["mcnemar_exact"]
    assert (row["effect"]["value"], row["effect"]["reason"]) == (None, "nobody_changed")
    asymptotic = of_table(10, 0, 0, 10, methods={"paired_test": "mcnemar"})
    assert asymptotic["test"] == {"method": "mcnemar", "statistic": None, "p": None, "reason": "nobody_changed"}


def test_no_complete_pair_is_null_with_a_reason() -> None:
    row = run(plan("paired"), pairs([1, 0, None], [None, None, 1])).changes[0]
    assert (row["n_pairs"], row["difference"], row["reason"], row["verdict"]) == (0, None, "no_pairs", "counts_only")
    assert row["interval"] == {"low": None, "high": None, "method": "newcombe10", "reason": "no_pairs"}
    assert row["test"]["p"] is None


def test_all_missing_at_one_wave_is_null_with_a_reason() -> None:
    row = run(plan(), answers([1, 0], [None, None])).changes[0]
    assert (row["n_to"], row["difference"], row["reason"]) == (0, None, "no_answers")
    assert row["test"]["reason"] == "no_answers"


def test_all_yes_before_and_after_is_no_change() -> None:
    row = run(plan(), answers([1] * 40, [1] * 30)).changes[0]
    assert row["difference"] == 0
    assert row["test"] == {"method": "boschloo", "statistic": 1.0, "p": 1.0}
    forced = run(plan(methods={"independent_test": "chi2"}), answers([1] * 40, [1] * 30)).changes[0]
    assert forced["test"] == {"method": "chi2", "statistic": None, "p": None, "reason": "all_answers_alike"}


def test_rare_answers_of_many_people_get_fishers_test_and_a_note() -> None:
    row = run(plan(), answers([1] + [0] * 599, [1] * 5 + [0] * 595)).changes[0]
    assert row["test"]["method"] == "fisher"
    assert row["warnings"] == [{"code": "too_large_for_boschloo", "params": {"n": 1200}}]


@pytest.mark.parametrize("name", ["mcnemar_midp", "mcnemar_exact", "mcnemar"])
def test_the_methods_of_the_plan_come_first(name: str) -> None:
    row = of_table(5, 3, 12, 10, methods={"paired_test": name, "paired_interval": "newcombe8"})
    assert row["test"]["method"] == name
    assert name not in [test["method"] for test in row["more_tests"]]
    assert row["interval"]["method"] == "newcombe8"


@pytest.mark.parametrize("name", ["chi2", "fisher", "boschloo", "chi2_n_minus_1"])
def test_the_test_for_separate_samples_may_be_chosen(name: str) -> None:
    row = run(plan(methods={"independent_test": name}), answers([1, 0] * 20, [1, 1, 0] * 10)).changes[0]
    assert row["test"]["method"] == name
    assert row["test"]["p"] is not None


def test_the_confidence_of_the_plan_widens_the_interval() -> None:
    narrow, broad = (of_table(5, 3, 12, 10, confidence=level)["interval"] for level in (0.9, 0.99))
    assert broad["low"] < narrow["low"] < narrow["high"] < broad["high"]


def test_what_is_asked_and_not_computed_is_said() -> None:
    design = {"waves": ["before", "after", "followup"], "windows": {"after": {"after": "before"}}, "site": "place"}
    codes = {warning["code"] for warning in run(plan("panel", design=design), pairs([1], [1])).warnings}
    assert codes >= {"windows_not_checked", "site_not_used"}
    design["windows"] = {"followup": {"after": "after"}}  # still to come
    codes = {warning["code"] for warning in run(plan("panel", design=design), pairs([1], [1])).warnings}
    assert "windows_not_checked" not in codes


@pytest.mark.parametrize(("primary", "code"), [(0, "no_primary_indicator"), (4, "many_primary_indicators")])
def test_the_number_of_primary_indicators_is_watched(primary: int, code: str) -> None:
    asked = plan(indicators=[indicator(f"i{n}", item="knows", primary=n < primary) for n in range(4)])
    assert code in [warning["code"] for warning in run(asked, answers([1], [0])).warnings]


def test_a_plan_that_differs_from_its_lock_is_pointed_out_unless_the_change_is_told() -> None:
    locked = written(locks=[{"name": "wording", "sha256": "other", "at": "2026-11-22"}])
    frame = answers([1], [0])
    told = [{"key": "by", "old": None, "new": ["sex"], "reason": "asked for", "date": "2026-12-01"}]
    differs = {"code": "plan_differs_from_lock", "params": {"name": "wording", "at": "2026-11-22"}}
    assert differs in run(parse_plan(locked), frame).warnings
    results = run(parse_plan(locked), frame, changes_to_plan=told)
    assert differs not in results.warnings
    assert results.changes_to_plan == told
    same = locked | {"locks": [{"sha256": parse_plan(locked).sha256}]}
    assert differs not in run(parse_plan(same), frame).warnings


def test_every_warning_carries_its_code_and_its_parameters() -> None:
    asked = plan("paired", by=["sex"], exclude=[{"column": "sex", "equals": "x", "reason": "test"}])
    frame = pairs([1, "NA", 0], [1, 1, 1], sex=["F", "M", "NA"])
    for warning in run(asked, frame).warnings:
        assert set(warning) == {"code", "params"}
        assert tuple(warning["params"]) == WARNING_CODES[warning["code"]]


def test_the_hash_of_a_frame_depends_on_cells_and_names_and_not_on_the_index() -> None:
    frame = answers([1], [0])
    assert frame_sha256(frame) == frame_sha256(frame.set_index(pd.Index([7, 9])))
    assert frame_sha256(frame) != frame_sha256(frame.rename(columns={"knows": "k"}))
    assert frame_sha256(frame) != frame_sha256(answers([0], [1]))
    assert run(plan(), frame).data_sha256 == frame_sha256(frame)


def test_columns_that_are_coded_already_give_the_same_as_texts() -> None:
    asked = plan(by=["sex"], design={"date": "day"})
    frame = answers([1, 0, ""] * 8, [1] * 24, sex=["F", "M"] * 24, day=["2026-01-03"] * 24 + ["2026-07-03"] * 24)
    frame.loc[0, ["wave", "sex"]] = "elsewhere", "X"
    texts = frame.astype(str)
    assert run(asked, texts.astype("category")).to_dict() == run(asked, texts).to_dict()

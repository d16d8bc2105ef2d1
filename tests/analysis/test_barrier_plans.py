"""A barrier analysis by its plan: the reference case through ``run``, what is refused, and what does not matter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.barrier import BarrierError
from analysis.errors import DataError, PlanError
from analysis.plan import json_schema, parse_plan
from analysis.results import Results
from tests.analysis.plans import indicator, only, written

OTHER_LISTS = (
    "estimates", "changes", "models", "interactions", "comparison", "retention", "attrition", "composition",
    "reliability", "clustering",
)  # fmt: skip
GROUPS = ["doer"] * 50 + ["non-doer"] * 60 + ["neither"] * 3 + [""] * 2


def barrier_plan(*determinants: dict[str, Any], design: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    said = {"kind": "barrier", "group": "group", "doer": "doer", "prevalence": 0.1} | (design or {})
    indicators = list(determinants) or [indicator("easy", dimension="determinant")]
    return {"version": 1, "design": {k: v for k, v in said.items() if v is not None}, "indicators": indicators} | more


def people(easy: list[Any] | None = None, group: list[Any] | None = None, **columns: list[Any]) -> pd.DataFrame:
    """50 doers of whom 40 find it easy, 60 non-doers of whom 20 do, 3 who are neither and 2 of unknown group."""
    cells = [1] * 40 + [0] * 10 + [1] * 20 + [0] * 40 + [1] * 5
    return pd.DataFrame({"group": group or GROUPS, "easy": easy or cells} | columns)


def analysed(frame: pd.DataFrame, *determinants: dict[str, Any], **more: Any) -> Results:
    return run(parse_plan(barrier_plan(*determinants, **more)), frame)


def refusal(plan: dict[str, Any]) -> PlanError:
    with pytest.raises(PlanError) as refused:
        parse_plan(plan)
    return refused.value


def approx(expected: float) -> Any:
    return pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("prevalence", [10, 25, 40])
def test_the_reference_case_is_met_through_run(shared: Path, prevalence: int) -> None:
    case = json.loads((shared / "reference/expected/B01.json").read_text())["expected"]
    frame = pd.read_csv(shared / "reference/data" / "d13_barrier.csv", dtype=str)
    determinants = [indicator(name, dimension="determinant") for name in case]
    results = analysed(frame, *determinants, design={"prevalence": prevalence / 100})
    assert [row["determinant"] for row in results.barriers] == list(case)
    for row in results.barriers:
        known = case[row["determinant"]]
        risk = known["err"][f"P{prevalence}"]
        assert row["doers"] == {"x": known["doers"], "n": known["n_doers"]}
        assert row["non_doers"] == {"x": known["nondoers"], "n": known["n_nondoers"]}
        assert row["odds_ratio"] == approx(known["odds_ratio"])
        assert row["relative_risk"] == approx(risk["err"])
        assert row["interval"]["low"] == approx(risk["ci_delta_log"]["low"])
        assert row["interval"]["high"] == approx(risk["ci_delta_log"]["high"])
        assert row["test"]["p"] == approx(known["p_rule_N1_or_fisher_if_expected_below_1"])
    assert (results.flow["doers"], results.flow["non_doers"]) == (45, 47)
    assert results.warnings == []


def test_people_are_counted_and_every_other_list_is_empty() -> None:
    results = analysed(people(), exclude=[{"column": "easy", "equals": "none", "reason": "test"}]).to_dict()
    flow = results["flow"]
    counted = [flow[key] for key in ("doers", "non_doers", "neither", "unknown", "rows_read")]
    assert counted == [50, 60, 3, 2, 115]
    assert flow["excluded"] == [{"column": "easy", "reason": "test", "n": 0}]
    assert all(results[key] == [] for key in OTHER_LISTS)
    row = only(results["barriers"], determinant="easy")
    assert (row["doers"], row["non_doers"]) == ({"x": 40, "n": 50}, {"x": 20, "n": 60})
    assert row["odds_ratio"] == approx(8.0)
    json.dumps(results, allow_nan=False)


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame = people(hard=[0, 1, 1] * 38 + [None])
    determinants = indicator("easy"), indicator("hard")
    there, shuffled = (analysed(rows, *determinants) for rows in (frame, frame.sample(frac=1, random_state=4)))
    assert there.barriers == shuffled.barriers
    assert there.flow == shuffled.flow


def test_codes_are_scored_and_dont_know_counts_as_not_mentioning() -> None:
    easy = ["yes", "dk", "refused", ""] * 28 + ["no"] * 3
    said = indicator("easy", scoring={"equals": "yes"})
    missing = {"dont_know": ["dk"], "refused": ["refused"]}
    row = analysed(people(easy), said, missing=missing).barriers[0]
    assert (row["doers"], row["missing"]["doers"]) == (
        {"x": 13, "n": 26},
        {"dont_know": 13, "refused": 12, "blank": 12, "not_asked": 0},
    )
    row = analysed(people(easy), said, missing=missing | {"dont_know_as": "exclude"}).barriers[0]
    assert row["doers"] == {"x": 13, "n": 13}


def test_a_question_that_nobody_answered_has_no_ratio_and_says_why() -> None:
    row = analysed(people(hard=[None] * 115), indicator("easy"), indicator("hard")).barriers[1]
    assert (row["odds_ratio"], row["reason"]) == (None, "no_answers")
    assert row["missing"]["doers"]["not_asked"] == 50


def test_determinants_are_one_family_of_benjamini_and_hochberg_unless_the_plan_says_otherwise() -> None:
    frame = people(hard=[1, 0] * 57 + [1])
    determinants = indicator("easy"), indicator("hard")
    assert parse_plan(barrier_plan()).family == "bh"
    assert parse_plan(written()).family == "holm"
    adjusted = analysed(frame, *determinants).barriers
    assert adjusted[0]["p_adjusted"] == approx(2 * adjusted[0]["test"]["p"])
    alone = analysed(frame, *determinants, family="none").barriers
    assert all(row["p_adjusted"] == row["test"]["p"] for row in alone)


@pytest.mark.parametrize(("doers", "hidden"), [(4, True), (5, False)])
def test_a_group_too_small_to_show_hides_every_number(doers: int, hidden: bool) -> None:
    easy = [1] * doers + [None] * (50 - doers) + [1, 0] * 30 + [1] * 5
    row = analysed(people(easy), suppress_below=5).barriers[0]
    assert row["hidden"] is hidden
    if hidden:
        assert row == dict.fromkeys(row) | {"determinant": "easy", "hidden": True}


@pytest.mark.parametrize(
    ("doers", "code"), [(45, None), (44, "barrier_group_small"), (14, "barrier_group_below_floor")]
)
def test_few_doers_are_warned_about(doers: int, code: str | None) -> None:
    results = analysed(people([1, 0] * 50, ["doer"] * doers + ["non-doer"] * (100 - doers)))
    params = {"doers": doers, "non_doers": 100 - doers}
    assert results.warnings == ([{"code": code, "params": params}] if code else [])


def test_codes_may_be_numbers_and_missing_groups_are_unknown() -> None:
    codes = [1.0] * 50 + [2.0] * 60 + [3.0] * 3 + [9.0, None]
    design = {"doer": 1, "non_doer": 2, "neither": 3}
    results = analysed(people(group=codes), design=design, missing={"refused": [9]})
    counted = [results.flow[key] for key in ("doers", "non_doers", "neither", "unknown")]
    assert counted == [50, 60, 3, 2]


@pytest.mark.parametrize(
    ("group", "design", "code"),
    [
        (["non-doer"] * 115, {}, "no_doer"),
        ([""] * 115, {}, "no_doer"),
        (["doer"] * 115, {}, "no_non_doer"),
        (["doer", "non-doer", "sometimes", "neither", ""] * 23, {}, "which_non_doer"),
        (GROUPS, {"non_doer": "never"}, "no_non_doer"),
    ],
)
def test_groups_that_cannot_be_told_apart_get_one_sentence(group: list[str], design: dict[str, Any], code: str) -> None:
    with pytest.raises(BarrierError) as refused:
        analysed(people(group=group), design=design)
    assert refused.value.code == code
    assert "“group”" in str(refused.value) and ": ." not in str(refused.value)


def test_a_missing_column_an_unreadable_cell_and_a_person_twice_are_named() -> None:
    with pytest.raises(DataError, match="no column “group”"):
        analysed(people().drop(columns="group"))
    with pytest.raises(DataError, match="other than 0 and 1"):
        analysed(people(["perhaps"] + [1] * 114))
    frame = people(pid=[*range(3), 2, *range(4, 115)]).set_axis(range(1, 116))
    with pytest.raises(DataError, match=r"same person more than once \(rows 3, 4\)"):
        analysed(frame, design={"person": "pid"})


@pytest.mark.parametrize(
    ("design", "code"),
    [
        ({"group": None}, "group_needed"),
        ({"doer": None}, "doer_needed"),
        ({"prevalence": None}, "prevalence_needed"),
        ({"prevalence": 0}, "prevalence_no_share"),
        ({"prevalence": 1}, "prevalence_no_share"),
        ({"prevalence": 10}, "out_of_range"),
        ({"non_doer": "doer"}, "same_code_twice"),
        ({"waves": ["before", "after"]}, "no_place_in_barrier"),
        ({"layout": "long"}, "no_place_in_barrier"),
        ({"cluster": "village"}, "no_place_in_barrier"),
        ({"arm": "treated"}, "no_place_in_barrier"),
    ],
)
def test_a_design_that_cannot_be_followed_is_refused(design: dict[str, Any], code: str) -> None:
    error = refusal(barrier_plan(design=design))
    assert (error.code, error.key) == (code, f"design.{next(iter(design))}")
    assert error.key in str(error)


@pytest.mark.parametrize(
    ("plan", "code", "key"),
    [
        (barrier_plan(by=["sex"]), "no_place_in_barrier", "by"),
        (barrier_plan(data=[{"file": "a.csv", "wave": "a"}]), "no_place_in_barrier", "data[1].wave"),
        (barrier_plan(indicator("easy", target={"points": 5})), "no_place_in_barrier", "indicators[easy].target"),
        (barrier_plan(indicator("easy", measure="score")), "determinant_yes_no", "indicators[easy]"),
        (barrier_plan(indicator("easy", dimension="skill")), "determinant_only", "indicators[easy].dimension"),
        (written(design={"group": "group"}), "key_of_barrier", "design.group"),
        (written(design={"waves": None}), "missing_key", "design.waves"),
    ],
)
def test_what_would_be_ignored_is_refused(plan: dict[str, Any], code: str, key: str) -> None:
    error = refusal(plan)
    assert (error.code, error.key) == (code, key)
    assert key in str(error)


def test_a_wide_file_is_a_row_a_person_and_the_schema_knows_the_keys() -> None:
    assert analysed(people(), design={"layout": "wide"}).barriers == analysed(people()).barriers
    assert {"group", "doer", "non_doer", "neither", "prevalence"} <= json_schema()["properties"]["design"][
        "properties"
    ].keys()


def test_a_plan_changed_after_its_lock_is_said() -> None:
    results = analysed(people(), locks=[{"name": "wording", "sha256": "0" * 64}])
    assert [warning["code"] for warning in results.warnings] == ["plan_differs_from_lock"]

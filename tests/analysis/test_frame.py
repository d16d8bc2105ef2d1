"""Reading a frame by its plan: scoring, missing answers, layouts, people, and every kind of bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError
from analysis.frame import CodedFrame, code_frame, required_columns
from analysis.plan import Plan
from analysis.scoring import BLANK, DONT_KNOW, NO, NOT_ASKED, REFUSED, YES
from tests.analysis.plans import answers, indicator, only, pairs, plan, wide


def states(cells: list[Any], scoring: dict[str, Any], **more: Any) -> list[int]:
    """The states of cells at the first wave, beside a wave where somebody answered."""
    missing = more.pop("missing", {"dont_know": ["dk"], "refused": ["ref"], "not_asked": ["na"]})
    asked = plan(indicators=[indicator("knows", scoring=scoring, **more)], missing=missing)
    coded = code_frame(asked, answers(cells, []))
    return [int(state) for state in coded.states[0]]


def warning_codes(coded: CodedFrame) -> list[str]:
    return [warning["code"] for warning in coded.warnings]


def refusal(asked: Plan, frame: pd.DataFrame) -> DataError:
    with pytest.raises(DataError) as caught:
        code_frame(asked, frame)
    return caught.value


def test_a_plain_item_is_0_or_1_in_any_writing() -> None:
    assert states(["1", "0", 1, 0.0, True, " 1 ", np.int64(0), "1.0"], {}) == [1, 0, 1, 0, 1, 1, 0, 1]
    assert states(["TRUE", "false"], {}) == [YES, NO]


def test_at_least_counts_codes_of_one_cell() -> None:
    scoring = {"at_least": 2, "of": ["debt", "passport", "no_pay"]}
    assert states(["debt passport", "debt debt", "debt other", "other", None], scoring) == [YES, NO, NO, NO, BLANK]


def test_at_least_without_codes_counts_whatever_was_chosen() -> None:
    assert states(["a b", "a", "a dk"], {"at_least": 2}) == [YES, NO, NO]


def test_equals_compares_the_whole_cell() -> None:
    assert states(["1343", 1343.0, "1343 1344", "134"], {"equals": ["1343"]}) == [YES, YES, NO, NO]


def test_levels_are_top_boxes_by_number_or_by_code() -> None:
    assert states([5, "4", 3.0, 1], {"levels": [4, 5]}) == [YES, YES, NO, NO]
    assert states(["agree", "strongly", "disagree"], {"levels": ["agree", "strongly"]}) == [YES, YES, NO]


def test_missing_codes_are_told_apart() -> None:
    assert states([1, "dk", "ref", "na", None, ""], {}) == [YES, DONT_KNOW, REFUSED, NOT_ASKED, BLANK, BLANK]
    assert states(["dk", "dk a", "ref"], {"at_least": 1, "of": ["a"]}) == [DONT_KNOW, YES, REFUSED]


@pytest.mark.parametrize(("better", "x"), [("higher", 1), ("lower", 2)])
def test_dont_know_counts_on_the_worse_side(better: str, x: int) -> None:
    asked = plan(indicators=[indicator("knows", better=better)], missing={"dont_know": ["dk"]})
    row = run(asked, answers([1, 0, "dk", None], [1])).estimates[0]
    assert (row["n"], row["x"]) == (3, x)
    assert row["missing"] == {"dont_know": 1, "refused": 0, "blank": 1, "not_asked": 0}


def test_dont_know_may_be_left_out() -> None:
    asked = plan(missing={"dont_know": ["dk"], "dont_know_as": "exclude"})
    row = run(asked, answers([1, 0, "dk", None], [1])).estimates[0]
    assert (row["n"], row["x"], row["missing"]["dont_know"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("items", "state"),
    [
        ((1, 1, 0), YES),
        ((1, 1, None), YES),
        ((1, 0, None), BLANK),
        ((0, 0, None), NO),
        ((1, "ref", 0), REFUSED),
        ((1, "dk", 0), NO),
        (("dk", "dk", "dk"), DONT_KNOW),
        ((None, None, None), BLANK),
        ((1, "na", "dk"), NOT_ASKED),
    ],
)
def test_several_items_are_open_only_as_long_as_they_can_change_the_answer(items: tuple[Any, ...], state: int) -> None:
    several = {"id": "signs", "measure": "binary", "items": ["a", "b", "c"], "scoring": {"at_least": 2}}
    asked = plan(indicators=[several], missing={"dont_know": "dk", "refused": "ref", "not_asked": "na"})
    frame = pd.DataFrame([("before", *items), ("before", 1, 1, 1)], columns=["wave", "a", "b", "c"])
    assert code_frame(asked, frame).states[0, 0] == state


def test_an_item_that_is_blank_for_a_whole_wave_was_not_asked_then() -> None:
    row = run(plan(), answers([1, 0], [None, None])).estimates[1]
    assert row["missing"] == {"dont_know": 0, "refused": 0, "blank": 0, "not_asked": 2}
    assert (row["n"], row["estimate"], row["reason"]) == (0, None, "no_answers")


def test_r_writes_na_for_an_empty_cell_and_the_reader_is_told() -> None:
    coded = code_frame(plan(), answers([1, "NA"], [0]))
    assert coded.states[0].tolist() == [YES, BLANK, NO]
    assert list(coded.warnings)[-1] == {"code": "read_as_blank", "params": {"column": "knows", "text": "NA", "n": 1}}


def test_na_may_be_a_code_of_its_own() -> None:
    assert states(["NA", "x"], {"equals": ["NA"]}) == [YES, NO]
    assert states(["NA", 1], {}, missing={"refused": ["NA"]}) == [REFUSED, YES]
    assert refusal(plan(missing={"blank": []}), answers(["NA"], [1])).code == "unreadable_yes_no"
    assert not warning_codes(code_frame(plan(missing={"blank": ["NA"]}), answers(["NA", 1], [1])))[1:]


def test_a_value_that_cannot_be_read_is_named_with_its_rows_and_never_counted_as_blank() -> None:
    error = refusal(plan(), answers([1, "yes", 0], ["no", 2, float("inf"), "x", "y"]))
    assert str(error) == (
        "Column “knows” has values other than 0 and 1 (rows 1, 3, 4, 5, 6 …); correct them, "
        "say in the plan which code means yes, or list them under “missing”."
    )
    levels = plan(indicators=[indicator("knows", scoring={"levels": [4, 5]})])
    assert refusal(levels, answers([4, "four"], [5])).params == {"column": "knows", "rows": "1"}


def test_a_missing_column_is_named_with_those_that_look_like_it() -> None:
    error = refusal(plan(by=["sexe"]), answers([1], [0], sex=["F", "M"]))
    assert str(error) == (
        "The data have no column “sexe” that the plan names; correct the name in the plan or in the data, "
        "where there are: sex."
    )


def test_a_column_that_is_there_twice_is_refused() -> None:
    frame = answers([1], [0])
    frame.insert(1, "knows", [1, 1], allow_duplicates=True)
    assert refusal(plan(), frame).code == "repeated_column"


def test_a_person_twice_in_a_wave_is_refused_with_the_rows() -> None:
    frame = pairs([1, 0, 1], [1, 1, 1])
    frame.loc[2, "who"] = 0
    error = refusal(plan("paired"), frame)
    assert error.params == {"column": "who", "wave": "before", "rows": "0, 2"}


def test_a_person_twice_in_a_wide_file_is_refused() -> None:
    frame = pd.DataFrame({"who": ["a", "a"], "k_before": [1, 1], "k_after": [1, 0]})
    design = {"layout": "wide", "suffix": {"before": "_before", "after": "_after"}}
    asked = plan("paired", design=design, indicators=[indicator("k")])
    assert refusal(asked, frame).params["rows"] == "0, 1"


def test_waves_outside_the_plan_are_counted_and_left_out() -> None:
    frame = pd.concat([answers([1, 0], [1]), pd.DataFrame({"wave": ["pilot", None], "knows": [1, 1]})])
    coded = code_frame(plan(), frame)
    assert coded.states.shape == (1, 3)
    assert next(iter(coded.warnings)) == {"code": "rows_outside_waves", "params": {"n": 2, "values": "pilot"}}


def test_a_file_without_any_wave_of_the_plan_is_refused() -> None:
    error = refusal(plan(), pd.DataFrame({"wave": ["pre", "post"], "knows": [0, 1]}))
    assert str(error) == (
        "No row belongs to a wave of the plan: column “wave” has post, pre, the plan's waves are: before, after."
    )


def test_rows_without_a_person_count_at_their_wave_and_in_no_pair() -> None:
    frame = pairs([1, 0, 1], [1, 1, 1])
    frame["who"] = frame["who"].astype(object)
    frame.loc[0, "who"] = None
    results = run(plan("paired"), frame)
    assert only(results.estimates, wave="before")["n"] == 3
    assert results.changes[0]["n_pairs"] == 2
    assert {"code": "rows_without_person", "params": {"n": 1}} in results.warnings


def test_excluded_rows_are_left_out_and_counted_by_reason() -> None:
    rule = {"column": "consent", "equals": "no", "reason": "no consent"}
    results = run(plan(exclude=[rule]), answers([1, 0, 1], [1], consent=["yes", "no", "no", "yes"]))
    assert results.flow["excluded"] == [{"column": "consent", "reason": "no consent", "n": 2}]
    assert results.flow["n_by_wave"] == {"before": 1, "after": 1}
    assert results.flow["rows_read"] == 4


def test_a_wide_row_without_any_answer_at_a_wave_was_not_there() -> None:
    frame = pd.DataFrame({"k_before": [1, 0, None], "k_after": [1, None, 0], "j_before": [1, None, None], "j_after": 1})
    results = run(wide("k", "j"), frame)
    assert results.flow["n_by_wave"] == {"before": 2, "after": 3}
    assert results.flow["pairs"] == 2
    assert (results.flow["lost"], results.flow["joined"]) == ({"after": 0}, {"after": 1})
    assert only(results.estimates, indicator="j", wave="before")["missing"]["blank"] == 1


def test_wide_and_long_give_the_same_numbers() -> None:
    before, after, sex = [1, 0, 0, 1, None, 0], [1, 1, None, 0, 1, 1], ["F", "M", None, "F", "M", "F"]
    long = run(plan("paired", by=["sex"]), pairs(before, after, sex=sex).dropna(subset="knows"))
    frame = pd.DataFrame({"knows_before": before, "knows_after": after, "sex": sex})
    of_wide = run(wide("knows", by=["sex"]), frame)
    assert of_wide.changes == long.changes
    assert of_wide.estimates == long.estimates


def test_parts_are_margins_and_crossings_and_the_unknown_are_a_part_of_their_own() -> None:
    frame = answers([1, 0, 1, 0], [], sex=["M", "F", None, "F"], age=[9, 10, 10, 10])
    coded = code_frame(plan(by=["sex", ["sex", "age"]]), frame)
    _everybody, sex, crossed = coded.partitions
    assert sex.segments == ({"sex": "F"}, {"sex": "M"}, {"sex": None})
    assert crossed.segments == ({"sex": "F", "age": "10"}, {"sex": "M", "age": "9"}, {"sex": None, "age": "10"})
    assert crossed.of_row.tolist() == [1, 0, 2, 0]


def test_numbers_sort_as_numbers() -> None:
    frame = answers([1, 0, 1], [], age=[10, 9, 100])
    assert [segment["age"] for segment in code_frame(plan(by=["age"]), frame).partitions[1].segments] == [
        "9",
        "10",
        "100",
    ]


def test_texts_that_look_like_numbers_are_sorted_as_texts_and_equal_numbers_by_their_text() -> None:
    def segments(ages: list[str]) -> list[str | None]:
        coded = code_frame(plan(by=["age"]), answers([1] * len(ages), [], age=ages))
        return [segment["age"] for segment in coded.partitions[1].segments]

    assert segments(["3", "--5", "-1"]) == ["--5", "-1", "3"]
    assert segments(["01", "1", "-.5"]) == segments(["1", "-.5", "01"]) == ["-.5", "01", "1"]


def test_a_person_stays_in_the_part_of_the_first_wave() -> None:
    frame = pairs([1, 0, 1], [1, 1, 1])
    frame["age"] = ["18-24", "18-24", None, "25-49", "18-24", "25-49"]
    results = run(plan("paired", by=["age"]), frame)
    assert {"code": "part_changed", "params": {"column": "age", "n": 1}} in results.warnings
    assert only(results.changes, segment={"age": "18-24"})["n_pairs"] == 2
    assert only(results.changes, segment={"age": "25-49"})["n_pairs"] == 1


def test_a_code_that_nobody_ever_chose_is_pointed_out() -> None:
    asked = plan(indicators=[indicator("knows", scoring={"equals": ["1434"]})])
    found = list(code_frame(asked, answers(["1343"], ["999"])).warnings)
    assert found == [{"code": "no_code_seen", "params": {"indicator": "knows", "column": "knows", "codes": "1434"}}]


def test_four_hundred_levels_are_read_and_pointed_out() -> None:
    frame = answers([1] * 400, [], village=[f"قرية {number}" for number in range(400)])
    coded = code_frame(plan(by=["village"]), frame)
    assert len(coded.partitions[1].segments) == 400
    assert "many_parts" in warning_codes(coded)


def test_columns_may_have_spaces_and_any_script() -> None:
    asked = plan(indicators=[{"id": "سؤال", "measure": "binary", "item": "هل تعرف الرقم"}], design={"wave": "the wave"})
    frame = pd.DataFrame({"the wave": ["before", "after"], "هل تعرف الرقم": ["1", "0"]})
    assert code_frame(asked, frame).states.tolist() == [[1, 0]]


def test_the_columns_that_a_plan_needs_are_known_before_reading() -> None:
    assert required_columns(wide("k", by=[["sex", "age"]])) == ["k_before", "k_after", "sex", "age"]
    assert required_columns(plan("paired")) == ["wave", "who", "knows"]


def test_cells_that_are_lists_are_refused_like_other_unreadable_values() -> None:
    assert refusal(plan(), answers([[1]], [0])).code == "unreadable_yes_no"


def test_categories_are_read_like_texts() -> None:
    frame = answers(["1", "0"], ["1"]).astype({"knows": "category"})
    assert code_frame(plan(), frame).states.tolist() == [[1, 0, 1]]

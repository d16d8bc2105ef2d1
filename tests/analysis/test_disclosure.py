"""Hidden counts stay hidden from somebody who reads all results at once, and ordinary studies keep their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import run
from analysis.plan import Plan, parse_plan
from tests.analysis.attacker import Attacker, Disclosed, small
from tests.analysis.plans import answers, indicator, only, pairs, plan
from tests.analysis.random_studies import DESIGNS, SPLITS, all_shown, random_study


def found(asked: Plan, frame: pd.DataFrame) -> list[Disclosed]:
    """What an attacker makes of the results that is of too few people."""
    results = run(asked, frame).to_dict()
    return list(small(Attacker(results, asked).disclosed(), all_shown(asked, frame).to_dict(), asked))


def shown(rows: list[dict[str, Any]], **about: Any) -> list[dict[str, Any]]:
    """Segments of the rows that are not hidden."""
    return [
        row["segment"] for row in rows if not row["hidden"] and all(row[key] == value for key, value in about.items())
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(DESIGNS)), st.sampled_from(SPLITS), st.integers(12, 90), st.integers(0, 10**6),
    st.integers(3, 10),
)  # fmt: skip
def test_nothing_hidden_can_be_worked_out(kind: str, by: list[Any], people: int, seed: int, least: int) -> None:
    asked, frame = random_study(kind, by, people, seed, least)
    assert found(asked, frame) == []


def two_indicators(**more: Any) -> Plan:
    return plan(indicators=[indicator("knows", primary=True), indicator("asks")], by=["sex"], suppress_below=5, **more)


def test_the_attacker_sees_what_is_shown_of_one_indicator_and_hidden_of_another() -> None:
    """Proof that the check is one: with the hidden rows of one indicator shown beside another's, it finds them."""
    frame = answers([1, 0] * 20, [1, 0] * 20, sex=(["F"] * 20 + ["M"] * 17 + [None] * 3) * 2).assign(asks=1)
    asked = two_indicators()
    results = run(asked, frame).to_dict()
    open_rows = all_shown(asked, frame).to_dict()["estimates"]
    assert Attacker(results, asked).disclosed() == []
    results["estimates"] = [
        row if row["indicator"] == "knows" else open_row
        for row, open_row in zip(results["estimates"], open_rows, strict=True)
    ]
    guessed = {(one.what, one.thing[2:], one.segment, one.value) for one in small(
        Attacker(results, asked).disclosed(), all_shown(asked, frame).to_dict(), asked
    )}  # fmt: skip
    assert ("n", ("knows", "before"), (("sex", None),), 3.0) in guessed


def test_what_is_hidden_of_one_indicator_is_hidden_of_another_that_counts_the_same_people() -> None:
    """Five answered the one question and four the other: only one more of the 44 gave no answer."""
    frame = answers([1, 0] * 22, [1, 0] * 22, sex=(["F"] * 20 + ["M"] * 19 + [None] * 5) * 2).assign(asks=1)
    frame.loc[43, "asks"] = None
    results = run(two_indicators(), frame)
    for name in ("knows", "asks"):
        assert shown(results.estimates, indicator=name, wave="before") == [{}, {"sex": "F"}]
        assert shown(results.estimates, indicator=name, wave="after") == [{}, {"sex": "F"}, {"sex": "M"}, {"sex": None}]
    assert found(two_indicators(), frame) == []


def test_a_question_that_few_were_asked_hides_nothing_of_the_others() -> None:
    frame = answers([1, 0] * 40, [1, 0] * 40, sex=(["F"] * 40 + ["M"] * 40) * 2)
    frame["asks"] = None
    frame.loc[[*range(8), 40, 41], "asks"] = 1
    results = run(two_indicators(), frame)
    assert len(shown(results.estimates, indicator="knows")) == 6
    assert shown(results.estimates, indicator="asks", wave="before") == [{}]
    assert shown(results.changes, indicator="knows") == [{}, {"sex": "F"}, {"sex": "M"}]
    assert found(two_indicators(), frame) == []


def test_pairs_that_lost_people_do_not_betray_a_part_that_was_large_enough_before() -> None:
    sex = ["F"] * 25 + ["M"] * 20 + [None] * 6
    frame = pairs([1, 0, 1] * 17, [1, 1, 0] * 17, sex=sex)
    frame = frame.drop(index=[51 + 50, 51 + 49])  # two of the six are not found again
    asked = plan("paired", by=["sex"], suppress_below=5)
    results = run(asked, frame)
    assert shown(results.changes) == [{}, {"sex": "F"}]
    assert shown(results.estimates, wave="before") == shown(results.estimates, wave="after") == [{}, {"sex": "F"}]
    assert found(asked, frame) == []


def test_rows_of_retention_and_models_go_with_a_wave_that_is_hidden() -> None:
    frame = pairs([1, 0] * 20, [1, 1] * 20)
    late = frame[frame["wave"] == "after"].head(4).assign(wave="later")
    asked = plan(
        "panel", design={"waves": ["before", "after", "later"]}, suppress_below=5,
        retention={"baseline": "before", "from": "after", "to": "later"},
    )  # fmt: skip
    results = run(asked, pd.concat([frame, late], ignore_index=True))
    assert [row["hidden"] for row in results.retention] == [True]
    assert results.flow["n_by_wave"] == {"before": None, "after": None, "later": None}
    assert (results.flow["rows_read"], results.flow["pairs"], results.flow["linked"]) == (None, None, [])
    assert not only(results.changes, **{"from": "before", "to": "after"})["hidden"]
    assert found(asked, pd.concat([frame, late], ignore_index=True)) == []


@pytest.mark.parametrize("kind", ["cross_sections", "paired"])
def test_a_small_arm_is_not_what_sums_over_arms_leave(kind: str) -> None:
    made = pairs([1, 0] * 22, [1, 1] * 22, group=["a"] * 3 + ["c"] * 41)
    asked = plan(kind, design={"arm": "group", "comparison": "c"}, suppress_below=5)
    results = run(asked, made)
    assert results.flow["rows_read"] is None
    assert results.flow["arms"]["c"]["n_by_wave"] == {"before": 41, "after": 41}
    assert set(results.flow["n_by_wave"].values()) == {None}
    assert found(asked, made) == []


def test_a_warning_does_not_count_those_without_a_part() -> None:
    frame = answers([1, 0] * 20, [1, 0] * 20, sex=["F"] * 20 + ["M"] * 17 + ["NA"] * 3 + ["F"] * 20 + ["M"] * 20)
    asked = plan(by=["sex"], suppress_below=5)
    (warning,) = [one for one in run(asked, frame).warnings if one["code"] == "read_as_blank"]
    assert warning["params"] == {"column": "sex", "text": "NA", "n": None}
    (open_warning,) = [one for one in all_shown(asked, frame).warnings if one["code"] == "read_as_blank"]
    assert open_warning["params"]["n"] == 3
    assert found(asked, frame) == []


def test_few_doers_are_not_counted_in_the_flow_nor_in_a_warning() -> None:
    frame = pd.DataFrame({"knows": [1, 0] * 20, "doing": ["doer"] * 3 + ["non-doer"] * 37})
    design = {"kind": "barrier", "group": "doing", "doer": "doer", "prevalence": 0.1}
    written = {"version": 1, "design": design, "indicators": [indicator("knows")], "suppress_below": 5}
    results = run(parse_plan(written), frame)
    assert results.barriers[0]["hidden"]
    assert results.flow["doers"] is results.flow["non_doers"] is None
    (warning,) = [one for one in results.warnings if one["code"] == "barrier_group_below_floor"]
    assert warning["params"] == {"doers": None, "non_doers": None}


def test_levels_of_exposure_and_the_mix_of_people_follow_the_parts() -> None:
    """A level is shown by a split as well: four of the 44 answered, and five were there."""
    frame = answers([1, 0] * 22, [1, 0] * 22, sex=(["F"] * 20 + ["M"] * 19 + [None] * 5) * 2).assign(asks=1)
    frame.loc[43, "asks"] = None
    asked = two_indicators(design={"exposure": "sex"}, adjust=["sex"])
    results = run(asked, frame)
    assert [row["hidden"] for row in results.exposure if row["wave"] == "before"] == [True, True]
    assert all(row["mix"][0]["shares"] is None and row["n_from"] is None for row in results.composition)
    assert found(asked, frame) == []


def test_an_ordinary_study_keeps_its_numbers() -> None:
    """Of 400 people by sex and four ages, with one small age and a few gaps, all but two ages are told."""
    chance = np.random.default_rng(7)
    people = 400
    age = np.array(["15-24"] * 170 + ["25-39"] * 150 + ["40-59"] * 76 + ["60+"] * 4)
    sex = chance.choice(["F", "M"], people)
    names = [f"q{one}" for one in range(12)]
    frame = pairs(
        list(chance.integers(0, 2, people)), list(chance.integers(0, 2, people)), sex=list(sex), age=list(age)
    )
    for name in names:
        frame[name] = np.where(chance.random(2 * people) < 0.02, None, chance.integers(0, 2, 2 * people).astype(object))
    asked = plan("paired", by=["sex", "age"], suppress_below=5, indicators=[indicator(name) for name in names])
    results = run(asked, frame)
    told = [{}, {"sex": "F"}, {"sex": "M"}, {"age": "15-24"}, {"age": "25-39"}]
    for name in names:
        assert shown(results.changes, indicator=name) == told
        assert shown(results.estimates, indicator=name, wave="after") == told
    assert results.flow["pairs"] == 400
    assert found(asked, frame) == []

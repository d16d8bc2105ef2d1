"""Barrier analysis: the reference case, R on made-up groups, real data, and honesty about empty cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.barrier import (
    BarrierError,
    adjusted_relative_risk,
    barrier_rows,
    group_warnings,
    mentions,
    screen,
    visible_gap,
)
from analysis.independent import TwoSamples

R: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "barrier.json").read_text())


def approx(expected: Any, tolerance: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


@pytest.fixture(scope="module")
def b01(shared: Path) -> tuple[TwoSamples, dict[str, Any]]:
    expected = json.loads((shared / "reference/expected/B01.json").read_text())["expected"]
    frame = pd.read_csv(shared / "reference/data/d13_barrier.csv", dtype=str)
    answers = frame[list(expected)].astype(int).to_numpy().T
    return mentions(answers, screen(frame["group"], "doer")), expected


@pytest.mark.parametrize("prevalence", [10, 25, 40])
def test_the_reference_case_is_met(b01: tuple[TwoSamples, dict[str, Any]], prevalence: int) -> None:
    samples, expected = b01
    rows = barrier_rows(list(expected), samples, prevalence=prevalence / 100)
    assert len(rows) == 12
    for row in rows:
        known = expected[row["determinant"]]
        risk = known["err"][f"P{prevalence}"]
        assert row["doers"] == {"x": known["doers"], "n": known["n_doers"]}
        assert row["non_doers"] == {"x": known["nondoers"], "n": known["n_nondoers"]}
        assert row["difference"] * 100 == approx(known["difference_points"])
        assert within(row["difference_interval"], known["ci_newcombe"])
        assert row["odds_ratio"] == approx(known["odds_ratio"])
        assert within(row["odds_ratio_interval"], known["or_ci_wald"])
        assert row["half_added"] == known["haldane_added"]
        assert row["relative_risk"] == approx(risk["err"])
        assert within(row["interval"], risk["ci_delta_log"])
        assert row["test"]["p"] == approx(known["p_rule_N1_or_fisher_if_expected_below_1"])
        if row["half_added"]:
            assert row["uncorrected"]["relative_risk"] == approx(risk["err_raw_no_correction"])


def within(found: dict[str, Any], known: dict[str, float]) -> bool:
    return [found["low"], found["high"]] == [approx(known["low"]), approx(known["high"])]


def test_made_up_groups_agree_with_r() -> None:
    counts = [[row[key] for row in R["rows"]] for key in ("x1", "n1", "x2", "n2")]
    names = [f"d{number}" for number in range(len(R["rows"]))]
    rows = barrier_rows(names, TwoSamples.of(*counts), prevalence=R["prevalence"])
    for row, known in zip(rows, R["rows"], strict=True):
        assert row["odds_ratio"] == approx(known["odds_ratio"])
        assert row["odds_ratio_interval"]["low"] == approx(known["odds_low"])
        assert row["relative_risk"] == approx(known["risk"])
        assert [row["interval"]["low"], row["interval"]["high"]] == approx([known["low"], known["high"]])
        assert row["test"]["p"] == approx(known["p"])
    assert [row["test"]["method"] for row in rows].count("fisher") == 1
    assert [row["p_adjusted"] for row in rows] == approx(R["bh"])
    holm = barrier_rows(names, TwoSamples.of(*counts), prevalence=R["prevalence"], family="holm")
    assert [row["p_adjusted"] for row in holm] == approx(R["holm"])


def test_households_in_malawi_are_counted_through_blanks_and_na(shared: Path) -> None:
    frame = pd.read_csv(
        shared / "data/data/malawi-chc-kap/chckapmalawi.csv", dtype=str, keep_default_na=False, encoding="utf-8"
    )
    screening = screen(frame["adopted_chc_changes"], "Yes", "No")
    assert (screening.doers.sum(), screening.non_doers.sum(), screening.unknown) == (78, 52, 370)
    ash = frame["hand_washing_effectiveness"].str.strip().map({"TRUE": 1, "FALSE": 0}).fillna(-1).to_numpy()
    row = barrier_rows(["ash"], mentions(ash[None, :], screening), prevalence=0.10)[0]
    assert row["doers"] == {"x": 42, "n": 64}
    assert row["non_doers"] == {"x": 25, "n": 42}
    assert row["stands_out"] is False


def test_codes_are_read_through_blanks_and_neither_is_counted() -> None:
    found = screen([" doer", "doer ", "non-doer", "neither", "neither ", "NA", "", None], "doer")
    assert found.doers.tolist() == [True, True, *[False] * 6]
    assert found.non_doers.sum() == 1
    assert (found.neither, found.unknown) == (2, 3)
    named = screen(["1", "2", "3", "1"], "1", "2")
    assert (named.doers.sum(), named.non_doers.sum(), named.neither) == (2, 1, 1)


@pytest.mark.parametrize(
    ("codes", "doer", "non_doer", "code"),
    [
        (["yes", "no"], "doer", None, "no_doer"),
        (["doer", "neither"], "doer", None, "no_non_doer"),
        (["doer", "no"], "doer", "non", "no_non_doer"),
        (["doer", "non", "perhaps"], "doer", None, "which_non_doer"),
    ],
)
def test_groups_that_cannot_be_told_apart_get_one_sentence(
    codes: list[str], doer: str, non_doer: str | None, code: str
) -> None:
    with pytest.raises(BarrierError) as refused:
        screen(codes, doer, non_doer, column="الفئة")
    assert refused.value.code == code
    assert "الفئة" in str(refused.value)


def test_a_prevalence_that_is_no_share_is_refused() -> None:
    with pytest.raises(BarrierError) as refused:
        adjusted_relative_risk(TwoSamples.of(3, 9, 2, 9), 10)
    assert refused.value.code == "prevalence_out_of_range"


def test_an_empty_cell_is_said_and_never_an_infinite_number() -> None:
    row = barrier_rows(["law"], TwoSamples.of([15], [45], [0], [47]), prevalence=0.10)[0]
    assert row["half_added"]
    assert row["uncorrected"] == {"odds_ratio": None, "relative_risk": approx(14.5)}
    assert row["odds_ratio"] == approx(48.2786885245902)
    json.dumps(row, allow_nan=False)


def test_a_determinant_that_everybody_or_nobody_mentions_has_no_ratio_and_no_test() -> None:
    samples = TwoSamples.of([45, 0, 0, 30], [45, 45, 0, 45], [47, 0, 4, 9], [47, 47, 47, 47])
    rows = barrier_rows(["all", "none", "unasked", "easy"], samples, prevalence=0.10)
    for row, reason in zip(rows, ["all_alike", "all_alike", "no_answers", None], strict=True):
        assert row.get("reason") == reason
        assert (row["odds_ratio"] is None) == (reason is not None)
        assert (row["test"]["p"] is None) == (reason is not None)
    assert rows[3]["p_adjusted"] == rows[3]["test"]["p"]
    json.dumps(rows, allow_nan=False)


def test_the_best_of_many_determinants_does_not_stand_out_by_luck() -> None:
    alone = TwoSamples.of([28], [45], [18], [47])
    assert barrier_rows(["one"], alone, prevalence=0.1)[0]["stands_out"]
    among = TwoSamples.of([28] + [20] * 11, [45] * 12, [18] + [21] * 11, [47] * 12)
    rows = barrier_rows([f"d{number}" for number in range(12)], among, prevalence=0.1)
    assert not any(row["stands_out"] for row in rows)


def test_swapping_groups_turns_odds_around_and_keeps_p() -> None:
    there = barrier_rows(["d"], TwoSamples.of([34], [45], [19], [47]), prevalence=0.10)[0]
    back = barrier_rows(["d"], TwoSamples.of([19], [47], [34], [45]), prevalence=0.10)[0]
    assert back["odds_ratio"] == approx(1 / there["odds_ratio"])
    assert back["test"]["p"] == approx(there["test"]["p"])
    assert back["difference"] == approx(-there["difference"])


def test_the_relative_risk_lies_between_no_link_and_the_odds_ratio() -> None:
    """A rare behaviour: the risk ratio comes near the odds ratio; everybody's: near 1."""
    samples = TwoSamples.of(34, 45, 19, 47)
    odds = 34 * 28 / (11 * 19)
    risks = [adjusted_relative_risk(samples, prevalence)[0].item() for prevalence in (1e-9, 0.1, 0.5, 1 - 1e-9)]
    assert risks == sorted(risks, reverse=True)
    assert risks[0] == approx(odds)
    assert risks[-1] == approx(1.0)


def test_small_groups_are_hidden_and_warned_about() -> None:
    samples = TwoSamples.of([3, 20], [4, 40], [9, 21], [47, 47])
    rows = barrier_rows(["a", "b"], samples, prevalence=0.1, suppress_below=5)
    assert rows[0] == dict.fromkeys(rows[0]) | {"determinant": "a", "hidden": True}
    assert rows[1]["hidden"] is False
    small, below_floor = "barrier_group_small", "barrier_group_below_floor"
    for doers, non_doers, code in ((44, 45, small), (60, 15, small), (45, 14, below_floor)):
        params = {"doers": doers, "non_doers": non_doers}
        assert group_warnings(doers, non_doers) == [{"code": code, "params": params}]
    assert group_warnings(45, 45) == []


def test_forty_five_and_forty_five_see_a_gap_of_about_28_points() -> None:
    assert visible_gap(45, 45) == approx(0.28, 0.005)
    assert visible_gap(90, 90) < visible_gap(45, 90) < visible_gap(45, 45)


def test_mentions_leave_out_those_who_did_not_answer() -> None:
    answers = np.array([[1, -1, 0, 1], [-1, -1, 1, 0]])
    samples = mentions(answers, screen(["d", "d", "n", "neither"], "d"))
    assert samples.n_later.tolist() == [1, 0]
    assert samples.n_earlier.tolist() == [1, 1]

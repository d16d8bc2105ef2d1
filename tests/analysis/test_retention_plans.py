"""Retention through a plan: agreement with R (models/r/plans.R, followup.R), reference R04, margins and verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.results import Results
from tests.analysis.plans import indicator, plan

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "plans.json").read_text())["retention"]
SAME: dict[str, Any] = json.loads((HERE / "followup.json").read_text())["retention"]
WAVES = ["before", "after", "later"]
KEPT = {"baseline": "before", "from": "after", "to": "later"}
SCORE = [{"id": "score", "measure": "score", "item": "score"}]


def close(expected: Any, tolerance: float = 1e-7) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def limits(row: dict[str, Any]) -> list[float]:
    return [row["low"], row["high"]]


def people() -> pd.DataFrame:
    wide = pd.read_csv(HERE / "followup.csv", dtype=str, keep_default_na=False)
    about = wide[["person", "session", "sex", "region"]]
    return pd.concat(
        [about.assign(wave=wave, knows=wide[wave], score=wide[f"score_{wave}"]) for wave in WAVES], ignore_index=True
    )


def kept(kind: str = "panel", frame: pd.DataFrame | None = None, **more: Any) -> dict[str, Any]:
    """The one row of retention of a plan over three waves."""
    design = {"waves": WAVES} | ({"person": "person"} if kind == "panel" else {}) | more.pop("design", {})
    retention = KEPT | more.pop("retention", {"margin_points": 10})
    results = run(plan(kind, design=design, retention=retention, **more), people() if frame is None else frame)
    json.dumps(results.to_dict(), allow_nan=False)
    (row,) = results.retention
    return dict(row)


def three(before: int, after: int, later: int, n: int = 100, lost: int = 0) -> pd.DataFrame:
    """n people of whom so many say yes at each wave, the last of them not found again."""
    waves = [("before", before, n), ("after", after, n), ("later", later, n - lost)]
    return pd.concat(
        [
            pd.DataFrame({"person": range(here), "wave": wave, "knows": [1] * yes + [0] * (here - yes)})
            for wave, yes, here in waves
        ]
    )


@pytest.mark.parametrize(("cluster", "case"), [({}, "knows"), ({"cluster": "session"}, "clusters")])
def test_the_share_kept_of_a_plan_agrees_with_r(cluster: dict[str, str], case: str) -> None:
    row, expected = kept(design=cluster)["share_kept"], SAME[case]
    assert (row["n"], row["value"]) == close((expected["n"], expected["value"]))
    assert limits(row) == close(expected["fieller"])
    assert limits(row["delta"]) == close(expected["delta"])


def test_the_share_kept_with_strata_agrees_with_r() -> None:
    row, expected = kept(design={"cluster": "session", "stratum": "region"})["share_kept"], SAME["strata"]
    assert limits(row) == close(expected["fieller"])


def test_retention_of_a_score_agrees_with_r() -> None:
    row = kept(indicators=SCORE, retention={"margin_points": 1, "keep_share": 0.5})
    assert row["test"]["method"] == "paired_t_noninferiority"
    assert (row["test"]["statistic"], row["test"]["p"]) == close((R["score"]["statistic"], R["score"]["p"]))
    assert (row["test"]["p"], row["test"]["statistic"]) == close((SAME["mean"]["p"], SAME["mean"]["statistic"]))
    assert limits(row["interval"]) == close(R["score"]["interval"])
    assert limits(row["share_kept"]) == close(SAME["score"]["fieller"])
    assert row["p_noninferior"] == row["test"]["p"]
    assert row["share_kept"]["kept_enough"] == (SAME["score"]["fieller"][0] >= 0.5)


def separate() -> pd.DataFrame:
    """The same answers as if other people had given them at each wave."""
    return people().drop(columns="person")


def test_retention_of_separate_samples_agrees_with_r() -> None:
    row, expected = kept("cross_sections", separate()), R["samples"]
    assert row["n"] == min(expected["n"][1:])
    assert row["interval"]["method"] == "miettinen_nurminen"
    assert limits(row["interval"]) == close(expected["interval"], 1e-6)
    tests = {test["method"]: test["p"] for test in [row["test"], *row["more_tests"]]}
    assert expected["mn"] in [close(p, 1e-6) for p in tests.values()]
    assert expected["fm"] in [close(p, 1e-6) for p in tests.values()]
    assert row["share_kept"]["value"] == close(expected["kept"]["value"])
    assert limits(row["share_kept"]) == close(expected["kept"]["limits"])
    assert row["found_share"] is None  # nobody was looked for again
    assert row["among_those_found"] is False


def test_retention_of_scores_of_separate_samples_agrees_with_r() -> None:
    row = kept("cross_sections", separate(), indicators=SCORE, retention={"margin_points": 1})
    expected = R["score_samples"]
    assert (row["test"]["statistic"], row["test"]["p"]) == close((expected["statistic"], expected["p"]))
    assert limits(row["interval"]) == close(expected["interval"])
    assert limits(row["share_kept"]) == close(expected["kept"]["limits"])


@pytest.mark.parametrize("case", ["all_10", "all_15", "all_25", "small_10"])
def test_retention_of_a_plan_agrees_with_r04(shared: Path, case: str) -> None:
    expected = json.loads((shared / "reference/expected/R04.json").read_text())["expected"][case]
    data = pd.read_csv(shared / "reference/data/d09_panel3_attrition.csv", dtype=str, keep_default_na=False)
    if case == "small_10":
        data = data[data["pid"].isin(sorted(data["pid"].unique())[:40])]
    design = {"waves": ["baseline", "post", "followup"], "person": "pid"}
    asked = {"from": "post", "to": "followup", "baseline": "baseline", "margin_points": 100 * expected["margin"]}
    for confidence, key in ((0.95, "ci95_tango"), (0.90, "ci90_tango")):
        results = run(plan("panel", design=design, retention=asked, confidence=confidence), data)
        (row,) = results.retention
        assert row["n"] == expected["n"]
        assert row["difference"] == close(expected["difference"], 1e-6)
        assert limits(row["interval"]) == close(limits(expected[key]), 1e-5)
        assert row["test"]["statistic"] == close(expected["z_tango"], 1e-5)
        assert row["p_noninferior"] == close(expected["p_noninferiority_one_sided"], 1e-5)
        change = next(one for one in results.changes if (one["from"], one["to"]) == ("post", "followup"))
        assert (change["pairs"]["yes_no"], change["pairs"]["no_yes"]) == (expected["lost"], expected["gained"])
        tests = {test["method"]: test["p"] for test in [change["test"], *change["more_tests"]]}
        assert tests["mcnemar_exact"] == close(expected["mcnemar_exact_p_for_difference"], 1e-6)
        assert tests["mcnemar_midp"] == close(expected["midp"], 1e-6)
        if confidence == 0.95:
            assert (row["interval"]["low"] > -expected["margin"]) == expected["non_inferior_at_2.5pct"]


@pytest.mark.parametrize(
    ("frame", "verdict"),
    [
        (three(20, 60, 60), "retained"),
        (three(20, 60, 58), "retained"),
        (three(20, 60, 40), "not_retained"),
        (three(20, 60, 52), "undecided"),
        (three(58, 60, 60), "undecided"),  # there was hardly anything to keep
    ],
)
def test_verdicts_of_a_plan(frame: pd.DataFrame, verdict: str) -> None:
    assert kept(frame=frame)["verdict"] == verdict


@pytest.mark.parametrize(("frame", "verdict"), [(three(20, 60, 58), "retained"), (three(20, 60, 40), "not_retained")])
def test_verdicts_where_less_is_better_are_the_same_turned_round(frame: pd.DataFrame, verdict: str) -> None:
    turned = frame.assign(knows=1 - frame["knows"])
    row, same = kept(frame=turned, indicators=[indicator("knows", better="lower")]), kept(frame=frame)
    assert row["verdict"] == verdict
    assert row["difference"] == close(-same["difference"])
    assert limits(row["interval"]) == close([-end for end in limits(same["interval"])][::-1])
    assert row["p_noninferior"] == close(same["p_noninferior"])
    if limits(same["share_kept"]) == [None, None]:  # everybody kept alike
        assert limits(row["share_kept"]) == [None, None]
    else:
        assert limits(row["share_kept"]) == close(limits(same["share_kept"]))


@pytest.mark.parametrize(
    ("asked", "of_indicator", "margin"),
    [
        ({"margin_points": 12}, {}, 0.12),
        ({"margin_points": 12}, {"margin_points": 4}, 0.04),
        ({}, {"target": {"points": 15}}, 0.075),
        ({}, {"target": {"points": 40}}, 0.10),
        ({"margin_points": 15}, {"target": {"points": 15}}, 0.15),
        ({}, {"target": {"share": 0.6}}, None),
        ({}, {}, None),
    ],
)
def test_the_margin_is_the_plans_or_the_rules(asked: Any, of_indicator: Any, margin: float | None) -> None:
    row = kept(frame=three(20, 60, 60), retention=asked, indicators=[indicator("knows", **of_indicator)])
    assert row["margin"] == (margin if margin is None else close(margin))
    assert (row["verdict"] is None) == (margin is None)
    assert (row["p_noninferior"] is None) == (margin is None)
    assert row["interval"]["low"] is not None


@pytest.mark.parametrize(
    ("lost", "among", "verdict"),
    [
        (29, False, "retained"),
        (30, False, "retained"),
        (31, True, "retained"),
        (50, True, None),
        (51, True, "no_verdict"),
    ],
)
def test_few_who_were_found_again_weaken_the_verdict(lost: int, among: bool, verdict: str | None) -> None:
    row = kept(frame=three(10, 40, 40, lost=lost))
    assert row["found_share"] == close((100 - lost) / 100)
    assert row["among_those_found"] is among
    if verdict:
        assert row["verdict"] == verdict
    else:
        assert row["verdict"] != "no_verdict"


def test_a_gain_that_is_uncertain_has_no_share_kept() -> None:
    row = kept(frame=three(58, 60, 60), retention={"margin_points": 10, "keep_share": 0.5})["share_kept"]
    assert row["unbounded"]
    assert (row["low"], row["high"], row["reason"], row["kept_enough"]) == (None, None, "gain_uncertain", None)


def test_before_the_followup_nothing_is_said() -> None:
    frame = three(20, 60, 60)
    asked = plan("panel", design={"waves": WAVES, "person": "person"}, retention=KEPT | {"margin_points": 10})
    for wave in WAVES:
        results = run(asked, frame[frame["wave"] != wave])
        assert results.retention == ()
        assert "wave_without_rows" in {warning["code"] for warning in results.warnings}
        json.dumps(results.to_dict(), allow_nan=False)


def test_nobody_found_again_is_said_with_reasons() -> None:
    frame = three(20, 60, 60)
    strangers = frame.assign(
        person=frame["person"].astype(str) + (frame["wave"] == "later").map({True: "x", False: ""})
    )
    row = kept(frame=strangers)
    assert (row["n"], row["difference"], row["verdict"]) == (0, None, "no_verdict")
    assert row["interval"]["reason"] == "no_answers"


def hidden_ones(results: Results) -> dict[str, Any]:
    json.dumps(results.to_dict(), allow_nan=False)
    (row,) = results.retention
    return dict(row)


def test_few_people_are_not_told_of() -> None:
    frame = three(20, 60, 60)
    asked = plan("panel", design={"waves": WAVES, "person": "person"}, suppress_below=5, retention=KEPT)
    few = frame[(frame["wave"] != "later") | (frame["person"] < 4)]
    row = hidden_ones(run(asked, few))
    assert row["hidden"]
    assert (row["n"], row["difference"], row["share_kept"]["value"]) == (None, None, None)
    assert (row["from"], row["to"], row["baseline"]) == ("after", "later", "before")


def test_a_share_kept_of_few_is_hidden_with_the_change_that_it_needs() -> None:
    """Many were seen at the last two waves, but only four of them at the first."""
    frame = three(20, 60, 60)
    strangers = frame["person"].where((frame["wave"] != "before") | (frame["person"] < 4), frame["person"] + 1000)
    asked = plan("panel", design={"waves": WAVES, "person": "person"}, suppress_below=5, retention=KEPT)
    row = hidden_ones(run(asked, frame.assign(person=strangers)))
    assert row["hidden"]
    assert row["share_kept"]["value"] is None
    assert row["first_gain"]["difference"] is None


def test_a_small_baseline_of_separate_samples_hides_the_retention() -> None:
    frame = three(20, 60, 60).drop(columns="person")
    few = pd.concat([frame[frame["wave"] == "before"].head(4), frame[frame["wave"] != "before"]])
    asked = plan("cross_sections", design={"waves": WAVES}, suppress_below=5, retention=KEPT | {"margin_points": 10})
    row = hidden_ones(run(asked, few))
    assert row["hidden"]
    assert row["against_baseline"]["difference"] is None

"""Models of a panel through a plan: agreement with R (models/r/plans.R), reference R01 and Beat the Blues."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError
from analysis.results import Results
from tests.analysis.plans import indicator, only, plan

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "plans.json").read_text())["models"]
WAVES = ["before", "after", "later"]
Z = 1.959963984540054
GEE = ["gee_logit_exchangeable", "gee_logit_independence"]
ALL = [*GEE, "mixed_logistic_agq", "gee_logit_weighted", "cochran_q"]


def close(expected: Any, tolerance: float = 1e-7) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def panel(**more: Any) -> Results:
    return run(plan("panel", design={"waves": WAVES, "person": "person"}, **more), read(HERE / "panel.csv"))


def people() -> pd.DataFrame:
    """The people of followup.csv, a row for each wave."""
    wide = read(HERE / "followup.csv")
    about = wide[["person", "session", "sex", "region"]]
    return pd.concat(
        [about.assign(wave=wave, knows=wide[wave], score=wide[f"score_{wave}"]) for wave in WAVES], ignore_index=True
    )


@pytest.mark.parametrize(
    ("model", "case"), [(f"gee_logit_{case}", case) for case in ("exchangeable", "independence", "weighted")]
)
def test_gee_of_a_plan_agrees_with_geepack(model: str, case: str) -> None:
    row, expected = only(list(panel().models), model=model), R[case]
    assert [term["wave"] for term in row["terms"]] == WAVES[1:]
    for term, value, se in zip(row["terms"], expected["coef"][1:], expected["se"][1:], strict=True):
        assert (term["value"], term["se"], term["statistic"]) == close((value, se, value / se))
        assert term["odds_ratio"] == close(np.exp(value))
        assert [term["interval"][end] for end in ("low", "high")] == close(
            [np.exp(value + s * Z * se) for s in (-1, 1)]
        )
    assert [share["estimate"] for share in row["shares"]] == close(expected["shares"])
    assert [share["se"] for share in row["shares"]] == close(expected["share_se"])
    for since, (value, se) in zip(row["differences"], expected["differences"], strict=True):
        assert (since["difference"], since["se"]) == close((value, se))
        assert [since["interval"][end] for end in ("low", "high")] == close([value - Z * se, value + Z * se])


def test_the_mixed_logistic_model_of_a_plan_agrees_with_glmer() -> None:
    row, expected = only(list(panel().models), model="mixed_logistic_agq"), R["mixed"]
    assert [term["value"] for term in row["terms"]] == close(expected["coef"][1:], 1e-4)
    assert [term["se"] for term in row["terms"]] == close(expected["se"][1:], 1e-3)
    assert row["sd"] == close(expected["sd"], 1e-4)


def test_the_mixed_linear_model_of_a_plan_agrees_with_lmer() -> None:
    score = [{"id": "score", "measure": "score", "item": "score"}]
    asked = plan("panel", design={"waves": WAVES, "person": "person"}, indicators=score)
    row, expected = only(list(run(asked, people()).models), model="mixed_linear_ml"), R["linear"]
    assert [term["value"] for term in row["terms"]] == close(expected["coef"][1:])
    assert [term["se"] for term in row["terms"]] == close(expected["se"][1:], 1e-6)
    assert (row["sd"], row["residual_sd"]) == close((expected["sd"], expected["residual_sd"]), 1e-6)


def test_the_logistic_model_by_session_agrees_with_clubsandwich() -> None:
    asked = plan("panel", design={"waves": WAVES, "person": "person", "cluster": "session"})
    row, expected = only(list(run(asked, people()).models), model="logit_cr2"), R["clusters"]
    for key, name in (("value", "coef"), ("se", "se"), ("df", "df"), ("p", "p")):
        assert [term[key] for term in row["terms"]] == close(expected[name][1:], 1e-6), key
    assert row["clusters"] == 12


@pytest.fixture(scope="module")
def r01(shared: Path) -> tuple[Results, Results, dict[str, Any]]:
    """A panel of three waves through a plan, by person and by site, and what R says."""
    data = read(shared / "reference/data/d09_panel3_attrition.csv")
    expected = json.loads((shared / "reference/expected/R01.json").read_text())["expected"]
    design = {"waves": ["baseline", "post", "followup"], "person": "pid"}
    by_person, by_site = (run(plan("panel", design=design | more), data) for more in ({}, {"cluster": "site"}))
    return by_person, by_site, expected


def test_the_flow_of_r01(r01: tuple[Results, Results, dict[str, Any]]) -> None:
    results, _, expected = r01
    assert results.flow["n_by_wave"] == expected["flow"]["interviewed"]
    answered = {row["wave"]: row["n"] for row in results.estimates}
    assert answered == expected["flow"]["answered_knows"]
    patterns = expected["flow"]["patterns"]
    assert results.flow["lost"]["post"] == patterns["1"] + patterns["13"]
    linked = {(link["from"], link["to"]): link["n"] for link in results.flow["linked"]}
    assert linked["post", "followup"] == patterns["123"]
    assert only(list(results.models), model="cochran_q")["n"] == expected["flow"]["complete_triples"]


@pytest.mark.parametrize(("working", "tolerance"), [("exchangeable", 0.003), ("independence", 1e-5)])
def test_gee_of_a_plan_agrees_with_r01(
    r01: tuple[Results, Results, dict[str, Any]], working: str, tolerance: float
) -> None:
    row, expected = only(list(r01[0].models), model=f"gee_logit_{working}"), r01[2][working]
    assert (row["answers"], row["persons"]) == (566, 224)
    for term in row["terms"]:
        wanted = expected["contrasts"][f"{term['wave']}_vs_baseline"]
        assert (term["value"], term["se"]) == close((wanted["log_or"], wanted["se"]), tolerance)
        assert (term["statistic"], term["odds_ratio"]) == close((wanted["z"], wanted["or"]), tolerance)
        assert term["interval"]["low"] == close(wanted["ci"]["low"], tolerance)
        assert term["interval"]["high"] == close(wanted["ci"]["high"], tolerance)
        assert term["p"] == pytest.approx(wanted["p"], rel=0.01)
    assert {one["wave"]: one["estimate"] for one in row["shares"]} == close(expected["marginal_p"], tolerance)
    assert [one["se"] for one in row["shares"]] == close(expected["marginal_se"], tolerance)
    if working == "exchangeable":
        assert row["working_correlation"] == pytest.approx(expected["alpha"], abs=0.01)


def test_the_model_by_site_agrees_with_r01(r01: tuple[Results, Results, dict[str, Any]]) -> None:
    row, expected = only(list(r01[1].models), model="logit_cr2"), r01[2]["site_clustered"]
    assert [term["value"] for term in row["terms"]] == close(expected["coef"][1:], 1e-5)
    assert [term["se"] for term in row["terms"]] == close(expected["se_CR2"][1:], 1e-5)
    assert [term["df"] for term in row["terms"]] == pytest.approx(expected["df_satt"][1:], abs=0.01)
    assert [term["p"] for term in row["terms"]] == close(expected["p_satt"][1:], 1e-4)


def test_depression_scores_fall_over_the_waves_of_beat_the_blues(shared: Path) -> None:
    """Real scores of five waves, most people lost: everybody is in the model, 100, 97, 73, 58 and 52 at a wave."""
    data = read(shared / "data/data/panel-attrition/BtheB.csv").replace("NA", "")
    data.columns = [name.strip('"') or "patient" for name in data.columns]
    suffix = {wave: f".{wave}" for wave in ("pre", "2m", "3m", "5m", "8m")}
    design = {"waves": [*suffix], "layout": "wide", "suffix": suffix, "person": None}
    score = [{"id": "bdi", "measure": "score", "item": "bdi", "better": "lower"}]
    results = run(plan("panel", design=design, indicators=score), data)
    assert [row["n"] for row in results.estimates] == [100, 97, 73, 58, 52]
    row = only(list(results.models), model="mixed_linear_ml")
    assert (row["persons"], row["answers"]) == (100, 380)
    values = [term["value"] for term in row["terms"]]
    assert all(value < -5 for value in values)
    assert len(results.changes) == 10


def test_a_pair_of_waves_has_one_model_and_a_panel_has_all() -> None:
    two = plan("paired", design={"waves": WAVES[:2], "person": "person"})
    frame = read(HERE / "panel.csv")
    assert [row["model"] for row in run(two, frame[frame["wave"] != "later"]).models] == GEE[:1]
    assert [row["model"] for row in panel().models] == ALL


def test_a_wave_still_to_come_is_left_out_of_the_models() -> None:
    frame = read(HERE / "panel.csv")
    asked = plan("panel", design={"waves": WAVES, "person": "person"})
    results = run(asked, frame[frame["wave"] != "later"])
    for row in results.models:
        assert [term["wave"] for term in row["terms"]] == ["after"]
    assert "cochran_q" not in {row["model"] for row in results.models}
    assert [row["to"] for row in results.attrition] == ["after"]


def test_a_wave_that_lost_nobody_weighs_everybody_alike() -> None:
    frame = read(HERE / "panel.csv")
    first = frame[frame["wave"] == "before"]
    frame = pd.concat([first, first.assign(wave="after"), frame[frame["wave"] == "later"]])
    asked = plan("panel", design={"waves": WAVES, "person": "person"})
    row = only(list(run(asked, frame).models), model="gee_logit_weighted")
    assert "reason" not in row
    assert row["terms"][0]["value"] == close(0)
    assert row["terms"][1]["value"] == close(R["weighted"]["coef"][2])


def test_a_wave_of_few_people_is_not_told_by_a_model() -> None:
    frame = read(HERE / "panel.csv")
    later = frame[frame["wave"] == "later"].head(4)
    frame = pd.concat([frame[frame["wave"] != "later"], later])
    results = run(plan("panel", design={"waves": WAVES, "person": "person"}, suppress_below=5), frame)
    assert {row["model"] for row in results.models} == {*ALL} - {"cochran_q"}
    for row in results.models:
        assert row["hidden"]
        assert row["terms"] == []
        assert row["answers"] is None
    json.dumps(results.to_dict(), allow_nan=False)


def test_the_order_of_rows_does_not_matter() -> None:
    frame = people()
    asked = plan(
        "panel",
        design={"waves": WAVES, "person": "person", "cluster": "session"},
        indicators=[indicator("knows", primary=True), {"id": "score", "measure": "score", "item": "score"}],
        by=["sex"],
        retention={"from": "after", "to": "later", "baseline": "before", "margin_points": 10},
    )
    first, second = (run(asked, rows).to_dict() for rows in (frame, frame.sample(frac=1, random_state=3)))
    for name in ("estimates", "changes", "models", "retention", "attrition", "interactions", "clustering", "flow"):
        assert_alike(first[name], second[name])


def assert_alike(one: Any, other: Any) -> None:
    """The same structure with numbers that differ by rounding at most."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_alike(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_alike(left, right)
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-6, abs=1e-9)
    else:
        assert one == other


def test_climbers_of_three_waves(shared: Path) -> None:
    """Women seen up to three times, read from workbooks; words as ordered answers whatever their capitals."""
    item, frames = "I love to climb", []
    for wave in ("1", "2", "3"):
        (book,) = (shared / "data/data/vimff-climbing").glob(f"VIMFF_Cohort_1_Survey_{wave}_*.xlsx")
        sheet = pd.read_excel(book, header=None)
        column = next(position for position in sheet.columns if sheet.loc[1, position] == item)
        people = sheet.loc[2:, [0, column]].set_axis(["who", "love"], axis=1)
        frames.append(people.dropna(subset=["who"]).assign(wave=wave))
    data = pd.concat(frames, ignore_index=True)
    levels = ["Strongly disagree", "Disagree", "Agree", "Strongly agree"]
    asked = [{"id": "love", "measure": "ordinal", "item": "love", "scoring": {"order": levels}}]
    three = plan("panel", design={"waves": ["1", "2", "3"]}, indicators=asked)
    with pytest.raises(DataError) as error:  # somebody answered the last form twice
        run(three, data)
    assert error.value.code == "person_twice"
    data = data.drop_duplicates(["who", "wave"])
    results = run(three, data)
    json.dumps(results.to_dict(), allow_nan=False)
    answered = data.dropna(subset=["love"]).groupby("wave")["who"].nunique()
    assert [row["n"] for row in results.estimates] == answered.tolist()
    seen = {wave: set(of["who"]) for wave, of in data.groupby("wave")}
    linked = {(link["from"], link["to"]): link["n"] for link in results.flow["linked"]}
    assert linked == {(a, b): len(seen[a] & seen[b]) for a, b in (("1", "2"), ("1", "3"), ("2", "3"))}
    assert len(results.changes) == 3
    row = only(list(results.models), model="mixed_linear_ml")
    assert row["persons"] == data.dropna(subset=["love"])["who"].nunique()


@pytest.mark.parametrize("answers", [[3] * 6, [1, 2, 3, 4, 5, 6]])
def test_scores_that_never_differ_have_no_model(answers: list[int]) -> None:
    """Everybody alike, or everybody like themselves at every wave: nothing is left to be the error."""
    frame = pd.concat([pd.DataFrame({"who": range(6), "wave": wave, "score": answers}) for wave in WAVES])
    score = [{"id": "score", "measure": "score", "item": "score"}]
    results = run(plan("panel", design={"waves": WAVES}, indicators=score), frame)
    json.dumps(results.to_dict(), allow_nan=False)
    row = only(list(results.models), model="mixed_linear_ml")
    assert (row["terms"], row["reason"]) == ([], "no_spread")

"""Comparison groups through a plan: reference D01, Boston's trains, R by village, and what is never pooled or shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError, PlanError
from analysis.results import Results
from tests.analysis.plans import answers, indicator, only, pairs, plan

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "models.json").read_text())
ARMS = {"arm": "arm", "comparison": "c"}
LISTS = ("estimates", "changes", "interactions", "retention", "composition", "exposure", "clustering")


def close(expected: Any, tolerance: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def limits(row: dict[str, Any]) -> list[float]:
    return [row["low"], row["high"]]


def told(kind: str, frame: pd.DataFrame, **more: Any) -> Results:
    """Results, which are strict JSON and pool nobody."""
    results = run(plan(kind, design=ARMS | more.pop("design", {}), **more), frame)
    json.dumps(results.to_dict(), allow_nan=False)
    for name in LISTS:
        assert all(row["arm"] is not None for row in getattr(results, name)), name
    return results


def codes(results: Results) -> set[str]:
    return {warning["code"] for warning in results.warnings}


def samples(*shares: tuple[str, int, int], n: int = 40) -> pd.DataFrame:
    """Separate samples of n people in each arm and wave, of whom so many say yes before and after."""
    return pd.concat(
        [
            answers([1] * before + [0] * (n - before), [1] * after + [0] * (n - after)).assign(arm=arm)
            for arm, before, after in shares
        ],
        ignore_index=True,
    )


def same(*shares: tuple[str, int, int], n: int = 40) -> pd.DataFrame:
    """The same for n people of each arm seen twice."""
    frames = []
    for place, (arm, before, after) in enumerate(shares):
        frame = pairs([1] * before + [0] * (n - before), [1] * after + [0] * (n - after)).assign(arm=arm)
        frames.append(frame.assign(who=frame["who"] + place * n))
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize("kind", ["cr0", "cr1", "cr1s", "cr2", "cr3"])
def test_the_comparison_of_a_plan_agrees_with_d01(shared: Path, kind: str) -> None:
    expected = json.loads((shared / "reference/expected/D01.json").read_text())["expected"]
    data = read(shared / "reference/data/d07_did_few_clusters.csv")
    design = {"waves": ["0", "1"], "wave": "post", "cluster": "cluster", "clusters_in_waves": "same"}
    design |= {"arm": "treated", "comparison": "0"}
    results = told("cross_sections", data, design=design, methods={"comparison_variance": kind})
    (row,) = results.comparison
    wanted = expected[kind.upper()]
    assert sum(sum(group.values()) for group in row["n"].values()) == expected["n"]
    assert row["clusters"]["with_activity"] + row["clusters"]["without"] == expected["G"]
    assert row["difference"] == close(expected["coef"]["treated:post"])
    assert row["se"] == close(wanted["se"]["treated:post"])
    assert row["df"] == close(wanted["did_satterthwaite_df"])
    assert row["test"]["p"] == close(wanted["did_p_satterthwaite"])
    if kind == "cr2":
        assert limits(row["interval"]) == close(limits(expected["ci_CR2_satterthwaite"]))
        assert row["interval"]["method"] == "cr2_satterthwaite"
    shares = {(one["arm"], one["wave"]): one["estimate"] for one in results.estimates}
    coefficients = expected["coef"]
    assert shares["0", "0"] == close(coefficients["(Intercept)"])
    assert shares["1", "0"] == close(coefficients["(Intercept)"] + coefficients["treated"])
    assert shares["0", "1"] == close(coefficients["(Intercept)"] + coefficients["post"])
    assert shares["1", "1"] == close(sum(coefficients.values()))


@pytest.mark.parametrize(
    ("item", "difference", "se"),
    [("numberim", 0.3051, 0.1549), ("remain", 0.3251, 0.1778), ("english", 0.1682, 0.1184)],
)
def test_the_trains_of_boston(shared: Path, item: str, difference: float, se: float) -> None:
    """The same commuters before and after in a wide file: published differences of changes with HC2."""
    data = read(shared / "data/data/boston-trains/boston.csv").replace("NA", "")
    design = {"layout": "wide", "suffix": {"before": ".pre", "after": ".post"}, "person": None}
    design |= {"arm": "treatment", "comparison": "0"}
    attitude = [{"id": item, "measure": "score", "item": item}]
    results = told("paired", data, design=design, indicators=attitude)
    (row,) = results.comparison
    assert (row["difference"], row["se"]) == pytest.approx((difference, se), abs=6e-5)
    assert sum(group["from"] for group in row["n"].values()) <= 115
    assert sum(arm["pairs"] for arm in results.flow["arms"].values()) == 115


def villages() -> pd.DataFrame:
    return read(HERE / "villages.csv")


def test_villages_agree_with_clubsandwich_and_every_way_to_exchange_them() -> None:
    design = {"waves": ["0", "1"], "wave": "later", "cluster": "village", "clusters_in_waves": "same"}
    design |= {"arm": "treated", "comparison": "0"}
    (row,) = told("cross_sections", villages(), design=design).comparison
    expected = R["did"]
    assert (row["difference"], row["se"], row["df"], row["test"]["p"]) == close(
        tuple(expected["linear"]["CR2"][key] for key in ("value", "se", "df", "p"))
    )
    assert limits(row["interval"]) == close(expected["interval"])
    beside = {test["method"]: test["p"] for test in row["more_tests"]}
    assert beside["cluster_permutation_exact"] == close(R["permutation"]["p"])
    assert beside["cluster_means_welch"] == close(expected["cluster_means"]["p"])
    assert beside["did_logit_cr2"] == close(expected["logit"]["CR2"]["p"])


@pytest.mark.parametrize(("cluster", "case"), [({}, "changes"), ({"cluster": "village"}, "changes_clustered")])
def test_the_same_people_of_villages_agree_with_clubsandwich(cluster: dict[str, str], case: str) -> None:
    score = [{"id": "score", "measure": "score", "item": "score"}]
    design = {"waves": ["0", "1"], "wave": "later", "person": "person", "arm": "treated", "comparison": "0"} | cluster
    (row,) = told("paired", villages(), design=design, indicators=score).comparison
    expected = R["did"][case]
    assert (row["difference"], row["se"]) == close((expected["value"], expected["se"]))
    assert row["test"]["p"] == close(expected["p"])


def test_arms_are_told_apart_and_as_if_alone() -> None:
    frame = same(("a", 10, 30), ("c", 12, 16))
    results = told("paired", frame)
    assert {row["arm"] for row in results.changes} == {"a", "c"}
    for arm in ("a", "c"):
        alone = run(plan("paired"), frame[frame["arm"] == arm])
        row, same_row = only(results.changes, arm=arm), alone.changes[0]
        assert {key: row[key] for key in row if key != "arm"} == {key: same_row[key] for key in row if key != "arm"}
        assert results.flow["arms"][arm]["n_by_wave"] == alone.flow["n_by_wave"]
    (row,) = results.comparison
    assert (row["arm"], row["comparison"], row["verdict"]) == ("a", "c", "improved")
    assert row["difference"] == close(20 / 40 - 4 / 40)
    assert row["confirmed"]


def test_three_arms_are_each_held_against_the_comparison_group() -> None:
    results = told("cross_sections", samples(("a", 10, 30), ("b", 10, 12), ("c", 10, 12)))
    assert [(row["arm"], row["comparison"]) for row in results.comparison] == [("a", "c"), ("b", "c")]
    assert results.comparison[0]["verdict"] == "improved"
    assert results.comparison[1]["difference"] == close(0)
    assert [*results.flow["arms"]] == ["a", "b", "c"]


def test_three_waves_are_compared_in_pairs() -> None:
    frame = samples(("a", 10, 30), ("c", 10, 12))
    third = frame[frame["wave"] == "after"].assign(wave="late")
    results = told("cross_sections", pd.concat([frame, third]), design={"waves": ["before", "after", "late"]})
    pairs_of_waves = [(row["from"], row["to"]) for row in results.comparison]
    assert pairs_of_waves == [("before", "after"), ("before", "late"), ("after", "late")]


def test_less_may_be_better() -> None:
    frame = samples(("a", 30, 10), ("c", 30, 28))
    asked = [indicator("knows", primary=True, better="lower")]
    (row,) = told("cross_sections", frame, indicators=asked).comparison
    assert (row["verdict"], row["confirmed"]) == ("improved", True)
    (row,) = told("cross_sections", frame).comparison
    assert (row["verdict"], row["confirmed"]) == ("worsened", True)


def test_an_arm_that_is_not_known_is_counted_and_in_no_arm() -> None:
    frame = samples(("a", 10, 30), ("c", 10, 12))
    frame.loc[:4, "arm"] = ""
    results = told("cross_sections", frame)
    assert {"code": "rows_without_arm", "params": {"column": "arm", "n": 5}} in results.warnings
    assert sum(row["n"] for row in results.estimates) == 155
    assert results.flow["n_by_wave"] == {"before": 80, "after": 80}


def test_nobody_in_any_arm_is_no_crash() -> None:
    frame = samples(("a", 10, 30)).assign(arm="")
    results = told("cross_sections", frame)
    assert results.estimates == []
    assert results.comparison == ()
    assert "rows_without_arm" in codes(results)


def test_a_person_keeps_the_first_arm_that_is_known() -> None:
    frame = same(("a", 10, 30), ("c", 12, 16))
    frame.loc[(frame["who"] == 0) & (frame["wave"] == "after"), "arm"] = "c"
    frame.loc[(frame["who"] == 1) & (frame["wave"] == "before"), "arm"] = ""
    results = told("paired", frame)
    assert {"code": "part_changed", "params": {"column": "arm", "n": 1}} in results.warnings
    assert "rows_without_arm" not in codes(results)
    assert {row["arm"]: row["n_pairs"] for row in results.changes} == {"a": 40, "c": 40}


def test_a_misspelt_comparison_group_is_an_error_that_names_the_arms() -> None:
    with pytest.raises(DataError) as error:
        told("cross_sections", samples(("a", 10, 30), ("b", 1, 2)))
    assert error.value.code == "no_comparison_group"
    assert "a, b" in str(error.value)


def test_a_comparison_group_alone_is_said() -> None:
    results = told("cross_sections", samples(("c", 10, 12)))
    assert "no_group_beside_comparison" in codes(results)
    assert results.comparison == ()
    assert {row["arm"] for row in results.changes} == {"c"}


@pytest.mark.parametrize("key", ["arm", "comparison"])
def test_an_arm_needs_a_comparison_and_the_reverse(key: str) -> None:
    with pytest.raises(PlanError) as error:
        plan(design={key: "x"})
    assert error.value.code == "needs_key"


def test_an_arm_without_a_wave_says_why_there_is_no_difference() -> None:
    frame = samples(("a", 10, 30), ("c", 10, 12))
    (row,) = told("cross_sections", frame[(frame["arm"] == "a") | (frame["wave"] == "before")]).comparison
    assert row["difference"] is None
    assert row["interval"]["reason"]
    assert row["verdict"] == "counts_only"


def in_sessions(sessions: int, n: int = 8) -> pd.DataFrame:
    """Both arms with so many sessions each of n people seen twice; most of those with the activity learn."""
    rng = np.random.default_rng(5)
    count = sessions * n
    frames = []
    for place, (arm, gain) in enumerate((("a", 0.5), ("c", 0.15))):
        before = rng.random(count) < 0.3
        after = before | (rng.random(count) < gain)
        frame = pairs(before.astype(int).tolist(), after.astype(int).tolist())
        session = [f"{arm}{who // n:02d}" for who in frame["who"]]
        frames.append(frame.assign(who=frame["who"] + place * count, arm=arm, session=session))
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize(
    ("sessions", "rule", "warned"),
    [(1, "no_inference", "one_session"), (4, "no_inference", "few_sessions"), (5, "few_clusters", "few_sessions"),
     (6, "few_clusters", None), (20, "many_clusters", None)],
)  # fmt: skip
def test_sessions_lie_within_arms(sessions: int, rule: str, warned: str | None) -> None:
    results = told("paired", in_sessions(sessions), design={"cluster": "session"})
    (row,) = results.comparison
    assert row["clusters"]["rule"] == rule
    assert (row["clusters"]["with_activity"], row["clusters"]["without"]) == (sessions, sessions)
    assert ("too_few_clusters_to_compare" in codes(results)) == (rule == "no_inference")
    assert (row["interval"]["low"] is None) == (rule == "no_inference")
    assert codes(results) & {"one_session", "few_sessions"} == ({warned} if warned else set())
    methods = {row["interval"]["method"] for row in results.changes}
    assert methods == {"newcombe10" if sessions == 1 else "fixed_strata_t" if sessions < 6 else "linearised_t"}


@pytest.mark.parametrize("sessions", [6, 25])
@pytest.mark.parametrize("kind", ["paired", "cross_sections"])
def test_the_order_of_rows_does_not_change_a_comparison(sessions: int, kind: str) -> None:
    """Also where ways to exchange the sessions are drawn by chance, being too many to try."""
    frame = in_sessions(sessions)
    clusters = {"cluster": "session"} | ({"clusters_in_waves": "same"} if kind == "cross_sections" else {})
    first, second = (
        told(kind, rows, design=clusters).comparison[0] for rows in (frame, frame.sample(frac=1, random_state=2))
    )
    assert first["difference"] == close(second["difference"], 1e-12)
    p_values = [{test["method"]: test["p"] for test in row["more_tests"]} for row in (first, second)]
    assert p_values[0] == close(p_values[1], 1e-9)


def by_sex(small: int) -> pd.DataFrame:
    """Both arms with women, and so many men in the arm with the activity."""
    women = same(("a", 10, 30), ("c", 12, 16)).assign(sex="F")
    men = same(("a", 1, 3), ("c", 10, 16), n=20).assign(sex="M")
    men = men[(men["arm"] == "c") | (men["who"] < small)]
    return pd.concat([women, men.assign(who=men["who"] + 1000)], ignore_index=True)


def test_parts_are_compared_within_arms() -> None:
    results = told("paired", by_sex(20), by=["sex"])
    assert [row["segment"] for row in results.comparison] == [{}, {"sex": "F"}, {"sex": "M"}]
    women = only(list(results.comparison), segment={"sex": "F"})
    assert women["difference"] == close(20 / 40 - 4 / 40)
    assert women["p_adjusted"] is None
    assert women["more_tests"] == []


@pytest.mark.parametrize("kind", ["paired", "cross_sections"])
def test_few_of_one_arm_hide_the_comparison_of_their_part(kind: str) -> None:
    results = told(kind, by_sex(3), by=["sex"], suppress_below=5)
    assert not only(list(results.comparison), segment={})["hidden"]
    for part in ("F", "M"):  # with one of two shown the other could be worked out
        row = only(list(results.comparison), segment={"sex": part})
        assert row["hidden"]
        assert row["difference"] is None
        assert row["n"] is None or set(row["n"].values()) == {None}
        assert (row["arm"], row["comparison"], row["from"], row["to"]) == ("a", "c", "before", "after")
    shown = [row for row in results.changes if row["arm"] == "c" and row["segment"] == {"sex": "M"}]
    assert not shown[0]["hidden"]  # of the other arm there are enough


def test_an_arm_of_few_tells_nothing_anywhere() -> None:
    frame = same(("a", 2, 3), n=4)
    others = same(("b", 10, 30), ("c", 12, 16))
    results = told("paired", pd.concat([frame, others.assign(who=others["who"] + 100)]), suppress_below=5)
    for name in ("estimates", "changes", "comparison", "models", "attrition"):
        for row in getattr(results, name):
            if row["arm"] == "a":
                assert row["hidden"], name
                assert numbers_in(row) == [], name
    assert numbers_in(results.flow["arms"]["a"]) == []
    assert results.flow["arms"]["b"]["pairs"] == 40
    pooled = [row for row in results.attrition if row["arm"] is None]
    assert all(row["by_arm"]["groups"] is None for row in pooled)


def numbers_in(value: Any) -> list[float]:
    """Every number in a row of results, however deep."""
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers_in(inner)]
    if isinstance(value, list | tuple):
        return [number for inner in value for number in numbers_in(inner)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_a_panel_has_its_lists_for_every_arm() -> None:
    frame = same(("a", 10, 30), ("c", 12, 16))
    late = frame[(frame["wave"] == "after") & (frame["who"] % 10 < 8)].assign(wave="late")
    kept = {"baseline": "before", "from": "after", "to": "late", "margin_points": 10}
    results = told("panel", pd.concat([frame, late]), design={"waves": ["before", "after", "late"]}, retention=kept)
    assert {row["arm"]: row["n"] for row in results.retention} == {"a": 32, "c": 32}
    assert len(results.retention) == 2
    models = {(row["arm"], row["model"]) for row in results.models}
    assert {("a", "gee_logit_exchangeable"), ("c", "gee_logit_exchangeable"), ("c", "cochran_q")} <= models
    assert [row["arm"] for row in results.attrition if row["to"] == "late"] == ["a", "c", None]
    assert len(results.comparison) == 3

"""What was kept: agreement with R (models/r/followup.R) and R04, Fieller's set for any data, and the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import paired
from analysis.followup_rows import ThreeWaves, retention_row
from analysis.independent import TwoSamples
from analysis.means import mean, mean_change, welch
from analysis.noninferiority import (
    equivalence,
    noninferiority_of_mean,
    noninferiority_of_pairs,
    noninferiority_of_samples,
)
from analysis.paired import PairedTable
from analysis.retention import (
    RetentionReading,
    among_those_found,
    fieller,
    margin_of,
    months_between,
    retention_verdict,
    share_kept,
    window_check,
)
from analysis.retention_keys import Goal
from analysis.score_intervals import tango

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "followup.json").read_text())["retention"]
PEOPLE = pd.read_csv(HERE / "followup.csv")


def approx(expected: Any, tolerance: float = 1e-8) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def column(name: str) -> Any:
    return PEOPLE[name].to_numpy(float)


@pytest.mark.parametrize("case", ["knows", "score", "clusters", "strata"])
def test_the_share_kept_agrees_with_r(case: str) -> None:
    before = "score_" if case == "score" else ""
    cluster = pd.factorize(PEOPLE["session"])[0] if case in ("clusters", "strata") else None
    stratum = pd.factorize(PEOPLE["region"])[0] if case == "strata" else None
    waves = [column(f"{before}{wave}") for wave in ("before", "after", "later")]
    found, expected = share_kept(*waves, cluster=cluster, stratum=stratum), R[case]
    assert (found.n, found.value, found.se) == approx((expected["n"], expected["value"], expected["se"]))
    assert [float(limit) for limit in found.delta] == approx(expected["delta"])
    assert [found.fieller.low, found.fieller.high] == approx(expected["fieller"])
    assert found.fieller.shape == "bounded"
    assert found.df == (expected["df"] if cluster is not None else np.inf)


def test_means_and_separate_samples_against_a_margin_agree_with_r() -> None:
    loss = column("score_later") - column("score_after")
    change = mean(loss[~np.isnan(loss)])
    found = noninferiority_of_mean(change, 1.0)
    assert (found.statistic, found.p) == approx((R["mean"]["statistic"], R["mean"]["p"]))
    both = equivalence(change, 0.9)
    assert both.p == approx(R["tost"])
    assert [both.low, both.high] == approx(R["tost_interval"])
    samples = TwoSamples.of(61, 97, 74, 108)
    for method, key in (("farrington_manning", "fm"), ("miettinen_nurminen", "mn")):
        assert noninferiority_of_samples(samples, 0.1, method=method).statistic == approx(R["samples"][key], 1e-6)


@pytest.mark.parametrize("case", ["all_10", "all_15", "all_25", "small_10"])
def test_was_the_knowledge_kept_agrees_with_r04(shared: Path, case: str) -> None:
    data = pd.read_csv(shared / "reference/data/d09_panel3_attrition.csv")
    expected = json.loads((shared / "reference/expected/R04.json").read_text())["expected"][case]
    wide = data.pivot(index="pid", columns="wave", values="knows").sort_index()
    wide = wide.head(40 if case.startswith("small") else len(wide))[["post", "followup"]].dropna()
    cells = [int(((wide["post"] == a) & (wide["followup"] == b)).sum()) for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))]
    table = PairedTable.of(*cells)
    found = noninferiority_of_pairs(table, expected["margin"])
    assert (float(table.n), cells[1], cells[2]) == (expected["n"], expected["lost"], expected["gained"])
    assert (found.difference, found.statistic, found.p) == approx(
        tuple(expected[key] for key in ("difference", "z_tango", "p_noninferiority_one_sided")), 1e-6
    )
    assert [found.low, found.high] == approx(list(expected["ci95_tango"].values()), 1e-6)
    assert [float(limit) for limit in tango(table, 0.90)] == approx(list(expected["ci90_tango"].values()), 1e-6)
    assert found.shown() is expected["non_inferior_at_2.5pct"]
    wald = mean_change(float(table.difference), float(paired.standard_error(table)), np.inf)
    plain = noninferiority_of_mean(wald, expected["margin"])
    assert (plain.statistic, plain.p) == approx((expected["z_wald"], expected["p_wald"]), 1e-6)
    assert float(paired.mcnemar_exact(table).p) == approx(expected["mcnemar_exact_p_for_difference"], 1e-6)
    assert float(paired.mcnemar_midp(table).p) == approx(expected["midp"], 1e-6)


FLOATS = st.floats(-1, 1)


@given(FLOATS, FLOATS, st.floats(0.001, 0.3), st.floats(0.001, 0.3), st.floats(-0.95, 0.95))
@settings(max_examples=200, deadline=None)
def test_fiellers_set_holds_exactly_the_ratios_that_its_test_keeps(
    part: float, whole: float, of_part: float, of_whole: float, correlation: float
) -> None:
    shared = correlation * of_part * of_whole
    covariance = np.array([[of_part**2, shared], [shared, of_whole**2]])
    found = fieller(part, whole, covariance, 1.96)
    for ratio in (-7.3, -1.0, -0.2, 0.0, 0.4, 0.9, 1.3, 11.0):
        distance = (part - ratio * whole) ** 2
        reach = 1.96**2 * (of_part**2 - 2 * ratio * shared + ratio**2 * of_whole**2)
        if abs(distance - reach) < 1e-9:
            continue
        between = found.low < ratio < found.high
        assert (distance <= reach) == (not between if found.shape == "outside" else between)


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_order_names_and_direction_do_not_matter_to_the_share_kept(seed: int) -> None:
    random = np.random.default_rng(seed)
    waves = [(random.random(60) < share).astype(float) for share in (0.2, 0.7, 0.5)]
    cluster = np.repeat(np.arange(10), 6)
    first = share_kept(*waves, cluster=cluster)
    order = random.permutation(60)
    again = share_kept(*(wave[order] for wave in waves), cluster=(50 - 3 * cluster)[order])
    turned = share_kept(*(1 - wave for wave in waves), cluster=cluster)
    for other in (again, turned):
        assert (other.value, other.se, other.fieller.low) == pytest.approx((first.value, first.se, first.fieller.low))


def test_an_uncertain_gain_has_no_bounded_share() -> None:
    random = np.random.default_rng(4)
    waves = [(random.random(30) < share).astype(float) for share in (0.4, 0.45, 0.5)]
    assert share_kept(*waves).fieller.shape != "bounded"
    assert share_kept(*(np.full(5, np.nan) for _ in range(3))).n == 0
    same = np.ones(5)
    assert np.isnan(share_kept(same, same, same).value)


@pytest.mark.parametrize("part", [1.0, 0.0])
@pytest.mark.parametrize("cluster", [None, np.arange(40) // 5])
def test_a_share_that_everybody_kept_alike_has_no_limits(part: float, cluster: Any) -> None:
    before, after = np.repeat([0.0, 0, 0, 1], 10), np.repeat([1.0, 1, 0, 1], 10)
    followup = before + part * (after - before)
    found = share_kept(before, after, followup, cluster=cluster)
    assert (found.value, found.se, found.fieller.shape) == (part, 0, "bounded")
    assert np.isnan([*found.delta, found.fieller.low, found.fieller.high]).all()
    told = retention_row(ThreeWaves(before, after, followup, binary=True, better="higher"), Goal(0.1, 0.5), 0.9)
    about = {key: told["share_kept"][key] for key in ("value", "low", "high", "unbounded", "kept_enough", "reason")}
    nothing = {"low": None, "high": None, "unbounded": False, "kept_enough": None, "reason": "nobody_differs"}
    assert about == {"value": part} | nothing


def reading(**changed: float) -> RetentionReading:
    usual = {"gain_low": 0.2, "low": -0.05, "high": 0.06, "remains_low": 0.1, "margin": 0.1, "found_share": 0.8}
    return RetentionReading(**(usual | {"n": 40} | changed))


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "retained"),
        ({"low": -0.11}, "undecided"),
        ({"low": -0.4, "high": -0.101}, "not_retained"),
        ({"gain_low": -0.01}, "undecided"),
        ({"remains_low": 0.0}, "undecided"),
        ({"found_share": 0.49}, "no_verdict"),
        ({"found_share": 0.5}, "retained"),
        ({"low": np.nan, "high": np.nan}, "undecided"),
        ({"found_share": np.nan}, "no_verdict"),
        ({"n": 9}, "counts_only"),
        ({"n": 10}, "retained"),
        ({"n": 9, "found_share": 0.49}, "no_verdict"),
    ],
)
def test_the_rules_of_retention(changed: dict[str, float], verdict: str) -> None:
    assert retention_verdict(reading(**changed)) == verdict


def test_where_lower_is_better_the_limits_are_turned() -> None:
    limits = ((-0.4, -0.2), (-0.06, 0.05), (-0.3, -0.1))
    assert retention_verdict(RetentionReading.of(*limits, 0.1, 0.8, "lower", 40)) == "retained"
    assert retention_verdict(RetentionReading.of(*limits, 0.1, 0.8, "higher", 40)) == "undecided"


@given(st.tuples(FLOATS, FLOATS), st.floats(-1, 1), st.floats(0.01, 0.3))
@settings(max_examples=200, deadline=None)
def test_retained_and_not_retained_never_hold_together(since: tuple[float, float], gain: float, margin: float) -> None:
    low, high = sorted(since)
    verdict = retention_verdict(reading(gain_low=gain, low=low, high=high, margin=margin))
    assert verdict != "retained" or high >= -margin
    assert verdict != "not_retained" or low < -margin


def test_margin_and_those_found() -> None:
    assert margin_of(None, -0.12) == pytest.approx(0.06)
    assert among_those_found(0.5)
    assert not among_those_found(0.71)


def test_months_are_counted_and_compared_with_the_window() -> None:
    months = months_between(np.array(["2026-01-01", "2026-01-01", "NaT"], "M8[D]"), np.array("2027-01-01", "M8[D]"))
    assert months[:2].tolist() == [12, 12]
    check = window_check(months, (6, 12))
    assert (check.n, check.unknown, check.inside) == (2, 1, 2)
    assert np.isnan(window_check(np.array([np.nan]), (6, 12)).median)


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2026-02-01", "2026-08-01", 6),  # 181 days, less than six of 30.44
        ("2026-03-01", "2028-03-01", 24),  # 731 days, more than twenty-four of them
        ("2026-08-31", "2027-02-28", 6),  # the last day is the whole month
        ("2026-01-15", "2026-07-14", 6 - 1 / 30),
        ("2026-03-10", "2026-02-10", -1),
        ("2026-03-10", "2026-03-10", 0),
    ],
)
def test_months_are_those_of_the_calendar(earlier: str, later: str, months: float) -> None:
    assert months_between(np.array(earlier, "M8[D]"), np.array(later, "M8[D]")) == pytest.approx(months)


def test_months_never_run_backwards() -> None:
    days = np.arange(np.datetime64("2026-01-01"), np.datetime64("2029-01-01"))
    for start in ("2026-01-31", "2026-02-28", "2027-06-15"):
        assert (np.diff(months_between(np.array(start, "M8[D]"), days)) >= 0).all()


def three_waves(score: bool = False, **changed: Any) -> ThreeWaves:
    waves = [column(f"{'score_' if score else ''}{wave}") for wave in ("before", "after", "later")]
    return ThreeWaves(*waves, **({"binary": not score, "better": "higher"} | changed))


def test_of_fewer_than_ten_people_nothing_is_judged() -> None:
    def of(people: int) -> dict[str, Any]:
        waves = [np.repeat([0.0, 1.0], [people - up, up]) for up in (1, 7, 6)]
        return retention_row(ThreeWaves(*waves, binary=True, better="higher"), Goal(0.1, 0.2), 0.9)

    few, enough = of(9), of(10)
    assert (few["verdict"], few["share_kept"]["kept_enough"]) == ("counts_only", None)
    assert enough["verdict"] != "counts_only"
    assert enough["share_kept"]["kept_enough"] is True


def test_a_row_of_retention_tells_the_margin_the_share_and_the_verdict() -> None:
    row = retention_row(three_waves(), Goal(0.1, 0.5), 0.72)
    assert row["test"]["method"] == "tango_noninferiority"
    assert row["interval"]["method"] == "tango"
    assert row["share_kept"]["value"] == approx(R["knows"]["value"])
    assert [row["share_kept"]["low"], row["share_kept"]["high"]] == approx(R["knows"]["fieller"])
    assert row["share_kept"]["kept_enough"] is False
    assert row["verdict"] == "undecided"
    assert not row["among_those_found"]
    json.dumps(row, allow_nan=False)


def test_a_row_of_retention_follows_the_design() -> None:
    session = pd.factorize(PEOPLE["session"])[0]
    clustered = retention_row(three_waves(cluster=session), Goal(0.1), 0.72)
    assert clustered["test"]["method"] == "linearised_t_noninferiority"
    assert [clustered["share_kept"]["low"], clustered["share_kept"]["high"]] == approx(R["clusters"]["fieller"])
    score = retention_row(three_waves(score=True), Goal(1.0), 0.72)
    assert score["p_noninferior"] == approx(R["mean"]["p"])
    apart = [wave[~np.isnan(wave)] for wave in (column("before"), column("after"), column("later"))]
    samples = retention_row(ThreeWaves(*apart, binary=True, better="higher", paired=False), Goal(0.1), 1.0)
    assert samples["test"]["method"] == "miettinen_nurminen"
    scores = [column(f"score_{wave}") for wave in ("before", "after", "later")]
    scores = [wave[~np.isnan(wave)] for wave in scores]
    by_welch = retention_row(ThreeWaves(*scores, binary=False, better="higher", paired=False), Goal(1.0), 1.0)
    assert by_welch["difference"] == approx(welch(scores[2], scores[1]).value)
    assert by_welch["test"]["method"] == "welch_noninferiority"


@pytest.mark.parametrize("score", [False, True])
def test_turning_yes_and_no_and_what_is_better_turns_signs_only(score: bool) -> None:
    usual = three_waves(score)
    turned = ThreeWaves(
        *(10 - wave if score else 1 - wave for wave in (usual.baseline, usual.after, usual.followup)),
        binary=not score,
        better="lower",
    )
    first, second = (retention_row(waves, Goal(0.1, 0.5), 0.8) for waves in (usual, turned))
    assert second["difference"] == approx(-first["difference"])
    assert [second["interval"]["low"], second["interval"]["high"]] == approx(
        [-first["interval"]["high"], -first["interval"]["low"]]
    )
    for key in ("verdict", "p_noninferior", "margin"):
        assert second[key] == (first[key] if key != "p_noninferior" else approx(first[key]))
    assert second["share_kept"]["low"] == approx(first["share_kept"]["low"])


def test_nobody_found_again_leaves_no_number_and_no_verdict() -> None:
    nobody = np.full(20, np.nan)
    row = retention_row(ThreeWaves(np.zeros(20), np.ones(20), nobody, True, "higher"), Goal(0.1), 0.0)
    assert (row["difference"], row["p_noninferior"], row["verdict"]) == (None, None, "no_verdict")
    assert row["share_kept"]["unbounded"]
    assert retention_row(three_waves(), Goal(None), 0.8)["verdict"] is None
    json.dumps(row, allow_nan=False)

"""Samples in a whole analysis: published surveys, interviewers, sites, warnings, and data that cannot be."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.errors import AnalysisError
from analysis.results import Results
from tests.analysis.plans import answers, indicator, only, plan

SCHOOLS = [indicator("api00", measure="score")]


def passers_by(**more: Any) -> pd.DataFrame:
    """240 people asked in 24 blocks (6 sites at 2 hours in 2 waves) by 8 interviewers, who hear different answers."""
    chance = np.random.default_rng(20261122)
    row = np.arange(240)
    who = chance.permutation(row) % 8
    knows = chance.random(240) < np.array([0.15, 0.85])[who % 2]
    frame = answers(list(knows[:120].astype(int)), list(knows[120:].astype(int)))
    columns: dict[str, Any] = {
        "block": [f"b{block}" for block in row % 12], "place": [f"s{block // 2}" for block in row % 12],
        "who": [f"e{one}" for one in who], "w": [1.0, 2.0] * 120,
    }  # fmt: skip
    return frame.assign(**(columns | more))


def asked(frame: pd.DataFrame | None = None, *, by: tuple[str, ...] = (), **design: Any) -> Results:
    whole = {"cluster": "block", "clusters_in_waves": "new", "weight": "w"} | design
    named = {key: value for key, value in whole.items() if value is not None}
    return run(plan(design=named, by=list(by)), passers_by() if frame is None else frame)


def codes(results: Results) -> set[str]:
    return {warning["code"] for warning in results.warnings}


def schools(shared: Path, name: str) -> pd.DataFrame:
    path = shared / f"data/data/survey-benchmarks/{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).assign(wave="2000")


@pytest.mark.parametrize(
    ("name", "design", "mean", "se", "df"),
    [  # Lumley, Complex Surveys (2010), chapters 2 and 3
        ("apistrat", {"stratum": "stype", "weight": "pw", "fpc": "fpc"}, 662.29, 9.4089, 197),
        ("apiclus1", {"cluster": "dnum", "clusters_in_waves": "new", "weight": "pw", "fpc": "fpc"}, 644.17, 23.542, 14),
    ],
)
def test_published_surveys_come_out_of_a_plan(
    shared: Path, name: str, design: dict[str, str], mean: float, se: float, df: int
) -> None:
    results = run(plan(design=design | {"waves": ["2000"]}, indicators=SCHOOLS), schools(shared, name))
    row = results.estimates[0]
    assert row["estimate"] == pytest.approx(mean, abs=0.005)
    assert row["se"] == pytest.approx(se, abs=0.0005)
    assert results.clustering[0]["clusters"] - (3 if name == "apistrat" else 1) == df


def test_the_larger_of_the_standard_errors_by_cluster_and_by_interviewer_is_used() -> None:
    by_cluster = asked().changes[0]
    by_enumerator = asked(cluster="who", clusters_in_waves="same").changes[0]
    both = asked(enumerator="who")
    row = both.changes[0]
    assert (row["se_by_cluster"], row["se_by_enumerator"]) == (by_cluster["se"], by_enumerator["se"])
    assert row["se"] >= max(by_cluster["se"], by_enumerator["se"])
    assert row["difference"] == by_cluster["difference"]
    assert row["interval"]["low"] < row["difference"] < row["interval"]["high"]


def test_clusters_and_interviewers_are_joined_as_two_ways_of_belonging_together() -> None:
    frame = passers_by()
    meeting = frame["block"] + frame["wave"] + frame["who"]
    row = asked(enumerator="who").estimates[0]
    se = [
        only(asked(frame.assign(unit=unit), cluster="unit", clusters_in_waves="same").estimates, wave="before")["se"]
        for unit in (frame["block"] + frame["wave"], frame["who"], meeting)
    ]
    joined = math.sqrt(max(se[0] ** 2 + se[1] ** 2 - se[2] ** 2, 0))
    assert row["se"] == pytest.approx(max(*se[:2], joined), rel=0.02)  # waves are strata of the blocks


def test_an_interviewer_effect_is_told_with_its_size_and_a_few_interviewers_too() -> None:
    results = asked(enumerator="who")
    effect = only(results.warnings, code="enumerator_effect")["params"]
    assert effect["column"] == "who" and effect["indicators"] == "knows" and float(effect["icc"]) > 0.3
    assert results.clustering[0]["icc_by_enumerator"] > results.clustering[0]["icc"]
    two = passers_by(who=["a", "b"] * 120)
    assert {"few_enumerators"} <= codes(asked(two, enumerator="who"))
    alone = asked(two.assign(who="a"), enumerator="who")
    assert alone.changes[0]["se"] == asked(two).changes[0]["se"]


def test_interviewers_who_hear_the_same_change_nothing_but_what_is_shown() -> None:
    frame = passers_by(who=[f"e{row % 120 // 15}" for row in range(240)])
    row, plain = asked(frame, enumerator="who").changes[0], asked(frame).changes[0]
    assert row["se"] >= plain["se"]
    assert row["difference"] == plain["difference"]


def test_sites_are_the_strata_of_the_blocks_drawn_there() -> None:
    by_site, by_stratum = asked(site="place"), asked(stratum="place")
    assert by_site.changes == by_stratum.changes
    assert "site_not_used" not in codes(by_site)
    assert "site_not_used" in codes(asked(site="place", cluster=None, clusters_in_waves=None))


def test_all_or_nobody_keeps_an_interval_by_the_beta_distribution() -> None:
    results = asked(passers_by(knows=[0] * 120 + [1] * 120))
    for row, end in zip(results.estimates, ("low", "high"), strict=True):
        assert row["interval"]["method"] == "beta"
        assert row["interval"][end] == row["estimate"]
        assert 0 < abs(row["interval"]["high"] - row["interval"]["low"]) < 0.1


def test_clusters_that_do_not_differ_give_no_interval_of_no_width() -> None:
    alike = passers_by(knows=[0, 1] * 120, block=[f"b{row // 2 % 12}" for row in range(240)])
    row = asked(alike, weight=None).estimates[0]
    assert row["interval"] == {"low": None, "high": None, "method": "logit_t", "reason": "clusters_do_not_differ"}


def test_a_part_with_a_single_cluster_in_a_wave_has_no_interval() -> None:
    frame = passers_by()
    frame["sex"] = np.where(frame["block"] == "b3", "X", "F")
    row = only(asked(frame, by=("sex",)).estimates, wave="before", segment={"sex": "X"})
    assert row["estimate"] is not None and row["interval"]["low"] is None
    assert row["interval"]["reason"] == "too_few_clusters"


def test_the_sample_itself_is_warned_of() -> None:
    assert "unequal_weights" in codes(asked(passers_by(w=[1.0] * 200 + [30.0] * 40)))
    assert "unequal_weights" not in codes(asked())
    few = passers_by(block=[f"b{row % 3}" for row in range(240)])
    assert only(asked(few).warnings, code="few_clusters")["params"] == {"n": 6}
    assert "few_clusters" not in codes(asked())
    again = passers_by(region=["north", "south"] * 120, block=[f"b{row // 2 % 6}" for row in range(240)])
    reused = only(asked(again, stratum="region").warnings, code="reused_clusters")["params"]
    assert reused == {"n": 6, "clusters": "b0, b1, b2, b3, b4"}


@pytest.mark.parametrize(
    ("column", "cell", "row", "code"),
    [
        ("w", 0, 3, "weight_not_positive"),
        ("w", -2.0, 3, "weight_not_positive"),
        ("w", "", 3, "weight_missing"),
        ("w", "inf", 3, "weight_infinite"),
        ("w", "heavy", 3, "unreadable_number"),
        ("block", "", 3, "cluster_missing"),
        ("place", None, 3, "stratum_missing"),
        ("who", "NA", 3, "row_without_enumerator"),
        ("knows", "inf", 3, "unreadable_yes_no"),
        ("knows", "maybe", 3, "unreadable_yes_no"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_row(column: str, cell: Any, row: int, code: str) -> None:
    frame = passers_by().astype(object)
    frame.loc[row, column] = cell
    with pytest.raises(AnalysisError) as caught:
        asked(frame, stratum="place", enumerator="who")
    assert caught.value.code == code
    assert str(row) in str(caught.value)


def test_all_missing_and_one_person_are_said_and_never_a_number() -> None:
    nothing = asked(passers_by(knows=""))
    assert {row["estimate"] for row in nothing.estimates} == {None}
    assert {row["interval"]["low"] for row in nothing.changes} == {None}
    with pytest.raises(AnalysisError) as caught:
        asked(passers_by()[:1])
    assert caught.value.code in ("one_cluster", "lonely_cluster")


def test_names_of_any_script_and_many_levels_are_fine() -> None:
    frame = passers_by(block=[f"حيّ {row % 40}" for row in range(240)], town=[f"t {row % 60}" for row in range(240)])
    results = asked(frame, by=("town",))
    assert len(results.changes) == 61
    assert {warning["code"] for warning in results.warnings} >= {"many_parts"}
    assert results.changes[0]["interval"]["low"] is not None

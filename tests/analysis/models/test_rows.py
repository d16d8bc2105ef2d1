"""Rows of comparison and models hold what the functions behind them say, and are honest where nothing can be said."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from analysis.models.differences import difference_in_differences
from analysis.models.panel import gee_logit
from analysis.models.panel_rows import panel_rows
from analysis.models.rows import TwoArms, comparison_row
from tests.analysis.models.test_properties import made_up


def arms(clusters: int = 12, clustered: bool = True, seed: int = 1) -> TwoArms:
    y, treated, later, cluster = made_up(seed, clusters)
    unit = cluster if clustered else np.arange(len(y))
    return TwoArms(y, treated, later, unit, clustered, True)


def test_a_comparison_has_its_default_test_first_and_others_beside() -> None:
    data = arms()
    row, change = comparison_row(data, seed=1), difference_in_differences(data.y, data.treated, data.later, data.unit)
    assert (row["difference"], row["se"], row["df"]) == (change.value, change.se, change.df)
    assert row["interval"] == {"low": change.low, "high": change.high, "method": "cr2_satterthwaite"}
    assert row["test"]["p"] == change.p
    assert [test["method"] for test in row["more_tests"]] == [
        "cluster_permutation_exact",
        "wild_cluster_bootstrap_exact",
        "cluster_means_welch",
        "did_logit_cr2",
    ]
    assert row["clusters"]["rule"] == "few_clusters"
    assert sum(row["n"]["with_activity"].values()) == int(data.treated.sum())
    json.dumps(row, allow_nan=False)


def test_too_few_clusters_give_a_difference_and_no_inference() -> None:
    row = comparison_row(arms(clusters=8), seed=1)
    assert row["difference"] is not None
    assert row["se"] is None
    assert row["interval"]["reason"] == row["test"]["reason"] == "too_few_clusters"
    assert row["more_tests"] == []


def test_people_on_their_own_are_no_clusters() -> None:
    row = comparison_row(arms(clustered=False), seed=1)
    assert "clusters" not in row
    assert [test["method"] for test in row["more_tests"]] == ["did_logit_cr2"]


def test_clusters_with_people_of_both_groups_are_not_exchanged() -> None:
    data = arms(clusters=14)
    mixed = TwoArms(data.y, np.arange(len(data.y)) // 2 % 2.0, data.later, data.unit, True, True)
    methods = [test["method"] for test in comparison_row(mixed, seed=1)["more_tests"]]
    assert methods == ["did_logit_cr2"]


def test_a_group_without_a_wave_says_why_there_is_no_number() -> None:
    data = arms()
    empty = TwoArms(data.y, data.treated, data.treated * data.later, data.unit, True, True)
    row = comparison_row(empty, seed=1)
    assert row["difference"] is None
    assert row["interval"]["reason"] == "collinear"
    json.dumps(row, allow_nan=False)


def test_models_of_a_panel_are_told_in_odds_ratios_and_shares() -> None:
    y, _, wave, person = made_up(2, clusters=30)
    rows = panel_rows(y, wave.astype(np.int64), person, ["before", "after"])
    made = gee_logit(y, np.column_stack([np.ones(len(y)), wave]), person)
    (term,) = rows[0]["terms"]
    assert (term["wave"], term["value"]) == ("after", made.coefficients[1])
    assert rows[0]["shares"][0]["estimate"] < rows[0]["shares"][1]["estimate"]
    assert abs(rows[2]["terms"][0]["value"] - term["value"]) < 0.3
    json.dumps(rows, allow_nan=False)


def test_a_wave_that_is_all_yes_has_no_model() -> None:
    y, _, wave, person = made_up(2, clusters=30)
    rows: Any = panel_rows(np.where(wave == 1, 1.0, y), wave.astype(np.int64), person, ["before", "after"])
    assert [row["reason"] for row in rows] == ["separated"] * 3

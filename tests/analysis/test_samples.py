"""Samples with weights, strata and clusters in a whole analysis, against R's survey package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError
from analysis.plan import Plan
from analysis.results import Results
from tests.analysis.plans import answers, indicator, only, plan

HOUSEHOLDS = {
    "waves": ["baseline", "endline"], "weight": "weight", "stratum": "stratum", "cluster": "psu",
    "clusters_in_waves": "new",
}  # fmt: skip


def approx(expected: Any, tolerance: float = 1e-9) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


@pytest.fixture(scope="module")
def households(shared: Path) -> tuple[Results, dict[str, Any]]:
    about = [indicator("knows"), indicator("would_report"), indicator("score", measure="score")]
    frame = pd.read_csv(shared / "reference/data/d05_household_indep_psu.csv", dtype=str, keep_default_na=False)
    expected = json.loads((shared / "reference/expected/S01.json").read_text())["expected"]
    return run(plan(design=HOUSEHOLDS, indicators=about, by=["sex"]), frame), expected


@pytest.mark.parametrize("name", ["knows", "would_report", "score"])
def test_households_agree_with_s01(households: tuple[Results, dict[str, Any]], name: str) -> None:
    results, expected = households[0], households[1][name]
    row = only(results.changes, indicator=name, segment={})
    assert [row["difference"], row["se"], row["df"]] == approx(
        [expected["difference"], expected["se_difference"], expected["degf"]]
    )
    limits = expected["ci_difference_degf"]
    assert [row["interval"]["low"], row["interval"]["high"]] == approx([limits["low"], limits["high"]])
    assert row["test"] == {
        "method": "linearised_t", "statistic": approx(expected["t_degf"]), "p": approx(expected["p_degf"])
    }  # fmt: skip
    assert row["clusters"] == expected["n_psu"]
    for wave in ("baseline", "endline"):
        level = only(results.estimates, indicator=name, wave=wave, segment={})
        assert [level["n"], level["estimate"], level["se"]] == approx(
            [expected["n_by_wave"][wave], expected["mean"][wave], expected["se"][wave]]
        )
        assert level["deff"] == approx(expected["deff"][wave], 1e-6)
        if name != "score":
            logit = expected["svyciprop"][wave]["logit"]
            assert [level["interval"]["low"], level["interval"]["high"]] == approx([logit["low"], logit["high"]], 1e-6)
    if name != "score":
        assert row["more_tests"][0]["method"] == "rao_scott_f"
        assert row["more_tests"][0]["p"] == approx(expected["rao_scott"]["p"], 1e-6)


def test_the_unweighted_change_stands_beside(households: tuple[Results, dict[str, Any]]) -> None:
    results, expected = households
    row = only(results.changes, indicator="knows", segment={})
    assert row["difference_unweighted"] == approx(expected["naive_unweighted_for_contrast"]["difference"])
    assert row["x_to"] / row["n_to"] - row["x_from"] / row["n_from"] == approx(row["difference_unweighted"])


def test_parts_interactions_and_clustering_follow_the_sample(households: tuple[Results, dict[str, Any]]) -> None:
    results = households[0]
    assert {row["interval"]["method"] for row in results.changes} == {"linearised_t"}
    assert [(row["indicator"], row["test"]["method"]) for row in results.interactions] == [
        (name, "heterogeneity_f") for name in ("knows", "would_report", "score")
    ]
    assert [row["wave"] for row in results.clustering] == ["baseline", "endline"] * 3
    about = results.clustering[0]
    assert about["n_effective"] == approx(about["n"] / about["deff"])
    json.dumps(results.to_dict(), allow_nan=False)


def sampled(**design: Any) -> Plan:
    return plan(design={"weight": "w", "cluster": "village", "clusters_in_waves": "same"} | design)


def frame(**more: Any) -> pd.DataFrame:
    random = np.random.default_rng(4)
    made = answers(list(random.integers(0, 2, 24)), list(random.integers(0, 4, 24).clip(0, 1)))
    return made.assign(**({"w": [1, 2, 3] * 16, "village": [f"v{row % 6}" for row in range(48)]} | more))


def test_weights_may_be_scaled_and_rows_ordered_as_one_likes() -> None:
    first = run(sampled(), frame()).changes[0]
    second = run(sampled(), frame(w=[7, 14, 21] * 16)[::-1]).changes[0]
    for key in ("difference", "se", "df"):
        assert first[key] == approx(second[key])


@pytest.mark.parametrize("weight", [0, -1, None, "heavy"])
def test_a_weight_that_cannot_be_is_named_with_its_row(weight: Any) -> None:
    weights = [weight, *[1] * 47]
    with pytest.raises(DataError, match="0") as caught:
        run(sampled(), frame(w=weights))
    assert str(caught.value).endswith(".")


def test_small_groups_of_a_sample_are_hidden_too() -> None:
    asked = plan(design={"weight": "w"}, by=["sex"], suppress_below=5)
    results = run(asked, frame(sex=(["F"] * 14 + ["M"] * 7 + ["X"] * 3) * 2))
    hidden = only(results.changes, segment={"sex": "X"})
    assert hidden["hidden"] and hidden["difference"] is None and hidden["difference_unweighted"] is None
    assert results.interactions[0]["hidden"]


def test_a_stratum_with_one_cluster_is_refused_unless_the_plan_says_what_to_do() -> None:
    one = frame(region=["north" if row % 6 == 0 else "south" for row in range(48)])
    with pytest.raises(DataError, match="stratum"):
        run(sampled(stratum="region"), one)
    row = run(sampled(stratum="region", lonely_cluster="adjust"), one).changes[0]
    assert row["interval"]["low"] < row["difference"] < row["interval"]["high"]

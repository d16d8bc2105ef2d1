"""A plan with ``sample_variance: jackknife`` gives R's standard errors of ``as.svrepdesign(type = "JKn")``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.results import Results
from tests.analysis.plans import indicator, only, plan

HERE = Path(__file__).parent
R: dict[str, Any] = json.loads((HERE / "replicates.json").read_text())
FRAME = pd.read_csv(HERE / "survey.csv", dtype=str, keep_default_na=False)
CLUSTERS = {"stratum": "stratum", "cluster": "cluster", "clusters_in_waves": "same"}
DESIGNS: dict[str, dict[str, str]] = {
    "clusters": CLUSTERS,
    "fpc": CLUSTERS | {"fpc": "fpc"},
    "new": CLUSTERS | {"clusters_in_waves": "new"},
    "rows": {"stratum": "stratum"},
    "adjust": CLUSTERS | {"stratum": "lonely", "lonely_cluster": "adjust"},
    "remove": CLUSTERS | {"stratum": "lonely", "lonely_cluster": "remove"},
    "average": CLUSTERS | {"stratum": "lonely", "lonely_cluster": "average"},
}
ITEMS = [indicator("knows"), indicator("would_report"), indicator("score", measure="score")]


def results(name: str, *, variance: str = "jackknife", **arms: str) -> Results:
    design = {"waves": ["0", "1"], "weight": "weight"} | DESIGNS[name] | arms
    asked = plan(design=design, indicators=ITEMS, by=["sex"], methods={"sample_variance": variance})
    return run(asked, FRAME)


def agrees(found: list[Any], expected: dict[str, float], *names: str) -> None:
    np.testing.assert_allclose(np.array(found, float), [expected[name] for name in names], rtol=1e-7)


# Ours are clusters less strata of those asked; R counts the rank of all replicates less one, whoever they left out.
FEWER = {
    ("new", "knows", "women"): 1,
    ("rows", "knows", "change"): 5,
    ("rows", "score", "change"): 3,
    **{("rows", item, "women"): 5 for item in ("knows", "would_report", "score")},
}


def fewer(name: str, item: str, key: str) -> int:
    """What R counts and we do not: with ``adjust`` one, which it does not with ``remove`` or ``average``."""
    return 1 if name == "adjust" else FEWER.get((name, item, key), 0)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("item", ["knows", "would_report", "score"])
def test_levels_changes_and_parts(name: str, item: str) -> None:
    made, of_r = results(name), R["designs"][name][item]
    level = only(made.estimates, indicator=item, wave="0", segment={})
    agrees([level["estimate"], level["se"]], of_r["level"], "value", "se")
    for segment, key in (({}, "change"), ({"sex": "F"}, "women")):
        row = only(made.changes, indicator=item, segment=segment)
        assert row["test"]["method"] == row["interval"]["method"] == "jackknife_t"
        agrees([row["difference"], row["se"]], of_r[key], "value", "se")
        assert row["df"] == of_r[key]["df"] - fewer(name, item, key)
    if item != "score":
        model = only(list(made.models), indicator=item, model="svyglm_logit", segment={})
        agrees([model["terms"][0]["value"], model["terms"][0]["se"]], of_r["odds"], "value", "se")


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("item", ["knows", "would_report", "score"])
def test_the_difference_in_differences(name: str, item: str) -> None:
    made, of_r = results(name, arm="arm", comparison=str(R["arms"][0])), R["designs"][name][item]
    row = only(made.comparison, indicator=item, segment={})
    agrees([row["difference"], row["se"]], of_r["did"], "value", "se")
    if item != "score":
        odds = only(row["more_tests"], method="svyglm_logit")
        agrees([odds["difference"], odds["se"]], of_r["did_odds"], "value", "se")


@pytest.mark.parametrize("name", ["clusters", "fpc", "new", "rows"])
def test_degrees_of_freedom_are_clusters_less_strata(name: str) -> None:
    """R counts in a part the replicates that leave out nobody of it as well: the same where all clusters are in."""
    row = only(results(name).changes, indicator="would_report", segment={})
    assert row["df"] == R["designs"][name]["would_report"]["change"]["df"]


def test_tests_of_independence_stay_linearised_and_estimates_the_same() -> None:
    one, other = (results("clusters", variance=name) for name in ("jackknife", "linearised"))
    for ours, theirs in zip(one.changes, other.changes, strict=True):
        assert ours["difference"] == pytest.approx(theirs["difference"])
        assert ours["se"] == pytest.approx(theirs["se"], rel=0.2) and ours["se"] != theirs["se"]
        for test, same in zip(ours["more_tests"], theirs["more_tests"], strict=True):
            assert test == pytest.approx(same)


def test_a_part_within_one_cluster_has_no_jackknife_and_spoils_no_other() -> None:
    alone = FRAME.assign(sex=np.where((FRAME["cluster"] == "2") & (FRAME["stratum"] == "coast"), "X", "F"))
    design = {"waves": ["0", "1"], "weight": "weight"} | CLUSTERS
    made = run(plan(design=design, indicators=ITEMS, by=["sex"], methods={"sample_variance": "jackknife"}), alone)
    row = only(made.changes, indicator="score", segment={"sex": "X"})
    assert row["difference"] is not None
    assert (row["se"], row["interval"]["low"], row["interval"]["reason"]) == (None, None, "too_few_clusters")
    assert only(made.changes, indicator="score", segment={"sex": "F"})["se"] > 0
    assert only(list(made.interactions), indicator="score")["test"]["p"] is None

"""Whole plans over the invented survey of three waves against what R's survey package makes of it (plans.R)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from analysis import run
from tests.analysis.plans import indicator, only, plan

HERE = Path(__file__).parent
R: dict[str, Any] = json.loads((HERE / "plans.json").read_text(encoding="utf-8"))
WAVES = ["before", "after", "late"]
PAIRS = {"before_after": ("before", "after"), "before_late": ("before", "late"), "after_late": ("after", "late")}
DESIGN: dict[str, Any] = {"waves": WAVES, "weight": "weight", "stratum": "stratum", "cluster": "cluster"}
INDICATORS = [
    indicator("knows", margin_points=10, primary=True),
    indicator("fears", margin_points=10, better="lower"),
    indicator("score", measure="score", margin_points=1.0),
    indicator("attitude", measure="ordinal"),
]
SHARES = {"sex": {"F": 0.52, "M": 0.48}, "age": {"middle": 0.4, "old": 0.25, "young": 0.35}}
RETENTION = {"baseline": "before", "from": "after", "to": "late", "keep_share": 0.5}
close = pytest.approx


def survey() -> pd.DataFrame:
    return pd.read_csv(HERE / "plans.csv", dtype=str, keep_default_na=False)


@cache
def results(clusters: str, arms: bool = False, **more: Any) -> dict[str, Any]:
    design = DESIGN | {"clusters_in_waves": clusters} | ({"arm": "arm", "comparison": "without"} if arms else {})
    written = {"adjust": ["sex", "age"], "retention": RETENTION} if not arms else {}
    return run(plan(design=design, indicators=INDICATORS, **written, **more), survey()).to_dict()


def agrees(term: dict[str, Any], expected: dict[str, Any]) -> None:
    for key in ("value", "se", "df", "p"):
        assert term[key] == close(expected[key], rel=1e-8, abs=1e-11), key


@pytest.mark.parametrize("clusters", ["same", "new"])
@pytest.mark.parametrize("name", ["knows", "fears", "score"])
@pytest.mark.parametrize("pair", PAIRS)
def test_models_of_a_sample_are_those_of_svyglm(clusters: str, name: str, pair: str) -> None:
    expected = R["models"][clusters][name][pair]
    where = {"indicator": name, "from": PAIRS[pair][0], "to": PAIRS[pair][1]}
    rows = [row for row in results(clusters)["models"] if {key: row[key] for key in where} == where]
    assert [row["model"] for row in rows] == [model for model in MODELS if model in expected]
    for row in rows:
        term = row["terms"][0]
        assert term["term"] == where["to"]
        agrees(term, expected[row["model"]])
        if row["scale"] == "log_odds":
            assert term["odds_ratio"] == close(np.exp(term["value"]))
            assert term["interval"]["low"] < term["odds_ratio"] < term["interval"]["high"]
    if "old" in expected:
        agrees(only(rows[-1]["terms"], term="age: old"), expected["old"])


MODELS = ("svyglm_identity", "svyglm_logit", "svyglm_identity_adjusted", "svyglm_logit_adjusted")


@pytest.mark.parametrize("clusters", ["same", "new"])
def test_models_of_an_arm_are_those_of_a_part_of_what_was_drawn(clusters: str) -> None:
    rows = results(clusters, arms=True)["models"]
    for name in ("knows", "score"):
        expected = R["models"][clusters][name]["before_after"]
        about = {"arm": "with", "indicator": name, "from": "before", "to": "after"}
        agrees(only(rows, **about, segment={}, model="svyglm_identity")["terms"][0], expected["arm"])
        if name == "knows":
            agrees(only(rows, **about, segment={}, model="svyglm_logit")["terms"][0], expected["arm_logit"])


@pytest.mark.parametrize("clusters", ["same", "new"])
@pytest.mark.parametrize("name", ["knows", "fears", "score"])
def test_a_comparison_of_arms_is_the_interaction_of_svyglm(clusters: str, name: str) -> None:
    expected = R["models"][clusters][name]["before_after"]["did"]
    about = {"indicator": name, "from": "before", "to": "after", "segment": {}}
    row = only(results(clusters, arms=True)["comparison"], **about)
    assert (row["difference"], row["se"]) == (close(expected["value"], rel=1e-9), close(expected["se"], rel=1e-9))
    assert row["df"] == expected["df"] + 3  # of the design, where svyglm takes a degree for every coefficient


@pytest.mark.parametrize("clusters", ["same", "new"])
@pytest.mark.parametrize("name", ["knows", "fears", "score"])
def test_retention_of_a_sample_is_made_of_contrasts_of_its_means(clusters: str, name: str) -> None:
    expected = R["retention"][clusters][name]
    row = only(results(clusters)["retention"], indicator=name)
    for key, found in (("since", row), ("gain", row["first_gain"]), ("remains", row["against_baseline"])):
        limits = [found["difference"], found["interval"]["low"], found["interval"]["high"]]
        assert limits == close([expected[key][one] for one in ("difference", "low", "high")], rel=1e-9), key
    share = row["share_kept"]
    assert share["value"] == close(expected["share"], rel=1e-9)
    assert [share["low"], share["high"]] == close(expected["fieller"], rel=1e-9)
    assert share["kept_enough"] is (expected["fieller"][0] >= 0.5)
    t = (share["delta"]["high"] - share["value"]) / expected["share_se"]
    assert 2 * student(expected["df"], -t) == close(0.05, rel=1e-8)
    assert (row["found_share"], row["among_those_found"]) == (None, False)


def student(df: float, t: float) -> float:
    return float(stdtr(df, t))


@pytest.mark.parametrize("name", ["knows", "fears", "score"])
def test_noninferiority_of_a_sample_is_one_sided_and_turned_where_lower_is_better(name: str) -> None:
    row, since = only(results("same")["retention"], indicator=name), R["retention"]["same"][name]["since"]
    sign, margin = (-1 if name == "fears" else 1), (1.0 if name == "score" else 0.1)
    t = (sign * since["difference"] + margin) / since["se"]
    assert row["test"]["method"] == "linearised_t_noninferiority"
    assert row["test"]["statistic"] == close(t, rel=1e-9)
    assert row["p_noninferior"] == close(student(since["df"], -t), rel=1e-9)
    assert (row["interval"]["method"], row["margin"]) == ("linearised_t", margin)
    better = row["interval"]["low"] if sign > 0 else -row["interval"]["high"]
    assert row["verdict"] == ("retained" if better > -margin else "undecided")


@pytest.mark.parametrize("clusters", ["same", "new"])
@pytest.mark.parametrize("name", ["knows", "fears", "score"])
@pytest.mark.parametrize("adjustment", ["raked", "post"])
def test_adjusted_changes_of_a_sample_are_those_of_rake_and_poststratify(
    clusters: str, name: str, adjustment: str
) -> None:
    expected = R["composition"][clusters][name][adjustment]
    columns = ["sex"] if adjustment == "post" else ["sex", "age"]
    design = DESIGN | {"clusters_in_waves": clusters}
    population = {column: SHARES[column] for column in columns}
    made = run(plan(design=design, indicators=INDICATORS, adjust=columns, population=population), survey()).to_dict()
    row = only(made["composition"], **{"indicator": name, "from": "before", "to": "after"})
    found = row["standardised" if adjustment == "post" else "raked"]
    for number in ("difference", "se", "df"):
        assert found[number] == close(expected[number], rel=1e-7), number

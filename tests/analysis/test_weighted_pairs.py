"""The same people with weights: shares and changes of those for whom they stand, with the variance of the sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.plan import Plan
from tests.analysis.plans import indicator, only, plan

HERE = Path(__file__).parent / "survey"
LINKED = pd.read_csv(HERE / "linked.csv", dtype=str, keep_default_na=False)  # made up, with the script beside it
R: dict[str, Any] = json.loads((HERE / "linked.json").read_text())
DESIGNS = {
    "clustered": {"weight": "weight", "stratum": "stratum", "cluster": "cluster"},
    "people": {"weight": "weight", "stratum": "stratum"},
    "fpc": {"weight": "weight", "stratum": "stratum", "fpc": "population"},
}
ITEMS = [indicator("knows", primary=True), {"id": "score", "measure": "score", "item": "score"}]


def wide(**design: Any) -> Plan:
    layout = {"layout": "wide", "suffix": {"before": "_before", "after": "_after"}, "person": "who"}
    return plan("paired", design=layout | design, indicators=ITEMS, by=["sex"])


def long() -> pd.DataFrame:
    about = ["who", "cluster", "stratum", "population", "weight", "sex"]
    waves = []
    for wave in ("before", "after"):
        columns = {f"knows_{wave}": "knows", f"score_{wave}": "score"}
        waves.append(LINKED[[*about, *columns]].rename(columns=columns).assign(wave=wave))
    return pd.concat(waves, ignore_index=True)


def near(expected: float) -> Any:
    return pytest.approx(expected, rel=1e-9)


def check_change(row: dict[str, Any], expected: dict[str, float]) -> None:
    assert (row["n_pairs"], row["n_from"], row["n_to"]) == (expected["n"],) * 3
    assert [row["difference"], row["se"], row["df"]] == [near(expected[name]) for name in ("difference", "se", "df")]
    assert [row["interval"]["low"], row["interval"]["high"]] == [near(expected[name]) for name in ("low", "high")]
    assert (row["test"]["method"], row["test"]["p"]) == ("linearised_t", near(expected["p"]))


@pytest.mark.parametrize("name", DESIGNS)
def test_levels_and_changes_agree_with_r(name: str) -> None:
    found = run(wide(**DESIGNS[name]), LINKED)
    for wave in ("before", "after"):
        row = only(found.estimates, indicator="knows", wave=wave, segment={})
        assert [row["estimate"], row["se"]] == [near(R[name][wave][key]) for key in ("estimate", "se")]
    check_change(only(found.changes, indicator="knows", segment={}), R[name]["all"])
    check_change(only(found.changes, indicator="knows", segment={"sex": "F"}), R[name]["women"])


def test_changes_of_scores_agree_with_r() -> None:
    found = run(wide(**DESIGNS["clustered"]), LINKED)
    check_change(only(found.changes, indicator="score", segment={}), R["score"]["all"])


@pytest.mark.parametrize("name", DESIGNS)
def test_a_long_file_gives_the_same(name: str) -> None:
    asked = plan("paired", design=DESIGNS[name], indicators=ITEMS, by=["sex"])
    found = run(asked, long())
    check_change(only(found.changes, indicator="knows", segment={}), R[name]["all"])
    assert only(found.changes, indicator="score", segment={})["difference"] == near(R["score"]["all"]["difference"])


def test_a_weight_that_changes_is_told_and_the_first_one_counts() -> None:
    frame = long()
    frame.loc[frame["wave"] == "after", "weight"] = "1"
    found = run(plan("paired", design=DESIGNS["people"]), frame)
    assert "weight_changed" in [warning["code"] for warning in found.warnings]
    check_change(only(found.changes, indicator="knows", segment={}), R["people"]["all"])


def test_rows_about_people_as_they_come_say_so() -> None:
    kept = {"baseline": "before", "from": "before", "to": "after", "margin_points": 10}
    layout = {"layout": "wide", "suffix": {"before": "_before", "after": "_after"}, "person": "who"}
    asked = plan("paired", design=layout | DESIGNS["people"], indicators=ITEMS, retention=kept)
    found = run(asked, LINKED)
    assert found.attrition and found.retention
    for row in (*found.models, *found.attrition, *found.retention):
        assert row.get("design_weights") is False or row["model"].startswith("svyglm")


def test_weights_that_are_alike_change_nothing_but_the_variance() -> None:
    alike = LINKED.assign(weight="2", stratum="one")
    row = only(run(wide(weight="weight"), alike).changes, indicator="knows", segment={})
    plain = only(run(wide(), alike).changes, indicator="knows", segment={})
    assert row["difference"] == near(plain["difference"])
    people = len(LINKED)  # who were drawn: complete pairs are a part of them
    assert row["se"] == near(plain["se"] * (people / (people - 1)) ** 0.5)
    assert row["difference_unweighted"] == near(plain["difference"])


def test_what_weights_for_those_lost_say_is_not_overwritten() -> None:
    found = run(wide(**DESIGNS["people"]), LINKED)
    lost = only(found.attrition, indicator="knows")
    assert lost["design_weights"] is False
    assert lost["weighted"]["difference"] is not None
    assert lost["weighted"]["method"] == "inverse_probability_weights"

"""Composition through a plan: agreement with R (models/r/plans.R, followup.R), refusals, and what is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError
from analysis.results import Results
from tests.analysis.plans import indicator, only, plan

HERE = Path(__file__).parent / "models" / "r"
STATED: dict[str, Any] = json.loads((HERE / "plans.json").read_text())["composition"]
EARLIER: dict[str, Any] = json.loads((HERE / "followup.json").read_text())["composition"]
POPULATION = {"sex": {"F": 0.52, "M": 0.48}, "age": {"middle": 0.3, "old": 0.25, "young": 0.45}}
KNOWS_AND_SCORE = [indicator("knows", primary=True), {"id": "score", "measure": "score", "item": "score"}]


def close(expected: Any, tolerance: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def street() -> pd.DataFrame:
    return pd.read_csv(HERE / "passersby.csv", dtype=str, keep_default_na=False).replace("NA", "")


def results(frame: pd.DataFrame | None = None, **more: Any) -> Results:
    design = {"waves": ["0", "1"]} | more.pop("design", {})
    asked = {"adjust": ["sex", "age"], "indicators": KNOWS_AND_SCORE} | more
    found = run(plan(design=design, **asked), street() if frame is None else frame)
    json.dumps(found.to_dict(), allow_nan=False)
    return found


def row_of(found: Results, name: str = "knows") -> dict[str, Any]:
    return only(list(found.composition), indicator=name)


def change(row: dict[str, Any]) -> list[float]:
    return [row["difference"], row["se"]]


@pytest.mark.parametrize(
    ("design", "case"), [({}, "people"), ({"cluster": "site", "clusters_in_waves": "same"}, "blocks")]
)
def test_turned_into_the_earlier_wave_it_agrees_with_r(design: dict[str, str], case: str) -> None:
    found = results(design=design)
    row, expected = row_of(found), EARLIER[case]
    assert row["population"] == "earlier"
    assert change(row["raw"]) == close(expected["raw"])
    assert change(row["raked"]) == close(expected["raked"])
    assert change(row_of(found, "score")["raked"]) == close(expected["raked_score"])
    regression = EARLIER["regression_blocks" if case == "blocks" else "regression"]
    assert change(row["regression"]) == close(regression[:2])
    assert row["standardised"]["difference"] == close(EARLIER["standardised"])
    assert row["standardised"]["covered"] == close(EARLIER["covered"])


def test_turned_into_a_stated_population_it_agrees_with_r() -> None:
    found = results(population=POPULATION)
    row = row_of(found)
    assert row["population"] == "stated"
    for name in ("raw", "raked", "regression"):
        assert change(row[name]) == close(STATED[name]), name
    assert change(row_of(found, "score")["raked"]) == close(STATED["raked_score"])
    assert row["standardised"]["difference"] == close(STATED["standardised"])
    assert row["standardised"]["covered"] == close(STATED["covered"])


def test_the_mix_of_people_is_told() -> None:
    mix = {one["column"]: one for one in row_of(results())["mix"]}
    assert mix["age"]["test"]["p"] == close(EARLIER["mix"][1])
    assert mix["sex"]["groups"] == ["F", "M"]
    counted = street().groupby("wave")["sex"].value_counts(normalize=True)
    assert mix["sex"]["shares"] == [
        close([counted[wave, sex] for wave in "01"]) for sex in "FM"
    ]  # of each group by wave


def test_the_raw_change_is_that_of_changes() -> None:
    found = results()
    assert row_of(found)["raw"]["difference"] == close(only(found.changes, indicator="knows")["difference"])


def test_people_whose_group_is_not_known_are_a_group_or_left_out() -> None:
    frame = street()
    frame.loc[frame.index[:8], "sex"] = ""
    unknown = row_of(results(frame))
    assert unknown["mix"][0]["groups"] == ["F", "M", None]
    stated = row_of(results(frame, population=POPULATION))
    assert stated["n_from"] == unknown["n_from"] - 8
    assert stated["mix"][0]["groups"] == ["F", "M"]


@pytest.mark.parametrize(
    ("population", "code"),
    [
        ({"sex": {"F": 1.0}}, "value_without_share"),
        ({"sex": {"F": 0.5, "M": 0.4, "X": 0.1}}, "share_without_value"),
    ],
)
def test_a_population_that_the_data_do_not_have_is_refused(population: Any, code: str) -> None:
    with pytest.raises(DataError) as error:
        results(adjust=["sex"], population=population)
    assert error.value.code == code


def test_of_every_arm_on_its_own() -> None:
    frame = street()
    both = pd.concat([frame.assign(arm="a"), frame.assign(arm="c", knows=frame["knows"].iloc[::-1].to_numpy())])
    found = results(both, design={"arm": "arm", "comparison": "c"})
    assert {row["arm"] for row in found.composition} == {"a", "c"}
    alone = row_of(results())
    row = only(list(found.composition), indicator="knows", arm="a")
    assert change(row["raw"]) == close(change(alone["raw"]))
    assert change(row["raked"]) == close(change(alone["raked"]))


def test_the_same_people_are_not_adjusted_and_one_wave_has_no_change() -> None:
    frame = street()
    assert results(frame[frame["wave"] == "0"]).composition == ()
    assert results(adjust=[]).composition == ()


def test_few_who_answered_hide_the_change_and_small_groups_the_mix() -> None:
    frame = street()
    frame.loc[(frame["wave"] == "1") & (frame.groupby("wave").cumcount() >= 4), "knows"] = ""
    found = results(frame, suppress_below=5)
    row = row_of(found)
    assert row["hidden"]  # 190 were asked, four of them answered
    assert (row["raw"]["difference"], row["raked"]["difference"], row["n_to"]) == (None, None, None)
    assert not row_of(found, "score")["hidden"]
    frame = street()
    frame.loc[frame.index[:3], "sex"] = "other"
    mix = row_of(results(frame, suppress_below=5))["mix"]
    assert all(one["shares"] is None for one in mix)


def test_an_arm_of_one_person_has_no_mix() -> None:
    frame = street().assign(arm="c")
    frame.loc[frame.index[0], "arm"] = "a"
    found = results(frame, design={"arm": "arm", "comparison": "c"})
    assert {row["arm"] for row in found.composition} == {"c"}

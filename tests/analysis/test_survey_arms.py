"""Comparison groups of samples with weights, strata and clusters: one contrast of all cells, never of two samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import run
from analysis.models.differences import did_columns
from analysis.survey.design import survey_design
from analysis.survey.regression import regress
from tests.analysis.plans import indicator, only, plan

DESIGN = {"weight": "weight", "stratum": "stratum", "cluster": "cluster", "arm": "arm", "comparison": "without"}


def survey(seed: int = 5, people: int = 600) -> pd.DataFrame:
    """Forty clusters in two strata, half of the people of each with the activity."""
    random = np.random.default_rng(seed)
    cluster = random.integers(0, 40, people)
    frame = pd.DataFrame(
        {
            "wave": np.where(np.arange(people) % 2 == 0, "before", "after"),
            "cluster": cluster,
            "stratum": cluster % 2,
            "weight": random.uniform(1, 5, people).round(3),
            "arm": np.where(random.random(people) < 0.5, "with", "without"),
            "sex": np.where(random.random(people) < 0.5, "F", "M"),
        }
    )
    share = 0.3 + 0.3 * ((frame["wave"] == "after") & (frame["arm"] == "with")) + 0.01 * (cluster % 7)
    frame["knows"] = (random.random(people) < share).astype(int)
    frame["score"] = random.integers(0, 10, people)
    return frame


def results(frame: pd.DataFrame, same: str = "same") -> dict[str, Any]:
    design = DESIGN | {"clusters_in_waves": same}
    items = [indicator("knows", primary=True), {"id": "score", "measure": "score", "item": "score"}]
    return run(plan(design=design, indicators=items, by=["sex"]), frame).to_dict()


def regression(
    frame: pd.DataFrame, item: str, same: str, used: np.ndarray[Any, Any] | None = None, link: Any = "identity"
) -> Any:
    """The same difference as a coefficient of a survey regression, which R's svyglm agrees with."""
    wave = (frame["wave"] == "after").to_numpy().astype(np.int64)
    drawn = survey_design(
        frame["weight"].to_numpy(),
        stratum=frame["stratum"].to_numpy(),
        cluster=frame["cluster"].to_numpy(),
        wave=wave,
        clusters_in_waves=same,  # type: ignore[arg-type]
    )
    x = did_columns((frame["arm"] == "with").to_numpy().astype(float), wave.astype(float))
    return regress(frame[item].to_numpy().astype(float), x, drawn, link, used)


@pytest.mark.parametrize("same", ["same", "new"])
@pytest.mark.parametrize("item", ["knows", "score"])
def test_the_difference_in_differences_is_that_of_a_survey_regression(item: str, same: str) -> None:
    frame = survey()
    row = only(results(frame, same)["comparison"], indicator=item, segment={})
    fit = regression(frame, item, same)
    assert [row["difference"], row["se"]] == pytest.approx([fit.coefficients[3], fit.se[3]], rel=1e-10)
    assert row["df"] == fit.df + 3  # the regression takes one off for each further coefficient
    assert row["interval"]["method"] == row["test"]["method"] == "linearised_t"


def test_a_part_is_a_domain_of_the_sample() -> None:
    frame = survey()
    row = only(results(frame)["comparison"], indicator="knows", segment={"sex": "F"})
    fit = regression(frame, "knows", "same", (frame["sex"] == "F").to_numpy())
    assert [row["difference"], row["se"]] == pytest.approx([fit.coefficients[3], fit.se[3]], rel=1e-10)


def test_arms_are_parts_of_what_was_drawn_and_never_pooled() -> None:
    frame = survey()
    found = results(frame)
    for kind in ("estimates", "changes", "interactions", "clustering"):
        assert {row["arm"] for row in found[kind]} == {"with", "without"}
    row = only(found["changes"], indicator="knows", arm="with", segment={})
    alone = run(
        plan(design={**DESIGN, "arm": None, "comparison": None, "clusters_in_waves": "same"}),
        frame.assign(knows=frame["knows"].where(frame["arm"] == "with")),
    )
    assert row["difference"] == pytest.approx(alone.changes[0]["difference"])
    assert row["se"] == pytest.approx(alone.changes[0]["se"])
    assert (row["n_from"], row["n_to"]) == (alone.changes[0]["n_from"], alone.changes[0]["n_to"])


@pytest.mark.parametrize(("item", "methods"), [("knows", ["identity", "logit"]), ("score", ["identity"])])
def test_the_regressions_stand_beside_with_their_own_degrees_of_freedom(item: str, methods: list[Any]) -> None:
    frame = survey()
    found = results(frame)["comparison"]
    for segment in ({}, {"sex": "F"}):
        used = (frame["sex"] == "F").to_numpy() if segment else None
        tests = only(found, indicator=item, segment=segment)["more_tests"]
        assert [test["method"] for test in tests] == [f"svyglm_{method}" for method in methods]
        for test, link in zip(tests, methods, strict=True):
            fit = regression(frame, item, "same", used, link)
            assert [test["difference"], test["se"], test["df"]] == pytest.approx(
                [fit.coefficients[3], fit.se[3], fit.df], rel=1e-8
            )
    assert ("odds_ratio" in tests[-1]) == (item == "knows")


def test_people_of_both_waves_are_compared_by_complete_pairs() -> None:
    """Where everybody answered at both waves and is a PSU, the contrast is that of the changes, each person once."""
    random = np.random.default_rng(8)
    people = pd.DataFrame({"who": range(200), "arm": np.where(np.arange(200) % 3, "with", "without")})
    people["weight"] = random.uniform(1, 4, 200).round(2)
    waves = [people.assign(wave=wave, knows=random.integers(0, 2, 200)) for wave in ("before", "after")]
    frame = pd.concat([*waves, waves[0].tail(1).assign(who=999)])  # somebody without a second answer
    design = {"weight": "weight", "arm": "arm", "comparison": "without"}
    row = run(plan("paired", design=design), frame).comparison[0]
    change = waves[1]["knows"].to_numpy(float) - waves[0]["knows"].to_numpy(float)
    drawn = survey_design(np.append(people["weight"].to_numpy(), people["weight"].iloc[-1]))
    x = np.column_stack([np.ones(201), np.append((people["arm"] == "with").to_numpy(float), 0)])
    fit = regress(np.append(change, np.nan), x, drawn)
    assert [row["difference"], row["se"]] == pytest.approx([fit.coefficients[1], fit.se[1]], rel=1e-10)
    assert (row["df"], row["n"]["with_activity"]["to"]) == (199, int((people["arm"] == "with").sum()))


def test_clusters_without_weights_and_strata_are_compared_by_cr2() -> None:
    frame = survey()
    design = {"cluster": "cluster", "clusters_in_waves": "same", "arm": "arm", "comparison": "without"}
    row = run(plan(design=design), frame).comparison[0]
    assert row["test"]["method"] == "cr2_satterthwaite"
    beside = only(row["more_tests"], method="linearised_t")
    weighted = run(plan(design=design | {"weight": "one"}), frame.assign(one=1)).comparison[0]
    assert [beside["difference"], beside["se"], beside["df"]] == [weighted[key] for key in ("difference", "se", "df")]
    assert beside["difference"] == pytest.approx(row["difference"])

"""The reference case S01 and published data with known results, read from beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.survey.design import survey_design
from analysis.survey.effects import design_effect
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.inference import arcsine_interval, beta_interval, logit_interval, t_interval, t_test
from analysis.survey.linearised import means, wave_contrasts
from analysis.survey.regression import regress
from analysis.survey.sufficient import tally_numbers
from tests.analysis.survey.material import close

INDICATORS = ("knows", "would_report", "score", "attitude_mean")
INTERVALS = {"logit": logit_interval, "mean": t_interval, "asin": arcsine_interval}


class Household:
    """S01: two waves of new clusters, so strata are crossed with waves."""

    def __init__(self, shared: Path) -> None:
        frame = pd.read_csv(shared / "reference/data/d05_household_indep_psu.csv")
        self.expected: dict[str, Any] = json.loads((shared / "reference/expected/S01.json").read_text())["expected"]
        self.wave = (frame["wave"] == "endline").to_numpy().astype(np.int64)
        self.design = survey_design(
            frame["weight"].to_numpy(), stratum=pd.factorize(frame["stratum"])[0],
            cluster=pd.factorize(frame["psu"])[0], wave=self.wave, clusters_in_waves="new",
        )  # fmt: skip
        self.values = frame.rename(columns={"attitude": "attitude_mean"})

    def estimates(self, indicator: str) -> PartEstimates:
        answers = self.values[[indicator]].to_numpy(dtype=float).T
        if indicator in ("knows", "would_report"):
            answers = np.nan_to_num(answers, nan=-1).astype(np.int8)
        everybody = Grouping(np.zeros(self.design.rows, dtype=int), 1)
        return estimate_survey(answers, self.design, self.wave, 2, [everybody], [(0, 1)])[0]


@pytest.fixture(scope="module")
def household(shared: Path) -> Household:
    return Household(shared)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_levels_and_change_of_s01(household: Household, indicator: str) -> None:
    made, of_r = household.estimates(indicator), household.expected[indicator]
    for wave, name in enumerate(("baseline", "endline")):
        mean, se = made.estimate[0, wave, 0], made.se[0, wave, 0]
        close([mean, se, made.n[0, wave, 0]], [of_r["mean"][name], of_r["se"][name], of_r["n_by_wave"][name]])
        close(made.design_effect[0, wave, 0], of_r["deff"][name])
        limits = [of_r["ci_t"][name]["low"], of_r["ci_t"][name]["high"]]
        close(t_interval(mean, se, np.array(of_r["degf"])), limits)
    change = made.changes
    difference, se, df = (array.item() for array in (change.estimate, change.se, change.df))
    close([difference, se, df], [of_r["difference"], of_r["se_difference"], of_r["degf"]])
    close(t_test(*map(np.array, (difference, se, df))), [of_r["t_degf"], of_r["p_degf"]])
    close(t_test(*map(np.array, (difference, se, df - 1))), [of_r["svyttest"]["t"], of_r["svyttest"]["p"]])
    low_and_high = of_r["ci_difference_degf"]
    close(t_interval(*map(np.array, (difference, se, df))), [low_and_high["low"], low_and_high["high"]])


@pytest.mark.parametrize("indicator", INDICATORS)
def test_models_of_s01(household: Household, indicator: str) -> None:
    of_r = household.expected[indicator]
    y = household.values[indicator].to_numpy(dtype=float)
    x = np.stack([np.ones(len(y)), household.wave], axis=1)
    linear, glm = regress(y, x, household.design), of_r["svyglm_gaussian"]
    close([linear.coefficients[1], linear.se[1], linear.df], [glm["coef"], glm["se"], glm["df_residual"]])
    if "svyglm_logit" in of_r:
        logit, glm = regress(y, x, household.design, "logit"), of_r["svyglm_logit"]
        close([logit.coefficients[1], logit.se[1], logit.df], [glm["log_or"], glm["se"], glm["df"]], 1e-6)
        limits = t_interval(logit.coefficients[1], logit.se[1], np.array(logit.df))
        close(np.exp(limits), [glm["or_ci"]["low"], glm["or_ci"]["high"]], 1e-6)


@pytest.mark.parametrize("indicator", ["knows", "would_report"])
def test_intervals_and_tests_of_s01(household: Household, indicator: str) -> None:
    made, of_r = household.estimates(indicator), household.expected[indicator]
    for wave, name in enumerate(("baseline", "endline")):
        p, se, df, n = (array[0, wave, 0] for array in (made.estimate, made.se, made.df, made.n))
        for method, interval in INTERVALS.items():
            expected = of_r["svyciprop"][name][method]
            close(interval(p, se, df), [expected["low"], expected["high"]])
        expected = of_r["svyciprop"][name]["beta"]
        close(beta_interval(p, se, df, n), [expected["low"], expected["high"]])
    ours = {
        "F": "f", "ndf": "ndf", "ddf": "ddf", "p": "p", "chisq_first_order_p": "p_first_order",
        "pearson_X2_unadjusted": "pearson", "wald_F": "wald", "wald_p": "p_wald",
        "adjwald_F": "adjusted_wald", "adjwald_p": "p_adjusted_wald",
    }  # fmt: skip
    for name, field in ours.items():
        close(getattr(made.tests, field).item(), of_r["rao_scott"][name], 1e-6)


def schools(shared: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(shared / f"data/data/survey-benchmarks/{name}.csv")


def test_stratified_californian_schools(shared: Path) -> None:
    frame = schools(shared, "apistrat")
    design = survey_design(
        frame["pw"].to_numpy(), stratum=pd.factorize(frame["stype"])[0], fpc=frame["fpc"].to_numpy(dtype=float)
    )
    one = np.zeros(len(frame), dtype=int)
    made = means(tally_numbers(frame[["api00"]].to_numpy(dtype=float).T, design, one, 1, one, 1), design)
    assert (round(made.estimate.item(), 2), round(made.se.item(), 4)) == (662.29, 9.4089)


def test_californian_schools_by_district(shared: Path) -> None:
    frame = schools(shared, "apiclus1")
    design = survey_design(
        frame["pw"].to_numpy(), cluster=pd.factorize(frame["dnum"])[0], fpc=frame["fpc"].to_numpy(dtype=float)
    )
    one = np.zeros(len(frame), dtype=int)
    values = np.stack([frame["api00"], frame["sch.wide"] == "Yes"]).astype(float)
    made = means(tally_numbers(values, design, one, 1, one, 1), design)
    assert [round(value, 2) for value in made.estimate.ravel()] == [644.17, 0.87]
    assert (round(made.se[0].item(), 3), round(made.estimate[1].item(), 4), round(made.se[1].item(), 4)) == (
        23.542, 0.8743, 0.0204,
    )  # fmt: skip
    low, high = logit_interval(made.estimate[1].item(), made.se[1].item(), made.df[1].item())
    assert (round(float(low), 4), round(float(high), 4)) == (0.8238, 0.9119)
    assert round(design_effect(made, finite=True)[0].item(), 3) == 9.346


def test_a_change_of_the_same_schools(shared: Path) -> None:
    """api99 and api00 as two waves of the same districts: the covariance within districts counts."""
    frame = schools(shared, "apiclus1")
    wave, rows = np.repeat([0, 1], len(frame)), np.tile(np.arange(len(frame)), 2)
    design = survey_design(
        frame["pw"].to_numpy()[rows], cluster=pd.factorize(frame["dnum"])[0][rows],
        fpc=frame["fpc"].to_numpy(dtype=float)[rows],
    )  # fmt: skip
    values = np.concatenate([frame["api99"], frame["api00"]]).astype(float)[None]
    one = np.zeros(len(rows), dtype=int)
    change = wave_contrasts(
        means(tally_numbers(values, design, wave, 2, one, 1), design), design, np.array([[-1.0, 1]])
    )
    df = change.df - 1  # R's svyttest
    low, high = t_interval(change.estimate, change.se, df)
    assert [round(float(value.item()), 2) for value in (change.estimate, low, high)] == [37.19, 30.53, 43.86]
    assert (round(t_test(change.estimate, change.se, df)[0].item(), 3), df.item()) == (12.055, 13)


@pytest.mark.parametrize(
    ("file", "cluster", "y", "x", "expected"),
    [
        ("thornton_hiv", "villnum", "got", "any", (0.452, 0.0227)),
        ("social_insure", "address", "takeup_survey", "intensive", (0.0016, 0.0265)),
    ],
)
def test_field_experiments_in_villages(
    shared: Path, file: str, cluster: str, y: str, x: str, expected: tuple[float, float]
) -> None:
    frame = pd.read_csv(shared / f"data/data/info-experiments/{file}.csv").dropna(subset=[y, x, cluster])
    design = survey_design(np.ones(len(frame)), cluster=pd.factorize(frame[cluster])[0])
    columns = np.stack([np.ones(len(frame)), frame[x].to_numpy(dtype=float)], axis=1)
    made = regress(frame[y].to_numpy(dtype=float), columns, design)
    assert made.coefficients[1] == pytest.approx(expected[0], abs=5.1e-4 if expected[0] > 0.1 else 5.1e-5)
    assert made.se[1] == pytest.approx(expected[1], abs=5.1e-5)

"""Regression, rank tests, jackknife and calibration of the invented survey equal those of R's survey package."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.survey.arrays import Floats
from analysis.survey.calibration import Calibration, Margin, calibrate, calibrated, post_stratify, rake
from analysis.survey.design import SurveyDesign, survey_design
from analysis.survey.domains import Cells, cross
from analysis.survey.linearised import means, wave_contrasts
from analysis.survey.ranks import rank_test
from analysis.survey.regression import Regression, regress
from analysis.survey.replicate import jackknife, jackknife_replicates
from tests.analysis.survey import material
from tests.analysis.survey.material import close

CHANGE = np.array([[-1.0, 1.0]])


def column(name: str) -> Floats:
    return material.survey()[name].to_numpy(dtype=float)


def model_columns() -> Floats:
    wave, arm, age = column("wave"), column("arm"), material.codes("age")
    male = material.codes("sex").astype(float)
    ones = np.ones(len(wave))
    return np.stack([ones, wave, arm, male, (age == 1).astype(float), (age == 2).astype(float), wave * arm], axis=1)


IN_R_ORDER = [0, 1, 2, 3, 4, 5, 6]  # R puts the interaction last as well


def assert_same_model(made: Regression, of_r: dict[str, Any], rel: float = 1e-9) -> None:
    close(made.coefficients[IN_R_ORDER[: len(made.coefficients)]], of_r["coefficients"], rel)
    close(made.se, of_r["se"], rel)
    close(made.covariance, of_r["covariance"], rel)
    close(made.df, of_r["df"])


@pytest.mark.parametrize("name", ["clusters", "fpc", "rows"])
def test_linear_and_logistic_regression(name: str) -> None:
    design, of_r = material.design(name), material.reference()["models"][name]
    assert_same_model(regress(column("score"), model_columns(), design), of_r["identity"], 1e-8)
    assert_same_model(regress(column("knows"), model_columns(), design, "logit"), of_r["logit"], 1e-8)
    women = material.codes("sex") == 0
    assert_same_model(
        regress(column("knows"), model_columns()[:, :2], design, "logit", women), of_r["logit_women"], 1e-8
    )


def equal_weights() -> SurveyDesign:
    return survey_design(
        np.ones(len(material.survey())), stratum=material.codes("stratum"), cluster=material.codes("cluster")
    )


@pytest.mark.parametrize(
    ("key", "answers", "groups", "weighted", "ties"),
    [
        ("untied", "score", "wave", True, "midrank"),
        ("untied_ages", "score", "age", True, "midrank"),
        ("equal_weights", "attitude", "wave", False, "midrank"),
        ("equal_weights_ages", "attitude", "age", False, "midrank"),
        ("row_order", "attitude", "wave", True, "row_order"),
    ],
)
def test_rank_tests(key: str, answers: str, groups: str, weighted: bool, ties: Any) -> None:
    y = column(answers)
    if key.startswith("untied"):
        y = y + np.arange(1, len(y) + 1) * 1e-6
    made = rank_test(y, material.codes(groups), material.design("clusters") if weighted else equal_weights(), ties)
    of_r = material.reference()["ranks"][key]
    close([made.statistic, made.ddf, made.p], [of_r["statistic"], of_r["ddf"], of_r["p"]])
    if "difference" in of_r:
        close(made.differences, [of_r["difference"]])


@pytest.mark.parametrize("name", ["clusters", "fpc", "new", "adjust", "remove", "average"])
@pytest.mark.parametrize("around", ["mean", "estimate"])
def test_the_jackknife(name: str, around: str) -> None:
    design = material.design(name)
    cells = material.cells()
    counted = material.counted(design).folded(cells.part_of_cell[material.EVERYBODY], 1)
    sums = np.stack([counted.total[1, ..., 0], counted.weight[1, ..., 0]], axis=1)  # (psus, 2, waves)
    estimate, covariance = jackknife(
        lambda total: total[:, 0] / total[:, 1],
        sums,
        jackknife_replicates(design),
        around_estimate=around == "estimate",
    )
    of_r = material.reference()["jackknives"][name][f"around_{around}"]
    close(estimate, of_r["means"])
    close(covariance, of_r["covariance"])
    if name in ("clusters", "fpc", "new"):
        assert design.df == of_r["df"]


def margins() -> tuple[Margin, Margin]:
    sex = Margin(material.codes("sex"), np.array([3000.0, 2800.0]))
    return sex, Margin(material.codes("age"), np.array([1500.0, 2500.0, 1800.0]))


def calibration(kind: str, design: SurveyDesign) -> Calibration:
    if kind == "rake":
        return rake(design.weight, margins())
    if kind == "post":
        both = material.codes("sex") * 3 + material.codes("age")
        return post_stratify(design.weight, Margin(both, np.array([800.0, 1300, 900, 700, 1200, 900])))
    return calibrate(design.weight, margins(), "raking" if kind == "raking" else "linear")


def crossed(made: Calibration) -> Cells:
    rows = len(made.weight)
    sex, cell = material.codes("sex"), made.cell
    return cross([(np.zeros(rows, dtype=int), 1), (sex, 2), (cell, len(made.rows))], rows)


@pytest.mark.parametrize("name", ["clusters", "fpc", "rows"])
@pytest.mark.parametrize("kind", ["rake", "raking", "linear", "post"])
def test_calibrated_weights_and_variance(name: str, kind: str) -> None:
    plain = material.design(name)
    made = calibration(kind, plain)
    design, cells, of_r = calibrated(plain, made), crossed(made), material.reference()["adjusted"][name][kind]
    close(design.weight, of_r["weights"], 1e-8)
    for indicators, at in (("knows", 0), ("score", 1)):
        counted = material.counted(design, of_numbers=indicators == "score", crossed=cells)
        whole, by_sex = (means(counted, design, cells.part_of_cell[i], cells.parts[i]) for i in (0, 1))
        close(whole.estimate[at, :, 0], of_r[indicators]["means"], 1e-8)
        close(whole.se[at, :, 0], of_r[indicators]["se"], 1e-8)
        change = wave_contrasts(whole if indicators == "knows" else by_sex, design, CHANGE)
        expected = of_r["change_knows" if indicators == "knows" else "change_score_women"]
        close(change.estimate[at, 0, 0], expected["difference"], 1e-8)
        close(change.se[at, 0, 0], expected["se"], 1e-8)
        if indicators == "knows":
            close(by_sex.estimate[at, :, 0], of_r["women"]["means"], 1e-8)
            close(by_sex.se[at, :, 0], of_r["women"]["se"], 1e-8)
    columns = np.stack([np.ones(design.rows), column("wave"), column("arm")], axis=1)
    assert_same_model(regress(column("would_report"), columns, design), of_r["model"], 1e-8)

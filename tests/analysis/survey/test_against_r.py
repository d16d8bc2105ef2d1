"""Every estimate of the invented survey equals that of R's survey package, for every kind of design."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.survey.arrays import Floats
from analysis.survey.design import SurveyDesign
from analysis.survey.effects import design_effect, intraclass_correlation
from analysis.survey.inference import arcsine_interval, beta_interval, logit_interval, t_interval, wald_test
from analysis.survey.linearised import (
    Estimates,
    Means,
    contrast_covariance,
    contrasts,
    interaction,
    means,
    totals,
    wave_contrasts,
)
from analysis.survey.rao_scott import Independence, answers_by_wave, independence, levels_by_wave
from analysis.survey.sufficient import tally
from tests.analysis.survey import material
from tests.analysis.survey.material import BINARY, BY_ARM, BY_SEX, BY_SEX_AND_AGE, DESIGNS, EVERYBODY, NUMBERS, close

CHANGE = np.array([[-1.0, 1.0]])


def made_means(design: SurveyDesign, partition: int, *, of_numbers: bool = False) -> Means:
    cells = material.cells()
    counted = material.counted(design, of_numbers=of_numbers)
    return means(counted, design, cells.part_of_cell[partition], cells.parts[partition])


def expected(name: str, indicators: tuple[str, ...], *keys: str) -> list[Any]:
    found = [material.reference()["designs"][name][indicator] for indicator in indicators]
    for key in keys:
        found = [one[key] for one in found]
    return found


def every(rows: list[Any], key: str) -> Floats:
    """One number of each entry of a list of lists …, as an array of the lists' shape."""
    return np.array([every(row, key) if isinstance(row, list) else row[key] for row in rows])


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("indicators", [BINARY, NUMBERS])
def test_means_totals_and_design_effects(name: str, indicators: tuple[str, ...]) -> None:
    design = material.design(name)
    made = made_means(design, EVERYBODY, of_numbers=indicators is NUMBERS)
    of_r = expected(name, indicators, "means")
    for key in ("estimate", "se", "df", "n"):
        close(getattr(made, key)[..., 0], every(of_r, key))
    close(design_effect(made)[..., 0], every(of_r, "deff"))
    close(design_effect(made, finite=True)[..., 0], every(of_r, "deff_finite"))
    whole = material.cells().part_of_cell[EVERYBODY]
    summed = totals(material.counted(design, of_numbers=indicators is NUMBERS).folded(whole, 1), design)
    close(summed.estimate[..., 0], every(of_r, "total"))
    close(summed.se[..., 0], every(of_r, "se_total"))


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("indicators", [BINARY, NUMBERS])
@pytest.mark.parametrize(
    ("partition", "key", "shape"),
    [(EVERYBODY, "change", (1,)), (BY_SEX, "change_by_sex", (2,)), (BY_SEX_AND_AGE, "change_by_sex_age", (2, 3))],
)
def test_changes_of_everybody_and_of_parts(
    name: str, indicators: tuple[str, ...], partition: int, key: str, shape: tuple[int, ...]
) -> None:
    design = material.design(name)
    made = wave_contrasts(made_means(design, partition, of_numbers=indicators is NUMBERS), design, CHANGE)
    of_r = expected(name, indicators, key)
    for ours, theirs in (("estimate", "difference"), ("se", "se"), ("df", "df")):
        close(getattr(made, ours)[:, 0].reshape(-1, *shape).squeeze(), every(of_r, theirs).squeeze())


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("indicators", [BINARY, NUMBERS])
def test_difference_in_differences(name: str, indicators: tuple[str, ...]) -> None:
    design = material.design(name)
    made: Estimates = contrasts(
        made_means(design, BY_ARM, of_numbers=indicators is NUMBERS), design, np.array([[[1.0, -1.0], [-1.0, 1.0]]])
    )
    close(made.estimate[:, 0], every(expected(name, indicators, "did"), "difference"))
    close(made.se[:, 0], every(expected(name, indicators, "did"), "se"))


def assert_same_tests(made: Independence, at: int, of_r: dict[str, float]) -> None:
    for key, value in of_r.items():
        close(getattr(made, key)[at], value)


@pytest.mark.parametrize("name", DESIGNS)
def test_rao_scott_and_wald_tests(name: str) -> None:
    design, cells = material.design(name), material.cells()
    of_r = material.reference()["designs"][name]["tables"]
    counted = material.counted(design)
    whole = independence(answers_by_wave(counted.folded(cells.part_of_cell[EVERYBODY], 1), [0, 1]), design)
    assert_same_tests(whole, 0, of_r["knows"])
    assert_same_tests(whole, 1, of_r["would_report"])
    by_sex = independence(answers_by_wave(counted.folded(cells.part_of_cell[BY_SEX], 2), [0, 1]), design)
    assert_same_tests(by_sex, 0, of_r["knows_women"])
    attitude = material.numbers()[0]
    levels = np.where(np.isnan(attitude), -1, attitude == np.arange(1, 7)[:, None]).astype(np.int8)  # nobody chose 6
    one = np.zeros(len(attitude), dtype=int)
    of_levels = levels_by_wave(tally(levels, design, material.survey()["wave"].to_numpy(), 2, one, 1), [0, 1])
    assert_same_tests(independence(of_levels, design), 0, of_r["attitude"])


def test_intervals_of_proportions() -> None:
    for of_r in material.reference()["intervals"]:
        p, se, df, n = (np.array(of_r[key], dtype=float) for key in ("p", "se", "df", "n"))
        close(logit_interval(p, se, df), of_r["limits"]["logit"])
        close(beta_interval(p, se, df, n), of_r["limits"]["beta"])
        close(t_interval(p, se, df), of_r["limits"]["mean"])
        close(arcsine_interval(p, se, df), of_r["limits"]["asin"])


def test_the_joint_test_of_an_interaction() -> None:
    design, frame = material.design("clusters"), material.survey()
    made = means(tally(material.answers(), design, frame["wave"].to_numpy(), 2, material.codes("age"), 3), design)
    f, q, df, p = interaction(made, design, 0, 1)
    of_r = material.reference()["interaction"]
    close([f[0], q[0], df[0], p[0]], [of_r["f"], 2, of_r["df"], of_r["p"]])
    against_first = np.array([[[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]], [[1.0, 0.0, -1.0], [-1.0, 0.0, 1.0]]])
    covariance = contrast_covariance(made, design, against_first)
    found = contrasts(made, design, against_first)
    close(np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)), found.se)
    close(wald_test(found.estimate, covariance, df), [f, q, p])


def test_likeness_within_clusters() -> None:
    design, cells = material.design("clusters"), material.cells()
    for indicator, of_numbers in (("knows", False), ("score", True)):
        counted = material.counted(design, of_numbers=of_numbers).folded(cells.part_of_cell[EVERYBODY], 1)
        found = intraclass_correlation(counted)[NUMBERS.index(indicator) if of_numbers else 0, :, 0]
        close(found, material.reference()["icc"][indicator])

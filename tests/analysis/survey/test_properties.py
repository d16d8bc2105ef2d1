"""What must hold for any survey: order and names of things mean nothing, and the ways to count agree."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.survey import estimation, sufficient
from analysis.survey.arrays import Floats, Integers
from analysis.survey.calibration import Margin, calibrate, calibrated, post_stratify, rake
from analysis.survey.design import LonelyRule, SurveyDesign, survey_design
from analysis.survey.domains import cross
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.linearised import means
from analysis.survey.ranks import rank_test
from analysis.survey.sufficient import tally
from tests.analysis.survey import material


@dataclass(frozen=True)
class Survey:
    weight: Floats
    stratum: Integers
    cluster: Integers
    wave: Integers
    part: Integers
    answers: NDArray[np.int8]

    def rows(self, order: Integers) -> Survey:
        return Survey(*(getattr(self, field.name)[..., order] for field in fields(self)))

    def design(self, lonely: LonelyRule = "average") -> SurveyDesign:
        return survey_design(self.weight, stratum=self.stratum, cluster=self.cluster, lonely=lonely)

    def estimates(self, lonely: LonelyRule = "average") -> PartEstimates:
        return estimate_survey(self.answers, self.design(lonely), self.wave, 2, [Grouping(self.part, 3)], [(0, 1)])[0]


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = draw(st.integers(20, 120))
    return Survey(
        np.round(np.exp(random.normal(0, 0.6, rows)), 3),
        random.integers(0, draw(st.integers(1, 4)), rows),
        random.integers(0, draw(st.integers(2, 6)), rows),
        random.integers(0, 2, rows),
        random.integers(0, 3, rows),
        random.integers(-1, 2, (3, rows)).astype(np.int8),
    )


HUGE = 1e4  # of an F whose variance is all but nothing: its last digits are rounding


def same(one: Any, other: Any, *, rel: float = 1e-9) -> None:
    if isinstance(one, np.ndarray):
        tolerance = np.where(np.abs(np.nan_to_num(one)) > HUGE, 1e-6, rel)
        assert (np.isnan(one) == np.isnan(other)).all()
        assert (np.abs(np.nan_to_num(one - other)) <= 1e-11 + tolerance * np.abs(np.nan_to_num(other))).all()
        return
    for field in fields(one):
        same(getattr(one, field.name), getattr(other, field.name), rel=rel)


quickly = settings(max_examples=25, deadline=None)


@quickly
@given(surveys(), st.integers(0, 2**32 - 1), st.sampled_from(["adjust", "remove", "average"]))
def test_the_order_of_rows_means_nothing(survey: Survey, seed: int, lonely: LonelyRule) -> None:
    order = np.random.default_rng(seed).permutation(len(survey.weight))
    same(survey.estimates(lonely), survey.rows(order).estimates(lonely))


@quickly
@given(surveys(), st.integers(0, 2**32 - 1))
def test_the_names_of_strata_and_clusters_mean_nothing(survey: Survey, seed: int) -> None:
    random = np.random.default_rng(seed)
    renamed = replace(
        survey, stratum=random.permutation(50)[survey.stratum], cluster=random.permutation(50)[survey.cluster]
    )
    same(survey.estimates(), renamed.estimates())


@quickly
@given(surveys())
def test_swapping_waves_changes_signs_only(survey: Survey) -> None:
    forth, back = survey.estimates(), replace(survey, wave=1 - survey.wave).estimates()
    same(forth.changes.estimate, -back.changes.estimate)
    same(forth.changes.se, back.changes.se)
    same(forth.changes.df, back.changes.df)
    same(forth.tests, back.tests)
    same(forth.interactions, back.interactions)


@quickly
@given(surveys())
def test_exchanging_yes_and_no_changes_signs_only(survey: Survey) -> None:
    exchanged = np.where(survey.answers < 0, survey.answers, 1 - survey.answers).astype(np.int8)
    straight, turned = survey.estimates(), replace(survey, answers=exchanged).estimates()
    same(straight.changes.estimate, -turned.changes.estimate)
    same(straight.changes.se, turned.changes.se)
    same(straight.tests, turned.tests)


@quickly
@given(surveys(), st.sampled_from([1 / 64, 0.001, 3.0, 4096.0]))
def test_the_scale_of_weights_means_nothing(survey: Survey, factor: float) -> None:
    """Except for design effects against a finite population, which weights that count people allow."""
    one, other = survey.estimates(), replace(survey, weight=survey.weight * factor).estimates()
    for name in ("n", "x", "estimate", "se", "df", "likeness", "changes", "tests", "interactions"):
        same(getattr(one, name), getattr(other, name))


@quickly
@given(surveys())
def test_a_stratum_where_nobody_is_in_question_changes_nothing(survey: Survey) -> None:
    """A stratum whose people gave no answer stays in the design and adds nothing."""
    silent = np.arange(8)
    more = Survey(
        np.append(survey.weight, np.ones(8)), np.append(survey.stratum, np.full(8, 9)),
        np.append(survey.cluster, silent // 2), np.append(survey.wave, silent % 2), np.append(survey.part, silent % 3),
        np.concatenate([survey.answers, np.full((3, 8), -1, np.int8)], axis=1),
    )  # fmt: skip
    same(survey.estimates(), more.estimates())


@quickly
@given(surveys())
def test_everybody_at_equal_weight_in_own_cluster_is_a_simple_sample(survey: Survey) -> None:
    """se² = p(1 − p)/(n − 1) · n/(n − 1) · (n − 1)/n of the answers in a single wave, PSUs without an answer aside."""
    answers = np.abs(survey.answers)
    design = survey_design(np.ones(answers.shape[1]))
    one = np.zeros(design.rows, dtype=int)
    made = means(tally(answers, design, one, 1, one, 1), design)
    p, n = made.estimate, made.n
    same(made.se, np.sqrt(p * (1 - p) / (n - 1)))


@quickly
@given(surveys())
def test_rows_as_their_own_clusters_give_the_same_by_stratum_or_one_by_one(survey: Survey) -> None:
    one_by_one = survey_design(
        survey.weight, stratum=survey.stratum, cluster=np.arange(len(survey.weight)), lonely="adjust"
    )
    by_stratum = survey_design(survey.weight, stratum=survey.stratum, lonely="adjust")
    made = [
        estimate_survey(survey.answers, design, survey.wave, 2, [Grouping(survey.part, 3)], [(0, 1)])[0]
        for design in (one_by_one, by_stratum)
    ]
    same(replace(made[0], likeness=made[1].likeness), made[1])


def test_blocks_of_rows_and_of_indicators_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def made() -> list[PartEstimates]:
        design, wave = material.design("clusters"), material.survey()["wave"].to_numpy()
        groupings = [
            Grouping(material.codes("sex"), 2, np.array([[[1.0, -1], [-1, 1]]])),
            Grouping(material.codes("age"), 3),
        ]
        return [
            *estimate_survey(material.answers(), design, wave, 2, groupings, [(0, 1)]),
            *estimate_survey(material.numbers(), design, wave, 2, groupings, [(0, 1)]),
        ]

    at_once = made()
    monkeypatch.setattr(sufficient, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(sufficient, "_blocks", lambda rows, _: (slice(i, min(i + 7, rows)) for i in range(0, rows, 7)))
    monkeypatch.setattr(estimation, "BYTES_AT_ONCE", 1)
    for one, other in zip(at_once, made(), strict=True):
        same(one, other)


@quickly
@given(surveys(), st.integers(0, 2**32 - 1))
def test_the_rank_test_ignores_the_order_of_rows(survey: Survey, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(survey.weight))
    tests = [rank_test(some.part.astype(float), some.wave, some.design()) for some in (survey, survey.rows(order))]
    same(np.array([tests[0].statistic, tests[0].p]), np.array([tests[1].statistic, tests[1].p]))


@quickly
@given(surveys(), st.sampled_from(["rake", "raking", "linear", "post"]))
def test_calibration_meets_its_margins_and_keeps_known_means_fixed(survey: Survey, kind: str) -> None:
    """Once raked to the parts, the shares of the parts are known: their own standard error is 0."""
    margins = [Margin(survey.part, np.array([0.2, 0.5, 0.3])), Margin(survey.wave, np.array([0.4, 0.6]))]
    assume(np.bincount(survey.wave * 3 + survey.part, minlength=6).min() > 0)  # else the margins may not go together
    post = Margin(survey.part, np.array([0.2, 0.5, 0.3]))
    made = {
        "rake": lambda: rake(survey.weight, margins),
        "raking": lambda: calibrate(survey.weight, margins, "raking"),
        "linear": lambda: calibrate(survey.weight, [post]),
        "post": lambda: post_stratify(survey.weight, post),
    }[kind]()
    np.testing.assert_allclose(np.bincount(survey.part, made.weight), [0.2, 0.5, 0.3], rtol=1e-9)
    design = calibrated(survey.design(), made)
    one = np.zeros(design.rows, dtype=int)
    cells = cross([(one, 1), (made.cell, len(made.rows))], design.rows)
    in_part = (survey.part == np.arange(3)[:, None]).astype(np.int8)
    known = means(tally(in_part, design, one, 1, cells.of_row, cells.count), design, cells.part_of_cell[0], 1)
    np.testing.assert_allclose(known.estimate.ravel(), [0.2, 0.5, 0.3], rtol=1e-9)
    assert known.se.max() < (1e-4 if kind == "rake" else 1e-9)  # R's ten sweeps come close, regression is exact

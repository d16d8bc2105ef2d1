"""A design that cannot be analysed is refused in one sentence that says where; a hopeless part gets no number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.errors import DataError
from analysis.survey.calibration import Margin, calibrate, post_stratify, rake
from analysis.survey.design import Names, SurveyDesign, survey_design
from analysis.survey.errors import SENTENCES, SurveyError
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.inference import beta_interval, logit_interval, t_interval, t_test, wald_test
from analysis.survey.rao_scott import answers_by_wave, independence
from analysis.survey.regression import regress
from analysis.survey.replicate import jackknife, jackknife_replicates
from analysis.survey.sufficient import tally, tally_numbers

ONES = np.ones(6)
STRATA = np.array([0, 0, 0, 1, 1, 1])
CLUSTERS = np.array([0, 1, 2, 0, 1, 2])


def with_entry(values: Any, at: int, entry: float) -> Any:
    changed = np.array(values, dtype=np.array(values).dtype)
    changed[at] = entry
    return changed


@pytest.mark.parametrize(
    ("code", "named", "arguments"),
    [
        ("weight_missing", "rows 2", {"weight": with_entry(ONES, 1, np.nan)}),
        ("weight_infinite", "rows 6", {"weight": with_entry(ONES, 5, np.inf)}),
        ("weight_not_positive", "rows 1", {"weight": with_entry(ONES, 0, 0.0)}),
        ("weight_not_positive", "rows 3", {"weight": with_entry(ONES, 2, -1.0)}),
        ("stratum_missing", "rows 4", {"stratum": with_entry(STRATA, 3, -1)}),
        ("cluster_missing", "rows 5", {"cluster": with_entry(CLUSTERS, 4, -1)}),
        ("cluster_in_two_strata", "1, 2, 3", {"nested": False}),
        ("lonely_cluster", "strata 2", {"cluster": np.array([0, 1, 2, 0, 0, 0])}),
        ("one_cluster", "single", {"stratum": None, "cluster": np.zeros(6, int)}),
        ("fpc_unusable", "rows 2", {"fpc": with_entry(ONES * 10, 1, np.nan)}),
        ("fpc_unusable", "rows 3", {"fpc": with_entry(ONES * 10, 2, 0.0)}),
        ("fpc_varies", "strata 1", {"fpc": with_entry(ONES * 10, 1, 11.0)}),
        ("fpc_mixed", "share", {"fpc": np.where(STRATA == 0, 10.0, 0.5)}),
        ("fpc_too_small", "strata 1, 2", {"fpc": ONES * 2}),
        ("no_rows", "no row", {"weight": np.zeros(0), "stratum": None, "cluster": None}),
    ],
)
def test_a_faulty_design_is_refused_with_its_place(code: str, named: str, arguments: dict[str, Any]) -> None:
    given: dict[str, Any] = {"weight": ONES, "stratum": STRATA, "cluster": CLUSTERS} | arguments
    with pytest.raises(SurveyError) as refusal:
        survey_design(given.pop("weight"), **given)
    assert refusal.value.code == code
    assert named in str(refusal.value)
    assert isinstance(refusal.value, DataError)


def test_places_are_named_as_the_caller_names_them_and_only_the_first_few() -> None:
    rows = [f"form {number}" for number in range(40, 46)]
    with pytest.raises(SurveyError, match="rows form 40, form 41, form 42, form 43, form 44 …;"):
        survey_design(-ONES, names=Names(rows=rows))
    with pytest.raises(SurveyError, match="The strata النيل have a single cluster"):
        survey_design(ONES[:3], stratum=np.array([0, 0, 1]), names=Names(strata=["Delta", "النيل"]))
    with pytest.raises(SurveyError, match="The clusters A, B, C appear in more than one stratum"):
        survey_design(ONES, stratum=STRATA, cluster=CLUSTERS, nested=False, names=Names(clusters=["A", "B", "C"]))


def test_every_sentence_is_whole() -> None:
    assert all(sentence.endswith(".") and sentence.count(".") >= 1 for sentence in SENTENCES.values())


def test_mistakes_of_the_caller_are_not_blamed_on_the_data() -> None:
    with pytest.raises(ValueError, match="one entry for each weight"):
        survey_design(ONES, stratum=STRATA[:2])
    with pytest.raises(ValueError, match="lonely must be one of"):
        survey_design(ONES, lonely="ignore")  # type: ignore[arg-type]
    design, one = survey_design(ONES), np.zeros(6, dtype=int)
    with pytest.raises(ValueError, match="codes must lie between 0 and 0"):
        tally(np.zeros((1, 6), np.int8), design, one, 1, STRATA, 1)
    with pytest.raises(ValueError, match="one entry for each row"):
        tally(np.zeros((1, 6), np.int8), design, one[:2], 1, one, 1)


def test_an_infinite_score_is_refused() -> None:
    one = np.zeros(6, dtype=int)
    with pytest.raises(SurveyError, match="rows 3"):
        tally_numbers(with_entry(ONES, 2, np.inf)[None], survey_design(ONES), one, 1, one, 1)


def test_clusters_may_share_names_between_strata_and_are_counted_apart() -> None:
    design = survey_design(ONES, stratum=STRATA, cluster=CLUSTERS)
    assert (design.psus, design.df, design.reused_clusters.tolist()) == (6, 4, [0, 1, 2])


def test_new_clusters_at_each_wave_make_strata_of_their_own() -> None:
    wave = np.array([0, 1, 0, 1, 0, 1, 0, 1])
    place = {"stratum": np.zeros(8, int), "cluster": np.array([0, 0, 1, 1, 2, 2, 3, 3]), "wave": wave}
    same, new = (survey_design(np.ones(8), **place, clusters_in_waves=kind) for kind in ("same", "new"))
    assert (same.psus, same.strata, new.psus, new.strata) == (4, 1, 8, 2)


def test_a_stratum_drawn_whole_is_never_lonely() -> None:
    design = survey_design(ONES, stratum=np.array([0, 0, 0, 0, 0, 1]), fpc=np.array([50.0] * 5 + [1.0]))
    assert design.lonely_strata.size == 0


def made(answers: list[int], wave: list[int], design: SurveyDesign | None = None) -> PartEstimates:
    rows = len(wave)
    everybody = Grouping(np.zeros(rows, dtype=int), 1)
    design = design or survey_design(np.ones(rows))
    return estimate_survey(np.array([answers], np.int8), design, np.array(wave), 2, [everybody], [(0, 1)])[0]


def test_a_wave_without_an_answer_has_no_estimate_and_no_change() -> None:
    found = made([1, 0, -1, -1], [0, 0, 1, 1])
    assert found.n.ravel().tolist() == [2, 0]
    assert np.isnan(found.estimate[0, 1, 0]) and np.isnan(found.se[0, 1, 0])
    assert np.isnan([found.changes.estimate.item(), found.changes.se.item(), found.tests.p.item()]).all()


def test_answers_that_never_differ_have_neither_test_nor_interval() -> None:
    found = made([1, 1, 1, 1], [0, 0, 1, 1])
    assert found.changes.estimate.item() == 0 and found.changes.se.item() == 0
    change = found.changes.estimate, found.changes.se, found.changes.df
    assert np.isnan(t_interval(*change)).all() and np.isnan(t_test(*change)).all()
    assert np.isnan(found.tests.f.item())


def test_one_cluster_in_each_wave_shows_no_difference_between_clusters() -> None:
    """R gives a standard error of 0 and an interval of no width; here there is none."""
    design = survey_design(np.ones(8), cluster=np.array([0, 0, 0, 0, 1, 1, 1, 1]))
    found = made([1, 0, 0, 0, 1, 1, 1, 0], [0, 0, 0, 0, 1, 1, 1, 1], design)
    assert found.changes.estimate.item() == 0.5
    assert np.isnan(t_interval(found.changes.estimate, found.changes.se, found.changes.df)).all()


def test_proportions_of_0_and_1_have_the_beta_interval_only() -> None:
    p, se, df, n = np.array([0.0, 1.0]), np.zeros(2), np.array([9.0, 9.0]), np.array([10.0, 10.0])
    assert np.isnan(logit_interval(p, se, df)).all()
    low, high = beta_interval(p, se, df, n)
    assert low.tolist()[0] == 0 and high.tolist()[1] == 1
    np.testing.assert_allclose([high[0], 1 - low[1]], 1 - 0.025 ** (1 / 10))  # Clopper–Pearson


def test_no_degree_of_freedom_means_no_interval() -> None:
    design = survey_design(np.ones(4), stratum=np.array([0, 1, 2, 3]), lonely="adjust")
    found = made([1, 0, 1, 1], [0, 0, 1, 1], design)
    assert found.changes.df.item() == 0
    assert np.isnan(t_interval(found.changes.estimate, found.changes.se, found.changes.df)).all()


def test_a_joint_test_without_variance_or_with_an_unknown_is_unknown() -> None:
    theta, df = np.array([1.0, 2.0]), np.array(9.0)
    assert np.isnan(wald_test(theta, np.zeros((2, 2)), df)).all()
    assert np.isnan(wald_test(with_entry(theta, 0, np.nan), np.eye(2), df)).all()


@pytest.mark.parametrize(
    ("code", "y", "x"),
    [
        ("separated", [0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]),
        ("collinear", [0, 1, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1]),
        ("no_rows", [np.nan] * 6, [0, 0, 0, 1, 1, 1]),
    ],
)
def test_a_model_without_an_answer_says_why(code: str, y: list[float], x: list[float]) -> None:
    columns = np.stack([np.ones(6), x], axis=1)
    with pytest.raises(SurveyError) as refusal:
        regress(np.array(y, dtype=float), columns, survey_design(ONES), "logit")
    assert refusal.value.code == code


def test_margins_that_cannot_be_met_are_refused() -> None:
    first, second = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])
    weight, halves = np.ones(4), np.array([0.5, 0.5])
    for code, margins in {
        "raking_did_not_settle": [Margin(first, halves), Margin(second, np.array([0.4, 0.6]))],
        "targets_disagree": [Margin(first, halves), Margin(second, halves * 2)],
        "target_missing": [Margin(first, np.array([1.0, 0.0]))],
        "target_without_rows": [Margin(first, np.array([0.4, 0.4, 0.2]))],
    }.items():
        with pytest.raises(SurveyError) as refusal:
            rake(weight, margins)
        assert refusal.value.code == code
    with pytest.raises(ValueError, match="groups need one code for each weight"):
        post_stratify(weight, Margin(np.array([0, 0, 1, 2]), halves))


def test_linear_calibration_refuses_weights_below_0() -> None:
    weight, one, other = np.ones(5), np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 1])
    with pytest.raises(SurveyError) as refusal:
        calibrate(weight, [Margin(one, np.array([4.9, 0.1])), Margin(other, np.array([4.9, 0.1]))])
    assert refusal.value.code == "calibrated_not_positive"


def test_calibrated_designs_refuse_what_they_cannot_do() -> None:
    from analysis.survey.calibration import calibrated
    from analysis.survey.linearised import totals

    plain, one = survey_design(ONES), np.zeros(6, dtype=int)
    design = calibrated(plain, post_stratify(ONES, Margin(STRATA, np.array([1.0, 2.0]))))
    counted = tally(np.array([[0, 1, 0, 1, 1, 0]], np.int8), design, one, 1, STRATA, 2)
    for refused in (lambda: totals(counted, design), lambda: independence(answers_by_wave(counted, [0]), design)):
        with pytest.raises(ValueError, match="of a calibrated design"):
            refused()
    with pytest.raises(ValueError, match="crossed with those of the calibration"):
        tally(np.array([[0, 1, 0, 1, 1, 0]], np.int8), design, one, 1, one, 1)


def test_a_jackknife_needs_a_cluster_to_leave_out() -> None:
    design = survey_design(ONES[:2], stratum=np.array([0, 1]), lonely="remove")
    with pytest.raises(ValueError, match="no PSU can be left out"):
        jackknife(lambda sums: sums, np.ones((2, 1)), jackknife_replicates(design))

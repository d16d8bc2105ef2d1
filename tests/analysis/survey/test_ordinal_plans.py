"""Ordered answers of a sample through a plan: the tests beside the change of their mean are R's."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis import run
from tests.analysis.plans import indicator, plan
from tests.analysis.studies import assert_alike
from tests.analysis.survey.material import HERE, close, reference

FRAME = pd.read_csv(HERE / "survey.csv", dtype=str, keep_default_na=False)
DESIGN = {
    "waves": ["0", "1"], "weight": "weight", "stratum": "stratum", "cluster": "cluster", "clusters_in_waves": "same",
}  # fmt: skip


def beside(measure: str = "ordinal", frame: pd.DataFrame = FRAME, **design: Any) -> dict[str, dict[str, Any]]:
    asked = plan(design=DESIGN | design, indicators=[indicator("attitude", measure=measure)], by=["sex"])
    first, *parts = run(asked, frame).changes
    assert all(row["more_tests"] == [] for row in parts)  # they take time: over everybody alone
    return {test["method"]: test for test in first["more_tests"]}


def test_ranks_with_equal_weights_are_those_of_svyranktest() -> None:
    found, of_r = beside(weight=None)["survey_rank_test"], reference()["ranks"]["equal_weights"]
    close([found[key] for key in ("statistic", "df", "p")], [of_r[key] for key in ("statistic", "ddf", "p")])


def test_no_result_hangs_on_the_order_of_the_rows() -> None:
    assert_alike(beside(), beside(frame=FRAME.sample(frac=1, random_state=1)))


def test_levels_against_waves_are_those_of_svychisq() -> None:
    found, of_r = beside()["rao_scott_f"], reference()["designs"]["clusters"]["tables"]["attitude"]
    close([found[key] for key in ("statistic", "ndf", "ddf", "p")], [of_r[key] for key in ("f", "ndf", "ddf", "p")])


def test_scores_are_no_ordered_answers_and_answers_alike_have_no_test() -> None:
    assert beside("score") == {}
    assert beside(frame=FRAME.assign(attitude="3")) == {}


@pytest.mark.parametrize("wave", ["0", "1"])
def test_an_empty_wave_has_no_test(wave: str) -> None:
    assert beside(frame=FRAME.assign(attitude=FRAME["attitude"].where(FRAME["wave"] != wave, ""))) == {}

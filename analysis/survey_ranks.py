"""Ordered answers of samples: the rank test, and whether the levels are spread alike at both waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.plan import Plan
from analysis.rows import Row, number
from analysis.sampling import Sampling
from analysis.survey.arrays import Integers
from analysis.survey.design import SurveyDesign
from analysis.survey.errors import SurveyError
from analysis.survey.ranks import rank_test
from analysis.survey.rao_scott import independence, levels_by_wave
from analysis.survey.sufficient import tally
from analysis.survey_answers import Block

MOST_LEVELS = 20  # beyond which an ordered answer is no table


def ordinal_tests(
    plan: Plan, frame: CodedFrame, sampling: Sampling, blocks: Sequence[Block], waves: tuple[int, int]
) -> Iterator[tuple[int, list[Row]]]:
    """For every ordered answer, over everybody: its place among the indicators and its further tests.

    They rest on strata and clusters, of which replicate weights say nothing.
    """
    if sampling.design.replicates is not None:
        return
    group = np.where(frame.wave == waves[1], 1, np.where(frame.wave == waves[0], 0, -1))
    for block in blocks:
        for i, values in zip(block.which, block.answers, strict=True):
            known = (group >= 0) & ~np.isnan(values) if plan.indicators[i].measure == "ordinal" else group < -1
            if len(np.unique(group[known])) == 2 and len(np.unique(values[known])) > 1:
                yield i, [*_rank_tests(values, group, sampling.design), *_levels(values, group, sampling.design)]


def _rank_tests(values: Numbers, group: Integers, design: SurveyDesign) -> Iterator[Row]:
    """By middle ranks: R's svyranktest, which breaks ties of unequal weights by the order of the rows, tells no result
    that another order would not change."""
    try:
        made = rank_test(values, group, design, "midrank")
    except SurveyError:
        return
    if np.isfinite(made.p):
        about: Row = {"method": "survey_rank_test", "statistic": number(made.statistic), "df": made.ddf}
        yield about | {"p": number(made.p), "difference": number(made.differences[0])}


def _levels(values: Numbers, group: Integers, design: SurveyDesign) -> Iterator[Row]:
    known = (group >= 0) & ~np.isnan(values)
    present = np.unique(values[known])
    if len(present) > MOST_LEVELS:
        return
    chosen = np.where(known, values == present[:, None], -1).astype(np.int8)
    one = np.zeros(len(values), dtype=np.int64)
    counted = tally(chosen, design, np.maximum(group, 0), 2, one, 1)
    found = independence(levels_by_wave(counted, [0, 1]), design)
    if np.isfinite(found.p[0]):
        f: Row = {"method": "rao_scott_f", "statistic": number(found.f[0]), "p": number(found.p[0])}
        yield f | {"ndf": number(found.ndf[0]), "ddf": number(found.ddf[0])}

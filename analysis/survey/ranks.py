"""The design-based rank test: are answers on an ordered scale higher in one group, or at one wave, than another?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.survey.arrays import Floats, Integers
from analysis.survey.design import SurveyDesign
from analysis.survey.inference import t_test, wald_test
from analysis.survey.regression import regress

Ties = Literal["midrank", "row_order"]


@dataclass(frozen=True)
class RankTest:
    differences: Floats  # mean rank of each later group less that of group 0, ranks as fractions of the population
    statistic: float  # t for two groups, F for more
    ndf: int
    ddf: int
    p: float


def rank_test(y: Floats, group: Integers, design: SurveyDesign, ties: Ties = "midrank") -> RankTest:
    """Rank test of Lumley and Scott for two groups (Wilcoxon) or more (Kruskal–Wallis).

    Formula: every answer's rank is the estimated share of the population below it plus half of that at the same level;
    group means of the ranks are compared by linear regression on the group with design-based variance, on t (F) with
    PSUs − strata + 1 − groups degrees of freedom. ``group`` (rows,) is in 0 … groups−1, −1 for rows in none; NaN in y
    is missing. ``row_order`` repeats R's ``svyranktest``, whose ranks of tied answers with unequal weights depend on
    the order of the rows; without ties or with equal weights both agree. Errors: as ``regress``.
    Source: Lumley & Scott, *Biometrika* 100 (2013) 831–842.

    >>> from analysis.survey.design import survey_design
    >>> made = rank_test(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 0, 1, 1]), survey_design(np.ones(4)))
    >>> made.differences.round(6).tolist(), round(made.statistic, 6), made.ddf
    ([0.5], 3.464102, 2)
    """
    used = (group >= 0) & ~np.isnan(y)
    rank = np.full(len(y), np.nan)
    rank[used] = ranks(y[used], design.weight[used], ties)
    groups = int(group.max()) + 1
    columns = np.concatenate([np.ones((len(y), 1)), group[:, None] == np.arange(1, groups)], axis=1)
    made = regress(rank, columns, design, used=used)
    differences, covariance = made.coefficients[1:], made.covariance[1:, 1:]
    if groups == 2:
        t, p = t_test(differences[0], np.sqrt(covariance[0, 0]), np.array(made.df))
        return RankTest(differences, float(t), 1, made.df, float(p))
    f, _, p = wald_test(differences, covariance, np.array(made.df))
    return RankTest(differences, float(f), groups - 1, made.df, float(p))


def ranks(y: Floats, weight: Floats, ties: Ties = "midrank") -> Floats:
    """Estimated share of the population below each answer, plus half of that at the same level.

    >>> ranks(np.array([2.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])).tolist()
    [0.75, 0.25, 0.75]
    """
    _, level = np.unique(y, return_inverse=True)
    if ties == "midrank":
        at = np.bincount(level, weight)
        found: Floats = ((np.cumsum(at) - at / 2) / at.sum())[level]
        return found
    order = np.argsort(y, kind="stable")
    position = np.empty(len(y))
    position[order] = np.cumsum(weight[order]) - weight[order] / 2
    mean: Floats = (np.bincount(level, position) / np.bincount(level))[level] / weight.sum()
    return mean

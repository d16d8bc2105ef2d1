"""Rows of ``comparison`` in the keys of the contract, from arrays of answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Numbers
from analysis.means import MeanChange
from analysis.models.clustered import Codes, Kind
from analysis.models.differences import (
    INTERACTION,
    NO_INFERENCE,
    cluster_rule,
    did_columns,
    did_logit,
    did_of_cluster_means,
    difference_in_differences,
)
from analysis.models.resampling import Resampled, permutation_test, wild_cluster_bootstrap
from analysis.rows import Row, number, why_null
from analysis.survey.errors import SurveyError


@dataclass(frozen=True)
class TwoArms:
    """Answers of two groups at two waves, a row a person and wave, complete: no NaN."""

    y: Numbers
    treated: Numbers  # 1 with the activity, 0 without
    later: Numbers  # 1 at the later wave
    unit: Codes  # who belongs together: the cluster; the person; or a number for each row
    clustered: bool  # whether units are clusters of people
    binary: bool


def comparison_row(
    arms: TwoArms, seed: int, confidence: float = 0.95, *, kind: Kind = "CR2", first: str = "t", beside: bool = True
) -> Row:
    """One row of ``comparison`` without weights: the difference in differences by CR2 and what stands beside it.

    ``kind`` is the covariance of the clusters, ``first`` the beginning of the name of the test that is told (t
    where the data do not allow it). ``beside`` says whether other tests, which take time, are wanted.
    Below five clusters in a group the row has the difference and no inference (``too_few_clusters``). Where a wave of a
    group is empty it has no numbers and says why. Formula and source: ``differences.difference_in_differences``,
    ``resampling``. Units: fractions of 1, or those of the score. Errors: none.

    >>> y = np.array([0, 0, 1, 1, 0, 1, 0, 1.0]); later = np.array([0, 0, 1, 1] * 2, float)
    >>> arms = TwoArms(y, np.repeat([1.0, 0], 4), later, np.array([0, 1, 0, 1, 2, 3, 2, 3]), True, True)
    >>> row = comparison_row(arms, seed=1)
    >>> row["difference"], row["test"]["reason"], row["clusters"]["rule"]
    (1.0, 'too_few_clusters', 'no_inference')
    """
    row: Row = {"n": _people(arms)}
    rule = cluster_rule(arms.treated, arms.unit) if arms.clustered else None
    if rule:
        counts = {"with_activity": rule.with_activity, "without": rule.without}
        row["clusters"] = counts | {"rule": rule.rule, "smallest_p": rule.smallest_p}
    method = f"{kind.lower()}_satterthwaite"
    try:
        change = difference_in_differences(
            arms.y, arms.treated, arms.later, arms.unit, kind=kind, confidence=confidence
        )
    except SurveyError as error:
        return row | change_keys(_NOTHING, method, error.code) | {"more_tests": []}
    if rule and rule.rule == NO_INFERENCE:
        told = MeanChange(change.value, *[float("nan")] * 6)
        return row | change_keys(told, method, "too_few_clusters") | {"more_tests": []}
    row |= change_keys(change, method)
    others = list(_more_tests(arms, seed, confidence)) if beside or first != "t" else []
    chosen = next((test for test in others if test["method"].startswith(first)), None)
    if chosen is not None:
        others = [row["test"], *(test for test in others if test is not chosen)]
        row["test"] = chosen
    return row | {"more_tests": others}


_NOTHING = MeanChange(*[float("nan")] * 7)


def change_keys(change: MeanChange, method: str, reason: str = "nobody_differs") -> Row:
    """A difference with ``se``, ``df``, ``interval`` and ``test`` as every row of the contract holds them.

    >>> from analysis.means import mean_change
    >>> change_keys(mean_change(0.5, 0.25, 8), "welch")["test"]["statistic"]
    2.0
    """
    limits = {"low": number(change.low), "high": number(change.high), "method": method}
    test = {"method": method, "statistic": number(change.statistic), "p": number(change.p)}
    return {
        "difference": number(change.value),
        "se": number(change.se),
        "df": number(change.df),
        "interval": limits | why_null(change.low, reason),
        "test": test | why_null(change.p, reason),
    }


def estimated_test(change: MeanChange, method: str, reason: str = "nobody_differs") -> Row:
    """A test of ``more_tests`` with the difference that it tests, in a unit of its own perhaps.

    >>> from analysis.means import mean_change
    >>> row = estimated_test(mean_change(0.5, 0.25, 8), "welch")
    >>> row["method"], row["difference"], row["statistic"]
    ('welch', 0.5, 2.0)
    """
    keys = change_keys(change, method, reason)
    test: Row = keys.pop("test")
    return test | keys


def _people(arms: TwoArms) -> Row:
    def at(group: float, wave: float) -> int:
        here: NDArray[np.bool_] = (arms.treated == group) & (arms.later == wave)
        return int(here.sum())

    return {
        name: {"from": at(group, 0.0), "to": at(group, 1.0)}
        for name, group in (("with_activity", 1.0), ("without", 0.0))
    }


def _more_tests(arms: TwoArms, seed: int, confidence: float) -> Iterator[Row]:
    """Tests that ask the same in another way; one that the data do not allow is left out."""
    columns = arms.y, arms.treated, arms.later, arms.unit
    if arms.clustered and _whole_clusters(arms):
        yield _resampled("cluster_permutation", permutation_test(*columns, seed))
        x = did_columns(arms.treated, arms.later)
        yield _resampled("wild_cluster_bootstrap", wild_cluster_bootstrap(arms.y, x, arms.unit, INTERACTION, seed))
        yield estimated_test(did_of_cluster_means(*columns, confidence), "cluster_means_welch")
    if arms.binary:
        try:
            odds = did_logit(*columns, confidence=confidence)
        except SurveyError:
            return
        yield estimated_test(odds, "did_logit_cr2") | {"scale": "log_odds"}


def _whole_clusters(arms: TwoArms) -> bool:
    """Whether every cluster lies in one group, as exchanging clusters needs."""
    codes = np.unique(arms.unit, return_inverse=True)[1]
    with_activity = np.bincount(codes, weights=arms.treated)
    return bool(((with_activity == 0) | (with_activity == np.bincount(codes))).all())


def _resampled(name: str, found: Resampled) -> Row:
    how = "exact" if found.exact else "monte_carlo"
    return {"method": f"{name}_{how}", "statistic": number(found.statistic), "p": number(found.p)}

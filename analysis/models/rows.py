"""Rows of ``comparison`` and ``models`` in the keys of the contract, from arrays of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Numbers
from analysis.means import MeanChange
from analysis.models.clustered import Codes
from analysis.models.differences import (
    INTERACTION,
    NO_INFERENCE,
    cluster_rule,
    did_columns,
    did_logit,
    did_of_cluster_means,
    difference_in_differences,
)
from analysis.models.mixed import MixedModel, mixed_logistic
from analysis.models.panel import Contrast, PanelModel, contrast, gee_logit, normal_contrast, share
from analysis.models.resampling import Resampled, permutation_test, wild_cluster_bootstrap
from analysis.rows import Row, number, why_null
from analysis.survey.errors import SurveyError


@dataclass(frozen=True)
class Arms:
    """Answers of two groups at two waves, a row a person and wave, complete: no NaN."""

    y: Numbers
    treated: Numbers  # 1 with the activity, 0 without
    later: Numbers  # 1 at the later wave
    unit: Codes  # who belongs together: the cluster; the person; or a number for each row
    clustered: bool  # whether units are clusters of people
    binary: bool


def comparison_row(arms: Arms, seed: int, confidence: float = 0.95, *, beside: bool = True) -> Row:
    """One row of ``comparison`` without weights: the difference in differences by CR2 and what stands beside it.

    ``beside`` says whether ``more_tests``, which take time, are wanted (for everybody, hardly for every part).
    Below five clusters in a group the row has the difference and no inference (``too_few_clusters``). Where a wave of a
    group is empty it has no numbers and says why. Formula and source: ``differences.difference_in_differences``,
    ``resampling``. Units: fractions of 1, or those of the score. Errors: none.

    >>> y = np.array([0, 0, 1, 1, 0, 1, 0, 1.0]); later = np.array([0, 0, 1, 1] * 2, float)
    >>> arms = Arms(y, np.repeat([1.0, 0], 4), later, np.array([0, 1, 0, 1, 2, 3, 2, 3]), True, True)
    >>> row = comparison_row(arms, seed=1)
    >>> row["difference"], row["test"]["reason"], row["clusters"]["rule"]
    (1.0, 'too_few_clusters', 'no_inference')
    """
    row: Row = {"n": _people(arms)}
    rule = cluster_rule(arms.treated, arms.unit) if arms.clustered else None
    if rule:
        counts = {"with_activity": rule.with_activity, "without": rule.without}
        row["clusters"] = counts | {"rule": rule.rule, "smallest_p": rule.smallest_p}
    try:
        change = difference_in_differences(arms.y, arms.treated, arms.later, arms.unit, confidence=confidence)
    except SurveyError as error:
        return row | change_keys(_NOTHING, "cr2_satterthwaite", error.code) | {"more_tests": []}
    if rule and rule.rule == NO_INFERENCE:
        told = MeanChange(change.value, *[float("nan")] * 6)
        return row | change_keys(told, "cr2_satterthwaite", "too_few_clusters") | {"more_tests": []}
    return (
        row | change_keys(change, "cr2_satterthwaite") | {"more_tests": list(_more_tests(arms, seed)) if beside else []}
    )


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


def panel_rows(y: Numbers, wave: Codes, person: Codes, waves: Sequence[str], confidence: float = 0.95) -> list[Row]:
    """Rows of ``models`` for a yes/no answer of the same people: GEE over all who answered, and the mixed model.

    ``wave`` counts from 0 along ``waves``. Each row has the log-odds against the first wave with odds ratios and
    intervals; GEE also the share at each wave. Where a wave is all yes or all no there is a reason in place of numbers.
    Formula and source: ``panel.gee_logit``, ``mixed.mixed_logistic``. Errors: none.

    >>> y = np.array([0.0, 1, 0, 0, 1, 1, 0, 1, 1]); wave = np.array([0, 1] * 4 + [1])
    >>> rows = panel_rows(y, wave, np.array([0, 0, 1, 1, 2, 2, 3, 3, 4]), ["before", "after"])
    >>> [row["model"] for row in rows], round(rows[0]["terms"][0]["odds_ratio"], 3)
    (['gee_logit_exchangeable', 'mixed_logistic_agq'], 10.8)
    """
    x = (wave[:, None] == np.arange(len(waves))).astype(np.float64)
    x[:, 0] = 1
    rows: list[Row] = []
    for name in ("gee_logit_exchangeable", "mixed_logistic_agq"):
        about: Row = {"model": name, "scale": "log_odds", "baseline": waves[0], "answers": len(y)}
        try:
            made = gee_logit(y, x, person) if name.startswith("gee") else mixed_logistic(y, x, person)
        except SurveyError as error:
            rows.append(about | {"terms": [], "reason": error.code})
            continue
        found = _gee(made, waves, confidence) if isinstance(made, PanelModel) else _mixed(made, waves, confidence)
        rows.append(about | found)
    return rows


def _gee(made: PanelModel, waves: Sequence[str], confidence: float) -> Row:
    shares = []
    for place, wave in enumerate(waves):
        row = np.zeros(len(waves))
        row[[0, place]] = 1
        one = share(made, row, confidence)
        shares.append({"wave": wave, "estimate": one.value, "se": one.se, "low": one.low, "high": one.high})
    found = [contrast(made, row, confidence) for row in np.eye(len(waves))[1:]]
    extra = {"persons": made.persons, "working_correlation": made.alpha, "shares": shares}
    return {"terms": _terms(waves, found)} | extra


def _mixed(made: MixedModel, waves: Sequence[str], confidence: float) -> Row:
    values, variances = made.coefficients[1:], np.diag(made.covariance)[1:]
    found = [normal_contrast(float(v), float(s), confidence) for v, s in zip(values, variances, strict=True)]
    return {"terms": _terms(waves, found), "persons": made.groups, "sd": made.sd, "icc": made.likeness}


def _terms(waves: Sequence[str], found: list[Contrast]) -> list[Row]:
    rows: list[Row] = []
    for wave, one in zip(waves[1:], found, strict=True):
        with np.errstate(over="ignore"):
            ratio, low, high = np.exp([one.value, one.low, one.high])
        tested: Row = {"value": one.value, "se": one.se, "statistic": number(one.z), "p": number(one.p)}
        limits = {"low": number(low), "high": number(high), "method": "wald"}
        rows.append(tested | {"wave": wave, "odds_ratio": number(ratio), "interval": limits})
    return rows


def _people(arms: Arms) -> Row:
    def at(group: float, wave: float) -> int:
        here: NDArray[np.bool_] = (arms.treated == group) & (arms.later == wave)
        return int(here.sum())

    return {
        name: {"from": at(group, 0.0), "to": at(group, 1.0)}
        for name, group in (("with_activity", 1.0), ("without", 0.0))
    }


def _more_tests(arms: Arms, seed: int) -> Iterator[Row]:
    """Tests that ask the same in another way; one that the data do not allow is left out."""
    columns = arms.y, arms.treated, arms.later, arms.unit
    if arms.clustered and _whole_clusters(arms):
        yield _resampled("cluster_permutation", permutation_test(*columns, seed))
        x = did_columns(arms.treated, arms.later)
        yield _resampled("wild_cluster_bootstrap", wild_cluster_bootstrap(arms.y, x, arms.unit, INTERACTION, seed))
        means = did_of_cluster_means(*columns)
        yield {"method": "cluster_means_welch", "statistic": number(means.statistic), "p": number(means.p)}
    if arms.binary:
        try:
            odds = did_logit(*columns)
        except SurveyError:
            return
        yield {"method": "did_logit_cr2", "statistic": number(odds.statistic), "p": number(odds.p)}


def _whole_clusters(arms: Arms) -> bool:
    """Whether every cluster lies in one group, as exchanging clusters needs."""
    codes = np.unique(arms.unit, return_inverse=True)[1]
    with_activity = np.bincount(codes, weights=arms.treated)
    return bool(((with_activity == 0) | (with_activity == np.bincount(codes))).all())


def _resampled(name: str, found: Resampled) -> Row:
    how = "exact" if found.exact else "monte_carlo"
    return {"method": f"{name}_{how}", "statistic": number(found.statistic), "p": number(found.p)}

"""Rows of ``comparison`` of a sample with weights or strata: the difference in differences as one contrast."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.arms import Arms
from analysis.cluster_rows import values_of
from analysis.comparison_rows import about_comparison, judged_comparisons
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.means import MeanChange, mean_change
from analysis.models.differences import INTERACTION, did_columns
from analysis.models.rows import change_keys
from analysis.plan import Plan
from analysis.rows import Row, number
from analysis.sampling import Sampling
from analysis.survey.errors import SurveyError
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.regression import regress

Hidden = NDArray[np.bool_]
Codes = NDArray[np.int64]


def survey_comparison_rows(
    plan: Plan, frame: CodedFrame, sampling: Sampling, waves: tuple[int, int], hidden: Mapping[str, Hidden]
) -> list[Row]:
    """For every arm with the activity, indicator and part; ``hidden`` says of each arm what of its changes is hidden.

    Linearised variance of all four cells together, so that a cluster at both waves, or with people of both arms, counts
    once; t on clusters − strata. Over everybody the same on log-odds stands beside (R: ``svyglm`` quasibinomial).
    """
    arms = frame.arms
    if arms is None:
        return []
    values = np.stack(list(values_of(plan, frame)))
    rows: list[Row] = []
    for arm, name in enumerate(arms.names):
        if arm != arms.comparison:
            out = (hidden[name] | hidden[arms.names[arms.comparison]]).ravel()
            rows += judged_comparisons(plan, _of_arm(plan, frame, sampling, waves, values, arms, arm), out)
    return rows


def _of_arm(
    plan: Plan,
    frame: CodedFrame,
    sampling: Sampling,
    waves: tuple[int, int],
    values: Numbers,
    arms: Arms,
    arm: int,
) -> list[Row]:
    used = np.isin(arms.of_row, (arm, arms.comparison)) & np.isin(frame.wave, waves)
    treated = (arms.of_row == arm).astype(np.int64)
    groupings = [_grouping(split.of_row, len(split.segments), treated, waves, plan) for split in frame.partitions]
    masked = np.where(used, values, np.nan)
    made = estimate_survey(masked, sampling.design, frame.wave, len(plan.design.waves), groupings, [])
    clusters = _clusters(sampling, treated, used)
    rows = []
    for i, indicator in enumerate(plan.indicators):
        for found, split in zip(made, frame.partitions, strict=True):
            for part, segment in enumerate(split.segments):
                row: Row = about_comparison(plan, indicator, waves, arms, arm, segment) | {
                    "n": _people(found, i, part, waves)
                }
                row |= clusters | change_keys(_change(found, (i, part), plan.confidence), "linearised_t", "no_answers")
                beside = not split.columns and indicator.binary
                row["more_tests"] = _log_odds(plan, frame, sampling, masked[i], treated, waves) if beside else []
                rows.append(row)
    return rows


def _grouping(part: Codes, parts: int, treated: Codes, waves: tuple[int, int], plan: Plan) -> Grouping:
    """Parts crossed with the two arms, and for each part the contrast (later − earlier) with less without activity."""
    contrasts = np.zeros((parts, len(plan.design.waves), 2 * parts))
    places = np.arange(parts)
    for wave, sign in zip(waves, (-1.0, 1.0), strict=True):
        contrasts[places, wave, 2 * places + 1] = sign
        contrasts[places, wave, 2 * places] = -sign
    return Grouping(part * 2 + treated, 2 * parts, contrasts)


def _change(found: PartEstimates, place: tuple[int, int], confidence: float) -> MeanChange:
    value, se, df = (
        float(array[place]) for array in (found.contrasts.estimate, found.contrasts.se, found.contrasts.df)
    )
    return mean_change(value, se, df, confidence)


def _people(found: PartEstimates, i: int, part: int, waves: tuple[int, int]) -> Row:
    groups = (("with_activity", 2 * part + 1), ("without", 2 * part))
    ends = tuple(zip(("from", "to"), waves, strict=True))
    return {name: {end: int(found.n[i, wave, cell]) for end, wave in ends} for name, cell in groups}


def _clusters(sampling: Sampling, treated: Codes, used: NDArray[np.bool_]) -> Row:
    psu = sampling.design.psu
    if psu is None:
        return {}
    counts = (len(np.unique(psu[used & (treated == group)])) for group in (1, 0))
    return {"clusters": dict(zip(("with_activity", "without"), counts, strict=True))}


def _log_odds(
    plan: Plan, frame: CodedFrame, sampling: Sampling, values: Numbers, treated: Codes, waves: tuple[int, int]
) -> list[Row]:
    later = (frame.wave == waves[1]).astype(np.float64)
    x = did_columns(treated.astype(np.float64), later)
    try:
        fit = regress(values, x, sampling.design, "logit")
    except SurveyError:
        return []
    odds = mean_change(float(fit.coefficients[INTERACTION]), float(fit.se[INTERACTION]), fit.df, plan.confidence)
    keys = change_keys(odds, "svyglm_logit")
    test: Row = keys.pop("test")
    return [test | keys | {"scale": "log_odds", "odds_ratio": number(np.exp(odds.value))}]

"""Rows of ``comparison`` of a sample with weights or strata: the difference in differences as one contrast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.arms import Arms
from analysis.comparison_rows import about_comparison, judged_comparisons
from analysis.frame import CodedFrame
from analysis.means import mean_change
from analysis.models.rows import estimated_test
from analysis.plan import Plan
from analysis.rows import Row, number
from analysis.sampling import Sampling
from analysis.survey.estimation import Grouping, PartEstimates
from analysis.survey_answers import Found, answer_blocks, complete, estimated, with_earlier_weights
from analysis.survey_keys import difference_keys

Hidden = NDArray[np.bool_]
Codes = NDArray[np.int64]
CELLS = 4  # two arms at two waves, each a coefficient of a regression


def survey_comparison_rows(
    plan: Plan, frame: CodedFrame, sampling: Sampling, waves: tuple[int, int], hidden: Mapping[str, Hidden]
) -> list[Row]:
    """For every arm with the activity, indicator and part; ``hidden`` says of each arm what of its changes is hidden.

    Linearised variance of all four cells together, so that a cluster at both waves, or with people of both arms, counts
    once; t on clusters − strata. The coefficients of linear and logistic regressions stand beside (R: ``svyglm``).
    Of the same people those count who answered at both waves; where interviewers are known, the larger variance.
    """
    arms = frame.arms
    if arms is None:
        return []
    rows: list[Row] = []
    for arm, name in enumerate(arms.names):
        if arm != arms.comparison:
            out = (hidden[name] | hidden[arms.names[arms.comparison]]).ravel()
            rows += judged_comparisons(plan, _of_arm(plan, frame, sampling, waves, arms, arm), out)
    return rows


def linearised_beside(rows: list[Row], sampled: list[Row]) -> list[Row]:
    """Rows of clusters without weights, told by CR2, with the linearised difference of the same rows beside."""
    told = []
    for row, other in zip(rows, sampled, strict=True):
        if row["interval"]["low"] is not None and other["interval"]["low"] is not None:
            test = other["test"] | {key: other[key] for key in ("difference", "se", "df", "interval")}
            row = row | {"more_tests": [*row["more_tests"], test]}
        told.append(row)
    return told


def _of_arm(
    plan: Plan, frame: CodedFrame, sampling: Sampling, waves: tuple[int, int], arms: Arms, arm: int
) -> list[Row]:
    used = np.isin(arms.of_row, (arm, arms.comparison)) & np.isin(frame.wave, waves)
    treated = (arms.of_row == arm).astype(np.int64)
    groupings = [_grouping(split.of_row, len(split.segments), treated, waves, plan) for split in frame.partitions]
    found = _found(plan, frame, sampling, waves, used, groupings)
    rows = []
    for i, indicator in enumerate(plan.indicators):
        at = found[i].at
        for made, split in zip(found[i].made, frame.partitions, strict=True):
            for part, segment in enumerate(split.segments):
                row: Row = about_comparison(plan, indicator, waves, arms, arm, segment)
                people = _people(made, at, part, waves)
                fewest = min(count for group in people.values() for count in group.values())
                row |= {"n": people} | _clusters(plan, sampling, treated, used)
                row |= difference_keys(made.contrasts, (at, part), plan.methods.sample_test, plan.confidence, fewest)
                row["more_tests"] = list(_regressions(made, (at, part), plan.confidence)) if fewest > 1 else []
                rows.append(row)
    return rows


def _found(
    plan: Plan,
    frame: CodedFrame,
    sampling: Sampling,
    waves: tuple[int, int],
    used: NDArray[np.bool_],
    groupings: list[Grouping],
) -> dict[int, Found]:
    """The estimates of every indicator; of the same people on those who answered at both waves."""
    found: dict[int, Found] = {}
    drawn = with_earlier_weights(sampling, frame, waves) if plan.design.paired else sampling
    for block in answer_blocks(plan, frame, used):
        answers = complete(block, frame, waves) if plan.design.paired else block
        found |= estimated(answers, frame, drawn, len(plan.design.waves), groupings, [])
    return found


def _grouping(part: Codes, parts: int, treated: Codes, waves: tuple[int, int], plan: Plan) -> Grouping:
    """Parts crossed with the two arms, and for each part the contrast (later − earlier) with less without activity."""
    contrasts = np.zeros((parts, len(plan.design.waves), 2 * parts))
    places = np.arange(parts)
    for wave, sign in zip(waves, (-1.0, 1.0), strict=True):
        contrasts[places, wave, 2 * places + 1] = sign
        contrasts[places, wave, 2 * places] = -sign
    return Grouping(part * 2 + treated, 2 * parts, contrasts)


def _people(found: PartEstimates, i: int, part: int, waves: tuple[int, int]) -> Row:
    groups = (("with_activity", 2 * part + 1), ("without", 2 * part))
    ends = tuple(zip(("from", "to"), waves, strict=True))
    return {name: {end: int(found.n[i, wave, cell]) for end, wave in ends} for name, cell in groups}


def _clusters(plan: Plan, sampling: Sampling, treated: Codes, used: NDArray[np.bool_]) -> Row:
    psu = sampling.design.psu
    if psu is None or plan.design.cluster is None:
        return {}
    counts = (len(np.unique(psu[used & (treated == group)])) for group in (1, 0))
    return {"clusters": dict(zip(("with_activity", "without"), counts, strict=True))}


def _regressions(made: PartEstimates, place: tuple[int, int], confidence: float) -> Iterator[Row]:
    """The same as the interaction of arm and wave in R's ``svyglm``, on its degrees of freedom; also on log-odds."""
    for name, found in (("svyglm_identity", made.contrasts), ("svyglm_logit", made.contrasts_of_odds)):
        value, se, df = (float(array[place]) for array in (found.estimate, found.se, found.df))
        if np.isfinite(value) and se > 0:
            change = mean_change(value, se, df + 1 - CELLS, confidence)
            odds = {"scale": "log_odds", "odds_ratio": number(np.exp(value))} if name == "svyglm_logit" else {}
            yield estimated_test(change, name, "too_few_clusters") | odds

"""Rows of ``retention`` of sampled people: what is left at a follow-up of the gain that a population made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.followup import about_retention, margin_for, places_of_retention
from analysis.frame import CodedFrame
from analysis.means import MeanChange, mean_change
from analysis.noninferiority import equivalence, noninferiority_of_mean
from analysis.retention import KeptShare, kept_of_gain
from analysis.retention_keys import Goal, Kept, beside_test, retention_keys
from analysis.rows import Row, hidden_below
from analysis.survey.variance import df_of_rows
from analysis.survey.wave_means import WaveMeans
from analysis.survey_rows import SurveyRows
from analysis.windows import months_gone_by


def survey_retention_rows(sample: SurveyRows, group: CodedFrame, waves: list[int]) -> list[Row]:
    """One row for every indicator of separate samples, in the keys of ``followup_rows.retention_row``.

    All differences are linearised changes on t with PSUs − strata; non-inferiority is P(T ≥ (difference + margin)/se),
    turned where lower is better; the share kept has Fieller's set from the covariance of the three means. Source:
    Fieller (1954); Lumley, *Complex Surveys* (2010), §2. Units: fractions of 1, or points of the score. ``group`` is
    the frame of those spoken of. Errors: none; without a margin there is no verdict.
    """
    plan, frame = sample.plan, sample.frame
    places, kept = places_of_retention(plan, waves), plan.retention
    if kept is None or not places:
        return []
    months = months_gone_by(plan, group, *places[1:])
    there, rows = np.isin(frame.wave, places), []
    for i, indicator in enumerate(plan.indicators):
        means, goal = sample.means(i), Goal(margin_for(indicator), kept.keep_share)
        block = next(block for block in sample.blocks if i in block.which)
        df = float(df_of_rows(sample.sampling.design, there & block.answered[block.which.index(i)]))
        if sample.sampling.enumerators:  # whose variance rests on fewer degrees of freedom than all three waves have
            df = min(df, float(np.nanmin(means.df_of_change[np.ix_(places, places)])))
        found = _kept(means, places, goal.margin, df, indicator.better, plan.confidence, plan.methods.sample_test)
        row = about_retention(plan, indicator, months) | retention_keys(found, goal, None, indicator.better)
        rows.append(hidden_below(row, int(means.n[places].min()), plan.suppress_below))
    return rows


def _kept(
    means: WaveMeans, places: list[int], margin: float | None, df: float, better: str, confidence: float, method: str
) -> Kept:
    base, after, late = places
    gain, since, remains = (_change(means, *pair, confidence) for pair in ((base, after), (after, late), (base, late)))
    limit, sign = float("nan") if margin is None else margin, -1.0 if better == "lower" else 1.0
    turned = since if sign > 0 else _turned(since)
    found = replace(noninferiority_of_mean(turned, limit), method=f"{method}_noninferiority")
    found = replace(found, difference=since.value, low=since.low, high=since.high)
    up, left = ((change.value, change.low, change.high, method) for change in (gain, remains))
    beside = [] if margin is None else [beside_test("tost", float("nan"), equivalence(since, limit, confidence).p)]
    return Kept(int(means.n[[after, late]].min()), found, up, left, _share(means, places, df, confidence), beside)


def _change(means: WaveMeans, earlier: int, later: int, confidence: float) -> MeanChange:
    """later − earlier; no limits and no test where clusters do not differ."""
    value = float(means.estimate[later] - means.estimate[earlier])
    se, df = float(means.se_of_change[earlier, later]), float(means.df_of_change[earlier, later])
    return mean_change(value, se, df if se > 0 else float("nan"), confidence)


def _turned(change: MeanChange) -> MeanChange:
    return replace(change, value=-change.value, low=-change.high, high=-change.low)


def _share(means: WaveMeans, places: list[int], df: float, confidence: float) -> KeptShare:
    """What was kept and gained, with their covariance from the variances of the three differences.

    Formula: cov(late − base, after − base) = (V(late − base) + V(after − base) − V(late − after))/2.
    """
    base, after, late = places
    kept, gain = (float(means.estimate[wave] - means.estimate[base]) for wave in (late, after))
    v_kept, v_gain, v_since = (
        float(means.se_of_change[pair]) ** 2 for pair in ((base, late), (base, after), (after, late))
    )
    reach = float(np.sqrt(v_kept * v_gain))  # which only joined variances of interviewers can pass
    both = float(np.clip((v_kept + v_gain - v_since) / 2, -reach, reach))
    covariance = np.array([[v_kept, both], [both, v_gain]])
    fewest = min(float(means.n[wave]) for wave in places)
    return kept_of_gain(kept, gain, covariance, int(fewest), df, confidence)

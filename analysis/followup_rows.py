"""Rows of ``retention`` and ``attrition`` in the keys of the contract, from arrays of answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis import attrition, means, paired
from analysis.clustered_pairs import FEWEST_CLUSTERS, Codes, by_cluster, linearised
from analysis.independent import TwoSamples, newcombe
from analysis.intervals import Bounds, Numbers
from analysis.means import MeanChange
from analysis.noninferiority import (
    NonInferiority,
    equivalence,
    noninferiority_of_mean,
    noninferiority_of_pairs,
    noninferiority_of_samples,
)
from analysis.paired import PairedTable
from analysis.retention import KeptShare, share_kept, share_kept_of_samples
from analysis.retention_keys import Change, Goal, Kept, beside_test, interval_keys, retention_keys
from analysis.rounding import differences
from analysis.rows import Row, number, why_null
from analysis.survey.errors import SurveyError

NAN = float("nan")


@dataclass(frozen=True)
class ThreeWaves:
    """One indicator at the three waves of a retention. The same people: (people,) each, NaN where missing."""

    baseline: Numbers
    after: Numbers
    followup: Numbers
    binary: bool
    better: str
    paired: bool = True  # else separate samples, without NaN, of any length each
    cluster: Codes | None = None
    stratum: Codes | None = None

    @property
    def clustered(self) -> bool:
        return self.cluster is not None and len(np.unique(self.cluster)) >= FEWEST_CLUSTERS


def retention_row(waves: ThreeWaves, goal: Goal, found_share: float, confidence: float = 0.95) -> Row:
    """One row of ``retention``: follow-up against after, against baseline, the share kept and the verdict.

    ``found_share`` is the share of those seen at the wave after who were seen again; separate samples have none (1
    here). Default methods: Tango for pairs, Miettinen–Nurminen for separate samples, t for scores and between six or
    more clusters. Source: the functions of ``noninferiority`` and ``retention``. Units: fractions of 1, or points of
    the score. Errors: none; without a margin there is no verdict.

    >>> before, after = np.repeat([0.0, 0, 0, 1], 20), np.repeat([1.0, 1, 0, 1], 20)
    >>> row = retention_row(ThreeWaves(before, after, after.copy(), True, "higher"), Goal(0.1), 0.9)
    >>> row["difference"], row["verdict"], row["share_kept"]["value"]
    (0.0, 'retained', 1.0)
    """
    margin = NAN if goal.margin is None else goal.margin
    gain, remains = (_change(waves, later, waves.baseline, confidence) for later in (waves.after, waves.followup))
    since = _since(waves, margin, confidence)
    beside = [] if goal.margin is None else _beside(waves, margin, confidence)
    found = Kept(_people(waves), since, gain, remains, _share(waves, confidence), beside)
    return retention_keys(found, goal, found_share if waves.paired else None, waves.better)


def attrition_row(
    earlier: Numbers,
    later: Numbers,
    *,
    binary: bool,
    arm: Codes | None = None,
    covariates: Numbers | None = None,
    cluster: Codes | None = None,
    confidence: float = 0.95,
) -> Row:
    """One row of ``attrition``: who answered at baseline and was lost, and the change with them in mind.

    ``by_answer`` groups people by their answer (no, yes), or by a score at or below and above the median. Weights rest
    on the baseline answer, the arm and any ``covariates`` (people, c). Bounds are of the change of all who answered at
    baseline; those of scores lie between the lowest and the highest seen. Source: the functions of ``attrition``.
    Units: fractions of 1, or points. Shapes: (people,) each, NaN where missing. Errors: none; what cannot be worked out
    is null with a reason.

    >>> earlier = np.repeat([0.0, 1], 20); later = np.where(np.arange(40) % 4 < 3, 1.0, 0.0)
    >>> later[[1, 5, 9, 22]] = np.nan
    >>> row = attrition_row(earlier, later, binary=True)
    >>> row["n"], row["found"], round(row["weighted"]["difference"], 4), row["bounds"]["low"]
    (40, 36, 0.2214, 0.15)
    """
    there = ~np.isnan(earlier)
    before, after = earlier[there], later[there]
    found = ~np.isnan(after)
    arms = None if arm is None else arm[there]
    extra = [] if arms is None else [arms.astype(np.float64)]
    extra += [] if covariates is None else list(covariates[there].T)
    groups = None if cluster is None else cluster[there]
    answer = before > (0.5 if binary or not len(before) else float(np.median(before)))
    return {
        "n": len(before),
        "found": int(found.sum()),
        "share_lost": number(1 - found.mean()) if len(before) else None,
        "by_answer": loss_keys(attrition.loss_by_group(answer.astype(np.int64), found)),
        "by_arm": None if arms is None else loss_keys(attrition.loss_by_group(arms, found)),
        "complete_pairs": number(float((after - before)[found].mean())) if found.any() else None,
        "weighted": _weighted(before, after, [np.ones(len(before)), before, *extra], groups, confidence),
        "bounds": _bounds(before, after, binary, confidence),
    }


def _change(waves: ThreeWaves, later: Numbers, earlier: Numbers, confidence: float) -> Change:
    """A difference with the default interval of its design."""
    if not waves.paired:
        if waves.binary:
            samples = _samples(later, earlier)
            return _of_share(samples.difference, newcombe(samples, confidence), "newcombe")
        return _of_mean(means.welch(later, earlier, confidence), "welch")
    if waves.binary and not waves.clustered:
        table = paired_table(earlier, later)
        return _of_share(table.difference, paired.newcombe10(table, confidence), "newcombe10")
    return _of_mean(*_mean_of_pairs(waves, differences(later, earlier), confidence))


def _since(waves: ThreeWaves, margin: float, confidence: float) -> NonInferiority:
    """Follow-up against after and the margin, worked out with up as the better side and turned back."""
    sign = -1.0 if waves.better == "lower" else 1.0
    if waves.binary and not waves.clustered:
        later, earlier = (answers if sign > 0 else 1 - answers for answers in (waves.followup, waves.after))
        if waves.paired:
            found = noninferiority_of_pairs(paired_table(earlier, later), margin, confidence)
        else:
            found = noninferiority_of_samples(_samples(later, earlier), margin, confidence)
    else:
        if waves.paired:
            change, name = _mean_of_pairs(waves, sign * differences(waves.followup, waves.after), confidence)
        else:
            change, name = means.welch(sign * waves.followup, sign * waves.after, confidence), "welch"
        found = replace(noninferiority_of_mean(change, margin), method=f"{name}_noninferiority")
    if sign > 0:
        return found
    return replace(found, difference=-found.difference, low=-found.high, high=-found.low)


def _beside(waves: ThreeWaves, margin: float, confidence: float) -> list[Row]:
    """The same question by another test: for separate samples Farrington and Manning's; for means whether follow-up
    and after are equivalent (TOST), which a large further gain is not."""
    sign = -1.0 if waves.better == "lower" else 1.0
    if waves.binary and not waves.clustered:
        if waves.paired:
            return []
        later, earlier = (answers if sign > 0 else 1 - answers for answers in (waves.followup, waves.after))
        other = noninferiority_of_samples(_samples(later, earlier), margin, confidence, "farrington_manning")
        return [beside_test(other.method, other.statistic, other.p)]
    if waves.paired:
        change, _name = _mean_of_pairs(waves, differences(waves.followup, waves.after), confidence)
    else:
        change = means.welch(waves.followup, waves.after, confidence)
    return [beside_test("tost", NAN, equivalence(change, margin, confidence).p)]


def paired_table(earlier: Numbers, later: Numbers) -> PairedTable:
    """The counts of complete pairs of yes/no answers.

    >>> paired_table(np.array([0.0, 1, np.nan]), np.array([1.0, 1, 1])).no_yes.item()
    1.0
    """
    there = ~(np.isnan(earlier) | np.isnan(later))
    cells = np.bincount((2 * earlier[there] + later[there]).astype(np.int64), minlength=4)
    return PairedTable.of(*cells[[3, 2, 1, 0]])


def _mean_of_pairs(waves: ThreeWaves, changes: Numbers, confidence: float) -> tuple[MeanChange, str]:
    there = ~np.isnan(changes)
    if waves.cluster is None or not waves.clustered:
        return means.mean(changes[there], confidence), "paired_t"
    stratum = None if waves.stratum is None else waves.stratum[there]
    return linearised(by_cluster(changes[there], waves.cluster[there], stratum), confidence), "linearised_t"


def _of_share(difference: Numbers, limits: Bounds, method: str) -> Change:
    return float(difference), float(limits.low), float(limits.high), method


def _of_mean(change: MeanChange, method: str) -> Change:
    return change.value, change.low, change.high, method


def _samples(later: Numbers, earlier: Numbers) -> TwoSamples:
    return TwoSamples.of(later.sum(), len(later), earlier.sum(), len(earlier))


def _people(waves: ThreeWaves) -> int:
    """Complete pairs of after and follow-up, or the smaller sample."""
    if waves.paired:
        return int((~np.isnan(waves.after + waves.followup)).sum())
    return min(len(waves.after), len(waves.followup))


def _share(waves: ThreeWaves, confidence: float) -> KeptShare:
    columns = waves.baseline, waves.after, waves.followup
    if not waves.paired:
        return share_kept_of_samples(*columns, confidence=confidence)
    groups = (waves.cluster, waves.stratum) if waves.clustered else (None, None)
    return share_kept(*columns, cluster=groups[0], stratum=groups[1], confidence=confidence)


def loss_keys(loss: attrition.Loss) -> Row:
    """People of each group with how many were found again, and the test that all were lost alike."""
    groups = [
        {"group": group, "n": int(people), "found": int(found)}
        for group, (people, found) in enumerate(zip(loss.people, loss.found, strict=True))
        if people
    ]
    test = {"method": loss.test.method, "statistic": number(loss.test.statistic), "p": number(loss.test.p)}
    return {"groups": groups, "test": test | why_null(loss.test.p, "nothing_to_compare")}


def _weighted(before: Numbers, after: Numbers, columns: list[Numbers], cluster: Codes | None, confidence: float) -> Row:
    method = "inverse_probability_weights"
    try:
        found = attrition.weighted_change(before, after, np.column_stack(columns), cluster, confidence)
    except SurveyError as error:
        return {"difference": None, "se": None, "interval": None, "method": method, "reason": error.code}
    return {
        "difference": number(found.change.value),
        "se": number(found.change.se),
        "interval": interval_keys(found.change.low, found.change.high, method, "nobody_differs"),
        "method": method,
        "weights": {"low": found.lowest_weight, "high": found.highest_weight, "kish_effect": found.kish_effect},
    }


def _bounds(before: Numbers, after: Numbers, binary: bool, confidence: float) -> Row:
    """What the change could have been, and for yes/no answers the outer limits of an interval of each bound."""
    seen = np.concatenate([before, after[~np.isnan(after)]])
    lowest, highest = (0.0, 1.0) if binary or not len(seen) else (float(seen.min()), float(seen.max()))
    low, high = attrition.worst_and_best(before, after, lowest, highest)
    row = {"low": number(low), "high": number(high)} | why_null(low, "no_answers")
    if not binary or not len(before):
        return row
    lost = before[np.isnan(after)]
    tables = attrition.completed_tables(paired_table(before, after), lost.sum(), len(lost) - lost.sum())
    worst, best = (paired.newcombe10(table, confidence) for table in tables)
    return row | {"interval": interval_keys(float(worst.low), float(best.high), "newcombe10")}

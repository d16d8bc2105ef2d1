"""The rows of one group of people over all waves: of everybody, or of one arm of a design with a comparison group."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analysis.adjusting import composition_rows
from analysis.changes import change_rows
from analysis.cluster_rows import cluster_changes, cluster_estimates, cluster_rows
from analysis.comparison import Comparison, compare_pairs, compare_samples
from analysis.counts import WaveCounts, count_pairs, count_waves
from analysis.estimates import estimate_rows
from analysis.exposure import exposure_rows
from analysis.followup import attrition_rows, retention_rows
from analysis.frame import CodedFrame
from analysis.independent import TwoSamples
from analysis.interactions import interaction_rows
from analysis.over_waves import cochran_rows, panel_model_rows
from analysis.plan import Plan
from analysis.rows import Row, without_numbers
from analysis.score_rows import Place, score_changes, score_estimates
from analysis.small_groups import HiddenGroups, hidden_groups
from analysis.suppression import Layout
from analysis.survey_models import survey_model_rows
from analysis.survey_retention import survey_retention_rows
from analysis.survey_rows import SurveyRows

Hidden = NDArray[np.bool_]
LISTS = (
    "estimates",
    "changes",
    "models",
    "interactions",
    "retention",
    "attrition",
    "composition",
    "exposure",
    "clustering",
)


@dataclass(frozen=True)
class Group:
    """Everybody, or the people of one arm among them."""

    frame: CodedFrame
    arm: str | None = None
    whole: CodedFrame | None = None  # of an arm: everybody, who were drawn together
    rows: NDArray[np.int64] | None = None  # of an arm: its rows among everybody's

    def sample(self, plan: Plan, waves: list[int]) -> SurveyRows | None:
        """The estimates of a sample; an arm is a part of what was drawn, never a sample of its own."""
        drawn = self.whole or self.frame
        if drawn.sampling is None:
            return None
        within = None if self.rows is None else np.isin(np.arange(len(drawn.wave)), self.rows)
        return SurveyRows(plan, drawn, drawn.sampling, waves, within)


def groups_of(frame: CodedFrame) -> list[Group]:
    """The arms of a design with a comparison group, else everybody: people of different arms are never pooled."""
    if frame.arms is None:
        return [Group(frame)]
    places = [np.flatnonzero(frame.arms.of_row == arm) for arm in range(len(frame.arms.names))]
    return [Group(frame.taking(rows), arm, frame, rows) for arm, rows in zip(frame.arms.names, places, strict=True)]


@dataclass(frozen=True)
class Told:
    """Rows by the list of the results that they belong to, and what of the group is hidden."""

    arm: str | None
    hidden: HiddenGroups
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in LISTS})

    def add(self, name: str, rows: list[Row]) -> None:
        """Rows of a list, each with the arm that it speaks of."""
        self.rows[name] += [row | {"arm": self.arm} for row in rows]

    def add_unweighted(self, name: str, rows: list[Row], sampled: bool) -> None:
        """Rows about the same people that take them as they come; where they stand for others the rows say so."""
        self.add(name, [row | {"design_weights": False} for row in rows] if sampled else rows)


def tell(plan: Plan, group: Group, waves: list[int], parts: Layout | None) -> Told:
    """Everything about the people of a group.

    ``waves`` are those that anybody was seen at, ``parts`` says how the parts add up where small ones are hidden.
    """
    frame = group.frame
    counts = count_waves(plan, frame)
    segments = tuple(segment for split in frame.partitions for segment in split.segments)
    compared = {pair: _compare(plan, frame, counts, *pair) for pair in combinations(waves, 2)}
    groups = hidden_groups(plan, frame, counts, {pair: one.n_earlier for pair, one in compared.items()}, parts)
    told, hidden = Told(group.arm, groups), groups.estimates
    sample = group.sample(plan, waves)
    if sample:
        sample.warn(frame.warnings)
    precision = sample.estimates() if sample else cluster_estimates(plan, frame, waves)
    of_waves = _both(score_estimates(plan, frame, waves), precision)
    told.add("estimates", estimate_rows(plan, counts, segments, waves, hidden, of_waves))
    if sample and not hidden[:, :, 0].any():
        told.add("clustering", sample.clustering())
    for (earlier, later), found in compared.items():
        hidden_here = groups.changes[earlier, later]
        names = plan.design.waves[earlier], plan.design.waves[later]
        precision = sample.changes(earlier, later) if sample else cluster_changes(plan, frame, earlier, later)
        instead = _both(score_changes(plan, frame, earlier, later), precision)
        told.add("changes", change_rows(plan, names, found, segments, hidden_here, instead))
        if not hidden_here[:, 0].any():
            told.add("clustering", cluster_rows(plan, frame, earlier, later))
        if sample:
            told.add("interactions", sample.interactions(earlier, later, hidden_here))
            told.add("models", survey_model_rows(sample, earlier, later, hidden_here))
        else:
            told.add("interactions", interaction_rows(plan, frame, found, hidden_here, (earlier, later)))
        rows = composition_rows(plan, frame, (earlier, later), group.rows, few=bool(groups.mix[[earlier, later]].any()))
        told.add("composition", _shown(plan, rows, hidden_here[:, 0]))
    _over_waves(told, plan, group, sample, waves, np.any(hidden[:, waves, 0], axis=1))
    return told


def _over_waves(
    told: Told, plan: Plan, group: Group, sample: SurveyRows | None, waves: list[int], hidden: Hidden
) -> None:
    """What rests on more than two waves, or on all; ``hidden`` says of which indicators a wave of everybody is hidden.

    Where a change of everybody is hidden, nothing that rests on the same people brings it back.
    """
    frame, sampled = group.frame, sample is not None
    for of_two in told.hidden.changes.values():
        hidden = hidden | of_two[:, 0]
    models = panel_model_rows(plan, frame, waves) + cochran_rows(plan, frame, waves)
    told.add_unweighted("models", _shown(plan, models, hidden), sampled)
    if sample and not plan.design.paired:
        told.add("retention", _shown(plan, survey_retention_rows(sample, group.frame, waves), hidden))
    else:
        told.add_unweighted("retention", _shown(plan, retention_rows(plan, frame, waves), hidden), sampled)
    for later in waves[1:]:
        if (0, later) in told.hidden.changes:
            rows = _shown(plan, attrition_rows(plan, frame, later), told.hidden.changes[0, later][:, 0])
            told.add_unweighted("attrition", rows, sampled)
    told.add("exposure", exposure_rows(plan, frame, waves, told.hidden.exposure))


def _shown(plan: Plan, rows: list[Row], hidden: Hidden) -> list[Row]:
    """Rows, without their numbers where those of their indicator over everybody are hidden."""
    out = {indicator.id for indicator, one in zip(plan.indicators, hidden, strict=True) if one}
    return [without_numbers(row) if row["indicator"] in out else row for row in rows]


def _compare(plan: Plan, frame: CodedFrame, counts: WaveCounts, earlier: int, later: int) -> Comparison:
    if plan.design.paired:
        return compare_pairs(count_pairs(plan, frame, earlier, later), plan.methods, plan.confidence)
    yes, n = counts.yes, counts.answered
    samples = TwoSamples.of(yes[:, later], n[:, later], yes[:, earlier], n[:, earlier])
    return compare_samples(samples, plan.methods, plan.confidence)


def _both(scores: dict[Place, Row], precision: dict[Place, Row]) -> dict[Place, Row]:
    """What takes the place of a share's numbers: the mean of a score, and precision by sessions or sample over both."""
    return {place: scores.get(place, {}) | precision.get(place, {}) for place in scores.keys() | precision}

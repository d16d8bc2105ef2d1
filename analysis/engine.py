"""The analysis itself: a plan and a data frame in, results out."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import scipy

from analysis.barrier_plan import Groups
from analysis.barrier_rows import barrier_flow, barriers, code_barrier
from analysis.changes import change_rows, hidden_changes
from analysis.cluster_rows import cluster_changes, cluster_estimates, cluster_rows
from analysis.columns import text_column
from analysis.comparison import Comparison, compare_pairs, compare_samples
from analysis.counts import WaveCounts, count_pairs, count_waves
from analysis.design_warnings import design_warnings, middle_months
from analysis.estimates import estimate_rows, hidden_estimates
from analysis.flow import flow, lock_warning, plan_warnings, present_waves
from analysis.frame import CodedFrame, code_frame
from analysis.independent import TwoSamples
from analysis.interactions import interaction_rows
from analysis.over_waves import cochran_rows
from analysis.parts import crossing
from analysis.plan import Plan
from analysis.reliability import reliability_rows
from analysis.results import Results
from analysis.rows import Row
from analysis.score_rows import Place, score_changes, score_estimates
from analysis.suppression import Layout, layout
from analysis.survey_rows import SurveyRows


def analyse(
    plan: Plan, frame: pd.DataFrame, *, data_sha256: str | None, changes_to_plan: Sequence[Mapping[str, Any]]
) -> Results:
    """``analysis.run``, which says what it takes and gives."""
    if plan.design.groups:
        return _barrier_analysis(plan, plan.design.groups, frame, data_sha256, changes_to_plan)
    coded = code_frame(plan, frame)
    plan_warnings(plan, coded, coded.warnings, bool(changes_to_plan))
    counts = count_waves(plan, coded)
    segments = tuple(segment for partition in coded.partitions for segment in partition.segments)
    waves = present_waves(plan, coded)
    design_warnings(plan, coded, waves, _months(plan, frame), coded.warnings)
    parts = _layout(plan, coded)
    hidden = hidden_estimates(plan, counts, parts)
    sample = SurveyRows(plan, coded, coded.sampling, waves) if coded.sampling else None
    if sample:
        sample.warn(coded.warnings)
    precision = sample.estimates() if sample else cluster_estimates(plan, coded, waves)
    of_waves = _both(score_estimates(plan, coded, waves), precision)
    changes: list[Row] = []
    interactions: list[Row] = []
    clustering = sample.clustering() if sample and not hidden[:, :, 0].any() else []
    for earlier, later in combinations(waves, 2):
        found = _compare(plan, coded, counts, earlier, later)
        hidden_here = hidden_changes(plan, found, parts, (hidden[:, earlier], hidden[:, later]))
        names = plan.design.waves[earlier], plan.design.waves[later]
        scores = score_changes(plan, coded, earlier, later)
        precision = sample.changes(earlier, later) if sample else cluster_changes(plan, coded, earlier, later)
        changes += change_rows(plan, names, found, segments, hidden_here, _both(scores, precision))
        clustering += [row for row in cluster_rows(plan, coded, earlier, later) if not hidden_here[:, 0].any()]
        if sample:
            interactions += sample.interactions(earlier, later, hidden_here)
        else:
            interactions += interaction_rows(plan, coded, found, hidden_here, (earlier, later))
    return Results(
        plan_sha256=plan.sha256,
        data_sha256=data_sha256 or frame_sha256(frame),
        software=software(),
        flow=flow(plan, coded),
        warnings=list(coded.warnings),
        changes_to_plan=[dict(change) for change in changes_to_plan],
        estimates=estimate_rows(plan, counts, segments, waves, hidden, of_waves),
        changes=changes,
        models=tuple(cochran_rows(plan, coded, waves)),
        interactions=tuple(interactions),
        reliability=tuple(reliability_rows(plan, coded, waves, frame)),
        clustering=tuple(clustering),
    )


def _barrier_analysis(
    plan: Plan,
    groups: Groups,
    frame: pd.DataFrame,
    data_sha256: str | None,
    changes_to_plan: Sequence[Mapping[str, Any]],
) -> Results:
    """People asked once: nothing of waves, a row for every determinant."""
    coded = code_barrier(plan, groups, frame)
    lock_warning(plan, coded.warnings, bool(changes_to_plan))
    return Results(
        plan_sha256=plan.sha256,
        data_sha256=data_sha256 or frame_sha256(frame),
        software=software(),
        flow=barrier_flow(coded),
        warnings=list(coded.warnings),
        changes_to_plan=[dict(change) for change in changes_to_plan],
        estimates=[],
        changes=[],
        barriers=tuple(barriers(plan, groups, coded)),
    )


def frame_sha256(frame: pd.DataFrame) -> str:
    """A hash of the column names and cells of a frame, in their order; the index does not count."""
    digest = hashlib.sha256("\x1f".join(map(str, frame.columns)).encode())
    digest.update(pd.util.hash_pandas_object(frame.astype(str), index=False).to_numpy().tobytes())
    return digest.hexdigest()


def software() -> dict[str, str]:
    """Names and versions of what the numbers were computed with."""
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "scipy": scipy.__version__,
    }
    try:
        return {"eveil": metadata.version("eveil")} | versions
    except metadata.PackageNotFoundError:  # used without being installed
        return versions


def _compare(plan: Plan, frame: CodedFrame, counts: WaveCounts, earlier: int, later: int) -> Comparison:
    if plan.design.paired:
        return compare_pairs(count_pairs(plan, frame, earlier, later), plan.methods, plan.confidence)
    yes, n = counts.yes, counts.answered
    samples = TwoSamples.of(yes[:, later], n[:, later], yes[:, earlier], n[:, earlier])
    return compare_samples(samples, plan.methods, plan.confidence)


def _both(scores: dict[Place, Row], precision: dict[Place, Row]) -> dict[Place, Row]:
    """What takes the place of a share's numbers: the mean of a score, and precision by sessions or sample over both."""
    return {place: scores.get(place, {}) | precision.get(place, {}) for place in scores.keys() | precision}


def _months(plan: Plan, frame: pd.DataFrame) -> dict[int, float]:
    """The middle month of every wave of a long file that has dates."""
    if plan.design.layout == "wide" or plan.design.date is None:
        return {}
    waves = {wave: position for position, wave in enumerate(plan.design.waves)}
    named = text_column(frame[plan.design.wave]).mapped(lambda text: waves.get(text, -1), blank=-1)
    return middle_months(frame, plan.design.date, named)


def _layout(plan: Plan, frame: CodedFrame) -> Layout | None:
    """How the parts add up, where small ones are to be hidden."""
    return layout(frame.partitions, crossing(list(frame.partitions))) if plan.suppress_below else None

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

from analysis.amending import demoted
from analysis.barrier_plan import Groups
from analysis.comparison_rows import comparison_models, comparison_rows, comparison_warnings
from analysis.design_warnings import design_warnings
from analysis.flow import flow, plan_warnings, present_waves
from analysis.followup import attrition_by_arm, attrition_warnings
from analysis.frame import CodedFrame, code_frame
from analysis.locks import lock_warnings
from analysis.of_arm import LISTS, Told, groups_of, tell
from analysis.plan import Plan
from analysis.reliability import reliability_rows
from analysis.results import Results
from analysis.rows import Row
from analysis.small_groups import told_parts, told_warnings, without_hidden_changes, without_hidden_waves
from analysis.survey_comparison import linearised_beside, survey_comparison_rows
from analysis.windows import window_rows, window_warnings, without_counts


def analyse(
    plan: Plan, frame: pd.DataFrame, *, data_sha256: str | None, changes_to_plan: Sequence[Mapping[str, Any]]
) -> Results:
    """``analysis.run``, which says what it takes and gives."""
    frame = frame.rename(columns=str)
    if plan.design.groups:
        return _barrier_analysis(plan, plan.design.groups, frame, data_sha256, changes_to_plan)
    demoted_here = demoted(changes_to_plan)
    coded = code_frame(plan, frame)
    plan_warnings(plan, coded, coded.warnings, changes_to_plan)
    waves = present_waves(plan, coded)
    windows = window_rows(plan, coded)
    window_warnings(plan, waves, windows, coded.warnings)
    design_warnings(plan, coded, waves, coded.warnings)
    parts = told_parts(plan, coded)
    told = [tell(plan, group, waves, parts) for group in groups_of(coded)]
    rows = {name: [row for one in told for row in one.rows[name]] for name in LISTS}
    for row in rows["changes"]:
        row["confirmed"] = row["confirmed"] and row["indicator"] not in demoted_here
    comparison, models = _comparison(plan, coded, waves, told)
    rows["models"] += models
    hidden = [one.hidden for one in told]
    rows["attrition"] += without_hidden_changes(plan, attrition_by_arm(plan, coded, waves), hidden)
    attrition_warnings(rows["attrition"], coded.warnings)
    reliability = without_hidden_waves(plan, reliability_rows(plan, coded, waves, frame), hidden)
    people = flow(plan, coded, [one.arm for one in told if one.hidden.people.any()])
    few = "hidden" in people
    segments = tuple(segment for split in coded.partitions for segment in split.segments)
    unknown = {name for groups in hidden for name in groups.unknown(plan, segments)}
    return Results(
        plan_sha256=plan.sha256,
        data_sha256=data_sha256 or frame_sha256(frame),
        software=software(),
        flow=people | {"windows": [without_counts(row) for row in windows] if few else windows},
        warnings=told_warnings(coded.warnings, unknown, few=few),
        changes_to_plan=[dict(change) for change in changes_to_plan],
        estimates=rows["estimates"],
        changes=rows["changes"],
        models=tuple(rows["models"]),
        interactions=tuple(rows["interactions"]),
        comparison=tuple(comparison),
        retention=tuple(rows["retention"]),
        attrition=tuple(rows["attrition"]),
        composition=tuple(rows["composition"]),
        exposure=tuple(rows["exposure"]),
        reliability=tuple(reliability),
        clustering=tuple(rows["clustering"]),
    )


def _comparison(plan: Plan, frame: CodedFrame, waves: list[int], told: list[Told]) -> tuple[list[Row], list[Row]]:
    """What the arms say against each other, for every pair of waves: rows of ``comparison`` and of ``models``."""
    rows: list[Row] = []
    models: list[Row] = []
    for earlier, later in combinations(waves, 2) if len(told) > 1 else ():
        hidden = {one.arm: one.hidden.changes[earlier, later] for one in told if one.arm is not None}
        sampled = (
            survey_comparison_rows(plan, frame, frame.sampling, (earlier, later), hidden) if frame.sampling else []
        )
        if frame.sampling and plan.design.weighted:
            rows += sampled
            continue
        found = comparison_rows(plan, frame, earlier, later, hidden)
        rows += linearised_beside(found, sampled) if sampled else found
        models += comparison_models(plan, frame, earlier, later, hidden)
    comparison_warnings(rows, frame.warnings)
    return rows, models


def _barrier_analysis(
    plan: Plan,
    groups: Groups,
    frame: pd.DataFrame,
    data_sha256: str | None,
    changes_to_plan: Sequence[Mapping[str, Any]],
) -> Results:
    """People asked once: nothing of waves, a row for every determinant."""
    from analysis.barrier_rows import barrier_flow, barriers, code_barrier  # late: other analyses start without it

    coded = code_barrier(plan, groups, frame)
    lock_warnings(plan, None, coded.warnings, changes_to_plan)
    people = barrier_flow(coded, plan.suppress_below)
    return Results(
        plan_sha256=plan.sha256,
        data_sha256=data_sha256 or frame_sha256(frame),
        software=software(),
        flow=people,
        warnings=told_warnings(coded.warnings, set(), few="hidden" in people),
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

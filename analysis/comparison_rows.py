"""Rows of ``comparison``: how much more answers changed with the activity than in the comparison group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from analysis.arms import Arms
from analysis.changes import judged
from analysis.cluster_rows import values_of
from analysis.counts import rows_of_persons
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.models.clustered import Kind
from analysis.models.did_rows import ancova_test, did_model_rows
from analysis.models.differences import NO_INFERENCE
from analysis.models.rows import TwoArms, comparison_row
from analysis.multiplicity import FAMILIES
from analysis.parts import Segment
from analysis.plan import Indicator, Plan
from analysis.rows import Row, without_numbers
from analysis.warning_codes import Warnings

Codes = NDArray[np.int64]
Hidden = NDArray[np.bool_]


def comparison_rows(plan: Plan, frame: CodedFrame, earlier: int, later: int, hidden: Mapping[str, Hidden]) -> list[Row]:
    """For every arm with the activity, indicator and part; ``hidden`` says of each arm what of its changes is hidden.

    Unweighted: people are their own units, or the clusters of the plan are. The same people enter as complete pairs.
    """
    arms = frame.arms
    if arms is None:
        return []
    segments = [segment for split in frame.partitions for segment in split.segments]
    rows = []
    for arm, name in enumerate(arms.names):
        if arm == arms.comparison:
            continue
        of_arm = [
            about_comparison(plan, indicator, (earlier, later), arms, arm, segments[p])
            | _numbers(plan, _answers(plan, indicator, frame, values, (earlier, later), arm, used), whole=p == 0)
            for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True)
            for p, used in enumerate(_parts(plan, frame, values, (earlier, later), (arm, arms.comparison)))
        ]
        out = (hidden[name] | hidden[arms.names[arms.comparison]]).ravel()
        rows += judged_comparisons(plan, of_arm, out)
    return rows


def comparison_models(
    plan: Plan, frame: CodedFrame, earlier: int, later: int, hidden: Mapping[str, Hidden]
) -> list[Row]:
    """Rows of ``models`` for every arm with the activity and indicator, over everybody: the same question by models."""
    arms = frame.arms
    if arms is None:
        return []
    rows = []
    for arm, name in enumerate(arms.names):
        out = hidden[name][:, 0] | hidden[arms.names[arms.comparison]][:, 0]
        for i, values in enumerate(values_of(plan, frame) if arm != arms.comparison else ()):
            if out[i]:
                continue
            used = next(_parts(plan, frame, values, (earlier, later), (arm, arms.comparison)))
            answers = _answers(plan, plan.indicators[i], frame, values, (earlier, later), arm, used)
            about = about_comparison(plan, plan.indicators[i], (earlier, later), arms, arm, {})
            rows += [{"model": row["model"]} | about | row for row in did_model_rows(answers, plan.confidence)]
    return rows


def judged_comparisons(plan: Plan, rows: list[Row], hidden: Hidden) -> list[Row]:
    """Rows of one arm and pair of waves with verdict, adjusted p and confirmation; hidden ones without numbers."""
    adjusted = _adjusted(plan, rows)
    known = {indicator.id: indicator for indicator in plan.indicators}
    told = []
    for row, p, out in zip(rows, adjusted, hidden, strict=True):
        fewest = min(count for group in row["n"].values() for count in group.values())
        whole = row | judged(plan, known[row["indicator"]], row["interval"], fewest, p)
        told.append(without_numbers(whole) if out else whole)
    return told


def comparison_warnings(rows: list[Row], warnings: Warnings) -> None:
    """Say where there are too few clusters to tell the activity from chance."""
    for row in rows:
        clusters = row.get("clusters")
        if clusters and clusters.get("rule") == NO_INFERENCE:
            counts = {name: clusters[name] for name in ("with_activity", "without")}
            warnings.add("too_few_clusters_to_compare", **counts)


def about_comparison(
    plan: Plan, indicator: Indicator, waves: tuple[int, int], arms: Arms, arm: int, segment: Segment
) -> Row:
    """What a row of ``comparison`` speaks of."""
    names = plan.design.waves
    return {
        "indicator": indicator.id,
        "from": names[waves[0]],
        "to": names[waves[1]],
        "arm": arms.names[arm],
        "comparison": arms.names[arms.comparison],
        "segment": dict(segment),
    }


def _parts(
    plan: Plan, frame: CodedFrame, values: Numbers, waves: tuple[int, int], of: tuple[int, int]
) -> Iterator[Codes]:
    """The rows that a comparison rests on, for every part: answered, at the two waves, in the two arms."""
    assert frame.arms is not None  # noqa: S101 - there are arms
    if plan.design.paired:
        pairs = rows_of_persons(frame, waves)
        rows = pairs[:, ~np.isnan(values[pairs]).any(axis=0)].ravel()
    else:
        rows = np.flatnonzero(np.isin(frame.wave, waves) & ~np.isnan(values))
    rows = rows[np.isin(frame.arms.of_row[rows], of)]
    for split in frame.partitions:
        part = split.of_row[rows]
        yield from (rows[part == position] for position in range(len(split.segments)))


def _numbers(plan: Plan, answers: TwoArms, *, whole: bool) -> Row:
    methods = plan.methods
    kind = cast(Kind, methods.comparison_variance.upper())
    row = comparison_row(answers, plan.seed, plan.confidence, kind=kind, first=methods.comparison_test, beside=whole)
    told = row["difference"] is not None and row["interval"]["low"] is not None
    if plan.design.paired and whole and told:
        half = len(answers.y) // 2  # earlier answers come first, later ones in the same order
        unit = answers.unit[:half] if answers.clustered else None
        pairs = answers.y[:half], answers.y[half:], answers.treated[:half]
        row["more_tests"].append(ancova_test(*pairs, unit, plan.confidence))
    return row


def _answers(
    plan: Plan,
    indicator: Indicator,
    frame: CodedFrame,
    values: Numbers,
    waves: tuple[int, int],
    arm: int,
    used: Codes,
) -> TwoArms:
    assert frame.arms is not None  # noqa: S101 - there are arms
    cluster = _cluster(frame)
    unit = (frame.person if plan.design.paired else np.arange(len(frame.wave))) if cluster is None else cluster
    return TwoArms(
        values[used],
        (frame.arms.of_row[used] == arm).astype(np.float64),
        (frame.wave[used] == waves[1]).astype(np.float64),
        unit[used],
        cluster is not None,
        indicator.binary,
    )


def _cluster(frame: CodedFrame) -> Codes | None:
    if frame.sessions is not None:
        return frame.sessions.cluster
    psu = None if frame.sampling is None else frame.sampling.design.psu
    return None if psu is None else psu.astype(np.int64)


def _adjusted(plan: Plan, rows: list[Row]) -> Numbers:
    """p over everybody, adjusted over the primary indicators: a family of its own, the claim about the activity."""
    primary = {indicator.id for indicator in plan.indicators if indicator.primary}
    p = [row["test"]["p"] if row["segment"] == {} and row["indicator"] in primary else None for row in rows]
    return FAMILIES[plan.family](np.array([np.nan if one is None else one for one in p], dtype=np.float64))

"""Rows of ``retention`` and ``attrition``: what a plan asks of the waves after the first, from a coded frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.attrition import differential_loss, loss_by_group
from analysis.by_person import ByPerson
from analysis.cluster_rows import MANY_SESSIONS, session_rule, values_of
from analysis.errors import listed
from analysis.followup_rows import ThreeWaves, attrition_row, loss_keys, retention_row
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.models.rows import change_keys
from analysis.plan import Indicator, Plan
from analysis.retention import margin_of
from analysis.retention_keys import Goal
from analysis.rows import Row, hidden_below, without_numbers
from analysis.survey.errors import SurveyError
from analysis.warning_codes import Warnings
from analysis.windows import months_gone_by

TELL = 0.05  # p below which a loss is called lopsided


def retention_rows(plan: Plan, frame: CodedFrame, waves: list[int]) -> list[Row]:
    """One row for every indicator, over everybody; nothing before all three waves have answers."""
    places, kept = places_of_retention(plan, waves), plan.retention
    if kept is None or not places:
        return []
    people = ByPerson(frame) if plan.design.paired else None
    found = _found_share(people, *places[1:]) if people else 1.0
    months = months_gone_by(plan, frame, *places[1:])
    rows = []
    for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
        three = _three_waves(frame, indicator, values, places, people)
        row = retention_row(three, Goal(margin_for(indicator), kept.keep_share), found, plan.confidence)
        if 0 < row["share_kept"]["n"] < plan.suppress_below:
            row["share_kept"] = without_numbers(row["share_kept"])
        rows.append(hidden_below(about_retention(plan, indicator, months) | row, row["n"], plan.suppress_below))
    return rows


def places_of_retention(plan: Plan, waves: list[int]) -> list[int]:
    """Baseline, after and follow-up; nothing before all three have answers, or where the plan does not ask for it."""
    kept, names = plan.retention, plan.design.waves
    if kept is None:
        return []
    places = [names.index(wave) for wave in (kept.baseline, kept.from_wave, kept.to_wave)]
    return places if set(places) <= set(waves) else []


def about_retention(plan: Plan, indicator: Indicator, months: Row | None) -> Row:
    """What a row of retention speaks of."""
    kept = plan.retention
    assert kept is not None  # noqa: S101 - rows of retention are made where the plan asks for it
    about: Row = {"indicator": indicator.id, "arm": None, "segment": {}}
    about |= {"from": kept.from_wave, "to": kept.to_wave, "baseline": kept.baseline}
    return about | {"months": months, "hidden": False}


def margin_for(indicator: Indicator) -> float | None:
    """The loss that still counts as kept: the plan's, else the rule's from the planned gain (half a score's)."""
    planned = indicator.target.value if indicator.target and indicator.target.kind == "points" else None
    if indicator.binary or planned is None:
        return margin_of(indicator.margin, planned)
    return abs(planned) / 2 if indicator.margin is None else indicator.margin


def attrition_rows(plan: Plan, frame: CodedFrame, later: int) -> list[Row]:
    """From the first wave to a later one: who was lost, and the change with them in mind."""
    if not plan.design.paired:
        return []
    people, names = ByPerson(frame), plan.design.waves
    dummies, cluster = people.dummies(), people.cluster
    if cluster is not None and session_rule(len(np.unique(cluster))) != MANY_SESSIONS:
        cluster = None  # too few to tell how sessions differ: it speaks of these people, as the change does
    rows = []
    for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
        before, after = people.answers(values, 0), people.answers(values, later)
        row = _attrition(before, after, indicator.binary, dummies, cluster, plan.confidence)
        about: Row = {"indicator": indicator.id, "from": names[0], "to": names[later], "arm": None, "segment": {}}
        rows.append(_without_few(about | row | {"hidden": False}, plan.suppress_below))
    return rows


def attrition_by_arm(plan: Plan, frame: CodedFrame, waves: list[int]) -> list[Row]:
    """Were people of one arm lost more often than those of another, or other kinds of people?"""
    if not plan.design.paired or 0 not in waves or frame.arms is None:
        return []
    people, names = ByPerson(frame), plan.design.waves
    arm, of_arm = people.arm, frame.arms
    assert arm is not None  # noqa: S101 - there are arms
    rows = []
    for later in waves[1:]:
        for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
            before, after = people.answers(values, 0), people.answers(values, later)
            there = ~np.isnan(before) & (arm >= 0)
            loss = loss_keys(loss_by_group(arm[there], ~np.isnan(after[there])))
            for group in loss["groups"]:
                group["group"] = of_arm.names[group["group"]]
            row: Row = {"indicator": indicator.id, "from": names[0], "to": names[later], "arm": None, "segment": {}}
            row |= {"n": int(there.sum()), "by_arm": loss}
            found = before[there], after[there], arm[there]
            row["differential"] = [
                {"arm": of_arm.names[one]} | _differential(*found, one, of_arm.comparison, plan.suppress_below)
                for one in range(len(of_arm.names))
                if one != of_arm.comparison
            ]
            rows.append(_without_few(row | {"hidden": False}, plan.suppress_below))
    return rows


def attrition_warnings(rows: list[Row], warnings: Warnings) -> None:
    """Say where those who were lost had answered otherwise at the start, or came from one arm more than the other."""
    for later in dict.fromkeys(row["to"] for row in rows):
        here = [row for row in rows if row["to"] == later]
        for kind, code in (("by_answer", "differential_attrition"), ("by_arm", "attrition_by_arm")):
            names = [row["indicator"] for row in here if _lopsided(row.get(kind))]
            if names:
                warnings.add(code, indicators=listed(dict.fromkeys(names)), wave=later)


def _found_share(people: ByPerson, after: int, late: int) -> float:
    seen = people.seen(after)
    return float((seen & people.seen(late)).sum() / seen.sum()) if seen.any() else float("nan")


def _three_waves(
    frame: CodedFrame, indicator: Indicator, values: Numbers, places: list[int], people: ByPerson | None
) -> ThreeWaves:
    if people:
        base, after, late = (people.answers(values, wave) for wave in places)
        groups = people.cluster, people.stratum
        return ThreeWaves(base, after, late, indicator.binary, indicator.better, True, *groups)
    there = ~np.isnan(values)
    base, after, late = (values[(frame.wave == wave) & there] for wave in places)
    return ThreeWaves(base, after, late, indicator.binary, indicator.better, paired=False)


def _attrition(
    before: Numbers,
    after: Numbers,
    binary: bool,
    dummies: Numbers | None,
    cluster: NDArray[np.int64] | None,
    confidence: float,
) -> Row:
    """With the parts in the weights where the data allow it, else with the first answer alone."""
    for covariates in (dummies, None):
        row = attrition_row(before, after, binary=binary, covariates=covariates, cluster=cluster, confidence=confidence)
        row["weighted"]["covariates"] = "answer" if covariates is None else "answer_and_parts"
        if "reason" not in row["weighted"]:
            break
    return row


def _differential(
    before: Numbers, after: Numbers, arm: NDArray[np.int64], treated: int, comparison: int, least: int
) -> Row:
    """How much more the loss depends on the first answer in one arm than in the comparison; arms are never pooled.

    Hidden where few people of an arm, or few with one first answer in it, were lost or found: the loss of the other arm
    is told, so that theirs could be worked out.
    """
    method = "difference_in_differences_hc2"
    both = np.isin(arm, (treated, comparison))
    before, in_arm, lost_not = before[both], (arm[both] == treated).astype(np.int64), ~np.isnan(after[both])
    high = before > (before.mean() if len(before) else 0)
    cells = np.bincount(4 * in_arm + 2 * high + lost_not) if len(before) else np.zeros(1)
    if ((cells > 0) & (cells < least)).any():
        return {"difference": None, "hidden": True}
    try:
        return change_keys(differential_loss(lost_not, in_arm.astype(np.float64), before), method)
    except SurveyError as error:
        return {"difference": None, "reason": error.code}


def _lopsided(loss: Row | None) -> bool:
    test = loss["test"] if loss else None
    return test is not None and test["p"] is not None and test["p"] < TELL


def _without_few(row: Row, least: int) -> Row:
    """A row of too few people tells nothing; groups with too few, or too few lost, are not told apart.

    The range of the weights is the losses by answer in other words, and everybody's number less those of the arms that
    are shown would be that of a small arm: they go too.
    """
    if 0 < row["n"] < least:
        return without_numbers(row)
    for kind in ("by_answer", "by_arm"):
        groups = (row.get(kind) or {}).get("groups") or []
        sizes = [size for group in groups for size in (group["found"], group["n"] - group["found"])]
        if any(0 < size < least for size in sizes):
            row = row | {kind: {"groups": None, "test": None, "hidden": True}}
            if kind == "by_arm":
                row = row | {"n": None, "differential": None}
            elif "weights" in row["weighted"]:
                row = row | {"weighted": row["weighted"] | {"weights": None}}
    return row

"""The two locks of a plan: what each covers, its hash, and which answers had come when it was set."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy.orm import Session

from analysis.plan import Lock, plan_sha256
from analysis.two_locks import TARGETS, WORDING
from campaigns.plan_choices import PlanChoices
from surveys.frames import counts

Written = dict[str, Any]  # a plan as it is written

SET_AFTER_BASELINE = "set_after_baseline"
SET_AFTER_ANSWERS = "set_after_answers"
MARGINS = ("margin_points", "keep_share")


def with_targets(plan: Mapping[str, Any], choices: PlanChoices) -> Written:
    """The plan with all that the second lock covers: targets, the smallest change, margin and share to keep."""
    written = deepcopy(dict(plan))
    points = {chosen.id: chosen.points for chosen in choices.indicators}
    for indicator in written["indicators"]:
        indicator["target"] = {"points": points[indicator["id"]]}
    written["smallest_change"] = {"points": choices.smallest_change}
    if "retention" in written:
        margins = (choices.retention_margin, None if choices.keep_share is None else choices.keep_share / 100)
        written["retention"] |= {key: value for key, value in zip(MARGINS, margins, strict=True) if value is not None}
    return written


def without_targets(plan: Mapping[str, Any]) -> Written:
    """The plan as the first lock covers it, so that anybody can compute its hash from the later file again."""
    written = deepcopy({key: value for key, value in plan.items() if key != "smallest_change"})
    for indicator in written["indicators"]:
        indicator.pop("target", None)
    for key in MARGINS:
        written.get("retention", {}).pop(key, None)
    return written


def locked(plan: Mapping[str, Any], wording_at: datetime, *, targets: bool) -> Written:
    """A whole plan with both locks; without ``targets`` the second stays open and what it covers is left out."""
    bare = without_targets(plan)
    first = _lock(WORDING, plan_sha256(bare), wording_at)
    if not targets:
        return bare | {"locks": [first]}
    return dict(plan) | {"locks": [first, _lock(TARGETS, plan_sha256(plan), wording_at)]}


def lock_targets(plan: Mapping[str, Any], choices: PlanChoices, at: datetime, mark: str) -> Written:
    """A plan whose second lock is open, with what that lock covers and the lock itself."""
    written = with_targets(plan, choices)
    second = _lock(TARGETS, plan_sha256(written), at) | ({"mark": mark} if mark else {})
    return written | {"locks": [*plan["locks"], second]}


def locks_of(body: str) -> list[Lock]:
    """The locks in the file of a frozen plan, in the order in which they were set."""
    return [Lock(**lock) for lock in yaml.safe_load(body)["locks"]]


def mark_now(session: Session, campaign_id: int) -> str:
    """Which answers have come, of any questionnaire: who has read those of one may fit the targets of another."""
    found = [wave for waves in counts(session, campaign_id).values() for wave in waves]
    if any(wave != "before" for wave in found):
        return SET_AFTER_ANSWERS
    return SET_AFTER_BASELINE if found else ""


def _lock(name: str, sha256: str, at: datetime) -> dict[str, str]:
    return {"name": name, "sha256": sha256, "at": at.isoformat(timespec="seconds")}

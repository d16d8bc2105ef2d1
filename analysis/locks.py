"""Was the plan fixed before the answers came, and is it still the plan that was fixed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from analysis.frame import CodedFrame
from analysis.plan import Lock, Plan
from analysis.two_locks import targets_open
from analysis.warning_codes import Warnings


def lock_warnings(
    plan: Plan, frame: CodedFrame | None, warnings: Warnings, changes: Sequence[Mapping[str, Any]]
) -> None:
    """Say when the plan is not the one that was locked, was changed later, or was locked after answers had come.

    The first lock fixes wording and primary indicators and belongs before the first answer; later locks fix targets,
    the smallest change and margins, and belong before the first answer of the second wave.
    """
    if plan.locks and plan.locks[-1].sha256 != plan.sha256 and not changes:
        warnings.add("plan_differs_from_lock", name=plan.locks[-1].name, at=plan.locks[-1].at)
    if changes:
        warnings.add("plan_was_changed", n=len(changes))
    for place, lock in enumerate(plan.locks):
        early = _answers_before(lock, frame, first_wave=min(place, 1))
        if early:
            warnings.add("answers_before_lock", name=lock.name, at=lock.at, n=early)
    if targets_open(plan.locks) and frame is not None and bool((frame.wave >= 1).any()):
        warnings.add("targets_never_locked")


def _answers_before(lock: Lock, frame: CodedFrame | None, first_wave: int) -> int:
    """Answers of a day before that of the lock; on the same day nobody can tell."""
    locked = _day(lock.at)
    if frame is None or frame.days is None or locked is None:
        return 0
    return int(((frame.days < locked) & (frame.wave >= first_wave)).sum())


def _day(text: str) -> np.datetime64 | None:
    try:
        return np.datetime64(date.fromisoformat(text.strip()[:10]), "D")
    except ValueError:
        return None

"""The two locks of a plan by their names; whether the second is still open. Light, so that pages may ask."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.plan import Lock

WORDING = "wording and primary indicators"
TARGETS = "targets, smallest change and margins"


def targets_open(locks: Sequence[Lock]) -> bool:
    """Whether the first of the two locks is set and the second is not; a plan with other locks has nothing open.

    >>> targets_open([Lock(WORDING, "", "2026-01-01")]), targets_open([Lock("plan", "", "2026-01-01")])
    (True, False)
    """
    return [lock.name for lock in locks] == [WORDING]

"""What so many doers and non-doers can show, and what they cannot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """``gap`` is the smallest difference, a fraction of 1, that shows in four of five studies; None where none would.

    ``usual`` people of a group are what the method asks for; below ``floor`` chance alone makes large differences.
    """

    doers: int
    non_doers: int
    gap: float | None
    usual: int
    floor: int

    @property
    def fewest(self) -> int:
        return min(self.doers, self.non_doers)


def sight_of(doers: int, non_doers: int) -> Sight:
    from analysis.barrier import FLOOR_GROUP, USUAL_GROUP, visible_gap  # too slow for the start
    from analysis.errors import AnalysisError

    try:
        gap = visible_gap(doers, non_doers)
    except (AnalysisError, ZeroDivisionError):
        gap = None
    return Sight(doers, non_doers, gap, USUAL_GROUP, FLOOR_GROUP)


def usual_sight() -> Sight:
    """What the method's own numbers can show."""
    from analysis.barrier import USUAL_GROUP

    return sight_of(USUAL_GROUP, USUAL_GROUP)

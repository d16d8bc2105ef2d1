"""Where the dots and intervals of the relative risks lie, on one logarithmic axis for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from campaigns.barrier_analysis.findings import Finding
from campaigns.barrier_analysis.numbers import Said

WIDTH = 160.0
MARGIN = 8.0
FURTHEST = 100.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One interval and its dot, in pixels from the left."""

    low: float
    dot: float
    high: float
    clear: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """``marks`` by the id of the indicator; ``one`` is the place of a relative risk of 1; the axis ends at ``left`` and
    ``right``."""

    marks: Mapping[str, Mark]
    one: float
    left: str
    right: str
    width: float = WIDTH


def drawn(findings: Sequence[Finding], say: Said) -> Figure | None:
    """None when nothing can be drawn. Intervals that reach beyond a hundredfold are cut there."""
    shown = [one for one in findings if one.relative_risk is not None and one.limits.low and one.limits.high]
    if not shown:
        return None
    limits = [limit for one in shown for limit in (one.limits.low, one.limits.high) if limit]
    reach = min(FURTHEST, max(2.0, *(max(limit, 1 / limit) for limit in limits)))
    marks = {one.indicator: _mark(one, reach) for one in shown}
    return Figure(marks, WIDTH / 2, say.ratio(1 / reach), say.ratio(reach))


def _mark(finding: Finding, reach: float) -> Mark:
    values = (finding.limits.low, finding.relative_risk, finding.limits.high)
    low, dot, high = (_place(value, reach) for value in values)
    return Mark(low, dot, high, finding.stands_out)


def _place(value: float | None, reach: float) -> float:
    held = min(reach, max(1 / reach, value or 1.0))
    return round(WIDTH / 2 + (WIDTH / 2 - MARGIN) * log10(held) / log10(reach), 1)

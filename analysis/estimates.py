"""Shares at each wave: one row for every indicator, wave and part."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.choices import share_limits
from analysis.counts import WaveCounts
from analysis.intervals import ratio
from analysis.parts import Segment
from analysis.plan import Plan
from analysis.rows import Row, interval, number, why_null, without_numbers

Hidden = NDArray[np.bool_]


def estimate_rows(
    plan: Plan,
    counts: WaveCounts,
    segments: tuple[Segment, ...],
    waves: list[int],
    hidden: Hidden,
    instead: Mapping[tuple[int, ...], Row] = MappingProxyType({}),
) -> list[Row]:
    """Estimates of all who answered at a wave, found again or not; ``hidden`` has the shape (i, w, p).

    ``instead`` holds what takes the place of a share: the mean of a score, or an interval by sessions.
    """
    n, x = counts.answered, counts.yes
    share = ratio(x, n)
    error = np.sqrt(ratio(share * (1 - share), n))
    method = plan.methods.share_interval
    bounds = share_limits(method, x, n, plan.confidence)
    rows = []
    for i, indicator in enumerate(plan.indicators):
        for w in waves:
            for p, segment in enumerate(segments):
                place = (i, w, p)
                row: Row = {
                    "indicator": indicator.id,
                    "wave": plan.design.waves[w],
                    "arm": None,
                    "segment": dict(segment),
                    "n": int(n[place]),
                    "x": int(x[place]),
                    "missing": counts.missing(i, w, p),
                    "estimate": number(share[place]),
                    "se": number(error[place]) if n[place] > 1 else None,
                    "deff": None,
                    "interval": interval(bounds, place, method),
                    "hidden": False,
                } | why_null(share[place], "no_answers")
                row |= instead.get(place, {})
                rows.append(without_numbers(row) if hidden[place] else row)
    return rows

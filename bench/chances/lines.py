"""One line of the tables of bench/montecarlo.py."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
LEVEL, CONFIDENCE, POWER = 0.05, 0.95, 0.80
SEED = 20261122


class Line(NamedTuple):
    """One line of a table. ``spread`` is twice the standard error of a drawn figure, 0 of an exact one."""

    method: str
    setting: str
    aim: float
    mean: float
    worst: float | None  # None where one setting only was tried
    spread: float = 0.0


def of_draws(method: str, setting: str, aim: float, times: int, draws: int) -> Line:
    share = times / draws
    return Line(method, setting, aim, share, None, 2 * float(np.sqrt(max(share * (1 - share), 1e-4) / draws)))


def as_text(line: Line) -> str:
    worst = f"{line.worst:8.4f}" if line.worst is not None else " " * 8
    spread = f"{line.spread:8.3f}" if line.spread else f"{'exact':>8}"
    return f"{line.method:<34}{line.setting:<38}{line.aim:7.3f}{line.mean:8.4f}{worst}{spread}"

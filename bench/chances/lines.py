"""One line of the tables of bench/montecarlo.py, and the counting behind a drawn one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    note: str = ""


class Part(NamedTuple):
    """Lines that belong together: what they are about, and how they are made from a number of draws."""

    title: str
    about: str
    lines: Callable[[int], Iterable[Line]]


@dataclass
class Found:
    """What methods did over the draws of one setting. Draws come one by one, or as arrays of many."""

    setting: str
    notes: dict[str, str] = field(default_factory=dict)
    _seen: dict[tuple[str, float], list[Numbers]] = field(default_factory=dict)
    _counts: set[tuple[str, float]] = field(default_factory=set)

    def covers(self, method: str, low: ArrayLike, high: ArrayLike, truth: ArrayLike, aim: float = CONFIDENCE) -> None:
        """Whether an interval holds the truth; one without limits does not."""
        self._count(method, aim, (np.asarray(low) <= truth) & (truth <= np.asarray(high)))

    def rejects(self, method: str, p: ArrayLike, aim: float = LEVEL, level: float = LEVEL) -> None:
        """Whether a test rejects at ``level``; one without p does not."""
        self._count(method, aim, np.asarray(p) <= level + 1e-12)

    def happens(self, method: str, aim: float, happened: ArrayLike) -> None:
        self._count(method, aim, np.asarray(happened))

    def gives(self, method: str, truth: float, value: ArrayLike) -> None:
        """An estimate: the line tells the truth and the mean of the estimates."""
        self._add(method, truth, np.asarray(value, np.float64))

    def lines(self) -> Iterator[Line]:
        for (method, aim), parts in self._seen.items():
            values = np.concatenate(parts)
            mean, draws = float(values.mean()), len(values)
            if (method, aim) in self._counts:
                error = np.sqrt(max(mean * (1 - mean), 1e-4) / draws)
            else:
                error = np.std(values) / np.sqrt(draws)
            yield Line(method, self.setting, aim, mean, None, 2 * float(error), self.notes.get(method, ""))

    def _count(self, method: str, aim: float, happened: NDArray[np.bool_]) -> None:
        self._counts.add((method, aim))
        self._add(method, aim, happened.astype(np.float64))

    def _add(self, method: str, aim: float, values: Numbers) -> None:
        self._seen.setdefault((method, aim), []).append(values.ravel())


HEADING = f"{'method':<36}{'setting':<46}{'aim':>7}{'mean':>8}{'worst':>8}{'±':>8}"


def as_text(line: Line) -> str:
    worst = f"{line.worst:8.4f}" if line.worst is not None else " " * 8
    spread = f"{line.spread:8.3f}" if line.spread else f"{'exact':>8}"
    text = f"{line.method:<36}{line.setting:<46}{line.aim:7.3f}{line.mean:8.4f}{worst}{spread}"
    return f"{text}  {line.note}" if line.note else text


def as_markdown(title: str, lines: Iterable[Line]) -> str:
    """The lines as rows of a table for a text, those of one setting and aim together; a note is told once."""
    told: set[str] = set()
    together: dict[tuple[str, float], list[Line]] = {}
    for line in lines:
        together.setdefault((line.setting, line.aim), []).append(line)
    rows = [f"| {setting} | {_short(aim)} | {_found(found, told)} |" for (setting, aim), found in together.items()]
    return "\n".join([f"\n**{title}**\n", "| situation | nominal | found |", "|---|---|---|", *rows])


def _found(lines: list[Line], told: set[str]) -> str:
    """Methods with what they did; a note that was not told yet stands after the methods that it is about."""
    texts = []
    for note, some in groupby(lines, key=lambda line: line.note):
        text = ", ".join(f"{line.method} {_short(line.mean)}{_worst(line)}" for line in some)
        texts.append(f"{text} – {note}" if note and note not in told else text)
        told.add(note)
    return "; ".join(texts)


def _worst(line: Line) -> str:
    return "" if line.worst is None else f" ({_short(line.worst)})"


def _short(value: float) -> str:
    """Three decimals, without the zero before them."""
    return f"{value:.3f}".removeprefix("0")

"""Answers of the same people laid out by person: one place each, whichever waves they were seen at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.frame import CodedFrame
from analysis.intervals import Numbers

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class ByPerson:
    """The people of a frame who are named; all arrays that it gives have one entry a person."""

    frame: CodedFrame

    @cached_property
    def people(self) -> Codes:
        return np.unique(self.frame.person[self.frame.person >= 0])

    @cached_property
    def first_row(self) -> Codes:
        """A row of each person: sessions and parts are the same in all of them."""
        named = np.flatnonzero(self.frame.person >= 0)
        return named[np.unique(self.frame.person[named], return_index=True)[1]]

    def answers(self, values: Numbers, wave: int) -> Numbers:
        """Of (rows,) the values at a wave, NaN for whoever was not there."""
        found = np.full(len(self.people), np.nan)
        here = np.flatnonzero((self.frame.wave == wave) & (self.frame.person >= 0))
        found[np.searchsorted(self.people, self.frame.person[here])] = values[here]
        return found

    def seen(self, wave: int) -> NDArray[np.bool_]:
        """Who was there at a wave, with or without an answer."""
        return ~np.isnan(self.answers(np.zeros(len(self.frame.wave)), wave))

    @property
    def cluster(self) -> Codes | None:
        sessions = self.frame.sessions
        return None if sessions is None else sessions.cluster[self.first_row]

    @property
    def stratum(self) -> Codes | None:
        sessions = self.frame.sessions
        return None if sessions is None else sessions.stratum[self.first_row]

    @property
    def arm(self) -> Codes | None:
        arms = self.frame.arms
        return None if arms is None else arms.of_row[self.first_row]

    def dummies(self) -> Numbers | None:
        """A column of 0 and 1 for every part but the first of each column that the plan looks at; None without any."""
        margins = [split.of_row[self.first_row] for split in self.frame.partitions if len(split.columns) == 1]
        columns = [(of[:, None] == np.unique(of)[1:]).astype(np.float64) for of in margins if len(of)]
        made = np.concatenate(columns, axis=1) if columns else np.zeros((0, 0))
        return made if made.size else None

"""The means of one indicator at every wave over everybody, with what is known of how they vary together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.survey.arrays import Floats
from analysis.survey.estimation import PartEstimates


@dataclass(frozen=True)
class WaveMeans:
    """Arrays start with waves, (waves,); those of changes are (waves, waves), either wave first."""

    n: Floats
    estimate: Floats
    se: Floats
    se_of_change: Floats
    df_of_change: Floats  # PSUs less strata with an answer at either wave

    def covariance(self, earlier: int, later: int) -> float:
        """How two means vary together, from the variances of both and of their difference.

        Formula: (V₁ + V₂ − V₍₂₋₁₎)/2, never beyond √(V₁V₂), which only joined variances of interviewers can pass.
        """
        product = float(self.se[earlier] * self.se[later])
        squares = self.se[earlier] ** 2 + self.se[later] ** 2 - self.se_of_change[earlier, later] ** 2
        return float(np.clip(squares / 2, -product, product))


def wave_means(made: PartEstimates, indicator: int, waves: int, pairs: Sequence[tuple[int, int]]) -> WaveMeans:
    """The means of one indicator (its place in ``made``) over part 0 of ``made``, which is everybody.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.estimation import Grouping, estimate_survey
    >>> design = survey_design(np.ones(8), cluster=np.array([0, 1, 2, 3] * 2))
    >>> answers, wave = np.array([[0, 0, 0, 1, 0, 1, 1, 1]], np.int8), np.repeat([0, 1], 4)
    >>> (made,) = estimate_survey(answers, design, wave, 2, [Grouping(np.zeros(8, int), 1)], [(0, 1)])
    >>> found = wave_means(made, 0, 2, [(0, 1)])
    >>> found.estimate.tolist(), round(found.covariance(0, 1), 6)
    ([0.25, 0.75], 0.020833)
    """
    se, df = np.full((2, waves, waves), np.nan)
    for place, (earlier, later) in enumerate(pairs):
        for pair in ((earlier, later), (later, earlier)):
            se[pair], df[pair] = made.changes.se[indicator, place, 0], made.changes.df[indicator, place, 0]
    return WaveMeans(made.n[indicator, :, 0], made.estimate[indicator, :, 0], made.se[indicator, :, 0], se, df)

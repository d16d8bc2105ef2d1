"""The stratified jackknife (JKn): variance by leaving out one PSU at a time, for statistics without a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.survey.arrays import Floats
from analysis.survey.design import CENSUS, SurveyDesign


@dataclass(frozen=True)
class Replicates:
    """Which PSU each replicate leaves out and how much its deviation counts."""

    multipliers: Floats  # (replicates, psus) factors on the weights
    scales: Floats  # (replicates,)


def jackknife_replicates(design: SurveyDesign) -> Replicates:
    """Weights of the delete-one-PSU jackknife within strata.

    Formula: the replicate that leaves out PSU c of stratum h multiplies the weights of the stratum's other PSUs by
    n_h/(n_h − 1) and counts (1 − f_h)(n_h − 1)/n_h. A lonely PSU has none, except under ``adjust``: then the others
    of all H strata are multiplied by H/(H − 1) and it counts (H − 1)/H; under ``average`` all count PSUs/replicates.
    Shape: (replicates, PSUs). Errors: none. Source: Wolter, *Introduction to Variance Estimation* (2007), §4.5.
    R: ``as.svrepdesign(type = "JKn")``.

    >>> from analysis.survey.design import survey_design
    >>> jackknife_replicates(survey_design(np.ones(2))).multipliers.tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    drawn, strata = design.psus_of_stratum[design.stratum_of_psu], design.strata
    left_out, undrawn = np.arange(design.psus), design.undrawn[design.stratum_of_psu]
    lonely = drawn == 1
    same = design.stratum_of_psu[:, None] == design.stratum_of_psu
    multipliers = np.where(same, (drawn / np.maximum(drawn - 1, 1))[:, None], 1.0)
    scales = undrawn * (drawn - 1) / drawn
    counted = ~lonely & (undrawn >= CENSUS)
    if design.lonely == "adjust" and strata > 1:
        judged = lonely & (undrawn >= CENSUS)
        multipliers[judged] = strata / (strata - 1)
        scales[judged] = (strata - 1) / strata
        counted |= judged
    multipliers[left_out, left_out] = 0
    if design.lonely == "average" and lonely.any():
        scales = scales * design.psus / max(counted.sum(), 1)
    return Replicates(multipliers[counted], scales[counted])


def jackknife(
    statistic: Callable[[Floats], Floats], totals: Floats, replicates: Replicates, *, around_estimate: bool = False
) -> tuple[Floats, Floats]:
    """Estimate and jackknife covariance of a smooth function of totals.

    ``totals`` (PSUs, …) are weighted sums per PSU, such as arrays of a ``Tally`` with PSUs moved first; ``statistic``
    takes sums (replicates, …) and returns (replicates, m). Formula: Σ_r scale_r (θ_r − θ̄)(θ_r − θ̄)ᵀ with θ̄ the mean
    of the replicates, or the estimate itself (R: ``mse = TRUE``). Returns (m,) and (m, m). Degrees of freedom: those
    of the design. Errors: ValueError without replicates. R: ``withReplicates``, ``svymean`` of a JKn design.

    >>> from analysis.survey.design import survey_design
    >>> sums = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0]])  # Σwy and Σw of three PSUs
    >>> made = jackknife(lambda s: s[:, :1] / s[:, 1:], sums, jackknife_replicates(survey_design(np.ones(3))))
    >>> made[0].tolist(), made[1].round(9).tolist()
    ([1.0], [[0.083333333]])
    """
    if not len(replicates.scales):
        raise ValueError("no PSU can be left out: every stratum was drawn whole or has a single PSU")
    estimate = statistic(totals.sum(axis=0)[None])[0]
    found = statistic(np.tensordot(replicates.multipliers, totals, axes=1))
    less = found - (estimate if around_estimate else found.mean(axis=0))
    return estimate, (less * replicates.scales[:, None]).T @ less

"""The stratified jackknife (JKn): variance by leaving out one PSU at a time, for statistics without a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.survey.arrays import Booleans, Floats, divided, over_groups
from analysis.survey.design import CENSUS, SurveyDesign
from analysis.survey.variance import stratum_sums

ROUNDING = 1e-12  # of all weights: what is left when everybody of a part is left out


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
    left_out, lonely = np.arange(design.psus), design.psus_of_stratum[design.stratum_of_psu] == 1
    same = design.stratum_of_psu[:, None] == design.stratum_of_psu
    multipliers = np.where(same, (drawn / np.maximum(drawn - 1, 1))[:, None], 1.0)
    if design.lonely == "adjust" and strata > 1:
        multipliers[lonely] = strata / (strata - 1)
    multipliers[left_out, left_out] = 0
    scales, counted = _scales(design)
    return Replicates(multipliers[counted], scales[counted])


def _scales(design: SurveyDesign) -> tuple[Floats, Booleans]:
    """How much the replicate that leaves out each PSU counts, and whether there is one."""
    drawn, strata = design.psus_of_stratum[design.stratum_of_psu], design.strata
    undrawn = design.undrawn[design.stratum_of_psu]
    lonely = drawn == 1
    scales = undrawn * (drawn - 1) / drawn
    counted = ~lonely & (undrawn >= CENSUS)
    if design.lonely == "adjust" and strata > 1:
        judged = lonely & (undrawn >= CENSUS)
        scales[judged] = (strata - 1) / strata
        counted |= judged
    if design.lonely == "average" and lonely.any():
        scales = scales * design.psus / max(counted.sum(), 1)
    return scales, counted


def replicate_means(total: Floats, weight: Floats, design: SurveyDesign) -> Floats:
    """Means Σwy/Σw when each PSU is left out in turn: sums per PSU (indicators, psus, m) to the same shape.

    The multipliers of ``jackknife_replicates``, without the square table of them; a factor on all weights cancels.

    Weights that came with the data take the place of this: (indicators, replicates, m).

    >>> from analysis.survey.design import survey_design
    >>> sums = np.array([[[1.0], [3.0], [2.0]]])
    >>> replicate_means(sums, np.full((1, 3, 1), 2.0), survey_design(np.ones(3))).ravel().tolist()
    [1.25, 0.75, 1.0]
    """
    if design.replicates is not None:
        return design.replicates.means(total, weight)
    drawn = design.psus_of_stratum[design.stratum_of_psu]
    grown = (drawn / np.maximum(drawn - 1, 1))[:, None]

    def without(sums: Floats) -> Floats:
        stratum = stratum_sums(sums, design)[:, design.stratum_of_psu]
        return over_groups(sums)[:, None] - stratum + grown * (stratum - sums)

    return divided(
        without(total), np.where(without(weight) > ROUNDING * over_groups(weight)[:, None], without(weight), 0)
    )


def scaled_deviations(replicates: Floats, design: SurveyDesign, estimate: Floats) -> Floats:
    """Replicates (indicators, psus, m) less their mean, times the root of how much each counts; their squares sum up
    to the variance (R: ``mse = FALSE``). Weights that came with the data are replicates around the ``estimate``
    (indicators, m) itself (R: ``mse = TRUE``).

    >>> from analysis.survey.design import survey_design
    >>> made = scaled_deviations(np.array([[[1.25], [0.75], [1.0]]]), survey_design(np.ones(3)), np.ones((1, 1)))
    >>> round(float((made**2).sum()), 9)
    0.083333333
    """
    if design.replicates is not None:
        return design.replicates.deviations(replicates, estimate)
    scales, counted = _scales(design)
    if not counted.any():
        return np.full(replicates.shape, np.nan)
    centre = over_groups(replicates * counted[:, None])[:, None] / counted.sum()
    less: Floats = (replicates - centre) * np.sqrt(np.where(counted, scales, 0.0))[:, None]
    return less


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

"""How totals vary from PSU to PSU: the with-replacement (ultimate cluster) variance that everything here rests on.

Every estimate is written as a sum over PSUs of its *influence*, and its variance is that of this sum:

    v = Σ_h (1 − f_h) n_h/(n_h − 1) Σ_c (z_hc − z̄_h)(z_hc − z̄_h)ᵀ

over strata h with n_h PSUs c, of which a share f_h of the population was drawn.
Source: Wolter, *Introduction to Variance Estimation* (2nd ed. 2007), §1.4 and §6.
"""

from __future__ import annotations

import numpy as np

from analysis.survey.arrays import Booleans, Floats, column_sums
from analysis.survey.design import CENSUS, SurveyDesign


def stratum_sums(values: Floats, design: SurveyDesign, axis: int = -2) -> Floats:
    """Sums over the PSUs of each stratum, along the axis of PSUs: (…, psus, m) to (…, strata, m).

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(4), stratum=np.array([0, 0, 1, 1]))
    >>> stratum_sums(np.array([[1.0], [2.0], [3.0], [4.0]]), design).ravel().tolist()
    [3.0, 7.0]
    """
    sums: Floats = np.add.reduceat(values, design.first_psu, axis=axis)
    return sums


def centred(influence: Floats, design: SurveyDesign) -> Floats:
    """Influence (…, psus, m) less its stratum's mean; under ``adjust`` a lonely PSU keeps its distance from all.

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(3), stratum=np.array([0, 0, 1]), lonely="adjust")
    >>> centred(np.array([[1.0], [3.0], [5.0]]), design).ravel().tolist()
    [-1.0, 1.0, 5.0]
    """
    means = stratum_sums(influence, design) / _centring_size(design)[:, None]
    less = np.take(means, design.stratum_of_psu, axis=-2)
    return np.subtract(influence, less, out=less)


def stratum_factors(design: SurveyDesign) -> Floats:
    """(1 − f_h) n_h/(n_h − 1) for every stratum; a lonely one counts once under ``adjust`` and not at all otherwise.

    >>> from analysis.survey.design import survey_design
    >>> stratum_factors(survey_design(np.ones(4), stratum=np.array([0, 0, 0, 1]), lonely="adjust")).tolist()
    [1.5, 1.0]
    """
    drawn = design.psus_of_stratum
    factors = design.undrawn * np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), float(design.lonely == "adjust"))
    return np.where(design.undrawn < CENSUS, 0.0, factors)


def inflation(present: Booleans, design: SurveyDesign) -> Floats:
    """Under ``average``, strata / strata that are not lonely, among the strata ``present`` (…, strata, m); else 1.

    Lets a lonely stratum count as much as the average of the others. NaN where every stratum present is lonely.
    Shape: (…, m). R: ``options(survey.lonely.psu = "average")``, which counts the strata of the subset.

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(5), stratum=np.array([0, 0, 1, 1, 2]), lonely="average")
    >>> inflation(np.array([[True], [True], [True]]), design).tolist()
    [1.5]
    """
    if design.jackknife or design.lonely != "average" or not design.lonely_strata.size:
        return np.ones(present.shape[:-2] + present.shape[-1:])
    strata = present.sum(axis=-2)
    judged = strata - present[..., design.lonely_strata, :].sum(axis=-2)
    return np.where(judged > 0, strata / np.maximum(judged, 1), np.nan)


def variance(influence: Floats, design: SurveyDesign) -> Floats:
    """Variance of the sums over PSUs, each on its own: influence (…, psus, m) to variance (…, m).

    Formula: at the head of this file; ``inflation`` is left out, as it depends on the strata that an estimate touches.
    Units: those of the influence, squared. Errors: none; NaN stays NaN.

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(4), stratum=np.array([0, 0, 1, 1]))
    >>> variance(np.array([[1.0], [3.0], [0.0], [4.0]]), design).tolist()  # 2·(1 + 1) + 2·(4 + 4)
    [20.0]
    """
    if design.jackknife:  # scaled deviations of replicates
        squares: Floats = np.einsum("...ci,...ci->...i", influence, influence)
        return squares
    less = centred(influence, design)
    factors = stratum_factors(design)[design.stratum_of_psu]
    spread: Floats = factors @ np.multiply(less, less, out=less)
    return spread


def covariance(influence: Floats, design: SurveyDesign) -> Floats:
    """Covariance matrix of the sums over PSUs: influence (…, psus, m) to (…, m, m), ``inflation`` left out.

    >>> from analysis.survey.design import survey_design
    >>> covariance(np.array([[1.0, 0.0], [3.0, 2.0]]), survey_design(np.ones(2))).tolist()
    [[4.0, 4.0], [4.0, 4.0]]
    """
    if design.jackknife:
        return np.swapaxes(influence, -1, -2) @ influence
    less = centred(influence, design)
    factors = stratum_factors(design)[design.stratum_of_psu]
    matrix: Floats = np.swapaxes(less * factors[:, None], -1, -2) @ less
    return matrix


def variance_of_rows(sums: Floats, squares: Floats, design: SurveyDesign) -> Floats:
    """``variance`` where every row is a PSU, from each stratum's sum and sum of squares: (…, strata, m) to (…, m).

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(4), stratum=np.array([0, 0, 1, 1]))
    >>> variance_of_rows(np.array([[4.0], [4.0]]), np.array([[10.0], [16.0]]), design).tolist()
    [20.0]
    """
    less = squares - sums**2 / _centring_size(design)[:, None]
    spread: Floats = stratum_factors(design) @ less
    return spread


def covariance_of_rows(sums: Floats, squares: Floats, design: SurveyDesign) -> Floats:
    """``covariance`` where every row is a PSU: sums (…, strata, m) and squares (…, strata, m, m) to (…, m, m).

    >>> from analysis.survey.design import survey_design
    >>> covariance_of_rows(np.array([[4.0]]), np.array([[[10.0]]]), survey_design(np.ones(2))).tolist()
    [[4.0]]
    """
    less = squares - sums[..., :, None] * sums[..., None, :] / _centring_size(design)[:, None, None]
    matrix: Floats = np.einsum("h,...hab->...ab", stratum_factors(design), less)
    return matrix


def _centring_size(design: SurveyDesign) -> Floats:
    """PSUs of each stratum; infinite for a lonely one that keeps its distance from the mean of all."""
    size = design.psus_of_stratum.astype(float)
    if design.lonely == "adjust":
        size[design.lonely_strata] = np.inf
    return size


def psu_totals(scores: Floats, design: SurveyDesign) -> Floats:
    """Sums over the rows of each PSU: scores (rows, m) to (psus, m). Scores carry their weight already.

    >>> from analysis.survey.design import survey_design
    >>> psu_totals(np.array([[1.0], [2.0], [4.0]]), survey_design(np.ones(3), cluster=np.array([0, 1, 0]))).tolist()
    [[5.0], [2.0]]
    """
    return column_sums(design.psu_of_row, scores, design.psus)


def covariance_of_scores(scores: Floats, design: SurveyDesign, used: Booleans) -> Floats:
    """Covariance matrix of sums over rows, for estimates that are not made from PSU totals: (rows, m) to (m, m).

    Rows that are not ``used`` (outside a domain, no answer) have score 0 and stay in the design, so the number of PSUs
    stays what was drawn. With a calibrated design the scores are first freed of what the population margins explain.

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(3), cluster=np.array([0, 0, 1]))
    >>> covariance_of_scores(np.array([[1.0], [1.0], [4.0]]), design, np.ones(3, dtype=bool)).tolist()
    [[4.0]]
    """
    if design.replicates is not None:
        raise ValueError("scores of rows cannot be judged by replicate weights; use means")
    if design.calibration is not None:
        scores = design.calibration.residuals(scores)
    strata = np.bincount(design.stratum[used], minlength=design.strata)[:, None] > 0
    return covariance(psu_totals(scores, design), design) * inflation(strata, design)


def df_of_rows(design: SurveyDesign, used: Booleans) -> int:
    """PSUs less strata among the rows that are used, as R's ``degf`` of a subset.

    >>> from analysis.survey.design import survey_design
    >>> design = survey_design(np.ones(4), stratum=np.array([0, 0, 1, 1]))
    >>> df_of_rows(design, np.array([True, True, False, False]))
    1
    """
    psus = np.bincount(design.psu_of_row[used], minlength=design.psus) > 0
    if design.replicates is not None:
        return int(design.replicates.df(psus[None, :, None]).item())
    return int(psus.sum()) - len(np.unique(design.stratum_of_psu[psus]))

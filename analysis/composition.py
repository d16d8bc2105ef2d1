"""Would the change remain if both waves had reached the same kind of people? The raw change and three adjusted ones.

All describe one population, by default that of the earlier wave; its make-up counts as known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.crosstables import Homogeneity, counts_by_group, homogeneity
from analysis.intervals import Numbers
from analysis.means import MeanChange, mean_change
from analysis.survey.calibration import Margin, calibrated, post_stratify, rake
from analysis.survey.design import SurveyDesign
from analysis.survey.errors import SurveyError
from analysis.survey.estimation import Grouping, estimate_survey
from analysis.survey.regression import regress

Codes = NDArray[np.int64]


def mix_by_wave(group: Codes, wave: Codes) -> tuple[Numbers, Homogeneity]:
    """The share of each group at both waves, (groups, 2), and whether the mix is the same.

    Formula: ``homogeneity`` of the table group × wave. Source: Pearson (1900). Shapes: (rows,) each, wave 0 or 1, group
    −1 where it is unknown. Errors: none.

    >>> shares, test = mix_by_wave(np.array([0, 0, 1, 1, 0, 1, 1, 1]), np.repeat([0, 1], 4))
    >>> shares.tolist(), test.method
    ([[0.5, 0.25], [0.5, 0.75]], 'boschloo')
    """
    table = counts_by_group(group, wave == 0)
    sums = table.sum(axis=0)
    return table / np.where(sums > 0, sums, np.nan), homogeneity(table)


def shares_at(group: Codes, rows: NDArray[np.bool_], weight: Numbers | None = None) -> Numbers:
    """The share of each group among some rows, such as those of the wave that both are to resemble.

    >>> shares_at(np.array([0, 1, 1, 0]), np.array([True, True, True, False])).round(3).tolist()
    [0.333, 0.667]
    """
    groups = int(group.max(initial=0)) + 1
    counts = np.bincount(group[rows], None if weight is None else weight[rows], minlength=groups)
    share: Numbers = counts / counts.sum()
    return share


def raw_change(y: Numbers, wave: Codes, design: SurveyDesign, confidence: float = 0.95) -> MeanChange:
    """The change as it was found: mean at wave 1 less mean at wave 0 with the design's weights, unadjusted.

    Formula: ``survey.linearised.wave_contrasts``, t on PSUs − strata. Units: those of y. Shapes: (rows,) each, y NaN
    where missing, wave 0 or 1. Errors: none; NaN where a wave is empty. R: survey::svycontrast(svyby(…)).

    >>> from analysis.survey.design import survey_design
    >>> y, wave = np.array([0, 0, 0, 1, 0, 1, 1, 1.0]), np.repeat([0, 1], 4)
    >>> found = raw_change(y, wave, survey_design(np.ones(8)))
    >>> found.value, round(found.se, 6)
    (0.5, 0.327327)
    """
    everybody = Grouping(np.zeros(len(y), dtype=np.int64), 1)
    (made,) = estimate_survey(y[None, :], design, wave, 2, [everybody], [(0, 1)])
    change = made.changes
    return mean_change(change.estimate.item(), change.se.item(), change.df.item(), confidence)


def raked_change(
    y: Numbers, wave: Codes, margins: Sequence[Margin], design: SurveyDesign, confidence: float = 0.95
) -> MeanChange:
    """The change once both waves are raked to the same margins, such as sex and age group.

    Formula: ``survey.calibration.rake`` of each wave to the targets, then as ``raw_change`` with the calibrated
    variance. Source: Deville & Särndal (1992), J. Am. Stat. Assoc. 87, 376–382. Units: those of y. Errors: SurveyError
    where a group has no target or nobody in it at a wave, or margins cannot be met together. R: survey::rake.

    >>> from analysis.survey.design import survey_design
    >>> y, wave, sex = np.array([0, 0, 0, 1, 0, 1, 1, 1.0]), np.repeat([0, 1], 4), np.array([0, 0, 1, 1, 0, 1, 1, 1])
    >>> round(raked_change(y, wave, [Margin(sex, np.array([0.5, 0.5]))], survey_design(np.ones(8))).value, 6)
    0.25
    """
    made = rake(design.weight, [margin.in_each_wave(wave, 2) for margin in margins])
    return raw_change(y, wave, calibrated(design, made), confidence)


def standardised_change(
    y: Numbers, wave: Codes, cell: Codes, targets: Numbers, design: SurveyDesign, confidence: float = 0.95
) -> tuple[MeanChange, float]:
    """The change with the same mix of cells (a crossing such as sex × age group) at both waves, and the share covered.

    Formula: Σ π_c(ȳ_c1 − ȳ_c0)/Σ π_c over the cells that have people at both waves and a target π_c; variance of
    post-stratification. Cells that one wave lacks cannot be compared: the second number says how much of the population
    the others hold. Source: Kitagawa (1955), J. Am. Stat. Assoc. 50, 1168–1194; R survey::postStratify. Units: those of
    y. Shapes: (rows,) each, targets (cells,). Errors: SurveyError ``no_rows`` where no cell is in both waves.

    >>> from analysis.survey.design import survey_design
    >>> y, wave, sex = np.array([0, 0, 0, 1, 0, 1, 1, 1.0]), np.repeat([0, 1], 4), np.array([0, 0, 1, 1, 0, 1, 1, 1])
    >>> found, covered = standardised_change(y, wave, sex, np.array([0.5, 0.5]), survey_design(np.ones(8)))
    >>> round(found.value, 6), covered
    (0.25, 1.0)
    """
    there = [np.bincount(cell[(wave == one) & ~np.isnan(y)], minlength=len(targets)) > 0 for one in (0, 1)]
    both = there[0] & there[1] & (targets > 0)
    if not both.any():
        raise SurveyError("no_rows")
    compared = np.where(both[cell], y, np.nan)
    made = post_stratify(design.weight, _margin_of_cells(wave, cell, both, targets, design.weight, ~np.isnan(compared)))
    return raw_change(compared, wave, calibrated(design, made), confidence), float(targets[both].sum() / targets.sum())


def regression_change(
    y: Numbers,
    wave: Codes,
    covariates: Numbers,
    design: SurveyDesign,
    population: Numbers,
    *,
    binary: bool = True,
    confidence: float = 0.95,
) -> MeanChange:
    """The change that a model gives for one population: everybody in it as at wave 1 less everybody as at wave 0.

    Formula: g-computation: regression of y on wave and covariates (logit for yes/no answers), predictions averaged over
    the rows by ``population``; variance by the delta method from the coefficients' design-based covariance.
    Source: Robins (1986), Math. Model. 7, 1393–1512; Snowden, Rose & Mortimer (2011), Am. J. Epidemiol. 173, 731–738;
    Oehlert (1992). Units: those of y. Shapes: (rows,) each, covariates (rows, c) without a column of ones, population
    (rows,) weights, 0 for rows outside it. Errors: SurveyError as ``survey.regression.regress``.

    >>> from analysis.survey.design import survey_design
    >>> y, wave, sex = np.array([0, 1, 0, 1, 0, 1, 1, 1, 0, 0.0]), np.repeat([0, 1], 5), np.array([0, 0, 1, 1, 0] * 2)
    >>> found = regression_change(y, wave, sex[:, None].astype(float), survey_design(np.ones(10)), np.ones(10))
    >>> round(found.value, 6)
    0.2
    """
    x = np.column_stack([np.ones(len(y)), wave, covariates])
    made = regress(y, x, design, "logit" if binary else "identity")
    share = population / population.sum()
    averages, gradients = [], []
    for value in (0.0, 1.0):
        columns = x.copy()
        columns[:, 1] = value
        predicted = columns @ made.coefficients
        fitted = expit(predicted) if binary else predicted
        slope = fitted * (1 - fitted) if binary else np.ones(len(y))
        averages.append(float(share @ fitted))
        gradients.append((share * slope) @ columns)
    gradient = gradients[1] - gradients[0]
    se = float(np.sqrt(gradient @ made.covariance @ gradient))
    return mean_change(averages[1] - averages[0], se, float(made.df), confidence)


def _margin_of_cells(
    wave: Codes, cell: Codes, both: NDArray[np.bool_], targets: Numbers, weight: Numbers, answered: NDArray[np.bool_]
) -> Margin:
    """The targets of the cells that both waves have, in each wave, for those who answered.

    Others keep the share they had: with them a cell in which many did not answer would count for less than its target.
    """
    cells = int(both.sum())
    place = np.where(answered, np.cumsum(both)[cell] - 1, cells)
    group = wave * (cells + 1) + place
    found = np.bincount(group, weight, 2 * (cells + 1)).reshape(2, -1)
    aside = (found[:, -1] / found.sum(axis=1))[:, None]
    wanted = np.hstack([(1 - aside) * targets[both] / targets[both].sum(), aside]).ravel()
    present = found.ravel() > 0
    return Margin(np.cumsum(present)[group] - 1, wanted[present])

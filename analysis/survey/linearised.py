"""Means, proportions, totals and their contrasts with linearised variance, for all indicators and parts at once.

A domain mean is a ratio of totals, p̂ = Σwy / Σw, whose influence on PSU c is z_c = Σ_{i∈c} w_i (y_i − p̂) / Σw; PSUs
without anyone of the domain count with 0. A contrast of means has the same contrast of their influences, so a PSU that
was visited in two waves brings its covariance along. Source: Lumley, *Complex Surveys* (2010), §2 and appendix C.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.survey.arrays import Booleans, Floats, Integers, divided, over_groups
from analysis.survey.calibration import explained_by_margins
from analysis.survey.design import SurveyDesign
from analysis.survey.inference import wald_test
from analysis.survey.replicate import replicate_means, scaled_deviations
from analysis.survey.sufficient import Tally
from analysis.survey.variance import covariance, covariance_of_rows, inflation, stratum_sums, variance, variance_of_rows

ROUNDING = 1e-13  # relative to the estimates


@dataclass(frozen=True)
class Influence:
    """What each group (see ``Tally``) adds to some estimates; arrays are (indicators, groups, estimates)."""

    sums: Floats
    squares: Floats | None  # where rows are PSUs: sums of squares over the rows of each stratum
    answers: Floats
    size: Floats  # (indicators, estimates): what rounding errors are in proportion to


@dataclass(frozen=True)
class Estimates:
    """Estimates with their precision, in the shape that the function states; NaN where nobody answered."""

    estimate: Floats
    se: Floats
    df: Floats  # PSUs less strata among those with an answer, or the rank of their replicate weights less one
    psus: Floats  # PSUs with an answer


@dataclass(frozen=True)
class Means(Estimates):
    """Means by wave and part, shape (indicators, waves, parts), with what they were counted from."""

    n: Floats
    x: Floats
    weight: Floats
    variance_of_one: Floats  # n/(n − 1) · Σw(y − p̂)²/Σw, the variance between people (R: svyvar)
    influence: Influence  # estimates are waves × parts
    counted: Tally  # by part
    replicates: Floats | None = None  # the means without each PSU, or of each replicate (indicators, …, waves × parts)


def means(counted: Tally, design: SurveyDesign, part_of_cell: Integers | None = None, parts: int = 0) -> Means:
    """Mean (proportion) of every indicator by wave and part, with standard error and degrees of freedom.

    Formula: p̂ = Σwy/Σw, variance as in ``analysis.survey.variance``, df = PSUs − strata with an answer in the domain.
    Units: those of y (fractions of 1 for binary indicators). Parts are the cells of ``counted``, or unions of them by
    ``part_of_cell`` (−1: in none). Shape: (indicators, waves, parts). Errors: none; NaN where nobody answered.
    R: ``svyby(~y, ~wave + part, design, svymean)``, df ``degf(subset(design, …))``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design = survey_design(np.array([1.0, 1.0, 2.0]), cluster=np.array([0, 1, 1]))
    >>> one = np.zeros(3, int)
    >>> made = means(tally(np.array([[1, 1, 0]], np.int8), design, one, 1, one, 1), design)
    >>> made.estimate.item(), made.se.item(), made.df.item()
    (0.5, 0.25, 1.0)
    """
    part_of_cell = np.arange(counted.cells) if part_of_cell is None else part_of_cell
    folded = counted.folded(part_of_cell, parts or counted.cells)
    n, weight = over_groups(folded.n), over_groups(folded.weight)
    estimate = divided(over_groups(folded.total), weight)
    influence, replicates = _influence_of_means(folded, estimate, weight), None
    if design.jackknife:
        replicates = replicate_means(_flat(folded.total), _flat(folded.weight), design)
        influence = replace(influence, sums=_of_jackknife(replicates, estimate, design))
    elif design.calibration is not None:
        explained = explained_by_margins(estimate, weight, counted, part_of_cell, design.calibration)
        influence = replace(influence, sums=influence.sums - explained)
    spread = np.maximum(divided(folded.square, weight) - estimate**2, 0)
    judged = _judged(estimate.reshape(len(n), -1), influence, design)
    estimate, se, df, psus = (array.reshape(n.shape) for array in judged)
    x = over_groups(folded.x)
    return Means(estimate, se, df, psus, n, x, weight, divided(n, n - 1) * spread, influence, folded, replicates)


def totals(counted: Tally, design: SurveyDesign) -> Estimates:
    """Total Σwy of every indicator by wave and cell, with standard error; shape (indicators, waves, cells).

    Units: those of y times those of the weights, so it is a count of people only when weights sum to the population.
    Calibrated designs are not served here. Errors: ValueError for those. R: ``svytotal``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.array([10.0, 10.0])), np.zeros(2, int)
    >>> made = totals(tally(np.array([[1, 0]], np.int8), design, one, 1, one, 1), design)
    >>> made.estimate.item(), round(made.se.item(), 9)
    (10.0, 10.0)
    """
    if design.calibration is not None:
        raise ValueError("totals of a calibrated design are not available; use means")
    estimate = over_groups(counted.total)
    squares = None if counted.second is None else _flat(counted.second.square)
    influence = Influence(_flat(counted.total), squares, _flat(counted.n), np.abs(_flat(estimate)))
    judged = _judged(_flat(estimate), influence, design)
    return Estimates(*(array.reshape(estimate.shape) for array in judged))


def wave_contrasts(made: Means, design: SurveyDesign, coefficients: Floats) -> Estimates:
    """Contrasts of waves within each part: ``coefficients`` (contrasts, waves) to shape (indicators, contrasts, parts).

    [[−1, 1]] is the difference second − first wave. Formula: Σ_w c_w p̂_w, influence Σ_w c_w z_w; df = PSUs − strata
    with an answer in any wave used. Units: those of the means. Errors: none; NaN where a wave is empty.
    R: ``svycontrast(svyby(…, covmat = TRUE), …)``; on df + 1 − 2 the t test of ``svyglm(y ~ wave)``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design = survey_design(np.ones(4), cluster=np.array([0, 0, 1, 1]))
    >>> wave, one = np.array([0, 1, 0, 1]), np.zeros(4, int)
    >>> made = means(tally(np.array([[0, 1, 1, 1]], np.int8), design, wave, 2, one, 1), design)
    >>> change = wave_contrasts(made, design, np.array([[-1.0, 1.0]]))
    >>> change.estimate.item(), change.se.item(), change.df.item()
    (0.5, 0.5, 1.0)
    """
    shape = made.estimate.shape

    def combined(array: Floats, factors: Floats) -> Floats:
        by_wave = array.reshape(*array.shape[:-1], *shape[1:])
        found = [sum(c * by_wave[..., w, :] for w, c in enumerate(row) if c) for row in factors]
        stacked = np.stack(found, axis=-2) if found else by_wave[..., :0, :]
        return stacked.reshape(*array.shape[:-1], len(found) * shape[2])

    influence = made.influence
    judged = _judged(
        combined(_flat(made.estimate), coefficients),
        Influence(
            combined(influence.sums, coefficients),
            None if influence.squares is None else combined(influence.squares, coefficients**2),
            combined(influence.answers, (coefficients != 0).astype(float)),
            combined(influence.size, np.abs(coefficients)),
        ),
        design,
    )
    return Estimates(*(array.reshape(shape[0], -1, shape[2]) for array in judged))


def contrasts(made: Means, design: SurveyDesign, coefficients: Floats) -> Estimates:
    """Contrasts of any means: ``coefficients`` (contrasts, waves, parts) to shape (indicators, contrasts).

    Parts may be the arms of a comparison: (end − start) in one less (end − start) in the other is the difference in
    differences. Formula, units, df and R as in ``wave_contrasts``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design = survey_design(np.ones(8), cluster=np.arange(8) // 2)
    >>> wave, arm = np.arange(8) % 2, np.arange(8) // 4
    >>> made = means(tally(np.array([[0, 1, 1, 1, 0, 0, 1, 1]], np.int8), design, wave, 2, arm, 2), design)
    >>> did = contrasts(made, design, np.array([[[1.0, -1.0], [-1.0, 1.0]]]))
    >>> did.estimate.item(), round(did.se.item(), 6), did.df.item()
    (-0.5, 0.408248, 3.0)
    """
    chosen = _flat(coefficients).T
    influence = made.influence
    combined = Influence(
        _sums_of_known(influence.sums, chosen, design),
        None if influence.squares is None else influence.squares @ chosen**2,
        influence.answers @ (chosen != 0),
        influence.size @ np.abs(chosen),
    )
    return Estimates(*_judged(_of_known(_flat(made.estimate), chosen), combined, design))


def contrast_covariance(made: Means, design: SurveyDesign, coefficients: Floats) -> Floats:
    """Covariance matrices of contrasts (as for ``contrasts``), shape (indicators, contrasts, contrasts).

    For joint tests, as of an interaction. Formula as ``covariance``; under ``average`` it counts the strata that any of
    the contrasts touches. Errors: none; NaN where a mean is unknown. R: ``vcov(svycontrast(…))``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(4)), np.zeros(4, int)
    >>> made = means(tally(np.array([[0, 1, 1, 1]], np.int8), design, np.array([0, 1, 0, 1]), 2, one, 1), design)
    >>> contrast_covariance(made, design, np.array([[[1.0], [0.0]], [[0.0], [1.0]]])).round(6).tolist()
    [[[0.166667, 0.0], [0.0, 0.0]]]
    """
    chosen = _flat(coefficients).T
    influence, se = made.influence, contrasts(made, design, coefficients).se
    sums = _sums_of_known(influence.sums, chosen, design)
    present = (influence.answers @ (chosen != 0) > 0).any(axis=-1, keepdims=True)
    if influence.squares is None:
        matrix, strata = covariance(sums, design), stratum_sums(present.astype(float), design) > 0
    else:
        squares = np.einsum("jhi,ia,ib->jhab", influence.squares, chosen, chosen)
        matrix, strata = covariance_of_rows(sums, squares, design), present
    matrix = matrix * inflation(strata, design)[..., None]
    for value in (0.0, np.nan):  # as the standard errors: nothing but rounding, and unknown
        alike = (se == 0) if value == 0 else np.isnan(se)
        matrix[alike[:, :, None] | alike[:, None, :]] = value
    return matrix


def interaction(made: Means, design: SurveyDesign, earlier: int, later: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Whether the change between two waves is the same in all parts: F, its degrees of freedom and p per indicator.

    Formula: Wald test that the changes δ of the parts with answers in both waves are equal, F = θᵀV_θ⁻¹θ/q for their
    deviations θ from the mean change, q = parts − 1; denominator PSUs − strata with an answer in either wave. Shapes:
    (indicators,) each: F, q, denominator, p; NaN with fewer than two parts. R: ``regTermTest(svyglm(y ~ wave * part),
    ~wave:part, df = degf(design))``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> wave, part = np.arange(8) % 2, np.arange(8) // 4
    >>> design = survey_design(np.ones(8))
    >>> made = means(tally(np.array([[0, 1, 1, 1, 0, 0, 0, 1]], np.int8), design, wave, 2, part, 2), design)
    >>> [round(value.item(), 6) for value in interaction(made, design, 0, 1)]
    [0.0, 1.0, 7.0, 1.0]
    """
    parts = made.estimate.shape[2]
    changes = np.zeros((parts, made.estimate.shape[1], parts))
    changes[:, earlier], changes[:, later] = -np.eye(parts), np.eye(parts)
    change = made.estimate[:, later] - made.estimate[:, earlier]
    known = (np.isfinite(change) & np.isfinite(contrasts(made, design, changes).se)).astype(float)
    size = known.sum(axis=1)[:, None, None]
    deviation = known[:, :, None] * np.eye(parts) - known[:, :, None] * known[:, None, :] / np.maximum(size, 1)
    spread = deviation @ np.nan_to_num(contrast_covariance(made, design, changes)) @ deviation
    theta = (deviation @ np.nan_to_num(change)[:, :, None])[..., 0]
    used = (changes != 0).any(axis=0).ravel()
    resting = replace(made.influence, answers=made.influence.answers @ used[:, None])
    df = _degrees(resting, design)[:, 0]
    f, q, p = wald_test(theta, spread, df)
    whole = q == known.sum(axis=1) - 1
    f, q, p = (np.where(whole, value, np.nan) for value in (f, q, p))
    return f, q, df, p


def _flat(array: Floats) -> Floats:
    """Waves and parts as one axis."""
    return array.reshape(*array.shape[:-2], array.shape[-2] * array.shape[-1])


def _influence_of_means(folded: Tally, estimate: Floats, weight: Floats) -> Influence:
    share = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), 0)[:, None]
    p = np.nan_to_num(estimate)[:, None]
    squares = None
    if folded.second is not None:
        second = folded.second
        squares = _flat((second.square - 2 * p * second.total + p * p * second.weight) * share**2)
    sums = p * folded.weight
    sums = np.multiply(np.subtract(folded.total, sums, out=sums), share, out=sums)
    return Influence(_flat(sums), squares, _flat(folded.n), np.abs(_flat(p[:, 0])))


def _of_jackknife(replicates: Floats, estimate: Floats, design: SurveyDesign) -> Floats:
    """What takes the place of the influence; where nobody answered nothing, so that other parts stay known."""
    return np.where(np.isnan(_flat(estimate))[:, None], 0.0, scaled_deviations(replicates, design, _flat(estimate)))


def _of_known(estimate: Floats, chosen: Floats) -> Floats:
    """Contrasts of estimates, unknown only where an estimate that is used is unknown."""
    unknown = np.isnan(estimate).astype(float) @ (chosen != 0) > 0
    return np.where(unknown, np.nan, np.nan_to_num(estimate) @ chosen)


def _sums_of_known(sums: Floats, chosen: Floats, design: SurveyDesign) -> Floats:
    """Contrasts of influences; a jackknife does not know those of a part that lies within one PSU."""
    if not design.jackknife:
        return sums @ chosen
    unknown = np.isnan(sums).any(axis=1).astype(float) @ (chosen != 0) > 0
    return np.where(unknown[:, None], np.nan, np.nan_to_num(sums) @ chosen)


def _judged(estimate: Floats, influence: Influence, design: SurveyDesign) -> tuple[Floats, Floats, Floats, Floats]:
    """Estimate, standard error, degrees of freedom and PSUs, each (indicators, estimates).

    A variance that is nothing but rounding errors is 0, so that no test divides by it.
    """
    rounding = (ROUNDING * influence.size) ** 2
    if influence.squares is None:
        spread = variance(influence.sums, design)
    else:
        spread = variance_of_rows(influence.sums, influence.squares, design)
        rounding = rounding + ROUNDING * influence.squares.sum(axis=1)
    psus, present = _resting_on(influence, design)
    spread = np.where(spread > rounding, spread, np.where(np.isnan(spread), np.nan, 0.0)) * inflation(present, design)
    se = np.where(np.isnan(estimate), np.nan, np.sqrt(spread))
    return estimate, se, _degrees(influence, design), psus


def _degrees(influence: Influence, design: SurveyDesign) -> Floats:
    """PSUs less strata with an answer (indicators, estimates); of replicate weights their rank less one."""
    if design.replicates is not None:
        return design.replicates.df(influence.answers > 0)
    psus, present = _resting_on(influence, design)
    degrees: Floats = psus - present.sum(axis=1)
    return degrees


def _resting_on(influence: Influence, design: SurveyDesign) -> tuple[Floats, Booleans]:
    """PSUs with an answer (indicators, estimates), and in which strata they are (indicators, strata, estimates)."""
    present = influence.answers > 0
    if influence.squares is not None:
        return over_groups(influence.answers), present
    strata: Booleans = np.logical_or.reduceat(present, design.first_psu, axis=1)
    return over_groups(present), strata

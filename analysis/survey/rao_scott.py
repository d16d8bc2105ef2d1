"""Tests of independence in tables of a survey: Pearson's χ² with Rao and Scott's corrections, and the Wald tests.

Source: Rao & Scott, *Annals of Statistics* 12 (1984) 46–60; Koch, Freeman & Freeman, *International Statistical
Review* 43 (1975) 59–78; Thomas & Rao, *JASA* 82 (1987) 630–636.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.survey.arrays import Booleans, Floats, over_groups
from analysis.survey.design import SurveyDesign
from analysis.survey.sufficient import Tally
from analysis.survey.variance import covariance, covariance_of_rows, inflation

ROUNDING = 1e-13  # a design effect below this is none


@dataclass(frozen=True)
class Tables:
    """Weighted tables per group (see ``Tally``), several at once: (tables, groups, rows, columns)."""

    sums: Floats
    squares: Floats | None  # Σw² where people are their own PSUs
    answers: Floats  # (tables, groups) people

    @property
    def shape(self) -> tuple[int, int]:
        return self.sums.shape[2], self.sums.shape[3]


@dataclass(frozen=True)
class Independence:
    """Tests of each table, one entry per table; NaN where a row or column is empty or nothing varies."""

    f: Floats  # second-order corrected Pearson statistic, on ndf and ddf
    ndf: Floats
    ddf: Floats
    p: Floats
    pearson: Floats  # uncorrected, on the weighted shares of n people
    p_first_order: Floats
    wald: Floats
    p_wald: Floats
    adjusted_wald: Floats
    p_adjusted_wald: Floats


def answers_by_wave(counted: Tally, waves: Sequence[int]) -> Tables:
    """No and yes against waves, a table for each indicator and part: indicators × parts tables, parts running fastest.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(2)), np.zeros(2, int)
    >>> counted = tally(np.array([[1, 0]], np.int8), design, np.array([0, 1]), 2, one, 1)
    >>> answers_by_wave(counted, [0, 1]).sums.sum(axis=1).tolist()
    [[[0.0, 1.0], [1.0, 0.0]]]
    """

    def tables(yes: Floats, everyone: Floats) -> Floats:
        indicators, groups, _, parts = yes.shape
        both = np.empty((indicators, parts, groups, 2, len(waves)))
        for column, wave in enumerate(waves):
            both[..., 1, column] = np.swapaxes(yes[:, :, wave], 1, 2)
            both[..., 0, column] = np.swapaxes(everyone[:, :, wave] - yes[:, :, wave], 1, 2)
        return both.reshape(indicators * parts, groups, 2, len(waves))

    second = counted.second
    answers = np.moveaxis(counted.n[:, :, list(waves)].sum(axis=2), -1, 1).reshape(-1, counted.n.shape[1])
    squares = None if second is None else tables(second.square, second.weight)
    return Tables(tables(counted.total, counted.weight), squares, answers)


def levels_by_wave(counted: Tally, waves: Sequence[int], part: int = 0) -> Tables:
    """The levels of one item against waves: a tally with one indicator per level, of which every answer has one.

    Levels that nobody chose are left out. One table.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(3)), np.zeros(3, int)
    >>> levels = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0]], np.int8)
    >>> levels_by_wave(tally(levels, design, np.array([0, 0, 1]), 2, one, 1), [0, 1]).sums.sum(axis=1).tolist()
    [[[1.0, 0.0], [1.0, 1.0]]]
    """

    def table(chosen: Floats) -> Floats:
        return np.array(np.moveaxis(chosen[:, :, list(waves), part], 0, 1)[None])

    kept = counted.x[:, :, list(waves), part].sum(axis=(1, 2)) > 0
    squares = None if counted.second is None else table(counted.second.square[kept])
    return Tables(table(counted.total[kept]), squares, counted.n[0][:, list(waves), part].sum(axis=1)[None])


def independence(tables: Tables, design: SurveyDesign) -> Independence:
    """Whether the rows of each table are spread alike in all its columns: is the share the same in every wave?

    Formula, with shares m of the r × c cells, their covariance V, contrasts C of the interaction freed of the main
    effects and D = diag(m): Δ = (CᵀD⁻¹C/n)⁻¹ CᵀD⁻¹VD⁻¹C. F = X²/tr Δ on d = (tr Δ)²/tr Δ² and d·ν degrees of freedom,
    ν = PSUs − strata with an answer; first order: X²/(tr Δ/q) on χ²_q, q = (r − 1)(c − 1). Wald: W = YᵀV_Y⁻¹Y of
    Y = N_rc − N_r N_c/N; W/q on (q, ν), adjusted W(ν − q + 1)/(qν) on (q, ν − q + 1). R: ``svychisq(statistic=)``.

    Units: none. Shapes: ``Tables``. Errors: ValueError for a calibrated design, whose residuals it does not know.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(8)), np.zeros(8, int)
    >>> answers = np.array([[0, 0, 0, 1, 0, 1, 1, 1]], np.int8)
    >>> counted = tally(answers, design, np.repeat([0, 1], 4), 2, one, 1)
    >>> made = independence(answers_by_wave(counted, [0, 1]), design)
    >>> made.pearson.item(), round(made.f.item(), 6), made.ddf.item()
    (2.0, 1.75, 7.0)
    """
    if design.calibration is not None:
        raise ValueError("Rao–Scott tests of a calibrated design are not available; test the difference")
    strata, nu = _resting_on(tables, design)
    n, inflated = tables.answers.sum(axis=1), inflation(strata[:, :, None], design)[..., None]
    totals = over_groups(tables.sums)
    whole = totals.sum(axis=(1, 2))
    usable = (totals.sum(axis=1) > 0).all(axis=1) & (totals.sum(axis=2) > 0).all(axis=1)
    usable &= (min(tables.shape) > 1) & (nu >= 1)
    share = np.where(usable[:, None, None], totals / np.where(whole > 0, whole, 1)[:, None, None], 1.0)
    share /= share.sum(axis=(1, 2), keepdims=True)
    delta = _delta(tables, share, whole, n, design) * inflated
    expected = share.sum(axis=2, keepdims=True) * share.sum(axis=1, keepdims=True)
    pearson = n * ((share - expected) ** 2 / expected).sum(axis=(1, 2))
    q, trace = delta.shape[1], np.trace(delta, axis1=1, axis2=2)
    usable &= trace > q * ROUNDING
    wald = _wald(tables, share, whole, design) / inflated[:, 0, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        d = trace**2 / np.trace(delta @ delta, axis1=1, axis2=2)
        f, rest = pearson / trace, nu - q + 1
        adjusted = wald * rest / (q * nu)
        found = (
            f, d, d * nu, special.fdtrc(d, d * nu, f), pearson, special.chdtrc(q, q * pearson / trace),
            wald / q, special.fdtrc(q, nu, wald / q),
            adjusted, np.where(rest > 0, special.fdtrc(q, np.maximum(rest, 1), adjusted), np.nan),
        )  # fmt: skip
    return Independence(*(np.where(usable, values, np.nan) for values in found))


def _resting_on(tables: Tables, design: SurveyDesign) -> tuple[Booleans, Floats]:
    """The strata with an answer (tables, strata), and PSUs less strata with one."""
    present = tables.answers > 0
    if tables.squares is not None:
        return present, np.asarray(tables.answers.sum(axis=1) - present.sum(axis=1), np.float64)
    strata: Booleans = np.logical_or.reduceat(present, design.first_psu, axis=1)
    return strata, np.asarray(present.sum(axis=1) - strata.sum(axis=1), np.float64)


def _covariance(tables: Tables, jacobian: Floats, design: SurveyDesign) -> Floats:
    """Covariance of linear functions of the table's totals: jacobian (tables, functions, cells)."""
    sums = tables.sums.reshape(*tables.sums.shape[:2], -1) @ np.swapaxes(jacobian, 1, 2)
    if tables.squares is None:
        return covariance(sums, design)
    squares = tables.squares.reshape(*tables.squares.shape[:2], -1)
    return covariance_of_rows(sums, np.einsum("bia,bha,bja->bhij", jacobian, squares, jacobian), design)


def _delta(tables: Tables, share: Floats, whole: Floats, n: Floats, design: SurveyDesign) -> Floats:
    cells = share.reshape(len(share), -1)
    inverse = np.divide(1.0, cells, out=np.zeros_like(cells), where=cells > 0)
    contrasts = _interaction_contrasts(*tables.shape)
    scaled = inverse[:, :, None] * contrasts  # D⁻¹C, (tables, cells, q)
    centring = np.eye(cells.shape[1]) - cells[:, :, None]
    jacobian = np.swapaxes(scaled, 1, 2) @ centring / np.where(whole > 0, whole, 1)[:, None, None]
    simple = (contrasts.T @ scaled) / np.where(n > 0, n, 1)[:, None, None]
    return _solved(simple, _covariance(tables, jacobian, design))


def _interaction_contrasts(rows: int, columns: int) -> Floats:
    """Contrasts of the cells (rows × columns, columns running fastest) for interaction, free of the main effects."""
    main = np.concatenate([np.repeat(np.eye(rows), columns, axis=0), np.tile(np.eye(columns), (rows, 1))], axis=1)
    interaction = np.kron(np.eye(rows)[:, 1:], np.eye(columns)[:, 1:])
    contrasts: Floats = interaction - main @ np.linalg.lstsq(main, interaction, rcond=None)[0]
    return contrasts


def _wald(tables: Tables, share: Floats, whole: Floats, design: SurveyDesign) -> Floats:
    rows, columns = tables.shape
    by_row, by_column = share.sum(axis=2), share.sum(axis=1)
    row, column = np.divmod(np.arange(rows * columns), columns)
    jacobian = (
        np.eye(rows * columns)
        - by_column[:, column][:, :, None] * (row[:, None] == row)
        - by_row[:, row][:, :, None] * (column[:, None] == column)
        + (by_row[:, row] * by_column[:, column])[:, :, None]
    )
    used = np.flatnonzero((row > 0) & (column > 0))
    excess = (share - by_row[:, :, None] * by_column[:, None, :]).reshape(len(share), -1)[:, used, None]
    excess = excess * whole[:, None, None]
    spread = _covariance(tables, jacobian[:, used], design)
    statistic: Floats = (np.swapaxes(excess, 1, 2) @ _solved(spread, excess))[:, 0, 0]
    return statistic


def _solved(matrix: Floats, right: Floats) -> Floats:
    """Solutions of a stack of equations, NaN where a matrix is singular."""
    singular = ~np.isfinite(matrix).all(axis=(1, 2)) | (np.linalg.matrix_rank(np.nan_to_num(matrix)) < matrix.shape[1])
    safe = np.where(singular[:, None, None], np.eye(matrix.shape[1]), matrix)
    return np.where(singular[:, None, None], np.nan, np.linalg.solve(safe, right))

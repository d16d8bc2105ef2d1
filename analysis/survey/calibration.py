"""Weights that reproduce known margins of the population, and the variance that remains once they are known.

What the margins explain no longer varies: influences are replaced by their residuals from a regression on the margins.
Source: Deville & Särndal, *JASA* 87 (1992) 376–382; Särndal, Swensson & Wretman, *Model Assisted Survey Sampling*
(1992), §7.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from analysis.survey.arrays import Floats, Integers, column_sums
from analysis.survey.design import SurveyDesign
from analysis.survey.domains import cross
from analysis.survey.errors import SurveyError, refuse
from analysis.survey.sufficient import Tally

ROUNDS = 1000
CLOSE = 1e-13  # of the total, when raking stops
SWEEPS = 10  # R's rake frees influences of the margins in ten rounds


@dataclass(frozen=True)
class Margin:
    """One known margin of the population: the group of every row and the target total (or share) of every group."""

    group: Integers  # (rows,)
    targets: Floats  # (groups,)

    def in_each_wave(self, wave: Integers, waves: int) -> Margin:
        """The same margin met in every wave on its own, so that waves describe one population.

        >>> Margin(np.array([0, 1, 0]), np.array([0.4, 0.6])).in_each_wave(np.array([0, 0, 1]), 2).group.tolist()
        [0, 1, 2]
        """
        return Margin(wave * np.int64(len(self.targets)) + self.group, np.tile(self.targets, waves))


@dataclass(frozen=True)
class Calibration:
    """Calibrated weights and what the variance needs to know of them. Cells are the crossing of all margins."""

    weight: Floats  # (rows,)
    cell: Integers  # (rows,)
    levels: tuple[Floats, ...]  # for each margin (groups, cells): 1 where the cell is in the group
    rows: Floats  # (cells,)
    before: Floats  # (cells,) Σ of the weights before
    after: Floats  # (cells,) Σ of the calibrated weights
    residual: Literal["sweeps", "regression"]

    @cached_property
    def projection(self) -> Floats:
        """From the sums of residuals in each cell to what the margins explain in each cell: (cells, cells)."""
        if self.residual == "regression":
            groups = np.concatenate(self.levels)
            inverse = np.linalg.pinv((groups * self.before) @ groups.T, hermitian=True)
            explained: Floats = groups.T @ inverse @ groups
            return explained
        explained = np.zeros((len(self.rows), len(self.rows)))
        for level in self.levels * SWEEPS:
            remaining = np.eye(len(self.rows)) - self.rows[:, None] * explained
            explained = explained + level.T @ ((level @ remaining) / (level @ self.rows)[:, None])
        return explained

    def residuals(self, scores: Floats) -> Floats:
        """Scores (rows, m), weight included, less what the margins explain.

        >>> made = post_stratify(np.ones(4), Margin(np.array([0, 0, 1, 1]), np.array([6.0, 2.0])))
        >>> made.residuals(np.array([[3.0], [6.0], [1.0], [1.0]])).ravel().tolist()
        [-1.5, 1.5, 0.0, 0.0]
        """
        sums = column_sums(self.cell, self._unweighted(scores), len(self.rows))
        return scores - self.weight[:, None] * (self.projection @ sums)[self.cell]

    def _unweighted(self, scores: Floats) -> Floats:
        """Scores as the residuals are weighted when they are explained: equally, or by the weights before."""
        if self.residual == "sweeps":
            return scores / self.weight[:, None]
        return scores * (self.before / self.after)[self.cell][:, None]


def rake(weight: Floats, margins: Sequence[Margin]) -> Calibration:
    """Rake weights to margins by iterative proportional fitting, with the variance of R's ``rake``.

    Formula: weights are multiplied, margin by margin, by target/sum until all agree to 1e-13 of the total. Residuals:
    ten sweeps that take out the plain mean of every group of each margin in turn, as R does (``calibrate`` has the
    regression residual; the two differ by a per cent or so). Targets are totals, or shares that sum to 1. Calibrated
    weights sum to the targets' sum. Errors: SurveyError where targets are not positive, differ in total, lack rows or
    cannot be met together. Source: Deming & Stephan, *Ann. Math. Stat.* 11 (1940) 427–444. R: ``rake``.

    >>> sex, town = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> made = rake(np.ones(4), [Margin(sex, np.array([0.6, 0.4])), Margin(town, np.array([0.3, 0.7]))])
    >>> made.weight.round(4).tolist()
    [0.18, 0.42, 0.12, 0.28]
    """
    start = _start(weight, margins, "sweeps")
    totals = start.before
    for _ in range(ROUNDS):
        for margin, level in zip(margins, start.levels, strict=True):
            totals = totals * (level.T @ (margin.targets / (level @ totals)))
        if _misfit(totals, margins, start) < CLOSE:
            return _with_totals(weight, totals, start)
    raise SurveyError("raking_did_not_settle")


def calibrate(
    weight: Floats, margins: Sequence[Margin], distance: Literal["linear", "raking"] = "linear"
) -> Calibration:
    """Calibrate weights to margins, with the regression (GREG) residual in the variance.

    Formula: ``linear`` w_i (1 + x_iᵀλ), ``raking`` w_i exp(x_iᵀλ), x_i the indicators of the groups, λ so that all
    margins are met. Residual: e_i − x_iᵀB, B from the regression weighted by the weights before. Targets, errors as
    ``rake``, and SurveyError where a weight would not be positive. R: ``calibrate(calfun=)``.

    >>> made = calibrate(np.ones(3), [Margin(np.array([0, 0, 1]), np.array([1.0, 2.0]))])
    >>> made.weight.round(9).tolist()
    [0.5, 0.5, 2.0]
    """
    if distance == "raking":
        return replace(rake(weight, margins), residual="regression")
    start = _start(weight, margins, "regression")
    groups, targets = np.concatenate(start.levels), np.concatenate([margin.targets for margin in margins])
    lacking = targets - groups @ start.before
    factor = 1 + np.linalg.pinv((groups * start.before) @ groups.T, hermitian=True) @ lacking @ groups
    if (factor <= 0).any():
        raise SurveyError("calibrated_not_positive")
    totals = start.before * factor
    if _misfit(totals, margins, start) > 1e-9:
        raise SurveyError("raking_did_not_settle")
    return _with_totals(weight, totals, start)


def post_stratify(weight: Floats, margin: Margin) -> Calibration:
    """Post-stratify: one margin, usually a crossing, met exactly. R: ``postStratify``.

    Formula: weights times target/sum of their group; residual: less the group's mean weighted by the weights before.
    Targets and errors as ``rake``.

    >>> post_stratify(np.ones(3), Margin(np.array([0, 0, 1]), np.array([1.0, 2.0]))).weight.tolist()
    [0.5, 0.5, 2.0]
    """
    start = _start(weight, [margin], "regression")
    return _with_totals(weight, margin.targets[start.levels[0].argmax(axis=0)], start)


def calibrated(design: SurveyDesign, calibration: Calibration) -> SurveyDesign:
    """The design with calibrated weights and the variance that goes with them.

    >>> from analysis.survey.design import survey_design
    >>> margin = Margin(np.array([0, 0, 1]), np.array([1.0, 2.0]))
    >>> calibrated(survey_design(np.ones(3)), post_stratify(np.ones(3), margin)).weight.tolist()
    [0.5, 0.5, 2.0]
    """
    return replace(design, weight=calibration.weight, calibration=calibration)


def explained_by_margins(
    estimate: Floats, weight: Floats, counted: Tally, part_of_cell: Integers, calibration: Calibration
) -> Floats:
    """What the margins explain of the influences of means: (indicators, PSUs, waves × parts).

    The cells of ``counted`` must lie within the calibration's cells, so that sums by cell suffice. ``estimate`` and
    ``weight`` are (indicators, waves, parts). Units: those of the influences. Errors: ValueError for an older tally.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> sex, one = np.array([0, 0, 1, 1]), np.zeros(4, int)
    >>> made = post_stratify(np.ones(4), Margin(sex, np.array([2.0, 2.0])))
    >>> counted = tally(np.array([[1, 1, 0, 0]], np.int8), calibrated(survey_design(np.ones(4)), made), one, 1, sex, 2)
    >>> half, four = np.array([[[0.5]]]), np.array([[[4.0]]])
    >>> explained_by_margins(half, four, counted, np.array([0, 0]), made).ravel().tolist()
    [0.125, 0.125, -0.125, -0.125]
    """
    place = counted.calibration_cell
    if place is None:
        raise ValueError("the tally was made before the weights were calibrated")
    kept = part_of_cell >= 0
    used = np.where(kept, part_of_cell, 0)
    share = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), 0)[:, :, used] * kept
    p = np.nan_to_num(estimate)[:, :, used]
    if calibration.residual == "sweeps":
        sums = (counted.x.sum(axis=1) - p * counted.n.sum(axis=1)) * share
    else:
        ratio = (calibration.before / calibration.after)[place]
        sums = (counted.total.sum(axis=1) - p * counted.weight.sum(axis=1)) * share * ratio
    part = (used[:, None] == np.arange(estimate.shape[2])).astype(float)
    cell = (place[:, :, None] == np.arange(len(calibration.rows))).astype(float)
    explained = np.einsum("jwa,ad,wak->jwdk", sums, part, cell) @ calibration.projection.T
    everyone = np.einsum("gwa,wak->kg", counted.everyone, cell)
    return np.swapaxes(explained.reshape(len(sums), -1, len(calibration.rows)) @ everyone, 1, 2)


def _start(weight: Floats, margins: Sequence[Margin], residual: Literal["sweeps", "regression"]) -> Calibration:
    """The calibration before any weight has changed, once the margins are checked."""
    sums = [margin.targets.sum() for margin in margins]
    if not np.allclose(sums, sums[0], rtol=1e-6, atol=0):
        raise SurveyError("targets_disagree")
    for margin in margins:
        if len(margin.group) != len(weight) or margin.group.min() < 0 or margin.group.max() >= len(margin.targets):
            raise ValueError("groups need one code for each weight, between 0 and the number of targets − 1")
        refuse("target_missing", ~(margin.targets > 0), None)
        refuse("target_without_rows", np.bincount(margin.group, minlength=len(margin.targets)) == 0, None)
    cells = cross([(margin.group, len(margin.targets)) for margin in margins], len(weight))
    levels = tuple(
        (np.arange(parts)[:, None] == of_cell).astype(float)
        for of_cell, parts in zip(cells.part_of_cell, cells.parts, strict=True)
    )
    before = column_sums(cells.of_row, weight[:, None], cells.count)[:, 0]
    rows = np.bincount(cells.of_row, minlength=cells.count).astype(np.float64)
    return Calibration(weight, cells.of_row, levels, rows, before, before, residual)


def _misfit(totals: Floats, margins: Sequence[Margin], start: Calibration) -> float:
    gaps = [
        np.abs(level @ totals - margin.targets).max() / margin.targets.sum()
        for margin, level in zip(margins, start.levels, strict=True)
    ]
    return float(max(gaps))


def _with_totals(weight: Floats, totals: Floats, start: Calibration) -> Calibration:
    return replace(start, weight=weight * (totals / start.before)[start.cell], after=totals)

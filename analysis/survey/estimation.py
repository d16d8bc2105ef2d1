"""Everything a report asks of a survey in one go: levels, changes, tests, interactions of all indicators and parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.survey.arrays import Floats, Integers
from analysis.survey.design import SurveyDesign
from analysis.survey.domains import Cells, cross
from analysis.survey.effects import design_effect, intraclass_correlation
from analysis.survey.linearised import Estimates, Means, contrasts, interaction, means, wave_contrasts
from analysis.survey.log_odds import on_log_odds
from analysis.survey.rao_scott import Independence, answers_by_wave, independence
from analysis.survey.sufficient import Tally, sums_squares, tally, tally_numbers

BYTES_AT_ONCE = 1 << 28
LARGEST_SHARE = 0.1
ARRAYS = 12  # of the size of a tally, while one is made and used


@dataclass(frozen=True)
class Grouping:
    """Parts of the respondents (everybody: one part), and contrasts of their means wanted besides the changes."""

    of_row: Integers  # (rows,)
    parts: int
    contrasts: Floats | None = None  # (contrasts, waves, parts), such as differences in differences


@dataclass(frozen=True)
class Interactions:
    """Whether a change is the same in all parts; (indicators, pairs of waves)."""

    f: Floats
    ndf: Floats
    ddf: Floats
    p: Floats


@dataclass(frozen=True)
class PartEstimates:
    """Results of one partition; arrays start with indicators."""

    n: Floats  # (indicators, waves, parts), also the next eight
    x: Floats
    estimate: Floats
    se: Floats
    df: Floats
    psus: Floats
    design_effect: Floats
    effect_with_replacement: Floats  # R: deff = "replace"
    likeness: Floats  # intraclass correlation; NaN without clusters
    changes: Estimates  # (indicators, pairs, parts)
    tests: (
        Independence  # Rao–Scott; NaN for scores, calibrated designs and replicate weights (indicators, pairs, parts)
    )
    interactions: Interactions
    contrasts: Estimates  # the contrasts asked for (indicators, contrasts)
    odds: Estimates  # the changes of log-odds; NaN for scores (indicators, pairs, parts)
    contrasts_of_odds: Estimates  # the contrasts asked for, of log-odds (indicators, contrasts)


def estimate_survey(
    answers: NDArray[np.int8] | Floats,
    design: SurveyDesign,
    wave: Integers,
    waves: int,
    groupings: Sequence[Grouping],
    pairs: Sequence[tuple[int, int]],
) -> list[PartEstimates]:
    """Levels by wave and part, their changes between ``pairs`` of waves (earlier, later), tests and design effects.

    ``answers`` (indicators, rows) is int8 with 1, 0 and −1 for missing, or float with NaN for missing. Results come in
    the order of ``groupings``, from one pass over the rows. Memory grows with PSUs × waves × cells of the crossing of
    all groupings; as many indicators are taken at once as fit. Formulas, units and R's names: see ``means``,
    ``wave_contrasts``, ``interaction``, ``independence``. Errors: ValueError for codes out of range.

    >>> from analysis.survey.design import survey_design
    >>> everybody = Grouping(np.zeros(8, int), 1)
    >>> answers, wave = np.array([[0, 0, 0, 1, 0, 1, 1, 1]], np.int8), np.repeat([0, 1], 4)
    >>> (made,) = estimate_survey(answers, survey_design(np.ones(8)), wave, 2, [everybody], [(0, 1)])
    >>> made.changes.estimate.item(), round(made.changes.se.item(), 6), round(made.tests.f.item(), 6)
    (0.5, 0.327327, 1.75)
    """
    cells = _cells(design, groupings)
    groups = design.strata if sums_squares(design) else design.psus
    step = max(1, BYTES_AT_ONCE // (8 * ARRAYS * groups * waves * cells.count))
    blocks = []
    for start in range(0, len(answers), step):
        counted = _counted(answers[start : start + step], design, wave, waves, cells)
        blocks.append([_of_grouping(counted, design, cells, i, one, pairs) for i, one in enumerate(groupings)])
    return [_joined([block[i] for block in blocks]) for i in range(len(groupings))]


def _cells(design: SurveyDesign, groupings: Sequence[Grouping]) -> Cells:
    """The crossing of the groupings, and of the cells of the calibration behind them."""
    calibration = design.calibration
    behind = [] if calibration is None else [(calibration.cell, len(calibration.rows))]
    return cross([*((grouping.of_row, grouping.parts) for grouping in groupings), *behind], design.rows)


def _counted(
    answers: NDArray[np.int8] | Floats, design: SurveyDesign, wave: Integers, waves: int, cells: Cells
) -> Tally:
    if answers.dtype.kind == "f":
        return tally_numbers(answers.astype(np.float64, copy=False), design, wave, waves, cells.of_row, cells.count)
    return tally(answers.astype(np.int8, copy=False), design, wave, waves, cells.of_row, cells.count)


def _of_grouping(
    counted: Tally,
    design: SurveyDesign,
    cells: Cells,
    at: int,
    grouping: Grouping,
    pairs: Sequence[tuple[int, int]],
) -> PartEstimates:
    made = means(counted, design, cells.part_of_cell[at], grouping.parts)
    waves = made.n.shape[1]
    differences = np.zeros((len(pairs), waves))
    for row, (earlier, later) in enumerate(pairs):
        differences[row, [earlier, later]] = -1, 1
    wanted = np.zeros((0, waves, grouping.parts)) if grouping.contrasts is None else grouping.contrasts
    odds = on_log_odds(made, design) if counted.binary else replace(made, estimate=np.full(made.n.shape, np.nan))
    clustered = design.psu is not None and design.replicates is None
    return PartEstimates(
        made.n, made.x, made.estimate, made.se, made.df, made.psus,
        _design_effect(made),
        design_effect(made),
        intraclass_correlation(made.counted) if clustered else np.full(made.n.shape, np.nan),
        wave_contrasts(made, design, differences),
        _tests(made.counted, design, pairs),
        _interactions(made, design, pairs),
        contrasts(made, design, wanted),
        wave_contrasts(odds, design, differences),
        contrasts(odds, design, wanted),
    )  # fmt: skip


def _design_effect(made: Means) -> Floats:
    """Against sampling without replacement, as R, where the weights say that a tenth or less of the people were asked.

    Elsewhere they may well be relative weights, whose sum is no population.
    """
    counts_people = made.n <= LARGEST_SHARE * made.weight
    return np.where(counts_people, design_effect(made, finite=True), design_effect(made))


def _tests(counted: Tally, design: SurveyDesign, pairs: Sequence[tuple[int, int]]) -> Independence:
    shape = (len(counted.n), counted.cells)
    unserved = design.calibration is not None or design.replicates is not None
    if not counted.binary or unserved or not pairs:
        unknown = np.full((shape[0], len(pairs), shape[1]), np.nan)
        return Independence(*[unknown] * len(fields(Independence)))
    linearised = replace(design, jackknife=False)
    found = [independence(answers_by_wave(counted, pair), linearised) for pair in pairs]
    return Independence(
        *(
            np.stack([getattr(one, field.name).reshape(shape) for one in found], axis=1)
            for field in fields(Independence)
        )
    )


def _interactions(made: Means, design: SurveyDesign, pairs: Sequence[tuple[int, int]]) -> Interactions:
    if made.n.shape[2] < 2 or not pairs:
        unknown = np.full((len(made.n), len(pairs)), np.nan)
        return Interactions(unknown, unknown, unknown, unknown)
    found = [interaction(made, design, *pair) for pair in pairs]
    return Interactions(*(np.stack(values, axis=1) for values in zip(*found, strict=True)))


def _joined(blocks: list[Any]) -> Any:
    """One result from those of several blocks of indicators."""
    if isinstance(blocks[0], np.ndarray):
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
    names = [field.name for field in fields(blocks[0])]
    return type(blocks[0])(*(_joined([getattr(block, name) for block in blocks]) for name in names))

"""Shares of a survey on the log-odds scale: what a logistic regression on waves, or on arms × waves, would estimate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import logit

from analysis.survey.arrays import Floats
from analysis.survey.design import SurveyDesign
from analysis.survey.linearised import Influence, Means
from analysis.survey.replicate import ROUNDING, scaled_deviations


def on_log_odds(made: Means, design: SurveyDesign) -> Means:
    """The same means as log-odds, ready for ``wave_contrasts`` and ``contrasts``; NaN where all or nobody said yes.

    Formula: log(p̂/(1 − p̂)), influence z/(p̂(1 − p̂)). A model with a coefficient for every cell fits the shares
    themselves, so contrasts of these are the coefficients of R's ``svyglm(family = quasibinomial)`` with their standard
    errors; its df are those of the contrast + 1 − the number of cells. Units: log-odds. Errors: none.
    Source: Binder, *International Statistical Review* 51 (1983) 279–292.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.linearised import means
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(4)), np.zeros(4, int)
    >>> shares = means(tally(np.array([[1, 1, 1, 0]], np.int8), design, one, 1, one, 1), design)
    >>> made = on_log_odds(shares, design)
    >>> round(made.estimate.item(), 6), round(made.se.item(), 6)
    (1.098612, 1.333333)
    """
    inside = (made.estimate > 0) & (made.estimate < 1)
    p = np.where(inside, made.estimate, 0.5)
    slope = 1 / (p * (1 - p))
    flat = slope.reshape(len(slope), 1, -1)
    influence = made.influence
    sums = influence.sums * flat
    if made.replicates is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = logit(_rid_of_rounding(made.replicates))
            odds = np.where(np.isinf(odds), np.nan, odds)  # all or nobody but for one PSU
            sums = scaled_deviations(odds, design, logit(p).reshape(len(p), -1))
        sums = np.where(inside.reshape(len(slope), 1, -1), sums, 0.0)
    scaled = Influence(
        sums,
        None if influence.squares is None else influence.squares * flat**2,
        influence.answers,
        influence.size * flat[:, 0],
    )
    estimate: Floats = np.where(inside, logit(p), np.nan)
    return replace(made, estimate=estimate, se=np.where(inside, made.se * slope, np.nan), influence=scaled)


def _rid_of_rounding(shares: Floats) -> Floats:
    """Shares in which subtraction left next to nothing of nobody's yes, or of nobody's no, are 0 or 1."""
    made: Floats = np.where(shares < ROUNDING, 0.0, np.where(shares > 1 - ROUNDING, 1.0, shares))
    return made

"""Rows of ``models`` about the waves of a panel, in the keys of the contract, from arrays of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.intervals import Numbers
from analysis.means import MeanChange
from analysis.models.clustered import Codes, judge, robust
from analysis.models.fitting import fit_logistic
from analysis.models.mixed import LOGISTIC_SD, MixedModel, mixed_linear, mixed_logistic
from analysis.models.panel import (
    PanelModel,
    contrast,
    difference_of_shares,
    gee_logit,
    normal_contrast,
    share,
)
from analysis.models.terms import wald_term
from analysis.rows import Row, number
from analysis.survey.errors import SurveyError


def panel_rows(
    y: Numbers, wave: Codes, person: Codes, waves: Sequence[str], confidence: float = 0.95, *, mixed: bool = True
) -> list[Row]:
    """Rows of ``models`` for a yes/no answer of the same people: GEE over all who answered, and the mixed model.

    ``wave`` counts from 0 along ``waves``. Each row has the log-odds against the first wave with odds ratios and
    intervals; GEE also the share at each wave and the difference of shares from the first. Where a wave is all yes or
    all no there is a reason in place of numbers. Formula and source: ``panel.gee_logit``, ``mixed.mixed_logistic``.
    Errors: none.

    >>> y = np.array([0.0, 1, 0, 0, 1, 1, 0, 1, 1]); wave = np.array([0, 1] * 4 + [1])
    >>> rows = panel_rows(y, wave, np.array([0, 0, 1, 1, 2, 2, 3, 3, 4]), ["before", "after"])
    >>> [row["model"] for row in rows], round(rows[0]["terms"][0]["odds_ratio"], 3)
    (['gee_logit_exchangeable', 'gee_logit_independence', 'mixed_logistic_agq'], 10.8)
    """
    x = _wave_columns(wave, len(waves))
    tries: dict[str, Callable[[], PanelModel | MixedModel]] = {
        "gee_logit_exchangeable": lambda: gee_logit(y, x, person),
        "gee_logit_independence": lambda: gee_logit(y, x, person, working="independence"),
    }
    if mixed:
        tries["mixed_logistic_agq"] = lambda: mixed_logistic(y, x, person)
    return [_modelled(name, fit, waves, len(y), confidence) for name, fit in tries.items()]


def weighted_panel_row(
    answers: tuple[Numbers, Codes, Codes, Numbers] | None,
    waves: Sequence[str],
    confidence: float = 0.95,
    reason: str = "",
) -> Row:
    """GEE with independence and weights of rows, from (y, wave, person, weight); a reason where there are no weights.

    The variance takes the weights as known, which errs on the side of caution (Robins, Rotnitzky & Zhao 1995).
    """
    name = "gee_logit_weighted"
    if answers is None:
        return {"model": name, "scale": "log_odds", "baseline": waves[0], "terms": [], "reason": reason}
    y, wave, person, weight = answers
    x = _wave_columns(wave, len(waves))

    def fit() -> PanelModel:
        return gee_logit(y, x, person, working="independence", weight=weight)

    return _modelled(name, fit, waves, len(y), confidence)


def clustered_row(y: Numbers, wave: Codes, cluster: Codes, waves: Sequence[str], confidence: float = 0.95) -> Row:
    """A logistic model of the waves with clusters of people as the unit: CR2 and Satterthwaite's df.

    Formula and source: ``clustered.robust``. Units: log-odds. Errors: none; a reason in place of numbers.
    """
    about: Row = {"model": "logit_cr2", "scale": "log_odds", "baseline": waves[0], "answers": len(y)}
    try:
        fit = fit_logistic(y, _wave_columns(wave, len(waves)))
        spread = robust(fit, cluster)
    except SurveyError as error:
        return about | {"terms": [], "reason": error.code}
    found = [judge(fit, spread, row, confidence) for row in np.eye(len(waves))[1:]]
    terms = [_term(name, one, "satterthwaite_t") for name, one in zip(waves[1:], found, strict=True)]
    return about | {"terms": terms, "clusters": spread.clusters}


def score_panel_row(y: Numbers, wave: Codes, person: Codes, waves: Sequence[str], confidence: float = 0.95) -> Row:
    """A linear mixed model of a score over the waves, by maximum likelihood, with a level for each person.

    Formula and source: ``mixed.mixed_linear``. Units: those of the score. Errors: none.
    """
    about: Row = {"model": "mixed_linear_ml", "scale": "score", "baseline": waves[0], "answers": len(y)}
    try:
        made = mixed_linear(y, _wave_columns(wave, len(waves)), person)
    except SurveyError as error:
        return about | {"terms": [], "reason": error.code}
    return about | _mixed(made, waves, confidence) | {"residual_sd": number(made.residual_sd)}


def _wave_columns(wave: Codes, waves: int) -> Numbers:
    x: Numbers = (wave[:, None] == np.arange(waves)).astype(np.float64)
    x[:, 0] = 1
    return x


def _modelled(
    name: str, fit: Callable[[], PanelModel | MixedModel], waves: Sequence[str], answers: int, confidence: float
) -> Row:
    about: Row = {"model": name, "scale": "log_odds", "baseline": waves[0], "answers": answers}
    try:
        made = fit()
    except SurveyError as error:
        return about | {"terms": [], "reason": error.code}
    return about | (_gee(made, waves, confidence) if isinstance(made, PanelModel) else _mixed(made, waves, confidence))


def _gee(made: PanelModel, waves: Sequence[str], confidence: float) -> Row:
    shares, changes, first = [], [], np.eye(len(waves))[0]
    for place, wave in enumerate(waves):
        row = np.zeros(len(waves))
        row[[0, place]] = 1
        one = share(made, row, confidence)
        shares.append({"wave": wave, "estimate": one.value, "se": one.se, "low": one.low, "high": one.high})
        if place:
            since = difference_of_shares(made, row, first, confidence)
            told = wald_term(since, odds=False)
            changes.append({"wave": wave, "difference": told.pop("value")} | told)
    found = [contrast(made, row, confidence) for row in np.eye(len(waves))[1:]]
    terms = [wald_term(one, odds=True) | {"wave": wave} for wave, one in zip(waves[1:], found, strict=True)]
    extra = {"persons": made.persons, "working_correlation": made.alpha, "shares": shares, "differences": changes}
    return {"terms": terms} | extra


def _mixed(made: MixedModel, waves: Sequence[str], confidence: float) -> Row:
    values, variances = made.coefficients[1:], np.diag(made.covariance)[1:]
    found = [normal_contrast(float(v), float(s), confidence) for v, s in zip(values, variances, strict=True)]
    odds = made.residual_sd == LOGISTIC_SD
    terms = [wald_term(one, odds=odds) | {"wave": wave} for wave, one in zip(waves[1:], found, strict=True)]
    return {"terms": terms, "persons": made.groups, "sd": made.sd, "icc": number(made.likeness)}


def _term(wave: str, change: MeanChange, method: str) -> Row:
    """A term on the log-odds scale with t limits, which the odds ratio takes over."""
    with np.errstate(over="ignore"):
        ratio, low, high = np.exp([change.value, change.low, change.high])
    tested: Row = {"value": change.value, "se": change.se, "df": number(change.df)}
    limits = {"low": number(low), "high": number(high), "method": method}
    told = {"statistic": number(change.statistic), "p": number(change.p), "wave": wave}
    return tested | told | {"odds_ratio": number(ratio), "interval": limits}

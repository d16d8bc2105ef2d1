"""Rows of ``models`` beside a comparison: the difference in differences by GEE and mixed models, and ANCOVA."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.intervals import Numbers
from analysis.means import mean_change
from analysis.models.clustered import Codes
from analysis.models.differences import INTERACTION, MANY, NO_INFERENCE, ancova, cluster_rule, did_columns
from analysis.models.mixed import LOGISTIC_SD, MixedModel, mixed_linear, mixed_logistic
from analysis.models.panel import Contrast, PanelModel, gee_logit, normal_contrast, share
from analysis.models.rows import TwoArms, estimated_test
from analysis.models.terms import wald_term
from analysis.rows import Row, number
from analysis.survey.errors import SurveyError

TERMS = ("with_activity", "later", "with_activity:later")
CELLS = (("with_activity", "from"), ("with_activity", "to"), ("without", "from"), ("without", "to"))
SIGNS = (-1.0, 1.0, 1.0, -1.0)  # of the cells in the difference in differences


def did_model_rows(arms: TwoArms, confidence: float = 0.95) -> list[Row]:
    """Rows of ``models`` of a comparison: treated, later and treated × later, with units that belong together.

    Yes/no: GEE with logit link (exchangeable and independence), with the four shares and the difference in differences
    of these by the delta method, and the mixed logistic model; scores: the mixed linear model by maximum likelihood.
    Where nobody shares a unit there is nothing but GEE with independence. Below forty clusters GEE takes Mancl and
    DeRouen's covariance (``covariance``); below five in a group there is no model (``too_few_clusters``). Formula and
    source: ``panel.gee_logit``, ``mixed.mixed_logistic``, ``mixed.mixed_linear``. Units: log-odds (intervals of odds
    ratios), or those of the score. Errors: none; where a model cannot be fitted there is a reason.

    >>> y = np.array([0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1.0])
    >>> arms = TwoArms(y, np.repeat([1.0, 0], 8), np.array([0.0, 1] * 8), np.repeat(np.arange(8), 2), False, True)
    >>> rows = did_model_rows(arms)
    >>> [row["model"] for row in rows]
    ['gee_logit_exchangeable', 'gee_logit_independence', 'mixed_logistic_agq']
    >>> [term["term"] for term in rows[0]["terms"]], round(rows[0]["terms"][2]["odds_ratio"], 4)
    (['with_activity', 'later', 'with_activity:later'], 3.0)
    """
    x, y, unit = did_columns(arms.treated, arms.later), arms.y, arms.unit
    rule = cluster_rule(arms.treated, unit).rule if arms.clustered else MANY
    few, shared = rule != MANY, len(np.unique(unit)) < len(unit)
    fits: dict[str, Callable[[], PanelModel | MixedModel]] = {}
    if arms.binary and shared:
        fits["gee_logit_exchangeable"] = lambda: gee_logit(y, x, unit, small_sample=few)
    if arms.binary:
        fits["gee_logit_independence"] = lambda: gee_logit(y, x, unit, working="independence", small_sample=few)
    if shared:
        name, fit = ("mixed_logistic_agq", mixed_logistic) if arms.binary else ("mixed_linear_ml", mixed_linear)
        fits[name] = lambda: fit(y, x, unit)
    rows = []
    for name, made in fits.items():
        about: Row = {"model": name, "scale": "log_odds" if arms.binary else "score", "answers": len(y)}
        if name.startswith("gee"):
            about["covariance"] = "mancl_derouen" if few else "robust"
        rows.append(about | _told(made, rule, confidence))
    return rows


def ancova_test(
    earlier: Numbers, later: Numbers, treated: Numbers, unit: Codes | None = None, confidence: float = 0.95
) -> Row:
    """A row of ``more_tests`` for the same people: how much higher later answers are among those who started alike.

    Formula: ``differences.ancova`` on complete pairs, CR2 by ``unit`` (clusters; without them HC2) and Satterthwaite's
    df. It answers for groups that chance chose; chosen groups that start apart are better told by the difference of
    changes. Units: those of the answers. Shapes: (people,) each, NaN where missing. Errors: none; null with a reason.

    >>> before, after = np.array([1.0, 2, 3] * 2), np.array([2.0, 3, 5, 1, 2, 3])
    >>> row = ancova_test(before, after, np.repeat([1.0, 0], 3))
    >>> row["method"], round(row["difference"], 6)
    ('ancova_cr2', 1.333333)
    """
    there = ~np.isnan(earlier + later)
    units = None if unit is None else unit[there]
    reason = "nobody_differs"
    try:
        change = ancova(later[there], earlier[there], treated[there], units, confidence=confidence)
    except SurveyError as error:
        change, reason = mean_change(*[float("nan")] * 3), error.code
    return estimated_test(change, "ancova_cr2", reason) | {"n": int(there.sum())}


def _told(fit: Callable[[], PanelModel | MixedModel], rule: str, confidence: float) -> Row:
    if rule == NO_INFERENCE:
        return {"terms": [], "reason": "too_few_clusters"}
    try:
        made = fit()
    except SurveyError as error:
        return {"terms": [], "reason": error.code}
    odds = isinstance(made, PanelModel) or made.residual_sd == LOGISTIC_SD
    spread = np.diag(made.covariance)
    found = [normal_contrast(float(made.coefficients[at]), float(spread[at]), confidence) for at in (1, 2, INTERACTION)]
    terms = [{"term": name} | wald_term(one, odds=odds) for name, one in zip(TERMS, found, strict=True)]
    if isinstance(made, PanelModel):
        shares, difference = _shares(made, confidence)
        told = wald_term(difference, odds=False)
        did = {"difference": told.pop("value")} | told
        extra = {"units": made.persons, "working_correlation": made.alpha, "shares": shares, "did": did}
        return {"terms": terms} | extra
    mixed: Row = {"terms": terms, "units": made.groups, "sd": made.sd, "icc": number(made.likeness)}
    return mixed if odds else mixed | {"residual_sd": number(made.residual_sd)}


def _shares(made: PanelModel, confidence: float) -> tuple[list[Row], Contrast]:
    """The share of each group and wave, and the difference in differences of the four."""
    treated, later = np.array([1.0, 1, 0, 0]), np.array([0.0, 1, 0, 1])
    rows = did_columns(treated, later)
    shares = [share(made, row, confidence) for row in rows]
    p = np.array([one.value for one in shares])
    gradient = (np.array(SIGNS) * p * (1 - p)) @ rows
    variance = float(gradient @ made.covariance @ gradient)
    told = [
        {"arm": arm, "wave": wave, "estimate": one.value, "se": one.se, "low": one.low, "high": one.high}
        for (arm, wave), one in zip(CELLS, shares, strict=True)
    ]
    return told, normal_contrast(float(np.array(SIGNS) @ p), variance, confidence)

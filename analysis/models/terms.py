"""Coefficients of a model as the rows of ``models`` tell them."""

from __future__ import annotations

import numpy as np

from analysis.models.panel import Contrast
from analysis.rows import Row, limits, number, why_null


def wald_term(one: Contrast, *, odds: bool) -> Row:
    """A coefficient with its normal test; on log-odds the limits are those of the odds ratio, else its own.

    >>> from analysis.models.panel import normal_contrast
    >>> term = wald_term(normal_contrast(0.0, 0.25), odds=True)
    >>> term["odds_ratio"], round(term["interval"]["high"], 4)
    (1.0, 2.6644)
    """
    tested: Row = {"value": one.value, "se": number(one.se), "statistic": number(one.z), "p": number(one.p)}
    tested |= why_null(one.p, "no_spread")
    if not odds:
        return tested | {"interval": limits(one.low, one.high, "wald", "no_spread")}
    with np.errstate(over="ignore"):
        ratio, low, high = np.exp([one.value, one.low, one.high])
    return tested | {"odds_ratio": number(ratio), "interval": limits(low, high, "wald", "no_spread")}

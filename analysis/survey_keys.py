"""What rows of sampled people hold: intervals, tests and effects of one estimate, in the keys of the contract."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.intervals import Numbers
from analysis.rows import Row, limits, number, why_null
from analysis.survey.estimation import PartEstimates
from analysis.survey.inference import arcsine_interval, beta_interval, logit_interval, t_interval, t_test
from analysis.survey.linearised import Estimates

Place = tuple[int, ...]
SHARE_INTERVALS = ("logit_t", "beta", "t", "arcsine")  # R's svyciprop: logit, beta, mean, asin


def level_keys(made: PartEstimates, place: Place, first: str, confidence: float, *, share: bool) -> Row:
    """An estimate at a wave; a share with the ``first`` interval and the others beside, a score with that of t.

    Where all or nobody said yes the beta interval takes the place of those that this leaves without width.
    """
    value, se, df = (array[place] for array in (made.estimate, made.se, made.df))
    reason = _why_null(made.n[place], se, df)
    found = {name: _interval(name, made, place, confidence) for name in (SHARE_INTERVALS if share else ("t",))}
    if not share:
        first = "t"
    elif value in (0, 1):
        first = "beta"
        found = {"beta": found["beta"]}
    else:
        found["t"] = np.maximum(found["t"][0], 0), np.minimum(found["t"][1], 1)  # a share ends there
    told = {name: limits(float(low), float(high), name, reason) for name, (low, high) in found.items()}
    row: Row = {
        "estimate": number(value),
        "se": number(se) if made.n[place] > 1 else None,
        "df": number(df),
        "deff": number(made.design_effect[place]) if made.n[place] > 1 else None,
        "interval": told.pop(first),
        "more_intervals": [one for one in told.values() if one["low"] is not None],
        "unweighted": number(made.x[place] / made.n[place]) if made.n[place] else None,
    }
    return row if share else row | {"x": None}


def _why_null(n: float, se: float, df: float) -> str:
    if n < 2:
        return "too_few_answers" if n else "no_answers"
    return "clusters_do_not_differ" if se == 0 and df >= 1 else "too_few_clusters"


def _interval(name: str, made: PartEstimates, place: Place, confidence: float) -> tuple[Numbers, Numbers]:
    value, df, known = made.estimate[place], made.df[place], made.se[place]
    se = np.where(known > 0, known, np.nan)
    if name == "beta":
        return beta_interval(value, known if value in (0, 1) else se, df, made.n[place], confidence)
    if name == "t":
        return t_interval(value, se, df, confidence)
    return (logit_interval if name == "logit_t" else arcsine_interval)(value, se, df, confidence)


def difference_keys(found: Estimates, place: Place, method: str, confidence: float, fewest: float) -> Row:
    """A difference with its t interval and t test; ``method`` names how the variance was worked out.

    ``fewest`` are the people of the smallest group in it: one alone would seem to be without any variance.
    """
    value, se, df = (array[place] for array in (found.estimate, found.se, found.df))
    reason, se = _why_null(fewest, se, df), se if fewest > 1 else np.array(np.nan)
    low, high = t_interval(value, se, df, confidence)
    t, p = t_test(value, se, df)
    return {
        "difference": number(value),
        "se": number(se),
        "df": number(df),
        "interval": limits(float(low), float(high), method, reason),
        "test": {"method": method, "statistic": number(t), "p": number(p)} | why_null(p, reason),
    } | why_null(value, "no_answers")


def independence_tests(made: PartEstimates, place: Place) -> Iterator[Row]:
    """Whether the share is the same at both waves: Rao–Scott of both orders and the Wald tests; none for scores."""
    tests = made.tests
    if not np.isfinite(tests.p[place]):
        return
    f = {"ndf": number(tests.ndf[place]), "ddf": number(tests.ddf[place])}
    yield {"method": "rao_scott_f", "statistic": number(tests.f[place]), **f, "p": number(tests.p[place])}
    for name, statistic, p in (
        ("rao_scott_first_order", tests.pearson, tests.p_first_order),
        ("wald_f", tests.wald, tests.p_wald),
        ("adjusted_wald_f", tests.adjusted_wald, tests.p_adjusted_wald),
    ):
        if np.isfinite(p[place]):
            yield {"method": name, "statistic": number(statistic[place]), "p": number(p[place])}


NO_TEST: Row = {"method": None, "statistic": None, "df": None, "df_between": None, "p": None}


def heterogeneity(made: PartEstimates, place: Place) -> Row:
    """Whether the change is the same in all parts."""
    found = made.interactions
    statistic, df, between, p = (array[place] for array in (found.f, found.ndf, found.ddf, found.p))
    return {
        "method": "heterogeneity_f",
        "statistic": number(statistic),
        "df": number(df),
        "df_between": number(between),
        "p": number(p),
    } | why_null(p, "too_few_parts")


def effect_keys(earlier: float | None, later: float | None, *, share: bool) -> Row:
    """Cohen's h of the weighted shares; a score of a sample has none that is agreed upon."""
    if not share:
        return {"name": "hedges_g", "value": None, "reason": "not_defined_for_samples"}
    if earlier is None or later is None:
        return {"name": "cohens_h", "value": None, "reason": "no_answers"}
    return {"name": "cohens_h", "value": float(2 * np.arcsin(np.sqrt(later)) - 2 * np.arcsin(np.sqrt(earlier)))}

"""Did parts of the respondents change differently? One test of heterogeneity for every indicator and split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from analysis.cluster_rows import MANY_SESSIONS, changes_in_parts, session_rule, sessions_of_pairs
from analysis.comparison import Comparison
from analysis.frame import CodedFrame
from analysis.intervals import Numbers, ratio
from analysis.multiplicity import FAMILIES
from analysis.parts import Partition
from analysis.plan import Plan
from analysis.rows import Row, number, why_null
from analysis.score_rows import in_parts
from analysis.sessions import Sessions

NAN = float("nan")
Hidden = NDArray[np.bool_]


@dataclass(frozen=True)
class Heterogeneity:
    method: str
    statistic: float
    df: float
    df_between: float  # of an F test: clusters − strata − df; NaN for χ²
    p: float


Test = Callable[[int, NDArray[np.int64]], Heterogeneity]  # of an indicator over the places of the parts


def heterogeneity(changes: Numbers, variances: Numbers) -> Heterogeneity:
    """Do independent parts share one change? The Q test; parts without a variance are left out.

    Formula: Q = Σw(d − d̄)², w = 1/v, d̄ = Σwd/Σw, χ² on parts − 1. Source: Cochran (1954), Biometrics 10, 101–129.
    Shapes: (parts,) each. Errors: none; NaN for fewer than two parts.

    >>> found = heterogeneity(np.array([0.1, 0.4]), np.array([0.01, 0.02]))
    >>> round(found.statistic, 4), found.df, round(found.p, 6)
    (3.0, 1.0, 0.083265)
    """
    known = variances > 0
    weight, there = 1 / variances[known], changes[known]
    if len(there) < 2:
        return Heterogeneity("heterogeneity_q", NAN, NAN, NAN, NAN)
    centre = (weight * there).sum() / weight.sum()
    q, df = float((weight * (there - centre) ** 2).sum()), len(there) - 1
    return Heterogeneity("heterogeneity_q", q, float(df), NAN, float(chdtrc(df, q)))


def heterogeneity_by_session(
    changes: Numbers, part: NDArray[np.int64], cluster: NDArray[np.int64], stratum: NDArray[np.int64]
) -> Heterogeneity:
    """The same for parts that sit in the same sessions: a Wald F test with the covariance between sessions.

    Formula: u_cs = Σ(d − d̄_s)/n_s of session c and part s; V = Σ_h C_h/(C_h − 1) Σ(u_c − ū_h)(u_c − ū_h)′; F = (Ld̄)′
    (LVL′)⁻¹(Ld̄)/q, L the differences to the last part, on q = parts − 1 and clusters − strata − q.
    Source: Binder (1983); R survey regTermTest(svyglm(d ~ part)). Shapes: (people,) each. Errors: none; NaN for fewer
    than two parts, too few sessions, or parts that do not vary.

    >>> change = np.array([1.0, 0, 1, 1, 0, -1, 1, 0])
    >>> found = heterogeneity_by_session(change, np.tile([0, 1], 4), np.repeat(np.arange(4), 2), np.zeros(8, int))
    >>> round(found.statistic, 4), found.df, found.df_between
    (9.0, 1.0, 2.0)
    """
    undefined = Heterogeneity("heterogeneity_f", NAN, NAN, NAN, NAN)
    parts, codes = np.unique(part, return_inverse=True)
    if len(parts) < 2:
        return undefined
    n = np.bincount(codes)
    centre = np.bincount(codes, weights=changes) / n
    _, first, session = np.unique(cluster, return_index=True, return_inverse=True)
    influence = np.zeros((len(first), len(parts)))
    np.add.at(influence, (session, codes), (changes - centre[codes]) / n[codes])
    covariance, strata = np.zeros((len(parts), len(parts))), stratum[first]
    for here in (influence[strata == value] for value in np.unique(strata)):
        if len(here) < 2:
            return undefined
        away = here - here.mean(axis=0)
        covariance += len(here) / (len(here) - 1) * away.T @ away
    q = len(parts) - 1
    df_between = len(first) - len(np.unique(strata)) - q
    contrast = np.hstack([np.eye(q), -np.ones((q, 1))])
    spread = contrast @ covariance @ contrast.T
    if df_between < 1 or np.linalg.matrix_rank(spread) < q:
        return undefined
    apart = contrast @ centre
    f = float(apart @ np.linalg.solve(spread, apart)) / q
    return Heterogeneity("heterogeneity_f", f, float(q), float(df_between), float(fdtrc(q, df_between, f)))


def interaction_rows(
    plan: Plan, frame: CodedFrame, found: Comparison, hidden: Hidden, waves: tuple[int, int]
) -> list[Row]:
    """One row for every indicator and entry of ``by``; p adjusted over the rows of one pair of waves.

    Parts that are not known (``null``) are left out. A split with a hidden part tells no number.
    """
    splits = list(_splits(frame.partitions))
    if not splits:
        return []
    if frame.sessions and session_rule(sessions_of_pairs(frame, *waves)) == MANY_SESSIONS:
        tests = _by_sessions(plan, frame, frame.sessions, waves)
    else:
        tests = _of_persons(plan, frame, found, waves)
    rows: list[Row] = []
    names = plan.design.waves
    for i, indicator in enumerate(plan.indicators):
        for partition, places in splits:
            test, shown = tests(i, places), not hidden[i, places].any()
            row = {
                "indicator": indicator.id,
                "from": names[waves[0]],
                "to": names[waves[1]],
                "by": [*partition.columns],
            }
            rows.append(row | {"test": _told(test) if shown else _told(None), "hidden": not shown})
    p = np.array([NAN if row["test"]["p"] is None else row["test"]["p"] for row in rows])
    return [row | {"p_adjusted": number(value)} for row, value in zip(rows, FAMILIES[plan.family](p), strict=True)]


def _splits(partitions: tuple[Partition, ...]) -> Iterator[tuple[Partition, NDArray[np.int64]]]:
    """Every split of the respondents with the places of its known parts among all parts."""
    start = 0
    for partition in partitions:
        known = [start + place for place, part in enumerate(partition.segments) if None not in part.values()]
        if partition.columns:
            yield partition, np.array(known, dtype=np.int64)
        start += len(partition.segments)


def _of_persons(plan: Plan, frame: CodedFrame, found: Comparison, waves: tuple[int, int]) -> Test:
    change, variance = _smoothed(found)
    for place, value, spread in _of_scores(plan, frame, waves):
        change[place], variance[place] = value, spread
    return lambda i, places: heterogeneity(change[i, places], variance[i, places])


def _smoothed(found: Comparison) -> tuple[Numbers, Numbers]:
    """Changes of shares with a person more of each kind, so that a small part without changers has a variance too:
    Bonett and Price's for pairs, Agresti and Caffo's for separate samples."""
    if found.pairs is not None:
        n = np.where(found.pairs.n < 2, np.nan, found.pairs.n + 2)
        gained, lost = (found.pairs.no_yes + 1) / n, (found.pairs.yes_no + 1) / n
        return gained - lost, (gained + lost - (gained - lost) ** 2) / n
    shares, variance = [], np.zeros(found.n_later.shape)
    for x, n in ((found.x_later, found.n_later), (found.x_earlier, found.n_earlier)):
        size = np.where(n < 2, np.nan, n + 2.0)
        share = ratio(x + 1, size)
        shares.append(share)
        variance = variance + share * (1 - share) / size
    return shares[0] - shares[1], variance


def _of_scores(plan: Plan, frame: CodedFrame, waves: tuple[int, int]) -> Iterator[tuple[tuple[int, ...], float, float]]:
    """Mean change and its variance of every score and part."""
    if plan.design.paired:
        for place, _rows, changes in changes_in_parts(plan, frame, *waves):
            if place[0] in frame.scores:
                yield place, float(changes.mean()) if len(changes) else NAN, _variance(changes)
        return
    for i, scores in frame.scores.items():
        parts = zip(*(in_parts(frame, frame.wave == wave) for wave in waves), strict=True)
        for p, rows in enumerate(parts):
            earlier, later = (scores[here][~np.isnan(scores[here])] for here in rows)
            both = len(earlier) and len(later)
            yield (i, p), float(later.mean() - earlier.mean()) if both else NAN, _variance(later) + _variance(earlier)


def _variance(values: Numbers) -> float:
    return float(np.var(values, ddof=1)) / len(values) if len(values) > 1 else NAN


def _by_sessions(plan: Plan, frame: CodedFrame, sessions: Sessions, waves: tuple[int, int]) -> Test:
    people: dict[tuple[int, ...], tuple[NDArray[np.int64], Numbers]] = {
        place: (rows, changes) for place, rows, changes in changes_in_parts(plan, frame, *waves)
    }

    def tested(i: int, places: NDArray[np.int64]) -> Heterogeneity:
        rows = np.concatenate([people[i, int(place)][0] for place in places])
        changes = np.concatenate([people[i, int(place)][1] for place in places])
        part = np.repeat(places, [len(people[i, int(place)][0]) for place in places])
        return heterogeneity_by_session(changes, part, sessions.cluster[rows], sessions.stratum[rows])

    return tested


def _told(test: Heterogeneity | None) -> Row:
    if test is None:
        return {"method": None, "statistic": None, "df": None, "df_between": None, "p": None}
    return {
        "method": test.method,
        "statistic": number(test.statistic),
        "df": number(test.df),
        "df_between": number(test.df_between),
        "p": number(test.p),
    } | why_null(test.p, "too_few_parts")

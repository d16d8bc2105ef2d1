"""Changes of the same people who were taught or sampled in sessions: by the rule of how many sessions there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.clustered_pairs import (
    FEWEST_CLUSTERS,
    by_cluster,
    durkalski,
    fixed_strata,
    linearised,
    obuchowski,
    sign_flip,
)
from analysis.counts import rows_of_persons, state_values
from analysis.frame import CodedFrame
from analysis.intervals import Numbers, wilson
from analysis.means import MeanChange
from analysis.plan import Plan
from analysis.rounding import differences, variance
from analysis.rows import Row, limits, number, why_null
from analysis.score_rows import in_parts, pairs_in_parts, tried
from analysis.score_tests import Tried
from analysis.sessions import Sessions
from analysis.survey.inference import logit_interval

Place = tuple[int, ...]
ONE_SESSION, FEW_SESSIONS, MANY_SESSIONS = "one_session", "few_sessions", "many_sessions"


def session_rule(sessions: int) -> str:
    """How sessions are taken into account, which depends on nothing but their number.

    One session says nothing of others: its people are told of. Two to five are too few to estimate how sessions differ:
    they are fixed strata, and the result speaks of these sessions. From six on the variance between them is estimated,
    and the result speaks of sessions like these (even so, five could never go below p = .06 by flipping signs).

    >>> [session_rule(count) for count in (1, 2, 5, 6)]
    ['one_session', 'few_sessions', 'few_sessions', 'many_sessions']
    """
    if sessions <= 1:
        return ONE_SESSION
    return FEW_SESSIONS if sessions < FEWEST_CLUSTERS else MANY_SESSIONS


def sessions_of_pairs(frame: CodedFrame, earlier: int, later: int) -> int:
    """How many sessions the people seen at both waves belong to."""
    if frame.sessions is None:
        return 0
    return len(np.unique(frame.sessions.cluster[rows_of_persons(frame, (earlier, later))[0]]))


def cluster_changes(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> dict[Place, Row]:
    """For every indicator and part (i, p): interval, test and standard error by sessions; nothing for one session."""
    rule = session_rule(sessions_of_pairs(frame, earlier, later))
    if frame.sessions is None or rule == ONE_SESSION:
        return {}
    found = {}
    for place, rows, changes in changes_in_parts(plan, frame, earlier, later):
        if len(changes) and (changes == changes[0]).all():
            continue  # nobody differs from anybody: a variance of 0 would claim to know it of everyone
        if rule == FEW_SESSIONS:
            found[place] = _by_fixed_strata(plan, changes, frame.sessions.cluster[rows])
        else:
            found[place] = _between_sessions(plan, place, changes, frame.sessions, rows)
    return found


def cluster_estimates(plan: Plan, frame: CodedFrame, waves: list[int]) -> dict[Place, Row]:
    """For every indicator, wave and part (i, w, p): standard error, interval and design effect by sessions."""
    found: dict[Place, Row] = {}
    sessions = frame.sessions
    if sessions is None:
        return found
    for w in waves:
        rule = session_rule(len(np.unique(sessions.cluster[frame.wave == w])))
        parts = list(in_parts(frame, frame.wave == w)) if rule != ONE_SESSION else []
        for i, values in enumerate(values_of(plan, frame)):
            for p, rows in enumerate(parts):
                answered = rows[~np.isnan(values[rows])]
                if len(answered):
                    found[i, w, p] = _level(plan, rule, plan.indicators[i].binary, values[answered], sessions, answered)
    return found


def _level(plan: Plan, rule: str, share: bool, values: Numbers, sessions: Sessions, rows: NDArray[np.int64]) -> Row:
    """A share or a mean with its variance by sessions; where nobody differs a share keeps Wilson's interval, counting
    sessions instead of people where sessions differ by chance."""
    clusters = by_cluster(values, sessions.cluster[rows], sessions.stratum[rows])
    if rule == FEW_SESSIONS:
        found = fixed_strata(values, sessions.cluster[rows], plan.confidence)
    else:
        found = linearised(clusters, plan.confidence)
    row: Row = {"se": None, "deff": None}
    if len(values) > 1:
        row = {"se": number(found.se), "deff": number(design_effect(values, found.se))}
    reason = _why_no_limits(values, found, rule)
    if share and found.se == 0:
        n = len(values) if rule == FEW_SESSIONS else len(clusters.total)
        low, high = wilson(found.value * n, n, plan.confidence)
        return row | {"interval": limits(float(low), float(high), "wilson", "")}
    if share:
        value, se, df = (np.array(part) for part in (found.value, found.se, found.df))
        low, high = logit_interval(value, se, df, plan.confidence)
        return row | {"interval": limits(float(low), float(high), "logit_t", reason)}
    return row | {"interval": limits(found.low, found.high, "t", reason)}


def _why_no_limits(values: Numbers, found: MeanChange, rule: str) -> str:
    """Why a mean by sessions has no interval, where it has none: too few, or nobody (or no session) differs."""
    if len(values) < 2 or found.se != 0:
        return "too_few_answers" if len(values) < 2 else "too_few_sessions"
    if variance(values) == 0:
        return "all_answers_alike"
    return "clusters_do_not_differ" if rule == MANY_SESSIONS else "people_do_not_differ"


def changes_in_parts(
    plan: Plan, frame: CodedFrame, earlier: int, later: int
) -> Iterator[tuple[Place, NDArray[np.int64], Numbers]]:
    """For every indicator and part: the rows (at the earlier wave) of its complete pairs, and their changes."""
    parts = list(pairs_in_parts(frame, earlier, later))
    for i, values in enumerate(values_of(plan, frame)):
        for p, rows in enumerate(parts):
            changes = differences(values[rows[1]], values[rows[0]])
            complete = ~np.isnan(changes)
            yield (i, p), rows[0][complete], changes[complete]


def values_of(plan: Plan, frame: CodedFrame) -> Iterator[Numbers]:
    """Every indicator's answers as numbers, NaN where there is none: 0 and 1, or the score."""
    for i, of_state in enumerate(state_values(plan)):
        if i in frame.scores:
            yield frame.scores[i]
        else:
            numbers = np.where(of_state < 0, np.nan, of_state.astype(np.float64))
            yield numbers[frame.states[i]]


def cluster_rows(plan: Plan, frame: CodedFrame, earlier: int, later: int) -> list[Row]:
    """Of every indicator over everybody: how alike people of a session changed, and what that costs in people."""
    sessions = frame.sessions
    if sessions is None or sessions_of_pairs(frame, earlier, later) < 2:
        return []
    rows = []
    for (i, p), people, changes in changes_in_parts(plan, frame, earlier, later):
        if p == 0:
            clusters = by_cluster(changes, sessions.cluster[people])
            effect = design_effect(changes, linearised(clusters).se)
            rows.append(
                {
                    "indicator": plan.indicators[i].id,
                    "from": plan.design.waves[earlier],
                    "to": plan.design.waves[later],
                    "clusters": len(clusters.total),
                    "n": len(changes),
                    "icc": number(intraclass_correlation(changes, sessions.cluster[people])),
                    "deff": number(effect),
                    "n_effective": number(len(changes) / effect) if effect > 0 else None,
                }
            )
    return rows


def design_effect(changes: Numbers, se: float) -> float:
    """The variance of the mean change between sessions over that of as many people on their own.

    Formula: se²/(s²/n). Source: Kish (1965), Survey Sampling, ch. 8. Shape: (people,). Errors: none; NaN where all
    changes are alike.

    >>> round(design_effect(np.array([1.0, 0, -1, 1, 1, 0]), 0.2), 4)
    0.36
    """
    spread = variance(changes)
    return se**2 / (spread / len(changes)) if spread > 0 else float("nan")


def intraclass_correlation(values: Numbers, cluster: NDArray[np.int64]) -> float:
    """How alike people of one session are: the ANOVA estimate, which may fall below zero.

    Formula: (MSB − MSW)/(MSB + (m₀ − 1)MSW), m₀ = (n − Σm²/n)/(C − 1). Source: Donner & Koval (1980), Biometrics 36,
    19–25. Shapes: (people,) each. Errors: none; NaN where nobody shares a session or all values are alike.

    >>> round(intraclass_correlation(np.array([1.0, 2, 5, 6, 9, 9]), np.array([0, 0, 1, 1, 2, 2])), 4)
    0.9766
    """
    _, codes, sizes = np.unique(cluster, return_inverse=True, return_counts=True)
    n, clusters = len(values), len(sizes)
    if clusters < 2 or n == clusters:
        return float("nan")
    centre = np.bincount(codes, weights=values) / sizes
    within = float(((values - centre[codes]) ** 2).sum()) / (n - clusters)
    between = float((sizes * (centre - values.mean()) ** 2).sum()) / (clusters - 1)
    typical = (n - float((sizes.astype(float) ** 2).sum()) / n) / (clusters - 1)
    bottom = between + (typical - 1) * within
    return (between - within) / bottom if bottom else float("nan")


def _by_fixed_strata(plan: Plan, changes: Numbers, cluster: NDArray[np.int64]) -> Row:
    change = fixed_strata(changes, cluster, plan.confidence)
    test = Tried("fixed_strata_t", change.statistic, change.p)
    return _row(change, "fixed_strata_t", [test], len(np.unique(cluster)), changes, "people_do_not_differ")


def _between_sessions(plan: Plan, place: Place, changes: Numbers, sessions: Sessions, rows: NDArray[np.int64]) -> Row:
    clusters = by_cluster(changes, sessions.cluster[rows], sessions.stratum[rows])
    change = linearised(clusters, plan.confidence)
    chosen = plan.methods.clustered_pairs_test
    tests = {"linearised_t": Tried("linearised_t", change.statistic, change.p)}
    if place[1] == 0 or chosen == "sign_flip":  # patterns of signs take time: only for everybody
        how, p = sign_flip(clusters, plan.seed)
        tests["sign_flip"] = Tried(f"sign_flip_{how}", float(clusters.total.sum()), p)
    if plan.indicators[place[0]].binary:
        tests["durkalski"] = Tried("durkalski", *durkalski(clusters))
        tests["obuchowski"] = Tried("obuchowski", *obuchowski(clusters))
    first = chosen if chosen in tests else "linearised_t"
    ordered = [tests.pop(first), *tests.values()]
    return _row(change, "linearised_t", ordered, len(clusters.total), changes, "clusters_do_not_differ")


def _row(change: MeanChange, method: str, tests: list[Tried], clusters: int, changes: Numbers, alike: str) -> Row:
    reason = "no_pairs" if not len(changes) else alike if change.se == 0 else "too_few_sessions"
    found = limits(change.low, change.high, method, reason)
    return {
        "se": number(change.se),
        "df": number(change.df),
        "clusters": clusters,
        "interval": found,
        "test": tried(tests[0], reason),
        "more_tests": [tried(test, reason) for test in tests[1:] if np.isfinite(test.p)],
    } | why_null(change.value, reason)

"""People lost between waves: weights of those found, differential losses, worst and best cases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import expit

from analysis.attrition import (
    completed_tables,
    differential_loss,
    loss_by_group,
    weighted_change,
    worst_and_best,
    worst_and_best_comparison,
)
from analysis.intervals import Bounds, normal_quantile
from analysis.paired import PairedTable, newcombe10
from bench.chances.lines import CONFIDENCE, SEED, Found, Line, Numbers
from bench.chances.panels import CHANGE, KEPT, LEANS, panel

NEVER_LESS = 1.0  # whatever was lost, the truth lies between


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 7)
    yield from weights(draws, random)
    yield from weights_in_sessions(draws, random)
    yield from losses_of_arms(draws, random)
    yield from bounds(draws, random)


def weights(draws: int, random: np.random.Generator, n: int = 200) -> Iterator[Line]:
    found = Found(f"{n} people, lost by first answer", {"complete pairs: change": LEANS})
    found.notes["as if the weights were known"] = "a little wide: estimating the weights takes variance away"
    z = normal_quantile(CONFIDENCE)
    for _ in range(draws):
        people = panel(random, n, KEPT)
        later = np.where(people.found, people.after, np.nan)
        made = weighted_change(people.before, later, np.column_stack([np.ones(n), people.before]))
        change = made.change
        found.gives("complete pairs: change", CHANGE, [made.complete_pairs])
        found.gives("weighted: change", CHANGE, [change.value])
        found.covers("weighted interval", change.low, change.high, CHANGE)
        reach = z * made.se_of_known_weights
        found.covers("as if the weights were known", change.value - reach, change.value + reach, CHANGE)
    yield from found.lines()


def weights_in_sessions(draws: int, random: np.random.Generator, count: int = 20, size: int = 12) -> Iterator[Line]:
    """Sessions differ in level and in how many come back; whoever scored low is lost more often."""
    found = Found(f"{count} sessions of {size}, lost by first score", {"complete pairs: change": LEANS})
    cluster = np.repeat(np.arange(count), size)
    for _ in range(draws):
        earlier = 10 + random.normal(0, 1, count)[cluster] + random.normal(0, 2, len(cluster))
        after = 5 + 0.6 * earlier + random.normal(0, 0.8, count)[cluster] + random.normal(0, 1.5, len(cluster))
        chance = expit(1 + 0.4 * (earlier - 10) + random.normal(0, 0.3, count)[cluster])
        later = np.where(random.uniform(size=len(cluster)) < chance, after, np.nan)
        made = weighted_change(earlier, later, np.column_stack([np.ones(len(cluster)), earlier]), cluster)
        found.gives("complete pairs: change", 1.0, [made.complete_pairs])
        found.gives("weighted: change", 1.0, [made.change.value])
        found.covers("weighted interval", made.change.low, made.change.high, 1.0)
    yield from found.lines()


def losses_of_arms(draws: int, random: np.random.Generator, n: int = 100) -> Iterator[Line]:
    found = Found(f"{n} + {n} people, losses alike in both arms")
    treated = np.repeat([1.0, 0.0], n)
    for _ in range(draws):
        baseline = (random.uniform(size=2 * n) < 0.4).astype(float)
        again = random.uniform(size=2 * n) < np.where(baseline == 1, *KEPT[::-1])
        found.rejects("loss by arm", loss_by_group(treated.astype(np.int64), again).test.p)
        found.rejects("loss by arm × first answer", differential_loss(again, treated, baseline).p)
    yield from found.lines()


def bounds(draws: int, random: np.random.Generator, n: int = 80) -> Iterator[Line]:
    """Those who learnt nothing are lost most: no model repairs that, and the bounds hold all the same."""
    found = Found(f"{n} people, lost by second answer", {"completed_tables (newcombe10)": "holds whatever was lost"})
    for _ in range(draws):
        arms = [_lost_by_second_answer(random, n) for _ in range(2)]
        cases = [worst_and_best(before, later) for before, later, _change in arms]
        truths = [change for _before, _later, change in arms]
        found.covers("worst_and_best", *cases[0], truths[0], NEVER_LESS)
        both = worst_and_best_comparison(*cases)
        found.covers("worst_and_best_comparison", *both, truths[0] - truths[1], NEVER_LESS)
        low, high = _limits(*arms[0][:2])
        found.covers("completed_tables (newcombe10)", low, high, CHANGE)
    yield from found.lines()


def _lost_by_second_answer(random: np.random.Generator, n: int) -> tuple[Numbers, Numbers, float]:
    people = panel(random, n)
    kept = random.uniform(size=n) < np.where(people.after == 1, 0.95, 0.6)
    return people.before, np.where(kept, people.after, np.nan), float((people.after - people.before).mean())


def _limits(before: Numbers, later: Numbers) -> Bounds:
    """The lower limit of the worst table and the upper limit of the best one."""
    lost = np.isnan(later)
    counts = [((before == earlier) & (later == after)).sum() for earlier, after in ((1, 1), (1, 0), (0, 1), (0, 0))]
    worst, best = completed_tables(PairedTable.of(*counts), (lost & (before == 1)).sum(), (lost & (before == 0)).sum())
    return Bounds(newcombe10(worst).low, newcombe10(best).high)

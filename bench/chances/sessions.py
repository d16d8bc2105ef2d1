"""People taught in sessions, the same before and after: methods that respect sessions, and one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from analysis import clustered_pairs, paired
from analysis.clustered_pairs import ByCluster, Codes, by_cluster
from analysis.noninferiority import noninferiority_of_mean
from analysis.paired import PairedTable
from bench.chances.lines import LEVEL, SEED, Found, Line, Numbers

TESTS: Mapping[str, Callable[[ByCluster], float]] = {
    "linearised_t": lambda sums: clustered_pairs.linearised(sums).p,
    "obuchowski": lambda sums: clustered_pairs.obuchowski(sums)[1],
    "durkalski": lambda sums: clustered_pairs.durkalski(sums)[1],
    "sign_flip": lambda sums: clustered_pairs.sign_flip(sums, SEED)[1],
}
FEW_AND_UNLIKE = "few and unlike sessions vary more than they show"
IGNORED = "mcnemar_midp ignoring sessions"
SIZES = {
    "12 sessions of 15": np.full(12, 15),
    "6 sessions of 8 to 40": np.array([8, 10, 12, 15, 25, 40]),
    "30 sessions of 6 to 24": np.tile([6, 9, 12, 15, 18, 24], 5),
}


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 1)
    for setting, sizes in SIZES.items():
        yield from nothing_changed(draws, random, setting, sizes)
        yield from share_rose(draws, random, setting, sizes)
    yield from fixed_sessions(draws, random)


def changes(random: np.random.Generator, sizes: Codes, rise: float, between: float) -> tuple[Numbers, Codes]:
    """Changes (−1, 0, 1) of people and their session; 40 % change their answer, more go up where a session rose."""
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    lift = np.clip(rise + random.normal(0, between, len(sizes)), -0.4, 0.4)[cluster]
    uniform = random.uniform(size=len(cluster))
    return (uniform < 0.2 + lift / 2).astype(float) - (uniform > 0.8 + lift / 2), cluster


def nothing_changed(draws: int, random: np.random.Generator, setting: str, sizes: Codes) -> Iterator[Line]:
    """Sessions move together, as often up as down."""
    found = Found(f"{setting}, no change", {IGNORED: "sessions must not be ignored"})
    found.notes |= {"linearised_t": FEW_AND_UNLIKE} if len(sizes) < 10 else {}
    if len(sizes) <= clustered_pairs.MOST_FLIPPED:
        found.notes |= {"sign_flip": "few patterns: cautious", "obuchowski": "few sessions: cautious"}
    every_sign = len(sizes) <= clustered_pairs.MOST_FLIPPED  # drawing the signs takes a second
    names = [name for name in TESTS if every_sign or name != "sign_flip"]
    for _ in range(draws):
        change, cluster = changes(random, sizes, 0.0, 0.12)
        sums = by_cluster(change, cluster)
        for name in names:
            found.rejects(name, TESTS[name](sums))
        table = PairedTable.of(0, (change < 0).sum(), (change > 0).sum(), (change == 0).sum())
        found.rejects(IGNORED, paired.mcnemar_midp(table).p)
    yield from found.lines()


def share_rose(
    draws: int, random: np.random.Generator, setting: str, sizes: Codes, rise: float = 0.15
) -> Iterator[Line]:
    covered, at_margin = Found(f"{setting}, up 15 points"), Found(f"{setting}, lost the margin")
    if len(sizes) < 10:
        covered.notes["linearised_t interval"] = at_margin.notes["linearised_t_noninferiority"] = FEW_AND_UNLIKE
    for _ in range(draws):
        made = clustered_pairs.linearised(by_cluster(*changes(random, sizes, rise, 0.10)))
        covered.covers("linearised_t interval", made.low, made.high, rise)
        lost = clustered_pairs.linearised(by_cluster(*changes(random, sizes, -0.10, 0.10)))
        p = noninferiority_of_mean(lost, 0.10).p
        at_margin.rejects("linearised_t_noninferiority", p, LEVEL / 2, LEVEL / 2)
    yield from covered.lines()
    yield from at_margin.lines()


def fixed_sessions(draws: int, random: np.random.Generator, n: int = 25) -> Iterator[Line]:
    """Four sessions: what they themselves changed is covered; what all sessions would have changed is not."""
    these, all_sessions = Found(f"4 sessions of {n}, of these sessions"), Found(f"4 sessions of {n}, of all sessions")
    all_sessions.notes["fixed_strata_t interval"] = "it speaks of these sessions only, and the report says so"
    cluster, lift = np.repeat(np.arange(4), n), np.array([-0.05, 0.05, 0.20, 0.30])
    for _ in range(draws):
        uniform = random.uniform(size=4 * n)
        change = (uniform < 0.2 + lift[cluster] / 2).astype(float) - (uniform > 0.8 + lift[cluster] / 2)
        made = clustered_pairs.fixed_strata(change, cluster)
        these.covers("fixed_strata_t interval", made.low, made.high, float(lift.mean()))
        made = clustered_pairs.fixed_strata(*changes(random, np.full(4, n), 0.15, 0.10))
        all_sessions.covers("fixed_strata_t interval", made.low, made.high, 0.15)
    yield from these.lines()
    yield from all_sessions.lines()

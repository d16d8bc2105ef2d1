"""What was kept of a gain, and whether less was lost than a margin: scores, shares, people and samples."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis import means
from analysis.noninferiority import equivalence, noninferiority_of_mean
from analysis.retention import KeptShare, share_kept, share_kept_of_samples
from bench.chances.lines import LEVEL, SEED, Found, Line

BEFORE, AFTER, KEPT = 0.35, 0.65, 0.70  # shares of yes, and the part of the gain that is kept
WEAK = "the gain itself is uncertain: dividing by it is not normal"


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 4)
    yield from shares_of_a_gain(draws, random)
    yield from shares_between_sessions(draws, random)
    yield from margins_of_means(draws, random)


def shares_of_a_gain(draws: int, random: np.random.Generator) -> Iterator[Line]:
    for n, after in ((150, AFTER), (40, AFTER), (60, 0.45)):
        gain = after - BEFORE
        people = Found(f"{n} people, gain {100 * gain:.0f} points, 70 % kept")
        samples = Found(f"{n} at each wave, gain {100 * gain:.0f}, 70 % kept")
        if n < 100:
            people.notes["delta"] = samples.notes["delta"] = WEAK
        for _ in range(draws):
            first = (random.uniform(size=n) < BEFORE).astype(float)
            second = np.where(random.uniform(size=n) < gain / (1 - BEFORE), 1.0, first)
            third = np.where(random.uniform(size=n) < 1 - KEPT, first, second)
            _covers(people, share_kept(first, second, third))
            start, top, end = (
                (random.uniform(size=n) < p).astype(float) for p in (BEFORE, after, BEFORE + KEPT * gain)
            )
            _covers(samples, share_kept_of_samples(start, top, end))
        yield from people.lines()
        yield from samples.lines()


def _covers(found: Found, made: KeptShare) -> None:
    fieller = made.fieller
    if np.isnan(fieller.low):  # everybody kept the same share: no limits are told
        return
    within = fieller.low <= KEPT <= fieller.high
    inside = fieller.shape == "everything" or (within if fieller.shape == "bounded" else not within)
    found.happens("fieller", 0.95, [inside])
    found.covers("delta", *made.delta, KEPT)


def shares_between_sessions(draws: int, random: np.random.Generator, count: int = 15, size: int = 12) -> Iterator[Line]:
    """Sessions gain unlike amounts; everybody keeps 70 % of what their session gained."""
    found = Found(f"{count} sessions of {size}, 70 % kept")
    cluster = np.repeat(np.arange(count), size)
    for _ in range(draws):
        gained = random.normal(3, 1, count)[cluster]
        level = random.normal(10, 2, len(cluster))
        start, top, end = (level + part * gained + random.normal(0, 1.5, len(level)) for part in (0.0, 1.0, KEPT))
        _covers(found, share_kept(start, top, end, cluster=cluster))
    yield from found.lines()


def margins_of_means(draws: int, random: np.random.Generator, margin: float = 1.0) -> Iterator[Line]:
    """The loss is the margin exactly, and the change is the margin exactly: the chance of calling it small."""
    found = Found("25 people, 20 + 35 people, at the margin")
    found.notes["equivalence (welch)"] = "so few can hardly show that a change is small"
    for _ in range(draws):
        changes, later, earlier = random.normal(-margin, 2, 25), random.normal(9, 3, 20), random.normal(10, 2, 35)
        paired, apart = means.mean(changes), means.welch(later, earlier)
        for name, made in (("paired_t_noninferiority", paired), ("welch_noninferiority", apart)):
            found.rejects(name, noninferiority_of_mean(made, margin).p, LEVEL / 2, LEVEL / 2)
        found.rejects("equivalence (paired_t)", equivalence(paired, margin).p)
        found.rejects("equivalence (welch)", equivalence(apart, margin).p)
    yield from found.lines()
    yield from equivalence_of_many(draws, random, margin)


def equivalence_of_many(draws: int, random: np.random.Generator, margin: float, n: int = 200) -> Iterator[Line]:
    found = Found(f"{n} people, change at the margin")
    for _ in range(draws):
        found.rejects("equivalence (paired_t)", equivalence(means.mean(random.normal(margin, 2, n)), margin).p)
    yield from found.lines()

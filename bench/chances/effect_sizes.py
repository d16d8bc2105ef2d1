"""Intervals of standardised effects: d_z, d_av and g of the same people, Hedges' g, rank-biserial correlations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.score_tests import Size, independent_sizes, paired_sizes
from bench.chances.lines import CONFIDENCE, SEED, Found, Line

RISE, LIKENESS = 0.5, 0.7  # in standard deviations; the correlation of both waves
STEPS, CHANCES = np.array([-2.0, -1, 0, 1, 2, 3]), np.array([0.05, 0.12, 0.23, 0.30, 0.20, 0.10])


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 13)
    yield from scores_of_pairs(draws, random)
    yield from ranks_of_pairs(draws, random)
    yield from scores_of_samples(draws, random)


def scores_of_pairs(draws: int, random: np.random.Generator, pairs: int = 25) -> Iterator[Line]:
    of_changes = RISE / np.sqrt(2 - 2 * LIKENESS)
    truths = {"d_z": of_changes, "g_z": of_changes, "d_av": RISE, "g_av": RISE}
    found = Found(f"{pairs} pairs, up half a standard deviation")
    for _ in range(draws):
        earlier = random.normal(size=pairs)
        later = RISE + LIKENESS * earlier + np.sqrt(1 - LIKENESS**2) * random.normal(size=pairs)
        sizes = paired_sizes(earlier, later, CONFIDENCE)
        for name, truth in truths.items():
            _covers(found, name, sizes[name], truth)
    yield from found.lines()


def ranks_of_pairs(draws: int, random: np.random.Generator, pairs: int = 50) -> Iterator[Line]:
    """Steps on a scale, most of them up: ties and zeros."""
    moved = STEPS != 0
    of_two = np.outer(CHANCES[moved], CHANCES[moved]) / CHANCES[moved].sum() ** 2
    truth = float((np.sign(np.add.outer(STEPS[moved], STEPS[moved])) * of_two).sum())
    found = Found(f"{pairs} pairs, ties and zeros")
    for _ in range(draws):
        change = random.choice(STEPS, pairs, p=CHANCES)
        _covers(found, "rank_biserial", paired_sizes(0 * change, change, CONFIDENCE)["rank_biserial"], truth)
    yield from found.lines()


def scores_of_samples(draws: int, random: np.random.Generator, later: int = 50, earlier: int = 25) -> Iterator[Line]:
    found = Found(f"{later} + {earlier} people")
    for _ in range(draws):
        sizes = independent_sizes(random.normal(size=earlier), random.normal(RISE, 1, later), "score", CONFIDENCE)
        _covers(found, "hedges_g", sizes["hedges_g"], RISE)
    yield from found.lines()


def _covers(found: Found, name: str, size: Size, truth: float) -> None:
    found.covers(f"{name} interval", size.low, size.high, truth)

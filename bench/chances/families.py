"""Several tests at once: false claims of a family of indicators, and the share of false claims among all claims."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis.multiplicity import FAMILIES
from bench.chances.lines import LEVEL, SEED, Found, Line, Numbers

ANY, SHARE = ("none", "bonferroni", "holm", "hochberg"), ("bh", "by")


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 10)
    for name, correlation in (("independent", 0.0), ("correlated .5", 0.5), ("opposed −.3", -0.3)):
        yield from false_claims(draws, random, name, correlation)
    for name, correlation in (("independent", 0.0), ("correlated .5", 0.5)):
        yield from share_of_false_claims(draws, random, name, correlation)


def p_values(random: np.random.Generator, correlation: float, shift: Numbers, draws: int) -> Numbers:
    """Two-sided p of normal statistics with one correlation; ``shift`` says how far each truth is from nothing."""
    tests = len(shift)
    matrix = np.full((tests, tests), correlation)
    np.fill_diagonal(matrix, 1.0)
    z = random.multivariate_normal(shift, matrix, draws)
    p: Numbers = 2 * ndtr(-np.abs(z))
    return p


def false_claims(draws: int, random: np.random.Generator, name: str, correlation: float) -> Iterator[Line]:
    """Three primary indicators, nothing changed; four, of which one changed much: the chance of any false claim."""
    for tests, changed in ((3, 0), (4, 1)):
        found = Found(f"any false claim: {tests} tests, {changed} true, {name}", {"none": "what adjusting is for"})
        for p in p_values(random, correlation, np.array([4.0] * changed + [0.0] * (tests - changed)), draws):
            for family in ANY:
                found.rejects(family, FAMILIES[family](p)[changed:].min())
        yield from found.lines()


def share_of_false_claims(draws: int, random: np.random.Generator, name: str, correlation: float) -> Iterator[Line]:
    """Twenty determinants, six of which tell doers from non-doers: false claims over all claims (0 without any)."""
    true = 6
    found = Found(f"false of all claims: 20 tests, {true} true, {name}", {"by": "cautious"})
    for p in p_values(random, correlation, np.array([3.0] * true + [0.0] * (20 - true)), draws):
        for family in SHARE:
            claimed: NDArray[np.bool_] = FAMILIES[family](p) <= LEVEL
            found.gives(family, LEVEL, [claimed[true:].sum() / max(claimed.sum(), 1)])
    yield from found.lines()

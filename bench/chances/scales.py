"""Scales and coders: intervals of alpha, KR-20 and kappa, and whether omega finds the truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.scales import cohens_kappa, cronbach_alpha, omega_total
from bench.chances.lines import SEED, Found, Line, Numbers

ITEMS = 5
UNNORMAL = "Feldt's interval supposes normal answers"


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 9)
    yield from alpha_and_omega(draws, random)
    yield from yes_no_items(draws, random)
    yield from five_levels(draws, random)
    yield from coders(draws, random)


def alpha_and_omega(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Normal items: alike, so that alpha is omega; then with unlike loadings, where alpha falls short of omega."""
    for name, loadings in (("alike", np.full(ITEMS, 0.6)), ("unlike", np.array([0.9, 0.8, 0.6, 0.4, 0.3]))):
        covariance = np.outer(loadings, loadings)
        np.fill_diagonal(covariance, 1.0)
        alpha = ITEMS / (ITEMS - 1) * (1 - ITEMS / covariance.sum())
        omega = loadings.sum() ** 2 / covariance.sum()
        for n in (30, 100):
            found = Found(f"{n} people, {ITEMS} normal items, {name}")
            for _ in range(draws):
                items = random.normal(size=(n, 1)) * loadings + random.normal(size=(n, ITEMS)) * np.sqrt(
                    1 - loadings**2
                )
                made, value = cronbach_alpha(items), omega_total(items)
                found.covers("cronbach_alpha (feldt)", made.low, made.high, alpha)
                if value == value:  # none where a loading goes beyond 1
                    found.gives("omega: mean", omega, [value])
            yield from found.lines()


def yes_no_items(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """People's shares of yes are beta distributed: a correlation of 0.3 between items."""
    truth = ITEMS * 0.3 / (1 + (ITEMS - 1) * 0.3)
    for n, mean in ((100, 0.5), (100, 0.9)):
        found = Found(f"{n} people, {ITEMS} items, {100 * mean:.0f} % yes", {"kr20 (feldt)": UNNORMAL})
        strength = (1 - 0.3) / 0.3
        for _ in range(draws):
            share = random.beta(mean * strength, (1 - mean) * strength, (n, 1))
            made = cronbach_alpha((random.uniform(size=(n, ITEMS)) < share).astype(float))
            found.covers("kr20 (feldt)", made.low, made.high, truth)
        yield from found.lines()


def five_levels(draws: int, random: np.random.Generator, n: int = 60) -> Iterator[Line]:
    """Answers piled up at the top: normal numbers cut into five levels, half of them in the highest."""

    def answered(people: int) -> Numbers:
        latent = random.normal(size=(people, 1)) * 0.8 + random.normal(size=(people, ITEMS)) * 0.6
        return np.searchsorted([-1.6, -1.0, -0.5, 0.0], latent).astype(float)

    truth = cronbach_alpha(answered(400_000)).value
    found = Found(f"{n} people, {ITEMS} items, half at the top level", {"cronbach_alpha (feldt)": UNNORMAL})
    for _ in range(draws):
        made = cronbach_alpha(answered(n))
        found.covers("cronbach_alpha (feldt)", made.low, made.high, truth)
    yield from found.lines()


def coders(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Two coders of three ordered codes, who agree far better than by chance."""
    table = np.array([[0.35, 0.06, 0.01], [0.05, 0.22, 0.04], [0.02, 0.05, 0.20]])
    first, second = np.divmod(np.arange(9), 3)
    exact = [np.repeat(code, (100 * table.ravel()).round().astype(np.int64)) for code in (first, second)]
    kinds: tuple[Literal["none", "linear", "quadratic"], ...] = ("none", "linear", "quadratic")
    truths = {weights: cohens_kappa(exact[0], exact[1], weights).value for weights in kinds}
    for n in (40, 150):
        found = Found(f"{n} answers coded twice, three codes")
        if n < 100:
            found.notes["cohens_kappa_quadratic"] = "a normal interval: give it a hundred answers"
        for _ in range(draws):
            drawn: NDArray[np.int64] = random.choice(9, n, p=table.ravel())
            for weights, truth in truths.items():
                made = cohens_kappa(first[drawn], second[drawn], weights)
                found.covers(
                    "cohens_kappa" if weights == "none" else f"cohens_kappa_{weights}", made.low, made.high, truth
                )
        yield from found.lines()

"""Two waves that reached different kinds of people: raw, raked, standardised and regression-adjusted change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.composition import mix_by_wave, raked_change, raw_change, regression_change, standardised_change
from analysis.means import MeanChange
from analysis.survey.calibration import Margin
from analysis.survey.design import SurveyDesign, survey_design
from bench.chances.lines import SEED, Found, Line, Numbers

SEX, AGE = np.divmod(np.arange(6), 3)  # six cells: two sexes × three ages
POPULATION = np.outer([0.5, 0.5], [0.3, 0.4, 0.3]).ravel()
REACHED = np.array([POPULATION, np.outer([0.35, 0.65], [0.2, 0.3, 0.5]).ravel()])  # whom each wave reaches
ODDS = -0.6 + 0.9 * SEX + 0.5 * AGE
SHARE = np.array([expit(ODDS), expit(ODDS + 0.4)])
TRUTH = float(POPULATION @ (SHARE[1] - SHARE[0]))
PULL = 0.10  # the standard deviation of a cluster's level
SHIFTED = "the later wave reached more women and more older people"


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 8)
    yield from people_drawn_alone(draws // 2, random)
    yield from people_in_clusters(draws // 2, random)
    yield from mixes_alike(draws, random)


def people_drawn_alone(draws: int, random: np.random.Generator, n: int = 250) -> Iterator[Line]:
    wave, design = (
        np.repeat([0, 1], n),
        survey_design(np.ones(2 * n), wave=np.repeat([0, 1], n), clusters_in_waves="new"),
    )
    found = Found(f"{n} + {n} people, the mix shifts", {"raw: change": SHIFTED, "raw interval": SHIFTED})
    for _ in range(draws):
        cell = np.concatenate([random.choice(6, n, p=REACHED[one]) for one in (0, 1)])
        y = (random.uniform(size=2 * n) < SHARE[wave, cell]).astype(float)
        for name, made in adjusted(y, wave, cell, design):
            found.gives(f"{name}: change", TRUTH, [made.value])
            found.covers(f"{name} interval", made.low, made.high, TRUTH)
    yield from found.lines()


def people_in_clusters(draws: int, random: np.random.Generator, places: int = 24, size: int = 12) -> Iterator[Line]:
    """New clusters at each wave, with levels of their own."""
    cluster = np.repeat(np.arange(2 * places), size)
    wave = (cluster >= places).astype(np.int64)
    design = survey_design(np.ones(len(wave)), cluster=cluster, wave=wave, clusters_in_waves="new")
    found = Found(f"{places} + {places} clusters of {size}, mix shifts", {"raw interval": SHIFTED})
    for _ in range(draws):
        cell = np.where(wave == 1, random.choice(6, len(wave), p=REACHED[1]), random.choice(6, len(wave), p=REACHED[0]))
        level = random.uniform(-1, 1, 2 * places) * PULL * np.sqrt(3)
        y = (random.uniform(size=len(wave)) < SHARE[wave, cell] + level[cluster]).astype(float)
        for name, made in adjusted(y, wave, cell, design):
            found.covers(f"{name} interval", made.low, made.high, TRUTH)
    yield from found.lines()


def adjusted(
    y: Numbers, wave: NDArray[np.int64], cell: NDArray[np.int64], design: SurveyDesign
) -> Iterator[tuple[str, MeanChange]]:
    sex, age = SEX[cell], AGE[cell]
    margins = [Margin(sex, np.array([0.5, 0.5])), Margin(age, np.array([0.3, 0.4, 0.3]))]
    yield "raw", raw_change(y, wave, design)
    yield "raked", raked_change(y, wave, margins, design)
    yield "standardised", standardised_change(y, wave, cell, POPULATION, design)[0]
    # rows weighted so that together they are the population
    weight = (POPULATION / np.bincount(cell, minlength=6))[cell]
    columns = np.column_stack([sex == 1, age == 1, age == 2]).astype(float)
    yield "g_computation", regression_change(y, wave, columns, design, weight)


def mixes_alike(draws: int, random: np.random.Generator, n: int = 120) -> Iterator[Line]:
    found = Found(f"{n} + {n} people, one mix of six cells")
    wave = np.repeat([0, 1], n)
    for _ in range(draws):
        found.rejects("chi2 of the mix", mix_by_wave(random.choice(6, 2 * n, p=POPULATION), wave)[1].p)
    yield from found.lines()

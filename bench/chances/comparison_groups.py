"""A group with the activity beside one without: difference in differences with few and unlike clusters, and ANCOVA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.models.clustered import Codes, Kind
from analysis.models.differences import (
    INTERACTION,
    ancova,
    did_columns,
    did_logit,
    did_of_cluster_means,
    difference_in_differences,
    difference_of_changes,
)
from analysis.models.resampling import permutation_test, wild_cluster_bootstrap
from analysis.survey.errors import SurveyError
from bench.chances.lines import SEED, Found, Line, Numbers

KINDS: tuple[Kind, ...] = ("CR0", "CR1", "CR1S", "CR2", "CR3")
NOTES = {
    "CR0": "too small a variance where clusters are few",
    "CR1": "the same, less so",
    "CR1S": "the same, less so",
    "CR3": "errs on the side of caution",
}
CHOSEN = "where the small ones get the activity, exchanging is not fair"


class Villages(NamedTuple):
    """How many people each village has at each wave; the first ones have the activity, or lot chooses them."""

    setting: str
    sizes: NDArray[np.int64]
    treated: int
    by_lot: bool


UNLIKE = np.array([8, 10, 12, 15, 18, 22, 26, 32, 44, 60])
SETTINGS = (
    Villages("5 + 5 villages of 8 to 60, by lot", UNLIKE, 5, True),
    Villages("5 + 15 villages of 20", np.full(20, 20), 5, True),
    Villages("5 small + 10 large villages", np.repeat([10, 40], [5, 10]), 5, False),
    Villages("20 + 20 villages of 20", np.full(40, 20), 20, True),
)


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 3)
    for villages in SETTINGS:
        yield from nothing_happens(draws // 2, random, villages)
        yield from shares_rise(draws, random, villages)
    yield from people_drawn_alone(draws, random)
    yield from scores_of_villages(draws, random)


class Answers(NamedTuple):
    y: Numbers
    treated: Numbers
    later: Numbers
    cluster: Codes


def answers(random: np.random.Generator, villages: Villages, effect: float) -> Answers:
    """Yes/no answers; villages have a level, the same at both waves, and move on their own between waves."""
    count = len(villages.sizes)
    who = random.permutation(count) if villages.by_lot else np.arange(count)
    has = who < villages.treated
    cluster = np.repeat(np.arange(count), 2 * villages.sizes)
    later = np.repeat(np.tile([0.0, 1.0], count), np.repeat(villages.sizes, 2))
    level = 0.4 + random.normal(0, 0.10, (count, 1)) + random.normal(0, 0.07, (count, 2))
    level = np.clip(level + [[0.0, 0.05]] + effect * np.outer(has, [0, 1]), 0, 1)
    y = random.uniform(size=len(cluster)) < level[cluster, later.astype(int)]
    return Answers(y.astype(float), has[cluster].astype(float), later, cluster)


def nothing_happens(draws: int, random: np.random.Generator, villages: Villages) -> Iterator[Line]:
    found = Found(f"{villages.setting}, nothing", dict(NOTES) if len(villages.sizes) < 12 else {})
    if not villages.by_lot:
        found.notes |= {"cluster_permutation": CHOSEN, "wild_cluster_bootstrap": "too few clusters with the activity"}
    for _ in range(draws):
        made = answers(random, villages, 0.0)
        for kind in KINDS:
            found.rejects(kind, difference_in_differences(*made, kind=kind).p)
        found.rejects("cluster_means_welch", did_of_cluster_means(*made).p)
        found.rejects("cluster_permutation", permutation_test(*made, SEED).p)
        found.rejects("did_logit_cr2", _logit(made))
        if villages.sizes.sum() < 300:  # it takes ten times as long as the others together
            x = did_columns(made.treated, made.later)
            p = wild_cluster_bootstrap(made.y, x, made.cluster, INTERACTION, SEED).p
            found.rejects("wild_cluster_bootstrap", p)
    yield from found.lines()


def _logit(made: Answers) -> float:
    try:
        return did_logit(*made).p
    except SurveyError:
        return float("nan")


def shares_rise(draws: int, random: np.random.Generator, villages: Villages) -> Iterator[Line]:
    """The activity adds 15 points."""
    few = {"CR0 interval": NOTES["CR0"]} if len(villages.sizes) < 12 else {}
    found = Found(f"{villages.setting}, up 15", few)
    for _ in range(draws):
        made = answers(random, villages, 0.15)
        for kind in ("CR0", "CR2"):
            change = difference_in_differences(*made, kind=kind)
            found.covers(f"{kind} interval", change.low, change.high, 0.15)
        means = did_of_cluster_means(*made)
        found.covers("cluster_means interval", means.low, means.high, 0.15)
    yield from found.lines()


def people_drawn_alone(draws: int, random: np.random.Generator, n: int = 30) -> Iterator[Line]:
    """Scores of the same people, 30 with and 30 without, chosen by lot; then groups that start four points apart."""
    drawn, chosen = Found(f"{n} + {n} people by lot, up 3"), Found(f"{n} + {n} people, start 4 apart, up 3")
    chosen.notes["ancova interval"] = "leans where groups were chosen (Lord's paradox)"
    treated = np.repeat([1.0, 0.0], n)
    for found, apart in ((drawn, 0.0), (chosen, 4.0)):
        for _ in range(draws):
            level = random.normal(10, 3, 2 * n) - apart * treated
            earlier, later = (level + random.normal(0, 2, 2 * n) for _ in range(2))
            later = later + 3 * treated
            for name, made in (
                ("ancova", ancova(later, earlier, treated)),
                ("difference_of_changes", difference_of_changes(later - earlier, treated)),
            ):
                found.covers(f"{name} interval", made.low, made.high, 3.0)
        yield from found.lines()


def scores_of_villages(draws: int, random: np.random.Generator, count: int = 12, size: int = 15) -> Iterator[Line]:
    """The same people in villages, half of which have the activity, which adds nothing."""
    found = Found("6 + 6 villages of 15 people, same people")
    cluster = np.repeat(np.arange(count), size)
    treated = (cluster < count // 2).astype(float)
    for _ in range(draws):
        level = random.normal(10, 1, count)[cluster] + random.normal(0, 3, len(cluster))
        earlier = level + random.normal(0, 2, len(cluster))
        later = level + random.normal(0, 1, count)[cluster] + random.normal(0, 2, len(cluster))
        found.rejects("ancova (CR2)", ancova(later, earlier, treated, cluster).p)
        found.rejects("difference_of_changes (CR2)", difference_of_changes(later - earlier, treated, cluster).p)
    yield from found.lines()

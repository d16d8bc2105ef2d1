"""Samples planned in groups for 80 % power: sizes alike or not, a fixed number of groups, every kind of study."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.clustered_pairs import by_cluster, linearised
from analysis.means import mean_change
from analysis.models.differences import difference_in_differences, difference_of_changes
from analysis.noninferiority import noninferiority_of_mean
from analysis.planning.answers import SamplePlan, sample_size
from analysis.planning.comparison import DidPairs, DidSamples
from analysis.planning.precision import Precision
from analysis.planning.retention import RetentionPairs, RetentionSamples
from analysis.planning.studies import PairedShares, TwoShares
from analysis.planning.terms import Clusters, Terms
from analysis.survey.design import survey_design
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.inference import t_test
from bench.chances.lines import CONFIDENCE, LEVEL, POWER, SEED, Found, Line, Numbers

SAMPLES = (
    Clusters(0.05, size=20, same_in_waves=False),
    Clusters(0.05, size=20, cv=0.6, same_in_waves=False),
    Clusters(0.05, size=20, autocorrelation=0.7),
    Clusters(0.05, size=20, cv=0.6, autocorrelation=0.7),
    Clusters(0.02, count=16, autocorrelation=0.5),
)
PAIRS = (Clusters(0.04, size=15), Clusters(0.04, size=15, cv=0.6), Clusters(0.03, count=15))
Codes = NDArray[np.int64]


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 12)
    for clusters in SAMPLES:
        yield from two_shares(draws, random, clusters)
    for clusters in (SAMPLES[0], SAMPLES[3]):
        yield from retention_samples(draws, random, clusters)
        yield from precision(draws, random, clusters)
    for clusters in PAIRS:
        yield from pairs(draws, random, clusters)
    for clusters in (SAMPLES[3], Clusters(0.02, count=14, autocorrelation=0.5)):
        yield from did_samples(draws // 2, random, clusters)
    for clusters in PAIRS[1:]:
        yield from did_pairs(draws, random, clusters)


def in_words(plan: SamplePlan, clusters: Clusters) -> str:
    linked = plan.study.endswith("pairs") or plan.study.startswith("paired")
    kept = "" if linked else "same " if clusters.same_in_waves else "new "
    fixed = " (number fixed)" if clusters.count else ""
    vary = f", cv {clusters.cv}" if clusters.cv else ""
    return f"{plan.clusters} {kept}groups of {plan.cluster_size:.0f}{vary}{fixed}"


def sizes_of(random: np.random.Generator, plan: SamplePlan, clusters: Clusters, count: int) -> Codes:
    """People of each group: all alike, or gamma distributed with the cv that was planned."""
    size = float(plan.cluster_size or 0)
    if not clusters.cv:
        return np.full(count, round(size))
    drawn = random.gamma(1 / clusters.cv**2, size * clusters.cv**2, count)
    return np.maximum(drawn.round(), 1).astype(np.int64)


def answers(
    random: np.random.Generator, clusters: Clusters, sizes: Codes, shares: tuple[float, ...], draws: int
) -> tuple[NDArray[np.int8], Codes, Codes]:
    """Yes/no answers (draws, people) at each wave, with the wave and the group of everybody.

    Groups have levels with the ICC and autocorrelation that were planned; new groups have none in common.
    """
    r = clusters.autocorrelation if clusters.same_in_waves else 0.0
    share = np.array(shares)
    own, common = random.normal(size=(draws, len(sizes), len(share))), random.normal(size=(draws, len(sizes), 1))
    level = share + np.sqrt(clusters.icc * share * (1 - share)) * (np.sqrt(r) * common + np.sqrt(1 - r) * own)
    group = np.repeat(np.arange(len(sizes)), sizes)
    yes = random.uniform(size=(draws, len(share), len(group))) < np.swapaxes(level, 1, 2)[:, :, group]
    return (
        yes.reshape(draws, -1).astype(np.int8),
        np.repeat(np.arange(len(share)), len(group)),
        np.tile(group, len(share)),
    )


def estimated(
    random: np.random.Generator, draws: int, plan: SamplePlan, clusters: Clusters, shares: tuple[float, ...]
) -> Iterator[PartEstimates]:
    """Samples as they were planned; where sizes vary, each hundred draws have sizes of their own."""
    at_once = 100 if clusters.cv else 500
    for _ in range(max(draws // at_once, 1)):
        sizes = sizes_of(random, plan, clusters, int(plan.clusters or 0))
        yes, wave, group = answers(random, clusters, sizes, shares, at_once)
        design = survey_design(
            np.ones(len(wave)), cluster=group, wave=wave, clusters_in_waves="same" if clusters.same_in_waves else "new"
        )
        everybody = Grouping(np.zeros(len(wave), dtype=np.int64), 1)
        yield estimate_survey(yes, design, wave, len(shares), [everybody], [(0, len(shares) - 1)])[0]


def two_shares(draws: int, random: np.random.Generator, clusters: Clusters) -> Iterator[Line]:
    plan = sample_size(TwoShares(0.40, 0.10), Terms(clusters=clusters))
    found = Found(in_words(plan, clusters))
    for made in estimated(random, draws, plan, clusters, (0.40, 0.50)):
        change = made.changes
        found.rejects("TwoShares: linearised_t", t_test(change.estimate, change.se, change.df)[1], POWER)
    yield from found.lines()


def retention_samples(draws: int, random: np.random.Generator, clusters: Clusters) -> Iterator[Line]:
    plan = sample_size(RetentionSamples(0.70, 0.10), Terms(clusters=clusters))
    found = Found(in_words(plan, clusters) + ", margin 0.1")
    for made in estimated(random, draws, plan, clusters, (0.70, 0.70)):
        change = made.changes
        for value, se, df in zip(*(x.ravel() for x in (change.estimate, change.se, change.df)), strict=True):
            p = noninferiority_of_mean(mean_change(value, se, df), 0.10).p
            found.rejects("RetentionSamples: linearised_t", p, POWER, LEVEL / 2)
    yield from found.lines()


def precision(draws: int, random: np.random.Generator, clusters: Clusters) -> Iterator[Line]:
    plan = sample_size(Precision(0.40, 0.05), Terms(clusters=clusters))
    found = Found(in_words(plan, clusters) + ", 0.4 ± 0.05")
    for made in estimated(random, draws, plan, clusters, (0.40,)):
        found.happens("Precision: within the width", CONFIDENCE, np.abs(made.estimate - 0.40) <= 0.05)
    yield from found.lines()


def changes(
    random: np.random.Generator, icc: float, sizes: Codes, changers: Numbers, net: Numbers
) -> tuple[Numbers, Codes]:
    """Changes (−1, 0, 1) of people and their group; ``changers`` and ``net`` are those of each group's arm."""
    shift = random.normal(size=len(sizes)) * np.sqrt(icc * (changers - net**2))
    rise = np.clip(net + shift, -changers, changers)
    group = np.repeat(np.arange(len(sizes)), sizes)
    uniform = random.uniform(size=len(group))
    up, down = ((changers + sign * rise)[group] / 2 for sign in (1, -1))
    return (uniform < up).astype(float) - (uniform > 1 - down), group


def pairs(draws: int, random: np.random.Generator, clusters: Clusters) -> Iterator[Line]:
    """The same people: a rise of ten points, and a loss of nothing against a margin of ten."""
    rose, kept = PairedShares(0.5, 0.10, 0.30), RetentionPairs(0.8, 0.10, 0.20)
    for study in (rose, kept):
        plan = sample_size(study, Terms(clusters=clusters))
        count = int(plan.clusters or 0)
        found = Found(
            in_words(plan, clusters), {"RetentionPairs: linearised_t": "planned for the score test, which needs more"}
        )
        changers, net = np.full(count, study.discordant), np.full(count, study.change)
        for _ in range(draws):
            sizes = sizes_of(random, plan, clusters, count)
            made = linearised(by_cluster(*changes(random, clusters.icc, sizes, changers, net)))
            if isinstance(study, PairedShares):
                found.rejects("PairedShares: linearised_t", made.p, POWER)
            else:
                p = noninferiority_of_mean(made, study.margin).p
                found.rejects("RetentionPairs: linearised_t", p, POWER, LEVEL / 2)
        yield from found.lines()


def did_samples(draws: int, random: np.random.Generator, clusters: Clusters) -> Iterator[Line]:
    plan = sample_size(DidSamples(0.4, 0.4, 0.15, trend=0.05), Terms(clusters=clusters))
    count = int(plan.clusters or 0)
    found = Found(in_words(plan, clusters) + " an arm")
    for _ in range(draws):
        arms = [
            answers(random, clusters, sizes_of(random, plan, clusters, count), shares, 1)
            for shares in ((0.4, 0.6), (0.4, 0.45))
        ]
        y = np.concatenate([yes[0] for yes, _, _ in arms]).astype(float)
        later = np.concatenate([wave for _, wave, _ in arms]).astype(float)
        treated = np.repeat([1.0, 0.0], [len(wave) for _, wave, _ in arms])
        cluster = np.concatenate([arms[0][2], arms[1][2] + count])
        made = difference_in_differences(y, treated, later, cluster)
        found.rejects("DidSamples: CR2", made.p, POWER)
    yield from found.lines()


def did_pairs(draws: int, random: np.random.Generator, clusters: Clusters) -> Iterator[Line]:
    plan = sample_size(DidPairs(0.4, 0.4, 0.15, 0.3, 0.2, trend=0.05), Terms(clusters=clusters))
    count = int(plan.clusters or 0)
    found = Found(in_words(plan, clusters) + " an arm")
    changers, net = np.repeat([0.3, 0.2], count), np.repeat([0.20, 0.05], count)
    for _ in range(draws):
        sizes = sizes_of(random, plan, clusters, 2 * count)
        change, group = changes(random, clusters.icc, sizes, changers, net)
        found.rejects("DidPairs: CR2", difference_of_changes(change, (group < count).astype(float), group).p, POWER)
    yield from found.lines()

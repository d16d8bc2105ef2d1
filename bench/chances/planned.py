"""Samples planned for 80 % power, and the power that the tests of the results have with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis import independent, paired
from analysis.independent import TwoSamples
from analysis.intervals import normal_quantile
from analysis.paired import PairedTable
from analysis.planning.answers import sample_size
from analysis.planning.comparison import DidPairs, DidSamples
from analysis.planning.retention import RetentionPairs, RetentionSamples
from analysis.planning.studies import PairedShares, TwoShares
from analysis.planning.terms import Clusters, Terms
from analysis.score_intervals import score_noninferiority, tango_noninferiority
from analysis.survey.design import survey_design
from bench.chances.drawn import survey_change
from bench.chances.lines import CONFIDENCE, LEVEL, POWER, SEED, Line, Numbers, of_draws
from bench.chances.weighed import binomial, changer_tables, trinomial


def lines(draws: int) -> Iterator[Line]:
    yield from exact_power()
    yield from drawn_power(draws, np.random.default_rng(SEED + 5))


def exact_power() -> Iterator[Line]:
    """Samples planned for 80 %, and the power that the test of the results has with them."""
    for earlier, change in ((0.40, 0.10), (0.10, 0.08), (0.80, 0.12)):
        n = sample_size(TwoShares(earlier, change)).n
        x_later, x_earlier = (x.ravel() for x in np.indices((n + 1, n + 1)))
        chance = np.outer(*(binomial(n, np.array([share]))[0] for share in (earlier + change, earlier))).ravel()
        p = independent.chi2_n_minus_1(TwoSamples.of(x_later, n, x_earlier, n)).p
        yield power_of("TwoShares: chi2_n_minus_1", f"{earlier} to {earlier + change:.2f}, n = {n}", chance, p <= LEVEL)
    for study in (PairedShares(0.5, 0.10, 0.30), PairedShares(0.5, 0.20, 0.40), PairedShares(0.3, 0.1, 0.14)):
        n = sample_size(study).n
        table, chance = study_tables(n, study.discordant, study.change)
        setting = f"net {study.change}, {study.discordant} change, n = {n}"
        yield power_of("PairedShares: mcnemar_midp", setting, chance, paired.mcnemar_midp(table).p <= LEVEL)
    kept = RetentionPairs(0.8, 0.10, 0.20)
    table, chance = study_tables(sample_size(kept).n, kept.discordant, 0.0)
    setting = f"margin 0.1, n = {sample_size(kept).n}"
    yield power_of("RetentionPairs: tango", setting, chance, tango_noninferiority(table, 0.10).p <= LEVEL / 2)
    n = sample_size(RetentionSamples(0.8, 0.10)).n
    x_later, x_earlier = (x.ravel() for x in np.indices((n + 1, n + 1)))
    chance = np.outer(*(binomial(n, np.array([0.8]))[0],) * 2).ravel()
    p = score_noninferiority(TwoSamples.of(x_later, n, x_earlier, n), 0.10).p
    yield power_of("RetentionSamples: score test", f"margin 0.1, n = {n}", chance, p <= LEVEL / 2)


def study_tables(n: int, discordant: float, change: float) -> tuple[PairedTable, Numbers]:
    table, to_no, to_yes = changer_tables(n)
    shares = (np.array([(discordant - change) / 2]), np.array([(discordant + change) / 2]))
    return table, trinomial(n, to_no, to_yes, *shares)[0]


def power_of(method: str, setting: str, chance: Numbers, significant: NDArray[np.bool_]) -> Line:
    power = float(chance[significant].sum())
    return Line(method, setting, POWER, power, None)


def drawn_power(draws: int, random: np.random.Generator) -> Iterator[Line]:
    for clusters in (
        Clusters(0.05, size=20, same_in_waves=False),
        Clusters(0.05, size=20, autocorrelation=0.7),
        Clusters(0.02, count=16, autocorrelation=0.5),
    ):
        plan = sample_size(TwoShares(0.40, 0.10), Terms(clusters=clusters))
        count, size = int(plan.clusters or 0), int(plan.cluster_size or 0)
        answers, wave, cluster = clustered_answers(draws, random, clusters, count, size)
        kept: Literal["same", "new"] = "same" if clusters.same_in_waves else "new"
        design = survey_design(np.ones(len(wave)), cluster=cluster, wave=wave, clusters_in_waves=kept)
        p = survey_change(answers, design, wave)[2]
        setting = f"{count} {kept} groups of {size}"
        yield of_draws("TwoShares, groups: linearised t", setting, POWER, int((p <= LEVEL).sum()), draws)
    yield from did_power(draws * 10, random)


def clustered_answers(
    draws: int, random: np.random.Generator, clusters: Clusters, count: int, size: int
) -> tuple[NDArray[np.int8], NDArray[np.int64], NDArray[np.int64]]:
    """Yes/no answers of two waves (draws, people) whose groups have levels with the ICC and autocorrelation asked."""
    r = clusters.autocorrelation if clusters.same_in_waves else 0.0
    own = random.normal(size=(draws, count, 2))
    common = random.normal(size=(draws, count, 1))
    share = np.array([0.40, 0.50])
    level = share + np.sqrt(clusters.icc * share * (1 - share)) * (np.sqrt(r) * common + np.sqrt(1 - r) * own)
    yes = random.uniform(size=(draws, count, 2, size)) < np.clip(level, 0, 1)[..., None]
    wave = np.tile(np.repeat([0, 1], size), count)
    cluster = np.repeat(np.arange(count), 2 * size)
    return yes.reshape(draws, -1).astype(np.int8), wave, cluster


def did_power(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Difference in differences of people who answer independently: the Wald test."""
    n = sample_size(DidSamples(0.4, 0.4, 0.15, trend=0.05)).n
    before, after, other_before, other_after = (random.binomial(n, p, draws) / n for p in (0.4, 0.6, 0.4, 0.45))
    estimate = after - before - (other_after - other_before)
    variance = sum(share * (1 - share) / n for share in (before, after, other_before, other_after))
    times = int((np.abs(estimate) > normal_quantile(CONFIDENCE) * np.sqrt(variance)).sum())
    yield of_draws("DidSamples: Wald", f"15 points more, n = {n} in each of 4", POWER, times, draws)
    n = sample_size(DidPairs(0.4, 0.4, 0.15, 0.3, 0.2, trend=0.05)).n
    estimate, variance = np.zeros(draws), np.zeros(draws)
    for sign, changers, change in ((1, 0.3, 0.20), (-1, 0.2, 0.05)):
        up, down = (changers + change) / 2, (changers - change) / 2
        counts = random.multinomial(n, [up, down, 1 - up - down], draws)
        net = (counts[:, 0] - counts[:, 1]) / n
        estimate += sign * net
        variance += ((counts[:, 0] + counts[:, 1]) / n - net**2) / n
    times = int((np.abs(estimate) > normal_quantile(CONFIDENCE) * np.sqrt(variance)).sum())
    yield of_draws("DidPairs: Wald", f"15 points more, {n} pairs an arm", POWER, times, draws)

"""Samples planned for 80 % power, people who answer for themselves: the power of the tests that results are told by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom

from analysis import independent, paired
from analysis.independent import TwoSamples
from analysis.models.differences import difference_of_changes
from analysis.paired import PairedTable
from analysis.planning.answers import sample_size, smallest_aim
from analysis.planning.comparison import DidPairs, DidSamples
from analysis.planning.precision import Precision
from analysis.planning.retention import RetentionPairs, RetentionSamples
from analysis.planning.studies import PairedShares, TwoShares
from analysis.planning.terms import Losses, Terms
from analysis.score_intervals import score_noninferiority, tango_noninferiority
from analysis.survey.design import survey_design
from analysis.survey.estimation import Grouping, estimate_survey
from analysis.survey.inference import t_test
from bench.chances.lines import CONFIDENCE, LEVEL, POWER, SEED, Found, Line, Numbers
from bench.chances.weighed import binomial, changer_tables, trinomial

ARMS = np.array([[[1.0, -1.0], [-1.0, 1.0]]])  # (waves, arms): the change with the activity less that without


def exact() -> Iterator[Line]:
    yield from two_shares()
    yield from paired_shares()
    yield from retention()
    yield from precision()


def drawn(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 5)
    yield from did_samples(draws, random)
    yield from did_pairs(draws, random)
    yield from pairs_with_losses(draws * 10, random)
    yield from finite_population(draws, random)


def two_shares() -> Iterator[Line]:
    tests = {False: independent.chi2_n_minus_1, True: independent.chi2_yates}
    for study in (
        TwoShares(0.40, 0.10),
        TwoShares(0.10, 0.08),
        TwoShares(0.80, 0.12),
        TwoShares(0.50, -0.15, ratio=2.0),
        TwoShares(0.10, 0.08, method="unpooled"),
        TwoShares(0.10, 0.08, method="arcsine"),
        TwoShares(0.40, 0.10, continuity=True),
    ):
        n, later = sample_size(study).groups.values()
        test = tests[study.continuity]
        samples, chance = all_samples(later, study.earlier + study.change, n, study.earlier)
        setting = f"{study.earlier} to {study.earlier + study.change:.2f}, {study.method}, n = {n}, {later}"
        yield power_of(f"TwoShares: {test.__name__}", setting, chance, test(samples).p <= LEVEL)
    found = smallest_aim(TwoShares(0.5, 0.1), 45)
    samples, chance = all_samples(45, 0.5 + found.aim, 45, 0.5)
    setting = f"smallest gap seen by 45 + 45: {100 * found.aim:.0f} points"
    yield power_of("TwoShares: chi2_n_minus_1", setting, chance, independent.chi2_n_minus_1(samples).p <= LEVEL)


def paired_shares() -> Iterator[Line]:
    for study in (
        PairedShares(0.5, 0.10, 0.30),
        PairedShares(0.5, 0.20, 0.40),
        PairedShares(0.3, 0.1, 0.14),
        PairedShares(0.5, 0.10, 0.30, method="miettinen"),
    ):
        n = sample_size(study).n
        table, chance = study_tables(n, study.discordant, study.change)
        setting = f"net {study.change}, {study.discordant} change, {study.method}, n = {n}"
        yield power_of("PairedShares: mcnemar_midp", setting, chance, paired.mcnemar_midp(table).p <= LEVEL)


def retention() -> Iterator[Line]:
    for change in (0.0, -0.03):
        pairs = RetentionPairs(0.8, 0.10, 0.20, change=change)
        n = sample_size(pairs).n
        table, chance = study_tables(n, pairs.discordant, change)
        setting = f"margin 0.1, true change {change}, n = {n}"
        yield power_of("RetentionPairs: tango", setting, chance, tango_noninferiority(table, 0.10).p <= LEVEL / 2)
        separate = RetentionSamples(0.8, 0.15, change=change)
        n = sample_size(separate).n
        samples, chance = all_samples(n, 0.8 + change, n, 0.8)
        p, setting = score_noninferiority(samples, 0.15).p, f"margin 0.15, true change {change}, n = {n}"
        yield power_of("RetentionSamples: score test", setting, chance, p <= LEVEL / 2)


def precision() -> Iterator[Line]:
    """How often the share found lies within the width of the true one; its aim is the confidence."""
    for share, population in ((0.5, None), (0.1, None), (0.5, 800)):
        n = sample_size(Precision(share, 0.05), Terms(population=population)).n
        x = np.arange(n + 1)
        if population is None:
            chance = binomial(n, np.array([share]))[0]
        else:
            chance = hypergeom.pmf(x, population, round(share * population), n)
        inside = np.abs(x / n - share) <= 0.05 + 1e-12
        setting = f"{share} ± 0.05, n = {n}" + (f" of {population}" if population else "")
        yield Line("Precision: within the width", setting, CONFIDENCE, float(chance[inside].sum()), None)


def all_samples(n_later: int, later: float, n_earlier: int, earlier: float) -> tuple[TwoSamples, Numbers]:
    """Every table of two samples with its chance."""
    x_later, x_earlier = (x.ravel() for x in np.indices((n_later + 1, n_earlier + 1)))
    chances = (binomial(n, np.array([share]))[0] for n, share in ((n_later, later), (n_earlier, earlier)))
    return TwoSamples.of(x_later, n_later, x_earlier, n_earlier), np.outer(*chances).ravel()


def study_tables(n: int, discordant: float, change: float) -> tuple[PairedTable, Numbers]:
    table, to_no, to_yes = changer_tables(n)
    shares = (np.array([(discordant - change) / 2]), np.array([(discordant + change) / 2]))
    return table, trinomial(n, to_no, to_yes, *shares)[0]


def power_of(method: str, setting: str, chance: Numbers, significant: NDArray[np.bool_]) -> Line:
    return Line(method, setting, POWER, float(chance[significant].sum()), None)


def did_samples(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Separate people in every wave and arm, also with half as many people without the activity."""
    for ratio in (1.0, 0.5):
        study = DidSamples(0.4, 0.4, 0.15, trend=0.05, ratio=ratio)
        sizes = list(sample_size(study).groups.values())
        share = np.repeat([0.4, 0.6, 0.4, 0.45], sizes)
        arm, wave = np.repeat([0, 0, 1, 1], sizes), np.repeat([0, 1, 0, 1], sizes)
        design = survey_design(np.ones(len(wave)), stratum=arm, wave=wave, clusters_in_waves="new")
        found = Found(f"15 points more, n = {sizes[0]} and {sizes[2]} a wave")
        yes = (random.uniform(size=(draws, len(wave))) < share).astype(np.int8)
        made = estimate_survey(yes, design, wave, 2, [Grouping(1 - arm, 2, ARMS)], [(0, 1)])[0]
        p = t_test(made.contrasts.estimate, made.contrasts.se, made.contrasts.df)[1]
        found.rejects("DidSamples: difference of changes", p, POWER)
        yield from found.lines()


def did_pairs(draws: int, random: np.random.Generator) -> Iterator[Line]:
    for ratio in (1.0, 0.5):
        study = DidPairs(0.4, 0.4, 0.15, 0.3, 0.2, trend=0.05, ratio=ratio)
        sizes = list(sample_size(study).groups.values())
        treated = np.repeat([1.0, 0.0], sizes)
        up, down = (np.where(treated == 1, (0.3 + sign * 0.20) / 2, (0.2 + sign * 0.05) / 2) for sign in (1, -1))
        found = Found(f"15 points more, {sizes[0]} and {sizes[1]} pairs")
        for _ in range(draws):
            uniform = random.uniform(size=len(treated))
            change = (uniform < up).astype(float) - (uniform > 1 - down)
            found.rejects("DidPairs: difference of changes", difference_of_changes(change, treated).p, POWER)
        yield from found.lines()


def pairs_with_losses(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """As many are approached as planned; how many pairs that makes is up to chance."""
    losses = Losses(answering=0.9, found_again=0.75, matched=0.8)
    plan = sample_size(PairedShares(0.5, 0.10, 0.30), Terms(losses=losses))
    approached = plan.recruit["pairs"]
    pairs = random.binomial(approached, losses.kept("linked"), draws)
    to_yes, to_no, same = random.multinomial(pairs, [0.2, 0.1, 0.7]).T
    found = Found(f"{approached} approached for {plan.n} pairs")
    found.rejects("PairedShares: mcnemar_midp", paired.mcnemar_midp(PairedTable.of(0, to_no, to_yes, same)).p, POWER)
    yield from found.lines()


def finite_population(draws: int, random: np.random.Generator, people: int = 1000) -> Iterator[Line]:
    """Both waves are drawn from the same 1,000 people, of whom 400 and then 500 say yes."""
    n = sample_size(TwoShares(0.40, 0.10), Terms(population=people)).n
    yes = np.stack(
        [
            np.concatenate([random.permutation(people)[:n] < count for count in (400, 500)]).astype(np.int8)
            for _ in range(draws)
        ]
    )
    wave = np.repeat([0, 1], n)
    design = survey_design(np.ones(2 * n), wave=wave, clusters_in_waves="new", fpc=np.full(2 * n, float(people)))
    everybody = Grouping(np.zeros(2 * n, dtype=np.int64), 1)
    change = estimate_survey(yes, design, wave, 2, [everybody], [(0, 1)])[0].changes
    found = Found(f"0.4 to 0.50, n = {n} of {people} a wave")
    found.rejects("TwoShares: linearised_t with fpc", t_test(change.estimate, change.se, change.df)[1], POWER)
    yield from found.lines()

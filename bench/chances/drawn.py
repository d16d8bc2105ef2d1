"""Coverage and size of methods for scores, sessions, surveys and comparison groups, on samples drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from analysis import clustered_pairs, means, paired, rank_samples, signed_ranks
from analysis.models.clustered import Kind
from analysis.models.differences import difference_in_differences
from analysis.models.resampling import permutation_test
from analysis.paired import PairedTable
from analysis.retention import share_kept
from analysis.score_tests import independent_sizes, paired_sizes
from analysis.survey import inference, linearised
from analysis.survey.design import SurveyDesign, survey_design
from analysis.survey.sufficient import tally
from bench.chances.lines import CONFIDENCE, LEVEL, SEED, Line, Numbers, of_draws


def lines(draws: int) -> Iterator[Line]:
    yield from ordered_and_scores(draws, np.random.default_rng(SEED))
    yield from sessions(draws, np.random.default_rng(SEED + 1))
    yield from surveys(draws, np.random.default_rng(SEED + 2))
    yield from comparison_groups(draws // 3, np.random.default_rng(SEED + 3))
    yield shares_kept(draws, np.random.default_rng(SEED + 4))
    yield from effect_sizes(draws, np.random.default_rng(SEED + 5))


def ordered_and_scores(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Answers on five levels, many ties; the later sample is smaller and spreads more, with the same superiority."""
    p: dict[str, list[float]] = {}
    inside = 0
    tests: Mapping[str, Callable[[Numbers, Numbers], float]] = {
        "mann_whitney": lambda later, earlier: rank_samples.mann_whitney(later, earlier)[1],
        "mann_whitney_exact": rank_samples.mann_whitney_exact,
        "welch": lambda later, earlier: means.welch(later, earlier).p,
    }
    for _ in range(draws):
        later = random.choice(5, 25, p=(0.3, 0.1, 0.2, 0.1, 0.3)).astype(float)
        earlier = random.choice(5, 40, p=(0.05, 0.2, 0.5, 0.2, 0.05)).astype(float)
        found = rank_samples.brunner_munzel(later, earlier)
        inside += found.low <= 0.5 <= found.high
        p.setdefault("brunner_munzel", []).append(found.p)
        for name, test in tests.items():
            p.setdefault(name, []).append(test(later, earlier))
        change = np.rint(random.normal(0, 1.2, 30))
        ranks = signed_ranks.signed_ranks(change)
        p.setdefault("signed_rank_exact", []).append(signed_ranks.signed_rank_exact(ranks))
        p.setdefault("signed_rank_asymptotic", []).append(signed_ranks.signed_rank_asymptotic(ranks)[1])
        p.setdefault("paired_t", []).append(means.mean(change).p)
    yield of_draws("brunner_munzel interval", "five levels, 25 + 40", CONFIDENCE, inside, draws)
    for name, found_p in p.items():
        paired_test = name.startswith(("signed", "paired"))
        setting = "30 pairs, ties and zeros" if paired_test else "five levels, 25 + 40, unlike spreads"
        yield of_draws(name, setting, LEVEL, int((np.array(found_p) <= LEVEL).sum()), draws)


def sessions(draws: int, random: np.random.Generator, count: int = 12, size: int = 15) -> Iterator[Line]:
    """People linked in sessions that move together, as often up as down."""
    cluster = np.repeat(np.arange(count), size)
    tests: Mapping[str, Callable[[clustered_pairs.ByCluster], float]] = {
        "linearised t": lambda sums: clustered_pairs.linearised(sums).p,
        "obuchowski": lambda sums: clustered_pairs.obuchowski(sums)[1],
        "durkalski": lambda sums: clustered_pairs.durkalski(sums)[1],
        "sign_flip": lambda sums: clustered_pairs.sign_flip(sums, SEED)[1],
    }
    found = dict.fromkeys([*tests, "mcnemar_midp, sessions ignored"], 0)
    for _ in range(draws):
        lift = np.repeat(random.normal(0, 0.12, count), size)
        uniform = random.uniform(size=count * size)
        change = (uniform < 0.2 + lift / 2).astype(float) - (uniform > 0.8 + lift / 2)
        sums = clustered_pairs.by_cluster(change, cluster)
        for name, test in tests.items():
            found[name] += test(sums) <= LEVEL
        table = PairedTable.of(0, (change < 0).sum(), (change > 0).sum(), (change == 0).sum())
        found["mcnemar_midp, sessions ignored"] += float(paired.mcnemar_midp(table).p) <= LEVEL
    for name, times in found.items():
        yield of_draws(name, f"{count} sessions of {size}, no change", LEVEL, times, draws)


def surveys(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Two waves in four strata of ten clusters, unequal weights; the change covered is that of the population."""
    for setting, kept in (("same clusters in both waves", True), ("new clusters at each wave", False)):
        places, size = 40 if kept else 80, 10
        wave = np.tile(np.repeat([0, 1], size), places) if kept else np.repeat(np.arange(places) % 2, 2 * size)
        cluster = np.repeat(np.arange(places), 2 * size)
        stratum = cluster % 8 // 2
        weight = np.array([0.5, 1.0, 1.5, 3.0])[stratum]
        design = survey_design(
            weight, stratum=stratum, cluster=cluster, wave=wave, clusters_in_waves="same" if kept else "new"
        )
        level = np.repeat(random.normal(0, 0.1, (draws, places)), 2 * size, axis=1)
        truth = np.array([0.35, 0.45])[wave] + 0.05 * (stratum - 1.5)
        answers = (random.uniform(size=level.shape) < np.clip(truth + level, 0, 1)).astype(np.int8)
        yield from survey_shares(answers, design, wave, setting)
        low, high, p = survey_change(answers, design, wave, against=0.10)
        yield of_draws("linearised difference", setting, CONFIDENCE, int(((low <= 0.10) & (high >= 0.10)).sum()), draws)
        yield of_draws("linearised t test", setting, LEVEL, int((p <= LEVEL).sum()), draws)


def survey_shares(
    answers: NDArray[np.int8], design: SurveyDesign, wave: NDArray[np.int64], setting: str
) -> Iterator[Line]:
    """The share at the first wave; the stratum weighs .5, 1, 1.5 and 3 in it."""
    made = survey_means(answers, design, wave)
    p, se, df, n = (array[:, 0, 0] for array in (made.estimate, made.se, made.df, made.n))
    truth = float(np.average(0.35 + 0.05 * (np.arange(4) - 1.5), weights=(0.5, 1.0, 1.5, 3.0)))
    for name, (low, high) in (
        ("logit interval of a share", inference.logit_interval(p, se, df)),
        ("arcsine interval of a share", inference.arcsine_interval(p, se, df)),
        ("beta interval of a share", inference.beta_interval(p, se, df, n)),
        ("t interval of a share", inference.t_interval(p, se, df)),
    ):
        inside = (low <= truth) & (truth <= high)
        yield of_draws(name, setting, CONFIDENCE, int(inside.sum()), len(answers))


def survey_means(answers: NDArray[np.int8], design: SurveyDesign, wave: NDArray[np.int64]) -> linearised.Means:
    """Shares at both waves; each draw is an indicator of one survey."""
    one = np.zeros(len(wave), dtype=np.int64)
    return linearised.means(tally(answers, design, wave, 2, one, 1), design)


def survey_change(
    answers: NDArray[np.int8], design: SurveyDesign, wave: NDArray[np.int64], against: float = 0.0
) -> tuple[Numbers, Numbers, Numbers]:
    """Limits and p of the change between two waves."""
    made = survey_means(answers, design, wave)
    change = linearised.wave_contrasts(made, design, np.array([[-1.0, 1.0]]))
    estimate, se, df = (array.ravel() for array in (change.estimate, change.se, change.df))
    reach = stdtrit(df, 0.5 + CONFIDENCE / 2) * se
    return estimate - reach, estimate + reach, 2 * stdtr(df, -np.abs(estimate - against) / se)


def comparison_groups(draws: int, random: np.random.Generator, size: int = 20) -> Iterator[Line]:
    """Difference in differences between villages, four with and eight without the activity, which does nothing."""
    cluster = np.repeat(np.arange(12), 2 * size)
    treated, later = (cluster < 4).astype(float), np.tile(np.repeat([0.0, 1.0], size), 12)
    kinds: tuple[Kind, ...] = ("CR1S", "CR2", "CR3")
    found = dict.fromkeys([*kinds, "permutation_test"], 0)
    covers = 0
    for _ in range(draws):
        shift = random.normal(0, 0.12, (12, 1)) + random.normal(0, 0.08, (12, 2))
        share = np.clip(0.4 + 0.1 * later + np.repeat(shift.ravel(), size), 0, 1)
        y = (random.uniform(size=len(share)) < share).astype(float)
        for kind in kinds:
            change = difference_in_differences(y, treated, later, cluster, kind=kind)
            found[kind] += change.p <= LEVEL
            covers += kind == "CR2" and change.low <= 0 <= change.high
        found["permutation_test"] += permutation_test(y, treated, later, cluster, SEED).p <= LEVEL
    yield of_draws("CR2 interval", "4 + 8 villages", CONFIDENCE, covers, draws)
    for name, times in found.items():
        yield of_draws(name, "4 + 8 villages, nothing happens", LEVEL, times, draws)


def shares_kept(draws: int, random: np.random.Generator, n: int = 150) -> Line:
    inside = 0
    for _ in range(draws):
        baseline = (random.uniform(size=n) < 0.35).astype(float)
        after = np.where(random.uniform(size=n) < 0.45, 1.0, baseline)
        followup = np.where(random.uniform(size=n) < 0.30, baseline, after)
        found = share_kept(baseline, after, followup).fieller
        within = found.low <= 0.7 <= found.high
        inside += found.shape == "everything" or (within if found.shape == "bounded" else not within)
    return of_draws("share kept, Fieller", f"{n} people, 70 % kept", CONFIDENCE, inside, draws)


def effect_sizes(draws: int, random: np.random.Generator, pairs: int = 25) -> Iterator[Line]:
    """Normal scores that correlate .7 and rise by half a standard deviation; steps on a scale, most of them up."""
    steps, chances = np.array([-2.0, -1, 0, 1, 2, 3]), np.array([0.05, 0.12, 0.23, 0.30, 0.20, 0.10])
    moved = steps != 0
    of_two = np.outer(chances[moved], chances[moved]) / chances[moved].sum() ** 2
    up = float((np.sign(np.add.outer(steps[moved], steps[moved])) * of_two).sum())
    truths = {"d_z": 0.5 / np.sqrt(2 - 2 * 0.7), "g_z": 0.5 / np.sqrt(2 - 2 * 0.7), "d_av": 0.5, "g_av": 0.5}
    inside = dict.fromkeys([*truths, "rank_biserial", "hedges_g"], 0)
    for _ in range(draws):
        earlier = random.normal(size=pairs)
        later = 0.5 + 0.7 * earlier + np.sqrt(1 - 0.7**2) * random.normal(size=pairs)
        found = paired_sizes(earlier, later, CONFIDENCE)
        for name, truth in truths.items():
            inside[name] += found[name].low <= truth <= found[name].high
        change = random.choice(steps, 2 * pairs, p=chances)
        ranks = paired_sizes(0 * change, change, CONFIDENCE)["rank_biserial"]
        inside["rank_biserial"] += ranks.low <= up <= ranks.high
        g = independent_sizes(random.normal(size=pairs), random.normal(0.5, 1, 2 * pairs), "score", CONFIDENCE)
        inside["hedges_g"] += g["hedges_g"].low <= 0.5 <= g["hedges_g"].high
    settings = {"rank_biserial": f"{2 * pairs} pairs, ties and zeros", "hedges_g": f"{2 * pairs} + {pairs}"}
    for name, times in inside.items():
        yield of_draws(f"{name} interval", settings.get(name, f"{pairs} pairs"), CONFIDENCE, times, draws)

"""Samples of a population: strata, clusters, weights, new and revisited places, a finite population, interviewers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, stdtrit

from analysis.enumerators import with_enumerators
from analysis.survey import inference
from analysis.survey.design import SurveyDesign, survey_design
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey
from analysis.survey.linearised import means
from analysis.survey.ranks import rank_test
from analysis.survey.rao_scott import answers_by_wave, independence
from analysis.survey.regression import regress
from analysis.survey.replicate import jackknife, jackknife_replicates
from analysis.survey.sufficient import tally
from bench.chances.lines import CONFIDENCE, SEED, Found, Line, Numbers

WEIGHTS = np.array([0.5, 1.0, 1.5, 3.0])
OF_STRATUM = 0.05 * (np.arange(4) - 1.5)
WAVES = np.array([0.35, 0.45])
ONE_STRATUM = "df = clusters − strata is too many where one stratum weighs most"
Codes = NDArray[np.int64]


class Sample(NamedTuple):
    setting: str
    wave: Codes
    stratum: Codes
    cluster: Codes
    design: SurveyDesign
    truth: Numbers  # (waves,) shares in the population


def lines(draws: int) -> Iterator[Line]:
    random = np.random.default_rng(SEED + 2)
    for sample in (stratified(True, WEIGHTS), stratified(False, WEIGHTS), stratified(True, WEIGHTS**0)):
        yield from shares_and_changes(draws, random, sample)
    yield from one_by_one(draws // 2, random, stratified(True, WEIGHTS))
    yield from arms_and_parts(draws, random)
    yield from rare_shares(draws, random)
    yield from finite_population(draws, random)
    yield from interviewers(draws // 2, random)


def stratified(kept: bool, weights: Numbers, size: int = 10) -> Sample:
    """Two waves in four strata of ten clusters; the same clusters at both waves, or ten new ones in each stratum."""
    places = 40 if kept else 80
    wave = np.tile(np.repeat([0, 1], size), places) if kept else np.repeat(np.arange(places) % 2, 2 * size)
    cluster = np.repeat(np.arange(places), 2 * size)
    stratum = cluster % 8 // 2
    design = survey_design(
        weights[stratum], stratum=stratum, cluster=cluster, wave=wave, clusters_in_waves="same" if kept else "new"
    )
    alike = "equal" if weights.std() == 0 else "unequal"
    setting = f"4 × 10 {'same' if kept else 'new'} clusters, {alike} weights"
    return Sample(setting, wave, stratum, cluster, design, WAVES + float(np.average(OF_STRATUM, weights=weights)))


def answered(random: np.random.Generator, sample: Sample, draws: int, rise: float = 0.10) -> NDArray[np.int8]:
    """Yes/no answers (draws, people); each draw counts as an indicator of one survey."""
    places = int(sample.cluster.max()) + 1
    level = (
        random.normal(0, 0.07, (draws, places))
        + OF_STRATUM[sample.stratum[np.searchsorted(sample.cluster, np.arange(places))]]
    )
    share = 0.35 + rise * sample.wave + level[:, sample.cluster]
    yes: NDArray[np.int8] = (random.uniform(size=share.shape) < np.clip(share, 0, 1)).astype(np.int8)
    return yes


def estimated(answers: NDArray[np.int8] | Numbers, design: SurveyDesign, wave: Codes) -> PartEstimates:
    everybody = Grouping(np.zeros(len(wave), dtype=np.int64), 1)
    return estimate_survey(answers, design, wave, 2, [everybody], [(0, 1)])[0]


def shares_and_changes(draws: int, random: np.random.Generator, sample: Sample) -> Iterator[Line]:
    unlike = "unequal" in sample.setting
    lean = ("logit_t interval of a share", "t interval of a share", "linearised_t interval")
    found = Found(sample.setting, dict.fromkeys(lean, ONE_STRATUM) if unlike else {})
    answers = answered(random, sample, draws)
    made = estimated(answers, sample.design, sample.wave)
    p, se, df, n = (array[:, 0, 0] for array in (made.estimate, made.se, made.df, made.n))
    for name, bounds in (
        ("logit_t interval of a share", inference.logit_interval(p, se, df)),
        ("arcsine interval of a share", inference.arcsine_interval(p, se, df)),
        ("beta interval of a share", inference.beta_interval(p, se, df, n)),
        ("t interval of a share", inference.t_interval(p, se, df)),
    ):
        found.covers(name, *bounds, sample.truth[0])
    change = made.changes
    found.covers("linearised_t interval", *_limits(change.estimate, change.se, change.df), 0.10)
    found.covers("jackknife (JKn) interval", *_jackknifed(answers, sample), 0.10)
    yield from found.lines()
    yield from nothing_changed(draws, random, sample)


def nothing_changed(draws: int, random: np.random.Generator, sample: Sample) -> Iterator[Line]:
    unlike = "unequal" in sample.setting
    found = Found(f"{sample.setting}, nothing", {"linearised_t": ONE_STRATUM} if unlike else {})
    answers = answered(random, sample, draws, rise=0.0)
    change = estimated(answers, sample.design, sample.wave).changes
    found.rejects("linearised_t", inference.t_test(change.estimate, change.se, change.df)[1])
    one = np.zeros(len(sample.wave), dtype=np.int64)
    tests = independence(answers_by_wave(tally(answers, sample.design, sample.wave, 2, one, 1), [0, 1]), sample.design)
    found.rejects("rao_scott_f", tests.p)
    found.rejects("rao_scott_first_order", tests.p_first_order)
    found.rejects("adjusted_wald", tests.p_adjusted_wald)
    found.rejects("pearson ignoring the design", np.where(tests.pearson > 3.841459, 0.0, 1.0))
    found.notes["pearson ignoring the design"] = "too bold, unless clusters that stay make up for it"
    yield from found.lines()


def _limits(estimate: Numbers, se: Numbers, df: Numbers) -> tuple[Numbers, Numbers]:
    reach = stdtrit(df, 0.5 + CONFIDENCE / 2) * se
    return estimate - reach, estimate + reach


def _jackknifed(answers: NDArray[np.int8], sample: Sample) -> tuple[Numbers, Numbers]:
    one = np.zeros(len(sample.wave), dtype=np.int64)
    counted = tally(answers, sample.design, sample.wave, 2, one, 1)
    replicates = jackknife_replicates(sample.design)
    found = []
    for total, weight in zip(counted.total[..., 0], counted.weight[..., 0], strict=True):
        sums = np.concatenate([total, weight], axis=1)

        def change(s: Numbers) -> Numbers:
            rise: Numbers = s[:, [1]] / s[:, [3]] - s[:, [0]] / s[:, [2]]
            return rise

        estimate, covariance = jackknife(change, sums, replicates)
        found.append((estimate[0], covariance[0, 0]))
    value, spread = np.array(found).T
    return _limits(value, np.sqrt(spread), np.array(float(sample.design.df)))


def one_by_one(draws: int, random: np.random.Generator, sample: Sample) -> Iterator[Line]:
    """The rank test of answers on five levels, and the logistic regression of a yes/no answer on the wave."""
    ranks, odds = Found(f"{sample.setting}, nothing"), Found(sample.setting)
    x = np.column_stack([np.ones(len(sample.wave)), sample.wave])
    places = int(sample.cluster.max()) + 1
    truth = float(logit(sample.truth[1]) - logit(sample.truth[0]))
    for answers in answered(random, sample, draws):
        made = regress(answers.astype(float), x, sample.design, "logit")
        odds.covers("svyglm: log-odds", *_limits(made.coefficients[1], made.se[1], np.array(made.df)), truth)
        level = random.normal(0, 0.4, places)[sample.cluster] + random.normal(size=len(sample.wave))
        ordered = np.searchsorted([-1.2, -0.3, 0.4, 1.3], level).astype(float)
        ranks.rejects("rank_test", rank_test(ordered, sample.wave, sample.design).p)
    yield from ranks.lines()
    yield from odds.lines()


def arms_and_parts(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """A programme in half of the clusters of each stratum; and women and men in the same clusters."""
    sample = stratified(True, WEIGHTS)
    arm, sex = sample.cluster % 2, random.integers(0, 2, len(sample.wave))
    contrast = np.array([[[1.0, -1.0], [-1.0, 1.0]]])
    arms, parts = (
        Grouping(arm, 2, contrast), Grouping(sex, 2),
    )  # fmt: skip
    answers = answered(random, sample, draws)
    of_arm, of_sex = estimate_survey(answers, sample.design, sample.wave, 2, [arms, parts], [(0, 1)])
    did = of_arm.contrasts
    found = Found(f"{sample.setting}", dict.fromkeys(("difference in differences", "heterogeneity_f"), ONE_STRATUM))
    found.covers("difference in differences", *_limits(did.estimate, did.se, did.df), 0.0)
    found.rejects("heterogeneity_f", of_sex.interactions.p)
    yield from found.lines()


def rare_shares(draws: int, random: np.random.Generator) -> Iterator[Line]:
    """Shares near the end of the scale; where nobody says yes the beta interval takes the logit's place, as in rows."""
    cluster = np.repeat(np.arange(25), 12)
    design = survey_design(np.ones(len(cluster)), cluster=cluster)
    for truth in (0.03, 0.10):
        strength = (1 - 0.05) / 0.05
        level = random.beta(truth * strength, (1 - truth) * strength, (draws, 25))
        answers = (random.uniform(size=(draws, len(cluster))) < level[:, cluster]).astype(np.int8)
        one = np.zeros(len(cluster), dtype=np.int64)
        made = means(tally(answers, design, one, 1, one, 1), design)
        p, se, df, n = (array[:, 0, 0] for array in (made.estimate, made.se, made.df, made.n))
        beta = inference.beta_interval(p, se, df, n)
        ends = (p == 0) | (p == 1)
        found = Found(
            f"25 clusters of 12, {100 * truth:.0f} % yes, ICC .05", {"t interval of a share": "reaches below 0 %"}
        )
        usual = inference.logit_interval(p, se, df)
        low, high = (np.where(ends, exact, limit) for exact, limit in zip(beta, usual, strict=True))
        found.covers("logit_t (beta at the ends)", low, high, truth)
        found.covers("beta interval of a share", *beta, truth)
        found.covers("t interval of a share", *inference.t_interval(p, se, df), truth)
        yield from found.lines()


def finite_population(draws: int, random: np.random.Generator, people: int = 500, n: int = 200) -> Iterator[Line]:
    """Each wave asks 200 of 500 people who were there: what is covered is the change of these 500."""
    yes = [np.arange(people) < count for count in (180, 230)]
    answers = np.stack(
        [np.concatenate([one[random.permutation(people)[:n]] for one in yes]) for _ in range(draws)]
    ).astype(np.int8)
    wave = np.repeat([0, 1], n)
    found = Found(f"{n} of {people} people at each wave", {"linearised_t without fpc": "cautious"})
    for name, fpc in (
        ("linearised_t with fpc", np.full(2 * n, float(people))),
        ("linearised_t without fpc", None),
    ):
        design = survey_design(np.ones(2 * n), wave=wave, clusters_in_waves="new", fpc=fpc)
        change = estimated(answers, design, wave).changes
        found.covers(name, *_limits(change.estimate, change.se, change.df), 0.10)
    yield from found.lines()


def interviewers(
    draws: int, random: np.random.Generator, asked: int = 12, places: int = 24, size: int = 20
) -> Iterator[Line]:
    """Interviewers with a manner of their own work across blocks: blocks alone, and blocks joined with interviewers."""
    cluster = np.repeat(np.arange(places), size)
    wave = np.tile(np.repeat([0, 1], size // 2), places)
    who = (np.arange(places * size) % 2 * (asked // 2) + cluster % (asked // 2)) % asked
    found = Found(f"{places} blocks, {asked} interviewers", {"share: blocks only": "interviewers must not be ignored"})
    level = random.normal(0, 0.06, (draws, places))[:, cluster] + random.normal(0, 0.08, (draws, asked))[:, who]
    answers = (random.uniform(size=level.shape) < 0.4 + level).astype(np.int8)
    ones = np.ones(len(wave))
    by_cluster, by_who, by_both = (
        estimated(answers, survey_design(ones, cluster=unit), wave) for unit in (cluster, who, cluster * asked + who)
    )
    joined = with_enumerators(by_cluster, by_who, by_both)
    for name, made in (("share: blocks only", by_cluster), ("share: blocks and interviewers", joined)):
        se, df = (array[:, 0, 0] for array in (made.se, made.df))
        found.covers(name, *_limits(made.estimate[:, 0, 0], se, df), 0.40)
    found.covers(
        "change: blocks and interviewers", *_limits(joined.changes.estimate, joined.changes.se, joined.changes.df), 0.0
    )
    yield from found.lines()

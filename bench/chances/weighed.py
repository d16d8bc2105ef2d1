"""Exact coverage and size of yes/no methods: every table that can happen, weighed by its probability."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from analysis import choices, ratios
from analysis.barrier import adjusted_relative_risk, barrier_test
from analysis.independent import TwoSamples, cohens_h_interval
from analysis.intervals import Bounds
from analysis.paired import PairedTable, conditional_odds_ratio
from analysis.score_intervals import score_noninferiority, tango_noninferiority
from bench.chances.lines import CONFIDENCE, LEVEL, Line, Numbers

SHARES = np.linspace(0.02, 0.98, 49)
NOTES = {
    "wald": "too narrow for few people",
    "newcombe8": "too narrow where answers hang together",
    "cohens_h": "too narrow near 0 and 1",
}
COARSE = np.linspace(0.05, 0.95, 13)


def coverage() -> Iterator[Line]:
    yield from coverage_of_shares()
    yield from coverage_of_samples()
    yield from coverage_of_pairs()
    yield from coverage_of_ratios()
    yield coverage_of_exact_odds()


def coverage_of_shares() -> Iterator[Line]:
    for n in (10, 30, 100):
        x = np.arange(n + 1)
        chance = binomial(n, SHARES)
        for name, method in choices.SHARE_INTERVALS.items():
            yield covered(name, f"one share, n = {n}", chance, method(x, n, CONFIDENCE), SHARES)


def coverage_of_samples() -> Iterator[Line]:
    for n_later, n_earlier in ((30, 30), (50, 20)):
        samples, chance, truth = all_tables(n_later, n_earlier)
        for name, method in choices.INDEPENDENT_INTERVALS.items():
            yield covered(name, f"two samples, {n_later} + {n_earlier}", chance, method(samples, CONFIDENCE), truth)
        yield covered_h(n_later, n_earlier)


def covered_h(n_later: int, n_earlier: int) -> Line:
    samples, chance, _ = all_tables(n_later, n_earlier)
    later, earlier = (2 * np.arcsin(np.sqrt(shares.ravel())) for shares in np.meshgrid(COARSE, COARSE, indexing="ij"))
    bounds = cohens_h_interval(samples, CONFIDENCE)
    return covered("cohens_h", f"two samples, {n_later} + {n_earlier}", chance, bounds, later - earlier)


def coverage_of_pairs(n: int = 30) -> Iterator[Line]:
    table, chance, truth, up_for_down = all_pairs(n)
    for name, method in choices.PAIRED_INTERVALS.values():
        yield covered(name, f"{n} pairs", chance, method(table, CONFIDENCE), truth)
    odds = conditional_odds_ratio(table)[1]
    yield covered("conditional_odds_ratio (pairs)", f"{n} pairs, where defined", chance, odds, up_for_down)


def coverage_of_ratios(doers: int = 45, non_doers: int = 45, prevalence: float = 0.10) -> Iterator[Line]:
    samples, chance, _ = all_tables(doers, non_doers)
    d, n = (shares.ravel() for shares in np.meshgrid(COARSE, COARSE, indexing="ij"))
    risk = d * (prevalence * (1 - d) + (1 - prevalence) * (1 - n)) / ((1 - d) * (prevalence * d + (1 - prevalence) * n))
    truths = {"odds_ratio": d * (1 - n) / (n * (1 - d)), "risk_ratio": d / n, "relative_risk (barrier)": risk}
    bounds = {
        "odds_ratio": ratios.odds_ratio(samples)[1],
        "risk_ratio": ratios.risk_ratio(samples)[1],
        "relative_risk (barrier)": adjusted_relative_risk(samples, prevalence)[1],
    }
    for name, truth in truths.items():
        yield covered(name, f"{doers} + {non_doers}, where defined", chance, bounds[name], truth)


def coverage_of_exact_odds(n: int = 20) -> Line:
    samples, chance, _ = all_tables(n, n)
    odds = COARSE / (1 - COARSE)
    bounds = ratios.conditional_odds_ratio(samples)[1]
    return covered("conditional_odds_ratio", f"{n} + {n}", chance, bounds, np.divide.outer(odds, odds).ravel())


def size() -> Iterator[Line]:
    yield from size_for_pairs()
    yield from size_for_samples()
    yield from size_of_noninferiority()


def size_for_pairs(n: int = 40) -> Iterator[Line]:
    changers = np.linspace(0.05, 0.9, 18)
    table, to_no, to_yes = changer_tables(n)
    chance = trinomial(n, to_no, to_yes, changers / 2, changers / 2)
    for name, test in choices.PAIRED_TESTS.items():
        yield rejected(name, f"{n} pairs, 5 to 90 % change", LEVEL, chance, test(table).p <= LEVEL)


def size_for_samples() -> Iterator[Line]:
    for n_later, n_earlier in ((20, 20), (30, 12)):
        samples, _, _ = all_tables(n_later, n_earlier)
        alike = [binomial(n, SHARES) for n in (n_later, n_earlier)]
        chance = (alike[0][:, :, None] * alike[1][:, None, :]).reshape(len(SHARES), -1)
        for name, test in choices.INDEPENDENT_TESTS.items():
            yield rejected(name, f"two samples, {n_later} + {n_earlier}", LEVEL, chance, test(samples).p <= LEVEL)
    samples, _, _ = all_tables(45, 45)
    one = binomial(45, SHARES)
    chance = (one[:, :, None] * one[:, None, :]).reshape(len(SHARES), -1)
    yield rejected("barrier_test", "45 doers + 45 non-doers", LEVEL, chance, barrier_test(samples)[0].p <= LEVEL)


def size_of_noninferiority(n: int = 60, margin: float = 0.10) -> Iterator[Line]:
    """The loss is the margin exactly: the chance of calling it retained, one-sided at 2.5 %."""
    table, to_no, to_yes = changer_tables(n)
    lost = np.linspace(0.12, 0.5, 10)
    chance = trinomial(n, to_no, to_yes, lost, lost - margin)
    p = tango_noninferiority(table, margin).p
    yield rejected("tango_noninferiority", f"{n} pairs, margin {margin}", LEVEL / 2, chance, p <= LEVEL / 2)
    samples, _, _ = all_tables(n, n)
    before = np.linspace(0.2, 0.95, 16)
    chance = (binomial(n, before - margin)[:, :, None] * binomial(n, before)[:, None, :]).reshape(len(before), -1)
    for name, unbiased in (("miettinen_nurminen_noninferiority", True), ("farrington_manning", False)):
        p = score_noninferiority(samples, margin, unbiased=unbiased).p
        setting = f"{n} + {n}, margin {margin}"
        yield rejected(name, setting, LEVEL / 2, chance, p <= LEVEL / 2)


def covered(method: str, setting: str, chance: Numbers, bounds: Bounds, truth: Numbers) -> Line:
    """Coverage at every truth (rows of ``chance``), among the tables for which the limits are defined."""
    known = ~np.isnan(bounds.low.ravel())
    low, high = bounds.low.ravel()[known], bounds.high.ravel()[known]
    inside = (low <= truth[:, None] + 1e-12) & (truth[:, None] - 1e-12 <= high)
    coverage = (chance[:, known] * inside).sum(axis=1) / chance[:, known].sum(axis=1)
    worst = float(coverage.min())
    return Line(method, setting, CONFIDENCE, float(coverage.mean()), worst, note=NOTES.get(method, ""))


def rejected(method: str, setting: str, aim: float, chance: Numbers, significant: NDArray[np.bool_]) -> Line:
    size = chance @ significant.ravel()
    return Line(method, setting, aim, float(size.mean()), float(size.max()))


def all_tables(n_later: int, n_earlier: int) -> tuple[TwoSamples, Numbers, Numbers]:
    """Every table of two samples, its chance at every pair of true shares (pairs, tables), and the true differences."""
    x_later, x_earlier = (x.ravel() for x in np.meshgrid(range(n_later + 1), range(n_earlier + 1), indexing="ij"))
    later, earlier = binomial(n_later, COARSE), binomial(n_earlier, COARSE)
    chance = np.einsum("ax,by->abxy", later, earlier).reshape(len(COARSE) ** 2, -1)
    samples = TwoSamples.of(x_later, n_later, x_earlier, n_earlier)
    return samples, chance, np.subtract.outer(COARSE, COARSE).ravel()


def all_pairs(n: int) -> tuple[PairedTable, Numbers, Numbers, Numbers]:
    """Every 2×2 table of n pairs, its chance at several true tables (truths, tables), true differences and odds."""
    cells = np.indices((n + 1,) * 3).reshape(3, -1)
    cells = cells[:, cells.sum(axis=0) <= n]
    counts = np.vstack([cells, n - cells.sum(axis=0)]).astype(float)  # yes_yes, yes_no, no_yes, no_no
    truths = np.array(
        [
            (both, to_no, to_yes, 1 - both - to_no - to_yes)
            for both in (0.05, 0.2, 0.4, 0.6)
            for to_no in (0.02, 0.05, 0.1, 0.2)
            for to_yes in (0.02, 0.1, 0.2, 0.35)
            if both + to_no + to_yes < 0.99
        ]
    )
    ways, (down, up) = gammaln(n + 1) - gammaln(counts + 1).sum(axis=0), truths[:, 1:3].T
    return PairedTable.of(*counts), np.exp(np.log(truths) @ counts + ways), up - down, up / down


def changer_tables(n: int) -> tuple[PairedTable, Numbers, Numbers]:
    """Every table of n pairs as far as changers go; those who do not change are put among no."""
    to_no, to_yes = (x.ravel().astype(float) for x in np.indices((n + 1, n + 1)))
    possible = to_no + to_yes <= n
    to_no, to_yes = to_no[possible], to_yes[possible]
    return PairedTable.of(0, to_no, to_yes, n - to_no - to_yes), to_no, to_yes


def binomial(n: int, shares: Numbers) -> Numbers:
    """Probabilities of 0 … n (columns) at each share (rows)."""
    x = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    chance: Numbers = np.exp(ways + xlogy(x, shares[:, None]) + xlogy(n - x, 1 - shares[:, None]))
    return chance


def trinomial(n: int, to_no: Numbers, to_yes: Numbers, share_to_no: Numbers, share_to_yes: Numbers) -> Numbers:
    rest = n - to_no - to_yes
    ways = gammaln(n + 1) - gammaln(to_no + 1) - gammaln(to_yes + 1) - gammaln(rest + 1)
    down, up = share_to_no[:, None], share_to_yes[:, None]
    chance: Numbers = np.exp(ways + xlogy(to_no, down) + xlogy(to_yes, up) + xlogy(rest, 1 - down - up))
    return chance

"""One pair of waves compared, paired or not, as arrays over indicators and parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis import independent, paired, ratios
from analysis.choices import INDEPENDENT_INTERVALS, INDEPENDENT_TESTS, PAIRED_INTERVALS, PAIRED_TESTS
from analysis.exact import fits_boschloo
from analysis.independent import FISHER_BESIDE, SMALL_EXPECTED, TwoSamples
from analysis.intervals import Bounds, Numbers, Tested
from analysis.paired import PairedTable
from analysis.plan import Methods

Counts = NDArray[np.int64]
SLOW = ("boschloo", "barnard")


@dataclass(frozen=True)
class Effect:
    name: str
    value: Numbers
    bounds: Bounds | None = None
    method: str = ""  # of the bounds


@dataclass(frozen=True)
class Comparison:
    """A change between two waves, each array (indicator, part); ``pairs`` is None for separate samples."""

    n_earlier: Counts
    n_later: Counts
    x_earlier: Counts
    x_later: Counts
    pairs: PairedTable | None
    difference: Numbers
    error: Numbers
    bounds: Bounds
    bounds_method: str
    tests: dict[str, Tested]
    first_test: NDArray[np.str_]
    effects: tuple[Effect, ...]  # the first is the one that is told

    @property
    def smallest_n(self) -> Counts:
        smallest: Counts = np.minimum(self.n_earlier, self.n_later)
        return smallest


def compare_pairs(table: PairedTable, methods: Methods, confidence: float) -> Comparison:
    """Changes within persons, on complete pairs."""
    method, bounds = PAIRED_INTERVALS[methods.paired_interval]
    n = table.n.astype(np.int64)
    return Comparison(
        n_earlier=n,
        n_later=n,
        x_earlier=table.x_earlier.astype(np.int64),
        x_later=table.x_later.astype(np.int64),
        pairs=table,
        difference=table.difference,
        error=paired.standard_error(table),
        bounds=bounds(table, confidence),
        bounds_method=method,
        tests={name: test(table) for name, test in PAIRED_TESTS.items()},
        first_test=np.full(n.shape, methods.paired_test),
        effects=(
            Effect("conditional_odds_ratio", *paired.conditional_odds_ratio(table, confidence), "clopper_pearson"),
        ),
    )


def compare_samples(samples: TwoSamples, methods: Methods, confidence: float) -> Comparison:
    """Changes between two separate samples, on all who answered."""
    first = _first_test(samples, methods.independent_test)
    return Comparison(
        n_earlier=samples.n_earlier.astype(np.int64),
        n_later=samples.n_later.astype(np.int64),
        x_earlier=samples.x_earlier.astype(np.int64),
        x_later=samples.x_later.astype(np.int64),
        pairs=None,
        difference=samples.difference,
        error=independent.standard_error(samples),
        bounds=INDEPENDENT_INTERVALS[methods.independent_interval](samples, confidence),
        bounds_method=methods.independent_interval,
        tests={name: test(samples.where(_wanted(samples, first, name))) for name, test in INDEPENDENT_TESTS.items()},
        first_test=first,
        effects=(
            Effect(
                "cohens_h",
                independent.cohens_h(samples),
                independent.cohens_h_interval(samples, confidence),
                "arcsine_normal",
            ),
            Effect("risk_ratio", *ratios.risk_ratio(samples, confidence), "katz_log"),
            Effect("odds_ratio", *ratios.odds_ratio(samples, confidence), "woolf"),
        ),
    )


def _first_test(samples: TwoSamples, chosen: str | None) -> NDArray[np.str_]:
    """The plan's test, else N−1 χ², or an exact test where an expected count is too small to trust χ²."""
    small = np.nan_to_num(samples.smallest_expected) < SMALL_EXPECTED
    exact = np.vectorize(fits_boschloo, otypes=[bool])(samples.n_earlier, samples.n_later)
    if chosen is None:
        return np.where(small, np.where(exact, "boschloo", "fisher"), "chi2_n_minus_1")
    return np.where(exact, chosen, "fisher") if chosen in SLOW else np.full(small.shape, chosen)


def _wanted(samples: TwoSamples, first: NDArray[np.str_], name: str) -> NDArray[np.bool_]:
    """Where a test is worked out: exact ones take time, and some only where they come first."""
    if name in SLOW:
        return np.asarray(first == name)
    if name.startswith("fisher"):
        return np.asarray((first == name) | (samples.n_earlier + samples.n_later <= FISHER_BESIDE))
    return np.ones(first.shape, dtype=bool)

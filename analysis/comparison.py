"""One pair of waves compared, paired or not, as arrays over indicators and parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis import independent, paired
from analysis.choices import INDEPENDENT_INTERVALS, PAIRED_INTERVALS, PAIRED_TESTS
from analysis.exact import fits_boschloo
from analysis.independent import FISHER_BESIDE, SMALL_EXPECTED, TwoSamples
from analysis.intervals import Bounds, Numbers, Tested
from analysis.paired import PairedTable
from analysis.plan import Methods

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Effect:
    name: str
    value: Numbers
    bounds: Bounds | None = None


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
    effect: Effect

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
        effect=Effect("conditional_odds_ratio", *paired.conditional_odds_ratio(table, confidence)),
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
        tests={
            "chi2_n_minus_1": independent.chi2_n_minus_1(samples),
            "chi2": independent.chi2(samples),
            "fisher": independent.fisher(samples.where(_fisher_wanted(samples, first))),
            "boschloo": independent.boschloo(samples.where(first == "boschloo")),
        },
        first_test=first,
        effect=Effect("cohens_h", independent.cohens_h(samples)),
    )


def _first_test(samples: TwoSamples, chosen: str | None) -> NDArray[np.str_]:
    """The plan's test, else N−1 χ², or an exact test where an expected count is too small to trust χ²."""
    small = np.nan_to_num(samples.smallest_expected) < SMALL_EXPECTED
    exact = np.vectorize(fits_boschloo, otypes=[bool])(samples.n_earlier, samples.n_later)
    if chosen is None:
        return np.where(small, np.where(exact, "boschloo", "fisher"), "chi2_n_minus_1")
    return np.full(small.shape, chosen) if chosen != "boschloo" else np.where(exact, "boschloo", "fisher")


def _fisher_wanted(samples: TwoSamples, first: NDArray[np.str_]) -> NDArray[np.bool_]:
    wanted: NDArray[np.bool_] = (first == "fisher") | (samples.n_earlier + samples.n_later <= FISHER_BESIDE)
    return wanted

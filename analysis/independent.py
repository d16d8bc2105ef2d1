"""Two separate samples, a yes/no indicator: intervals and tests of the change. The later wave comes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from analysis import exact
from analysis.intervals import Bounds, Numbers, Tested, as_numbers, normal_quantile, ratio, square_and_add, wilson

SMALL_EXPECTED = 5  # below this expected count χ² is not trusted
FISHER_BESIDE = 10_000  # people up to whom Fisher's p is shown beside the χ² test


@dataclass(frozen=True)
class TwoSamples:
    """Counts of yes and of answers at the later and the earlier wave. Any one shape."""

    x_later: Numbers
    n_later: Numbers
    x_earlier: Numbers
    n_earlier: Numbers

    @classmethod
    def of(cls, x_later: ArrayLike, n_later: ArrayLike, x_earlier: ArrayLike, n_earlier: ArrayLike) -> TwoSamples:
        return cls(*np.broadcast_arrays(*(as_numbers(count) for count in (x_later, n_later, x_earlier, n_earlier))))

    def where(self, wanted: NDArray[np.bool_]) -> TwoSamples:
        """The same samples, emptied where they are not wanted."""
        return TwoSamples(*(np.where(wanted, counts, 0.0) for counts in astuple(self)))

    @property
    def p_later(self) -> Numbers:
        return ratio(self.x_later, self.n_later)

    @property
    def p_earlier(self) -> Numbers:
        return ratio(self.x_earlier, self.n_earlier)

    @property
    def difference(self) -> Numbers:
        """Share at the later wave minus share at the earlier one, as a fraction of 1."""
        return self.p_later - self.p_earlier

    @property
    def smallest_expected(self) -> Numbers:
        """The smallest count of the 2×2 table that is expected if nothing changed; NaN where nobody answered."""
        x, n = self.x_later + self.x_earlier, self.n_later + self.n_earlier
        return ratio(np.minimum(x, n - x) * np.minimum(self.n_later, self.n_earlier), n)


def standard_error(samples: TwoSamples) -> Numbers:
    """The standard error of the difference of two shares, each with its own variance.

    Formula: √(p₁q₁/n₁ + p₂q₂/n₂). Source: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, 3rd ed.,
    ch. 3. Units: fraction of 1. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> standard_error(TwoSamples.of(156, 373, 67, 237)).round(6).item()
    0.038832
    """
    later, earlier = samples.p_later, samples.p_earlier
    variance = ratio(later * (1 - later), samples.n_later) + ratio(earlier * (1 - earlier), samples.n_earlier)
    result: Numbers = np.sqrt(variance)
    return result


def newcombe(samples: TwoSamples, confidence: float = 0.95) -> Bounds:
    """Newcombe's hybrid score interval of the difference. The default.

    Formula: square-and-add of the two Wilson intervals. Source: Newcombe (1998), Stat. Med. 17, 873–890, method 10 of
    eleven. Units: fractions of 1. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> [limit.round(6).item() for limit in newcombe(TwoSamples.of(156, 373, 67, 237))]
    [0.057735, 0.209206]
    """
    return square_and_add(
        samples.difference,
        (samples.p_later, wilson(samples.x_later, samples.n_later, confidence)),
        (samples.p_earlier, wilson(samples.x_earlier, samples.n_earlier, confidence)),
    )


def wald(samples: TwoSamples, confidence: float = 0.95) -> Bounds:
    """The Wald interval of the difference; for comparison with other software, too narrow for small samples.

    Formula: difference ± z × standard_error. Source: Fleiss, Levin & Paik (2003), ch. 3. Units: fractions of 1. Shape:
    the samples'. Errors: none; NaN where a wave has no answers.

    >>> [limit.round(6).item() for limit in wald(TwoSamples.of(156, 373, 67, 237))]
    [0.059421, 0.21164]
    """
    reach = normal_quantile(confidence) * standard_error(samples)
    return Bounds(samples.difference - reach, samples.difference + reach)


def agresti_caffo(samples: TwoSamples, confidence: float = 0.95) -> Bounds:
    """Agresti and Caffo's interval: the Wald interval with one yes and one no more at each wave.

    Source: Agresti & Caffo (2000), Am. Stat. 54, 280–288. Units: fractions of 1. Shape: the samples'. Errors: none; NaN
    where a wave has no answers.

    >>> [limit.round(6).item() for limit in agresti_caffo(TwoSamples.of(156, 373, 67, 237))]
    [0.058219, 0.210077]
    """
    nobody = (samples.n_later == 0) | (samples.n_earlier == 0)
    one = np.where(nobody, np.nan, 1.0)
    more = (samples.x_later + one, samples.n_later + 2 * one, samples.x_earlier + one, samples.n_earlier + 2 * one)
    low, high = wald(TwoSamples(*more), confidence)
    return Bounds(np.maximum(low, -1.0), np.minimum(high, 1.0))


def chi2(samples: TwoSamples) -> Tested:
    """Pearson's χ² test without continuity correction.

    Formula: N(ad − bc)² / (product of the four sums), one degree of freedom. Source: R chisq.test(correct = FALSE).
    Shape: the samples'. Errors: none; NaN where all or none say yes, or a wave has no answers.

    >>> chi2(TwoSamples.of(156, 373, 67, 237)).statistic.round(6).item()
    11.477385
    """
    x, n = samples.x_later + samples.x_earlier, samples.n_later + samples.n_earlier
    cross = samples.x_later * samples.n_earlier - samples.x_earlier * samples.n_later
    statistic = ratio(n * cross**2, x * (n - x) * samples.n_later * samples.n_earlier)
    return Tested(statistic, chdtrc(1, statistic))


def chi2_n_minus_1(samples: TwoSamples) -> Tested:
    """The N−1 χ² test; the default where every expected count is at least 5.

    Formula: Pearson's χ² times (N − 1)/N. Source: E. Pearson (1947); Campbell (2007), Stat. Med. 26, 3661–3675.
    Shape: the samples'. Errors: none; NaN as for chi2.

    >>> chi2_n_minus_1(TwoSamples.of(156, 373, 67, 237)).p.round(9).item()
    0.00071165
    """
    n = samples.n_later + samples.n_earlier
    statistic = chi2(samples).statistic * ratio(n - 1, n)
    return Tested(statistic, chdtrc(1, statistic))


def chi2_yates(samples: TwoSamples) -> Tested:
    """Pearson's χ² test with Yates' continuity correction.

    Formula: N(|ad − bc| − min(N/2, |ad − bc|))² / (product of the four sums). Source: Yates (1934); R chisq.test.
    Shape: the samples'. Errors: none; NaN as for chi2.

    >>> chi2_yates(TwoSamples.of(156, 373, 67, 237)).statistic.round(6).item()
    10.900464
    """
    x, n = samples.x_later + samples.x_earlier, samples.n_later + samples.n_earlier
    cross = np.abs(samples.x_later * samples.n_earlier - samples.x_earlier * samples.n_later)
    corrected = np.maximum(cross - n / 2, 0)
    statistic = ratio(n * corrected**2, x * (n - x) * samples.n_later * samples.n_earlier)
    return Tested(statistic, chdtrc(1, statistic))


def fisher(samples: TwoSamples) -> Tested:
    """Fisher's exact test, two-sided (see analysis.exact.fisher); no statistic. NaN where a wave has no answers.

    >>> fisher(TwoSamples.of(4, 11, 0, 12)).p.round(6).item()
    0.037267
    """
    p = _table_by_table(exact.fisher, samples)
    return Tested(np.full(p.shape, np.nan), p)


def boschloo(samples: TwoSamples) -> Tested:
    """Boschloo's exact test ordered by the two-sided Fisher p, which is its statistic (see analysis.exact.boschloo).

    The default where an expected count is below 5. NaN where a wave has no answers or the table is too large.

    >>> boschloo(TwoSamples.of(4, 11, 0, 12)).p.round(6).item()
    0.027153
    """

    def fitting(x1: int, n1: int, x2: int, n2: int) -> float:
        return exact.boschloo(x1, n1, x2, n2) if exact.fits_boschloo(n1, n2) else np.nan

    return Tested(_table_by_table(exact.fisher, samples), _table_by_table(fitting, samples))


def fisher_midp(samples: TwoSamples) -> Tested:
    """Fisher's test, mid-p (see analysis.exact.fisher_midp); no statistic. NaN where a wave has no answers.

    >>> fisher_midp(TwoSamples.of(156, 373, 67, 237)).p.round(9).item()
    0.000655005
    """
    p = _table_by_table(exact.fisher_midp, samples)
    return Tested(np.full(p.shape, np.nan), p)


def barnard(samples: TwoSamples) -> Tested:
    """Barnard's exact test ordered by the pooled score statistic (see analysis.exact.barnard), which is its statistic.

    NaN where a wave has no answers or the table is too large.

    >>> barnard(TwoSamples.of(7, 15, 12, 15)).p.round(6).item()
    0.068218
    """

    def fitting(x1: int, n1: int, x2: int, n2: int) -> float:
        return exact.barnard(x1, n1, x2, n2) if exact.fits_boschloo(n1, n2) else np.nan

    return Tested(np.sqrt(chi2(samples).statistic), _table_by_table(fitting, samples))


def cohens_h(samples: TwoSamples) -> Numbers:
    """Cohen's h: the difference of two shares on the arcsine scale.

    Formula: 2 asin √p_later − 2 asin √p_earlier. Source: Cohen (1988), Statistical Power Analysis, ch. 6.
    Units: radians. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> cohens_h(TwoSamples.of(156, 373, 67, 237)).round(6).item()
    0.285316
    """
    result: Numbers = 2 * np.arcsin(np.sqrt(samples.p_later)) - 2 * np.arcsin(np.sqrt(samples.p_earlier))
    return result


def cohens_h_interval(samples: TwoSamples, confidence: float = 0.95) -> Bounds:
    """The interval of Cohen's h; on the arcsine scale a share's variance does not depend on the share.

    Formula: h ± z√(1/n₁ + 1/n₂), not beyond ±π, which is none against all. Source: Cohen (1988), ch. 6; R effectsize
    cohens_h. Units: radians. Shape: the samples'. Errors: none; NaN where a wave has no answers.

    >>> [limit.round(6).item() for limit in cohens_h_interval(TwoSamples.of(156, 373, 67, 237))]
    [0.122505, 0.448128]
    """
    h = cohens_h(samples)
    reach = normal_quantile(confidence) * np.sqrt(ratio(1, samples.n_later) + ratio(1, samples.n_earlier))
    return Bounds(np.maximum(h - reach, -np.pi), np.minimum(h + reach, np.pi))


def _table_by_table(test: Callable[[int, int, int, int], float], samples: TwoSamples) -> Numbers:
    counts = (samples.x_later, samples.n_later, samples.x_earlier, samples.n_earlier)
    p = np.full(samples.x_later.shape, np.nan)
    answered = (samples.n_later > 0) & (samples.n_earlier > 0)
    for place in np.ndindex(p.shape):
        if answered[place]:
            p[place] = test(*(int(count[place]) for count in counts))
    return p

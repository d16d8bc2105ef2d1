"""Was less lost than a margin fixed beforehand? Tests of non-inferiority and equivalence for shares and means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from analysis.independent import TwoSamples
from analysis.intervals import normal_quantile
from analysis.means import MeanChange
from analysis.paired import PairedTable
from analysis.score_intervals import mee, miettinen_nurminen, score_noninferiority, tango, tango_noninferiority

NAN = float("nan")


@dataclass(frozen=True)
class NonInferiority:
    """A difference (later − earlier) against a margin below it; ``p`` is one-sided, the limits two-sided."""

    difference: float
    margin: float
    statistic: float
    p: float
    low: float
    high: float
    method: str

    def shown(self, confidence: float = 0.95) -> bool:
        """Whether less than the margin was lost: the test at half of 1 − confidence, 2.5 % for 95 %."""
        return self.p <= (1 - confidence) / 2


def noninferiority_of_pairs(table: PairedTable, margin: float, confidence: float = 0.95) -> NonInferiority:
    """Did the same people lose less than ``margin``? Tango's score test (Nam's) and interval. The default for pairs.

    Formula: ``score_intervals.tango_noninferiority`` and ``tango``. Source: Nam (1997), Biometrics 53, 1422–1430; Tango
    (1998), Stat. Med. 17, 891–908. Units: fractions of 1. Shape: one table. Where lower is better, turn the table
    first (``PairedTable(no_no, no_yes, yes_no, yes_yes)``). Errors: none; NaN without pairs.

    >>> found = noninferiority_of_pairs(PairedTable.of(53, 32, 14, 32), 0.15)
    >>> round(found.difference, 6), round(found.p, 6), found.shown()
    (-0.137405, 0.401264, False)
    """
    z, p = tango_noninferiority(table, margin)
    low, high = tango(table, confidence)
    return NonInferiority(
        float(table.difference), margin, float(z), float(p), float(low), float(high), "tango_noninferiority"
    )


def noninferiority_of_samples(
    samples: TwoSamples,
    margin: float,
    confidence: float = 0.95,
    method: Literal["miettinen_nurminen", "farrington_manning"] = "miettinen_nurminen",
) -> NonInferiority:
    """Is the later share of separate samples less than ``margin`` below the earlier one?

    Formula: ``score_intervals.score_noninferiority``, with N/(N − 1) in the variance for Miettinen–Nurminen (the
    default) and without for Farrington–Manning, and the interval of the same statistic. Source: Miettinen & Nurminen
    (1985), Stat. Med. 4, 213–226; Farrington & Manning (1990), Stat. Med. 9, 1447–1454. Units: fractions of 1.
    Shape: one pair of samples. Errors: none; NaN where a wave has no answers.

    >>> found = noninferiority_of_samples(TwoSamples.of(80, 100, 84, 100), 0.10, method="farrington_manning")
    >>> round(found.statistic, 4), round(found.p, 4)
    (1.0987, 0.1359)
    """
    unbiased = method == "miettinen_nurminen"
    z, p = score_noninferiority(samples, margin, unbiased=unbiased)
    low, high = (miettinen_nurminen if unbiased else mee)(samples, confidence)
    return NonInferiority(float(samples.difference), margin, float(z), float(p), float(low), float(high), method)


def noninferiority_of_mean(change: MeanChange, margin: float) -> NonInferiority:
    """Is a change that has a standard error (paired t, Welch, between clusters) less than ``margin`` below 0?

    Formula: t = (value + margin)/se on the change's df (normal where they are infinite), p = P(T ≥ t); the limits are
    the change's own. Source: Wellek (2010), Testing Statistical Hypotheses of Equivalence and Noninferiority, ch. 2.
    Units: those of the change. Errors: none; NaN without df or where nobody differs.

    >>> from analysis.means import mean_change
    >>> found = noninferiority_of_mean(mean_change(-0.4, 0.3, 20), 1.0)
    >>> round(found.statistic, 4), round(found.p, 6), found.shown()
    (2.0, 0.029633, False)
    """
    t = (change.value + margin) / change.se if change.se > 0 else NAN
    return NonInferiority(change.value, margin, t, _upper_tail(t, change.df), change.low, change.high, "t")


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests: ``p`` is the larger; the limits are those at twice the error (90 % for a test at 5 %)."""

    p: float
    low: float
    high: float


def equivalence(change: MeanChange, margin: float, confidence: float = 0.95) -> Equivalence:
    """Is a change smaller than ``margin`` in both directions? Two one-sided tests (TOST).

    Formula: p = max(P(T ≥ (value + margin)/se), P(T ≤ (value − margin)/se)); interval of level 2·confidence − 1. A
    change that does not differ from 0 is not shown to be small by that. Source: Schuirmann (1987), J. Pharmacokinet.
    Biopharm. 15, 657–680. Units: those of the change. Errors: none; NaN without df.

    >>> from analysis.means import mean_change
    >>> found = equivalence(mean_change(0.2, 0.25, 30), 0.8)
    >>> round(found.p, 6), round(found.low, 4), round(found.high, 4)
    (0.011403, -0.2243, 0.6243)
    """
    if not change.se > 0:
        return Equivalence(NAN, NAN, NAN)
    above = _upper_tail((change.value + margin) / change.se, change.df)
    below = _upper_tail((margin - change.value) / change.se, change.df)
    reach = two_sided_quantile(change.df, 2 * confidence - 1) * change.se
    return Equivalence(float(np.max([above, below])), change.value - reach, change.value + reach)


def two_sided_quantile(df: float, confidence: float) -> float:
    """The two-sided t quantile; the normal one for infinitely many degrees of freedom, NaN for none.

    >>> round(two_sided_quantile(10, 0.95), 4), round(two_sided_quantile(np.inf, 0.95), 4)
    (2.2281, 1.96)
    """
    if np.isinf(df):
        return normal_quantile(confidence)
    return float(stdtrit(df, 0.5 + confidence / 2)) if df > 0 else NAN


def _upper_tail(t: float, df: float) -> float:
    return float(ndtr(-t) if np.isinf(df) else stdtr(df, -t))

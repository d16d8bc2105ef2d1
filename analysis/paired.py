"""The same people at two waves, a yes/no indicator: intervals and tests of the change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, chdtrc, gammaln

from analysis.intervals import (
    Bounds,
    Numbers,
    Tested,
    as_numbers,
    clopper_pearson,
    normal_quantile,
    ratio,
    square_and_add,
    wilson,
)


@dataclass(frozen=True)
class PairedTable:
    """Counts of complete pairs, earlier answer first: ``no_yes`` are those who went from no to yes. Any one shape."""

    yes_yes: Numbers
    yes_no: Numbers
    no_yes: Numbers
    no_no: Numbers

    @classmethod
    def of(cls, yes_yes: ArrayLike, yes_no: ArrayLike, no_yes: ArrayLike, no_no: ArrayLike) -> PairedTable:
        return cls(*np.broadcast_arrays(*(as_numbers(count) for count in (yes_yes, yes_no, no_yes, no_no))))

    @property
    def n(self) -> Numbers:
        return self.yes_yes + self.yes_no + self.no_yes + self.no_no

    @property
    def x_earlier(self) -> Numbers:
        return self.yes_yes + self.yes_no

    @property
    def x_later(self) -> Numbers:
        return self.yes_yes + self.no_yes

    @property
    def difference(self) -> Numbers:
        """Share at the later wave minus share at the earlier one, as a fraction of 1."""
        return ratio(self.no_yes - self.yes_no, self.n)


def standard_error(table: PairedTable) -> Numbers:
    """The standard error of a paired difference.

    Formula: √(b + c − (b − c)²/n) / n with b, c the two kinds of changers. Source: Agresti, Categorical Data Analysis,
    3rd ed., eq. 11.2. Units: fraction of 1. Shape: the table's. Errors: none; n = 0 gives NaN.

    >>> standard_error(PairedTable.of(31, 7, 41, 29)).round(6).item()
    0.056547
    """
    changers, net = table.yes_no + table.no_yes, table.no_yes - table.yes_no
    return ratio(np.sqrt(np.maximum(changers - net * ratio(net, table.n), 0)), table.n)


def newcombe8(table: PairedTable, confidence: float = 0.95) -> Bounds:
    """Newcombe's method 8: Wilson limits of both shares, joined with the plain φ of the table.

    Formula: square-and-add with φ = (ad − bc)/√(row and column sums), 0 where a sum is 0.
    Source: Newcombe (1998), Stat. Med. 17, 2635–2650. Units: fractions of 1. Shape: the table's. Errors: none; NaN
    without pairs.

    >>> [limit.round(6).item() for limit in newcombe8(PairedTable.of(31, 7, 41, 29))]
    [0.199005, 0.417241]
    """
    return _newcombe(table, confidence, _determinant(table))


def newcombe10(table: PairedTable, confidence: float = 0.95) -> Bounds:
    """Newcombe's method 10: as method 8, with φ corrected for continuity. The default.

    Formula: where ad − bc is positive, it becomes max(ad − bc − n/2, 0) in φ.
    Source: Newcombe (1998), Stat. Med. 17, 2635–2650. Units: fractions of 1. Shape: the table's. Errors: none; NaN
    without pairs.

    >>> [limit.round(6).item() for limit in newcombe10(PairedTable.of(31, 7, 41, 29))]
    [0.197463, 0.418605]
    """
    plain = _determinant(table)
    return _newcombe(table, confidence, np.where(plain > 0, np.maximum(plain - table.n / 2, 0), plain))


def wald(table: PairedTable, confidence: float = 0.95) -> Bounds:
    """The Wald interval of a paired difference; for comparison with other software, too narrow for small samples.

    Formula: difference ± z × standard_error. Source: Agresti (2013), Categorical Data Analysis, sec. 11.1.
    Units: fractions of 1. Shape: the table's. Errors: none; NaN without pairs.

    >>> [limit.round(6).item() for limit in wald(PairedTable.of(31, 7, 41, 29))]
    [0.203985, 0.425645]
    """
    reach = normal_quantile(confidence) * standard_error(table)
    return Bounds(table.difference - reach, table.difference + reach)


def bonett_price(table: PairedTable, confidence: float = 0.95) -> Bounds:
    """Bonett and Price's adjusted Wald interval: one person more of each kind of changer.

    Formula: p̃ ± z√((p̃₁ + p̃₂ − (p̃₁ − p̃₂)²)/(n + 2)), p̃₁ = (c + 1)/(n + 2), p̃₂ = (b + 1)/(n + 2), p̃ = p̃₁ − p̃₂.
    Source: Bonett & Price (2012), Br. J. Math. Stat. Psychol. 65, 479–488. Units: fractions of 1. Shape: the table's.
    Errors: none; NaN without pairs.

    >>> [limit.round(6).item() for limit in bonett_price(PairedTable.of(31, 7, 41, 29))]
    [0.19712, 0.421062]
    """
    n = np.where(table.n == 0, np.nan, table.n + 2)
    gained, lost = (table.no_yes + 1) / n, (table.yes_no + 1) / n
    reach = normal_quantile(confidence) * np.sqrt((gained + lost - (gained - lost) ** 2) / n)
    return Bounds(np.maximum(gained - lost - reach, -1.0), np.minimum(gained - lost + reach, 1.0))


def agresti_min(table: PairedTable, confidence: float = 0.95) -> Bounds:
    """Agresti and Min's interval: the Wald interval with half a person more in each cell.

    Source: Agresti & Min (2005), Stat. Med. 24, 729–740. Units: fractions of 1. Shape: the table's. Errors: none; NaN
    without pairs.

    >>> [limit.round(6).item() for limit in agresti_min(PairedTable.of(31, 7, 41, 29))]
    [0.198547, 0.419635]
    """
    half = np.where(table.n == 0, np.nan, 0.5)
    more = PairedTable.of(table.yes_yes + half, table.yes_no + half, table.no_yes + half, table.no_no + half)
    low, high = wald(more, confidence)
    return Bounds(np.maximum(low, -1.0), np.minimum(high, 1.0))


def _determinant(table: PairedTable) -> Numbers:
    determinant: Numbers = table.yes_yes * table.no_no - table.yes_no * table.no_yes
    return determinant


def _newcombe(table: PairedTable, confidence: float, determinant: Numbers) -> Bounds:
    earlier, later, n = table.x_earlier, table.x_later, table.n
    sums = np.sqrt(earlier * (n - earlier) * later * (n - later))
    phi = np.nan_to_num(ratio(determinant, sums))
    return square_and_add(
        table.difference,
        (ratio(later, n), wilson(later, n, confidence)),
        (ratio(earlier, n), wilson(earlier, n, confidence)),
        phi,
    )


def mcnemar_exact(table: PairedTable) -> Tested:
    """The exact conditional McNemar test: do as many change in one direction as in the other?

    Formula: p = min(1, 2 P(X ≤ min(b, c))), X binomial(b + c, ½); the statistic is c, those who went from no to yes.
    Source: McNemar (1947), Psychometrika 12, 153–157; R binom.test(c, b + c). Shape: the table's. Errors: none; p = 1
    where nobody changed, NaN without pairs.

    >>> f"{mcnemar_exact(PairedTable.of(31, 7, 41, 29)).p:.8e}"
    '6.24040844e-07'
    """
    less, changers = np.minimum(table.yes_no, table.no_yes), table.yes_no + table.no_yes
    p = np.minimum(1.0, 2 * bdtr(less, changers.astype(int), 0.5))
    return Tested(table.no_yes, np.where(table.n == 0, np.nan, p))


def mcnemar_midp(table: PairedTable) -> Tested:
    """McNemar's mid-p test: the exact test without its excess of caution. The default.

    Formula: exact p minus P(X = min(b, c)); where b = c it is 1 − ½ P(X = b), and 1 where nobody changed.
    Source: Fagerland, Lydersen & Laake (2013), BMC Med. Res. Methodol. 13:91. Shape: the table's. Errors: none; NaN
    without pairs.

    >>> f"{mcnemar_midp(PairedTable.of(31, 7, 41, 29)).p:.8e}"
    '3.62457833e-07'
    """
    less, changers = np.minimum(table.yes_no, table.no_yes), table.yes_no + table.no_yes
    point = np.exp(gammaln(changers + 1) - gammaln(less + 1) - gammaln(changers - less + 1) - changers * np.log(2))
    uneven = 2 * bdtr(less, changers.astype(int), 0.5) - point
    p = np.where(table.yes_no == table.no_yes, 1 - point / 2, uneven)
    p = np.where(changers == 0, 1.0, p)
    return Tested(table.no_yes, np.where(table.n == 0, np.nan, p))


def mcnemar(table: PairedTable) -> Tested:
    """McNemar's χ² test, without continuity correction.

    Formula: (b − c)² / (b + c) on one degree of freedom. Source: McNemar (1947); R mcnemar.test(correct = FALSE).
    Shape: the table's. Errors: none; NaN where nobody changed.

    >>> [round(float(value), 9) for value in mcnemar(PairedTable.of(31, 7, 41, 29))]
    [24.083333333, 9.23e-07]
    """
    statistic = ratio((table.yes_no - table.no_yes) ** 2, table.yes_no + table.no_yes)
    return Tested(statistic, chdtrc(1, statistic))


def mcnemar_corrected(table: PairedTable) -> Tested:
    """McNemar's χ² test with Edwards' continuity correction.

    Formula: max(|b − c| − 1, 0)² / (b + c) on one degree of freedom. Source: Edwards (1948), Psychometrika 13, 185–187;
    R mcnemar.test. Shape: the table's. Errors: none; NaN where nobody changed.

    >>> [round(float(value), 8) for value in mcnemar_corrected(PairedTable.of(31, 7, 41, 29))]
    [22.6875, 1.91e-06]
    """
    distance = np.maximum(np.abs(table.yes_no - table.no_yes) - 1, 0)
    statistic = ratio(distance**2, table.yes_no + table.no_yes)
    return Tested(statistic, chdtrc(1, statistic))


def conditional_odds_ratio(table: PairedTable, confidence: float = 0.95) -> tuple[Numbers, Bounds]:
    """Odds of changing from no to yes against yes to no, with its exact interval.

    Formula: c / b; limits q/(1 − q) of the Clopper–Pearson limits q of c in b + c. Source: Breslow & Day (1980),
    Statistical Methods in Cancer Research I, ch. 5. Units: ratio. Shape: the table's. Errors: none; infinite where only
    c changed, NaN where nobody did.

    >>> value, bounds = conditional_odds_ratio(PairedTable.of(31, 7, 41, 29))
    >>> value.round(4).item(), bounds.low.round(4).item(), bounds.high.round(4).item()
    (5.8571, 2.6018, 15.4733)
    """
    changers = table.yes_no + table.no_yes
    limits = clopper_pearson(table.no_yes, changers, confidence)
    value = np.where((table.yes_no == 0) & (table.no_yes > 0), np.inf, ratio(table.no_yes, table.yes_no))
    low, high = (np.where(limit == 1, np.inf, ratio(limit, 1 - limit)) for limit in limits)
    return value, Bounds(low, high)

"""Numbers that differ by nothing but rounding are one number: 0.3 − 0.1 is as far as 0.2 − 0."""

from __future__ import annotations

import math

import numpy as np

from analysis.intervals import Numbers

DIGITS = 12  # of the largest number at hand; what lies beyond is left over from arithmetic
MOST_DECIMALS = 300


def snapped(values: Numbers, largest: float | None = None) -> Numbers:
    """Values rounded to twelve digits of the largest of them, or of the numbers that they were made of.

    Units: those of the values. Shape: as given. Errors: none; NaN stays NaN.

    >>> snapped(np.array([0.1 + 0.2, 0.3])).tolist(), snapped(np.array([0.1 + 0.2 - 0.3]), largest=0.3).tolist()
    ([0.3, 0.3], [0.0])
    """
    size = _largest(values) if largest is None else largest
    if not 0 < size < math.inf:
        return values
    rounded: Numbers = np.round(values, min(DIGITS - math.ceil(math.log10(size)), MOST_DECIMALS))
    return rounded


def differences(later: Numbers, earlier: Numbers) -> Numbers:
    """later − earlier, those who changed alike by one and the same number, and 0 for those who did not change.

    Units: those of the answers. Shapes: (n,) each. Errors: none; NaN where either is NaN.

    >>> differences(np.array([0.3, 0.2]), np.array([0.1, 0.0])).tolist()
    [0.2, 0.2]
    """
    return snapped(later - earlier, max(_largest(later), _largest(earlier)))


def variance(values: Numbers) -> float:
    """The sample variance, and exactly 0 where all values are one number.

    Formula: Σ(x − x̄)²/(n − 1). Units: the values' squared. Shape: (n,). Errors: none; NaN for fewer than two values.

    >>> variance(np.array([1.0, 2, 3])), variance(np.full(3, 0.1)), float(np.var(np.full(3, 0.1))) > 0
    (1.0, 0.0, True)
    """
    if len(values) < 2:
        return math.nan
    alike = float(np.ptp(values)) <= _largest(values) * 10.0**-DIGITS
    return 0.0 if alike else float(np.var(values, ddof=1))


def _largest(values: Numbers) -> float:
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))

"""The methods that a plan may choose among for yes/no indicators, by the names that it writes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from analysis import independent, paired, score_intervals
from analysis.independent import TwoSamples
from analysis.intervals import Bounds, Tested, clopper_pearson, wilson
from analysis.paired import PairedTable

SHARE_INTERVALS: dict[str, Callable[..., Bounds]] = {"wilson": wilson, "clopper_pearson": clopper_pearson}


def share_limits(method: str, x: ArrayLike, n: ArrayLike, confidence: float) -> Bounds:
    """The plan's interval of a share; NaN where nobody answered, of whom Clopper and Pearson's says 0 to 1.

    >>> [limit.tolist() for limit in share_limits("clopper_pearson", [0], [0], 0.95)]
    [[nan], [nan]]
    """
    low, high = SHARE_INTERVALS[method](x, n, confidence)
    nobody = np.asarray(n) == 0
    return Bounds(np.where(nobody, np.nan, low), np.where(nobody, np.nan, high))


# the plan's name -> the name in the results
PAIRED_INTERVALS: dict[str, tuple[str, Callable[[PairedTable, float], Bounds]]] = {
    "newcombe": ("newcombe10", paired.newcombe10),
    "newcombe8": ("newcombe8", paired.newcombe8),
    "tango": ("tango", score_intervals.tango),
    "bonett_price": ("bonett_price", paired.bonett_price),
    "agresti_min": ("agresti_min", paired.agresti_min),
    "wald": ("wald", paired.wald),
}
PAIRED_TESTS: dict[str, Callable[[PairedTable], Tested]] = {
    "mcnemar_midp": paired.mcnemar_midp,
    "mcnemar_exact": paired.mcnemar_exact,
    "mcnemar": paired.mcnemar,
    "mcnemar_corrected": paired.mcnemar_corrected,
}
INDEPENDENT_INTERVALS: dict[str, Callable[[TwoSamples, float], Bounds]] = {
    "newcombe": independent.newcombe,
    "miettinen_nurminen": score_intervals.miettinen_nurminen,
    "mee": score_intervals.mee,
    "agresti_caffo": independent.agresti_caffo,
    "wald": independent.wald,
}
INDEPENDENT_TESTS: dict[str, Callable[[TwoSamples], Tested]] = {
    "chi2_n_minus_1": independent.chi2_n_minus_1,
    "chi2": independent.chi2,
    "chi2_yates": independent.chi2_yates,
    "fisher": independent.fisher,
    "fisher_midp": independent.fisher_midp,
    "boschloo": independent.boschloo,
    "barnard": independent.barnard,
}

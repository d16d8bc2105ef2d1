"""Several tests at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from analysis.intervals import Numbers, as_numbers


def holm(p: ArrayLike) -> Numbers:
    """Holm's step-down adjustment: the chance of any false claim in the family stays below the level.

    Formula: running maximum of (m − i + 1) p₍ᵢ₎ over ascending p, at most 1. A missing test (NaN) stays missing and is
    not counted in m. Source: Holm (1979), Scand. J. Stat. 6, 65–70; R p.adjust. Shape: (m,). Errors: none.

    >>> holm([0.01, 0.04, np.nan, 0.03]).round(4).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    return _adjusted(p, lambda ascending, m: np.maximum.accumulate(ascending * (m - np.arange(m))))


def benjamini_hochberg(p: ArrayLike) -> Numbers:
    """Benjamini and Hochberg's step-up adjustment: the expected share of false claims, for exploration.

    Formula: running minimum, from the largest p, of m p₍ᵢ₎ / i, at most 1; NaN as in holm.
    Source: Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57, 289–300; R p.adjust. Shape: (m,). Errors: none.

    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03]).round(4).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    return _adjusted(p, lambda ascending, m: np.minimum.accumulate((ascending * m / (np.arange(m) + 1))[::-1])[::-1])


def bonferroni(p: ArrayLike) -> Numbers:
    """Bonferroni's adjustment: m p, at most 1; Holm's is never weaker. NaN as in holm.

    Source: Dunn (1961), J. Am. Stat. Assoc. 56, 52–64; R p.adjust. Shape: (m,). Errors: none.

    >>> bonferroni([0.01, 0.04, np.nan, 0.03]).round(4).tolist()
    [0.03, 0.12, nan, 0.09]
    """
    return _adjusted(p, lambda ascending, m: ascending * m)


def hochberg(p: ArrayLike) -> Numbers:
    """Hochberg's step-up adjustment: stronger than Holm's where the tests do not depend on each other negatively.

    Formula: running minimum, from the largest p, of (m − i + 1) p₍ᵢ₎, at most 1; NaN as in holm.
    Source: Hochberg (1988), Biometrika 75, 800–802; R p.adjust. Shape: (m,). Errors: none.

    >>> hochberg([0.01, 0.04, np.nan, 0.03]).round(4).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    return _adjusted(p, lambda ascending, m: np.minimum.accumulate((ascending * (m - np.arange(m)))[::-1])[::-1])


def benjamini_yekutieli(p: ArrayLike) -> Numbers:
    """Benjamini and Yekutieli's adjustment: as Benjamini–Hochberg, valid under any dependence.

    Formula: Benjamini–Hochberg's times 1 + ½ + … + 1/m, at most 1; NaN as in holm.
    Source: Benjamini & Yekutieli (2001), Ann. Stat. 29, 1165–1188; R p.adjust. Shape: (m,). Errors: none.

    >>> benjamini_yekutieli([0.01, 0.04, np.nan, 0.03]).round(4).tolist()
    [0.055, 0.0733, nan, 0.0733]
    """

    def step(ascending: Numbers, m: int) -> Numbers:
        ranks = np.arange(m) + 1
        running: Numbers = np.minimum.accumulate((ascending * m * (1 / ranks).sum() / ranks)[::-1])[::-1]
        return running

    return _adjusted(p, step)


def unadjusted(p: ArrayLike) -> Numbers:
    """The p values as they are, for plans with ``family: none``."""
    return as_numbers(p)


def _adjusted(p: ArrayLike, step: Callable[[Numbers, int], Numbers]) -> Numbers:
    p = as_numbers(p)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(step(p[order], len(order)), 1.0)
    return adjusted


FAMILIES: dict[str, Callable[[ArrayLike], Numbers]] = {
    "holm": holm,
    "hochberg": hochberg,
    "bonferroni": bonferroni,
    "bh": benjamini_hochberg,
    "by": benjamini_yekutieli,
    "none": unadjusted,
}

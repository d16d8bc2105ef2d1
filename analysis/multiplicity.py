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


FAMILIES: dict[str, Callable[[ArrayLike], Numbers]] = {"holm": holm, "bh": benjamini_hochberg, "none": unadjusted}

"""The least that numpy must do for the work of bench/analysis.py: no checks, no missing answers, no general designs.

Sums per cluster by bincount, then differences with linearised standard errors and Rao–Scott's F for a 2 × 2 table,
which with one contrast c = ±1/4 of the cells is X²/n · tr⁻¹ of the variance of Σ c·(share/m).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ITEMS, SEGMENTS = 40, 8


def analyse(columns: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Differences and standard errors of everybody and of the segments, and F, for all items."""
    weight, cluster = columns["weight"], columns["cluster"].astype(np.intp)
    clusters = int(cluster.max()) + 1
    place = ((cluster * 2 + columns["wave"]) * 2 + columns["sex"]) * 4 + columns["age"]
    shape, places = (clusters, 2, SEGMENTS), clusters * 2 * SEGMENTS
    weights = np.bincount(place, weight, places).reshape(shape)
    yes = np.stack([np.bincount(place, weight * columns[f"q{item}"], places).reshape(shape) for item in range(ITEMS)])
    stratum = np.empty(clusters, dtype=np.intp)
    stratum[cluster] = columns["stratum"]
    by_segment = differences(weights[None], yes, stratum)
    overall = differences(weights.sum(-1, keepdims=True)[None], yes.sum(-1, keepdims=True), stratum)
    f = rao_scott(weights.sum(-1), yes.sum(-1), stratum, len(weight))
    return {
        "difference": overall[0][:, 0], "se": overall[1][:, 0],
        "segment_difference": by_segment[0], "segment_se": by_segment[1], "f": f,
    }  # fmt: skip


def differences(weights: Floats, yes: Floats, stratum: NDArray[np.intp]) -> tuple[Floats, Floats]:
    whole = weights.sum(axis=1, keepdims=True)
    share = yes.sum(axis=1, keepdims=True) / whole
    influence = (yes - weights * share) / whole
    spread = between_clusters(influence[:, :, 1] - influence[:, :, 0], stratum)
    return share[:, 0, 1] - share[:, 0, 0], np.sqrt(spread)


def between_clusters(values: Floats, stratum: NDArray[np.intp]) -> Floats:
    """values (items, clusters, …) to their variance (items, …)."""
    spread = np.zeros(values.shape[:1] + values.shape[2:])
    for h in range(int(stratum.max()) + 1):
        own = values[:, stratum == h]
        n = own.shape[1]
        spread += n / (n - 1) * ((own - own.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return spread


def rao_scott(weights: Floats, yes: Floats, stratum: NDArray[np.intp], n: int) -> Floats:
    cells = np.stack([weights - yes, yes], axis=2) / weights.sum()  # (items, clusters, answer, wave)
    share = cells.sum(axis=1, keepdims=True)
    expected = share.sum(axis=2, keepdims=True) * share.sum(axis=3, keepdims=True)
    pearson = n * ((share - expected) ** 2 / expected).sum(axis=(1, 2, 3))
    contrast = np.array([[0.25, -0.25], [-0.25, 0.25]]) / share
    influence = (contrast * (cells - share * cells.sum(axis=(2, 3), keepdims=True))).sum(axis=(2, 3))
    simple = (contrast**2 * share).sum(axis=(1, 2, 3)) / n
    return pearson * simple / between_clusters(influence, stratum)

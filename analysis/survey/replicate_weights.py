"""Replicate weights that whoever drew the sample has published in place of its strata and clusters.

The variance of any estimate is scale · Σ_r rscale_r (θ_r − θ)², around the estimate θ of the full sample, with θ_r the
same estimate under the r-th weights. Source: Wolter, *Introduction to Variance Estimation* (2nd ed. 2007), ch. 3–5;
Rao & Wu, *JASA* 83 (1988) 231–241 (bootstrap). R: ``svrepdesign(…, combined.weights = TRUE, mse = TRUE)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from analysis.survey.arrays import Booleans, Floats
from analysis.survey.design import Names, SurveyDesign, survey_design

ReplicateType = Literal["jk1", "jkn", "brr", "fay", "bootstrap"]
RANK = 1e-5  # R's tolerance: what is left of a column below this share of it is rounding


@dataclass(frozen=True)
class ReplicateWeights:
    """People whose weights move together are one group, which takes the place of the PSU."""

    multipliers: Floats  # (replicates, groups) replicate weight/weight
    scales: Floats  # (replicates,) scale · rscales
    _ranks: dict[bytes, float] = field(default_factory=dict, repr=False, compare=False)

    def means(self, total: Floats, weight: Floats) -> Floats:
        """Means Σwy/Σw under each replicate: sums per group (indicators, groups, m) to (indicators, replicates, m).

        NaN where a replicate leaves nobody of a part.

        >>> made = ReplicateWeights(np.array([[2.0, 0.0], [0.0, 2.0]]), np.array([0.5, 0.5]))
        >>> made.means(np.array([[[1.0], [0.0]]]), np.ones((1, 2, 1))).ravel().tolist()
        [1.0, 0.0]
        """
        sums, weights = self.multipliers @ total, self.multipliers @ weight
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = np.where(weights > 0, sums / weights, np.nan)
        return found

    def deviations(self, replicates: Floats, estimate: Floats) -> Floats:
        """Replicates (indicators, replicates, m) less the estimate (indicators, m), times the root of the scale.

        Their squares sum up to the variance.
        """
        less: Floats = (replicates - estimate[:, None]) * np.sqrt(self.scales)[:, None]
        return less

    def df(self, present: Booleans) -> Floats:
        """Rank of the replicate weights of the groups present less one: (indicators, groups, m) to (indicators, m).

        R: ``degf(subset(design, …))``.

        >>> made = ReplicateWeights(np.array([[2.0, 0.0, 1.0], [0.0, 2.0, 1.0], [1.0, 1.0, 1.0]]), np.ones(3))
        >>> made.df(np.array([[[True, True], [True, False], [True, False]]])).tolist()
        [[1.0, 0.0]]
        """
        flat = np.moveaxis(present, 1, -1)
        found = [self._df_of(groups) for groups in flat.reshape(-1, flat.shape[-1])]
        return np.array(found, np.float64).reshape(flat.shape[:-1])

    def _df_of(self, groups: Booleans) -> float:
        key = np.packbits(groups).tobytes()
        if key not in self._ranks:
            self._ranks[key] = max(_rank(self.multipliers[:, groups]) - 1, 0)
        return self._ranks[key]


def _rank(multipliers: Floats) -> int:
    """From the products of the columns of weights, each of length 1: as many as replicates, however many people."""
    length = np.linalg.norm(multipliers, axis=1, keepdims=True)
    columns = multipliers / np.where(length > 0, length, 1)
    squares = np.linalg.eigvalsh(columns @ columns.T)
    return int((squares > RANK**2 * max(squares[-1], RANK)).sum())


def scales_of(kind: ReplicateType, replicates: int, scale: float | None, rho: float) -> float:
    """What the squares are multiplied by unless ``scale`` is written, R replicates: (R − 1)/R for ``jk1``, 1 for
    ``jkn`` (whose rscales say it all), 1/R for ``brr``, 1/(R(1 − ρ)²) for ``fay``, 1/(R − 1) for ``bootstrap``.

    Errors: none. R: the defaults of ``svrepdesign``.

    >>> [scales_of(kind, 5, None, 0.5) for kind in ("jk1", "jkn", "brr", "fay", "bootstrap")]
    [0.8, 1.0, 0.2, 0.8, 0.25]
    """
    if scale is not None:
        return scale
    return {
        "jk1": (replicates - 1) / replicates,
        "jkn": 1.0,
        "brr": 1 / replicates,
        "fay": 1 / (replicates * (1 - rho) ** 2),
        "bootstrap": 1 / (replicates - 1),
    }[kind]


def replicate_design(
    weight: Floats, replicate_weights: Floats, scales: Sequence[float] | Floats, names: Names | None = None
) -> SurveyDesign:
    """The design that weights (rows,) and replicate weights (rows, replicates) stand for; ``scales`` (replicates,).

    Replicate weights hold the weight already (R: ``combined.weights = TRUE``). Errors: SurveyError for weights ≤ 0,
    missing or infinite, or a single row. R: ``svrepdesign``.

    >>> made = replicate_design(np.ones(3), np.array([[2.0, 0.0], [0.0, 2.0], [0.0, 2.0]]), [0.5, 0.5])
    >>> made.psus, made.replicates.multipliers.tolist()
    (2, [[0.0, 2.0], [2.0, 0.0]])
    """
    plain = survey_design(weight, names=names)
    distinct, group = np.unique(replicate_weights / plain.weight[:, None], axis=0, return_inverse=True)
    made = ReplicateWeights(np.ascontiguousarray(distinct.T), np.asarray(scales, np.float64))
    of_group = np.zeros(len(distinct), dtype=np.int64)
    return replace(plain, psu=group.reshape(-1), stratum_of_psu=of_group, replicates=made, jackknife=True)

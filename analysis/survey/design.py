"""How people were drawn: weights, strata, clusters, population sizes, and the rule for a stratum with one cluster.

A *PSU* (primary sampling unit) is what was drawn first: the cluster, or the row itself where there are no clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from analysis.survey.arrays import Floats, Integers, dense
from analysis.survey.errors import SurveyError, refuse

if TYPE_CHECKING:
    from analysis.survey.calibration import Calibration
    from analysis.survey.replicate_weights import ReplicateWeights

LonelyRule = Literal["fail", "adjust", "remove", "average", "certainty"]
CENSUS = 1e-7  # a stratum whose share left undrawn is below this was drawn whole


@dataclass(frozen=True)
class Names:
    """How errors name things: one name per row, and one per stratum and cluster code. Without, they count from 1."""

    rows: Sequence[object] | None = None
    strata: Sequence[object] | None = None
    clusters: Sequence[object] | None = None


@dataclass(frozen=True)
class SurveyDesign:
    """A checked design; make it with ``survey_design``. PSUs are numbered stratum by stratum."""

    weight: Floats  # (rows,)
    psu: Integers | None  # (rows,), or None where every row is its own PSU
    stratum: Integers  # (rows,)
    stratum_of_psu: Integers  # (psus,), ascending
    undrawn: Floats  # (strata,) share of the stratum's PSUs that was not drawn: 1 − n/N, or 1 without fpc
    lonely: LonelyRule
    reused_clusters: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    calibration: Calibration | None = None
    jackknife: bool = False  # variance of means from replicates, instead of linearised: a PSU left out at a time, or
    replicates: ReplicateWeights | None = None  # those that came with the data

    @property
    def rows(self) -> int:
        return len(self.weight)

    @property
    def psus(self) -> int:
        return len(self.stratum_of_psu)

    @property
    def strata(self) -> int:
        return len(self.undrawn)

    @property
    def df(self) -> int:
        """Degrees of freedom: PSUs less strata."""
        return self.psus - self.strata

    @cached_property
    def psus_of_stratum(self) -> Integers:
        return np.bincount(self.stratum_of_psu, minlength=self.strata)

    @cached_property
    def first_psu(self) -> Integers:
        """The first PSU of each stratum; ``np.add.reduceat`` sums by stratum with it."""
        return np.searchsorted(self.stratum_of_psu, np.arange(self.strata))

    @cached_property
    def lonely_strata(self) -> Integers:
        """Strata with a single PSU that were not drawn whole."""
        return np.flatnonzero((self.psus_of_stratum == 1) & (self.undrawn >= CENSUS))

    @cached_property
    def psu_of_row(self) -> Integers:
        """The PSU of every row, also where every row is its own."""
        if self.psu is not None:
            return self.psu
        numbered = np.empty(self.rows, dtype=np.int64)
        numbered[np.argsort(self.stratum, kind="stable")] = np.arange(self.rows)
        return numbered

    def taking(self, rows: Integers) -> SurveyDesign:
        """The design of some rows (ascending), such as two waves of three: clusters and strata without any of them go.

        >>> survey_design(np.ones(4), cluster=np.array([0, 0, 1, 2])).taking(np.array([0, 1, 2])).psus
        2
        """
        if len(rows) == self.rows:
            return self
        kept, psu = np.unique(self.psu_of_row[rows], return_inverse=True)
        strata, stratum_of_psu = np.unique(self.stratum_of_psu[kept], return_inverse=True)
        stratum = stratum_of_psu[psu]
        own = None if self.psu is None else psu
        return SurveyDesign(self.weight[rows], own, stratum, stratum_of_psu, self.undrawn[strata], self.lonely)


def survey_design(
    weight: Floats,
    *,
    stratum: Integers | None = None,
    cluster: Integers | None = None,
    wave: Integers | None = None,
    clusters_in_waves: Literal["same", "new"] = "same",
    fpc: Floats | None = None,
    nested: bool = True,
    lonely: LonelyRule = "fail",
    names: Names | None = None,
) -> SurveyDesign:
    """Check and code a stratified one-stage (ultimate cluster) design.

    Arrays have one entry per row; ``stratum``, ``cluster`` and ``wave`` are codes from 0, −1 where blank. ``nested``
    says that cluster names count within their stratum (R: ``nest=TRUE``). ``clusters_in_waves="new"`` crosses strata
    with waves, as new PSUs were drawn at each wave; with ``"same"`` a cluster is one PSU over all waves. ``fpc`` is the
    number of PSUs in the population of the stratum, or the share of them that was drawn, constant within strata.
    ``lonely`` treats a stratum with one PSU as R's ``options(survey.lonely.psu=)`` does; R's ``certainty`` and
    ``remove`` both let it add nothing. Source: Lumley, *Complex Surveys* (Wiley 2010), ch. 2–3.

    Errors: SurveyError for weights ≤ 0, missing or infinite, blank strata or clusters, an fpc that cannot be, a cluster
    in two strata unless ``nested``, one PSU in all, a lonely stratum under ``fail``; ValueError for unequal lengths.

    >>> design = survey_design(np.ones(4), stratum=np.array([0, 0, 1, 1]), cluster=np.array([0, 1, 0, 1]))
    >>> design.psus, design.strata, design.df, design.reused_clusters.tolist()
    (4, 2, 2, [0, 1])
    """
    names, rows = names or Names(), len(weight)
    _check_arguments(rows, lonely, stratum, cluster, wave, fpc)
    _check_weights(weight, names)
    for column, code in ((stratum, "stratum_missing"), (cluster, "cluster_missing")):
        if column is not None:
            refuse(code, column < 0, names.rows)
    stratum = np.zeros(rows, dtype=np.int32) if stratum is None else stratum
    crossed, waves = (wave, int(wave.max()) + 1) if wave is not None and clusters_in_waves == "new" else (0, 1)
    present, coded = dense(stratum * np.int64(waves) + crossed, (int(stratum.max()) + 1) * waves)
    psu, stratum_of_psu, cluster_of_psu = _psus(coded, len(present), cluster)
    reused = _reused(present[stratum_of_psu] // waves, cluster_of_psu)
    if not nested:
        refuse("cluster_in_two_strata", np.isin(np.arange(1 + max(reused, default=0)), reused), names.clusters)
    labels = _labels(present // waves, names.strata)
    undrawn = _undrawn(fpc, coded, np.bincount(stratum_of_psu), labels, names)
    design = SurveyDesign(np.asarray(weight, np.float64), psu, coded, stratum_of_psu, undrawn, lonely, reused)
    _check_lonely(design, labels)
    return design


def _check_arguments(rows: int, lonely: str, *columns: Any) -> None:
    if lonely not in get_args(LonelyRule):
        raise ValueError(f"lonely must be one of {get_args(LonelyRule)}, not {lonely!r}")
    if any(column is not None and len(column) != rows for column in columns):
        raise ValueError("stratum, cluster, wave and fpc need one entry for each weight")
    if rows == 0:
        raise SurveyError("no_rows")


def _check_weights(weight: Floats, names: Names) -> None:
    if np.isfinite(weight).all() and (weight > 0).all():
        return
    refuse("weight_missing", np.isnan(weight), names.rows)
    refuse("weight_infinite", np.isinf(weight), names.rows)
    refuse("weight_not_positive", weight <= 0, names.rows)


def _psus(
    stratum: Integers, strata: int, cluster: Integers | None
) -> tuple[Integers | None, Integers, Integers | None]:
    """The PSU of every row, and the stratum and the cluster of every PSU."""
    if cluster is None:
        return None, np.repeat(np.arange(strata), np.bincount(stratum, minlength=strata)), None
    clusters = int(cluster.max()) + 1
    pairs, psu = dense(stratum * np.int64(clusters) + cluster, strata * clusters)
    return psu, pairs // clusters, pairs % clusters


def _reused(stratum_of_psu: Integers, cluster_of_psu: Integers | None) -> Integers:
    """Cluster codes that appear in more than one stratum."""
    if cluster_of_psu is None:
        return np.zeros(0, dtype=np.int64)
    clusters = np.int64(cluster_of_psu.max() + 1)
    pairs = np.unique(stratum_of_psu * clusters + cluster_of_psu)
    return np.flatnonzero(np.bincount(pairs % clusters) > 1)


def _labels(codes: Integers, names: Sequence[object] | None) -> list[object]:
    return [code + 1 if names is None else names[code] for code in codes.tolist()]


def _undrawn(fpc: Floats | None, stratum: Integers, drawn: Integers, labels: Sequence[object], names: Names) -> Floats:
    if fpc is None:
        return np.ones(len(drawn))
    refuse("fpc_unusable", np.isnan(fpc) | ~(fpc > 0), names.rows)
    low, high = np.full(len(drawn), np.inf), np.zeros(len(drawn))
    np.minimum.at(low, stratum, fpc)
    np.maximum.at(high, stratum, fpc)
    refuse("fpc_varies", low != high, labels)
    if (low > 1).any() and (low < 1).any():
        raise SurveyError("fpc_mixed")
    share = drawn / low if (low > 1).any() else low
    refuse("fpc_too_small", share > 1, labels)
    return 1 - share


def _check_lonely(design: SurveyDesign, labels: Sequence[object]) -> None:
    if design.psus == 1:
        raise SurveyError("one_cluster")
    if design.lonely == "fail":
        refuse("lonely_cluster", np.isin(np.arange(design.strata), design.lonely_strata), labels)

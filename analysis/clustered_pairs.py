"""The same people at two waves, taught or sampled in groups: variance between sessions, and tests that respect them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from analysis.intervals import Numbers
from analysis.means import MeanChange, mean_change
from analysis.rounding import variance

FEWEST_CLUSTERS = 6  # below this the sessions themselves are the population: fixed strata
MOST_FLIPPED = 20  # clusters up to which every pattern of signs is counted
DRAWS = 99_999
NAN = float("nan")
ROUNDING = 1e-9
NOTHING = 1e-12  # of the size of the changes: a standard error of less is what rounding leaves

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class ByCluster:
    """Changes summed by cluster. ``stratum`` is each cluster's; a cluster lies in one stratum."""

    total: Numbers  # (clusters,) sum of the changes
    people: Numbers  # (clusters,)
    stratum: Codes  # (clusters,)

    @property
    def mean(self) -> float:
        people = self.people.sum()
        return float(self.total.sum() / people) if people else NAN


def by_cluster(differences: Numbers, cluster: Codes, stratum: Codes | None = None) -> ByCluster:
    """Sum changes (later − earlier) by cluster; clusters without anybody are left out.

    Units: those of the changes. Shapes: (people,) each. Errors: none; a cluster's stratum is that of its first person.

    >>> found = by_cluster(np.array([1.0, 0, -1, 1]), np.array([3, 3, 5, 5]))
    >>> found.total.tolist(), found.people.tolist()
    ([1.0, 0.0], [2.0, 2.0])
    """
    _, first, codes = np.unique(cluster, return_index=True, return_inverse=True)
    of_stratum = np.zeros(len(first), dtype=np.int64) if stratum is None else stratum[first]
    total = np.bincount(codes, weights=differences, minlength=len(first)).astype(np.float64)
    return ByCluster(total, np.bincount(codes, minlength=len(first)).astype(np.float64), of_stratum)


def linearised(clusters: ByCluster, confidence: float = 0.95) -> MeanChange:
    """The mean change with the variance between clusters: t test and interval. The default from six clusters on.

    Formula: u_c = Σ(d − d̄)/n in cluster c; variance Σ_h C_h/(C_h − 1) Σ(u_c − ū_h)²; t on clusters − strata.
    Source: Binder (1983), Int. Stat. Rev. 51, 279–292; R survey svymean. Errors: none; NaN limits with one cluster in a
    stratum, and where clusters do not differ (by more than rounding: the variance is 0 then).

    >>> found = linearised(by_cluster(np.array([1.0, 0, -1, 1, 1, 0]), np.array([0, 0, 1, 1, 2, 2])))
    >>> round(found.value, 4), round(found.se, 4), found.df
    (0.3333, 0.1667, 2.0)
    """
    mean = clusters.mean
    if not len(clusters.total):
        return mean_change(NAN, NAN, NAN)
    influence = (clusters.total - clusters.people * mean) / clusters.people.sum()
    squares, strata = 0.0, np.unique(clusters.stratum)
    for stratum in strata:
        here = influence[clusters.stratum == stratum]
        squares += len(here) * float(np.var(here, ddof=1)) if len(here) > 1 else NAN
    if squares <= (NOTHING * float(np.abs(clusters.total).sum() / clusters.people.sum())) ** 2:
        squares = 0.0
    return mean_change(mean, float(np.sqrt(squares)), float(len(influence) - len(strata)), confidence)


def fixed_strata(differences: Numbers, cluster: Codes, confidence: float = 0.95) -> MeanChange:
    """The mean change of these sessions and no others: sessions as fixed strata, for two to five of them.

    Formula: variance Σ_h (n_h/n)² s_h²/n_h, t on people − sessions; a session of one person is centred at the mean of
    all (R survey's lonely.psu = "adjust"). Source: Cochran (1977), Sampling Techniques, ch. 5; R survey svymean with
    strata. Shapes: (people,) each. Errors: none; NaN limits where nobody shares a session, or people of one session do
    not differ.

    >>> found = fixed_strata(np.array([1.0, 0, -1, 1, 1, 0]), np.array([0, 0, 1, 1, 2, 2]))
    >>> round(found.value, 4), round(found.se, 4), found.df
    (0.3333, 0.4082, 3.0)
    """
    n = len(differences)
    if not n:
        return mean_change(NAN, NAN, NAN)
    mean, squares = float(differences.mean()), 0.0
    sessions = np.unique(cluster)
    for session in sessions:
        here = differences[cluster == session]
        squares += (float(here[0]) - mean) ** 2 if len(here) == 1 else len(here) * variance(here)
    if squares <= (NOTHING * float(np.abs(differences).max())) ** 2:
        squares = 0.0
    return mean_change(mean, float(np.sqrt(squares)) / n, float(n - len(sessions)), confidence)


def obuchowski(clusters: ByCluster) -> tuple[float, float]:
    """Obuchowski's McNemar test for clustered pairs: χ² on one degree of freedom, and p.

    Formula: (Σe)²/(C/(C − 1) Σe²), e = changers to yes less changers to no of a cluster.
    Source: Obuchowski (1998), Stat. Med. 17, 1495–1507. Errors: none; NaN for one cluster or where no cluster changed.

    >>> chi2, p = obuchowski(by_cluster(np.array([1.0, 0, 1, 1, 1, -1]), np.array([0, 0, 1, 1, 2, 2])))
    >>> round(chi2, 4), round(p, 4)
    (1.2, 0.2733)
    """
    net, count = clusters.total, len(clusters.total)
    squares = float((net**2).sum()) * count / (count - 1) if count > 1 else 0.0
    return _chi_square(float(net.sum()) ** 2, squares)


def durkalski(clusters: ByCluster) -> tuple[float, float]:
    """Durkalski's McNemar test for clustered pairs, every cluster counting alike: χ² on one degree of freedom, and p.

    Formula: (Σe/n)²/Σ(e/n)², e/n a cluster's mean change. Source: Durkalski, Palesch, Lipsitz & Rust (2003), Stat. Med.
    22, 2417–2428. Errors: none; NaN for one cluster or where no cluster changed.

    >>> chi2, p = durkalski(by_cluster(np.array([1.0, 0, 1, 1, 1, -1]), np.array([0, 0, 1, 1, 2, 2])))
    >>> round(chi2, 4), round(p, 4)
    (1.8, 0.1797)
    """
    share = clusters.total / clusters.people
    return _chi_square(float(share.sum()) ** 2, float((share**2).sum()) if len(share) > 1 else 0.0)


def sign_flip(clusters: ByCluster, seed: int) -> tuple[str, float]:
    """The share of sign patterns of the clusters' net changes that are at least as far from zero as what was seen.

    Formula: P(|Σ ±e| ≥ |Σe|). Every pattern is counted up to 20 clusters that changed (``exact``); above, 99,999
    drawn from ``seed`` and the one seen (``monte_carlo``). Source: Fisher (1935), The Design of Experiments, sec. 21;
    Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9:39. Errors: none; p = 1 where no cluster changed, NaN for
    nobody.

    >>> sign_flip(by_cluster(np.array([1.0, 1, 2, 3]), np.array([0, 1, 2, 3])), seed=1)
    ('exact', 0.125)
    """
    net = clusters.total[clusters.total != 0]
    if not len(clusters.total):
        return "exact", NAN
    seen = abs(float(net.sum())) - ROUNDING
    if len(net) <= MOST_FLIPPED:
        sums = np.zeros(1)
        for value in net:
            sums = np.concatenate([sums + value, sums - value])
        return "exact", float((np.abs(sums) >= seen).mean())
    random, further = np.random.default_rng(seed), 0
    net = np.sort(np.abs(net))  # the draws then hang neither on the order of rows, nor on names, nor on the direction
    for _ in range(9):
        signs = random.integers(0, 2, (DRAWS // 9, len(net))) * 2 - 1
        further += int((np.abs(signs @ net) >= seen).sum())
    return "monte_carlo", (further + 1) / (DRAWS + 1)


def _chi_square(top: float, bottom: float) -> tuple[float, float]:
    if not bottom > 0:
        return NAN, NAN
    statistic = top / bottom
    return statistic, float(chdtrc(1, statistic))

"""A group with the activity beside one without: differences in differences and analysis of covariance."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np

from analysis.intervals import Numbers
from analysis.means import MeanChange, welch
from analysis.models.clustered import Codes, Kind, judge, robust
from analysis.models.fitting import fit_linear, fit_logistic

FEWEST_IN_ARM = 5
ENOUGH_CLUSTERS = 40
NO_INFERENCE: Final = "no_inference"
FEW: Final = "few_clusters"
MANY: Final = "many_clusters"
INTERACTION = 3  # column of the design that is the difference in differences


@dataclass(frozen=True)
class ClusterRule:
    """How many clusters each group has and what may be concluded from so many."""

    rule: str
    with_activity: int
    without: int

    @property
    def smallest_p(self) -> float:
        """The smallest p that exchanging the clusters of the groups could ever give."""
        return smallest_permutation_p(self.with_activity, self.without)


def cluster_rule(treated: Numbers, cluster: Codes) -> ClusterRule:
    """What the number of clusters in each group allows; it depends on nothing but that number.

    Below five clusters in a group no inference is possible: groups differ by chance as clusters do, and so few cannot
    show by how much (``no_inference``: the difference is told without interval and test). Below forty in all, CR2 with
    Satterthwaite's df and a permutation test beside it (``few_clusters``); above, the same numbers rest on firm ground
    (``many_clusters``). Source: Cameron, Gelbach & Miller (2008), Rev. Econ. Stat. 90, 414–427; Hayes & Moulton (2017),
    Cluster Randomised Trials, ch. 10. Shapes: (n,) each. Errors: none; a cluster in both groups counts in both.

    >>> rule = cluster_rule(np.array([1.0, 1, 0, 0, 0]), np.array([0, 1, 2, 3, 3]))
    >>> rule.rule, rule.with_activity, rule.without, round(rule.smallest_p, 4)
    ('no_inference', 2, 2, 0.3333)
    """
    with_activity = len(np.unique(cluster[treated == 1]))
    without = len(np.unique(cluster[treated == 0]))
    if min(with_activity, without) < FEWEST_IN_ARM:
        return ClusterRule(NO_INFERENCE, with_activity, without)
    return ClusterRule(FEW if with_activity + without < ENOUGH_CLUSTERS else MANY, with_activity, without)


def smallest_permutation_p(with_activity: int, without: int) -> float:
    """One over the number of ways to choose which clusters had the activity; two over it where groups are equal.

    Formula: 1/C(G, g), doubled where g = G/2: every choice has its mirror image. Errors: none; 1 for no cluster.

    >>> round(smallest_permutation_p(6, 6), 6), smallest_permutation_p(3, 2)
    (0.002165, 0.1)
    """
    ways = comb(with_activity + without, with_activity)
    return min(1.0, (2 if with_activity == without else 1) / ways)


def did_columns(treated: Numbers, later: Numbers, covariates: Numbers | None = None) -> Numbers:
    """The columns of a difference in differences: one, treated, later, treated × later, then any covariates.

    Shapes: (n,), (n,), (n, c) to (n, 4 + c). Errors: none.

    >>> did_columns(np.array([0.0, 1]), np.array([1.0, 1])).tolist()
    [[1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]]
    """
    columns = [np.ones(len(treated)), treated, later, treated * later]
    return np.column_stack(columns if covariates is None else [*columns, covariates])


def difference_in_differences(
    y: Numbers,
    treated: Numbers,
    later: Numbers,
    cluster: Codes,
    *,
    kind: Kind = "CR2",
    covariates: Numbers | None = None,
    confidence: float = 0.95,
) -> MeanChange:
    """How much more the answers changed in the group with the activity: on shares, or on a score. The default.

    Formula: the coefficient of treated × later by least squares, which without covariates is the difference of the two
    changes; covariance by ``robust``, t on Satterthwaite's df. The same cluster at both waves is one cluster; where
    everybody was drawn alone, give a person's waves one code. Source: Angrist & Pischke (2009), ch. 5; Bell & McCaffrey
    (2002). Units: those of y (fractions of 1). Shapes: (n,) each; ``treated`` and ``later`` 0 or 1.
    Errors: SurveyError ``collinear`` where a wave of a group is empty, ``one_cluster``.

    >>> y = np.array([0, 0, 1, 1, 0, 1, 0, 1.0]); later = np.array([0, 0, 1, 1] * 2, float)
    >>> found = difference_in_differences(y, np.repeat([1.0, 0], 4), later, np.array([0, 1, 0, 1, 2, 3, 2, 3]))
    >>> round(found.value, 6), round(found.df, 6)
    (1.0, 2.0)
    """
    fit = fit_linear(y, did_columns(treated, later, covariates))
    return judge(fit, robust(fit, cluster, kind), _pick(INTERACTION, fit.x.shape[1]), confidence)


def did_logit(
    y: Numbers,
    treated: Numbers,
    later: Numbers,
    cluster: Codes,
    *,
    kind: Kind = "CR2",
    covariates: Numbers | None = None,
    confidence: float = 0.95,
) -> MeanChange:
    """The difference in differences of log-odds; its exponential is a ratio of two odds ratios.

    Formula: the coefficient of treated × later in a logistic regression with a cluster-robust covariance. It is another
    question than the difference of shares: both may differ in sign where the groups start apart.
    Source: Liang & Zeger (1986), Biometrika 73, 13–22 (independence); R clubSandwich on glm. Units: log-odds.
    Shapes: as ``difference_in_differences``. Errors: SurveyError ``separated`` besides.

    >>> y = np.array([0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1.0])
    >>> found = did_logit(y, np.repeat([1.0, 0], 8), np.array([0.0, 1] * 8), np.repeat(np.arange(8), 2))
    >>> round(found.value, 6)
    1.098612
    """
    fit = fit_logistic(y, did_columns(treated, later, covariates))
    return judge(fit, robust(fit, cluster, kind), _pick(INTERACTION, fit.x.shape[1]), confidence)


def did_of_cluster_means(
    y: Numbers, treated: Numbers, later: Numbers, cluster: Codes, confidence: float = 0.95
) -> MeanChange:
    """The difference in differences where every cluster counts once: Welch's t on the clusters' changes.

    Formula: a cluster's change is its later mean less its earlier mean; ``means.welch`` of the changes of both groups.
    Clusters without one of the waves are left out. It answers for the typical cluster, not for the typical person.
    Source: Hayes & Moulton (2017), ch. 10; Donner & Klar (2000). Units: those of y. Shapes: (n,) each. Errors: none;
    NaN limits with fewer than two clusters in a group.

    >>> y = np.array([0, 1, 0, 1, 0, 0, 1, 1.0]); later = np.array([0, 1] * 4, float)
    >>> found = did_of_cluster_means(y, np.repeat([1.0, 0], 4), later, np.repeat(np.arange(4), 2))
    >>> found.value, found.se
    (1.0, 0.0)
    """
    groups, codes = np.unique(cluster, return_inverse=True)
    treated_cluster = np.bincount(codes, weights=treated) > 0
    means = []
    for wave in (0, 1):
        rows = later == wave
        people = np.bincount(codes[rows], minlength=len(groups))
        sums = np.bincount(codes[rows], weights=y[rows], minlength=len(groups))
        means.append(np.where(people > 0, sums / np.maximum(people, 1), np.nan))
    change = means[1] - means[0]
    there = ~np.isnan(change)
    return welch(change[there & treated_cluster], change[there & ~treated_cluster], confidence)


def difference_of_changes(
    change: Numbers, treated: Numbers, cluster: Codes | None = None, confidence: float = 0.95
) -> MeanChange:
    """How much more the same people changed in the group with the activity: the difference of mean changes.

    Formula: least squares of change on treated with CR2 and Satterthwaite's df; without clusters every person is one,
    which is HC2 (two-sample variances) and Welch's test. Source: Bell & McCaffrey (2002); R estimatr::lm_robust.
    Units: those of the change. Shapes: (people,) each. Errors: SurveyError ``collinear`` where a group is empty.

    >>> found = difference_of_changes(np.array([1.0, 2, 3, 0, 1]), np.array([1.0, 1, 1, 0, 0]))
    >>> round(found.value, 6), round(found.se, 6)
    (1.5, 0.763763)
    """
    fit = fit_linear(change, np.column_stack([np.ones(len(change)), treated]))
    spread = robust(fit, np.arange(len(change)) if cluster is None else cluster)
    return judge(fit, spread, _pick(1, 2), confidence)


def ancova(
    later: Numbers,
    earlier: Numbers,
    treated: Numbers,
    cluster: Codes | None = None,
    *,
    covariates: Numbers | None = None,
    confidence: float = 0.95,
) -> MeanChange:
    """How much higher the later answers are with the activity among people who started alike.

    Formula: least squares of the later answer on treated, the earlier answer and any covariates, CR2 (HC2 without
    clusters), Satterthwaite's df. Right where chance chose the group; with chosen groups that start apart it leans
    (Lord's paradox), and the difference of changes is the one to tell. Source: Vickers & Altman (2001), BMJ 323,
    1123–1124. Units: those of the answers. Shapes: (people,) each, covariates (people, c).
    Errors: SurveyError ``collinear``.

    >>> found = ancova(np.array([2.0, 3, 5, 1, 2, 3]), np.array([1.0, 2, 3] * 2), np.repeat([1.0, 0], 3))
    >>> round(found.value, 6)
    1.333333
    """
    columns = [np.ones(len(later)), treated, earlier]
    fit = fit_linear(later, np.column_stack(columns if covariates is None else [*columns, covariates]))
    spread = robust(fit, np.arange(len(later)) if cluster is None else cluster)
    return judge(fit, spread, _pick(1, fit.x.shape[1]), confidence)


def _pick(place: int, size: int) -> Numbers:
    contrast: Numbers = np.eye(size)[place]
    return contrast

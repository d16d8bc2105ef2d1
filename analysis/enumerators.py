"""Interviewers of a sample: answers may depend on who asks, so the larger of two standard errors is used.

The variance between clusters and the variance between interviewers are worked out side by side. With six or more of
each they are joined, V = V_clusters + V_interviewers − V_both, which counts what one interviewer found in one cluster
only once. Source: Cameron, Gelbach & Miller, *Journal of Business & Economic Statistics* 29 (2011) 238–249.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.survey.arrays import Floats, divided
from analysis.survey.estimation import PartEstimates
from analysis.survey.linearised import Estimates


def with_enumerators(
    by_cluster: PartEstimates, by_enumerator: PartEstimates, by_both: PartEstimates | None
) -> PartEstimates:
    """The estimates of one partition with the larger standard error in each place, and its degrees of freedom.

    ``by_both`` has clusters divided by interviewers, or is None where there are too few of either to join the two.
    Tests of parts and Rao–Scott stay with the clusters. Errors: none; unknown where the clusters' own are unknown.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.estimation import Grouping, estimate_survey
    >>> answers, wave = np.array([[0, 0, 1, 1, 0, 0, 1, 1]], np.int8), np.repeat([0, 1], 4)
    >>> asked = (answers, survey_design(np.ones(8))), (answers, survey_design(np.ones(8), cluster=np.arange(8) // 2))
    >>> rest = wave, 2, [Grouping(np.zeros(8, int), 1)], [(0, 1)]
    >>> people, interviewers = (estimate_survey(*one, *rest)[0] for one in asked)
    >>> [round(one.changes.se.item(), 4) for one in (people, with_enumerators(people, interviewers, None))]
    [0.378, 0.5774]
    """
    se, df = _larger(by_cluster, by_enumerator, by_both)
    grown = divided(se, by_cluster.se) ** 2
    return replace(
        by_cluster,
        se=se,
        df=df,
        design_effect=by_cluster.design_effect * grown,
        effect_with_replacement=by_cluster.effect_with_replacement * grown,
        changes=_widened(by_cluster.changes, by_enumerator.changes, by_both.changes if by_both else None),
        contrasts=_widened(by_cluster.contrasts, by_enumerator.contrasts, by_both.contrasts if by_both else None),
        odds=_widened(by_cluster.odds, by_enumerator.odds, by_both.odds if by_both else None),
        contrasts_of_odds=_widened(
            by_cluster.contrasts_of_odds,
            by_enumerator.contrasts_of_odds,
            by_both.contrasts_of_odds if by_both else None,
        ),
    )


def _widened(clusters: Estimates, enumerators: Estimates, both: Estimates | None) -> Estimates:
    se, df = _larger(clusters, enumerators, both)
    return replace(clusters, se=se, df=df)


def _larger(
    clusters: PartEstimates | Estimates,
    enumerators: PartEstimates | Estimates,
    both: PartEstimates | Estimates | None,
) -> tuple[Floats, Floats]:
    between = np.nan_to_num(enumerators.se)
    se = np.maximum(clusters.se, between)
    df = np.where(between > clusters.se, enumerators.df, clusters.df)
    if both is not None:
        joined = np.sqrt(np.maximum(clusters.se**2 + between**2 - np.nan_to_num(both.se) ** 2, 0))
        df = np.where(joined > se, np.minimum(clusters.df, enumerators.df), df)
        se = np.maximum(se, joined)
    return se, df

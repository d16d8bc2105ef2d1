"""What a design costs: design effects, effective sample size and the likeness of people within a cluster."""

from __future__ import annotations

import numpy as np

from analysis.survey.arrays import Floats, divided, over_groups
from analysis.survey.linearised import Means
from analysis.survey.sufficient import Tally


def design_effect(made: Means, *, finite: bool = False) -> Floats:
    """Variance of each mean over that of a simple random sample of as many people.

    Formula: se² / (s²/n), s² = n/(n − 1) Σw(y − p̂)²/Σw. ``finite`` compares with sampling without replacement from a
    population of Σw people, s²/n · (1 − n/Σw), and so depends on the scale of the weights; NaN where Σw < n.
    Units: none. Shape: that of the means. Errors: none; NaN where nobody differs. Source: Kish, *Survey Sampling*
    (1965), §8.2. R: ``svymean(deff = "replace")``, with ``finite`` ``deff = TRUE``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.linearised import means
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(4), cluster=np.array([0, 0, 1, 1])), np.zeros(4, int)
    >>> round(design_effect(means(tally(np.array([[1, 1, 0, 0]], np.int8), design, one, 1, one, 1), design)).item(), 9)
    3.0
    """
    simple = divided(made.variance_of_one, made.n)
    if finite:
        share = divided(made.n, made.weight)
        simple = np.where(share <= 1, simple * (1 - share), np.nan)
    return divided(made.se**2, simple)


def kish_effect(weight: Floats) -> float:
    """Loss of precision by unequal weights alone: n Σw²/(Σw)², 1 for equal weights; weights of shape (rows,).

    Units: none. Errors: none. Source: Kish, *Journal of Official Statistics* 8 (1992) 183–200.

    >>> kish_effect(np.array([1.0, 3.0]))
    1.25
    """
    return float(len(weight) * (weight @ weight) / weight.sum() ** 2)


def intraclass_correlation(counted: Tally) -> Floats:
    """Likeness of people within a PSU by analysis of variance, without weights; shape (indicators, waves, cells).

    Formula: (MSB − MSW)/(MSB + (n₀ − 1) MSW), n₀ = (N − Σn_c²/N)/(k − 1) for k PSUs with n_c answers. It may be
    negative; NaN with fewer than two PSUs, no PSU of two, or nobody differing. Needs a tally by PSU: ValueError else.
    Source: Donner, *International Statistical Review* 54 (1986) 67–82. R: ``ICC::ICCest``.

    >>> from analysis.survey.design import survey_design
    >>> from analysis.survey.sufficient import tally
    >>> design, one = survey_design(np.ones(4), cluster=np.array([0, 0, 1, 1])), np.zeros(4, int)
    >>> intraclass_correlation(tally(np.array([[1, 1, 0, 0]], np.int8), design, one, 1, one, 1)).item()
    1.0
    """
    if counted.second is not None:
        raise ValueError("people are their own PSUs here, so there is no likeness within them")
    n, x = counted.n, counted.x
    people, groups = over_groups(n), over_groups(n > 0)
    within_groups = divided(x**2, n)
    group_part = over_groups(np.nan_to_num(within_groups))
    between = divided(group_part - divided(over_groups(x) ** 2, people), groups - 1)
    within = divided(np.maximum(counted.plain_square - group_part, 0), people - groups)
    size = divided(people - divided(over_groups(n**2), people), groups - 1)
    return divided(between - within, between + (size - 1) * within)


def effective_size(n: Floats, effect: Floats) -> Floats:
    """How many people of a simple random sample would tell as much: n / design effect, in shapes that broadcast.

    Units: people. Errors: none; NaN where the design effect is 0 or unknown. Source: Kish (1965), §8.2.

    >>> effective_size(np.array([300.0]), np.array([2.0])).tolist()
    [150.0]
    """
    return divided(n, effect)

"""Who was lost between waves, and what the result would be with them: tests, weights and worst cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.clustered_pairs import Codes
from analysis.crosstables import Homogeneity, counts_by_group, homogeneity
from analysis.intervals import Bounds, Numbers, as_numbers, ratio
from analysis.means import MeanChange, mean_change
from analysis.models.differences import difference_in_differences
from analysis.models.fitting import Fit, fit_logistic
from analysis.paired import PairedTable
from analysis.survey.errors import SurveyError

Booleans = NDArray[np.bool_]
NAN = float("nan")


@dataclass(frozen=True)
class Loss:
    """People of each group (an answer at baseline, an arm, a part) and how many of them were found again."""

    people: Numbers  # (groups,)
    found: Numbers  # (groups,)
    test: Homogeneity

    @property
    def share_lost(self) -> Numbers:
        return 1 - ratio(self.found, self.people)


def loss_by_group(group: Codes, found: Booleans) -> Loss:
    """Were people of one group lost more often than those of another?

    Formula: ``homogeneity`` of the table group × found again. Give the answers at baseline to see whether those who
    knew stayed, the arms to see whether the activity did. A p that is not small does not show
    that losing them did no harm. Source: Fewtrell et al. (2008), Arch. Dis. Child. 93, 458–461. Shapes: (people,)
    each; group −1 where it is unknown. Errors: none.

    >>> loss = loss_by_group(np.repeat([0, 1], 50), np.array([True] * 30 + [False] * 20 + [True] * 40 + [False] * 10))
    >>> loss.share_lost.round(3).tolist(), loss.test.method, round(loss.test.p, 6)
    ([0.4, 0.2], 'chi2_n_minus_1', 0.029913)
    """
    table = counts_by_group(group, found)
    return Loss(table.sum(axis=1), table[:, 0], homogeneity(table))


def differential_loss(found: Booleans, treated: Numbers, baseline: Numbers) -> MeanChange:
    """Did the activity change who was lost? The loss by baseline answer, compared between the arms.

    Formula: difference in differences of the share lost over answer (0 or 1, or a score) and arm, HC2, Satterthwaite's
    df. Source: Ghanem, Hirshleifer & Ortiz-Becerra (2023), J. Hum. Resour. Shapes: (people,) each.
    Errors: SurveyError ``collinear`` where an arm has one answer only.

    >>> found = np.array([True, True, True, False, True, False, False, True] * 3)
    >>> round(differential_loss(found, np.repeat([1.0, 0], 12), np.array([1.0, 0] * 12)).value, 6)
    -0.166667
    """
    return difference_in_differences(1 - found.astype(np.float64), treated, baseline, np.arange(len(found)))


@dataclass(frozen=True)
class Weights:
    """Inverse-probability weights of those found again, and the model behind them."""

    weight: Numbers  # (people,) 0 for whoever was not found
    model: Fit

    @property
    def range(self) -> tuple[float, float]:
        used = self.weight[self.weight > 0]
        return float(used.min()), float(used.max())

    @property
    def kish_effect(self) -> float:
        """How many times more people equal weights would have saved: n Σw²/(Σw)²."""
        used = self.weight[self.weight > 0]
        return float(len(used) * (used**2).sum() / used.sum() ** 2)


def weights_of_found(found: Booleans, covariates: Numbers) -> Weights:
    """Weights that let those found again stand for all who were seen at baseline.

    Formula: 1/π, π = P(found | covariates) by logistic regression. It repairs what the covariates explain and nothing
    else. Source: Robins, Rotnitzky & Zhao (1995), J. Am. Stat. Assoc. 90, 106–121. Shapes: found (people,), covariates
    (people, k) with their own column of ones. Errors: SurveyError ``separated`` where a group was lost or found whole.

    >>> columns = np.column_stack([np.ones(6), np.array([0.0, 0, 1, 0, 1, 1])])
    >>> made = weights_of_found(np.array([True, True, True, False, True, False]), columns)
    >>> made.weight.round(4).tolist(), round(made.kish_effect, 4)
    ([1.5, 1.5, 1.5, 0.0, 1.5, 0.0], 1.0)
    """
    model = fit_logistic(found.astype(np.float64), covariates)
    return Weights(np.where(found, 1 / model.fitted, 0.0), model)


@dataclass(frozen=True)
class WeightedChange:
    """The change with everybody seen at baseline in mind, beside that of the complete pairs."""

    change: MeanChange  # the weights' own uncertainty included
    se_of_known_weights: float
    complete_pairs: float
    later: float  # weighted mean at the later wave
    earlier: float  # mean at baseline
    people: int
    found: int
    lowest_weight: float
    highest_weight: float
    kish_effect: float


def weighted_change(
    earlier: Numbers,
    later: Numbers,
    covariates: Numbers,
    cluster: Codes | None = None,
    confidence: float = 0.95,
) -> WeightedChange:
    """The change from baseline, those found again weighted up to all who answered at baseline.

    Formula: Σw(later)/Σw − mean(earlier), w from ``weights_of_found``; variance from the stacked estimating equations
    of weights and means, Σψψ' over people with normal quantiles, or over clusters times C/(C − 1) with t on C − 1.
    Source: Robins, Rotnitzky & Zhao (1995); Lunceford & Davidian (2004), Stat. Med. 23, 2937–2960; Stefanski & Boos
    (2002), Am. Stat. 56, 29–38. Units: those of the answers. Shapes: (people,) each, NaN where missing; covariates
    (people, k) with their own column of ones. Errors: SurveyError ``no_rows``, ``separated``, ``collinear``,
    ``one_cluster``.

    >>> earlier = np.repeat([0.0, 1], 20); later = np.where(np.arange(40) % 4 < 3, 1.0, 0.0)
    >>> later[[1, 5, 9, 22]] = np.nan
    >>> made = weighted_change(earlier, later, np.column_stack([np.ones(40), earlier]))
    >>> round(made.change.value, 6), round(made.complete_pairs, 6), made.found
    (0.221362, 0.194444, 36)
    """
    there = ~np.isnan(earlier)
    if not there.any():
        raise SurveyError("no_rows")
    before, after, columns = earlier[there], later[there], covariates[there]
    found = ~np.isnan(after)
    weights = weights_of_found(found, columns)
    total, known = weights.weight.sum(), np.where(found, after, 0.0)
    mean = float((weights.weight * known).sum() / total)
    scored = weights.weight * (known - mean) / total
    pull = -(columns * (scored * (1 - weights.model.fitted))[:, None]).sum(axis=0)
    of_baseline = (before - before.mean()) / len(before)
    estimated = scored + weights.model.scores @ weights.model.bread @ pull - of_baseline
    groups = None if cluster is None else cluster[there]
    se, df = _spread(estimated, groups)
    low, high = weights.range
    return WeightedChange(
        change=mean_change(mean - float(before.mean()), se, df, confidence),
        se_of_known_weights=_spread(scored - of_baseline, groups)[0],
        complete_pairs=float((after - before)[found].mean()),
        later=mean,
        earlier=float(before.mean()),
        people=len(before),
        found=int(found.sum()),
        lowest_weight=low,
        highest_weight=high,
        kish_effect=weights.kish_effect,
    )


def worst_and_best(earlier: Numbers, later: Numbers, lowest: float = 0.0, highest: float = 1.0) -> Bounds:
    """The change of all who answered at baseline if everybody who was lost had the lowest, or the highest, answer.

    Formula: mean of (later, or lowest/highest where missing) − mean of earlier. No model, no chance: whatever was lost,
    the change lies between. Source: Manski (1990), Am. Econ. Rev. 80, 319–323; Horowitz & Manski (2000), J. Am. Stat.
    Assoc. 95, 77–84. Units: those of the answers. Shapes: (people,) each. Errors: none; NaN for nobody.

    >>> found = worst_and_best(np.array([0.0, 1, 0, 1]), np.array([1.0, 1, np.nan, 1]))
    >>> found.low.item(), found.high.item()
    (0.25, 0.5)
    """
    there = ~np.isnan(earlier)
    if not there.any():
        return Bounds(as_numbers(NAN), as_numbers(NAN))
    before, after = earlier[there], later[there]
    filled = (np.where(np.isnan(after), value, after) for value in (lowest, highest))
    low, high = (as_numbers(np.mean(one - before)) for one in filled)
    return Bounds(low, high)


def completed_tables(table: PairedTable, lost_yes: ArrayLike, lost_no: ArrayLike) -> tuple[PairedTable, PairedTable]:
    """The paired table if everybody who was lost said no later, and if they said yes: for an interval of each bound.

    ``lost_yes`` and ``lost_no`` count who was lost by their answer at baseline. The lower limit of the first and the
    upper limit of the second hold whatever was lost. Source: Horowitz & Manski (2000). Shape: the table's.
    Errors: none.

    >>> worst, best = completed_tables(PairedTable.of(10, 2, 6, 4), 3, 5)
    >>> worst.difference.round(4).item(), best.difference.round(4).item()
    (0.0333, 0.3)
    """
    yes, no = as_numbers(lost_yes), as_numbers(lost_no)
    worst = PairedTable.of(table.yes_yes, table.yes_no + yes, table.no_yes, table.no_no + no)
    best = PairedTable.of(table.yes_yes + yes, table.yes_no, table.no_yes + no, table.no_no)
    return worst, best


def worst_and_best_comparison(treated: Bounds, control: Bounds) -> Bounds:
    """Bounds of a difference in differences from those of each arm: the worst of one against the best of the other.

    >>> found = worst_and_best_comparison(Bounds(np.array(0.1), np.array(0.3)), Bounds(np.array(-0.1), np.array(0.2)))
    >>> found.low.round(6).item(), found.high.round(6).item()
    (-0.1, 0.4)
    """
    return Bounds(treated.low - control.high, treated.high - control.low)


def _spread(parts: Numbers, cluster: Codes | None) -> tuple[float, float]:
    """Standard error and degrees of freedom of a sum of parts, one for each person."""
    if cluster is None:
        return float(np.sqrt((parts**2).sum())), np.inf
    sums = np.bincount(np.unique(cluster, return_inverse=True)[1], weights=parts)
    if len(sums) < 2:
        raise SurveyError("one_cluster")
    return float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1))), float(len(sums) - 1)

"""Barrier analysis: what do those who do a behaviour say, and those who do not? One row for each determinant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis import independent, ratios
from analysis.codes import as_text
from analysis.errors import N_, DataError, listed
from analysis.independent import TwoSamples
from analysis.intervals import Bounds, Numbers, Tested, normal_quantile, ratio
from analysis.multiplicity import FAMILIES
from analysis.planning.answers import smallest_aim
from analysis.planning.studies import TwoShares
from analysis.planning.terms import Terms
from analysis.rows import Row, interval, number, tested, why_null

FEWEST_EXPECTED = 1  # below this expected count Fisher's test takes the place of N−1 χ²
USUAL_GROUP = 45  # people of a group that the method asks for
FLOOR_GROUP = 15  # people of a group below which only a rare behaviour excuses a barrier analysis
BLANKS = frozenset({"", "NA"})

SENTENCES: dict[str, str] = {
    "no_doer": N_(
        "Nobody in column “%(column)s” has the code “%(doer)s” that means doer; correct the plan's “doer”, "
        "where the column has: %(codes)s."
    ),
    "no_non_doer": N_(
        "Nobody in column “%(column)s” is a non-doer; correct the plan's “non_doer”, where the column has: %(codes)s."
    ),
    "which_non_doer": N_(
        "Column “%(column)s” has more than one code besides doers (%(codes)s); "
        "say in the plan's “non_doer” which of them means non-doer."
    ),
    "prevalence_out_of_range": N_(
        "The prevalence of the behaviour is %(value)s; give the share of people who do it, above 0 and below 1."
    ),
}


class BarrierError(DataError):
    """The groups of a barrier analysis cannot be told apart."""

    sentences: ClassVar[Mapping[str, str]] = SENTENCES


@dataclass(frozen=True)
class Screening:
    """Who is a doer and who a non-doer (masks over people); those who are neither, or unknown, are only counted."""

    doers: NDArray[np.bool_]
    non_doers: NDArray[np.bool_]
    neither: int
    unknown: int


def screen(
    group: Iterable[object], doer: str, non_doer: str | None = None, *, column: str = "group", neither: str = "neither"
) -> Screening:
    """Sort people into doers and non-doers by the codes of a column.

    Rule: cells are compared as codes (blanks around them do not count; an empty cell and R's NA are unknown). Without
    ``non_doer`` the only other code besides ``doer`` and ``neither`` is taken. Source: Kittle (2017), A Practical Guide
    to Conducting a Barrier Analysis, 2nd ed. (screening questions). Shapes: masks (people,). Errors: BarrierError where
    nobody is a doer or a non-doer, or several codes could mean non-doer.

    >>> found = screen(["doer ", "non-doer", "neither", "NA", "doer"], "doer")
    >>> found.doers.tolist(), found.neither, found.unknown
    ([True, False, False, False, True], 1, 1)
    """
    codes = np.array([as_text(cell) for cell in group], dtype=object)
    unknown = np.isin(codes, list(BLANKS))
    seen = sorted(set(codes[~unknown]))
    if doer not in seen:
        raise BarrierError("no_doer", column=column, doer=doer, codes=listed(seen) or "–")
    others = [code for code in seen if code not in (doer, neither)]
    if non_doer is None and len(others) > 1:
        raise BarrierError("which_non_doer", column=column, codes=listed(others))
    chosen = non_doer if non_doer is not None else next(iter(others), None)
    if chosen is None or chosen not in seen:
        raise BarrierError("no_non_doer", column=column, codes=listed(seen))
    doers, non_doers = codes == doer, codes == chosen
    return Screening(doers, non_doers, int((~doers & ~non_doers & ~unknown).sum()), int(unknown.sum()))


def mentions(answers: NDArray[Any], screening: Screening) -> TwoSamples:
    """How many doers and non-doers mention each determinant; doers stand in the place of the later wave.

    Shapes: answers (determinants, people) with 1 mentioned, 0 not, -1 no answer; counts (determinants,). Errors: none.

    >>> samples = mentions(np.array([[1, 0, -1, 1]]), screen(["d", "n", "n", "d"], "d"))
    >>> samples.x_later.tolist(), samples.n_later.tolist(), samples.n_earlier.tolist()
    ([2.0], [2.0], [1.0])
    """
    groups = (screening.doers, screening.non_doers)
    counts = [((answers[:, who] == 1).sum(axis=1), (answers[:, who] >= 0).sum(axis=1)) for who in groups]
    return TwoSamples.of(*counts[0], *counts[1])


def zero_cells(samples: TwoSamples) -> NDArray[np.bool_]:
    """Where a cell of the 2×2 table is empty, though the determinant tells people apart at all."""
    cells: tuple[Numbers, ...] = (
        samples.x_later,
        samples.n_later - samples.x_later,
        samples.x_earlier,
        samples.n_earlier - samples.x_earlier,
    )
    empty: NDArray[np.bool_] = np.any([cell == 0 for cell in cells], axis=0) & tells_apart(samples)
    return empty


def tells_apart(samples: TwoSamples) -> NDArray[np.bool_]:
    """Where both groups answered and neither everybody nor nobody mentions the determinant."""
    total = samples.x_later + samples.x_earlier
    answered = (samples.n_later > 0) & (samples.n_earlier > 0)
    apart: NDArray[np.bool_] = answered & (total > 0) & (total < samples.n_later + samples.n_earlier)
    return apart


def half_added(samples: TwoSamples) -> TwoSamples:
    """The table with half a person more in each cell where one is empty, so that ratios and intervals exist.

    Source: Haldane (1956), Ann. Hum. Genet. 20, 309–311; Anscombe (1956), Biometrika 43, 461–464. Units: people. Shape:
    the samples'. Errors: none; all zero, so all ratios NaN, where the determinant does not tell people apart.

    >>> half_added(TwoSamples.of([0, 5], [45, 45], [6, 9], [47, 47])).x_later.tolist()
    [0.5, 5.0]
    """
    more = np.where(zero_cells(samples), 0.5, 0.0)
    added = TwoSamples(
        samples.x_later + more, samples.n_later + 2 * more, samples.x_earlier + more, samples.n_earlier + 2 * more
    )
    return added.where(tells_apart(samples))


def adjusted_relative_risk(samples: TwoSamples, prevalence: float, confidence: float = 0.95) -> tuple[Numbers, Bounds]:
    """How much likelier someone who mentions the determinant is to do the behaviour, in the population.

    Doers are asked far more often than they occur, and the odds ratio overstates; the prevalence P of the behaviour
    leads back to the population. Formula: RR = d·B/((1 − d)·A), d and n the shares of doers and non-doers who mention
    it, A = Pd + (1 − P)n and B = P(1 − d) + (1 − P)(1 − n), the shares of the population who do and do not mention it.
    Limits by the delta method on ln RR: ∂d = 1/(d(1 − d)) − P(1/A + 1/B), ∂n = −(1 − P)(1/A + 1/B), variances
    d(1 − d)/n₁ and n(1 − n)/n₂.
    Where a cell is empty, d and n are those with half a person more in each cell; n₁ and n₂ stay the people asked.
    Source: Bayes' rule; the field's "estimated relative risk" (Kittle 2017). Units: prevalence a fraction of 1; ratio.
    Shape: the samples'. Errors: BarrierError for a prevalence outside 0 to 1; NaN where tells_apart is false.

    >>> value, bounds = adjusted_relative_risk(TwoSamples.of(34, 45, 19, 47), prevalence=0.10)
    >>> value.round(4).item(), bounds.low.round(4).item(), bounds.high.round(4).item()
    (3.9437, 1.752, 8.877)
    """
    if not 0 < prevalence < 1:
        raise BarrierError("prevalence_out_of_range", value=prevalence)
    added, rest = half_added(samples), 1 - prevalence
    doers, others = added.p_later, added.p_earlier
    both = ratio(1, prevalence * doers + rest * others) + ratio(1, prevalence * (1 - doers) + rest * (1 - others))
    slope = ratio(1, doers * (1 - doers)) - prevalence * both
    variance = slope**2 * ratio(doers * (1 - doers), samples.n_later)
    variance = variance + (rest * both) ** 2 * ratio(others * (1 - others), samples.n_earlier)
    value, factor = _relative_risk(added, prevalence), np.exp(normal_quantile(confidence) * np.sqrt(variance))
    return value, Bounds(value / factor, value * factor)


def _relative_risk(samples: TwoSamples, prevalence: float) -> Numbers:
    doers, others = samples.p_later, samples.p_earlier
    above = doers * (prevalence * (1 - doers) + (1 - prevalence) * (1 - others))
    below = (1 - doers) * (prevalence * doers + (1 - prevalence) * others)
    return np.where((below == 0) & (above > 0), np.inf, ratio(above, below))


def barrier_test(samples: TwoSamples) -> tuple[Tested, NDArray[np.str_]]:
    """Do doers and non-doers mention the determinant alike? N−1 χ², or Fisher where an expected count is below 1.

    Source: Campbell (2007), Stat. Med. 26, 3661–3675; the rule is the field's (barrieranalysis.org). Shape: the
    samples'; the method's name for each. Errors: none; NaN where tells_apart is false.

    >>> found, method = barrier_test(TwoSamples.of([34, 2], [45, 45], [19, 0], [47, 47]))
    >>> found.p.round(6).tolist(), method.tolist()
    ([0.000699, 0.236503], ['chi2_n_minus_1', 'fisher'])
    """
    apart = tells_apart(samples)
    rare = apart & (np.nan_to_num(samples.smallest_expected) < FEWEST_EXPECTED)
    usual, exact = independent.chi2_n_minus_1(samples), independent.fisher(samples.where(rare))
    p = np.where(apart, np.where(rare, exact.p, usual.p), np.nan)
    method = np.where(rare, "fisher", "chi2_n_minus_1")
    return Tested(np.where(rare, exact.statistic, usual.statistic), p), method


def stands_out(bounds: Bounds, p_adjusted: Numbers, confidence: float = 0.95) -> NDArray[np.bool_]:
    """Whether a determinant deserves an activity, or a written reason why not.

    Rule: the interval of the difference excludes 0 and the adjusted p is at most 1 − confidence. The interval rules, as
    in every verdict; the adjustment keeps the best of many determinants from standing out by luck. Shape: as given.

    >>> stands_out(Bounds(np.array([0.15, 0.02]), np.array([0.51, 0.30])), np.array([0.004, 0.08])).tolist()
    [True, False]
    """
    beyond = (bounds.low > 0) | (bounds.high < 0)
    return np.asarray(beyond & (p_adjusted <= 1 - confidence + 1e-12))


def barrier_rows(
    determinants: Sequence[str],
    samples: TwoSamples,
    *,
    prevalence: float,
    confidence: float = 0.95,
    family: str = "bh",
    suppress_below: int = 0,
) -> list[Row]:
    """One row for each determinant, with the keys of the contract.

    ``interval`` is that of ``relative_risk``. Where a cell is empty, ``half_added`` is true, ratios and their intervals
    are those with half a person more in each cell, and ``uncorrected`` gives the ratios as they are. Determinants that
    do not tell people apart have null ratios and p, with a reason, and are not counted in the family.
    Shapes: a row for each of ``determinants``, whose counts are the samples'. Errors: BarrierError for the prevalence.

    >>> row = barrier_rows(["easy"], TwoSamples.of([34], [45], [19], [47]), prevalence=0.10)[0]
    >>> row["doers"], round(row["odds_ratio"], 4), round(row["relative_risk"], 4), row["stands_out"]
    ({'x': 34, 'n': 45}, 4.555, 3.9437, True)
    """
    found = _Found.of(samples, prevalence, confidence, family)
    hidden = np.minimum(samples.n_later, samples.n_earlier) < suppress_below
    rows = [found.row(place, name) for place, name in enumerate(determinants)]
    return [_emptied(row) if hide else row | {"hidden": False} for row, hide in zip(rows, hidden, strict=True)]


def visible_gap(doers: int, non_doers: int, *, power: float = 0.80, confidence: float = 0.95) -> float:
    """The smallest gap between doers and non-doers that so many people show, when half of the non-doers agree.

    Formula: the gap g at which χ² finds ½ against ½ + g with the power asked (normal approximation; see
    analysis.planning.studies.TwoShares). Units: people in, fraction of 1 out. Shapes: scalars. Errors: PlanningError
    where no gap can be found.

    >>> round(visible_gap(45, 45), 3)
    0.28
    """
    study = TwoShares(0.5, 0.1, ratio=doers / non_doers)
    return smallest_aim(study, non_doers, Terms(confidence=confidence, power=power)).aim


def group_warnings(doers: int, non_doers: int) -> list[Row]:
    """Warnings about groups smaller than the method asks for, as ``{code, params}``.

    >>> group_warnings(45, 12)
    [{'code': 'barrier_group_below_floor', 'params': {'doers': 45, 'non_doers': 12}}]
    """
    fewest = min(doers, non_doers)
    if fewest >= USUAL_GROUP:
        return []
    code = "barrier_group_below_floor" if fewest < FLOOR_GROUP else "barrier_group_small"
    return [{"code": code, "params": {"doers": doers, "non_doers": non_doers}}]


@dataclass(frozen=True)
class _Found:
    """Everything about all determinants, each array (determinants,)."""

    samples: TwoSamples
    halves: NDArray[np.bool_]
    odds_ratio: tuple[Numbers, Bounds]
    relative_risk: tuple[Numbers, Bounds]
    raw: dict[str, Numbers]
    gap: Bounds
    test: Tested
    method: NDArray[np.str_]
    p_adjusted: Numbers
    stands_out: NDArray[np.bool_]

    @classmethod
    def of(cls, samples: TwoSamples, prevalence: float, confidence: float, family: str) -> _Found:
        test, method = barrier_test(samples)
        added, p_adjusted = half_added(samples), FAMILIES[family](test.p)
        plain = samples.where(tells_apart(samples))
        gap = independent.newcombe(samples, confidence)
        return cls(
            samples,
            zero_cells(samples),
            ratios.odds_ratio(added, confidence),
            adjusted_relative_risk(samples, prevalence, confidence),
            {
                "odds_ratio": ratios.odds_ratio(plain, confidence)[0],
                "relative_risk": _relative_risk(plain, prevalence),
            },
            gap,
            test,
            method,
            p_adjusted,
            stands_out(gap, p_adjusted, confidence),
        )

    def row(self, place: int, determinant: str) -> Row:
        at, samples = (place,), self.samples
        reason = "no_answers" if not (samples.n_later[at] and samples.n_earlier[at]) else "all_alike"
        return {
            "determinant": determinant,
            "doers": {"x": int(samples.x_later[at]), "n": int(samples.n_later[at])},
            "non_doers": {"x": int(samples.x_earlier[at]), "n": int(samples.n_earlier[at])},
            "difference": number(samples.difference[at]),
            "difference_interval": interval(self.gap, at, "newcombe"),
            "odds_ratio": number(self.odds_ratio[0][at]),
            "odds_ratio_interval": interval(self.odds_ratio[1], at, "woolf", reason),
            "relative_risk": number(self.relative_risk[0][at]),
            "interval": interval(self.relative_risk[1], at, "delta_log", reason),
            "half_added": bool(self.halves[place]),
            "uncorrected": {name: number(value[at]) for name, value in self.raw.items()}
            if self.halves[place]
            else None,
            "test": tested(self.test, at, str(self.method[place]), reason),
            "p_adjusted": number(self.p_adjusted[at]),
            "stands_out": bool(self.stands_out[place]),
        } | why_null(self.odds_ratio[0][at], reason)


def _emptied(row: Row) -> Row:
    """The row of groups too small to show: which determinant, and nothing else."""
    return dict.fromkeys(row) | {"determinant": row["determinant"], "hidden": True}

"""The three questions to a planned study: how many people, with what power, and how small a change can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from math import ceil, isinf, sqrt
from typing import Any, NamedTuple

from scipy.special import ndtr, ndtri, stdtrit

from analysis.noncentral_t import noncentral_t
from analysis.planning.errors import PlanningError, within
from analysis.planning.studies import NEARLY, Signal, Study, up
from analysis.planning.terms import Clusters, Terms, as_if_infinite

MOST_PEOPLE = 1_000_000_000
HALVINGS = 100
MANY = 1e5  # degrees of freedom at which t is normal
SMALL_COUNT = 5  # yes or no answers expected in a group, below which the normal approximation is poor
FEW_CLUSTERS = 40
FEWEST_CLUSTERS = 6  # below this a verdict speaks of these groups only (the rule for results)
DEFAULT = Terms()


@dataclass(frozen=True)
class SamplePlan:
    """A planned sample with everything that it rests on. ``groups`` says how many answers (or linked pairs) each wave
    and arm needs, ``recruit`` how many people to approach for them. ``aim`` is the change, or the margin, that this
    sample finds with ``power``. ``clusters`` are those of one arm at one wave. ``assumptions`` are codes."""

    study: str
    inputs: Mapping[str, Any]
    terms: Mapping[str, Any]
    aims_at: str
    aim: float
    power: float | None  # None for a precision, which has none
    n_exact: float
    n: int
    groups: Mapping[str, int]
    total: int
    recruit: Mapping[str, int]
    recruit_total: int
    clusters: int | None
    cluster_size: float | None
    design_effect: float
    assumptions: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Mappings, lists, texts, numbers and null only."""
        return asdict(self) | {"assumptions": list(self.assumptions)}


class CurvePoint(NamedTuple):
    """The smallest aim that n people find; None where not even the largest possible one is found."""

    n: int
    aim: float | None


def power(study: Study, n: float, terms: Terms = DEFAULT) -> float:
    """The chance that a study finds what it aims at.

    Formula: Φ((√n′ · distance − z σ₀)/σ₁), n′ the people that n are worth after a finite population and the design
    effect; with groups P(T > t σ₀/σ₁), T noncentral t with √n′ · distance/σ₁. Distance and spreads: see the studies.
    Source: Fleiss, Levin & Paik (2003), ch. 4; for groups Donner & Klar (2000). Units: n people of the first group of
    the study (a wave of one arm, or its pairs). Shapes: scalars. Errors: none; 0 below one degree of freedom.

    >>> from analysis.planning.studies import TwoShares
    >>> round(power(TwoShares(0.50, 0.25), 50), 4)
    0.7402
    """
    signal, clusters, level = study.signal(), terms.clusters, 0.5 + terms.confidence / 2
    worth = as_if_infinite(n, terms.population)
    if clusters is None:
        return _chance(signal, worth, float(ndtri(level)))
    count, size = clusters.count_and_size(n)
    worth /= clusters.design_effect(size, study.sampling)
    if not clusters.small_sample:
        return _chance(signal, worth, float(ndtri(level)))
    degrees = clusters.degrees(count, study.arms, study.sampling)
    return _chance(signal, worth, float(stdtrit(degrees, level)), degrees) if degrees >= 1 else 0.0


def sample_size(study: Study, terms: Terms = DEFAULT) -> SamplePlan:
    """How many people a study needs for the power asked.

    Formula: the n at which power(study, n) is the power asked, by halving, and the next whole number (of people, or of
    groups of the size given). Shapes: scalars. Errors: PlanningError where no number of people is enough.

    >>> from analysis.planning.studies import PairedShares
    >>> from analysis.planning.terms import Losses
    >>> found = sample_size(PairedShares(0.5, 0.10, 0.30), Terms(losses=Losses(found_again=0.8, matched=0.67)))
    >>> found.groups, found.recruit
    ({'pairs': 234}, {'pairs': 437})
    """
    most = float(terms.population or MOST_PEOPLE)
    if power(study, most * (1 - NEARLY), terms) < terms.power:
        raise _never(study, terms)
    exact = _crossing(lambda n: power(study, n, terms) >= terms.power, 1e-6, most)
    return _described(study, terms, exact)


def smallest_aim(study: Study, n: int, terms: Terms = DEFAULT) -> SamplePlan:
    """The smallest change (for studies of retention: the smallest margin) that n people find with the power asked.

    Formula: the aim, in the direction of the study's own, at which power is the power asked, by halving. Units: n as in
    power, taken up to whole groups; aims fractions of 1. Shapes: scalars. Errors: PlanningError for n out of
    range, and where even the largest possible aim is missed.

    >>> from analysis.planning.studies import TwoShares
    >>> round(smallest_aim(TwoShares(0.40, 0.10), 200).aim, 4)
    0.1394
    """
    within("n", n, 1, terms.population or MOST_PEOPLE, ends=True)
    people = n if terms.clusters is None else _whole_clusters(terms.clusters, n)[0]
    aim = _smallest(study, people, terms)
    if aim is None:
        raise PlanningError("too_few_people", n=n)
    return _described(study.aiming(aim), terms, people)


def curve(study: Study, sizes: Iterable[int], terms: Terms = DEFAULT) -> tuple[CurvePoint, ...]:
    """The smallest aim for each of several sample sizes, to be drawn.

    Formula: smallest_aim at each n. Shapes: one point for each size. Errors: none; aim None where nothing can be found.

    >>> from analysis.planning.studies import TwoShares
    >>> [(point.n, round(point.aim, 3)) for point in curve(TwoShares(0.40, 0.10), (100, 200, 400))]
    [(100, 0.197), (200, 0.139), (400, 0.098)]
    """
    return tuple(CurvePoint(n, _smallest(study, n, terms)) for n in sizes)


def _chance(signal: Signal, worth: float, quantile: float, degrees: float | None = None) -> float:
    """The chance of a finding, by the normal distribution or by noncentral t."""
    if isinf(worth):
        return 1.0
    root = sqrt(worth) - (signal.handicap / sqrt(worth) if signal.handicap else 0.0)
    seen, needed = root * signal.distance, quantile * signal.null_spread
    if signal.spread <= 0:
        return float(seen >= needed)
    if degrees is None or degrees > MANY:
        return float(ndtr((seen - needed) / signal.spread))
    return 1 - noncentral_t(needed / signal.spread, degrees, seen / signal.spread)


def _crossing(enough: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that holds at ``high`` begins to hold; sizes are halved on the scale of ratios."""
    for _ in range(HALVINGS):
        middle = sqrt(low * high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _smallest(study: Study, n: int, terms: Terms) -> float | None:
    sign = 1.0 if study.aim > 0 else -1.0
    low, high = study.nearest, abs(study.furthest)
    if not low < high or power(study.aiming(sign * high), n, terms) < terms.power:
        return None
    for _ in range(HALVINGS // 2):
        middle = (low + high) / 2
        low, high = (low, middle) if power(study.aiming(sign * middle), n, terms) >= terms.power else (middle, high)
    return sign * high


def _described(study: Study, terms: Terms, exact: float) -> SamplePlan:
    n, count, size, effect = up(exact), None, None, 1.0
    if terms.clusters is not None:
        n, count, size = _whole_clusters(terms.clusters, exact)
        effect = terms.clusters.design_effect(size, study.sampling)
    groups = study.groups(n)
    kept = terms.losses.kept(study.sampling)
    recruit = {group: up(people / kept) for group, people in groups.items()}
    return SamplePlan(
        study=study.name,
        inputs=asdict(study),  # type: ignore[call-overload]
        terms=asdict(terms),
        aims_at=study.aims_at,
        aim=study.aim,
        power=None if study.sampling == "once" else power(study, n, terms),
        n_exact=exact,
        n=n,
        groups=groups,
        total=sum(groups.values()),
        recruit=recruit,
        recruit_total=sum(recruit.values()),
        clusters=count,
        cluster_size=size,
        design_effect=effect,
        assumptions=_assumptions(study, terms, groups, count),
    )


def _whole_clusters(clusters: Clusters, exact: float) -> tuple[int, int, float]:
    """People, groups and people of a group, in whole numbers of what was sought."""
    count, size = clusters.count_and_size(exact)
    if clusters.size is not None:
        return up(up(count) * size), up(count), size
    return up(count) * up(size), up(count), float(up(size))


def _assumptions(study: Study, terms: Terms, groups: Mapping[str, int], count: int | None) -> tuple[str, ...]:
    found = list(study.assumes)
    if count is None:
        found.append("people_answer_independently")
    elif terms.clusters is not None:
        found += ["icc", "cluster_sizes_alike" if terms.clusters.cv == 0 else "cluster_sizes_vary"]
        found += (
            ["same_clusters" if terms.clusters.same_in_waves else "new_clusters"]
            if study.sampling == "separate"
            else []
        )
        found += ["too_few_clusters_to_speak_for_others"] if count < FEWEST_CLUSTERS else []
        found += ["few_clusters"] if count < FEW_CLUSTERS else []
    if terms.population is not None:
        found.append("claim_about_this_population_only")
    if terms.losses.kept(study.sampling) < 1:
        found.append("those_lost_are_like_those_kept")
    if study.scarcest * min(groups.values()) < SMALL_COUNT:
        found.append("normal_approximation_is_poor")
    return tuple(found)


def _never(study: Study, terms: Terms) -> PlanningError:
    """Why no sample is enough: with the groups given, say how many would be."""
    clusters = terms.clusters
    if clusters is None or clusters.count is None:
        return PlanningError("no_sample_enough")

    def enough(count: float) -> bool:
        more = Terms(terms.confidence, terms.power, Clusters(**asdict(clusters) | {"count": count}))
        return power(study, MOST_PEOPLE, more) >= terms.power

    needed = ceil(_crossing(enough, 2.0, 1e6) - NEARLY)
    return PlanningError("too_few_clusters", count=clusters.count, needed=needed)

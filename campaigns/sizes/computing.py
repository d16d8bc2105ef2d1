"""From the figures of the form to a planned sample, by the formulas of ``analysis.planning``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from analysis.planning.answers import CurvePoint, SamplePlan, curve, sample_size, smallest_aim
from analysis.planning.comparison import DidPairs, DidSamples
from analysis.planning.errors import PlanningError
from analysis.planning.precision import Precision
from analysis.planning.retention import RetentionPairs, RetentionSamples
from analysis.planning.studies import PairedShares, Study, TwoShares, check_change, discordant_share, up
from analysis.planning.terms import Clusters, Losses, Terms
from campaigns.sizes.inputs import COMPARED, KEPT, Inputs

NEARLY = 1e-9
FACTORS = (0.25, 0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 3.0)  # sizes of the curve over the size that was found


@dataclass(frozen=True, slots=True)
class Group:
    """People of one wave and arm, or those who are linked; ``name`` as in ``SamplePlan.groups``."""

    name: str
    approach: int
    analyse: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A sample with everything that it rests on. ``clusters`` of ``cluster_size`` people are those of one arm and
    wave. ``smallest`` is the smallest change, margin or precision that the sample shows, a fraction of 1; a little
    below the ``aim`` asked for, since people and clusters are whole."""

    inputs: Inputs
    plan: SamplePlan
    groups: tuple[Group, ...]
    clusters: int | None
    cluster_size: float | None
    changers: float | None
    smallest: float

    @property
    def approach(self) -> int:
        """People to approach in all."""
        return sum(group.approach for group in self.groups)

    @property
    def aim(self) -> float:
        return self.plan.aim

    @property
    def enough(self) -> bool:
        """Whether the sample shows what was planned, or something still smaller."""
        return self.inputs.aim is not None and self.smallest <= self.inputs.aim / 100 + NEARLY

    @property
    def beyond_population(self) -> bool:
        """Whether more people would have to be approached than there are."""
        population = self.inputs.population
        return population is not None and max(group.approach for group in self.groups) > population


@dataclass(frozen=True, slots=True)
class Point:
    """The smallest aim for so many people of each group; None where even the largest would be missed."""

    approach: int
    analyse: int
    clusters: int | None
    aim: float | None
    chosen: bool


@lru_cache(maxsize=256)
def planned(inputs: Inputs) -> Planned:
    """The sample for these figures; raises PlanningError where they cannot go together or nothing is enough."""
    study, terms = study_of(inputs), terms_of(inputs)
    if inputs.question == "need":
        plan = sample_size(study, terms)
    else:
        plan = smallest_aim(study, _reached(inputs, terms.losses.kept(study.sampling)), terms)
    kept = terms.losses.kept(study.sampling)
    size = _people_of_a_cluster(inputs, plan, kept)
    if plan.clusters is not None and size is not None:
        recruit = {name: up(plan.clusters * size) for name in plan.groups}
    elif inputs.question == "reach" and inputs.people is not None:
        recruit = dict.fromkeys(plan.groups, inputs.people)
    else:
        recruit = dict(plan.recruit)
    return Planned(
        inputs=inputs,
        plan=plan,
        groups=tuple(Group(name, recruit[name], analysed) for name, analysed in plan.groups.items()),
        clusters=plan.clusters,
        cluster_size=size,
        changers=changers_of(inputs) if inputs.linked else None,
        smallest=curve(study, [plan.n], terms)[0].aim or plan.aim,
    )


@lru_cache(maxsize=256)
def points_of(inputs: Inputs) -> tuple[Point, ...]:
    """The curve around the sample that was found; raises PlanningError as ``planned`` does."""
    found, study, terms = planned(inputs), study_of(inputs), terms_of(inputs)
    kept = terms.losses.kept(study.sampling)
    sizes = _sizes(found)
    return tuple(
        _point(found, drawn, clusters, kept, chosen=drawn.n == found.plan.n)
        for drawn, clusters in zip(curve(study, list(sizes), terms), sizes.values(), strict=True)
    )


def study_of(inputs: Inputs) -> Study:
    """Raises PlanningError where shares, gains and changers cannot go together."""
    share, gain = inputs.share / 100, (inputs.gain or 0.0) / 100
    if inputs.study == "once":
        return Precision(share, inputs.width / 100)
    if inputs.study not in COMPARED:
        check_change(share, gain)
    if inputs.study == "separate":
        return TwoShares(share, gain)
    if inputs.study in COMPARED:
        return _compared(inputs, share, gain)
    changers = changers_of(inputs)
    if inputs.study == "linked":
        return PairedShares(share, gain, changers)
    margin, change = (inputs.margin or 0.0) / 100, -inputs.loss / 100
    if inputs.study == "kept_linked":
        return RetentionPairs(share + gain, margin, changers, change)
    return RetentionSamples(share + gain, margin, change)


def changers_of(inputs: Inputs) -> float:
    """The share of linked people (of the campaign's arm) who change their answer between the two times compared."""
    if inputs.changers is not None:
        return inputs.changers / 100
    share, gain = inputs.share / 100, (inputs.gain or 0.0) / 100
    if inputs.study in KEPT:
        return discordant_share(share + gain, -inputs.loss / 100, inputs.correlation)
    trend = inputs.trend / 100 if inputs.compared else 0.0
    return discordant_share(share, gain + trend, inputs.correlation)


def terms_of(inputs: Inputs) -> Terms:
    losses = Losses(1 - inputs.declining / 100, 1 - inputs.not_found / 100, 1 - inputs.unmatched / 100)
    return Terms(
        confidence=inputs.confidence / 100,
        power=inputs.power / 100,
        clusters=_clusters(inputs, losses),
        population=inputs.population,
        losses=losses,
    )


def _compared(inputs: Inputs, share: float, gain: float) -> Study:
    comparison = share if inputs.comparison is None else inputs.comparison / 100
    trend = inputs.trend / 100
    if inputs.study == "compared_separate":
        return DidSamples(share, comparison, gain, trend)
    of_comparison = inputs.changers
    unlinked = discordant_share(comparison, trend, inputs.correlation) if of_comparison is None else of_comparison / 100
    return DidPairs(share, comparison, gain, changers_of(inputs), unlinked, trend)


def _clusters(inputs: Inputs, losses: Losses) -> Clusters | None:
    if not inputs.in_clusters:
        return None
    # a session of 25 people counts with those of them who are analysed
    kept = losses.kept("linked" if inputs.linked else "separate")
    size = None if inputs.cluster_size is None else float(_analysed_of(inputs.cluster_size, kept))
    return Clusters(inputs.icc, size, inputs.cluster_count, inputs.cv, inputs.same_places)


def _analysed_of(people: float, kept: float) -> int:
    """How many of the people of a cluster are analysed: whole people, and the cautious number of them."""
    return max(1, int(people * kept + NEARLY))


def _reached(inputs: Inputs, kept: float) -> int:
    """How many of the people who can be reached are analysed, in whole clusters."""
    people, n = inputs.people or 0, int((inputs.people or 0) * kept + NEARLY)
    if inputs.cluster_size is not None:
        n = int(people / inputs.cluster_size + NEARLY) * _analysed_of(inputs.cluster_size, kept)
    elif inputs.cluster_count is not None:
        n = int(people // inputs.cluster_count * kept + NEARLY) * inputs.cluster_count
    if n < 1:
        raise PlanningError("too_few_people", n=people)
    return n


def _people_of_a_cluster(inputs: Inputs, plan: SamplePlan, kept: float) -> float | None:
    """How many people of a cluster are approached."""
    if inputs.cluster_size is not None:
        return inputs.cluster_size
    if plan.cluster_size is None or plan.clusters is None:
        return None
    if inputs.question == "reach" and inputs.people is not None:
        return float(inputs.people // plan.clusters)
    return float(up(plan.cluster_size / kept))


def _sizes(found: Planned) -> dict[int, int | None]:
    """People to analyse in the first group, in whole clusters, and how many clusters that makes."""
    plan, population = found.plan, found.inputs.population
    sizes: dict[int, int | None] = {}
    for factor in FACTORS:
        if plan.clusters is None:
            n, clusters = max(2, round(plan.n * factor)), None
        elif found.inputs.cluster_count is not None:
            n, clusters = max(1, round(plan.n / plan.clusters * factor)) * plan.clusters, plan.clusters
        else:
            clusters = max(2, round(plan.clusters * factor))
            n = up(clusters * (plan.cluster_size or 1.0))
        if population is None or n < population:
            sizes[n] = clusters
    return sizes


def _point(found: Planned, drawn: CurvePoint, clusters: int | None, kept: float, *, chosen: bool) -> Point:
    if chosen:
        approach = found.groups[0].approach
    elif found.inputs.cluster_size is not None and clusters is not None:
        approach = up(clusters * found.inputs.cluster_size)
    elif clusters is not None:
        approach = up(drawn.n / clusters / kept) * clusters
    else:
        approach = up(drawn.n / kept)
    return Point(approach, drawn.n, clusters, drawn.aim, chosen)

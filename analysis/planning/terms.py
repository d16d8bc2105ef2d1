"""Under which terms a study is planned: confidence and power, people in groups, a finite population, losses."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, prod

from analysis.planning.errors import PlanningError, within
from analysis.planning.studies import Sampling

LARGEST_SIZE = 1_000_000
LARGEST_POPULATION = 10_000_000_000


@dataclass(frozen=True)
class Clusters:
    """People who are sampled or taught together: sessions, villages, site-by-time blocks. Counted in each arm.

    ``size`` is the mean number of people of a group at a wave, ``count`` the groups of an arm at a wave: one of the two
    is given, the other is sought. ``icc`` is the correlation of two answers within a group (linked studies: of two
    people's changes), ``cv`` the standard deviation of the group sizes over their mean. ``same_in_waves``: whether both
    waves visit the same groups; then ``autocorrelation`` is the correlation of a group's true levels at the two waves,
    and takes from the design effect what the group keeps. ``small_sample``: t instead of normal quantiles.
    """

    icc: float
    size: float | None = None
    count: int | None = None
    cv: float = 0.0
    same_in_waves: bool = True
    autocorrelation: float = 0.0
    small_sample: bool = True

    def __post_init__(self) -> None:
        if (self.size is None) == (self.count is None):
            raise PlanningError("size_or_count")
        within("icc", self.icc, 0, 1, ends=True)
        within("cv", self.cv, 0, 5, ends=True)
        within("autocorrelation", self.autocorrelation, 0, 1, ends=True)
        within("size", self.size or 1, 1, LARGEST_SIZE, ends=True)
        within("count", self.count or 2, 2, LARGEST_SIZE, ends=True)

    def count_and_size(self, n: float) -> tuple[float, float]:
        """Groups of an arm and people of a group, with n people a wave and arm."""
        if self.size is not None:
            return n / self.size, self.size
        count = float(self.count or 2)
        return count, n / count

    def design_effect(self, size: float, sampling: Sampling) -> float:
        """By how much the variance of a change grows because people come in groups.

        Formula: 1 + (M − 1)ρ − Mρr, M = (1 + cv²) · size, r the autocorrelation where separate people of the same
        groups are asked at both waves, else 0. Source: Donner & Klar (2000), Design and Analysis of Cluster
        Randomization Trials; Eldridge, Ashby & Kerry (2006), Int. J. Epidemiol. 35, 1292–1300 (cv); Hooper, Teerenstra,
        de Hoop & Eldridge (2016), Stat. Med. 35, 4718–4728 (r). Units: none. Shapes: scalars. Errors: none.

        >>> round(Clusters(icc=0.15, size=60).design_effect(60, "separate"), 2)
        9.85
        """
        weighted = (1 + self.cv**2) * size
        kept = self.autocorrelation if self.same_in_waves and sampling == "separate" else 0.0
        return max(1 + (weighted - 1) * self.icc - weighted * self.icc * kept, 1e-9)

    def degrees(self, count: float, arms: tuple[float, ...], sampling: Sampling) -> float:
        """Degrees of freedom: what can vary between groups, less one for every mean that is estimated.

        >>> Clusters(icc=0.05, size=20).degrees(12, (1.0, 0.5), "separate")
        16.0
        """
        visits = 2 if sampling == "separate" and not self.same_in_waves else 1
        return visits * sum(arm * count - 1 for arm in arms)


@dataclass(frozen=True)
class Losses:
    """Shares of people who are kept at each step: 1 means that nobody is lost.

    ``answering``: of those approached; ``found_again`` and ``matched``: of linked people, who are seen at the later
    wave, and whose two answers can be put together.
    """

    answering: float = 1.0
    found_again: float = 1.0
    matched: float = 1.0

    def __post_init__(self) -> None:
        for name in ("answering", "found_again", "matched"):
            if not 0 < getattr(self, name) <= 1:
                raise PlanningError("out_of_range", name=name, value=getattr(self, name), low=0, high=1)

    def kept(self, sampling: Sampling) -> float:
        """The share of those approached who count in the end; separate samples are not found again, nor matched.

        >>> round(Losses(answering=0.9, found_again=0.8, matched=0.67).kept("linked"), 4)
        0.4824
        """
        return prod((self.answering, self.found_again, self.matched)) if sampling == "linked" else self.answering


@dataclass(frozen=True)
class Terms:
    """What is asked of a study. ``population`` is the whole population, where the claim is about nobody else."""

    confidence: float = 0.95
    power: float = 0.80
    clusters: Clusters | None = None
    population: int | None = None
    losses: Losses = field(default_factory=Losses)

    def __post_init__(self) -> None:
        within("confidence", self.confidence, 0.5, 1)
        within("power", self.power, 0.5, 1)
        if self.population is not None:
            within("population", self.population, 1, LARGEST_POPULATION)


def as_if_infinite(n: float, population: int | None) -> float:
    """How many people of an endless population n people of a finite one are worth.

    Formula: n(N − 1)/(N − n); infinite when everybody is asked. Source: Cochran (1977), Sampling Techniques, eq. 4.2.
    Units: people. Shapes: scalars. Errors: none.

    >>> round(as_if_infinite(333.1, 2500), 2)
    384.15
    """
    if population is None:
        return n
    return n * (population - 1) / (population - n) if n < population else inf


def of_finite(n: float, population: int | None) -> float:
    """How many people of a finite population are worth n of an endless one: n/(1 + (n − 1)/N).

    Source: Cochran (1977), Sampling Techniques, eq. 4.2. Units: people. Shapes: scalars. Errors: none.

    >>> round(of_finite(384.146, 2500), 1)
    333.1
    """
    return n if population is None else n / (1 + (n - 1) / population)

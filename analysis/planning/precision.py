"""How precisely one share is known: one wave, no comparison."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from analysis.planning.errors import within
from analysis.planning.studies import Sampling, Signal, Study, scarcest


@dataclass(frozen=True)
class Precision(Study):
    """One share, to be known to ± ``width``; the power of the terms plays no part.

    Formula: n = q²p(1 − p)/width² times the design effect, then n/(1 + (n − 1)/N) of a finite population; q is normal,
    or t on groups − 1. Source: Cochran (1977), Sampling Techniques, eqs. 4.1 and 4.2. Units: fractions of 1. Shapes:
    scalars. Errors: PlanningError for figures out of range.

    >>> from analysis.planning.answers import Terms, sample_size, smallest_aim
    >>> found = sample_size(Precision(share=0.5, width=0.05), Terms(population=2500))
    >>> round(found.n_exact, 1), found.groups
    (333.1, {'people': 334})
    >>> round(smallest_aim(Precision(0.5, 0.05), 385).aim, 4)
    0.0499
    """

    name: ClassVar[str] = "precision"
    aims_at: ClassVar[str] = "width"
    sampling: ClassVar[Sampling] = "once"
    assumes: ClassVar[tuple[str, ...]] = ("drawn_at_random",)

    share: float
    width: float

    def __post_init__(self) -> None:
        within("share", self.share, 0, 1)
        within("width", self.width, 0, 1)

    @property
    def furthest(self) -> float:
        return max(self.share, 1 - self.share)

    @property
    def scarcest(self) -> float:
        return scarcest(self.share)

    def groups(self, n: int) -> dict[str, int]:
        return {"people": n}

    def signal(self) -> Signal:
        return Signal(self.width, sqrt(self.share * (1 - self.share)), 0.0)

"""Studies with a comparison group: difference in differences of shares."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from analysis.planning.errors import PlanningError, within
from analysis.planning.studies import (
    LARGEST_RATIO,
    Sampling,
    Signal,
    Study,
    check_change,
    check_changers,
    furthest_with,
    room,
    scarcest,
    up,
)


@dataclass(frozen=True)
class DidSamples(Study):
    """Separate samples at two waves in two arms: does the programme's share change more than the comparison's?

    Formula: n = ((q + z_β)/|δ|)² · (p₁q₁ + p₂q₂ + (p₃q₃ + p₄q₄)/ratio) people in each wave of the programme arm, with
    p₁, p₂ the programme's shares at the two waves, p₃, p₄ the comparison's, ratio · n people in each of its waves.
    ``trend`` is the change without the programme, ``change`` what the programme adds to it.
    Source: variance of a contrast of four independent shares, Wald test; Fleiss, Levin & Paik (2003), ch. 3–4. Units:
    fractions of 1. Shapes: scalars. Errors: PlanningError for shares outside 0 to 1.

    >>> found = DidSamples(programme=0.4, comparison=0.4, change=0.15).signal()
    >>> round(((1.959964 + 0.841621) * found.spread / found.distance) ** 2, 2)
    337.5
    """

    name: ClassVar[str] = "difference_in_differences_samples"
    assumes: ClassVar[tuple[str, ...]] = (
        "separate_people",
        "drawn_alike_at_both_waves",
        "same_trend_without_programme",
    )

    programme: float
    comparison: float
    change: float
    trend: float = 0.0
    ratio: float = 1.0

    def __post_init__(self) -> None:
        _check_arms(self.programme, self.comparison, self.change, self.trend, self.ratio)

    @property
    def furthest(self) -> float:
        return room(self.programme + self.trend, self.change)

    @property
    def scarcest(self) -> float:
        return scarcest(
            self.programme,
            self.programme + self.trend + self.change,
            self.comparison,
            self.comparison + self.trend,
        )

    @property
    def arms(self) -> tuple[float, ...]:
        return (1.0, self.ratio)

    def groups(self, n: int) -> dict[str, int]:
        of_comparison = up(self.ratio * n)
        programme = {"programme_earlier": n, "programme_later": n}
        return programme | {"comparison_earlier": of_comparison, "comparison_later": of_comparison}

    def signal(self) -> Signal:
        later = self.programme + self.trend + self.change
        of_programme = _variance(self.programme) + _variance(later)
        of_comparison = _variance(self.comparison) + _variance(self.comparison + self.trend)
        spread = sqrt(of_programme + of_comparison / self.ratio)
        return Signal(abs(self.change), spread, spread)


@dataclass(frozen=True)
class DidPairs(Study):
    """The same people twice in two arms: does the programme's share change more than the comparison's?

    Formula: n = ((q + z_β)/|δ|)² · (ψ₁ − δ₁² + (ψ₂ − δ₂²)/ratio) pairs in the programme arm, ψ the share of an arm who
    change their answer and δ₁ = trend + change, δ₂ = trend their net changes.
    Source: variance of a paired difference (Agresti 2013, eq. 11.2) in each arm, Wald test. Units: fractions of 1.
    Shapes: scalars. Errors: PlanningError where shares and changers cannot go together.

    >>> found = DidPairs(0.4, 0.4, change=0.15, discordant_programme=0.3, discordant_comparison=0.2).signal()
    >>> round(((1.959964 + 0.841621) * found.spread / found.distance) ** 2, 2)
    166.57
    """

    name: ClassVar[str] = "difference_in_differences_pairs"
    sampling: ClassVar[Sampling] = "linked"
    assumes: ClassVar[tuple[str, ...]] = ("same_people_linked", "share_of_changers", "same_trend_without_programme")

    programme: float
    comparison: float
    change: float
    discordant_programme: float
    discordant_comparison: float
    trend: float = 0.0
    ratio: float = 1.0

    def __post_init__(self) -> None:
        _check_arms(self.programme, self.comparison, self.change, self.trend, self.ratio)
        check_changers(self.programme, self.trend + self.change, self.discordant_programme)
        check_changers(self.comparison, self.trend, self.discordant_comparison)

    @property
    def furthest(self) -> float:
        return furthest_with(self.programme, self.discordant_programme, self.change) - self.trend

    @property
    def scarcest(self) -> float:
        return min(self.discordant_programme, self.discordant_comparison)

    @property
    def arms(self) -> tuple[float, ...]:
        return (1.0, self.ratio)

    def groups(self, n: int) -> dict[str, int]:
        return {"programme_pairs": n, "comparison_pairs": up(self.ratio * n)}

    def signal(self) -> Signal:
        of_programme = self.discordant_programme - (self.trend + self.change) ** 2
        of_comparison = self.discordant_comparison - self.trend**2
        spread = sqrt(max(of_programme + of_comparison / self.ratio, 0.0))
        return Signal(abs(self.change), spread, spread)


def _check_arms(programme: float, comparison: float, change: float, trend: float, ratio: float) -> None:
    within("programme", programme, 0, 1)
    within("comparison", comparison, 0, 1)
    within("ratio", ratio, 0, LARGEST_RATIO)
    if not 0 < comparison + trend < 1:
        raise PlanningError("share_beyond_ends", earlier=comparison, change=trend)
    check_change(programme + trend, change)


def _variance(share: float) -> float:
    return share * (1 - share)

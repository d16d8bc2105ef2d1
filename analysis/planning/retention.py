"""Studies that are to show that little was lost: non-inferiority of the follow-up to the wave right after."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from analysis.independent import TwoSamples
from analysis.paired import PairedTable
from analysis.planning.errors import PlanningError, within
from analysis.planning.studies import LARGEST_RATIO, NEARLY, Sampling, Signal, Study, check_changers, scarcest, up
from analysis.score_intervals import score_statistic, tango_statistic


@dataclass(frozen=True)
class RetentionPairs(Study):
    """The same people twice: is the lower limit of the change above −margin?

    Formula: n = ((q σ₀ + z_β σ₁)/(δ + margin))² pairs, δ the true change (0, or a loss expected), σ₁² = ψ − δ² with ψ
    the share who change their answer, σ₀² the likeliest variance of a pair's change if it were −margin (Tango's score).
    The limit is the lower one of the two-sided interval: 0.95 means a one-sided 2.5 %.
    Source: Nam (1997), Biometrics 53, 1422–1430; Tango (1998), Stat. Med. 17, 891–908. Units: fractions of 1. Shapes:
    scalars. Errors: PlanningError where the loss expected reaches the margin or the shares cannot go together.

    >>> found = RetentionPairs(after=0.8, margin=0.10, discordant=0.20).signal()
    >>> round(((1.959964 * found.null_spread + 0.841621 * found.spread) / found.distance) ** 2, 2)
    170.13
    """

    name: ClassVar[str] = "retention_pairs"
    aims_at: ClassVar[str] = "margin"
    sampling: ClassVar[Sampling] = "linked"
    assumes: ClassVar[tuple[str, ...]] = ("same_people_linked", "share_of_changers", "true_loss_as_expected")

    after: float
    margin: float
    discordant: float
    change: float = 0.0

    def __post_init__(self) -> None:
        _check(self.after, self.margin, self.change)
        within("discordant", self.discordant, 0, 1)
        check_changers(self.after, self.change, self.discordant)

    @property
    def furthest(self) -> float:
        return self.after - NEARLY

    @property
    def nearest(self) -> float:
        return max(0.0, -self.change) + NEARLY

    @property
    def scarcest(self) -> float:
        return self.discordant

    def groups(self, n: int) -> dict[str, int]:
        return {"pairs": n}

    def signal(self) -> Signal:
        to_yes, to_no = (self.discordant + self.change) / 2, (self.discordant - self.change) / 2
        one = PairedTable.of(self.after - to_no, to_no, to_yes, 1 - self.after - to_yes)
        distance = self.change + self.margin
        null = distance / float(tango_statistic(one, -self.margin))
        return Signal(distance, null, sqrt(self.discordant - self.change**2))


@dataclass(frozen=True)
class RetentionSamples(Study):
    """Two separate samples: is the lower limit of the change above −margin?

    Formula: n = ((q σ₀ + z_β σ₁)/(δ + margin))² at the earlier wave, n_later = ratio · n; σ₁² = p₁q₁ + p₂q₂/ratio,
    σ₀² the same with the likeliest shares if they were the margin apart (Farrington and Manning's third method).
    Source: Farrington & Manning (1990), Stat. Med. 9, 1447–1454. Units: fractions of 1. Shapes: scalars. Errors:
    PlanningError where the loss expected reaches the margin.

    >>> found = RetentionSamples(after=0.8, margin=0.10).signal()
    >>> round(((1.959964 * found.null_spread + 0.841621 * found.spread) / found.distance) ** 2, 2)
    254.22
    """

    name: ClassVar[str] = "retention_samples"
    aims_at: ClassVar[str] = "margin"
    assumes: ClassVar[tuple[str, ...]] = ("separate_people", "drawn_alike_at_both_waves", "true_loss_as_expected")

    after: float
    margin: float
    change: float = 0.0
    ratio: float = 1.0

    def __post_init__(self) -> None:
        _check(self.after, self.margin, self.change)
        within("ratio", self.ratio, 0, LARGEST_RATIO)

    @property
    def furthest(self) -> float:
        return self.after - NEARLY

    @property
    def nearest(self) -> float:
        return max(0.0, -self.change) + NEARLY

    @property
    def scarcest(self) -> float:
        return scarcest(self.after, self.after + self.change)

    def groups(self, n: int) -> dict[str, int]:
        return {"earlier": n, "later": up(self.ratio * n)}

    def signal(self) -> Signal:
        p, later = self.after, self.after + self.change
        one = TwoSamples.of(self.ratio * later, self.ratio, p, 1.0)
        distance = self.change + self.margin
        null = distance / float(score_statistic(one, -self.margin, unbiased=False))
        return Signal(distance, null, sqrt(p * (1 - p) + later * (1 - later) / self.ratio))


def _check(after: float, margin: float, change: float) -> None:
    within("after", after, 0, 1)
    within("margin", margin, 0, after)
    if not 0 < after + change < 1:
        raise PlanningError("share_beyond_ends", earlier=after, change=change)
    if change <= -margin:
        raise PlanningError("loss_beyond_margin")

"""What every planned study has in common, and the studies that compare separate samples or linked answers once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from math import asin, sqrt
from typing import ClassVar, Literal, NamedTuple, Self

from analysis.planning.errors import PlanningError, within

# separate people at two waves, the same people linked, or one wave only
Sampling = Literal["separate", "linked", "once"]

LARGEST_RATIO = 100.0
NEARLY = 1e-9  # how near to an end of its range a share may come


class Signal(NamedTuple):
    """What one person of a wave (or one pair) adds: power = Φ((√n · distance − q · null_spread) / spread).

    ``handicap`` is what a continuity correction takes: √n becomes √n − handicap/√n. ``spread`` 0: no chance left.
    """

    distance: float
    null_spread: float
    spread: float
    handicap: float = 0.0


class Study(ABC):
    """A study to be planned. ``n`` is always the people of its first group: a wave, or the pairs."""

    name: ClassVar[str]
    aims_at: ClassVar[str] = "change"  # the field that a smaller or larger sample buys
    sampling: ClassVar[Sampling] = "separate"
    assumes: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def signal(self) -> Signal:
        """Distance to be seen and spreads, for one person."""

    @property
    @abstractmethod
    def furthest(self) -> float:
        """The largest aim that the other figures allow, in the direction of this study's."""

    @property
    @abstractmethod
    def scarcest(self) -> float:
        """The smallest share that must be seen often enough: of yes, of no, or of those who change their answer."""

    @property
    def nearest(self) -> float:
        """The size of the smallest aim that can be asked for."""
        return NEARLY

    @abstractmethod
    def groups(self, n: int) -> dict[str, int]:
        """People of each wave and arm."""

    @property
    def arms(self) -> tuple[float, ...]:
        """The arms by their sizes, the first one's being 1."""
        return (1.0,)

    @property
    def aim(self) -> float:
        return float(getattr(self, self.aims_at))

    def aiming(self, aim: float) -> Self:
        return replace(self, **{self.aims_at: aim})  # type: ignore[type-var]


def up(n: float) -> int:
    """The next whole number, forgiving the last digits of a float.

    >>> up(233.09), up(234.0000000001)
    (234, 234)
    """
    whole = round(n)
    return whole if abs(n - whole) < 1e-6 * max(1.0, n) else int(n) + 1


def check_change(earlier: float, change: float) -> None:
    """Refuse a change of nothing, and one that leaves the range of a share."""
    within("earlier", earlier, 0, 1)
    if change == 0:
        raise PlanningError("no_change")
    if not 0 < earlier + change < 1:
        raise PlanningError("share_beyond_ends", earlier=earlier, change=change)


def scarcest(*shares: float) -> float:
    """The smallest share of yes or of no."""
    return min(min(share, 1 - share) for share in shares)


def room(earlier: float, change: float) -> float:
    """How far a share can go in the direction of a change."""
    return 1 - earlier - NEARLY if change > 0 else NEARLY - earlier


@dataclass(frozen=True)
class TwoShares(Study):
    """Two separate samples: does a share change between two waves, or differ between two groups?

    Formula: n = ((q σ₀ + z_β σ₁)/|δ|)² at the earlier wave, with n_later = ratio · n. ``normal``: σ₀² = p̄(1 − p̄)(1 +
    1/ratio) with p̄ the pooled share, σ₁² = p₁q₁ + p₂q₂/ratio; ``unpooled``: σ₁ in both places; ``arcsine``: δ becomes
    Cohen's h and both are √(1 + 1/ratio). ``continuity`` (not for arcsine): √n − (ratio + 1)/(2 · ratio · |δ| · √n) in
    the place of √n, to which Casagrande, Pike and Smith's correction of n is the solution.
    Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 4; R power.prop.test; Cohen
    (1988), ch. 6; R pwr.2p2n.test. Units: shares and change fractions of 1. Shapes: scalars. Errors: PlanningError for
    shares outside 0 to 1 or a change of 0.

    >>> found = TwoShares(earlier=0.50, change=0.25).signal()
    >>> round(((1.959964 * found.null_spread + 1.281552 * found.spread) / found.distance) ** 2, 3)
    76.707
    """

    name: ClassVar[str] = "two_shares"
    assumes: ClassVar[tuple[str, ...]] = ("separate_people", "drawn_alike_at_both_waves")

    earlier: float
    change: float
    method: Literal["normal", "unpooled", "arcsine"] = "normal"
    continuity: bool = False
    ratio: float = 1.0

    def __post_init__(self) -> None:
        check_change(self.earlier, self.change)
        within("ratio", self.ratio, 0, LARGEST_RATIO)

    @property
    def furthest(self) -> float:
        return room(self.earlier, self.change)

    @property
    def scarcest(self) -> float:
        return scarcest(self.earlier, self.earlier + self.change)

    def groups(self, n: int) -> dict[str, int]:
        return {"earlier": n, "later": up(self.ratio * n)}

    def signal(self) -> Signal:
        p, later, of_later = self.earlier, self.earlier + self.change, 1 / self.ratio
        if self.method == "arcsine":
            spread = sqrt(1 + of_later)
            return Signal(abs(2 * asin(sqrt(later)) - 2 * asin(sqrt(p))), spread, spread)
        spread = sqrt(p * (1 - p) + later * (1 - later) * of_later)
        pooled = (p + self.ratio * later) / (1 + self.ratio)
        null = spread if self.method == "unpooled" else sqrt(pooled * (1 - pooled) * (1 + of_later))
        handicap = (1 + of_later) / (2 * abs(self.change)) if self.continuity else 0.0
        return Signal(abs(self.change), null, spread, handicap)


@dataclass(frozen=True)
class PairedShares(Study):
    """The same people twice: does a share change? The answer hangs on how many change their answer at all.

    Formula: n = ((q√ψ + z_β σ₁)/|δ|)² pairs, ψ the share who change their answer in either direction, δ the net change;
    ``connor``: σ₁² = ψ − δ²; ``miettinen``: σ₁² = ψ − δ²(3 + ψ)/(4ψ), which needs a little less.
    Source: Connor (1987), Biometrics 43, 207–211; Miettinen (1968), Biometrics 24, 339–352. Units: fractions of 1.
    Shapes: scalars. Errors: PlanningError where these shares and changers cannot go together.

    >>> found = PairedShares(earlier=0.5, change=0.10, discordant=0.30).signal()
    >>> round(((1.959964 * found.null_spread + 0.841621 * found.spread) / found.distance) ** 2, 2)
    233.09
    """

    name: ClassVar[str] = "paired_shares"
    sampling: ClassVar[Sampling] = "linked"
    assumes: ClassVar[tuple[str, ...]] = ("same_people_linked", "share_of_changers")

    earlier: float
    change: float
    discordant: float
    method: Literal["connor", "miettinen"] = "connor"

    def __post_init__(self) -> None:
        check_change(self.earlier, self.change)
        check_changers(self.earlier, self.change, self.discordant)

    @property
    def furthest(self) -> float:
        return furthest_with(self.earlier, self.discordant, self.change)

    @property
    def scarcest(self) -> float:
        return self.discordant

    def groups(self, n: int) -> dict[str, int]:
        return {"pairs": n}

    def signal(self) -> Signal:
        share, squared = self.discordant, self.change**2
        taken = squared if self.method == "connor" else squared * (3 + share) / (4 * share)
        return Signal(abs(self.change), sqrt(share), sqrt(max(share - taken, 0.0)))


def discordant_share(earlier: float, change: float, correlation: float = 0.0) -> float:
    """The share of people who change their answer, from how strongly the answers of two waves hang together.

    Formula: p₁(1 − p₂) + p₂(1 − p₁) − 2φ√(p₁q₁p₂q₂), φ the correlation of the two answers (0: no memory of oneself).
    Source: Fagerland, Lydersen & Laake (2014), Stat. Med. 33, 2850–2875. Units: fractions of 1. Shapes: scalars.
    Errors: PlanningError for shares outside 0 to 1, and for a correlation that such shares cannot have.

    >>> round(discordant_share(0.5, 0.1, 0.4), 4)
    0.304
    """
    within("earlier", earlier, 0, 1)
    later = earlier + change
    if not 0 < later < 1:
        raise PlanningError("share_beyond_ends", earlier=earlier, change=change)
    within("correlation", correlation, -1, 1, ends=True)
    spread = sqrt(earlier * (1 - earlier) * later * (1 - later))
    share = earlier * (1 - later) + later * (1 - earlier) - 2 * correlation * spread
    check_changers(earlier, change, share)
    return share


def check_changers(earlier: float, change: float, discordant: float) -> None:
    """Refuse a share of changers that is smaller than the net change, or larger than the shares of both waves allow."""
    within("discordant", discordant, 0, 1, ends=True)
    if discordant < abs(change) - NEARLY:
        raise PlanningError("too_few_changers", change=change, least=abs(change))
    most = min(2 * earlier + change, 2 - 2 * earlier - change)
    if discordant > most + NEARLY:
        raise PlanningError("too_many_changers", most=round(most, 4))


def furthest_with(earlier: float, discordant: float, change: float) -> float:
    """The largest net change, in a direction, that a share of changers and a share before allow."""
    if change > 0:
        return min(discordant, 2 - 2 * earlier - discordant, 1 - earlier - NEARLY)
    return -min(discordant, 2 * earlier - discordant, earlier - NEARLY)

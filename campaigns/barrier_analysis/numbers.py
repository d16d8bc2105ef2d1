"""Ratios, p-values and shares as people write them in a language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, format_percent

from campaigns.barrier_analysis.findings import Limits, Share
from core.languages import direction

NOTHING = "–"
SMALLEST_P = 0.001
LARGEST = 1000
DECIMALS = ((100, 0), (10, 1), (0.095, 2), (0, 3))  # from this ratio on so many decimals


@dataclass(frozen=True, slots=True)
class Said:
    language: str

    def whole(self, value: int) -> str:
        found: str = format_decimal(value, locale=self.language)
        return found

    def share(self, fraction: float | None) -> str:
        if fraction is None:
            return NOTHING
        found: str = format_percent(fraction, format="#,##0%", locale=self.language)
        return found

    def per_cent(self, value: float) -> str:
        found: str = format_percent(value / 100, format="#,##0.##%", locale=self.language)
        return found

    def points(self, fraction: float) -> str:
        """A difference of shares in whole percentage points."""
        found: str = format_decimal(round(fraction * 100), locale=self.language)
        return found

    def people(self, share: Share | None) -> str:
        return NOTHING if share is None else f"{self.whole(share.x)}/{self.whole(share.n)}"

    def ratio(self, value: float | None) -> str:
        """With as many decimals as tell small ratios apart."""
        if value is None:
            return NOTHING
        if value >= LARGEST:
            return self._in_order(f"> {self.whole(LARGEST)}")
        decimals = next(places for least, places in DECIMALS if value >= least)
        pattern = f"0.{'0' * decimals}" if decimals else "0"
        found: str = format_decimal(Decimal(repr(value)), format=pattern, locale=self.language)
        return found

    def interval(self, limits: Limits) -> str:
        if limits.low is None or limits.high is None:
            return NOTHING
        return self._in_order(f"{self.ratio(limits.low)} – {self.ratio(limits.high)}")

    def p(self, value: float | None) -> str:
        if value is None:
            return NOTHING
        if value < SMALLEST_P:
            return self._in_order(f"< {format_decimal(SMALLEST_P, format='0.000', locale=self.language)}")
        found: str = format_decimal(value, format="0.000", locale=self.language)
        return found

    def _in_order(self, text: str) -> str:
        """In right-to-left text a range would be read from its upper end."""
        return f"\u2066{text}\u2069" if direction(self.language) == "rtl" else text

"""Shares, points, p-values, counts and dates as people write them in a language."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, format_decimal, parse_pattern

from core.languages import catalogue, content_text, direction

NOTHING = "–"
MINUS = "−"
LEFT_TO_RIGHT = "\u200e"
NO_BREAK = "\u00a0"
SMALLEST_P = Decimal("0.001")


def whole(value: int | None, language: str) -> str:
    return NOTHING if value is None else format_decimal(value, locale=language)


def plain(value: float, language: str) -> str:
    """A number with as many decimals as it has, two at most."""
    return format_decimal(value, format="#,##0.##", locale=language)


def share(fraction: float | None, language: str, decimals: int = 1) -> str:
    """0.352 -> 35.2 %, in the order and with the space of the language."""
    if fraction is None:
        return NOTHING
    shown: str = _percent_pattern(language, decimals).apply(_rounded(fraction * 100, decimals) / 100, language)
    shown = shown.replace("-", MINUS)
    # in right-to-left text the sign would jump to the other side of its digits after a letter
    return shown.replace("%", f"{LEFT_TO_RIGHT}%{LEFT_TO_RIGHT}") if direction(language) == "rtl" else shown


def planned_share(fraction: float | None, language: str) -> str:
    """A share that somebody chose, without a needless decimal: 0.4 -> 40 %."""
    whole_percent = fraction is not None and abs(fraction * 100 - round(fraction * 100)) < 1e-6
    return share(fraction, language, 0 if whole_percent else 1)


def signed(fraction: float | None, language: str, decimals: int = 1) -> str:
    """A difference of shares, in points, with its sign: 0.314 -> +31.4."""
    if fraction is None:
        return NOTHING
    # more decimals where a limit that excludes no change would else be shown as 0.0
    tries = (_rounded(fraction * 100, places) for places in range(decimals, 4))
    value = next((found for found in tries if found), Decimal(0))
    digits = f"#,##0.{'0' * decimals}##" if decimals else "#,##0.###"
    number = format_decimal(value, format=f"+{digits};-{digits}" if value else digits, locale=language)
    return _with_true_sign(number, language)


def points(fraction: float | None, language: str) -> str:
    """A difference that was found, with its unit: 0.314 -> +31.4 points."""
    if fraction is None:
        return NOTHING
    return _with_unit(signed(fraction, language), _rounded(abs(fraction) * 100, 1), language)


def planned_points(fraction: float | None, language: str, *, sign: bool = False) -> str:
    """A difference that somebody chose, without needless decimals: 0.1 -> 10 points."""
    if fraction is None:
        return NOTHING
    value = _rounded(fraction * 100, 1)
    value = value.to_integral_value() if value == value.to_integral_value() else value
    pattern = "+#,##0.#;-#,##0.#" if sign else "#,##0.#"
    number = format_decimal(value, format=pattern, locale=language)
    return _with_unit(_with_true_sign(number, language), abs(value), language)


def p_value(p: float | None, language: str) -> str:
    """p = 0.012, or p < 0.001: never a star, never a bare zero, never broken over two lines."""
    return _p_words(p, language).replace(" ", NO_BREAK)


def _p_words(p: float | None, language: str) -> str:
    if p is None:
        return content_text(language, "p.none.sentence", "no p-value")
    value = Decimal(repr(p))
    if value < SMALLEST_P:
        below = format_decimal(SMALLEST_P, format="0.000", locale=language)
        return content_text(language, "p.below.sentence", "p < %(value)s") % {"value": below}
    shown = min(value.quantize(SMALLEST_P, ROUND_HALF_UP), Decimal("0.999")) if value < 1 else value
    number = format_decimal(shown, format="0.000" if shown < 1 else "0", locale=language)
    return content_text(language, "p.equals.sentence", "p = %(value)s") % {"value": number}


def day(value: date, language: str) -> str:
    return format_date(value, format="long", locale=language)


def _rounded(value: float, decimals: int) -> Decimal:
    """Half away from zero, and from what the reader sees (0.285 * 100 is 28.499…)."""
    return Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _with_true_sign(number: str, language: str) -> str:
    """A minus sign that is one; in right-to-left text the mark that keeps a sign before its digits."""
    mark = LEFT_TO_RIGHT if number[0] in "+-" and direction(language) == "rtl" else ""
    return mark + number.replace("-", MINUS)


def _with_unit(number: str, value: Decimal, language: str) -> str:
    counted = _counted_like(str(value), language)
    return catalogue(language).ngettext("%(number)s point", "%(number)s points", counted) % {"number": number}


@cache
def _percent_pattern(language: str, decimals: int) -> NumberPattern:
    """The language's own percent pattern with so many decimals."""
    own = Locale.parse(language).percent_formats[None].pattern
    return parse_pattern(own.replace("#,##0", "#,##0" + ("." + "0" * decimals if decimals else "")))


@cache
def _counted_like(digits: str, language: str) -> int:
    """A whole number with the plural form of this one: gettext counts in whole numbers only.

    Digits, as 1 and 1.0 are equal numbers and yet counted differently: 1 point, 1.0 points.
    """
    locale = Locale.parse(language)
    form = locale.plural_form(Decimal(digits))
    return next((number for number in range(1000) if locale.plural_form(number) == form), 2)

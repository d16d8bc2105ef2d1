"""Codes as text: what a file calls 1, 1.0, "1 " or true is one code here, and so is ١."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

WHOLE = re.compile(r"(-?(?:0|[1-9]\d*))\.0+", re.ASCII)  # a whole number as programs write it beside empty cells
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
LARGEST = 1e50
UNSEEN = "\u200b\u200e\u200f\u061c\u2060\ufeff"  # marks of direction and width nothing, which spreadsheets leave behind


def as_text(value: object) -> str:
    """The code of one cell: numbers without a decimal tail, true and false as 1 and 0, empty and NaN as "".

    >>> [as_text(value) for value in (1, 1.0, " 1 ", "1.0", "١", True, None, float("nan"), 0.5, "01", "1.50")]
    ['1', '1', '1', '1', '1', '1', '', '', '0.5', '01', '1.50']
    """
    if hasattr(value, "item"):  # numpy scalars; one of four bytes is 0.1 for as many digits as it holds
        value = float(str(value)) if getattr(value, "dtype", None) in ("float16", "float32") else value.item()
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return _number_text(value)
    text = "" if value is None else _plain_text(str(value))
    return "" if text in ("<NA>", "NaT") else text  # pandas' own missing values


def as_codes(values: Any) -> tuple[str, ...]:
    """One code, or a list of codes, of a plan as text codes.

    >>> as_codes("dk"), as_codes([8, 9.0])
    (('dk',), ('8', '9'))
    """
    return tuple(as_text(value) for value in values) if isinstance(values, list | tuple) else (as_text(values),)


def as_number(text: str) -> float | None:
    """The number that a code is; None for words, and for what nobody can have meant: NaN, infinity, 1,5 or 1_000, and
    what is so large or small (10⁵⁰ and more, 10⁻⁵⁰ and less) that its powers are no numbers any more.

    >>> [as_number(text) for text in ("2", "-0.5", "1e3", "٣", "1e99", "nan", "1,5", "1_000", "two")]
    [2.0, -0.5, 1000.0, 3.0, None, None, None, None, None]
    """
    number = float(text) if NUMBER.fullmatch(text) else math.nan
    return number if is_sensible(number) else None


def is_sensible(number: float) -> bool:
    """Whether somebody can have meant a number: 0, or of a size whose powers can be worked with."""
    return number == 0 or 1 / LARGEST < abs(number) < LARGEST


def _plain_text(text: str) -> str:
    text = text.strip()
    if not text.isascii():
        text = text.strip(UNSEEN).strip()
        if text.isdecimal():
            text = "".join(str(unicodedata.decimal(digit)) for digit in text)
    whole = WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _number_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else str(value)

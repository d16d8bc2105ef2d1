"""Codes as text: what a file calls 1, 1.0, "1 " or true is one code here."""

from __future__ import annotations

import math
from typing import Any


def as_text(value: object) -> str:
    """The code of one cell: numbers without a decimal tail, true and false as 1 and 0, empty and NaN as "".

    >>> [as_text(value) for value in (1, 1.0, " 1 ", True, None, float("nan"), 0.5)]
    ['1', '1', '1', '1', '', '', '0.5']
    """
    if hasattr(value, "item"):  # numpy scalars
        value = value.item()
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return _number_text(value)
    text = "" if value is None else str(value).strip()
    return "" if text in ("<NA>", "NaT") else text  # pandas' own missing values


def as_codes(values: Any) -> tuple[str, ...]:
    """One code, or a list of codes, of a plan as text codes.

    >>> as_codes("dk"), as_codes([8, 9.0])
    (('dk',), ('8', '9'))
    """
    return tuple(as_text(value) for value in values) if isinstance(values, list | tuple) else (as_text(values),)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else str(value)

"""A field for a number as people write it in any of the languages."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import TextInput

NO_NUMBER = _l("Write a number in digits and without signs for thousands, such as 1500 or 37.5.")
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?")
THOUSANDS = re.compile(r"-?[1-9]\d{0,2}[.,٫]\d{3}")  # 1,500: one and a half, or fifteen hundred?
SIGNS = str.maketrans({"−": "-", "–": "-", "٫": ".", ",": "."})
AROUND = "%٪ \u00a0\u202f\u200e\u200f\u061c\t\n"


def read_number(written: str) -> Decimal | None:
    """The number, or None where it cannot be told for sure."""
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in written.strip(AROUND))
    text = text.removeprefix("+").strip(AROUND)
    if THOUSANDS.fullmatch(text):
        return None
    text = text.translate(SIGNS)
    return Decimal(text) if NUMBER.fullmatch(text) else None


class NumberField(Field):  # type: ignore[misc] # WTForms has no types
    """Holds a float or None; shows again what was typed when that is no number."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format(Decimal(repr(self.data)).normalize(), "f")

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = valuelist[0].strip(AROUND) if valuelist else ""
        if not written:
            self.data = None
            return
        found = read_number(written)
        if found is None:
            self.data = None
            raise ValueError(NO_NUMBER)
        self.data = float(found)

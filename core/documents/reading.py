"""In which direction a text is read, by its first letter that has one."""

from __future__ import annotations

from unicodedata import bidirectional


def direction_of(text: str, otherwise: str) -> str:
    """``rtl`` or ``ltr``; ``otherwise`` for a text without any letter.

    >>> direction_of("12 نعم", "ltr"), direction_of("Yes", "rtl"), direction_of("12", "rtl")
    ('rtl', 'ltr', 'rtl')
    """
    found = (bidirectional(letter) for letter in text)
    strong = next((one for one in found if one in ("L", "R", "AL")), None)
    if strong is None:
        return otherwise
    return "ltr" if strong == "L" else "rtl"

"""What the cells of somebody's own spreadsheet stand for: a first guess, which the person confirms or corrects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from core.languages import LANGUAGES
from surveys.bank import Item, load_bank, say

YES, NO, DONT_KNOW, REFUSED, BLANK, UNREADABLE = "yes", "no", "dk", "ref", "blank", "unreadable"
MEANINGS = (YES, NO, DONT_KNOW, REFUSED, BLANK, UNREADABLE)
# as people type them, in the four languages; accents and capitals do not matter
WORDS = {
    YES: {"1", "yes", "y", "true", "x", "oui", "o", "vrai", "si", "s", "verdadero", "نعم", "صحيح", "✓", "✔"},
    NO: {"0", "no", "n", "false", "non", "faux", "falso", "لا", "خطا", "-"},
    DONT_KNOW: {
        "dk",
        "?",
        "dont know",
        "does not know",
        "do not know",
        "ne sait pas",
        "nsp",
        "no sabe",
        "ns",
        "لا اعرف",
    },
    REFUSED: {"ref", "refused", "refus", "se rehusa", "rechazo", "رفض"},
    BLANK: {"", "na", "n/a", "nan", "#n/a"},
}
SEXES = {
    **dict.fromkeys(("f", "w", "female", "femme", "mujer", "امراة", "انثى"), "female"),
    **dict.fromkeys(("m", "h", "male", "homme", "hombre", "رجل", "ذكر"), "male"),
}
APART = re.compile(r"[\s,;|]+")
WHOLE = re.compile(r"\d{1,3}")
AGE_BAND = re.compile(r"(\d+)_(\d+|plus)")


def folded(text: str) -> str:
    """Small letters without accents, quotes and doubled blanks: how two people may type the same word."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.replace("’", "").replace("'", "").casefold().split())


def guess(item: Item, text: str, beside: Collection[str] = ()) -> str:
    """One of MEANINGS for a cell of the column that answers an item; UNREADABLE where nothing can be said.

    ``beside`` are all the texts of the column: one that holds no number but 0 and 1 says yes and no by them.
    """
    word = folded(text)
    numbers = {folded(cell) for cell in beside if WHOLE.fullmatch(folded(cell))}
    if word in numbers and numbers <= {"0", "1"}:
        return YES if word == "1" else NO
    known = _known(item.id)
    codes = [known.get(word) or known.get(part) for part in ([word] if word in known else APART.split(word))]
    if word and all(codes):
        return _of_codes(item, {code for code in codes if code})
    least = item.scoring.get("at_least")
    if least is not None and WHOLE.fullmatch(word):  # how many were named
        return YES if int(word) >= least else NO
    return next((meaning for meaning, words in WORDS.items() if word in words), UNREADABLE)


def guess_option(item: Item, text: str) -> str:
    """The code of the option that a cell means, such as an age group for an age; empty where nothing can be said."""
    word = folded(text)
    if found := _known(item.id).get(word):
        return found
    if item.id == "age_group" and WHOLE.fullmatch(word):
        return _band(item, int(word))
    return SEXES.get(word, "") if item.id == "sex" else ""


def stand_in(item: Item, meaning: str) -> str | None:
    """A cell that the item's scoring reads as this meaning; the yes/no of the spreadsheet in the words of the plan."""
    scoring, codes = item.scoring, [option.code for option in item.options]
    counted = [str(code) for key in ("equals", "levels", "of") for code in scoring.get(key, [])]
    if meaning == YES:
        return " ".join(counted[: scoring["at_least"]]) if "at_least" in scoring else counted[-1]
    if meaning == NO:
        return next(code for code in codes if code not in {*counted, "dk", "ref"})
    return meaning if meaning in (DONT_KNOW, REFUSED) else None


def _of_codes(item: Item, codes: set[str]) -> str:
    if codes <= {DONT_KNOW, REFUSED}:
        return DONT_KNOW if DONT_KNOW in codes else REFUSED
    scoring = item.scoring
    counted = {str(code) for key in ("equals", "levels", "of") for code in scoring.get(key, [])}
    return YES if len(codes & counted) >= scoring.get("at_least", 1) else NO


@cache
@cache
def _known(identifier: str) -> dict[str, str]:
    """The codes of an item's options, by themselves and by their labels in every language."""
    item, found = item_of(identifier), dict[str, str]()
    for option in item.options:
        found |= {folded(say(option, "label", language)): option.code for language in LANGUAGES}
    return found | {folded(option.code): option.code for option in item.options}


def _band(item: Item, age: int) -> str:
    codes = [option.code for option in item.options]
    if age < 18 and "under_18" in codes:
        return "under_18"
    for code in codes:
        if (band := AGE_BAND.fullmatch(code)) and age >= int(band[1]) and (band[2] == "plus" or age <= int(band[2])):
            return code
    return ""


def item_of(identifier: str) -> Item:
    """An item of the bank by its id; raises StopIteration for an unknown one."""
    return next(item for item in load_bank().items if item.id == identifier)

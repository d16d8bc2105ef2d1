"""From the cells of an indicator's items to one state for each row: yes, no, or why there is no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.codes import as_number
from analysis.columns import TextColumn
from analysis.plan import Indicator, Missing

NO: Final = 0
YES: Final = 1
DONT_KNOW: Final = 2
REFUSED: Final = 3
BLANK: Final = 4
NOT_ASKED: Final = 5
UNREADABLE: Final = 6
STATES: Final = 6  # UNREADABLE never leaves this stage: it is an error

Meaning = Callable[[str], int]


def item_states(column: TextColumn, indicator: Indicator, missing: Missing) -> NDArray[np.int8]:
    """The state of every cell of one item, by the indicator's scoring and the plan's codes for missing answers.

    A cell of several codes (select-multiple, split on spaces) is missing only when all of them are missing codes, or
    the whole cell is one.
    """
    score = _several_codes(indicator) if _splits(indicator) else _one_code(indicator)

    def meaning(text: str) -> int:
        whole = missing_kind(text, missing)
        if whole is not None:
            return whole
        codes = text.split() if _splits(indicator) else [text]
        kinds = [missing_kind(code, missing) for code in codes]
        given = [code for code, kind in zip(codes, kinds, strict=True) if kind is None]
        return score(" ".join(given)) if given else min(kind for kind in kinds if kind is not None)

    return column.mapped(meaning, blank=BLANK)


def turned(states: NDArray[np.int8]) -> NDArray[np.int8]:
    """A yes/no item that is worded the other way round: yes counts as no and no as yes."""
    return np.where(states <= YES, 1 - states, states).astype(np.int8)


def combine_items(states: NDArray[np.int8], indicator: Indicator, missing: Missing) -> NDArray[np.int8]:
    """At least k of several items: yes or no as soon as the open items cannot change it, else why it is open.

    ``states`` has the shape (items, rows). An item answered "don't know" counts as the plan says (on the worse side, or
    open); a row where every item is of one missing kind is of that kind.
    """
    yes, open_items = states == YES, states >= REFUSED
    if missing.dont_know_as == "exclude":
        open_items |= states == DONT_KNOW
    elif worse_state(indicator) == YES:
        yes |= states == DONT_KNOW
    least = indicator.scoring.at_least or 1
    counted, unknown = yes.sum(axis=0), open_items.sum(axis=0)
    why_open = (REFUSED, BLANK, NOT_ASKED)
    combined = np.select(
        [counted >= least, counted + unknown < least, *((states == kind).any(axis=0) for kind in why_open)],
        [YES, NO, *why_open],
        default=DONT_KNOW,
    )
    alike = (states == states[0]).all(axis=0) & (states[0] >= DONT_KNOW)
    return np.where(alike, states[0], combined).astype(np.int8)


def worse_state(indicator: Indicator) -> int:
    """The side on which "don't know" counts: not knowing, not endorsing, not intending."""
    return YES if indicator.better == "lower" else NO


def values_of_states(indicator: Indicator, missing: Missing) -> NDArray[np.int8]:
    """What each state counts as: 0, 1, or -1 for not counted. Shape (STATES,). A score counts its answers as 1."""
    dont_know = -1 if missing.dont_know_as == "exclude" or not indicator.binary else worse_state(indicator)
    return np.array([0, 1, dont_know, -1, -1, -1], dtype=np.int8)


def wanted_codes(indicator: Indicator) -> frozenset[str]:
    """The codes that count as yes; empty where the item is 0 or 1 already."""
    scoring = indicator.scoring
    return frozenset((*scoring.of, *scoring.equals, *scoring.levels))


def missing_kind(code: str, missing: Missing) -> int | None:
    """Why a code is no answer, or None where it is one."""
    for kind, codes in ((DONT_KNOW, missing.dont_know), (REFUSED, missing.refused), (NOT_ASKED, missing.not_asked)):
        if code in codes:
            return kind
    return None


def _splits(indicator: Indicator) -> bool:
    return indicator.scoring.at_least is not None and len(indicator.items) == 1


def _several_codes(indicator: Indicator) -> Meaning:
    least, wanted = indicator.scoring.at_least or 1, set(indicator.scoring.of)

    def score(text: str) -> int:
        chosen = set(text.split())
        return int(len(chosen & wanted if wanted else chosen) >= least)

    return score


def _one_code(indicator: Indicator) -> Meaning:
    scoring = indicator.scoring
    top = {as_number(level) for level in scoring.levels}
    if top and None not in top:
        return lambda text: UNREADABLE if as_number(text) is None else int(as_number(text) in top)
    wanted = wanted_codes(indicator)
    if wanted:
        return lambda text: int(text in wanted)
    return _yes_or_no


def _yes_or_no(text: str) -> int:
    """0 and 1 as any program writes them: 1, 1.0, TRUE."""
    number = as_number(text)
    if number is not None:
        return {0.0: NO, 1.0: YES}.get(number, UNREADABLE)
    return {"false": NO, "true": YES}.get(text.casefold(), UNREADABLE)

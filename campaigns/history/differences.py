"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: ``same``, ``added`` or ``removed``."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    pieces: tuple[Piece, ...]


def pieces(earlier: str, later: str) -> tuple[Piece, ...]:
    """The later text with what came and what went.

    >>> [(one.what, one.text) for one in pieces("call the police", "call the hotline")]
    [('same', 'call the '), ('removed', 'police'), ('added', 'hotline')]
    """
    old, new = WORDS.findall(earlier), WORDS.findall(later)
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i1 < i2:
            found.append(Piece("removed", "".join(old[i1:i2])))
        if j1 < j2:
            found.append(Piece("added", "".join(new[j1:j2])))
    return tuple(found)


def changes(earlier: Mapping[str, str], later: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the later version."""
    labels = [*later, *(label for label in earlier if label not in later)]
    return tuple(
        FieldChange(label, pieces(earlier.get(label, ""), later.get(label, "")))
        for label in labels
        if earlier.get(label, "") != later.get(label, "")
    )

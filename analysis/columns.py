"""Columns of a data frame as text codes, coded once per distinct value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.codes import as_text

BLANK = -1


@dataclass(frozen=True)
class TextColumn:
    """A column as codes: ``texts[codes[row]]`` is the cell; ``codes[row] == BLANK`` is an empty one."""

    codes: NDArray[np.int64]
    texts: list[str]
    worded_blanks: dict[str, int]  # text that stands for an empty cell -> how many cells hold it

    def mapped(self, meaning: Callable[[str], int], blank: int) -> NDArray[np.int8]:
        """The meaning of every cell, worked out once per distinct text."""
        meanings = [meaning(text) for text in self.texts]
        return np.array([*meanings, blank], dtype=np.int8)[self.codes]  # BLANK is the last entry


def text_column(column: pd.Series[Any], blanks: frozenset[str] = frozenset()) -> TextColumn:
    """Code a column by its distinct texts, in order of appearance; ``blanks`` are texts that stand for an empty cell.

    >>> text_column(pd.Series([1.0, None, "1", "no"])).codes.tolist()
    [0, -1, 0, 1]
    """
    try:
        found, values = pd.factorize(column)
    except TypeError:  # cells that are lists or other things without a hash
        found, values = pd.factorize(column.map(as_text))
    texts: dict[str, int] = {}
    worded_blanks: dict[str, int] = {}
    recoded = np.full(len(values) + 1, BLANK, dtype=np.int64)  # the last entry serves factorize's own -1
    for position, value in enumerate(values):
        text = as_text(value)
        if text and text not in blanks:
            recoded[position] = texts.setdefault(text, len(texts))
        elif text:
            worded_blanks[text] = worded_blanks.get(text, 0) + int((found == position).sum())
    return TextColumn(recoded[found], list(texts), worded_blanks)

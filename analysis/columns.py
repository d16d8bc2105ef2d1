"""Columns of a data frame as text codes, coded once per distinct value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.codes import as_text

BLANK = -1
FEW = 16


@dataclass(frozen=True)
class TextColumn:
    """A column as codes: ``texts[codes[row]]`` is the cell; ``codes[row] == BLANK`` is an empty one."""

    narrow: NDArray[np.signedinteger[Any]]  # the codes in as few bytes as they came
    texts: list[str]
    worded_blanks: dict[str, int]  # text that stands for an empty cell -> how many cells hold it

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        return self.narrow.astype(np.int64)

    def in_order(self) -> TextColumn:
        """The same column with its texts sorted, so that what is drawn by chance does not hang on the order of rows.

        >>> text_column(pd.Series(["b", "a", None])).in_order().codes.tolist()
        [1, 0, -1]
        """
        texts = sorted(self.texts)
        place = {text: position for position, text in enumerate(texts)}
        ranks = np.array([*(place[text] for text in self.texts), BLANK], dtype=np.int64)
        return TextColumn(ranks[self.codes], texts, self.worded_blanks)

    def mapped(self, meaning: Callable[[str], int], blank: int) -> NDArray[np.int8]:
        """The meaning of every cell, worked out once per distinct text."""
        meanings = [meaning(text) for text in self.texts]
        return looked_up(np.array([*meanings, blank], dtype=np.int8), self.narrow)  # BLANK is the last entry


def looked_up(table: NDArray[np.int8], places: NDArray[np.signedinteger[Any]]) -> NDArray[np.int8]:
    """``table[places]``, where −1 is the last entry; places of one byte are looked up without widening them.

    >>> looked_up(np.array([5, 6, 7], dtype=np.int8), np.array([0, 1, -1], dtype=np.int8)).tolist()
    [5, 6, 7]
    """
    if places.dtype != np.int8:
        found: NDArray[np.int8] = table[places]
        return found
    bytes_of = np.zeros(256, dtype=np.int8)
    bytes_of[: len(table)], bytes_of[BLANK] = table, table[BLANK]
    return np.frombuffer(places.tobytes().translate(bytes_of.tobytes()), dtype=np.int8)


def text_column(column: pd.Series[Any], blanks: frozenset[str] = frozenset()) -> TextColumn:
    """Code a column by its distinct texts, in order of appearance or of the categories of a coded column.

    ``blanks`` are texts that stand for an empty cell.

    >>> text_column(pd.Series([1.0, None, "1", "no"])).codes.tolist()
    [0, -1, 0, 1]
    """
    found, values = _distinct(column)
    texts: dict[str, int] = {}
    worded_blanks: dict[str, int] = {}
    recoded = np.full(len(values) + 1, BLANK, dtype=found.dtype)  # the last entry serves the code of nothing, −1
    for position, value in enumerate(values):
        text = as_text(value)
        if text and text not in blanks:
            recoded[position] = texts.setdefault(text, len(texts))
        elif text:
            worded_blanks[text] = worded_blanks.get(text, 0) + int((found == position).sum())
    same = (recoded[:-1] == np.arange(len(values))).all()
    codes = found if same else looked_up(recoded, found) if recoded.dtype == np.int8 else recoded[found]
    return TextColumn(codes, list(texts), worded_blanks)


def _distinct(column: pd.Series[Any]) -> tuple[NDArray[Any], Any]:
    """A code for every cell, and the distinct cells: of a coded column its categories, if rows have all of them."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, categories = column.cat.codes.to_numpy(), column.cat.categories
        if _all_there(codes, len(categories)):
            return codes, categories
    try:
        codes, values = pd.factorize(column)
        return codes, np.asarray(values) if column.dtype == np.float32 else values  # an Index would widen them
    except TypeError:  # cells that are lists or other things without a hash
        return pd.factorize(column.map(as_text))


def _all_there(codes: NDArray[Any], size: int) -> bool:
    if size <= FEW:  # faster than counting
        return all((codes == code).any() for code in range(size))
    return bool(np.bincount(codes[codes >= 0], minlength=size).all())

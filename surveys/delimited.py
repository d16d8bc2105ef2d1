"""Plain delimited text read at speed: every cell exactly as written, each column coded by its distinct texts.

Most tables of answers hold cells of a few bytes, and quotes only around whole cells. Their cells can be found, cut and
coded by arithmetic on bytes, without an object a cell. Whatever is not that plain is left to the general reader, which
also words what is wrong with a file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Places = NDArray[np.int64]
Words = list[NDArray[Any]]  # the cells of a column, eight bytes at a time; cells of one byte are that byte

BLOCK = 1 << 17  # bytes cut at a time: their arrays stay in the processor's cache and reuse each other's memory
LONGEST = 64  # bytes of a cell that is still coded here
WORD = 8
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NEWLINE, QUOTE = b'\n"'
LONGER = 255  # a byte that UTF-8 never has
ROWS_AT_ONCE = 1 << 14
ZERO, POINT = b"0."
EXACT = 15  # digits of a whole number that a double holds whatever they are
POWERS = 10.0 ** np.arange(EXACT + 1)
KEPT = np.array([(1 << 8 * size) - 1 for size in range(WORD + 1)], dtype="<u8")  # the bytes of a word that count


class NotPlainError(Exception):
    """The file needs the general reader."""


def plain_columns(
    path: Path, delimiter: str, wanted: Collection[str], numbers: Collection[str] = ()
) -> tuple[list[str], dict[int, Any], int]:
    """The header, the columns wanted by their place in it, and the number of rows.

    A column is a pandas.Categorical of its texts; one of ``numbers`` is an array of floats, if each of its cells is
    written in digits with at most one point. Errors: NotPlainError for anything but UTF-8 with as many cells in every
    row, some of them filled, no quotes but around whole cells, and no cell of more than 64 bytes in the columns wanted;
    OSError for a file that cannot be opened.
    """
    blocks = _blocks(path)
    head, _, rest = next(blocks, b"").removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    header = [name.strip() for name in _text(_unquoted(head + b"\n", ord(delimiter)))[:-1].split(delimiter)]
    _refuse(not any(header))
    places = [place for place, name in enumerate(header) if name in wanted]
    cut = [_cut(lines, ord(delimiter), len(header), places) for lines in chain([rest], blocks) if lines]
    columns: dict[int, Any] = {}
    for at, place in enumerate(places):
        words = _of_all_blocks([cells[at] for _rows, cells in cut])
        read = _numbers(words) if header[place] in numbers else None
        columns[place] = _coded(words) if read is None else read
    return header, columns, sum(rows for rows, _cells in cut)


def _refuse(wrong: Any) -> None:
    if wrong:
        raise NotPlainError


def _text(lines: bytes) -> str:
    _refuse(any(mark in lines for mark in (b"\r", b"\0")))
    try:
        return lines.decode()
    except UnicodeDecodeError as error:
        raise NotPlainError from error


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in pieces of whole lines, each with its newline and nothing else at its end."""
    with path.open("rb") as handle:
        begun = b""
        while piece := handle.read(BLOCK):
            whole, newline, rest = (begun + piece).rpartition(b"\n")
            if newline:
                lines = whole + newline
                yield lines.replace(b"\r\n", b"\n") if b"\r" in lines else lines
            begun = rest
        if begun:
            yield begun + b"\n"


def _cut(lines: bytes, delimiter: int, width: int, places: list[int]) -> tuple[int, list[Words]]:
    """How many rows some whole lines have, and the cells of the columns wanted."""
    lines = _unquoted(lines, delimiter)
    _text(lines)
    block = np.frombuffer(lines, dtype=np.uint8)
    newline = block == NEWLINE
    apart = newline | (block == delimiter)
    ends, rows = np.flatnonzero(apart), int(np.count_nonzero(newline))
    _refuse(len(ends) != rows * width or not newline[ends[width - 1 :: width]].all())
    cells = _cells_before(block, ~apart)[ends].reshape(rows, width).T.copy()
    _refuse(not cells.any(axis=0).all())  # a row without any answer
    return rows, [
        _words(lines, ends, place, width) if LONGER in cells[place].tobytes() else [cells[place]] for place in places
    ]


def _unquoted(lines: bytes, delimiter: int) -> bytes:
    """Whole lines without quotes around cells; NotPlainError where a quote, a divider or a newline lies within two."""
    if b'"' not in lines:
        return lines
    block = np.frombuffer(b"\n" + lines, dtype=np.uint8)
    quotes, apart = np.flatnonzero(block == QUOTE), (block == NEWLINE) | (block == delimiter)
    _refuse(len(quotes) % 2)
    opening, closing = quotes[::2], quotes[1::2]
    _refuse(not apart[opening - 1].all() or not apart[closing + 1].all())
    cell = np.searchsorted(np.flatnonzero(apart), quotes)
    _refuse((cell[::2] != cell[1::2]).any())
    return lines.replace(b'"', b"")


def _cells_before(block: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """For every byte that may end a cell: the cell, where it is a single byte; 0 where it is empty; else LONGER."""
    all_bits = np.negative(inside.view(np.uint8))  # 255 inside a cell, 0 at its end
    found = np.zeros(len(block), dtype=np.uint8)
    found[1:] = (block & all_bits)[:-1]
    found[2:] |= all_bits[1:-1] & all_bits[:-2]
    return found


def _words(lines: bytes, ends: Places, place: int, width: int) -> Words:
    """The cells of one column eight bytes at a time, with 0 beyond their ends."""
    begins = ends[place - 1 :: width] + 1 if place else np.concatenate([[0], ends[width - 1 : -1 : width] + 1])
    sizes = ends[place::width] - begins[: len(ends) // width]
    _refuse(sizes.max() > LONGEST)
    eight = np.ndarray(len(lines) + LONGEST, "<u8", lines + bytes(LONGEST + WORD), strides=(1,))  # from every byte on
    return [
        eight[begins[: len(sizes)] + start] & KEPT[np.clip(sizes - start, 0, WORD)]
        for start in range(0, int(sizes.max()), WORD)
    ]


def _of_all_blocks(blocks: list[Words]) -> Words:
    return [
        _joined([block[place] if place < len(block) else np.zeros_like(block[0]) for block in blocks])
        for place in range(max(map(len, blocks), default=1))
    ]


def _numbers(words: Words) -> NDArray[np.float64] | None:
    """Cells as numbers; None where a cell is empty or anything else than digits with at most one point."""
    found = np.empty(len(words[0]))
    for start in range(0, len(found), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        cells = np.stack([word[rows].astype("<u8") for word in words], axis=1)
        read = _decimals(cells.view(np.uint8))
        if read is None:
            return None
        found[rows] = read
    return found


def _decimals(cells: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Up to 15 digits are a whole number that is divided once by a power of ten, hence the nearest double."""
    whole, plain = np.zeros(len(cells)), np.ones(len(cells), dtype=np.bool_)
    digits, decimals, points = np.zeros((3, len(cells)), dtype=np.int8)
    for mark in cells.T.copy():
        digit, point = mark - ZERO, mark == POINT
        is_digit = digit < 10
        np.copyto(whole, whole * 10 + digit, where=is_digit)
        digits += is_digit
        decimals += is_digit & (points > 0)
        points += point
        plain &= is_digit | point | (mark == 0)
    if not (plain & (digits > 0) & (points <= 1)).all():
        return None
    long = digits > EXACT
    found: NDArray[np.float64] = whole / POWERS[np.where(long, 0, decimals)]
    found[long] = cells.view(f"S{cells.shape[1]}")[long, 0].astype(np.float64)
    return found


def _coded(words: Words) -> pd.Categorical:
    """The distinct texts of a column in order of appearance, and which of them each cell is."""
    codes, first = _distinct(words[0])
    for word in words[1:]:
        further, others = _distinct(word)
        codes, first = _distinct(codes * np.int64(len(others)) + further)
    cells = np.stack([word[first].astype("<u8") for word in words], axis=1)
    return pd.Categorical.from_codes(codes, pd.Index(_texts(cells.view(f"S{WORD * len(words)}")[:, 0]), dtype=object))


def _texts(cells: NDArray[np.bytes_]) -> NDArray[Any]:
    try:
        return cells.astype(np.str_).astype(object)  # ASCII, all at once
    except UnicodeDecodeError:
        return np.array([*(cell.decode() for cell in cells.tolist()), None], dtype=object)[:-1]


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, np.uint8)


def _distinct(values: NDArray[Any]) -> tuple[NDArray[Any], Places]:
    """The number of every value's first appearance, and where each of these is."""
    if values.dtype == np.uint8:
        return _distinct_bytes(values)
    codes, found = pd.factorize(values)
    first = np.empty(len(found), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, first


def _distinct_bytes(values: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Places]:
    first, left = [], np.ones(len(values), dtype=np.bool_)
    while left.any():
        first.append(int(np.argmax(left)))
        left &= values != values[first[-1]]
    number = np.zeros(256, dtype=np.uint8)
    number[values[first]] = np.arange(len(first))
    return np.frombuffer(values.tobytes().translate(number.tobytes()), np.uint8), np.array(first, dtype=np.int64)

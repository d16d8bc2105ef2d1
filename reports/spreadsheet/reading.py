"""Sheets of CSV and XLSX files as text, each cell with the row and column under which a person finds it again."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from openpyxl.utils import get_column_letter

from analysis.codes import as_text
from analysis.errors import N_, AnalysisError
from surveys.files import DELIMITERS, FileError

MOST_ROWS = 20_000
MOST_COLUMNS = 300


class SheetTooLarge(AnalysisError):
    sentences: ClassVar[Mapping[str, str]] = {
        "rows": N_("The sheet “%(sheet)s” has more than %(most)s rows; analyse it with the command “eveil analyse”."),
        "columns": N_("The sheet “%(sheet)s” has more than %(most)s columns; leave only those with answers in it."),
    }


@dataclass(frozen=True)
class Sheet:
    """``name`` is the file's, with the sheet's where a workbook has several; empty rows are passed over.

    ``rows[i]`` is the row that a spreadsheet program numbers ``row_numbers[i]``.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]

    def letter(self, column: int) -> str:
        return str(get_column_letter(column + 1))


def read_sheets(paths: Sequence[Path], names: Sequence[str]) -> list[Sheet]:
    """Every sheet that has a header and a row; raises FileError for a file that cannot be read or holds none."""
    found: list[Sheet] = []
    for path, name in zip(paths, names, strict=True):
        sheets = [sheet for sheet in _sheets(path, name) if sheet is not None]
        if not sheets:
            raise FileError("empty_file", file=name)
        found += sheets
    return found


def _sheets(path: Path, name: str) -> list[Sheet | None]:
    if path.suffix == ".csv":
        return [_sheet(name, _csv_rows(path, name))]
    if path.suffix == ".xlsx":
        tables = _xlsx_tables(path, name)
        return [_sheet(f"{name}: {title}" if len(tables) > 1 else name, rows) for title, rows in tables]
    raise FileError("unknown_format", file=name)


def _csv_rows(path: Path, name: str) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FileError("not_utf8", file=name, line=line) from error
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError("damaged_file", file=name, format="csv") from error


def _xlsx_tables(path: Path, name: str) -> list[tuple[str, list[tuple[Any, ...]]]]:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that do not matter here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        limits = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS + 1, "values_only": True}
        tables = [(sheet.title, list(sheet.iter_rows(**limits))) for sheet in shown]
        book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError, OSError) as error:
        raise FileError("damaged_file", file=name, format="xlsx") from error
    return tables


def _sheet(name: str, rows: Iterable[Sequence[Any]]) -> Sheet | None:
    texts = [(number, tuple(as_text(cell) for cell in row)) for number, row in enumerate(rows, 1)]
    filled = [(number, row) for number, row in texts if any(row)]
    if len(filled) < 2:
        return None
    header = filled[0][1]
    width = max((place + 1 for place, title in enumerate(header) if title), default=0)
    for kind, found, most in (("rows", len(filled) - 1, MOST_ROWS), ("columns", width, MOST_COLUMNS)):
        if found > most:
            raise SheetTooLarge(kind, sheet=name, most=most)
    padding = ("",) * width
    cut = tuple((row + padding)[:width] for _number, row in filled[1:])
    return Sheet(name, header[:width], cut, tuple(number for number, _row in filled[1:]))

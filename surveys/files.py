"""Data files of any origin as data frames: cells as they were written, codes and never labels, nothing guessed."""

from __future__ import annotations

import csv
import hashlib
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from analysis.errors import N_, AnalysisError, closest, listed
from surveys.delimited import NotPlainError, plain_columns

DELIMITERS = ",;\t"
COLUMNS_NAMED = 20


class FileError(AnalysisError):
    """A file that cannot be read the way it is."""

    sentences: ClassVar[Mapping[str, str]] = {
        "no_file": N_("There is no file “%(file)s”; check its name and folder."),
        "closed_file": N_("The file “%(file)s” cannot be opened; check that you are allowed to read it."),
        "unknown_format": N_(
            "The file “%(file)s” is of a kind that is not read here; use csv, xlsx, parquet, sav or dta."
        ),
        "not_utf8": N_(
            "Line %(line)s of the file “%(file)s” is not written in UTF-8; save the file again as “CSV UTF-8”."
        ),
        "empty_file": N_("The file “%(file)s” is empty; its first row must hold the names of the columns."),
        "damaged_file": N_(
            "The file “%(file)s” cannot be read as %(format)s; it may be damaged or cut short, so export it again."
        ),
        "uneven_row": N_(
            "Row %(row)s of the file “%(file)s” has %(found)s cells and the first row has %(expected)s; "
            "the file may be cut short, or an answer with a comma may lack quotes."
        ),
        "missing_column": N_(
            "The file “%(file)s” has no column “%(column)s” that the plan names; "
            "correct the name in the plan or in the file, where there are: %(columns)s."
        ),
    }


@dataclass(frozen=True)
class Source:
    """A file, with the wave it holds where a file is one wave."""

    path: Path
    wave: str | None = None


@dataclass(frozen=True)
class Table:
    """A file as read: the names of its columns, its cells column by column, and the number of its rows for people."""

    header: list[str]
    columns: Sequence[Any] | Mapping[int, Any]  # by their place in the header, at least those that are wanted
    row_numbers: Sequence[int]


def read_sources(
    sources: Sequence[Source],
    columns: Collection[str],
    wave_column: str,
    numbers: Collection[str] = (),
    optional: Collection[str] = (),
) -> pd.DataFrame:
    """The named columns of all files, one below the other; the index names the row, and the file where several are.

    ``numbers`` are columns that serve as numbers only: their cells may come as floats instead of as written.
    ``optional`` are columns that come along where a file has them.
    """
    frames = []
    for source in sources:
        here = columns if source.wave is None else [name for name in columns if name != wave_column]
        frame = read_table(source.path, here, numbers, optional)
        frames.append(frame if source.wave is None else frame.assign(**{wave_column: source.wave}))
    return frames[0] if len(frames) == 1 else pd.concat(frames, keys=[source.path.name for source in sources])


def read_table(
    path: Path, columns: Collection[str], numbers: Collection[str] = (), optional: Collection[str] = ()
) -> pd.DataFrame:
    """The named columns of one file; the index numbers the rows as a spreadsheet shows them. See ``read_sources``."""
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise FileError("unknown_format", file=path.name)
    if not path.is_file():
        raise FileError("no_file", file=str(path))
    try:
        table = read(path, [*columns, *optional], numbers)
    except OSError as error:
        raise FileError("closed_file", file=path.name) from error
    return _frame_of(path, table, columns, optional)


def sha256_of(paths: Iterable[Path]) -> str:
    """The hash of a file; of several files the hash of their hashes, in order."""
    digests = [_digest_of(path) for path in paths]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _frame_of(path: Path, table: Table, columns: Collection[str], optional: Collection[str]) -> pd.DataFrame:
    for column in columns:
        if column not in table.header:
            there = closest(column, table.header) or table.header[:COLUMNS_NAMED]
            raise FileError("missing_column", file=path.name, column=column, columns=listed(there))
    wanted = [place for place, name in enumerate(table.header) if name in columns or name in optional]
    rows = pd.Index(table.row_numbers)
    frame = pd.DataFrame({place: _as_written(table.columns[place], rows) for place in wanted}, index=rows)
    frame.columns = pd.Index([table.header[place] for place in wanted], dtype=object)
    return frame


def _as_written(cells: Any, rows: pd.Index[Any]) -> pd.Series[Any]:
    """A column that nothing is guessed of: cells as they are, or what is coded or read as numbers already."""
    return pd.Series(cells, index=rows, dtype=None if isinstance(cells, pd.Categorical | np.ndarray) else object)


def _table_of_rows(path: Path, rows: Iterable[Sequence[Any]]) -> Table:
    """A table from rows whose first holds the names; empty rows are passed over, uneven ones refused."""
    numbered = (
        (number, row) for number, row in enumerate(rows, start=1) if any(cell not in ("", None) for cell in row)
    )
    first = next(numbered, None)
    if first is None:
        raise FileError("empty_file", file=path.name)
    header = ["" if name is None else str(name).strip() for name in first[1]]
    numbers, kept = [], []
    for number, row in numbered:
        if len(row) != len(header):
            raise FileError("uneven_row", file=path.name, row=number, found=len(row), expected=len(header))
        numbers.append(number)
        kept.append(row)
    return Table(header, list(zip(*kept, strict=True)) or [()] * len(header), numbers)


def _read_csv(path: Path, wanted: Collection[str], numbers: Collection[str]) -> Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            header = handle.readline()
            delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))
            with suppress(NotPlainError):
                names, columns, rows = plain_columns(path, delimiter, wanted, numbers)
                return Table(names, columns, range(2, rows + 2))
            handle.seek(0)
            return _table_of_rows(path, csv.reader(handle, delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        raise FileError("not_utf8", file=path.name, line=_first_line_not_utf8(path)) from error
    except csv.Error as error:
        raise FileError("damaged_file", file=path.name, format="csv") from error


def _first_line_not_utf8(path: Path) -> int:
    with path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def _read_xlsx(path: Path, _wanted: Collection[str], _numbers: Collection[str]) -> Table:
    """The first sheet."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that do not matter here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise FileError("damaged_file", file=path.name, format="xlsx") from error
    return _table_of_rows(path, _squared(rows))


def _squared(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows as wide as the named columns: a sheet keeps empty cells at the end of some rows and not of others."""
    named = [place for place, name in enumerate(rows[0] if rows else ()) if name is not None]
    width = named[-1] + 1 if named else 0
    padding = (None,) * width
    return [(row + padding)[:width] if all(cell is None for cell in row[width:]) else row for row in rows]


def _read_parquet(path: Path, _wanted: Collection[str], _numbers: Collection[str]) -> Table:
    import polars

    try:
        frame = polars.read_parquet(path)
    except polars.exceptions.PolarsError as error:
        raise FileError("damaged_file", file=path.name, format="parquet") from error
    return Table(frame.columns, [column.to_list() for column in frame.iter_columns()], range(1, frame.height + 1))


def _read_labelled(path: Path, _wanted: Collection[str], _numbers: Collection[str]) -> Table:
    """SPSS and Stata: codes instead of labels, and user-defined missing values kept, because the plan names them."""
    import pyreadstat

    read = pyreadstat.read_sav if path.suffix.lower() == ".sav" else pyreadstat.read_dta
    try:
        cells, about = read(path, apply_value_formats=False, user_missing=True, output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise FileError("damaged_file", file=path.name, format=path.suffix[1:].lower()) from error
    names: list[str] = about.column_names
    return Table(names, [list(cells[name]) for name in names], range(1, 1 + len(cells[names[0]]) if names else 1))


READERS: dict[str, Callable[[Path, Collection[str], Collection[str]], Table]] = {
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
    ".sav": _read_labelled,
    ".dta": _read_labelled,
}

"""Cells in which a spreadsheet says that it could not work something out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.errors import DataError
from analysis.rows import row_names

ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"})


def refuse_errors(frame: pd.DataFrame, columns: Iterable[str], blanks: frozenset[str]) -> None:
    """Raise DataError where a column has #REF! or its like, which is no answer, no name of a group and no empty cell.

    ``blanks`` are texts that the plan reads as empty cells. Errors: DataError with the column and the rows.

    >>> refuse_errors(pd.DataFrame({"knows": ["1", "#REF!"]}), ["knows"], frozenset())
    Traceback (most recent call last):
    analysis.errors.DataError: Column “knows” has errors of a spreadsheet such as #REF! (rows 1); correct the formula, \
or empty these cells.
    """
    errors = ERRORS - blanks
    for column in columns:
        cells = frame[column]
        if pd.api.types.is_numeric_dtype(cells):
            continue
        coded = isinstance(cells.dtype, pd.CategoricalDtype)
        if not (cells.cat.categories if coded else cells).isin(errors).any():
            continue
        wrong = np.flatnonzero(cells.isin(errors))
        if wrong.size:
            rows = row_names(frame.index, wrong)
            raise DataError("spreadsheet_error", column=column, value=str(cells.iloc[wrong[0]]), rows=rows)

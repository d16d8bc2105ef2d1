"""XLSForm in, XForm out: the only place that calls pyxform, and nothing deeper than its ``convert``.

pyxform and openpyxl take most of a second to import, so that is done when they are needed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.errors import EveilError


@dataclass(frozen=True, slots=True)
class Converted:
    xform: str
    warnings: tuple[str, ...]


def to_xform(xlsform: Mapping[str, list[dict[str, str]]] | bytes, name: str) -> Converted:
    """The XForm of an XLSForm, given as sheets or as the bytes of an .xlsx file; ``name`` is for the error sentence."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    try:
        result = convert(xlsform if isinstance(xlsform, bytes) else dict(xlsform), warnings=warnings)
    except PyXFormError as error:
        raise EveilError(_not_convertible(name, error), status=422) from error
    return Converted(result.xform, tuple(warnings))


def _not_convertible(name: str, error: Exception) -> str:
    sentence: str = _(
        "“%(name)s” cannot be made into a form. Correct the place that is named here and publish again: %(problem)s",
        name=name,
        problem=" ".join(str(error).split()),
    )
    return sentence


def to_xlsx(sheets: Mapping[str, list[dict[str, str]]]) -> bytes:
    """The spreadsheet of an XLSForm, for ODK, KoboToolbox or a person."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        _fill(workbook, name, rows)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _fill(workbook: Any, name: str, rows: list[dict[str, str]]) -> None:
    sheet = workbook.create_sheet(name)
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"  # a code “1” is a text, and a wording that begins with “=” is no formula
    sheet.freeze_panes = "A2"

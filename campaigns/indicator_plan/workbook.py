"""Logframe, indicator plan and registers as a spreadsheet in the reader's language.

openpyxl takes most of a second to import, so whoever needs this module imports it then.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from campaigns.indicator_plan.planned import planned_indicators
from campaigns.indicator_plan.rows import logframe_headings, logframe_rows, plan_headings, plan_row
from campaigns.registers.tables import assumptions_table, tasks_table
from core.languages import current_language, direction

LONGEST_CELL = 32_000  # Excel takes 32 767
LONGEST_NAME = 31  # of a sheet
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "|")
HEAD = PatternFill("solid", fgColor="E3F0EF")
HEADING_ROW = 3

Row = Sequence[str]


def workbook(session: Session, campaign_id: int, title: str) -> bytes:
    book = Workbook()
    book.remove(book.active)
    logframe_name, plan_name = _("Logframe"), _("Indicator plan")
    _sheet(book, logframe_name, title, logframe_headings(), logframe_rows(session, campaign_id))
    planned = [plan_row(row) for row in planned_indicators(session, campaign_id)]
    _sheet(book, plan_name, title, plan_headings(), planned)
    for table in (assumptions_table(session, campaign_id), tasks_table(session, campaign_id)):
        _sheet(book, table.title, title, table.head, table.rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Any, name: str, title: str, headings: Row, rows: Sequence[Row]) -> None:
    sheet = book.create_sheet(name[:LONGEST_NAME])
    sheet.sheet_view.rightToLeft = direction(current_language()) == "rtl"
    _write(sheet.cell(1, 1), title).font = Font(bold=True, size=14)
    for column, heading in enumerate(headings, 1):
        cell = _write(sheet.cell(HEADING_ROW, column), heading)
        cell.font, cell.fill = Font(bold=True), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        longest = max((len(line) for row in rows for line in row[column - 1].splitlines()), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(48, max(14, longest, len(heading)) + 2)
    for line, row in enumerate(rows, HEADING_ROW + 1):
        for column, text in enumerate(row, 1):
            _write(sheet.cell(line, column), text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, 2)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"


def _write(cell: Any, text: str) -> Any:
    """A text and never a formula, whatever somebody typed and however often the file is saved again."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL] or None
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = cell.value.startswith(FORMULA_SIGNS)
    return cell

"""Logframe and indicator plan as a spreadsheet in the reader's language.

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

from campaigns.content import cite
from campaigns.indicator_plan import labels
from campaigns.indicator_plan.logframe import logframe
from campaigns.indicator_plan.planned import Planned, planned_indicators
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
    _sheet(book, logframe_name, title, _logframe_headings(), _logframe_rows(session, campaign_id))
    planned = [_plan_row(row) for row in planned_indicators(session, campaign_id)]
    _sheet(book, plan_name, title, _plan_headings(), planned)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _logframe_headings() -> Row:
    return (
        _("Level"), _("Indicator"), _("Baseline"), _("Target"), _("By when"), _("Means of verification"),
        _("Assumptions"),
    )  # fmt: skip


def _logframe_rows(session: Session, campaign_id: int) -> list[Row]:
    rows: list[Row] = []
    for level in logframe(session, campaign_id):
        assumptions = "\n".join(level.assumptions)
        if not level.indicators:
            none = _("No indicator is planned for this level.") if level.name else ""
            rows.append((str(level.label), none, "", "", "", "", assumptions))
        for place, row in enumerate(level.indicators):
            beside = assumptions if place == 0 else ""
            rows.append(
                (str(level.label), row.title, _baseline(row), _target(row), row.due_text, _verified_by(row), beside)
            )
    return rows


def _plan_headings() -> Row:
    return (
        _("Indicator"), _("What it measures"), _("Dimension"), _("Primary"), _("Definition"), _("Unit"),
        _("Numerator"), _("Denominator"), _("Ways to collect it"), _("Source of the figures"), _("How often"),
        _("Who sees to it"), _("Baseline"), _("Where and when the baseline is from"), _("Target"), _("By when"),
        _("Results shown by"), _("What it cannot show"), _("Reasons"), _("Source"),
    )  # fmt: skip


def _plan_row(row: Planned) -> Row:
    stored = row.stored
    return (
        row.title,
        str(labels.RUNG_LABELS[row.rung]),
        str(labels.DIMENSION_LABELS.get(row.dimension, "")),
        _("Primary") if row.primary else "",
        row.definition,
        labels.term_title("units", row.unit),
        row.numerator,
        row.denominator,
        _methods(row),
        stored.collected_from if stored else "",
        labels.term_title("frequencies", row.frequency),
        stored.owner if stored else "",
        _baseline(row),
        stored.baseline_from if stored else "",
        _target(row),
        row.due_text,
        _shown_by(row),
        row.cannot_show,
        stored.reasons if stored else "",
        cite(row.indicator.source) if row.indicator else _("Indicator of the campaign’s own"),
    )


def _baseline(row: Planned) -> str:
    return row.baseline_text or _("Still to be measured")


def _target(row: Planned) -> str:
    return row.target_sentence or str(row.trouble or _("No target yet."))


def _verified_by(row: Planned) -> str:
    return "\n".join(filter(None, [_methods(row), row.stored.collected_from if row.stored else ""]))


def _methods(row: Planned) -> str:
    return "\n".join(labels.term_title("methods", method) for method in row.methods)


def _shown_by(row: Planned) -> str:
    chosen = row.stored.disaggregation if row.stored else []
    names = [*labels.ALWAYS_LABELS.values(), *(labels.DISAGGREGATION_LABELS[name] for name in chosen), *row.segments]
    return "\n".join(str(name) for name in names)


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

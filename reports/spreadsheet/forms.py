"""The forms that bring in a spreadsheet: the files, and which of their columns hold what."""

from __future__ import annotations

from pathlib import Path

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from core.forms import Form
from reports.spreadsheet.holding import ENDINGS

WRONG_KIND = _l("Only CSV and XLSX files are read here. Open the file in your spreadsheet program and save it as one.")


def _readable(_form: Form, field: FileField) -> None:
    if field.data and Path(field.data.filename or "").suffix.lower() not in ENDINGS:
        raise ValidationError(WRONG_KIND)


class SpreadsheetForm(Form):
    first = FileField(
        _l("Spreadsheet"),
        [FileRequired(_l("Choose the file.")), _readable],
        description=_l(
            "A CSV or XLSX file with before and after, side by side or on two sheets; or the one from before."
        ),
    )
    second = FileField(
        _l("Second spreadsheet, if the answers from after are in a file of their own"),
        [_readable],
        description=_l("Then both need a column with the number of the card."),
    )

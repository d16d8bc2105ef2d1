"""Pages of the questionnaires: which there are, what they ask, and their XLSForm to take along."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import allow, current_campaign
from core.database import session
from core.errors import NotFound
from core.languages import current_language, direction
from surveys import labels
from surveys.authoring.converting import to_xlsx
from surveys.listing import questionnaires as newest
from surveys.listing import version_of
from surveys.models import FormVersion
from surveys.routes import READERS, blueprint

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/campaigns/<slug>/questionnaires")
@allow(*READERS)
def questionnaires() -> ResponseReturnValue:
    return render_template(
        "surveys/questionnaires.html", questionnaires=newest(session(), current_campaign().id), labels=labels
    )


@blueprint.get("/campaigns/<slug>/questionnaires/<int:version_id>")
@allow(*READERS)
def questionnaire(version_id: int) -> ResponseReturnValue:
    version = _version(version_id)
    book = version.codebook
    wanted = request.args.get("language", current_language())
    shown = wanted if wanted in book["languages"] else book["languages"][0]
    return render_template(
        "surveys/questionnaire.html",
        version=version,
        book=book,
        shown=shown,
        shown_direction=direction(shown),
        labels=labels,
    )


@blueprint.get("/campaigns/<slug>/questionnaires/<int:version_id>.xlsx")
@allow(*READERS)
def xlsform(version_id: int) -> ResponseReturnValue:
    version = _version(version_id)
    name = f"{version.form.form_id}_{version.version}.xlsx"
    return to_xlsx(version.xlsform), {"Content-Type": XLSX, "Content-Disposition": f'attachment; filename="{name}"'}


def _version(version_id: int) -> FormVersion:
    found = version_of(session(), current_campaign().id, version_id)
    if found is None:
        raise NotFound(_("There is no such questionnaire in this campaign. Go back to the list of questionnaires."))
    return found

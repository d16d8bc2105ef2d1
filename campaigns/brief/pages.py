"""The design brief as a page, a PDF and a Word file, in any language of the interface."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from accounts.access import allow, current_campaign
from campaigns.brief.writing import brief
from campaigns.routes import READERS, blueprint
from core.database import session
from core.languages import LANGUAGES, current_language

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/campaigns/<slug>/brief")
@allow(*READERS)
def design_brief() -> ResponseReturnValue:
    return render_template("campaigns/brief.html", document=brief(session(), current_campaign()))


@blueprint.get("/campaigns/<slug>/brief.pdf")
@allow(*READERS)
def brief_pdf() -> ResponseReturnValue:
    from core.documents.pdf import pdf  # WeasyPrint takes a second to load

    with force_locale(_language()):
        body = pdf(brief(session(), current_campaign()))
    return _file(body, "application/pdf", "pdf")


@blueprint.get("/campaigns/<slug>/brief.docx")
@allow(*READERS)
def brief_docx() -> ResponseReturnValue:
    from core.documents.docx import docx

    with force_locale(_language()):
        body = docx(brief(session(), current_campaign()))
    return _file(body, WORD, "docx")


def _language() -> str:
    """The language that the link asks for, else the reader's."""
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else current_language()


def _file(body: bytes, mimetype: str, ending: str) -> Response:
    name = f"{current_campaign().slug}_brief_{_language()}.{ending}"
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})

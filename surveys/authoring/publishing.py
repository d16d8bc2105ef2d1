"""Published versions of questionnaires: immutable, and made anew only when something has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Base, now
from core.languages import LANGUAGES
from surveys.authoring.codebook import Codebook, codebook
from surveys.authoring.converting import to_xform
from surveys.authoring.wording import Own, Wording
from surveys.authoring.xlsform import Questionnaire, Sheets, sheets
from surveys.bank import load_bank
from surveys.models import Form, FormVersion

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class InstrumentRequest:
    """What a frozen plan asks for: one instrument, with a form for each of its waves.

    ``items`` are those that are only asked when chosen; ``compared`` and ``wording`` are a barrier analysis's own, see
    Questionnaire and Wording.
    """

    campaign_id: int
    campaign_slug: str
    campaign_title: str
    instrument: str
    waves: tuple[str, ...]
    indicators: tuple[str, ...]
    languages: tuple[str, ...] = tuple(LANGUAGES)
    items: tuple[str, ...] = ()
    compared: str = ""
    wording: Own = field(default_factory=dict)


def publish(session: Session, request: InstrumentRequest) -> list[FormVersion]:
    """The published version for each wave; a new one only where bank, wording or request differ from the last."""
    _one_at_a_time(session, request.campaign_id)
    return [_publish(session, request, wave) for wave in request.waves]


def _publish(session: Session, request: InstrumentRequest, wave: str) -> FormVersion:
    form_id = f"{request.campaign_slug}_{request.instrument}_{wave}"
    chosen = (request.indicators, request.items, request.compared)
    questionnaire = Questionnaire(form_id, request.instrument, wave, *chosen)
    wording = Wording(request.languages, request.campaign_title, request.wording)
    written = sheets(questionnaire, load_bank(), wording)
    meaning = codebook(questionnaire, load_bank(), wording)
    form = _form(session, request, form_id, wave)
    latest = form.versions[-1] if form.versions else None
    if latest is not None and _unversioned(latest.xlsform) == written and latest.codebook == meaning:
        return latest
    version = _new_version(form, written, meaning)
    form.versions.append(version)
    session.flush()
    return version


def _new_version(form: Form, written: Sheets, meaning: Codebook) -> FormVersion:
    number = _next_number([version.version for version in form.versions])
    settings = {**written["settings"][0], "version": number}
    xlsform = {**written, "settings": [settings]}
    converted = to_xform(xlsform, settings["form_title"])
    log.info("form_published", form=form.form_id, version=number, warnings=list(converted.warnings))
    content = converted.xform.encode()
    return FormVersion(
        version=number,
        title=settings["form_title"][:200],
        xlsform=xlsform,
        xform=converted.xform,
        codebook=meaning,
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _next_number(known: list[str]) -> str:
    """The day and a running number (``2026022701``), as ODK's users are used to."""
    day = now().strftime("%Y%m%d")
    today = [int(number[len(day) :]) for number in known if number.startswith(day)]
    return f"{day}{max(today, default=0) + 1:02d}"


def _unversioned(xlsform: Sheets) -> Sheets:
    settings = {key: value for key, value in xlsform["settings"][0].items() if key != "version"}
    return {**xlsform, "settings": [settings]}


def _form(session: Session, request: InstrumentRequest, form_id: str, wave: str) -> Form:
    form = session.scalar(select(Form).where(Form.form_id == form_id))
    if form is None:
        form = Form(campaign_id=request.campaign_id, form_id=form_id, instrument=request.instrument, wave=wave)
        session.add(form)
    return form


def _one_at_a_time(session: Session, campaign_id: int) -> None:
    """Two people who publish at once must not make two versions; the table is named, as campaigns lie above."""
    table = Base.metadata.tables["campaign"]
    session.execute(select(table.c.id).where(table.c.id == campaign_id).with_for_update())

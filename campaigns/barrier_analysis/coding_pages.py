"""Pages of the coder: open answers question by question, without a word about who gave them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.barrier_analysis.coding import (
    NOT_OPEN,
    Answer,
    CodingClash,
    Given,
    add_code,
    answers_to,
    codes_of,
    people_of,
    progress_of,
    remove_code,
    rename_code,
    save_codings,
    uses_of,
)
from campaigns.barrier_analysis.forms import CodeForm
from campaigns.barrier_analysis.models import BarrierCode, BarrierStudy
from campaigns.barrier_analysis.planning import open_items
from campaigns.barrier_analysis.results import as_csv, finish_coding
from campaigns.barrier_analysis.shared import MEANWHILE, study_at, there
from campaigns.forms import version_number
from campaigns.history.versioned import Clash
from campaigns.routes import blueprint, signed_in
from core.database import session, transaction
from core.errors import EveilError
from core.languages import current_language
from surveys.bank import Item
from surveys.bank import say as say_item

ON_A_PAGE = 20
NO_QUESTION = _l("This study does not ask such an open question. Go back to the coding of the study.")
NO_CODE = _l("There is no such code. Go back to the answers.")
NO_DATA = _l("The coded answers can be downloaded when the coding is declared finished.")


@blueprint.get("/campaigns/<slug>/barrier-analysis/<int:study_id>/coding")
@allow("evaluator")
def barrier_coding(study_id: int) -> ResponseReturnValue:
    study = _in_the_field(study_id)
    progress = progress_of(session(), study, people_of(session(), study))
    return render_template(
        "campaigns/barrier_analysis/coding.html",
        study=study,
        questions=[(item, _question(item), progress[item.id]) for item in open_items(study)],
        done=all(part.done for part in progress.values()),
    )


@blueprint.route("/campaigns/<slug>/barrier-analysis/<int:study_id>/coding/<item_id>", methods=["GET", "POST"])
@allow("evaluator")
def barrier_answers(study_id: int, item_id: str) -> ResponseReturnValue:
    study, item = _in_the_field(study_id), _open_item(study_at(study_id), item_id)
    page = request.args.get("page", 0, int)
    if request.method == "GET":
        return _answers_page(study, item, page, CodeForm(formdata=None))
    given = list(_given())
    try:
        with transaction() as writing:
            save_codings(writing, study_at(study_id), item.id, given, signed_in().id)
    except CodingClash as clash:
        typed = {one.handle: one for one in given}
        return _answers_page(study_at(study_id), item, page, CodeForm(formdata=None), typed, clash.versions), 409
    flash(_("Recorded."))
    return redirect(_address("barrier_answers", study_id=study_id, item_id=item.id))


@blueprint.post("/campaigns/<slug>/barrier-analysis/<int:study_id>/coding/<item_id>/codes")
@allow("evaluator")
def add_barrier_code(study_id: int, item_id: str) -> ResponseReturnValue:
    study, item, form = _in_the_field(study_id), _open_item(study_at(study_id), item_id), CodeForm()
    page = request.args.get("page", 0, int)
    if not form.validate():
        return _answers_page(study, item, page, form), 422
    try:
        with transaction() as writing:
            add_code(writing, study_at(study_id), item.id, form.label.data)
    except EveilError as error:
        form.show(error)
        return _answers_page(study_at(study_id), item, page, form), error.status
    return redirect(_address("barrier_answers", study_id=study_id, item_id=item.id, page=page or None))


@blueprint.route("/campaigns/<slug>/barrier-analysis/<int:study_id>/codes/<int:code_id>", methods=["GET", "POST"])
@allow("evaluator")
def barrier_code(study_id: int, code_id: int) -> ResponseReturnValue:
    study = _in_the_field(study_id)
    code = _code(study, code_id)
    form = CodeForm()
    if not form.is_submitted():
        form = CodeForm(formdata=None, data={"label": code.label, "version": str(code.version)})
    if not form.validate_on_submit():
        return _code_page(study, code, form), 422 if form.errors else 200
    try:
        with transaction() as writing:
            rename_code(writing, study, code, form.label.data, form.based_on)
    except Clash as clash:
        form.version.data = str(clash.stored.version)
        return _code_page(study_at(study_id), code, form, MEANWHILE), 409
    except EveilError as error:
        form.show(error)
        return _code_page(study_at(study_id), code, form), error.status
    flash(_("Recorded."))
    return redirect(_address("barrier_answers", study_id=study_id, item_id=code.item_id))


@blueprint.post("/campaigns/<slug>/barrier-analysis/<int:study_id>/codes/<int:code_id>/remove")
@allow("evaluator")
def remove_barrier_code(study_id: int, code_id: int) -> ResponseReturnValue:
    study = _in_the_field(study_id)
    code = _code(study, code_id)
    item_id = code.item_id
    with transaction() as writing:
        remove_code(writing, study, code)
    flash(_("The code is removed."))
    return redirect(_address("barrier_answers", study_id=study_id, item_id=item_id))


@blueprint.post("/campaigns/<slug>/barrier-analysis/<int:study_id>/coding/finish")
@allow("evaluator")
def finish_barrier_coding(study_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    _in_the_field(study_id)
    with transaction() as writing:
        finish_coding(writing, campaign.title, study_id, signed_in().id)
    flash(_("The coding is finished, and the results are open."))
    return redirect(_address("barrier_results", study_id=study_id))


@blueprint.get("/campaigns/<slug>/barrier-analysis/<int:study_id>/coded-answers.csv")
@allow("evaluator")
def barrier_data(study_id: int) -> ResponseReturnValue:
    study = study_at(study_id)
    if study.outcome is None:
        raise EveilError(NO_DATA, status=409)
    name = f"{current_campaign().slug}_{study.instrument}_coded.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(session(), study), mimetype="text/csv", headers=headers)


def _given() -> Iterator[Given]:
    """What was decided; an answer of which nothing is marked is left for later."""
    for handle in request.form.getlist("answer"):
        codes = tuple(sorted(version_number(code) for code in request.form.getlist(f"codes-{handle}")))
        decided = codes or request.form.get(f"nothing-{handle}")
        yield Given(handle, codes if decided else None, version_number(request.form.get(f"version-{handle}")))


def _answers_page(
    study: BarrierStudy,
    item: Item,
    page: int,
    form: CodeForm,
    typed: dict[str, Given] | None = None,
    newer: dict[str, int] | None = None,
) -> str:
    """One page of answers; without a number the first on which something is left to do."""
    answers = answers_to(session(), study, item.id)
    pages = max(1, -(-len(answers) // ON_A_PAGE))
    page = min(page, pages) if page > 0 else _first_open(answers)
    return render_template(
        "campaigns/barrier_analysis/answers.html",
        study=study,
        item=item,
        question=_question(item),
        answers=answers[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        coded=sum(answer.coded for answer in answers),
        total=len(answers),
        page=page,
        pages=pages,
        codes=codes_of(session(), study, item.id),
        uses=uses_of(answers),
        form=form,
        typed=typed or {},
        newer=newer or {},
    )


def _first_open(answers: Sequence[Answer]) -> int:
    first = next((place for place, answer in enumerate(answers) if not answer.coded), 0)
    return first // ON_A_PAGE + 1


def _code_page(study: BarrierStudy, code: BarrierCode, form: CodeForm, clash: str = "") -> str:
    uses = uses_of(answers_to(session(), study, code.item_id))[code.id]
    return render_template(
        "campaigns/barrier_analysis/code.html", study=study, code=code, form=form, clash=clash, uses=uses
    )


def _in_the_field(study_id: int) -> BarrierStudy:
    study = study_at(study_id)
    if study.fieldwork is None:
        raise EveilError(NOT_OPEN, status=409)
    return study


def _open_item(study: BarrierStudy, item_id: str) -> Item:
    return there(next((item for item in open_items(study) if item.id == item_id), None), NO_QUESTION)


def _code(study: BarrierStudy, code_id: int) -> BarrierCode:
    return there(next((code for code in codes_of(session(), study) if code.id == code_id), None), NO_CODE)


def _question(item: Item) -> str:
    return say_item(item, "label", current_language())


def _address(endpoint: str, **values: Any) -> str:
    return url_for(f"campaigns.{endpoint}", slug=current_campaign().slug, **values)

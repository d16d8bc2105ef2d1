"""Pages of the registers: what is still to be found out, and what is taken for granted."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.guide import Question
from campaigns.history.versioned import Clash
from campaigns.indicators import load_indicators
from campaigns.registers import assumptions as assumed
from campaigns.registers import tasks as found_out
from campaigns.registers.assumptions import Subject, common_terms, save_assumption
from campaigns.registers.forms import (
    AssumptionForm,
    OwnAssumptionForm,
    OwnTaskForm,
    RegisterForm,
    TaskForm,
    with_indicators,
)
from campaigns.registers.models import Assumption, ResearchTask
from campaigns.registers.results import Mark, marks_of
from campaigns.registers.tasks import save_task, task_of_question
from campaigns.routes import READERS, blueprint, signed_in
from campaigns.sections import guide_of
from core.database import now, session, transaction
from core.errors import NotFound

Found = TypeVar("Found")

NO_LINE = _l("There is no such entry in the register. Go back to the register and choose one from the list.")
MEANWHILE = _l(
    "Somebody else changed this entry while you were writing. What you wrote still stands here; reload the page in "
    "another window to read theirs, then save again."
)


@blueprint.get("/campaigns/<slug>/tasks")
@allow(*READERS)
def tasks() -> ResponseReturnValue:
    lines = found_out.register(session(), current_campaign().id)
    return render_template("campaigns/tasks.html", lines=lines, today=now().date())


@blueprint.route("/campaigns/<slug>/tasks/question/<question_id>", methods=["GET", "POST"])
@allow("designer")
def question_task(question_id: str) -> ResponseReturnValue:
    asked = _question(question_id)
    stored = task_of_question(session(), current_campaign().id, asked.id)
    form = with_indicators(_form(TaskForm, stored), asked=True)
    return _task(form, stored, question=asked)


@blueprint.route("/campaigns/<slug>/tasks/new", methods=["GET", "POST"], defaults={"task_id": None})
@blueprint.route("/campaigns/<slug>/tasks/<int:task_id>", methods=["GET", "POST"])
@allow("designer")
def own_task(task_id: int | None) -> ResponseReturnValue:
    stored = None if task_id is None else _there(found_out.own_task(session(), current_campaign().id, task_id))
    return _task(with_indicators(_form(OwnTaskForm, stored), asked=True), stored)


@blueprint.get("/campaigns/<slug>/assumptions")
@allow(*READERS)
def assumptions() -> ResponseReturnValue:
    groups: dict[str, list[tuple[assumed.Listed, Mark | None]]] = {
        "question": [],
        **{name: [] for name in assumed.COMMON},
        "own": [],
    }
    lines = assumed.register(session(), current_campaign().id)
    for line, mark in zip(lines, marks_of(lines), strict=True):
        groups[line.group].append((line, mark))
    return render_template("campaigns/assumptions.html", groups=groups, catalogue=load_indicators())


@blueprint.route("/campaigns/<slug>/assumptions/question/<question_id>", methods=["GET", "POST"])
@allow("designer")
def question_assumption(question_id: str) -> ResponseReturnValue:
    asked = _question(question_id)
    return _assumption(AssumptionForm, Subject(question_id=asked.id), question=asked)


@blueprint.route("/campaigns/<slug>/assumptions/common/<term_id>", methods=["GET", "POST"])
@allow("designer")
def common_assumption(term_id: str) -> ResponseReturnValue:
    term = _there(common_terms().get(term_id))
    return _assumption(AssumptionForm, Subject(term_id=term.id), term=term)


@blueprint.route("/campaigns/<slug>/assumptions/new", methods=["GET", "POST"], defaults={"assumption_id": None})
@blueprint.route("/campaigns/<slug>/assumptions/<int:assumption_id>", methods=["GET", "POST"])
@allow("designer")
def own_assumption(assumption_id: int | None) -> ResponseReturnValue:
    stored = None
    if assumption_id is not None:
        stored = _there(assumed.own_assumption(session(), current_campaign().id, assumption_id))
    return _assumption(OwnAssumptionForm, Subject(), stored)


def _task(form: TaskForm, stored: ResearchTask | None, question: Question | None = None) -> ResponseReturnValue:
    campaign = current_campaign()
    if not form.validate_on_submit():
        return _page("campaigns/task.html", form, question=question, stored=stored)
    try:
        with transaction() as writing:
            question_id = question.id if question else None
            save_task(
                writing, campaign.id, stored, form.details, form.based_on, signed_in().id, question_id=question_id
            )
    except Clash as clash:
        return _clash("campaigns/task.html", form, clash.stored.version, question=question, stored=stored)
    flash(_("Recorded."))
    return redirect(url_for("campaigns.tasks", slug=campaign.slug))


def _assumption(
    kind: type[AssumptionForm], subject: Subject, stored: Assumption | None = None, **about: Any
) -> ResponseReturnValue:
    campaign = current_campaign()
    if subject != Subject():
        stored = assumed.find(session(), campaign.id, subject)
    form = with_indicators(_form(kind, stored), asked=False)
    if not form.validate_on_submit():
        return _page("campaigns/assumption.html", form, **about)
    try:
        with transaction() as writing:
            save_assumption(writing, campaign.id, subject, stored, form.details, form.based_on, signed_in().id)
    except Clash as clash:
        return _clash("campaigns/assumption.html", form, clash.stored.version, **about)
    flash(_("Recorded."))
    return redirect(url_for("campaigns.assumptions", slug=campaign.slug))


def _form(kind: type[RegisterForm], stored: object) -> Any:
    """As it was sent, or showing what is stored."""
    form = kind()
    return form if form.is_submitted() else kind(formdata=None, obj=stored)


def _page(template: str, form: RegisterForm, **about: Any) -> ResponseReturnValue:
    return render_template(template, form=form, **about), 422 if form.errors else 200


def _clash(template: str, form: RegisterForm, version: int, **about: Any) -> ResponseReturnValue:
    form.version.data = str(version)  # saved once more, knowing theirs, it counts
    return render_template(template, form=form, clash=MEANWHILE, **about), 409


def _question(question_id: str) -> Question:
    return _there(guide_of(session(), current_campaign().id).question(question_id))


def _there(found: Found | None) -> Found:
    if found is None:
        raise NotFound(NO_LINE)
    return found

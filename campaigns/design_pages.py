"""The page of one guided question; it saves as one types, and works the same without scripts."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from accounts.models import Person
from campaigns.answering import answers_of, save_answer, settle
from campaigns.content import say
from campaigns.forms import AnswerForm
from campaigns.guide import Guide, Question
from campaigns.history.versioned import Clash
from campaigns.models import DesignAnswer
from campaigns.routes import blueprint, signed_in
from campaigns.sections import guide_of
from core.database import session, transaction
from core.errors import NotFound

CHANGED_MEANWHILE = _l(
    "Somebody changed this answer while you were writing. Save yours to see both texts; nothing is lost."
)
NO_QUESTION = _l("There is no such question in the guide. Go back to the overview and choose one from the list.")


@blueprint.get("/campaigns/<slug>/design/<question_id>")
@allow("designer")
def question(question_id: str) -> ResponseReturnValue:
    asked = _asked(question_id)
    answer = answers_of(session(), current_campaign().id).get(question_id)
    return _page(asked, AnswerForm.showing(answer), answer)


@blueprint.post("/campaigns/<slug>/design/<question_id>")
@allow("designer")
def answer(question_id: str) -> ResponseReturnValue:
    asked, form = _asked(question_id), AnswerForm()
    by_itself = "HX-Request" in request.headers
    if not form.validate():
        return _saved(form.first_error, form.based_on) if by_itself else _page(asked, form, status=422)
    if form.typed.empty and form.based_on == 0:
        return _saved("", form.based_on) if by_itself else redirect(_onward(asked))
    try:
        with transaction() as writing:
            person_id = signed_in().id
            stored = save_answer(writing, current_campaign().id, asked.id, form.typed, form.based_on, person_id)
    except Clash as clash:
        return _clash(asked, form, clash.stored, by_itself)
    lack = settle(form.typed)[1]
    if by_itself:
        return _saved(lack.sentence if lack else "", stored.version, stored)
    if lack is None:
        return redirect(_onward(asked))
    form.show_lack(lack, stored.version)
    return _page(asked, form, stored, status=422)


def _guide() -> Guide:
    """The questions of the campaign of this request."""
    if "guide" not in g:
        g.guide = guide_of(session(), current_campaign().id)
    found: Guide = g.guide
    return found


def _asked(question_id: str) -> Question:
    found = _guide().question(question_id)
    if found is None:
        raise NotFound(NO_QUESTION)
    return found


def _onward(asked: Question) -> str:
    """Where the button that was pressed leads: the next question, the end of the section, or back to the list."""
    slug = current_campaign().slug
    if request.form.get("go") == "overview":
        return url_for("campaigns.overview", slug=slug)
    section = _guide().section_of(asked)
    if _guide().concludes and asked == section.questions[-1]:
        return url_for("campaigns.section", slug=slug, section_id=section.id)
    _before, following = _guide().neighbours(asked)
    if following is None:
        return url_for("campaigns.overview", slug=slug)
    return url_for("campaigns.question", slug=slug, question_id=following.id)


def _page(
    asked: Question, form: AnswerForm, stored: DesignAnswer | None = None, *, clash: bool = False, status: int = 200
) -> ResponseReturnValue:
    form.text.description = say(asked, "hint")
    section = _guide().section_of(asked)
    before, following = _guide().neighbours(asked)
    page = render_template(
        "campaigns/question.html",
        question=asked,
        section=section,
        number=section.questions.index(asked) + 1,
        before=before,
        following=following,
        last=_guide().concludes and asked == section.questions[-1],
        form=form,
        version=form.based_on,
        stored=None if clash else stored,
        theirs=stored if clash else None,
        their_name=_written_by(stored) if clash else "",
    )
    return page, status


def _saved(sentence: str, version: int, stored: DesignAnswer | None = None, status: int = 200) -> ResponseReturnValue:
    """What stands below the answer after it was saved by itself."""
    return render_template("campaigns/parts/saved.html", sentence=sentence, version=version, stored=stored), status


def _clash(asked: Question, form: AnswerForm, stored: DesignAnswer, by_itself: bool) -> ResponseReturnValue:
    if by_itself:
        return _saved(CHANGED_MEANWHILE, form.based_on, status=409)
    form.version.data = str(stored.version)  # saved once more, knowing theirs, it counts
    return _page(asked, form, stored, clash=True, status=409)


def _written_by(answer: DesignAnswer | None) -> str:
    person = session().get(Person, answer.changed_by_id) if answer and answer.changed_by_id else None
    return _("Somebody") if person is None else person.display_name

"""Pages of the guide's sections: choosing them, and what the answers of one mean for the campaign."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from accounts.access import allow, current_campaign
from campaigns.answering import answers_of
from campaigns.content import say
from campaigns.forms import TOO_LONG, tidy, version_number
from campaigns.guide import Section, guide
from campaigns.history.versioned import Clash
from campaigns.progress import progress
from campaigns.routes import blueprint, signed_in
from campaigns.sections import choose_sections, chosen_sections, conclude, conclusions_of, guide_of
from campaigns.terms import terms
from core.database import session, transaction
from core.errors import NotFound
from core.forms import Form

NO_SECTION = _l("This campaign does not answer such a section. Go back to the overview and choose it there first.")
CHOOSE_OUTCOME = _l("Choose what the answers of this section mean for the campaign.")
SAY_WHICH = _l("Write in a sentence or two what follows, so that others can act on it.")
MEANWHILE = _l("Somebody else recorded this while you were writing: “%(theirs)s”. Bring both together, and save again.")
NOTHING_FOLLOWS = "nothing_changes"


class SectionsForm(Form):
    sections = SelectMultipleField(
        _l("Which further sets of questions fit your campaign?"), option_widget=CheckboxInput(), validate_choice=False
    )

    @classmethod
    def offering(cls, chosen: list[str] | None = None) -> SectionsForm:
        form: SectionsForm = cls() if chosen is None else cls(formdata=None, data={"sections": chosen})
        form.sections.choices = [SelectChoice(section.id, say(section, "title")) for section in guide().chosen]
        return form


class ConclusionForm(Form):
    outcome = RadioField(
        _l("What do the answers mean for the campaign?"), [InputRequired(CHOOSE_OUTCOME)], validate_choice=False
    )
    text = TextAreaField(_l("What follows from them?"), [Length(max=4_000, message=TOO_LONG)], filters=[tidy])
    version = HiddenField(default="0")

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if valid and self.outcome.data not in terms("section_outcomes"):
            self.outcome.errors = [CHOOSE_OUTCOME]
        elif valid and self.outcome.data != NOTHING_FOLLOWS and not self.text.data:
            self.text.errors = [SAY_WHICH]
        return valid and not (self.outcome.errors or self.text.errors)


@blueprint.get("/campaigns/<slug>/sections")
@allow("designer")
def sections() -> ResponseReturnValue:
    form = SectionsForm.offering(chosen_sections(session(), current_campaign().id))
    return render_template(
        "campaigns/sections.html", form=form, options=zip(form.sections, guide().chosen, strict=True)
    )


@blueprint.post("/campaigns/<slug>/sections")
@allow("designer")
def take_sections() -> ResponseReturnValue:
    with transaction() as writing:
        choose_sections(writing, current_campaign().id, SectionsForm.offering().sections.data or ())
    return redirect(url_for("campaigns.overview", slug=current_campaign().slug))


@blueprint.get("/campaigns/<slug>/sections/<section_id>")
@allow("designer")
def section(section_id: str) -> ResponseReturnValue:
    asked = _asked(section_id)
    stored = conclusions_of(session(), current_campaign().id).get(asked.id)
    return _page(asked, _conclusion_form(stored=stored))


@blueprint.post("/campaigns/<slug>/sections/<section_id>")
@allow("designer")
def conclude_section(section_id: str) -> ResponseReturnValue:
    asked, form = _asked(section_id), _conclusion_form()
    if not form.validate():
        return _page(asked, form, status=422)
    campaign, version = current_campaign(), version_number(form.version.data)
    try:
        with transaction() as writing:
            conclude(writing, campaign.id, asked.id, form.outcome.data, form.text.data, version, signed_in().id)
    except Clash as clash:
        theirs = clash.stored.text or say(terms("section_outcomes")[clash.stored.outcome], "title")
        form.text.errors = [MEANWHILE % {"theirs": theirs}]
        form.version.data = str(clash.stored.version)
        return _page(asked, form, status=409)
    flash(_("Recorded."))
    return redirect(url_for("campaigns.overview", slug=campaign.slug))


def _asked(section_id: str) -> Section:
    found = guide_of(session(), current_campaign().id).section(section_id)
    if found is None:
        raise NotFound(NO_SECTION)
    return found


def _conclusion_form(**showing: object) -> ConclusionForm:
    form: ConclusionForm = ConclusionForm(formdata=None, obj=showing["stored"]) if showing else ConclusionForm()
    form.outcome.choices = [SelectChoice(term.id, say(term, "title")) for term in terms("section_outcomes").values()]
    return form


def _page(asked: Section, form: ConclusionForm, status: int = 200) -> ResponseReturnValue:
    answers = answers_of(session(), current_campaign().id)
    found = guide_of(session(), current_campaign().id)
    part = next(part for part in progress(found, answers) if part.section.id == asked.id)
    page = render_template("campaigns/section.html", section=asked, part=part, form=form, answers=answers)
    return page, status

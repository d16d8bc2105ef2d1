"""Pages of the barrier analyses of a campaign: the list, a study, its wording, and its publishing."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.barrier_analysis import coding_pages, result_pages  # noqa: F401 - their routes are on the same blueprint
from campaigns.barrier_analysis.coding import groups_counted, people_of
from campaigns.barrier_analysis.findings import findings_of, open_determinants
from campaigns.barrier_analysis.forms import StudyForm, WordingForm, study_form, wording_form
from campaigns.barrier_analysis.models import BarrierStudy
from campaigns.barrier_analysis.numbers import Said
from campaigns.barrier_analysis.planning import publish, version_read
from campaigns.barrier_analysis.screening import question_ids, rules_of
from campaigns.barrier_analysis.seeing import sight_of, usual_sight
from campaigns.barrier_analysis.shared import MEANWHILE, READERS, hidden_below, study_at
from campaigns.barrier_analysis.studies import (
    StudyDetails,
    complete_languages,
    items_by_determinant,
    lacks_of,
    refuse_when_published,
    save_study,
    save_wording,
    studies_of,
    texts_to_word,
    wordings_of,
)
from campaigns.behaviours.contents import BEHAVIOUR, Behaviour
from campaigns.entries.saving import find
from campaigns.forms import version_number
from campaigns.history.versioned import Clash
from campaigns.routes import blueprint, signed_in
from campaigns.safeguarding.opening import missing_safeguards
from campaigns.terms import terms
from core.database import now, session, transaction
from core.errors import NotFound
from core.languages import LANGUAGES, current_language

NO_LANGUAGE = _l("Interviews cannot be held in this language here. Go back to the study and choose one from the list.")
NO_PLAN = _l("This study has no plan of this kind yet. Go back to the study to see what comes next.")


@blueprint.get("/campaigns/<slug>/barrier-analysis")
@allow(*READERS)
def barrier_studies() -> ResponseReturnValue:
    campaign = current_campaign()
    studies = studies_of(session(), campaign.id)
    still_open = open_determinants(findings_of(session(), campaign.id, hidden_below()))
    return render_template("campaigns/barrier_analysis/studies.html", studies=studies, still_open=still_open)


@blueprint.route("/campaigns/<slug>/barrier-analysis/new", methods=["GET", "POST"])
@allow("designer")
def new_barrier_study() -> ResponseReturnValue:
    asked = request.args.get("behaviour", 0, int)
    behaviour = find(session(), current_campaign().id, BEHAVIOUR, asked)
    form = study_form(
        sent=request.method == "POST", behaviour=Behaviour.stored(behaviour.content) if behaviour else None
    )
    return _edit(form, None, behaviour.id if behaviour else None)


@blueprint.get("/campaigns/<slug>/barrier-analysis/<int:study_id>")
@allow(*READERS)
def barrier_study(study_id: int) -> ResponseReturnValue:
    study = study_at(study_id)
    people = people_of(session(), study) if study.fieldwork else []
    return render_template(
        "campaigns/barrier_analysis/study.html",
        study=study,
        lacks=[] if study.fieldwork else lacks_of(session(), study),
        missing=[] if study.fieldwork else missing_safeguards(session(), study.campaign_id, ["barrier"], now().date()),
        version=version_read(session(), study),
        rules=rules_of(study.rules),
        question_ids=question_ids(rules_of(study.rules)),
        wordings=wordings_of(session(), study),
        complete=complete_languages(session(), study),
        determinants=terms("determinants"),
        by_determinant=items_by_determinant(),
        groups=groups_counted(people, study),
        interviews=len(people),
        sight=sight_of(study.doers, study.non_doers),
        least=hidden_below(),
        n=Said(current_language()),
    )


@blueprint.route("/campaigns/<slug>/barrier-analysis/<int:study_id>/edit", methods=["GET", "POST"])
@allow("designer")
def edit_barrier_study(study_id: int) -> ResponseReturnValue:
    study = study_at(study_id)
    refuse_when_published(study)
    form = study_form(StudyDetails.of(study), study.version, sent=request.method == "POST")
    return _edit(form, study)


@blueprint.route("/campaigns/<slug>/barrier-analysis/<int:study_id>/wording/<language>", methods=["GET", "POST"])
@allow("designer")
def barrier_wording(study_id: int, language: str) -> ResponseReturnValue:
    study = study_at(study_id)
    if language not in LANGUAGES:
        raise NotFound(NO_LANGUAGE)
    refuse_when_published(study)
    stored = wordings_of(session(), study).get(language)
    texts, version = (stored.texts, stored.version) if stored else ({}, 0)
    form = wording_form(texts_to_word(study), texts, version)
    if not form.validate_on_submit():
        return _wording_page(form, study, language), 422 if form.errors else 200
    try:
        with transaction() as writing:
            save_wording(writing, study_at(study_id), language, form.texts, form.based_on, signed_in().id)
    except Clash as clash:
        form.version.data = str(clash.stored.version)
        return _wording_page(form, study_at(study_id), language, MEANWHILE), 409
    flash(_("Recorded."))
    return redirect(url_for("campaigns.barrier_study", slug=current_campaign().slug, study_id=study_id))


@blueprint.post("/campaigns/<slug>/barrier-analysis/<int:study_id>/publish")
@allow("designer")
def publish_barrier_study(study_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    study_at(study_id)
    with transaction() as writing:
        publish(writing, campaign, study_id, version_number(request.form.get("version")), signed_in().id)
    flash(_("The questionnaire is published and the plan of the study is frozen."))
    return redirect(url_for("campaigns.barrier_study", slug=campaign.slug, study_id=study_id))


@blueprint.get("/campaigns/<slug>/barrier-analysis/<int:study_id>/plan.yaml")
@allow(*READERS)
def barrier_plan(study_id: int) -> ResponseReturnValue:
    study = study_at(study_id)
    return _file(study, "plan", study.fieldwork.plan if study.fieldwork else None)


@blueprint.get("/campaigns/<slug>/barrier-analysis/<int:study_id>/coded-plan.yaml")
@allow(*READERS)
def coded_barrier_plan(study_id: int) -> ResponseReturnValue:
    study = study_at(study_id)
    return _file(study, "coded_plan", study.outcome.plan if study.outcome else None)


def _file(study: BarrierStudy, kind: str, body: str | None) -> Response:
    if body is None:
        raise NotFound(NO_PLAN)
    name = f"{current_campaign().slug}_{study.instrument}_{kind}.yaml"
    return Response(
        body, mimetype="application/yaml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _edit(form: StudyForm, study: BarrierStudy | None, behaviour_id: int | None = None) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _study_page(form, study), 422 if form.errors else 200
    campaign, study_id = current_campaign(), study.id if study else None
    try:
        with transaction() as writing:
            about = (study_id, form.details, form.based_on, signed_in().id)
            saved = save_study(writing, campaign.id, *about, behaviour_id=behaviour_id)
    except Clash as clash:
        form.version.data = str(clash.stored.version)  # saved once more, knowing theirs, it counts
        return _study_page(form, study, MEANWHILE), 409
    flash(_("Recorded."))
    return redirect(url_for("campaigns.barrier_study", slug=campaign.slug, study_id=saved.id))


def _study_page(form: StudyForm, study: BarrierStudy | None, clash: str = "") -> str:
    return render_template(
        "campaigns/barrier_analysis/edit.html",
        form=form,
        study=study,
        clash=clash,
        sight=usual_sight(),
        n=Said(current_language()),
    )


def _wording_page(form: WordingForm, study: BarrierStudy, language: str, clash: str = "") -> str:
    return render_template(
        "campaigns/barrier_analysis/wording.html", form=form, study=study, spoken=language, clash=clash
    )

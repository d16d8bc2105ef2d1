"""The pages of the evaluation plan: the draft, the review before freezing, and the frozen plan with its file."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.guide import Gap, guide
from campaigns.history.versioned import Clash
from campaigns.indicators import ASKED_DIMENSIONS, limit_of, load_indicators, of_dimension
from campaigns.locking.history import history_of
from campaigns.models import FrozenPlan
from campaigns.plan_form import INSTRUMENT_LABELS, FreezeForm, PlanForm, plan_form
from campaigns.planning import ReasonNeeded, draft_of, freeze, frozen_plans, gaps_of, save_draft, unsafe
from campaigns.routes import blueprint, signed_in
from campaigns.safeguarding.opening import Unsafe
from campaigns.training_lane.lane import in_training_lane
from core.database import session, transaction
from core.errors import NotFound

READERS = frozenset({"designer", "evaluator", "supervisor"})
NOT_FROZEN = _l("There is no frozen plan of this kind in the campaign. Open the plan to see what there is.")
CHANGED_MEANWHILE = _l(
    "The plan was changed in another window while you were working, so this is not saved yet. Your choices stand "
    "below; open the plan in another window to compare, and save once more to replace it."
)


@blueprint.get("/campaigns/<slug>/plan")
@allow(*READERS)
def plan() -> ResponseReturnValue:
    campaign = current_campaign()
    if plans := frozen_plans(session(), campaign.id):
        history = history_of(session(), campaign.id)
        return _summary(
            "campaigns/plan_frozen.html",
            plans=plans,
            gaps=_gaps_when_frozen(plans[0]),
            history=history,
            targets_open=history is not None and history.state != "fixed",
        )
    if "designer" not in campaign.roles:
        return _summary("campaigns/plan_draft.html")
    draft = draft_of(session(), campaign.id)
    return _form_page(plan_form(draft.choices, draft.version))


@blueprint.post("/campaigns/<slug>/plan")
@allow("designer")
def save_plan() -> ResponseReturnValue:
    campaign, form = current_campaign(), plan_form()
    if not form.validate():
        return _form_page(form, status=422)
    choices = form.choices()
    try:
        with transaction() as writing:
            draft = save_draft(writing, campaign.id, choices, form.based_on, signed_in().id)
    except Clash:
        form.version.data = str(draft_of(session(), campaign.id).version)  # saved once more, it counts
        return _form_page(form, sentence=CHANGED_MEANWHILE, status=409)
    if request.form.get("go") != "review":
        flash(_("The plan is saved as a draft."))
        return redirect(url_for("campaigns.plan", slug=campaign.slug))
    if lacks := choices.lacks():
        form.version.data = str(draft.version)
        form.show_lacks(lacks)
        return _form_page(form, status=422)
    return redirect(url_for("campaigns.review_plan", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/plan/freeze")
@allow("designer")
def review_plan() -> ResponseReturnValue:
    campaign = current_campaign()
    if in_training_lane(session(), campaign.id):  # there the safety check comes first
        return redirect(url_for("campaigns.training_freeze", slug=campaign.slug))
    draft = draft_of(session(), campaign.id)
    if frozen_plans(session(), campaign.id) or draft.choices.lacks():
        return redirect(url_for("campaigns.plan", slug=campaign.slug))
    return _review_page(FreezeForm(formdata=None, data={"version": draft.version}))


@blueprint.post("/campaigns/<slug>/plan/freeze")
@allow("designer")
def freeze_plan() -> ResponseReturnValue:
    campaign, form = current_campaign(), FreezeForm()
    if in_training_lane(session(), campaign.id):
        return redirect(url_for("campaigns.training_freeze", slug=campaign.slug))
    if not form.validate():
        return _review_page(form, status=422)
    try:
        with transaction() as writing:
            freeze(writing, campaign, form.based_on, signed_in().id, gap_reason=form.gap_reason.data)
    except ReasonNeeded as error:
        form.gap_reason.errors = [error.message]
        return _review_page(form, status=422)
    except Unsafe as error:
        return _review_page(form, status=error.status)
    flash(_("The plan is frozen and the questionnaires are published."))
    return redirect(url_for("campaigns.plan", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/plan/<instrument>.yaml")
@allow(*READERS)
def plan_file(instrument: str) -> ResponseReturnValue:
    campaign = current_campaign()
    found = [frozen for frozen in frozen_plans(session(), campaign.id) if frozen.instrument == instrument]
    if not found:
        raise NotFound(NOT_FROZEN)
    name = f"{campaign.slug}_{instrument}_plan.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found[0].body, mimetype="application/yaml", headers=headers)


def _form_page(form: PlanForm, *, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    groups = [(dimension, of_dimension(dimension)) for dimension in ASKED_DIMENSIONS]
    choices = draft_of(session(), current_campaign().id).choices
    page = render_template(
        "campaigns/plan.html", form=form, groups=groups, limit_of=limit_of, choices=choices, sentence=sentence
    )
    return page, status


def _summary(template: str, **more: object) -> str:
    draft = draft_of(session(), current_campaign().id)
    return render_template(
        template,
        choices=draft.choices,
        catalogue=load_indicators(),
        instrument_labels=INSTRUMENT_LABELS,
        **({"targets_open": draft.choices.targets_later} | more),
    )


def _review_page(form: FreezeForm, *, status: int = 200) -> ResponseReturnValue:
    campaign_id = current_campaign().id
    missing = unsafe(session(), campaign_id, draft_of(session(), campaign_id).choices)
    gaps = gaps_of(session(), campaign_id)
    return _summary("campaigns/plan_review.html", gaps=gaps, missing=missing, form=form), status


def _gaps_when_frozen(plan: FrozenPlan) -> list[Gap]:
    return [gap for gap in guide().gaps if gap.id in plan.open_gaps]

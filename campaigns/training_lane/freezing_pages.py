"""The page that freezes the plan of a training: the safety check comes first."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts.access import allow, current_campaign
from campaigns.holding import hold
from campaigns.indicators import load_indicators
from campaigns.plan_choices import PlanChoices
from campaigns.plan_form import INSTRUMENT_LABELS, FreezeForm
from campaigns.planning import ReasonNeeded, draft_of, freeze, frozen_plans, gaps_of
from campaigns.routes import blueprint, signed_in
from campaigns.training_lane.lane import in_training_lane
from campaigns.training_lane.safety import STALE, details_of, safety_lacks, stale, training_safety
from core.database import now, session, transaction
from core.errors import EveilError

INTERCEPT = _l(
    "Interviews in public places need the full safeguarding plan. Take them out of the plan, or move on to “Design a "
    "campaign”."
)
UNSAFE = _l("The safety check is not complete yet. Complete it, and freeze the plan then.")


@blueprint.get("/campaigns/<slug>/training/freeze")
@allow("designer")
def training_freeze() -> ResponseReturnValue:
    campaign = current_campaign()
    if frozen_plans(session(), campaign.id) or not in_training_lane(session(), campaign.id):
        return redirect(url_for("campaigns.plan", slug=campaign.slug))
    version = draft_of(session(), campaign.id).version
    return _page(FreezeForm(formdata=None, data={"version": version}))


def _page(form: FreezeForm, status: int = 200) -> ResponseReturnValue:
    campaign = current_campaign()
    draft = draft_of(session(), campaign.id)
    details = details_of(training_safety(session(), campaign.id))
    page = render_template(
        "campaigns/training/freeze.html",
        form=form,
        choices=draft.choices,
        catalogue=load_indicators(),
        instrument_labels=INSTRUMENT_LABELS,
        gaps=gaps_of(session(), campaign.id),
        lacks=draft.choices.lacks(),
        unsafe=[lack.sentence for lack in safety_lacks(details)] + ([INTERCEPT] if in_public(draft.choices) else []),
        stale=STALE if stale(details, now().date()) else "",
    )
    return page, status


@blueprint.post("/campaigns/<slug>/training/freeze")
@allow("designer")
def training_freeze_plan() -> ResponseReturnValue:
    campaign, form = current_campaign(), FreezeForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with transaction() as writing:
            hold(writing, campaign.id)
            require_safety(writing, campaign.id)
            freeze(writing, campaign, form.based_on, signed_in().id, gap_reason=form.gap_reason.data)
    except ReasonNeeded as error:
        form.gap_reason.errors = [error.message]
        return _page(form, 422)
    flash(_("The plan is frozen and the questionnaires are published."))
    return redirect(url_for("campaigns.overview", slug=campaign.slug))


def require_safety(session: Session, campaign_id: int) -> None:
    """Raises EveilError (409) while a campaign in this lane has no tested hotline or no named contact, or would ask
    people in public places, which calls for more than this lane holds."""
    if not in_training_lane(session, campaign_id):
        return
    if in_public(draft_of(session, campaign_id).choices):
        raise EveilError(INTERCEPT, status=409)
    if safety_lacks(details_of(training_safety(session, campaign_id))):
        raise EveilError(UNSAFE, status=409)


def in_public(choices: PlanChoices) -> bool:
    return any(name != "training" for name in choices.instruments)

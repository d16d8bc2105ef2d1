"""Pages of the lane "Evaluate one training": its six steps, the preset plan, the safety check, and the way out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import roles
from accounts.access import allow, current_campaign
from campaigns.history.versioned import Clash
from campaigns.indicators import limit_of, load_indicators
from campaigns.plan_pages import CHANGED_MEANWHILE
from campaigns.planning import draft_of, frozen_plans
from campaigns.routes import SEES_COUNTS, blueprint, signed_in
from campaigns.training_lane import freezing_pages, material_pages  # noqa: F401 - their routes are on the same blueprint
from campaigns.training_lane.forms import PresetForm, SafetyForm
from campaigns.training_lane.lane import PLANNED_GAIN, PRESET, move_to_campaign, take_preset
from campaigns.training_lane.safety import (
    STALE,
    details_of,
    safety_lacks,
    save_safety,
    stale,
    training_safety,
)
from campaigns.training_lane.steps import steps_of
from core.database import now, session, transaction

READERS = ("designer", "evaluator")
MEANWHILE = _l(
    "Somebody else changed the safety check while you were writing. What you wrote still stands here; reload the page "
    "in another window to read theirs, then save again."
)


def training_overview() -> ResponseReturnValue:
    """The overview of a campaign in this lane: six steps, and what can come later."""
    from surveys.frames import counts  # pandas: too slow for the start

    campaign = current_campaign()
    steps = steps_of(session(), campaign.id)
    return render_template(
        "campaigns/training/overview.html",
        steps=steps,
        counts=counts(session(), campaign.id) if campaign.roles & SEES_COUNTS else {},
        waves=steps.draft.choices.waves,
        stale=STALE if stale(details_of(steps.safety), now().date()) else "",
        duties=[(roles.LABELS[role], roles.DUTIES[role]) for role in roles.LABELS if role in campaign.roles],
    )


@blueprint.post("/campaigns/<slug>/training/move")
@allow("designer")
def training_move() -> ResponseReturnValue:
    with transaction() as writing:
        move_to_campaign(writing, current_campaign().id, signed_in().id)
    flash(_("The whole design is open now. Your answers, plan, safety check and questionnaires came along."))
    return redirect(url_for("campaigns.overview", slug=current_campaign().slug))


@blueprint.route("/campaigns/<slug>/training/indicators", methods=["GET", "POST"])
@allow("designer")
def training_indicators() -> ResponseReturnValue:
    campaign, form = current_campaign(), PresetForm()
    if not form.is_submitted():
        draft = draft_of(session(), campaign.id)
        shown = {
            "followup": draft.version > 0 and draft.choices.followup,
            "activity_ends_on": draft.choices.activity_ends_on,
            "version": draft.version,
        }
        return _preset_page(PresetForm(formdata=None, data=shown))
    if not form.validate():
        return _preset_page(form, status=422)
    try:
        with transaction() as writing:
            day, followup = form.activity_ends_on.data, form.followup.data
            take_preset(writing, campaign.id, day, followup=followup, based_on=form.based_on)
    except Clash:
        form.version.data = str(draft_of(session(), campaign.id).version)  # saved once more, it counts
        return _preset_page(form, clash=CHANGED_MEANWHILE, status=409)
    flash(_("The four indicators are in the plan."))
    return redirect(url_for("campaigns.overview", slug=campaign.slug))


@blueprint.route("/campaigns/<slug>/training/safety", methods=["GET", "POST"])
@allow("designer")
def training_safety_check() -> ResponseReturnValue:
    campaign, form = current_campaign(), SafetyForm()
    if not form.is_submitted():
        stored = training_safety(session(), campaign.id)
        form = SafetyForm(formdata=None, obj=stored)
        if stored is not None:
            form.show_lacks(safety_lacks(details_of(stored)))
        return _safety_page(form)
    if not form.validate():
        return _safety_page(form, status=422)
    try:
        with transaction() as writing:
            stored = save_safety(writing, campaign.id, form.details, form.based_on, signed_in().id)
    except Clash as clash:
        form.version.data = str(clash.stored.version)  # saved once more, knowing theirs, it counts
        return _safety_page(form, clash=MEANWHILE, status=409)
    if lacks := safety_lacks(form.details):
        form.version.data = str(stored.version)
        form.show_lacks(lacks)
        return _safety_page(form, kept=True, status=422)
    flash(_("Recorded."))
    return redirect(url_for("campaigns.overview", slug=campaign.slug))


def _preset_page(form: PresetForm, *, clash: str = "", status: int = 200) -> ResponseReturnValue:
    campaign = current_campaign()
    chosen = {indicator.id: indicator for indicator in draft_of(session(), campaign.id).choices.indicators}
    page = render_template(
        "campaigns/training/indicators.html",
        form=form,
        clash=clash,
        preset=[(load_indicators()[name], primary) for name, primary in PRESET],
        limit_of=limit_of,
        gain=PLANNED_GAIN,
        chosen=chosen,
        own=bool(chosen) and set(chosen) != {name for name, _primary in PRESET},
        frozen=bool(frozen_plans(session(), campaign.id)),
    )
    return page, status


def _safety_page(form: SafetyForm, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    old = stale(form.details, now().date())
    return render_template("campaigns/training/safety.html", form=form, stale=STALE if old else "", **more), status

"""The pages of the second lock, of changes to the plan, and the file of the changes."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.history.versioned import Clash
from campaigns.indicators import load_indicators
from campaigns.locking.changes import (
    ChangeClash,
    Possible,
    changes_file,
    changes_of,
    make_change,
    newest_change,
    possible_change,
    possible_changes,
)
from campaigns.locking.forms import ChangeForm, TargetsForm, change_form, targets_form
from campaigns.locking.history import history_of
from campaigns.locking.targets import save_targets, set_second_lock, targets_open
from campaigns.plan_pages import CHANGED_MEANWHILE, NOT_FROZEN, READERS
from campaigns.planning import draft_of, frozen_plans
from campaigns.routes import blueprint, signed_in
from core.database import session, transaction
from core.errors import EveilError, NotFound

CHANGED_TOO = _l(
    "Somebody else wrote down a change to the plan while you were writing, so this is not saved yet. What you wrote "
    "stands below; look at the other change first, and save once more."
)


@blueprint.get("/campaigns/<slug>/plan/targets")
@allow("designer")
def targets() -> ResponseReturnValue:
    campaign = current_campaign()
    if not targets_open(session(), campaign.id):
        return redirect(url_for("campaigns.plan", slug=campaign.slug))
    draft = draft_of(session(), campaign.id)
    return _targets_page(targets_form(draft.choices, draft.version))


@blueprint.post("/campaigns/<slug>/plan/targets")
@allow("designer")
def save_plan_targets() -> ResponseReturnValue:
    campaign, form = current_campaign(), targets_form()
    if not form.validate():
        return _targets_page(form, status=422)
    typed, lock = form.targets(draft_of(session(), campaign.id).choices), request.form.get("go") == "lock"
    lacks = []
    try:
        with transaction() as writing:
            if lock:
                lacks = set_second_lock(writing, campaign.id, typed, form.based_on)
            else:
                save_targets(writing, campaign.id, typed, form.based_on)
    except Clash:
        form.version.data = str(draft_of(session(), campaign.id).version)  # saved once more, it counts
        return _targets_page(form, sentence=CHANGED_MEANWHILE, status=409)
    if lacks:
        form.version.data = str(draft_of(session(), campaign.id).version)
        form.show_lacks(lacks)
        return _targets_page(form, status=422)
    flash(_("The targets are locked.") if lock else _("The targets are saved as a draft; they are not locked yet."))
    return redirect(url_for("campaigns.plan", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/plan/changes")
@allow(*READERS)
def plan_changes() -> ResponseReturnValue:
    campaign = current_campaign()
    possible = possible_changes(session(), campaign.id) if "designer" in campaign.roles else []
    return render_template(
        "campaigns/plan_changes.html",
        history=history_of(session(), campaign.id),
        possible=possible,
        catalogue=load_indicators(),
        plans=frozen_plans(session(), campaign.id),
    )


@blueprint.route("/campaigns/<slug>/plan/changes/<change_name>", methods=["GET", "POST"])
@allow("designer")
def plan_change(change_name: str) -> ResponseReturnValue:
    campaign = current_campaign()
    possible = possible_change(session(), campaign.id, change_name)
    form = change_form(possible, newest_change(session(), campaign.id))
    if not form.validate_on_submit():
        return _change_page(form, possible, status=422 if form.errors else 200)
    try:
        with transaction() as writing:
            person = signed_in().id
            make_change(writing, campaign.id, change_name, form.value, form.reason.data, form.based_on, person)
    except ChangeClash:
        form.version.data = str(newest_change(session(), campaign.id))  # saved once more, it counts
        theirs = possible_change(session(), campaign.id, change_name)
        return _change_page(form, theirs, sentence=CHANGED_TOO, status=409)
    except EveilError as error:
        if not error.field:
            raise
        form[error.field].errors = [error.message]
        return _change_page(form, possible, status=422)
    flash(_("The change is written down beside the plan."))
    return redirect(url_for("campaigns.plan_changes", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/plan/<instrument>.changes.yaml")
@allow(*READERS)
def plan_changes_file(instrument: str) -> ResponseReturnValue:
    campaign = current_campaign()
    if instrument not in {frozen.instrument for frozen in frozen_plans(session(), campaign.id)}:
        raise NotFound(NOT_FROZEN)
    name = f"{campaign.slug}_{instrument}_plan.changes.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    body = changes_file(changes_of(session(), campaign.id))
    return Response(body, mimetype="application/yaml", headers=headers)


def _targets_page(form: TargetsForm, *, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    choices = draft_of(session(), current_campaign().id).choices
    page = render_template(
        "campaigns/plan_targets.html",
        form=form,
        choices=choices,
        catalogue=load_indicators(),
        history=history_of(session(), current_campaign().id),
        wrong=form.wrong(choices),
        sentence=sentence,
    )
    return page, status


def _change_page(form: ChangeForm, possible: Possible, *, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "campaigns/plan_change.html",
        form=form,
        possible=possible,
        indicator=load_indicators().get(possible.indicator_id),
        history=history_of(session(), current_campaign().id),
        sentence=sentence,
    )
    return page, status

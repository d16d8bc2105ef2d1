"""The pages of campaigns: the list, a new one, and what there is to do in one; design and plan lie beside."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from accounts import roles
from accounts.access import ADMINISTRATOR, SIGNED_IN, allow, current_campaign, current_person
from accounts.models import Person
from campaigns import content
from campaigns.answering import answers_of
from campaigns.creating import create_campaign
from campaigns.forms import NewCampaignForm
from campaigns.listing import campaigns_of
from campaigns.models import INSTRUMENTS
from campaigns.planning import draft_of, frozen_plans
from campaigns.progress import first_unanswered, progress
from campaigns.sections import conclusions_of, guide_of
from campaigns.training_lane.lane import in_training_lane
from core import navigation
from core.database import session, transaction
from core.navigation import NavigationItem

blueprint = Blueprint("campaigns", __name__)

READERS = ("designer", "evaluator")  # of the design; only designers change it
SEES_COUNTS = frozenset({"designer", "supervisor", "evaluator"})


# each has its pages in a module ``pages``, on the blueprint of this one
PARTS = (
    "audience", "barrier_analysis", "behaviours", "brief", "calendar", "entries", "history", "indicator_plan",
    "locking", "packing", "registers", "review", "safeguarding", "scope", "sizes", "training_lane",
)  # fmt: skip


def init_app(app: Flask) -> None:
    from campaigns import design_pages, plan_pages, section_pages  # noqa: F401 - their routes are on the same blueprint

    for part in PARTS:
        import_module(f"campaigns.{part}.pages")
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(say=content.say, cite=content.cite)
    overview_roles = {SIGNED_IN, ADMINISTRATOR}
    navigation.register(app, NavigationItem("campaigns.overview", _l("Overview"), overview_roles, 0))
    navigation.register(app, NavigationItem("campaigns.plan", _l("Plan"), plan_pages.READERS, 20))


def signed_in() -> Person:
    person = current_person()
    assert person is not None  # noqa: S101 - every route here asks for a role or a sign-in
    return person


@blueprint.get("/")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    return render_template("campaigns/index.html", campaigns=campaigns_of(session(), signed_in()))


@blueprint.route("/campaigns/new", methods=["GET", "POST"])
@allow(SIGNED_IN)
def new() -> ResponseReturnValue:
    form = NewCampaignForm()
    if form.validate_on_submit():
        with transaction() as writing:
            campaign = create_campaign(writing, form.title.data, form.place.data, signed_in().id, lane=form.lane.data)
        return redirect(url_for("campaigns.overview", slug=campaign.slug))
    return render_template("campaigns/new.html", form=form), 422 if form.errors else 200


@blueprint.get("/campaigns/<slug>/")
@allow(SIGNED_IN, ADMINISTRATOR)
def overview() -> ResponseReturnValue:
    from campaigns.training_lane.pages import training_overview  # its routes are on this blueprint
    from surveys.frames import counts  # pandas: too slow for the start

    campaign = current_campaign()
    if in_training_lane(session(), campaign.id):
        return training_overview()
    found, answers = guide_of(session(), campaign.id), answers_of(session(), campaign.id)
    return render_template(
        "campaigns/overview.html",
        sections=progress(found, answers),
        next_question=first_unanswered(found, answers),
        conclusions=conclusions_of(session(), campaign.id),
        plan_state=_plan_state(campaign.id),
        counts=_of_the_plan(counts(session(), campaign.id)) if campaign.roles & SEES_COUNTS else {},
        waves=draft_of(session(), campaign.id).choices.waves,
        duties=[(roles.LABELS[role], roles.DUTIES[role]) for role in roles.LABELS if role in campaign.roles],
    )


def _of_the_plan(counted: Mapping[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Without barrier analyses, which have no waves and pages of their own."""
    return {name: by_wave for name, by_wave in counted.items() if name in INSTRUMENTS}


def _plan_state(campaign_id: int) -> str:
    if frozen_plans(session(), campaign_id):
        return "done"
    return "in_progress" if draft_of(session(), campaign_id).version else "to_do"

"""Pages of the planner: what is planned for the indicators of the draft, and the planning of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.history.versioned import Clash
from campaigns.indicators import Indicator, load_indicators
from campaigns.plan_choices import ChosenIndicator, PlanChoices
from campaigns.planning import draft_of, frozen_plans
from campaigns.routes import blueprint, signed_in
from campaigns.sizes.forms import SizeForm
from campaigns.sizes.inputs import Inputs
from core import numbers
from core.database import session, transaction
from core.errors import EveilError, NotFound

# scipy takes time to load: functions here import what computes
if TYPE_CHECKING:
    from campaigns.sizes.computing import Planned
    from campaigns.sizes.planned import PlannedSize

READERS = ("designer", "evaluator")
NOT_CHOSEN = _l("This indicator is not in the plan. Choose it there first, or choose another one from the list.")
MEANWHILE = _l(
    "Somebody else changed these figures while you were working. Yours still stand here and are not saved yet; reload "
    "the page in another window to see theirs, then save again."
)


class Subject(NamedTuple):
    """The indicator of a page, as the draft has it and as it was planned."""

    indicator: Indicator
    chosen: ChosenIndicator
    choices: PlanChoices
    stored: PlannedSize | None


@blueprint.get("/campaigns/<slug>/sizes")
@allow(*READERS)
def sizes() -> ResponseReturnValue:
    from campaigns.sizes.planned import planned_sizes

    campaign = current_campaign()
    found = {one.indicator_id: one for one in planned_sizes(session(), campaign.id)}
    chosen = draft_of(session(), campaign.id).choices.indicators
    return render_template("campaigns/sizes.html", chosen=chosen, found=found, catalogue=load_indicators())


@blueprint.get("/campaigns/<slug>/sizes/<indicator_id>")
@allow(*READERS)
def size(indicator_id: str) -> ResponseReturnValue:
    about = _subject(indicator_id)
    inputs = about.stored.inputs if about.stored else Inputs.for_indicator(about.choices, about.chosen)
    form = SizeForm.showing(inputs, about.stored.version if about.stored else 0)
    result = None if inputs.aim is None else _computed(form, inputs)
    return _page(about, form, result)


@blueprint.post("/campaigns/<slug>/sizes/<indicator_id>")
@allow(*READERS)
def calculate_size(indicator_id: str) -> ResponseReturnValue:
    """Shows what follows from the figures, and keeps nothing."""
    about, form = _subject(indicator_id), SizeForm()
    if not form.validate():
        return _page(about, form, None, status=422)
    result = _computed(form, form.inputs)
    if result is None:
        return _page(about, form, None, status=422)
    return _page(about, SizeForm.showing(form.inputs, form.based_on), result)


@blueprint.post("/campaigns/<slug>/sizes/<indicator_id>/save")
@allow("designer")
def save_size(indicator_id: str) -> ResponseReturnValue:
    from campaigns.sizes.planned import save_size as save

    about, form, campaign = _subject(indicator_id), SizeForm(), current_campaign()
    if not form.validate() or (result := _computed(form, form.inputs)) is None:
        return _page(about, form, None, status=422)
    try:
        with transaction() as writing:
            save(writing, campaign.id, about.chosen.id, form.inputs, form.based_on, signed_in().id)
    except Clash as clash:
        again = SizeForm.showing(form.inputs, clash.stored.version)  # saved once more, knowing theirs, it counts
        return _page(about, again, result, clash=MEANWHILE, status=409)
    flash(_("The figures are saved."))
    return redirect(url_for("campaigns.size", slug=campaign.slug, indicator_id=about.chosen.id))


def _subject(indicator_id: str) -> Subject:
    from campaigns.sizes.planned import planned_size

    campaign_id = current_campaign().id
    choices = draft_of(session(), campaign_id).choices
    for chosen in choices.indicators:
        if chosen.id == indicator_id:
            stored = planned_size(session(), campaign_id, indicator_id)
            return Subject(load_indicators()[indicator_id], chosen, choices, stored)
    raise NotFound(NOT_CHOSEN)


def _computed(form: SizeForm, inputs: Inputs) -> Planned | None:
    """What follows from the figures; where nothing can, the sentence stands at its field."""
    from analysis.planning.errors import PlanningError
    from campaigns.sizes.computing import planned
    from campaigns.sizes.wording import refusal

    try:
        return planned(inputs)
    except PlanningError as error:
        said: EveilError = refusal(error, inputs)
        form.show(said)
        return None


def _page(
    about: Subject, form: SizeForm, result: Planned | None, *, clash: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "campaigns/size.html",
        about=about,
        form=form,
        clash=clash,
        late=_changed_after_freezing(about.stored),
        **({} if result is None else _shown(result)),
    )
    return page, status


def _shown(result: Planned) -> dict[str, object]:
    """What the page says about a sample."""
    from campaigns.sizes import wording
    from campaigns.sizes.computing import points_of
    from campaigns.sizes.drawing import curve_figure
    from campaigns.sizes.proposal import parameters, proposal

    points = points_of(result.inputs)
    return {
        "result": result,
        "words": parameters(result),
        "group_name": wording.group_name,
        "caveats": wording.caveats(result),
        "assumptions": wording.assumptions(result),
        "sentences": proposal(result),
        "points": points,
        "figure": curve_figure(result, points),
        "planned_points": numbers.planned_points,
    }


def _changed_after_freezing(stored: PlannedSize | None) -> bool:
    plans = frozen_plans(session(), current_campaign().id)
    return stored is not None and bool(plans) and stored.changed_at > plans[0].frozen_at

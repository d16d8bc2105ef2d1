"""Pages of the indicator plan: the catalogue, the plan, one of its rows, and the workbook."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.forms import version_number
from campaigns.guide import guide
from campaigns.history.versioned import Clash
from campaigns.indicator_plan import labels, planned
from campaigns.indicator_plan.forms import OwnPlannedForm, PlannedForm, planned_form
from campaigns.indicator_plan.models import PlannedIndicator
from campaigns.indicator_plan.planned import Planned, leave_out, planned_indicators, save_planned
from campaigns.indicators import categories, limit_of, load_indicators
from campaigns.registers.pages import MEANWHILE
from campaigns.routes import READERS, blueprint, signed_in
from core.database import session, transaction
from core.errors import EveilError, NotFound

Found = TypeVar("Found")

FIRST_SECTION = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_INDICATOR = _l("There is no such indicator here. Go back to the indicator plan and choose one from the list.")
CHANGED = _l("Somebody else changed this indicator in the meantime, so it was not left out. Read it again first.")


@blueprint.get("/campaigns/<slug>/indicators/catalogue")
@allow(*READERS)
def indicator_catalogue() -> ResponseReturnValue:
    """One section a page: all rows at once would be a long load over a slow line."""
    sections = {section.number: section for section in guide().sections if _categories_of(section.number)}
    wanted = request.args.get("section", FIRST_SECTION, int)
    number = wanted if wanted in sections else FIRST_SECTION
    return render_template(
        "campaigns/indicator_catalogue.html",
        sections=sections,
        section=sections[number],
        categories=_categories_of(number),
        in_plan={row.key for row in planned_indicators(session(), current_campaign().id)},
        labels=labels,
        limit_of=limit_of,
    )


@blueprint.get("/campaigns/<slug>/indicators")
@allow(*READERS)
def indicator_plan() -> ResponseReturnValue:
    groups: dict[str, list[Planned]] = {}
    for row in planned_indicators(session(), current_campaign().id):
        groups.setdefault(row.rung, []).append(row)
    return render_template("campaigns/indicator_plan.html", groups=groups, labels=labels)


@blueprint.route("/campaigns/<slug>/indicators/of-catalogue/<indicator_id>", methods=["GET", "POST"])
@allow("designer")
def planned_indicator(indicator_id: str) -> ResponseReturnValue:
    indicator = _there(load_indicators().get(indicator_id))
    rows = {row.key: row for row in planned_indicators(session(), current_campaign().id)}
    row = rows.get(indicator.id)
    stored, chosen = (row.stored, row.chosen) if row else (None, None)
    form = planned_form(PlannedForm, stored or indicator, unit=indicator.unit, in_plan=chosen is not None)
    if stored is None and not form.is_submitted():
        form.version.data, form.owner.data = "0", ""  # the catalogue names a role, the campaign a person
    return _row(form, stored, indicator.id, indicator=indicator, row=row)


@blueprint.route("/campaigns/<slug>/indicators/own", methods=["GET", "POST"], defaults={"planned_id": None})
@blueprint.route("/campaigns/<slug>/indicators/own/<int:planned_id>", methods=["GET", "POST"])
@allow("designer")
def own_indicator(planned_id: int | None) -> ResponseReturnValue:
    stored = None
    if planned_id is not None:
        stored = planned.own_indicator(session(), current_campaign().id, planned_id)
        if request.method == "GET":  # what is sent is kept, even when the row was left out in the meantime
            _there(stored)
    return _row(planned_form(OwnPlannedForm, stored), stored, None)


@blueprint.post("/campaigns/<slug>/indicators/<int:planned_id>/leave-out")
@allow("designer")
def leave_indicator_out(planned_id: int) -> ResponseReturnValue:
    campaign = current_campaign()
    try:
        with transaction() as writing:
            _there(leave_out(writing, campaign.id, planned_id, version_number(request.form.get("version"))) or None)
    except Clash as clash:
        raise EveilError(CHANGED, status=409) from clash
    flash(_("It is left out."))
    return redirect(url_for("campaigns.indicator_plan", slug=campaign.slug))


@blueprint.get("/campaigns/<slug>/indicators.xlsx")
@allow(*READERS)
def indicator_workbook() -> ResponseReturnValue:
    from campaigns.indicator_plan.workbook import workbook  # openpyxl: too slow for the start

    campaign = current_campaign()
    name = f"{campaign.slug}_indicators.xlsx"
    headers = {"Content-Type": XLSX, "Content-Disposition": f'attachment; filename="{name}"'}
    return workbook(session(), campaign.id, campaign.title), headers


def _row(
    form: PlannedForm, stored: PlannedIndicator | None, indicator_id: str | None, **about: Any
) -> ResponseReturnValue:
    campaign = current_campaign()
    planned_id = stored.id if stored and indicator_id is None else None
    about |= {"stored": stored, "labels": labels, "limit_of": limit_of}
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200, **about)
    try:
        with transaction() as writing:
            save_planned(
                writing,
                campaign.id,
                form.details,
                form.based_on,
                signed_in().id,
                indicator_id=indicator_id,
                planned_id=planned_id,
            )
    except Clash as clash:
        form.version.data = str(clash.stored.version)  # saved once more, knowing theirs, it counts
        return _page(form, 409, clash=MEANWHILE, **about)
    flash(_("Recorded."))
    return redirect(url_for("campaigns.indicator_plan", slug=campaign.slug))


def _page(form: PlannedForm, status: int, **about: Any) -> ResponseReturnValue:
    return render_template("campaigns/planned_indicator.html", form=form, **about), status


def _categories_of(section: int) -> list[Any]:
    """Those of a section; what comes from elsewhere stands with the awareness indicators."""
    return [category for category in categories() if (category.source.section or FIRST_SECTION) == section]


def _there(found: Found | None) -> Found:
    if found is None:
        raise NotFound(NO_INDICATOR)
    return found

"""The pages of reports, registered with the application."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from flask import Blueprint, Flask, Response, render_template
from flask_babel import lazy_gettext as _l

from accounts.access import allow, current_campaign
from campaigns.locking.history import history_of
from campaigns.planning import frozen_plans
from campaigns.registers import assumptions
from campaigns.registers import results as of_register
from core.database import session
from core.errors import NotFound
from core.languages import current_language
from core.navigation import NavigationItem, register
from reports.analyse import SUPPRESS_BELOW

READERS = ("evaluator", "designer")
NO_RESULTS = _l("There are no results at this address yet. Open the report to see what is still to come.")

blueprint = Blueprint("reports", __name__)


def init_app(app: Flask) -> None:
    from reports.spreadsheet import pages  # noqa: F401 - its routes are on this blueprint

    app.register_blueprint(blueprint)
    register(app, NavigationItem("reports.report", _l("Report"), READERS, 60))
    of_register.offer(app, _marks)
    app.extensions["warm_up"] = _load_libraries


def _load_libraries() -> None:
    """Statistics and figures take seconds to load; the server does it while nobody waits."""
    import_module("reports.pages")


@blueprint.get("/campaigns/<slug>/report")
@allow(*READERS)
def report() -> str:
    from reports.assumption_view import assumption_views
    from reports.pages import report_view
    from reports.report import campaign_report

    campaign, hidden = current_campaign(), _hidden_below()
    found = campaign_report(session(), campaign.id, hidden)
    lines = assumptions.register(session(), campaign.id)
    return render_template(
        "reports/report.html",
        report=report_view(found, current_language()),
        history=history_of(session(), campaign.id),
        assumptions=assumption_views(lines, found, current_language()),
        hides_small=max((part.plan.suppress_below for part in found.instruments), default=hidden),
        may_plan="designer" in campaign.roles,
    )


@blueprint.get("/campaigns/<slug>/report/<instrument>.json")
@allow(*READERS)
def results(instrument: str) -> Response:
    """The results as ``eveil analyse`` writes them."""
    from reports.report import campaign_report
    from reports.results_file import results_text

    found = campaign_report(session(), current_campaign().id, _hidden_below())
    for part in found.instruments:
        if part.instrument == instrument and part.results is not None:
            return Response(results_text(part.results), mimetype="application/json")
    raise NotFound(NO_RESULTS)


def _marks(lines: Sequence[assumptions.Listed]) -> list[of_register.Mark]:
    """What the results say about the register, for those who may read the report; its results are kept there."""
    campaign = current_campaign()
    if not campaign.roles & set(READERS) or not frozen_plans(session(), campaign.id):
        return []
    from reports.assumption_view import assumption_views
    from reports.report import campaign_report

    views = assumption_views(lines, campaign_report(session(), campaign.id, _hidden_below()), current_language())
    return [of_register.Mark(view.mark, view.label, view.all_sentences) for view in views]


def _hidden_below() -> int:
    """The evaluator is inside the team and sees all numbers; whoever only reads the report sees no small groups."""
    return SUPPRESS_BELOW["team" if "evaluator" in current_campaign().roles else "shared"]

"""Pages of behaviours, barriers and responses, and of the theory of change that is drawn from them."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from accounts.access import allow, current_campaign
from campaigns.barrier_analysis.findings import outstanding
from campaigns.behaviours.chains import chains, rests_on_information
from campaigns.behaviours.drawing import drawing
from campaigns.behaviours.forms import DECISION_LABELS
from campaigns.behaviours.theory import COLUMNS, STATES, theory
from campaigns.entries.saving import entries_of
from campaigns.routes import READERS, blueprint
from campaigns.terms import terms
from core.database import session
from core.languages import current_language


@blueprint.get("/campaigns/<slug>/behaviours")
@allow(*READERS)
def behaviours() -> ResponseReturnValue:
    found = chains(entries_of(session(), current_campaign().id))
    return render_template(
        "campaigns/behaviours.html",
        chains=found,
        on_opportunity=rests_on_information(found),
        decisions=DECISION_LABELS,
        terms=terms,
        outstanding=outstanding(session(), current_campaign().id),
    )


@blueprint.get("/campaigns/<slug>/theory")
@allow(*READERS)
def theory_of_change() -> ResponseReturnValue:
    found = theory(chains(entries_of(session(), current_campaign().id)))
    picture = drawing(found, current_language())
    return render_template("campaigns/theory.html", theory=found, drawing=picture, columns=COLUMNS, states=STATES)


@blueprint.get("/campaigns/<slug>/theory.svg")
@allow(*READERS)
def theory_drawing() -> ResponseReturnValue:
    found = theory(chains(entries_of(session(), current_campaign().id)))
    return Response(drawing(found, current_language()), mimetype="image/svg+xml")

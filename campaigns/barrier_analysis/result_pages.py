"""Pages of what came out: the results, and for each determinant that stands out what the campaign makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import allow, current_campaign
from campaigns.barrier_analysis.figure import drawn
from campaigns.barrier_analysis.findings import (
    NO_SUCH_FINDING,
    TESTS,
    Finding,
    bridges_of,
    findings_of_study,
    open_determinants,
    save_bridge,
)
from campaigns.barrier_analysis.forms import BridgeForm
from campaigns.barrier_analysis.models import BarrierStudy
from campaigns.barrier_analysis.numbers import Said
from campaigns.barrier_analysis.results import STILL_CODING, late_interviews
from campaigns.barrier_analysis.seeing import sight_of
from campaigns.barrier_analysis.shared import MEANWHILE, READERS, hidden_below, study_at, there
from campaigns.history.versioned import Clash
from campaigns.routes import blueprint, signed_in
from core.database import session, transaction
from core.errors import EveilError
from core.languages import current_language


@blueprint.get("/campaigns/<slug>/barrier-analysis/<int:study_id>/results")
@allow(*READERS)
def barrier_results(study_id: int) -> ResponseReturnValue:
    study = _finished(study_id)
    findings = findings_of_study(session(), study, hidden_below())
    return render_template("campaigns/barrier_analysis/results.html", study=study, **_seen(study, findings))


@blueprint.route("/campaigns/<slug>/barrier-analysis/<int:study_id>/findings/<determinant>", methods=["GET", "POST"])
@allow("designer")
def barrier_bridge(study_id: int, determinant: str) -> ResponseReturnValue:
    study = _finished(study_id)
    findings = _standing_out(study, determinant)
    stored = bridges_of(session(), study).get(determinant)
    form = BridgeForm()
    if not form.is_submitted():
        form = BridgeForm(formdata=None, obj=stored)
    if not form.validate_on_submit():
        return _bridge_page(study, findings, form), 422 if form.errors else 200
    try:
        with transaction() as writing:
            typed = (form.bridge.data, form.reason.data)
            save_bridge(writing, study_at(study_id), determinant, *typed, form.based_on, signed_in().id)
    except Clash as clash:
        form.version.data = str(clash.stored.version)
        return _bridge_page(study_at(study_id), findings, form, MEANWHILE), 409
    except EveilError as error:
        form.show(error)
        return _bridge_page(study_at(study_id), findings, form), error.status
    flash(_("Recorded."))
    return redirect(url_for("campaigns.barrier_results", slug=current_campaign().slug, study_id=study_id))


def _seen(study: BarrierStudy, findings: Sequence[Finding]) -> dict[str, Any]:
    """Everything that the page of results shows."""
    assert study.outcome is not None  # noqa: S101 - _finished() asks
    flow, say = study.outcome.results["flow"], Said(current_language())
    return {
        "findings": findings,
        "standing_out": [finding for finding in findings if finding.stands_out],
        "still_open": open_determinants(findings),
        "settled": _one_of_each([finding for finding in findings if finding.stands_out and finding.settled]),
        "figure": drawn(findings, say),
        "flow": flow,
        "excluded": sum(part["n"] for part in flow["excluded"]),
        "late": late_interviews(session(), study),
        "sight": sight_of(flow["doers"], flow["non_doers"]),
        "least": hidden_below(),
        "tested": sum(finding.p is not None for finding in findings),
        "hides": any(finding.hidden for finding in findings),
        "halved": any(finding.half_added for finding in findings),
        "n": say,
        "tests": TESTS,
    }


def _one_of_each(findings: Sequence[Finding]) -> list[Finding]:
    return list({finding.determinant: finding for finding in reversed(findings)}.values())[::-1]


def _bridge_page(study: BarrierStudy, findings: Sequence[Finding], form: BridgeForm, clash: str = "") -> str:
    n = Said(current_language())
    return render_template(
        "campaigns/barrier_analysis/bridge.html", study=study, findings=findings, form=form, clash=clash, n=n
    )


def _standing_out(study: BarrierStudy, determinant: str) -> list[Finding]:
    found = findings_of_study(session(), study, hidden_below())
    of_it = [finding for finding in found if finding.determinant == determinant and finding.stands_out]
    return there(of_it or None, NO_SUCH_FINDING)


def _finished(study_id: int) -> BarrierStudy:
    study = study_at(study_id)
    if study.outcome is None:
        raise EveilError(STILL_CODING, status=409)
    return study

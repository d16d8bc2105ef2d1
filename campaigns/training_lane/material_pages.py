"""What a trainer takes into the room: the questionnaire, its paper sheets, numbered cards, and a code for phones."""

from __future__ import annotations

import segno
from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import refresh

from accounts import devices
from accounts.access import allow, current_campaign
from campaigns.routes import blueprint, signed_in
from campaigns.training_lane.cards import MOST, USUAL, card_numbers
from campaigns.training_lane.paper import paper, published, waves_of
from campaigns.training_lane.safety import training_safety
from core.database import session, transaction
from core.errors import NotFound
from core.languages import LANGUAGES, current_language
from surveys import labels

READERS = ("designer", "enumerator", "evaluator")
NO_SHEET = _l("There is no such sheet. Go back to the questionnaire and choose a time and a language there.")


@blueprint.get("/campaigns/<slug>/training/questionnaire")
@allow(*READERS)
def training_questionnaire() -> ResponseReturnValue:
    campaign = current_campaign()
    waves = waves_of(session(), campaign.id)
    return render_template(
        "campaigns/training/questionnaire.html",
        sheet=paper(session(), campaign, waves[0], current_language()),
        waves=waves,
        wave_labels=labels.WAVES,
        usual=USUAL,
        most=MOST,
    )


@blueprint.get("/campaigns/<slug>/training/paper/<wave>/<sheet_language>")
@allow(*READERS)
def training_paper(wave: str, sheet_language: str) -> ResponseReturnValue:
    """A sheet to print; the whole page is in the language of the sheet, and runs in its direction."""
    campaign = current_campaign()
    if wave not in waves_of(session(), campaign.id) or sheet_language not in LANGUAGES:
        raise NotFound(NO_SHEET)
    g.language = sheet_language
    refresh()
    return render_template(
        "campaigns/training/paper.html",
        sheet=paper(session(), campaign, wave, sheet_language),
        wave_name=labels.WAVES[wave],
        safety=training_safety(session(), campaign.id),
    )


@blueprint.get("/campaigns/<slug>/training/cards")
@allow(*READERS)
def training_cards() -> ResponseReturnValue:
    count = request.args.get("count", USUAL, int)
    return render_template(
        "campaigns/training/cards.html",
        numbers=card_numbers(max(1, count)),
        safety=training_safety(session(), current_campaign().id),
    )


@blueprint.route("/campaigns/<slug>/training/phones", methods=["GET", "POST"])
@allow("enumerator")
def training_phones() -> ResponseReturnValue:
    """How a participant's phone joins: one key for the room, shown once as a code, withdrawn after the session."""
    campaign = current_campaign()
    frozen = published(session(), campaign.id, "before") is not None
    code, address = "", ""
    if request.method == "POST" and frozen:
        with transaction() as writing:
            token = devices.enrol(writing, campaign.id, _("Phones of participants"), signed_in().id)
        # the fragment of an address stays in the browser: the key reaches no server and no log
        address = f"{url_for('collect.index', _external=True)}#key={token}"
        code = str(segno.make_qr(address, error="m").svg_data_uri(scale=6))
    return render_template("campaigns/training/phones.html", frozen=frozen, code=code, address=address)

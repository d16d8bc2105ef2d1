"""What pages call the things of surveys, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

INSTRUMENTS: dict[str, str] = {"training": _l("Training questionnaire"), "intercept": _l("Intercept survey")}
WAVES: dict[str, str] = {
    "before": _l("Before"),
    "after": _l("After"),
    "followup": _l("Follow-up"),
    "once": _l("Asked once"),
}
TYPES: dict[str, str] = {
    "select_one": _l("One answer"),
    "select_multiple": _l("Several answers possible"),
    "integer": _l("A whole number"),
    "date": _l("A date"),
    "text": _l("A short text"),
}
PURPOSES: dict[str, str] = {
    "indicator": _l("Serves an indicator"),
    "screening": _l("Tells apart who does it and who does not"),
    "determinant": _l("A reason for or against"),
    "disaggregation": _l("Splits the results by group"),
    "consent": _l("Consent"),
    "linking": _l("Links the answers of one person"),
    "fieldwork": _l("Filled in by the tablet"),
    "safeguarding": _l("Safety of the respondent"),
}
SET_ASIDE_KINDS: dict[str, str] = {
    "conflict": _l("Came before with other content"),
    "unreadable": _l("Cannot be read"),
    "unknown_form": _l("Unknown questionnaire"),
    "other_campaign": _l("Questionnaire of another campaign"),
}


def instrument_name(instrument: str) -> str:
    """What an instrument is called; of barrier analyses a campaign may have several, told apart by their numbers."""
    if instrument in INSTRUMENTS:
        return str(INSTRUMENTS[instrument])
    named: str = _("Barrier analysis %(number)s", number=instrument.partition("_")[2])
    return named

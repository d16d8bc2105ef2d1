"""Names of what a planned indicator is made of, for forms, pages and the workbook."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaigns.content import say
from campaigns.terms import terms

RUNG_LABELS = {
    "baseline": _l("What is known before the start"),
    "document": _l("What laws, plans and documents say"),
    "reach": _l("Reach"),
    "satisfaction": _l("Satisfaction of those who took part"),
    "knowledge_attitude_intention": _l("Knowledge, attitude, skill and intended action"),
    "service": _l("What services and livelihoods do for people"),
    "maintenance": _l("Changes that last"),
    "behaviour": _l("Action or behaviour"),
    "impact": _l("Contribution against trafficking"),
}
DIMENSION_LABELS = {
    "knowledge": _l("Knowledge"),
    "attitude": _l("Attitude"),
    "intended_action": _l("Intended action"),
    "determinant": _l("Perceived control and other reasons"),
    "skill": _l("Skill"),
    "reach": _l("Reach"),
    "behaviour": _l("Behaviour"),
}
KIND_LABELS = {
    "level": _l("To reach this value"),
    "points": _l("This many percentage points more (or, with a minus sign, less) than the baseline"),
    "relative": _l("This many per cent of the baseline more (or, with a minus sign, less) than the baseline"),
}
BY_LABELS = {
    "date": _l("A day"),
    "start": _l("Months after the start of the activity"),
    "end": _l("Months after the end of the activity"),
}
ALWAYS_LABELS = {"sex": _l("Sex"), "age": _l("Age group")}
DISAGGREGATION_LABELS = {
    "language": _l("Language"),
    "migration_status": _l("Migration status"),
    "region": _l("Region or site"),
}


def term_title(kind: str, id: str) -> str:
    """The title of a term in the reader's language; nothing for one that there is not."""
    found = terms(kind).get(id)
    return say(found, "title") if found else ""

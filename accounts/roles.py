"""The roles of a campaign in words: what each is for, and what it never shows."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

LABELS: dict[str, str] = {
    "designer": _l("Designer"),
    "translator": _l("Translator"),
    "enumerator": _l("Enumerator"),
    "supervisor": _l("Supervisor"),
    "tracer": _l("Tracer"),
    "evaluator": _l("Evaluator"),
}
DUTIES: dict[str, str] = {
    "designer": _l("Writes the design, the plan and the questionnaires; does not read single answers."),
    "translator": _l("Translates and reviews the wording; sees nothing else."),
    "enumerator": _l("Collects answers and sees how many they sent; does not see other people’s answers or results."),
    "supervisor": _l("Follows the fieldwork and the devices; does not read contacts."),
    "tracer": _l("Keeps the contacts and the follow-up list; does not see answers."),
    "evaluator": _l("Analyses, reports and exports; does not see contacts or card numbers."),
}

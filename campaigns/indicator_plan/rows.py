"""Logframe and indicator plan line by line, as a spreadsheet and the brief show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaigns.content import cite
from campaigns.indicator_plan import labels
from campaigns.indicator_plan.logframe import logframe
from campaigns.indicator_plan.planned import Planned

Row = Sequence[str]


def logframe_headings() -> Row:
    return (
        _("Level"), _("Indicator"), _("Baseline"), _("Target"), _("By when"), _("Means of verification"),
        _("Assumptions"),
    )  # fmt: skip


def logframe_rows(session: Session, campaign_id: int) -> list[Row]:
    rows: list[Row] = []
    for level in logframe(session, campaign_id):
        assumptions = "\n".join(level.assumptions)
        if not level.indicators:
            none = _("No indicator is planned for this level.") if level.name else ""
            rows.append((str(level.label), none, "", "", "", "", assumptions))
        for place, row in enumerate(level.indicators):
            beside = assumptions if place == 0 else ""
            rows.append(
                (str(level.label), row.title, _baseline(row), _target(row), row.due_text, _verified_by(row), beside)
            )
    return rows


def plan_headings() -> Row:
    return (
        _("Indicator"), _("What it measures"), _("Dimension"), _("Primary"), _("Definition"), _("Unit"),
        _("Numerator"), _("Denominator"), _("Ways to collect it"), _("Source of the figures"), _("How often"),
        _("Who sees to it"), _("Baseline"), _("Where and when the baseline is from"), _("Target"), _("By when"),
        _("Results shown by"), _("What it cannot show"), _("Reasons"), _("Source"),
    )  # fmt: skip


def plan_row(row: Planned) -> Row:
    stored = row.stored
    return (
        row.title,
        str(labels.RUNG_LABELS[row.rung]),
        str(labels.DIMENSION_LABELS.get(row.dimension, "")),
        _("Primary") if row.primary else "",
        row.definition,
        labels.term_title("units", row.unit),
        row.numerator,
        row.denominator,
        _methods(row),
        stored.collected_from if stored else "",
        labels.term_title("frequencies", row.frequency),
        stored.owner if stored else "",
        _baseline(row),
        stored.baseline_from if stored else "",
        _target(row),
        row.due_text,
        _shown_by(row),
        row.cannot_show,
        stored.reasons if stored else "",
        cite(row.indicator.source) if row.indicator else _("Indicator of the campaign’s own"),
    )


def _baseline(row: Planned) -> str:
    return row.baseline_text or _("Still to be measured")


def _target(row: Planned) -> str:
    return row.target_sentence or str(row.trouble or _("No target yet."))


def _verified_by(row: Planned) -> str:
    return "\n".join(filter(None, [_methods(row), row.stored.collected_from if row.stored else ""]))


def _methods(row: Planned) -> str:
    return "\n".join(labels.term_title("methods", method) for method in row.methods)


def _shown_by(row: Planned) -> str:
    chosen = row.stored.disaggregation if row.stored else []
    names = [*labels.ALWAYS_LABELS.values(), *(labels.DISAGGREGATION_LABELS[name] for name in chosen), *row.segments]
    return "\n".join(str(name) for name in names)

"""The chapters of the brief on the indicator plan, the calendar and the samples."""

from __future__ import annotations

from collections.abc import Iterator

from babel.numbers import format_decimal
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaigns.barrier_analysis.findings import Finding, outstanding
from campaigns.calendar.events import Event, calendar_events
from campaigns.content import say
from campaigns.indicator_plan.planned import planned_indicators
from campaigns.indicator_plan.rows import logframe_headings, logframe_rows
from campaigns.indicators import load_indicators
from campaigns.sizes.planned import planned_sizes
from core.documents.blocks import Block, Heading, Paragraph, Table
from core.languages import current_language

Blocks = Iterator[Block]


def logframe(session: Session, campaign_id: int) -> Blocks:
    """The logframe, once an indicator is planned."""
    if planned_indicators(session, campaign_id):
        yield Heading(_("Logframe"), 3)
        yield Table(
            _("From what the activity delivers to what it contributes"),
            logframe_headings()[:-1],  # assumptions have a register of their own
            [row[:-1] for row in logframe_rows(session, campaign_id)],
        )


def sizes(session: Session, campaign_id: int) -> Blocks:
    """How many people are asked, and what that many can show."""
    found = [size for size in planned_sizes(session, campaign_id) if size.sentences]
    if not found:
        return
    yield Heading(_("How many people we ask"), 3)
    for size in found:
        yield Heading(say(load_indicators()[size.indicator_id], "title"), 4)
        for sentence in size.sentences:
            yield Paragraph(sentence)


def calendar(session: Session, campaign_id: int) -> Blocks:
    """Every day that is known."""
    events = calendar_events(session, campaign_id)
    if not events:
        return
    yield Heading(_("Calendar"), 3)
    yield Table(_("Days of the campaign"), (_("When"), _("What")), [(_when(event), event.title) for event in events])


def barrier_analyses(session: Session, campaign_id: int) -> Blocks:
    """What doers and non-doers said differently, and what follows from it."""
    found = outstanding(session, campaign_id)
    if not found:
        return
    yield Heading(_("What a barrier analysis found"), 3)
    head = (_("Reason"), _("Question or code"), _("Relative risk"), _("Adjusted p"), _("What follows"))
    rows = [_finding(finding) for findings in found.values() for finding in findings]
    yield Table(_("What stands out between those who do it and those who do not"), head, rows)
    yield Paragraph(
        _("A difference between the two groups hints at what to work on. It does not prove what causes what."),
        "aside",
    )


def _finding(finding: Finding) -> tuple[str, str, str, str, str]:
    language = current_language()
    risk = "" if finding.relative_risk is None else format_decimal(round(finding.relative_risk, 2), locale=language)
    p = "" if finding.p_adjusted is None else format_decimal(round(finding.p_adjusted, 3), locale=language)
    follows = finding.bridge or finding.reason or _("Nobody has written yet what follows.")
    return finding.title, finding.label, risk, p, follows


def _when(event: Event) -> str:
    first, last = (format_date(day, "medium") for day in (event.first, event.last))
    return str(first) if event.first == event.last else str(_("%(first)s to %(last)s", first=first, last=last))

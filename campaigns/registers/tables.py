"""The registers as tables, for documents and spreadsheets, in the reader's language."""

from __future__ import annotations

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from campaigns.content import say
from campaigns.indicators import load_indicators
from campaigns.registers import assumptions, tasks
from core.documents.blocks import Table

STANCES = {"open": _l("Open"), "kept": _l("Kept"), "struck_out": _l("Struck out")}
STATES = {"to_do": _l("Nobody has taken it on"), "in_progress": _l("Scheduled"), "done": _l("Done")}


def assumptions_table(session: Session, campaign_id: int) -> Table:
    """What is taken for granted, where the team stands on it, why, and what would test it."""
    head = (_("Assumption"), _("Where we stand"), _("Why"), _("What would test it"))
    rows = [_assumption(line) for line in assumptions.register(session, campaign_id)]
    return Table(_("Register of assumptions"), head, rows)


def tasks_table(session: Session, campaign_id: int) -> Table:
    """What is still to be found out, how, by whom and by when."""
    head = (_("To find out"), _("How"), _("Who"), _("By"), _("State"))
    return Table(_("Register of research tasks"), head, [_task(line) for line in tasks.register(session, campaign_id)])


def _assumption(line: assumptions.Listed) -> tuple[str, str, str, str]:
    title = say(line.question, "title") if line.question else say(line.term, "title") if line.term else ""
    text = line.answer or (line.stored.text if line.stored and not line.term else "")
    tested = load_indicators().get(line.stored.indicator_id) if line.stored else None
    name = "\n".join(part for part in (title, text) if part)
    reason = line.stored.reason if line.stored else ""
    return name, str(STANCES[line.stance]), reason, say(tested, "title") if tested else ""


def _task(line: tasks.Listed) -> tuple[str, str, str, str, str]:
    task, state = line.task, str(STATES[line.state])
    if task is None:
        return say(line.question, "question") if line.question else "", "", "", "", state
    title = say(line.question, "question") if line.question else task.title
    due = "" if task.due_on is None else str(format_date(task.due_on, "medium"))
    return title, task.how, task.owner, due, state

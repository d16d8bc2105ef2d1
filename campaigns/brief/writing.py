"""The design brief of a campaign as a document, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.access import CampaignContext
from campaigns.answering import answers_of
from campaigns.brief import chapters, measures
from campaigns.brief.proof import proof
from campaigns.entries.saving import entries_of
from campaigns.locking.history import history_of
from campaigns.planning import draft_of, frozen_plans
from campaigns.registers.tables import assumptions_table, tasks_table
from campaigns.review.doubts import doubts
from campaigns.review.pages import design_of
from campaigns.safeguarding.gate import Safeguards, open_parts
from campaigns.sections import conclusions_of, guide_of
from core.database import now
from core.documents.blocks import Block, Document, Heading, Paragraph
from core.languages import current_language


def brief(session: Session, campaign: CampaignContext) -> Document:
    """Everything that a donor or a partner needs to judge the design; no name of an account, no number to call."""
    day = format_date(now().date(), "long")
    return Document(
        title=campaign.title,
        subtitle=_("Design brief. %(place)s", place=campaign.place) if campaign.place else _("Design brief"),
        note=_("Made with Éveil on %(day)s", day=day),
        language=current_language(),
        blocks=list(_blocks(session, campaign)),
    )


def _blocks(session: Session, campaign: CampaignContext) -> Iterator[Block]:
    entries, design = entries_of(session, campaign.id), design_of(session, campaign.id)
    if campaign.simulated:
        made_up = _("This campaign is made up to show the tool. None of its people, places and figures exist.")
        yield Paragraph(made_up, "notice")
    yield from chapters.scope(entries)
    yield from chapters.people(entries)
    yield from chapters.behaviours(entries)
    choices = draft_of(session, campaign.id).choices
    yield from measures.barrier_analyses(session, campaign.id)
    yield from proof(choices, frozen_plans(session, campaign.id), history_of(session, campaign.id))
    yield from measures.logframe(session, campaign.id)
    yield from measures.sizes(session, campaign.id)
    yield from measures.calendar(session, campaign.id)
    safeguards = open_parts(Safeguards.of(entries), now().date())
    yield from chapters.safety(entries, [sentence for part in safeguards for sentence in part.sentences])
    found = doubts(design)
    yield from chapters.doubts([one for one in found if one.theme != "safety"])
    answers, conclusions = answers_of(session, campaign.id), conclusions_of(session, campaign.id)
    yield Heading(_("Annexes"))
    yield from chapters.knowledge(guide_of(session, campaign.id), answers, conclusions)
    yield Heading(_("What we take for granted"))
    yield assumptions_table(session, campaign.id)
    tasks = tasks_table(session, campaign.id)
    if tasks.rows:
        yield Heading(_("What we still have to find out"))
        yield tasks

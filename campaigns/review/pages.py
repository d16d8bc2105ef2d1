"""The design review: the common gaps, and what a sceptical reviewer would say."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.access import allow, current_campaign
from campaigns.answering import answers_of
from campaigns.barrier_analysis.findings import findings_of, open_determinants
from campaigns.entries.saving import entries_of
from campaigns.history.commenting import open_comments
from campaigns.planning import draft_of, gaps_of
from campaigns.registers import assumptions, tasks
from campaigns.review.doubts import THEMES, Design, Doubt, doubts
from campaigns.routes import READERS, blueprint
from campaigns.sections import conclusions_of, guide_of
from core.database import now, session


@blueprint.get("/campaigns/<slug>/review")
@allow(*READERS)
def review() -> ResponseReturnValue:
    campaign = current_campaign()
    found = doubts(design_of(session(), campaign.id))
    open_now = gaps_of(session(), campaign.id)
    return render_template(
        "campaigns/review.html",
        gaps=[(gap, gap in open_now) for gap in guide_of(session(), campaign.id).gaps],
        themes=[
            (theme, [(doubt, _address(doubt, campaign.slug)) for doubt in found if doubt.theme == theme])
            for theme in THEMES
        ],
        number=len(found),
    )


def design_of(session: Session, campaign_id: int) -> Design:
    """Everything about one campaign that a reviewer reads."""
    return Design(
        entries=entries_of(session, campaign_id),
        answers=answers_of(session, campaign_id).values(),
        conclusions=conclusions_of(session, campaign_id).values(),
        tasks=tasks.register(session, campaign_id),
        assumptions=assumptions.register(session, campaign_id),
        choices=draft_of(session, campaign_id).choices,
        comments=sum(open_comments(session, campaign_id).values()),
        unbridged=[finding.title for finding in open_determinants(findings_of(session, campaign_id))],
        today=now().date(),
    )


def _address(doubt: Doubt, slug: str) -> str:
    return url_for(doubt.endpoint, slug=slug, **doubt.about)

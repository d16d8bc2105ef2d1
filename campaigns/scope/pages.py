"""The page of what a campaign is about, and of the check list about its country."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.access import allow, current_campaign
from campaigns.entries.saving import entries_of
from campaigns.routes import READERS, blueprint
from campaigns.scope.contents import CONTEXT, TAGS, ContextNote, Tags
from campaigns.terms import terms
from core.database import session


@blueprint.get("/campaigns/<slug>/context")
@allow(*READERS)
def context() -> ResponseReturnValue:
    entries = entries_of(session(), current_campaign().id)
    notes = {entry.content.question: entry for entry in entries.of(CONTEXT, ContextNote)}
    tags = entries.one(TAGS, Tags)
    return render_template(
        "campaigns/context.html",
        questions=[(term, notes.get(term.id)) for term in terms("national_context").values()],
        tags=[
            (name, [terms(name)[id] for id in getattr(tags.content, name) if id in terms(name)] if tags else [])
            for name in ("four_p", "exploitation", "objectives", "actors")
        ],
    )

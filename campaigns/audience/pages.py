"""The page of the target groups and of the material that was tried out on them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.access import allow, current_campaign
from campaigns.audience.contents import PRETEST, SEGMENT, Pretest, Segment
from campaigns.audience.forms import LITERACY_LABELS, TOLD_BY_LABELS
from campaigns.entries.saving import entries_of
from campaigns.routes import READERS, blueprint
from core.database import session


@blueprint.get("/campaigns/<slug>/groups")
@allow(*READERS)
def audience() -> ResponseReturnValue:
    entries = entries_of(session(), current_campaign().id)
    segments = [(entry, entries.of(PRETEST, Pretest, entry.id)) for entry in entries.of(SEGMENT, Segment)]
    return render_template(
        "campaigns/audience.html", segments=segments, literacy=LITERACY_LABELS, told_by=TOLD_BY_LABELS
    )

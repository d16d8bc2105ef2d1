"""The page of the safeguarding plan: what the setting asks for, and what of it is there."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.access import allow, current_campaign
from campaigns.entries.saving import entries_of
from campaigns.routes import READERS, blueprint
from campaigns.safeguarding.contents import REFERRAL, RULES, SITE, Referral, Rules, SiteRisk
from campaigns.safeguarding.forms import PURPOSE_LABELS, SETTING_LABELS
from campaigns.safeguarding.gate import Safeguards, parts, tested
from campaigns.terms import terms
from core.database import now, session


@blueprint.get("/campaigns/<slug>/safeguarding")
@allow(*READERS, "supervisor")
def safeguarding() -> ResponseReturnValue:
    entries, today = entries_of(session(), current_campaign().id), now().date()
    return render_template(
        "campaigns/safeguarding.html",
        rules=entries.one(RULES, Rules),
        parts=parts(Safeguards.of(entries), today),
        referrals=[(one, tested(one.content, today)) for one in entries.of(REFERRAL, Referral)],
        sites=entries.of(SITE, SiteRisk),
        terms=terms("safeguarding"),
        settings=SETTING_LABELS,
        purposes=PURPOSE_LABELS,
    )

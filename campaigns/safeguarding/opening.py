"""May fieldwork be opened? Only when the safeguards that its setting asks for are there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from campaigns.entries.saving import entries_of
from campaigns.safeguarding.contents import SETTINGS
from campaigns.safeguarding.gate import Safeguards, open_parts
from core.errors import EveilError

UNSAFE = _l("People could come to harm: the safeguarding plan is not complete. Open it, complete it, and freeze then.")
LEAST = {
    "training": "classroom",
    "intercept": "public",
    "barrier": "public",
}  # the lightest setting of each way of asking


class Unsafe(EveilError):
    """The safeguarding plan lacks something that fieldwork needs."""

    def __init__(self) -> None:
        super().__init__(UNSAFE, status=409)


def missing_safeguards(session: Session, campaign_id: int, instruments: Collection[str], today: date) -> list[str]:
    """What the safeguarding plan lacks for these ways of asking, a sentence each.

    The setting counts that the plan names, or that of the way of asking where this is the weightier.
    """
    safeguards = Safeguards.of(entries_of(session, campaign_id))
    settings = [LEAST[name] for name in instruments if name in LEAST] + [safeguards.rules.setting or SETTINGS[0]]
    weightiest = max(settings, key=SETTINGS.index)
    weighed = replace(safeguards, rules=replace(safeguards.rules, setting=weightiest))
    return [sentence for part in open_parts(weighed, today) for sentence in part.sentences]

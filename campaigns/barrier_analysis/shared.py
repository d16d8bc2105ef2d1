"""What the pages of a barrier analysis have in common."""

from __future__ import annotations

from typing import TypeVar

from flask_babel import lazy_gettext as _l

from accounts.access import current_campaign
from campaigns.barrier_analysis.models import BarrierStudy
from campaigns.barrier_analysis.studies import study_of
from core.database import session
from core.errors import NotFound

Found = TypeVar("Found")

READERS = ("designer", "evaluator")
HIDDEN_BELOW = 5  # people of a group, for whoever only reads the results
NO_STUDY = _l("There is no such study in this campaign. Go back to the list of barrier analyses.")
MEANWHILE = _l(
    "Somebody else changed this while you were writing. What you wrote still stands here; reload the page in another "
    "window to read theirs, then save again."
)


def there(found: Found | None, sentence: str = NO_STUDY) -> Found:
    if found is None:
        raise NotFound(sentence)
    return found


def study_at(study_id: int) -> BarrierStudy:
    return there(study_of(session(), current_campaign().id, study_id))


def hidden_below() -> int:
    """The evaluator is inside the team and sees all numbers; whoever only reads results sees no small groups."""
    return 0 if "evaluator" in current_campaign().roles else HIDDEN_BELOW

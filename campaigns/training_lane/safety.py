"""The safety check of a training: a number that was tried, and a person to turn to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from accounts import audit
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.lacks import Lack
from campaigns.training_lane.models import TrainingSafety

STALE_AFTER = timedelta(days=90)

NO_HOTLINE = _l("Write the number that participants can call for help.")
NO_DAY = _l("Dial the number yourself, and write down the day on which somebody answered.")
NOBODY_DIALLED = _l("Write who dialled the number.")
NO_CONTACT = _l("Name the person to whom a participant can turn on the day.")
NOT_REACHED = _l("Write how the contact person is reached: a room, a phone number, a sign on the jacket.")
MINORS = _l(
    "Minors take part, so this short check is not enough. Move on to “Design a campaign”: there the full safeguarding "
    "plan is made, with the consent of guardians and an approval."
)
STALE = _l("The number was dialled more than 90 days ago. Dial it again before the session: numbers change.")


@dataclass(frozen=True, slots=True)
class SafetyDetails:
    hotline: str = ""
    dialled_on: date | None = None
    dialled_by: str = ""
    contact_name: str = ""
    contact_reached: str = ""
    minors: bool = False


def training_safety(session: Session, campaign_id: int) -> TrainingSafety | None:
    """The safety check of a campaign, in whichever lane it is now; None where nobody has begun it."""
    return session.get(TrainingSafety, campaign_id)


def details_of(stored: TrainingSafety | None) -> SafetyDetails:
    if stored is None:
        return SafetyDetails()
    return SafetyDetails(**{name: getattr(stored, name) for name in SafetyDetails.__slots__})


def save_safety(
    session: Session, campaign_id: int, details: SafetyDetails, based_on: int, person_id: int
) -> TrainingSafety:
    """Store the details over version ``based_on`` (0: there was none); raises Clash for a newer one."""
    hold(session, campaign_id)
    stored = training_safety(session, campaign_id)
    if stored is None:
        stored = TrainingSafety(campaign_id=campaign_id, version=0)
        session.add(stored)
    if change(stored, asdict(details), based_on, person_id):
        session.flush()
        audit.record(session, "training_safety_saved", campaign_id)
    return stored


def safety_lacks(details: SafetyDetails) -> list[Lack]:
    """What keeps a plan from being frozen: adults in a class room need a tested hotline and a named contact.

    Fields are those of ``SafetyForm``. The weight of the check follows the risk, so minors need more than it holds.
    """
    return [*_lacking(details)]


def stale(details: SafetyDetails, today: date) -> bool:
    """Whether the number was tried so long ago that it should be dialled again."""
    return details.dialled_on is not None and today - details.dialled_on > STALE_AFTER


def _lacking(details: SafetyDetails) -> Iterator[Lack]:
    needed = {
        "hotline": NO_HOTLINE,
        "dialled_on": NO_DAY,
        "dialled_by": NOBODY_DIALLED,
        "contact_name": NO_CONTACT,
        "contact_reached": NOT_REACHED,
    }
    for field, sentence in needed.items():
        if not getattr(details, field):
            yield Lack(field, sentence)
    if details.minors:
        yield Lack("minors", MINORS)

"""What is planned for each indicator of the draft: kept, and computed again whenever it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import audit
from analysis.planning.errors import PlanningError
from campaigns.history.versioned import change
from campaigns.holding import hold
from campaigns.planning import draft_of
from campaigns.sizes.computing import Planned, planned
from campaigns.sizes.inputs import Inputs
from campaigns.sizes.models import SampleSizePlan
from campaigns.sizes.proposal import parameters, proposal


@dataclass(frozen=True, slots=True)
class PlannedSize:
    """The sample of one indicator: its figures, and what follows from them (None where nothing can)."""

    indicator_id: str
    inputs: Inputs
    result: Planned | None
    version: int
    changed_at: datetime

    @property
    def parameters(self) -> dict[str, str]:
        """The figures of the sentences, written as in the language of the moment."""
        return parameters(self.result) if self.result else {}

    @property
    def sentences(self) -> list[str]:
        """For a proposal or a brief, in the language of the moment."""
        return proposal(self.result) if self.result else []


def planned_sizes(session: Session, campaign_id: int) -> list[PlannedSize]:
    """What was saved for the indicators of the draft, in its order."""
    stored = session.scalars(select(SampleSizePlan).filter_by(campaign_id=campaign_id))
    found = {one.indicator_id: _planned_size(one) for one in stored}
    chosen = draft_of(session, campaign_id).choices.indicators
    return [found[indicator.id] for indicator in chosen if indicator.id in found]


def planned_size(session: Session, campaign_id: int, indicator_id: str) -> PlannedSize | None:
    stored = session.get(SampleSizePlan, (campaign_id, indicator_id))
    return None if stored is None else _planned_size(stored)


def save_size(
    session: Session, campaign_id: int, indicator_id: str, inputs: Inputs, based_on: int, person_id: int
) -> None:
    """Store the figures over version ``based_on`` (0: the first); raises Clash for a newer one."""
    hold(session, campaign_id)
    stored = session.get(SampleSizePlan, (campaign_id, indicator_id))
    if stored is None:
        stored = SampleSizePlan(campaign_id=campaign_id, indicator_id=indicator_id, version=0)
        session.add(stored)
    if change(stored, {"content": inputs.to_store()}, based_on, person_id):
        session.flush()
        audit.record(session, "sample_size_saved", campaign_id, indicator_id)


def _planned_size(stored: SampleSizePlan) -> PlannedSize:
    inputs = Inputs.stored(stored.content)
    try:
        result = planned(inputs)
    except PlanningError:
        result = None  # kept under rules that have changed since: the page of the indicator says what to mend
    return PlannedSize(stored.indicator_id, inputs, result, stored.version, stored.changed_at)

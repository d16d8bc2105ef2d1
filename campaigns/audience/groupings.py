"""What the target groups ask of the plan: by which groups results are shown, and which groups are drawn apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from campaigns.audience.contents import SEGMENT, Segment
from campaigns.entries.saving import entries_of

ALWAYS_BY = ("sex", "age_group")
CROSSED = {"sex_and_age": ["sex", "age_group"]}
# a stratum has to be known of everybody, and only this question may not be left open
KNOWN_OF_EVERYBODY = "age_group"


@dataclass(frozen=True, slots=True)
class Groupings:
    """``by`` as the plan's file has it: always sex and age, then crossings. ``stratum`` is a column or None.

    A sample drawn by sex is analysed as if it were not: the intervals are then rather too wide than too narrow.
    """

    by: tuple[str | tuple[str, ...], ...] = ALWAYS_BY
    stratum: str | None = None

    def written(self) -> list[Any]:
        return [one if isinstance(one, str) else list(one) for one in self.by]


def groupings(segments: Iterable[Segment]) -> Groupings:
    """What these groups ask of the plan."""
    found = list(segments)
    crossed = [tuple(CROSSED[name]) for name in CROSSED if any(one.told_by == name for one in found)]
    apart = {one.told_by for one in found if one.stratum}
    stratum = KNOWN_OF_EVERYBODY if apart == {KNOWN_OF_EVERYBODY} else None
    return Groupings((*ALWAYS_BY, *crossed), stratum)


def groupings_of(session: Session, campaign_id: int) -> Groupings:
    return groupings(entry.content for entry in entries_of(session, campaign_id).of(SEGMENT, Segment))

"""Target groups that somebody could find and count, and what was tried on them before launch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.entries.content import Content

SEGMENT, PRETEST = "segment", "pretest"


@dataclass(frozen=True, slots=True)
class Segment(Content):
    """A part of the people whose behaviour may change. ``told_by``: how a questionnaire tells who belongs to it."""

    name: str = ""
    actor: str = ""
    found_where: str = ""
    size: str = ""
    everybody: bool = False
    everybody_reason: str = ""
    languages: str = ""
    literacy: str = "unknown"
    channels: str = ""
    trusted: str = ""
    message: str = ""
    told_by: str = "none"
    stratum: bool = False
    compared_with: str = ""


@dataclass(frozen=True, slots=True)
class Pretest(Content):
    """Material that was shown to people of a segment before it went out."""

    material: str = ""
    tested_on: date | None = None
    people: int | None = None
    who: str = ""
    heard: str = ""
    changed: str = ""

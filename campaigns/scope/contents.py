"""What the campaign is about, in the words that others sort by, and what is known about its country."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaigns.entries.content import Content

TAGS, CONTEXT = "tags", "context"


@dataclass(frozen=True, slots=True)
class Tags(Content):
    """Each a list of terms: of ``four_p``, ``exploitation``, ``objectives`` and ``actors``."""

    four_p: list[str] = field(default_factory=list)
    exploitation: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ContextNote(Content):
    """What is known about one question of the national check list; ``question`` is a term of ``national_context``."""

    question: str = ""
    text: str = ""
    evidence: str = "not_known"
    strength: str = ""
    source: str = ""

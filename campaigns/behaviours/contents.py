"""Behaviours that a campaign wants, what keeps people from them, and what it does about that."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.entries.content import Content

BEHAVIOUR, BARRIER, RESPONSE = "behaviour", "barrier", "response"


@dataclass(frozen=True, slots=True)
class Behaviour(Content):
    """Who does what, how often, where and when; and how that makes trafficking rarer, with evidence for it."""

    who: str = ""
    does_what: str = ""
    how_often: str = ""
    where: str = ""
    when: str = ""
    contribution: str = ""
    evidence: str = "not_known"
    strength: str = ""
    source: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of the statement that are still empty."""
        return tuple(name for name in ("who", "does_what", "how_often", "where", "when") if not getattr(self, name))


@dataclass(frozen=True, slots=True)
class Barrier(Content):
    """What keeps people from a behaviour. ``nature``: structural, social or cultural."""

    text: str = ""
    nature: str = ""
    com_b: str = ""
    determinant: str = ""
    evidence: str = "not_known"
    strength: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Response(Content):
    """What the campaign does about a barrier, and the appraisal of it; ``decision``: do, consider or drop."""

    text: str = ""
    function: str = ""
    decision: str = "consider"
    acceptability: str = ""
    practicability: str = ""
    effectiveness: str = ""
    affordability: str = ""
    safety: str = ""
    equity: str = ""
    evidence: str = "not_known"
    strength: str = ""
    source: str = ""

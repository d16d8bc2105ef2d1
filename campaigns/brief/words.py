"""Small words of the brief."""

from __future__ import annotations

from typing import Protocol

from flask_babel import lazy_gettext as _l

from campaigns.content import say
from campaigns.terms import terms

EVIDENCE = {"known": _l("Known"), "assumed": _l("Assumed"), "not_known": _l("Not known")}


class HasEvidence(Protocol):
    @property
    def evidence(self) -> str: ...
    @property
    def strength(self) -> str: ...
    @property
    def source(self) -> str: ...


def evidence_words(content: HasEvidence) -> str:
    """Known, assumed or not known; with strength and source, each on a line of its own."""
    strength = terms("evidence_strength").get(content.strength)
    return joined(str(EVIDENCE[content.evidence]), say(strength, "title") if strength else "", content.source)


def joined(*parts: str) -> str:
    """What is there, each on a line of its own."""
    return "\n".join(part for part in parts if part)

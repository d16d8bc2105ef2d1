"""Fixed lists of words to choose from (units, methods, owners, …), read from ``guides/terms/``: one list a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.content import Source, checked, load_entry, place_of, source_of
from core.content import ContentError
from core.settings import ROOT

FOLDER = ROOT / "campaigns" / "guides" / "terms"


@dataclass(frozen=True, slots=True)
class Term:
    """One choice of a list; ``text`` explains it and may be empty. ``rung`` is the step of the claim ladder of which an
    assumption speaks."""

    context: str
    id: str
    title: str
    text: str
    source: Source | None
    rung: str = ""


Terms = Mapping[str, Term]


def terms(name: str) -> Terms:
    """The choices of one list by their ids, in the order of the file; raises KeyError for an unknown list."""
    return load_terms()[name]


@cache
def load_terms() -> Mapping[str, Terms]:
    return {path.stem: _terms(path) for path in sorted(FOLDER.glob("*.yaml"))}


def known(name: str, found: str, place: str) -> str:
    """The id when the list has it; raises ContentError naming the place and the choices."""
    if found not in terms(name):
        raise ContentError(f"{place} has “{found}”, which is none of the {name}: {', '.join(terms(name))}.")
    return found


def _terms(path: Path) -> Terms:
    entry = load_entry(path, {"terms"})
    found = [_term(term, f"{entry['id']}.terms", place_of(path)) for term in entry["terms"]]
    return {term.id: term for term in found}


def _term(entry: Any, above: str, place: str) -> Term:
    entry = checked(entry, f"{place}, a term", {"id", "title"}, {"text", "source", "rung"})
    source = source_of(entry, place) if "source" in entry else None
    return Term(
        f"{above}.{entry['id']}", entry["id"], entry["title"], entry.get("text", ""), source, entry.get("rung", "")
    )

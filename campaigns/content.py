"""What guide and indicator files have in common: checked entries, their sources, and their texts in a language."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from babel.lists import format_list
from flask_babel import lazy_gettext as _l

from core.content import ContentError, load_file
from core.languages import content_text, current_language

DOCUMENTS = {
    "000": _l("United States Department of State, Trafficking in Persons Report (2018), introduction"),
    "001": _l("United States Department of State, Office to Monitor and Combat Trafficking in Persons, programmes"),
    "002": _l("United Nations, background paper CTOC/COP/WG.4/2019/2 on the prevention of trafficking (2019)"),
    "003": _l("ICAT, Toolkit for Guidance in Designing and Evaluating Counter-Trafficking Programmes (2016)"),
    "004": _l("United States Department of State, the “3P” paradigm: prosecution, protection and prevention"),
    "ajzen1991": _l(
        "I. Ajzen, The theory of planned behavior, Organizational Behavior and Human Decision Processes 50 (1991)"
    ),
}
CITATIONS = {
    "section": _l("%(document)s, Section %(section)s."),
    "question": _l("%(document)s, Section %(section)s, question %(number)s."),
    "lesson": _l("%(document)s, Section %(section)s, lesson %(number)s."),
    "indicator": _l("%(document)s, Section %(section)s, row %(number)s of the indicator table."),
    "note": _l("%(document)s, Section %(section)s, note %(number)s."),
    "paragraph": _l("%(document)s, paragraph %(number)s."),
    "document": _l("%(document)s."),
}
PLACES = ("question", "lesson", "indicator", "note", "paragraph")

Number = int | str


@dataclass(frozen=True, slots=True)
class Source:
    """The place in a source document; ``place`` is None where a whole section or document is meant.

    ``numbers`` holds several where one entry covers several places.
    """

    document: str
    section: int | None = None
    place: str | None = None
    numbers: tuple[Number, ...] = ()


def cite(source: Source) -> str:
    """The place as a reader would look it up, in the reader's language."""
    numbers = format_list([str(number) for number in source.numbers], locale=current_language())
    parts = {"document": DOCUMENTS[source.document], "section": source.section, "number": numbers}
    whole = "document" if source.section is None else "section"
    return str(CITATIONS[source.place or whole] % parts)


class Translated(Protocol):
    """A content entry; ``context`` is its key path in the file, which catalogues use as message context."""

    @property
    def context(self) -> str: ...


def say(entry: Translated, key: str, language: str | None = None) -> str:
    """The text of an entry in a language, by default the reader's."""
    return content_text(language or current_language(), f"{entry.context}.{key}", getattr(entry, key))


def place_of(path: Path) -> str:
    """A content file as a message names it, from its section's folder on."""
    above = path.parent.name
    return f"{path.parent.parent.name}/{above}/{path.name}" if above == "indicators" else f"{above}/{path.name}"


def load_entry(path: Path, required: AbstractSet[str], optional: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """The one entry of a file; its id is the name of the file (of a section file: of its folder)."""
    entry = checked(load_file(path), place_of(path), required | {"id"}, optional)
    name = path.parent.name if path.stem == "section" else path.stem
    if entry["id"] != name:
        raise ContentError(f"{place_of(path)} has the id “{entry['id']}”: it must be “{name}”.")
    return entry


def checked(
    entry: Any, place: str, required: AbstractSet[str], optional: AbstractSet[str] = frozenset()
) -> dict[str, Any]:
    """The entry when it has all required keys and no unknown one; errors name the place."""
    if not isinstance(entry, dict):
        raise ContentError(f"{place} must hold keys with values.")
    if missing := required - entry.keys():
        raise ContentError(f"{place} lacks the key “{sorted(missing)[0]}”: add it.")
    if unknown := entry.keys() - required - optional:
        raise ContentError(f"{place} has the unknown key “{sorted(unknown)[0]}”: correct it or take it out.")
    return entry


def source_of(entry: Mapping[str, Any], place: str) -> Source:
    """The place that an entry names: `{document: "003", section: 3, question: 6}`; a list covers several numbers."""
    written = checked(entry["source"], f"{place}, source", {"document"}, {"section", *PLACES})
    named = [name for name in PLACES if name in written]
    if len(named) > 1:
        raise ContentError(f"{place}, source names both {named[0]} and {named[1]}: keep one.")
    if written["document"] not in DOCUMENTS:
        raise ContentError(f"{place}, source names the document “{written['document']}”, which there is not.")
    if not named:
        return Source(written["document"], written.get("section"))
    numbers = written[named[0]]
    numbers = tuple(numbers) if isinstance(numbers, list) else (numbers,)
    return Source(written["document"], written.get("section"), named[0], numbers)

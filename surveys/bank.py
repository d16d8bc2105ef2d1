"""The question bank: items with their options and scoring, and the screens on which a questionnaire asks them.

The items lie in ``bank/items/*.yaml``, one a file. An item's id is its column for ever and never follows its wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from core.content import ContentError, load_file, load_folder
from core.languages import content_text
from core.settings import ROOT

FOLDER = ROOT / "surveys" / "bank"
INSTRUMENTS = ("training", "intercept", "barrier")
TYPES = ("select_one", "select_multiple", "integer", "date", "text", "note")
PURPOSES = (
    *(
        "indicator",
        "screening",
        "determinant",
        "comparison",
    ),
    *("disaggregation", "consent", "linking", "fieldwork", "safeguarding"),
)
ROLES = ("", "consent", "segment", "linking", "interview_date")
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose; ``alone`` means that it cannot be chosen together with another."""

    code: str
    label: str
    context: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A question, or a note to read. Its expressions are XPath with the ``${name}`` of XLSForm.

    A barrier analysis asks which ``determinant`` speaks for or against a behaviour: in an item with options, whose
    ``scoring`` says which of them count, or openly in a text.
    """

    id: str
    type: str
    purpose: str
    label: str
    hint: str = ""
    indicator: str = ""
    determinant: str = ""
    role: str = ""
    scoring: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    required: bool = False
    required_message: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: str = ""
    instruments: tuple[str, ...] = INSTRUMENTS
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> str:
        return self.id

    @property
    def optional(self) -> bool:
        """Whether it is asked only where a barrier analysis or a plan chooses it."""
        return self.purpose in ("screening", "determinant", "comparison")


@dataclass(frozen=True, slots=True)
class Screen:
    id: str
    title: str
    items: tuple[Item, ...]
    relevant: str = ""

    @property
    def context(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class FormTitle:
    """What a tablet calls a questionnaire; names the campaign."""

    id: str
    title: str

    @property
    def context(self) -> str:
        return self.id


@dataclass(frozen=True)
class Bank:
    screens: tuple[Screen, ...]
    titles: Mapping[str, FormTitle]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in the order in which a questionnaire asks."""
        return tuple(item for screen in self.screens for item in screen.items)

    def items_for(self, indicator_id: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.indicator == indicator_id)

    def item(self, name: str) -> Item:
        return next(item for item in self.items if item.id == name)

    @property
    def determinants(self) -> tuple[Item, ...]:
        """The items of a barrier analysis that ask for reasons."""
        return tuple(item for item in self.items if item.determinant)

    def title(self, instrument: str, wave: str) -> FormTitle:
        return self.titles[f"form_{kind_of(instrument)}_{wave}"]


def kind_of(instrument: str) -> str:
    """What an instrument is: ``barrier_2`` is the second barrier analysis of a campaign."""
    return instrument.partition("_")[0]


def say(entry: Item | Option | Screen | FormTitle, key: str, language: str) -> str:
    """A text of an entry in a language; in English where it is not translated."""
    return content_text(language, f"{entry.context}.{key}", getattr(entry, key))


@cache
def load_bank() -> Bank:
    """The whole bank, checked; ContentError names the file and the remedy."""
    shared = {entry["id"]: entry["options"] for entry in load_file(FOLDER / "shared_options.yaml")}
    items = {item.id: item for item in (_item(entry, shared) for entry in load_folder(FOLDER / "items"))}
    screens = tuple(_screen(entry, items) for entry in load_file(FOLDER / "screens.yaml"))
    placed = [item.id for screen in screens for item in screen.items]
    if sorted(placed) != sorted(items):
        raise ContentError("surveys/bank/screens.yaml must place every item of the bank exactly once.")
    titles = {entry["id"]: FormTitle(**entry) for entry in load_file(FOLDER / "forms.yaml")}
    return Bank(screens, MappingProxyType(titles))


def _screen(entry: Mapping[str, Any], items: Mapping[str, Item]) -> Screen:
    return Screen(**{**entry, "items": tuple(items[name] for name in entry["items"])})


def _item(entry: Mapping[str, Any], shared: Mapping[str, list[dict[str, Any]]]) -> Item:
    place = f"surveys/bank/items/{entry.get('id')}.yaml"
    try:
        options = tuple(_options(entry, shared))
        item = Item(**{**entry, "options": options, "instruments": tuple(entry.get("instruments", INSTRUMENTS))})
    except (KeyError, TypeError) as error:
        raise ContentError(f"{place} has an unknown or a missing key: {error}.") from error
    if fault := _fault(item):
        raise ContentError(f"{place}: {fault}")
    return item


def _options(entry: Mapping[str, Any], shared: Mapping[str, list[dict[str, Any]]]) -> list[Option]:
    """An item's own options and, where it names a shared list, those of the list."""
    found = []
    for option in entry.get("options", []):
        owner, listed = (option, shared[option]) if isinstance(option, str) else (entry["id"], [option])
        for one in listed:
            context = f"{owner}.options.{one['id']}"
            found.append(Option(one["id"], one["label"], context, one.get("alone", False)))
    return found


def _fault(item: Item) -> str:
    """What is wrong with an item, as a sentence; empty when nothing is."""
    codes = [option.code for option in item.options]
    if not NAME.fullmatch(item.id) or item.type not in TYPES or item.role not in ROLES:
        return "choose an id of small letters, and a type and role that the bank knows."
    if item.purpose not in PURPOSES or not _serves_its_purpose(item):
        return "state the purpose; an item that serves an indicator names it and its scoring, any other does neither."
    if any(not isinstance(code, str) for code in codes) or len(set(codes)) < len(codes):
        return "write every code between quotes and once only."
    if item.type.startswith("select") != bool(codes):
        return "a question to choose from has options, any other has none."
    named = {str(code) for key in ("of", "equals", "levels") for code in item.scoring.get(key, [])}
    return "the scoring names a code that is not among the options." if named - set(codes) else ""


def _serves_its_purpose(item: Item) -> bool:
    """An indicator or a determinant is named where it is the purpose, with the scoring of whatever can be counted."""
    named = (item.purpose == "indicator", item.purpose == "determinant")
    if (bool(item.indicator), bool(item.determinant)) != named:
        return False
    counted = item.type != "text" if item.determinant else bool(item.indicator)
    return bool(item.scoring) == counted

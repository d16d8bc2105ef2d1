"""The catalogue of indicators: a category of a section's table a file, in ``guides/section*/indicators/``.

How an indicator that people are asked about is worded and scored lies in the question bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.content import Source, Translated, checked, load_entry, place_of, source_of
from campaigns.guide import FOLDER
from campaigns.terms import known
from core.content import ContentError
from surveys.bank import load_bank

CATEGORY_KEYS = {"source", "rung", "title", "text", "cannot_show", "indicators"}
INDICATOR_KEYS = {"id", "source", "title", "definition", "unit", "methods", "frequency", "owner"}
OPTIONAL_KEYS = {"dimension", "numerator", "denominator", "cannot_show", "seasonal"}
# the claim ladder: an indicator of one rung never speaks for the next
RUNGS = (
    "baseline", "document", "reach", "satisfaction", "knowledge_attitude_intention", "service", "maintenance",
    "behaviour", "impact",
)  # fmt: skip
ASKED_DIMENSIONS = ("knowledge", "attitude", "intended_action", "determinant")
DIMENSIONS = (*ASKED_DIMENSIONS, "skill", "reach", "behaviour")
LAST = 99  # after every section
SHARES = ("share",)  # units that need a numerator and a denominator


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a table. ``numerator`` and ``denominator`` are empty where nothing is divided; ``dimension`` is
    empty for what is not measured on persons; ``seasonal`` is what rises and falls with the time of the year."""

    context: str
    id: str
    source: Source
    rung: str
    category: str
    dimension: str
    title: str
    definition: str
    unit: str
    numerator: str
    denominator: str
    methods: tuple[str, ...]
    frequency: str
    owner: str
    cannot_show: str
    seasonal: bool

    @property
    def asked(self) -> bool:
        """Whether the question bank can ask people about it."""
        return bool(load_bank().items_for(self.id))


@dataclass(frozen=True, slots=True)
class Category:
    context: str
    id: str
    source: Source
    rung: str
    title: str
    text: str
    cannot_show: str
    indicators: tuple[Indicator, ...]


Catalogue = dict[str, Indicator]


@cache
def categories() -> tuple[Category, ...]:
    """Every category, in the order of the sections and their tables; raises ContentError naming the file."""
    found = sorted((_category(path) for path in FOLDER.glob("section*/indicators/*.yaml")), key=_place)
    ids = [indicator.id for category in found for indicator in category.indicators]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise ContentError(f"Two indicators have the id “{min(twice)}”: give one of them another.")
    return tuple(found)


@cache
def load_indicators() -> Catalogue:
    """Every indicator by its id, in the order of the sections and their tables."""
    return {indicator.id: indicator for category in categories() for indicator in category.indicators}


@cache
def asked_indicators() -> Catalogue:
    """Those that a questionnaire can measure."""
    return {id: indicator for id, indicator in load_indicators().items() if indicator.asked}


def of_dimension(dimension: str) -> tuple[Indicator, ...]:
    return tuple(indicator for indicator in asked_indicators().values() if indicator.dimension == dimension)


def limit_of(indicator: Indicator) -> Translated:
    """The entry whose ``cannot_show`` holds for the indicator: its own, or that of its whole category."""
    if indicator.cannot_show:
        return indicator
    return next(category for category in categories() if category.id == indicator.category)


def _category(path: Path) -> Category:
    place = place_of(path)
    entry = load_entry(path, CATEGORY_KEYS)
    if entry["rung"] not in RUNGS:
        raise ContentError(f"{place} has the rung “{entry['rung']}”: choose one of {', '.join(RUNGS)}.")
    rows = tuple(_indicator(row, entry, place) for row in entry["indicators"])
    return Category(context=entry["id"], **entry | {"source": source_of(entry, place), "indicators": rows})


def _indicator(row: Any, category: dict[str, Any], place: str) -> Indicator:
    row = checked(row, f"{place}, an indicator", INDICATOR_KEYS, OPTIONAL_KEYS)
    here = f"{place}, {row['id']}"
    dimension = row.get("dimension", "")
    if dimension and dimension not in DIMENSIONS:
        raise ContentError(f"{here} has the dimension “{dimension}”: choose one of {', '.join(DIMENSIONS)}.")
    if row["unit"] in SHARES and not {"numerator", "denominator"} <= row.keys():
        raise ContentError(f"{here} is a share: write its numerator and its denominator.")
    return Indicator(
        context=f"{category['id']}.indicators.{row['id']}",
        id=row["id"],
        source=source_of(row, here),
        rung=category["rung"],
        category=category["id"],
        dimension=dimension,
        title=row["title"],
        definition=row["definition"],
        unit=known("units", row["unit"], here),
        numerator=row.get("numerator", ""),
        denominator=row.get("denominator", ""),
        methods=tuple(known("methods", method, here) for method in row["methods"]),
        frequency=known("frequencies", row["frequency"], here),
        owner=known("owners", row["owner"], here),
        cannot_show=row.get("cannot_show", ""),
        seasonal=row.get("seasonal", False),
    )


def _place(category: Category) -> tuple[int, int]:
    """What stands in no table of the toolkit comes after the tables."""
    first = category.indicators[0].source
    return (first.section, int(first.numbers[0])) if first.section else (LAST, 0)

"""The catalogue of indicators, read from ``indicators/``; how each is asked and scored is in the question bank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from campaigns.content import Source, load_entry, place_of, source_of
from core.content import ContentError
from core.settings import ROOT

FOLDER = ROOT / "campaigns" / "indicators"
KEYS = {"source", "category", "dimension", "title", "definition", "unit", "cannot_show"}
CATEGORIES = ("knowledge_attitude_intention",)
DIMENSIONS = ("knowledge", "attitude", "intended_action")


@dataclass(frozen=True, slots=True)
class Indicator:
    context: str
    id: str
    source: Source
    category: str
    dimension: str
    title: str
    definition: str
    unit: str
    cannot_show: str


Catalogue = dict[str, Indicator]


@cache
def load_indicators() -> Catalogue:
    """Every indicator by its id, in the order of the source's table."""
    found = sorted((_indicator(path) for path in FOLDER.glob("*.yaml")), key=_row)
    return {indicator.id: indicator for indicator in found}


def of_dimension(dimension: str) -> tuple[Indicator, ...]:
    return tuple(indicator for indicator in load_indicators().values() if indicator.dimension == dimension)


def _indicator(path: Path) -> Indicator:
    place = place_of(path)
    entry = load_entry(path, KEYS)
    for key, known in (("category", CATEGORIES), ("dimension", DIMENSIONS)):
        if entry[key] not in known:
            raise ContentError(f"{place} has the {key} “{entry[key]}”: choose one of {', '.join(known)}.")
    return Indicator(context=entry["id"], **entry | {"source": source_of(entry, place)})


def _row(indicator: Indicator) -> tuple[int, int]:
    return indicator.source.section, indicator.source.number or 0

"""What the running program asks of the catalogues is what the extractor wrote into them, text by text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from campaigns.guide import guide
from campaigns.indicators import categories
from campaigns.terms import load_terms
from core.content import load_file
from core.extraction import TRANSLATABLE, translatable
from core.settings import ROOT
from reports.wording import load_sentences
from surveys.bank import load_bank

Texts = set[tuple[str, str]]


def extracted(folder: str) -> Texts:
    return {text for path in (ROOT / folder).rglob("*.yaml") for text in translatable(load_file(path))}


def asked_for(value: Any) -> Iterator[tuple[str, str]]:
    """Every (context, text) that the loaded entries can be asked for."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            below = getattr(value, field.name)
            if field.name in TRANSLATABLE and isinstance(below, str) and below and hasattr(value, "context"):
                yield f"{value.context}.{field.name}", below
            yield from asked_for(below)
    elif isinstance(value, Mapping):
        yield from asked_for(value.values())
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for entry in value:
            yield from asked_for(entry)


def design_content() -> list[Any]:
    return [guide(), categories(), load_terms()]


@pytest.mark.parametrize(
    ("load", "folder"),
    [(design_content, "campaigns/guides"), (load_bank, "surveys/bank")],
)
def test_entries_ask_for_exactly_what_is_extracted(load: Callable[[], Any], folder: str) -> None:
    assert set(asked_for(load())) == extracted(folder)


def test_sentences_ask_for_exactly_what_is_extracted() -> None:
    asked = {
        (f"{name}.{key}", text)
        for name, entry in load_sentences().items()
        for key, text in entry.items()
        if key != "id"
    }
    assert asked == extracted("reports/sentences")

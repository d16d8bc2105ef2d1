"""Which texts of a content file (YAML) are translated, and under which context; also Babel's extractor for them.

The same walk serves both sides: the extractor writes (context, text) pairs into the catalogues, and the
running program looks them up by the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import yaml

# A closed list: a new kind of text is added here and then found everywhere.
TRANSLATABLE = frozenset(
    {
        "title",
        "text",
        "label",
        "hint",
        "why",
        "good_example",
        "weak_example",
        "question",
        "lesson",
        "sentence",
        "definition",
        "cannot_show",
        "guidance_hint",
        "name",
        "description",
        "remedy",
        "reason",
        "action",
        "heading",
        "advice",
        "required_message",
        "constraint_message",
        "plural",
        "numerator",
        "denominator",
    }
)

# Where a text comes from is not a text: `source: {document: "003", question: 5}`.
SOURCE = "source"

Path = tuple[str, ...]


class ContentRuleError(ValueError):
    """A content file breaks a rule of the house; the message names the place and the remedy."""


def translatable(document: Any) -> Iterator[tuple[str, str]]:
    """Every (context, text) of a loaded content file, in the order of the file.

    A text is a string, or each string of a list, under a key of ``TRANSLATABLE``. Its context is
    ``<id>.<key path>``: it begins at the outermost ``id``, and an entry with an ``id`` of its own adds it to
    the path (``signs3.options.debt.label``). Places in a list are not counted, so that a new entry between
    two others leaves their translations alone. What lies under ``source`` is never translated.

    Raises ContentRuleError for a text outside any entry with an ``id`` (its context would change with every
    rearrangement) and for a value that YAML did not read as text (``label: No`` is the value *false*).
    """
    yield from _texts(document, path=(), named=False)


def extract_yaml(
    fileobj: IO[bytes],
    keywords: Any,  # noqa: ARG001 - Babel hands these to every extractor
    comment_tags: Any,  # noqa: ARG001
    options: Any,  # noqa: ARG001
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Babel's extractor for content files; named in scripts/catalogues.py."""
    for context, text in translatable(yaml.safe_load(fileobj)):
        yield 1, "pgettext", (context, text), []


def _texts(value: Any, path: Path, *, named: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for entry in value:
            yield from _texts(entry, path, named=named)
    elif isinstance(value, dict):
        path, named = _entered(value, path, named=named)
        for key, below in value.items():
            if key != SOURCE:
                yield from _texts_below(str(key), below, (*path, str(key)), named=named)


def _texts_below(key: str, value: Any, path: Path, *, named: bool) -> Iterator[tuple[str, str]]:
    if key not in TRANSLATABLE:
        yield from _texts(value, path, named=named)
        return
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict):
            yield from _texts(entry, path, named=named)
        elif entry is not None:
            yield ".".join(path), _checked(entry, path, named=named)


def _entered(entry: dict[Any, Any], path: Path, *, named: bool) -> tuple[Path, bool]:
    """The path inside an entry: its own id begins the path or is added to it."""
    own = entry.get("id")
    if own is None:
        return path, named
    if not named:
        return (str(own),), True
    # a mapping by id already carries it: `options: {debt: {id: debt, …}}`
    return (path if path[-1] == str(own) else (*path, str(own))), True


def _checked(text: Any, path: Path, *, named: bool) -> str:
    place = ".".join(path)
    if not named:
        raise ContentRuleError(f"“{place}” is a text outside any entry with an id: give its entry an `id`.")
    if not isinstance(text, str) or not text.strip():
        raise ContentRuleError(f"“{place}” is {text!r}, which is not a text: write it between quotes or take it out.")
    return text

"""What a document is made of. Each block has a ``kind`` by which templates tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``tone``: plain, aside (smaller and quieter) or notice (what a reader must not miss)."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    kind: ClassVar[str] = "bullets"
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what belongs to each."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """``title`` says what it shows; the first cell of each row names the row."""

    kind: ClassVar[str] = "table"
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as SVG; ``said`` says in a sentence what it shows."""

    kind: ClassVar[str] = "picture"
    svg: str
    said: str


Block = Heading | Paragraph | Bullets | Facts | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """``note`` stands at the foot of each page, ``language`` sets the direction."""

    title: str
    subtitle: str
    note: str
    language: str
    blocks: Sequence[Block]

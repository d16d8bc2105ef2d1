"""What there is to say about a kind of entry: its content, its form, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaigns.entries.content import Content
from campaigns.entries.forms import EntryForm


@dataclass(frozen=True, slots=True)
class Kind:
    """``heading`` names one such entry, ``intro`` says what to write; ``home`` is the endpoint that lists them.

    ``parent`` is the kind that it belongs to, empty when to the campaign; of a ``single`` kind there is one at most.
    ``title`` names an entry in lists, from its content.
    """

    name: str
    content: type[Content]
    form: type[EntryForm]
    heading: str
    intro: str
    home: str
    title: Callable[[Any], str]
    parent: str = ""
    single: bool = False

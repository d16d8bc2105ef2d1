"""What results say about the register; the reports, which know them, offer it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from campaigns.registers.assumptions import Listed


@dataclass(frozen=True, slots=True)
class Mark:
    """``bearing`` is supported, contradicted or open; the rest is in the reader's language."""

    bearing: str
    label: str
    sentences: tuple[str, ...]


# for the lines of the current campaign's register, in their order; nothing while there are no results
ResultsSource = Callable[[Sequence[Listed]], Sequence[Mark]]


def offer(app: Flask, source: ResultsSource) -> None:
    app.extensions["assumption_results"] = source


def marks_of(lines: Sequence[Listed]) -> Sequence[Mark | None]:
    """The mark of every line, as far as the reader may see results; None where there is none."""
    source: ResultsSource | None = current_app.extensions.get("assumption_results")
    return (source(lines) if source else ()) or [None] * len(lines)

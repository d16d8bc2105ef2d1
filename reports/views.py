"""What the page of a report shows, worded, formatted and drawn; nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from reports.kept import Kept
from reports.tables import ChangeLine, PartTable, ShareLine
from reports.wording import Worded


@dataclass(frozen=True)
class WaveView:
    name: str
    days: str
    approached: str
    excluded: tuple[str, ...]
    answered: str
    linked: str


@dataclass(frozen=True)
class Finding:
    """One comparison of an indicator in words, with the tags that stand beside it."""

    comparison: str
    worded: Worded
    claim: str


@dataclass(frozen=True)
class HeadlineLine:
    comparison: str
    share_from: str
    share_to: str
    difference: str
    interval: str
    people: str


@dataclass(frozen=True)
class Headline:
    """A primary indicator with its confirmed changes since the first wave."""

    indicator: str
    anchor: str
    lines: tuple[HeadlineLine, ...]


@dataclass(frozen=True)
class IndicatorView:
    anchor: str
    title: str
    dimension: str
    primary: bool
    definition: str
    questions: tuple[str, ...]
    cannot_show: str
    findings: tuple[Finding, ...]
    kept: Kept | None
    shares_figure: Markup | None
    changes_figure: Markup | None
    shares: tuple[ShareLine, ...]
    changes: tuple[ChangeLine, ...]
    parts: tuple[tuple[str, PartTable], ...]
    notes: tuple[str, ...]
    compared: tuple[tuple[str, str], ...] = ()  # with the comparison group: which waves, and the sentence


@dataclass(frozen=True)
class Method:
    """How the numbers were made, for those who check them."""

    names: tuple[str, ...]
    confidence: str
    smallest_change: str
    software: tuple[tuple[str, str], ...]
    plan_sha256: str
    data_sha256: str


@dataclass(frozen=True)
class InstrumentView:
    """Everything of one frozen plan; ``indicators`` is empty while there are no results."""

    code: str
    title: str
    description: str
    paired: bool
    frozen_at: datetime
    plan_came_first: bool
    short_hash: str
    exclusions: tuple[str, ...]
    waves: tuple[WaveView, ...]
    headlines: tuple[Headline, ...]
    judged_together: bool  # whether the number of primary indicators is allowed for
    primary: tuple[str, ...]
    indicators: tuple[IndicatorView, ...]
    method: Method | None
    notes: tuple[str, ...]
    problem: str


@dataclass(frozen=True)
class Explained:
    """A word and what it means: a limit of the report, or a kind of finding."""

    title: str
    text: str


@dataclass(frozen=True)
class ReportView:
    instruments: tuple[InstrumentView, ...]
    limits: tuple[Explained, ...]
    findings: tuple[Explained, ...]

"""One indicator as the page shows it: sentences first, then figures, tables, parts, and what it cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from analysis.plan import Indicator
from core import numbers
from reports import drawing, names, tables
from reports.kept import kept_view
from reports.views import Finding, Headline, HeadlineLine, IndicatorView
from reports.wording import Row, Wording, claim_of, rule_of, say

NO_CLAIM = frozenset({"hidden", "not_measured"})


def anchor_of(instrument: str, indicator: str) -> str:
    return f"{instrument}-{indicator}".replace("_", "-")


def indicator_view(
    anchor: str, indicator: Indicator, rows: tables.PartRows, reach: float, words: Wording, retention: Row | None = None
) -> IndicatorView:
    """``rows`` and ``retention`` are of this indicator; ``reach`` is the axis that all indicators share."""
    language = words.language
    whole = [row for row in rows.estimates if not row["segment"]]
    moved = [row for row in rows.changes if not row["segment"]]
    parts = tables.part_tables(rows, words, partial(names.part_name, language=language))
    return IndicatorView(
        anchor=anchor,
        title=words.indicator(indicator.id),
        dimension=say(f"dimension.{indicator.dimension}", language, "label") if indicator.dimension else "",
        primary=indicator.primary,
        definition=names.indicator_definition(indicator.id, language),
        questions=names.questions(indicator.id, language),
        cannot_show=names.indicator_limit(indicator.id, language),
        findings=tuple(_finding(row, indicator, words) for row in moved),
        kept=kept_view(retention, words) if retention else None,
        shares_figure=drawing.shares_figure(f"{anchor}-shares", whole, words),
        changes_figure=drawing.changes_figure(f"{anchor}-changes", moved, reach, words),
        shares=tuple(tables.share_line(row, words) for row in whole),
        changes=tuple(tables.change_line(row, words) for row in moved),
        parts=tuple((names.by_title(table.columns, language), table) for table in parts),
        notes=tuple(dict.fromkeys(words.warning(warning) for row in moved for warning in row["warnings"])),
    )


def headline(anchor: str, indicator: Indicator, changes: list[Row], words: Wording) -> Headline | None:
    """The confirmed changes of a primary indicator since the first wave; None when there is none."""
    first = words.plan.design.waves[0]
    lines = tuple(_headline_lines([row for row in changes if not row["segment"] and row["from"] == first], words))
    return Headline(words.indicator(indicator.id), anchor, lines) if lines else None


def _headline_lines(changes: list[Row], words: Wording) -> Iterator[HeadlineLine]:
    for row in changes:
        if row["confirmed"]:
            yield HeadlineLine(
                comparison=words.comparison(row),
                share_from=numbers.share(row["estimate_from"], words.language),
                share_to=numbers.share(row["estimate_to"], words.language),
                difference=numbers.points(row["difference"], words.language),
                interval=tables.change_interval(row, words.language),
                people=tables.people(row, words.language),
            )


def _finding(row: Row, indicator: Indicator, words: Wording) -> Finding:
    rule = rule_of(row)
    claim = "" if rule in NO_CLAIM else say(claim_of(row, indicator, rule), words.language, "label")
    return Finding(words.comparison(row), words.change(row), claim)

"""Which figures an indicator has, and what each says to somebody who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from core import numbers
from core.figures import labelled
from reports import figures
from reports.tables import has_change, has_share, people
from reports.wording import DIRECTED, Row, Wording, rule_of, say


def shares_figure(identifier: str, rows: Sequence[Row], words: Wording) -> Markup | None:
    """Shares by wave; None when no wave has enough people for a share."""
    drawn = [_share_row(row, words) for row in rows if has_share(row)]
    if not drawn:
        return None
    title = say("figure.shares", words.language, "title", indicator=words.indicator(rows[0]["indicator"]))
    return _labelled(figures.shares(drawn, words.language), identifier, title, drawn, words)


def changes_figure(identifier: str, rows: Sequence[Row], reach: float, words: Wording) -> Markup | None:
    """Changes between waves on an axis that all indicators share; None when there is none to draw."""
    drawn = [_change_row(row, words) for row in rows if has_change(row)]
    if not drawn:
        return None
    title = say("figure.changes", words.language, "title", indicator=words.indicator(rows[0]["indicator"]))
    svg = figures.changes(drawn, reach, rows[0]["smallest_change"], words.language)
    return _labelled(svg, identifier, title, drawn, words)


def reach_of(changes: Sequence[Row]) -> float:
    """How far the shared axis of changes must reach for every row that is drawn."""
    drawn = [row for row in changes if has_change(row) and not row["segment"]]
    limits = [row["interval"][side] for row in drawn for side in ("low", "high")]
    return figures.reach_of([*limits, *(row["smallest_change"] or 0 for row in drawn)])


def _share_row(row: Row, words: Wording) -> figures.Row:
    return figures.Row(
        name=words.wave(row["wave"]),
        note=say("people.pairs", words.language, n=numbers.whole(row["n"], words.language)),
        value=row["estimate"],
        low=row["interval"]["low"],
        high=row["interval"]["high"],
        text=numbers.share(row["estimate"], words.language),
    )


def _change_row(row: Row, words: Wording) -> figures.Row:
    return figures.Row(
        name=words.comparison(row),
        note=people(row, words.language) if row["n_pairs"] is not None else "",
        value=row["difference"],
        low=row["interval"]["low"],
        high=row["interval"]["high"],
        text=numbers.signed(row["difference"], words.language),
        clear=rule_of(row) in DIRECTED,
    )


def _labelled(svg: str, identifier: str, title: str, rows: Sequence[figures.Row], words: Wording) -> Markup:
    said = (say("figure.row", words.language, name=row.name, value=row.text) for row in rows)
    # our own SVG, with every text in it escaped by the renderer and by labelled()
    return Markup(labelled(svg, identifier, title, " ".join(said)))  # noqa: S704

"""Calm figures: a dot and its interval, drawn as SVG on the server in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

from core import numbers
from core.figures import ACCENT, BAND, GRID, INK, QUIET, Spec, load_altair, render
from core.languages import direction

PLOT_WIDTH = 206
ROW_HEIGHT = 54
SIDE = 112  # room for the names of the rows
LINE_HEIGHT, NOTE_HEIGHT = 16, 15
LETTERS_IN_A_LINE = 16


@dataclass(frozen=True)
class Row:
    """One dot with its interval; ``text`` is the value as the table prints it."""

    name: str
    note: str
    value: float
    low: float
    high: float
    text: str
    clear: bool = True


def shares(rows: Sequence[Row], language: str) -> str:
    """Shares from 0 to 1 by wave, as an SVG."""
    return _drawn(_share_template(language), rows)


def changes(rows: Sequence[Row], reach: float, band: float | None, language: str) -> str:
    """Differences between waves on an axis from -reach to +reach; the band holds changes too small to matter."""
    return _drawn(_change_template(reach, band, language), rows)


def reach_of(limits: Sequence[float]) -> float:
    """Half the width of a shared axis of differences: the next ten points beyond the furthest limit."""
    furthest = max((abs(limit) for limit in limits), default=0.0)
    return min(1.0, (int(furthest * 10 + 1e-9) + 1) / 10)


def _drawn(template: Spec, rows: Sequence[Row]) -> str:
    values = [asdict(row) | _placed(row, place) for place, row in enumerate(rows)]
    spec = template | {"datasets": {"rows": values}, "height": ROW_HEIGHT * len(rows)}
    return render(json.dumps(spec, sort_keys=True))


def _placed(row: Row, place: int) -> dict[str, Any]:
    """Where things of a row stand, in pixels from the top: the dot, and name and note around the same middle."""
    lines = _in_lines(row.name)
    middle = ROW_HEIGHT * (place + 0.5) + 4
    top = middle - (LINE_HEIGHT * len(lines) + (NOTE_HEIGHT if row.note else 0)) / 2
    return {"name": lines, "middle": middle, "name_at": top, "note_at": top + LINE_HEIGHT * len(lines) + 1}


def _in_lines(name: str) -> list[str]:
    """A long name in two or three lines; Vega breaks lines only where it is told to."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LETTERS_IN_A_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


@cache
def _share_template(language: str) -> Spec:
    labels = {tick: numbers.share(tick, language, 0) for tick in (0, 0.5, 1)}
    return _template((0, 1), (0, 0.25, 0.5, 0.75, 1), labels, [], language)


@lru_cache(maxsize=64)
def _change_template(reach: float, band: float | None, language: str) -> Spec:
    alt = load_altair()
    labels = {tick: numbers.signed(tick, language, 0) for tick in (-reach, 0, reach)}
    once = alt.Chart(alt.Data(values=[{}]))
    behind = [once.mark_rule(color=QUIET, strokeWidth=1).encode(x=alt.datum(0))]
    if band is not None:
        behind.insert(0, once.mark_rect(color=BAND).encode(x=alt.datum(-band), x2=alt.datum(band)))
    return _template((-reach, reach), (-reach, -reach / 2, 0, reach / 2, reach), labels, behind, language)


def _template(
    domain: tuple[float, float],
    ticks: tuple[float, ...],
    labels: dict[float, str],
    behind: list[Any],
    language: str,
) -> Spec:
    alt = load_altair()
    axis = alt.Axis(values=list(ticks), labelExpr=_tick_words(labels), title=None)
    x = {"scale": alt.Scale(domain=list(domain), nice=False), "axis": axis}
    low, value = alt.X("low:Q", **x), alt.X("value:Q", **x)
    rows = alt.Chart(alt.NamedData("rows")).encode(y=alt.Y("middle:Q", scale=None, axis=None))
    tone = alt.condition("datum.clear", alt.value(ACCENT), alt.value(QUIET))
    filling = alt.condition("datum.clear", alt.value(ACCENT), alt.value("white"))
    rtl = direction(language) == "rtl"
    marks = [
        rows.mark_rule(strokeWidth=3, strokeCap="round").encode(x=low, x2="high:Q", color=tone),
        rows.mark_point(size=120, opacity=1, strokeWidth=2.5).encode(x=value, stroke=tone, fill=filling),
        rows.mark_text(dy=-16, fontSize=14, fontWeight="bold", color=INK).encode(x=value, text="text:N"),
        *_row_names(rows, rtl=rtl),
    ]
    spec: Spec = _styled(alt.layer(*behind, *marks), rtl=rtl).to_dict(validate=False)
    return spec


def _tick_words(labels: dict[float, str]) -> str:
    """A Vega expression that words the ticks; those without words stay silent."""
    cases = "".join(f"abs(datum.value - {tick}) < 1e-6 ? {json.dumps(word)} : " for tick, word in labels.items())
    return cases + "''"


def _row_names(rows: Any, *, rtl: bool) -> list[Any]:
    """The name of each row and its note, on the side where reading starts."""
    alt = load_altair()
    # the page wraps figures left-to-right, so the anchors hold in every language
    edge, anchor, gap = (PLOT_WIDTH, "left", 12) if rtl else (0, "right", -12)
    side = {"align": anchor, "dx": gap, "baseline": "top"}
    name = rows.mark_text(fontSize=14, color=INK, lineHeight=LINE_HEIGHT, **side)
    note = rows.mark_text(fontSize=12, color=QUIET, **side)
    return [
        name.encode(x=alt.value(edge), y=alt.Y("name_at:Q", scale=None), text="name:N"),
        note.encode(x=alt.value(edge), y=alt.Y("note_at:Q", scale=None), text="note:N"),
    ]


def _styled(chart: Any, *, rtl: bool) -> Any:
    alt = load_altair()
    name_side, free_side = ("right", "left") if rtl else ("left", "right")
    return (
        chart.properties(
            width=PLOT_WIDTH,
            padding={name_side: SIDE, free_side: 22, "top": 6, "bottom": 30},
            autosize=alt.AutoSizeParams(type="none"),
        )
        .configure(background="transparent", aria=False, font="sans-serif")
        .configure_view(stroke=None)
        .configure_axisX(gridColor=GRID, domain=False, ticks=False, labelColor=QUIET, labelFontSize=12, labelPadding=8)
    )

"""The curve of a planned sample: the smallest change that is seen by the number of people approached."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from campaigns.sizes.computing import Planned, Point
from core import numbers
from core.figures import ACCENT, GRID, INK, QUIET, labelled, load_altair, render
from core.languages import current_language

WIDTH, HEIGHT = 270, 190
ROOM = {"left": 58, "right": 24, "top": 14, "bottom": 40}


def curve_figure(found: Planned, points: Sequence[Point]) -> Markup | None:
    """The points and a line through them; None where fewer than two sizes show anything."""
    drawn = [point for point in points if point.aim is not None]
    if len(drawn) < 2:
        return None
    language = current_language()
    said = " ".join(
        _(
            "%(people)s people: %(points)s.",
            people=numbers.whole(point.approach, language),
            points=numbers.planned_points(point.aim, language),
        )
        for point in drawn
    )
    svg = render(json.dumps(_spec(found, drawn, language), sort_keys=True))
    # our own SVG, with every text in it escaped by the renderer and by labelled()
    return Markup(labelled(svg, "curve", _("The smallest change that can be seen"), said))  # noqa: S704


def _spec(found: Planned, points: Sequence[Point], language: str) -> dict[str, Any]:
    alt = load_altair()
    rows = [{"x": point.approach, "y": (point.aim or 0.0) * 100, "chosen": point.chosen} for point in points]
    x_ticks, y_ticks = _ticks(max(row["x"] for row in rows)), _ticks(max(row["y"] for row in rows))
    planned = found.inputs.aim
    x = alt.X("x:Q", **_axis(alt, x_ticks, {tick: numbers.whole(round(tick), language) for tick in x_ticks}))
    y = alt.Y("y:Q", **_axis(alt, y_ticks, {tick: numbers.plain(tick, language) for tick in y_ticks}))
    chart = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    chosen = {"size": 150, "opacity": 1, "strokeWidth": 2.5, "stroke": INK, "fill": ACCENT}
    layers = [
        chart.mark_line(color=ACCENT, strokeWidth=2.5, interpolate="monotone"),
        chart.mark_point(size=45, opacity=1, filled=True, color=ACCENT).transform_filter("!datum.chosen"),
        chart.mark_point(**chosen).transform_filter("datum.chosen"),
    ]
    if planned is not None and planned <= y_ticks[-1]:
        line = alt.Chart(alt.Data(values=[{"y": planned}]))
        layers.insert(0, line.mark_rule(color=QUIET, strokeDash=[5, 4], strokeWidth=1.5).encode(y=y))
    spec: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=HEIGHT, padding=ROOM, autosize=alt.AutoSizeParams(type="none"))
        .configure(background="transparent", aria=False, font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(gridColor=GRID, domain=False, ticks=False, labelColor=QUIET, labelFontSize=12, labelPadding=8)
        .to_dict(validate=False)
    )
    return spec


def _axis(alt: Any, ticks: Sequence[float], labels: dict[float, str]) -> dict[str, Any]:
    words = "".join(f"abs(datum.value - {tick}) < 1e-6 ? {json.dumps(word)} : " for tick, word in labels.items()) + "''"
    return {
        "scale": alt.Scale(domain=[0, ticks[-1]], nice=False),
        "axis": alt.Axis(values=list(ticks), labelExpr=words, title=None),
    }


def _ticks(most: float) -> list[float]:
    """Three to six round numbers from 0 to beyond the largest.

    >>> _ticks(579), _ticks(29.2)
    ([0.0, 200.0, 400.0, 600.0], [0.0, 10.0, 20.0, 30.0])
    """
    rough = most / 4
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return [round(step * tick, 6) for tick in range(ceil(most / step - 1e-9) + 1)]

"""Figures as SVG made on the server: the colours of the house, Vega-Lite's renderer, and a name for the whole image."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any

ACCENT = "#0b6e6e"
INK = "#212529"
QUIET = "#5c636a"
GRID = "#dee2e6"
BAND = "#e9eeee"

PART_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')

Spec = dict[str, Any]


def load_altair() -> Any:
    import altair  # takes time to load: only where a figure is drawn

    return altair


@lru_cache(maxsize=1024)
def render(spec: str) -> str:
    """The SVG of a Vega-Lite specification (JSON)."""
    import vl_convert

    # the parts of the image have no names of their own: the whole has one, see labelled()
    svg = PART_ROLES.sub("", vl_convert.vegalite_to_svg(spec))
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" class="marks"', ' class="figure-svg"')


def labelled(svg: str, identifier: str, title: str, description: str) -> str:
    """The SVG as one image with a name and a description for those who cannot see it."""
    opening, rest = svg.split(">", 1)
    label = f'role="img" aria-labelledby="{identifier}-title {identifier}-text"'
    return (
        f'{opening} {label}><title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-text">{escape(description)}</desc>{rest}'
    )

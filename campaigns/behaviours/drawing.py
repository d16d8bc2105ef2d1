"""The theory of change as a picture (SVG), from left to right or from right to left as the language is read.

Presentation attributes instead of styles: pages forbid inline styles, and other programs read them too. The picture
itself is laid out from the left, since renderers differ in what ``direction`` does to anchors.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap

from campaigns.behaviours.theory import COLUMNS, STATES, WEAK, Link, Node, Theory
from core.languages import direction

BOX, GAP, HEAD = 180, 44, 34  # widths of a box and between boxes, height of the headings
LINE, PADDING, SPACE = 17, 11, 14
LETTERS, MOST_LINES = 22, 10
WIDTH = len(COLUMNS) * BOX + (len(COLUMNS) - 1) * GAP + 4
ACCENT, INK, QUIET, WARN, PAPER = "#0b6e6e", "#212529", "#5c636a", "#a3420e", "#ffffff"
DASHES = {"assumed": "7 5", "not_known": "2 5", "missing": "2 5", "cannot": "7 5"}


def drawing(theory: Theory, language: str) -> str:
    """The whole picture; its table says the same in words."""
    return _Picture(theory, mirrored=direction(language) == "rtl").svg()


class _Picture:
    def __init__(self, theory: Theory, *, mirrored: bool) -> None:
        self.theory, self.mirrored = theory, mirrored
        self.tops = self._tops()

    def svg(self) -> str:
        height = self.tops[-1] + 4
        heads = [self._head(place, str(name)) for place, name in enumerate(COLUMNS.values())]
        links = [self._link(link) for link in self.theory.links]
        boxes = [self._box(node) for node in self.theory.nodes]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' font-family="Noto Sans, Noto Sans Arabic, system-ui, sans-serif" font-size="13"'
            f' direction="ltr" aria-hidden="true">'
            f"{''.join((*heads, *links, *boxes))}</svg>"
        )

    def _tops(self) -> list[float]:
        """Where each row begins, and where the last one ends."""
        heights = [2.0 * LINE + 2 * PADDING] * self.theory.rows
        for node in sorted(self.theory.nodes, key=lambda one: one.rows):
            room = sum(heights[node.row : node.row + node.rows]) + (node.rows - 1) * SPACE
            lack = _height(node) - room
            if lack > 0:
                heights[node.row + node.rows - 1] += lack
        tops = [float(HEAD)]
        for height in heights:
            tops.append(tops[-1] + height + SPACE)
        return tops

    def _across(self, place: float, width: float = 0.0) -> float:
        return WIDTH - place - width if self.mirrored else place

    def _left(self, node: Node) -> float:
        place = list(COLUMNS).index(node.column) * (BOX + GAP) + 2.0
        return self._across(place, BOX)

    def _middle(self, node: Node) -> float:
        return (self.tops[node.row] + self.tops[node.row + node.rows] - SPACE) / 2

    def _head(self, place: int, name: str) -> str:
        middle = self._across(place * (BOX + GAP) + 2.0, BOX) + BOX / 2
        return (
            f'<text x="{middle:g}" y="18" text-anchor="middle" font-weight="600" fill="{QUIET}">{escape(name)}</text>'
        )

    def _box(self, node: Node) -> str:
        top, left = self.tops[node.row], self._left(node)
        height = self.tops[node.row + node.rows] - SPACE - top
        border, dashes = (WARN, ' stroke-dasharray="4 4"') if node.missing else (ACCENT, "")
        start, anchor = (left + BOX - PADDING, "end") if self.mirrored else (left + PADDING, "start")
        found = _lines(node)
        first = top + height / 2 - len(found) * LINE / 2 + 13
        words = "".join(
            f'<tspan x="{start:g}" y="{first + number * LINE:g}">{_isolated(line)}</tspan>'
            for number, line in enumerate(found)
        )
        return (
            f"<g><title>{escape(node.text)}</title>"
            f'<rect x="{left:g}" y="{top:g}" width="{BOX}" height="{height:g}" rx="8"'
            f' fill="{PAPER}" stroke="{border}" stroke-width="1.5"{dashes}/>'
            f'<text text-anchor="{anchor}" fill="{WARN if node.missing else INK}">{words}</text></g>'
        )

    def _link(self, link: Link) -> str:
        """A curve to the next box; its dashes and its word say how good the evidence is."""
        sign = -1 if self.mirrored else 1
        start = self._left(link.start) + (0 if self.mirrored else BOX)
        end = self._left(link.end) + (BOX if self.mirrored else 0)
        from_y, to_y = self._height_of_start(link), self._height_of_end(link)
        tip = end - sign * 7
        colour = WARN if link.state in WEAK else ACCENT
        dashes = f' stroke-dasharray="{DASHES[link.state]}"' if link.state in DASHES else ""
        bend = sign * GAP / 2
        head = f"{tip:g},{to_y - 5:g} {end - sign:g},{to_y:g} {tip:g},{to_y + 5:g}"
        return (
            f"<g><title>{escape(str(STATES[link.state]))}</title>"
            f'<path d="M{start:g},{from_y:g} C{start + bend:g},{from_y:g} {tip - bend:g},{to_y:g} {tip:g},{to_y:g}"'
            f' fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
            f'<polygon points="{head}" fill="{colour}"/>'
            f'<text x="{(start + end) / 2:g}" y="{(from_y + to_y) / 2 - 7:g}" text-anchor="middle" font-size="10.5"'
            f' fill="{colour}">{_mark(link.state)}</text></g>'
        )

    def _height_of_start(self, link: Link) -> float:
        return self._middle(link.end if link.start.rows > link.end.rows else link.start)

    def _height_of_end(self, link: Link) -> float:
        return self._middle(link.start if link.end.rows > link.start.rows else link.end)


def _mark(state: str) -> str:
    """A sign that fits between the boxes; the words stand in the legend and the table."""
    return {"known": "✓", "fits": "✓", "assumed": "~", "not_known": "?", "cannot": "✗", "missing": "✗"}[state]


def _isolated(line: str) -> str:
    """The line in the direction of its own first letter, whatever stands around it."""
    return f"\N{FIRST STRONG ISOLATE}{escape(line)}\N{POP DIRECTIONAL ISOLATE}"


def _height(node: Node) -> float:
    return len(_lines(node)) * LINE + 2 * PADDING


def _lines(node: Node) -> list[str]:
    found = [line for part in node.text.split("\n") for line in wrap(part, LETTERS)]
    return found if len(found) <= MOST_LINES else [*found[: MOST_LINES - 1], "…"]

"""The theory of change as boxes in five columns and arrows with their evidence, made from the chains of a design."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from flask_babel import lazy_gettext as _l

from campaigns.behaviours.acting import can_act
from campaigns.behaviours.chains import Answered, Chain, Wanted
from campaigns.behaviours.contents import Behaviour, Response
from campaigns.entries.saving import Entry

COLUMNS = {
    "group": _l("Target group"),
    "barrier": _l("Barrier"),
    "response": _l("Response"),
    "behaviour": _l("Behaviour"),
    "contribution": _l("Contribution"),
}
STATES = {
    "known": _l("known"),
    "assumed": _l("assumed"),
    "not_known": _l("not known"),
    "fits": _l("can act on it"),
    "cannot": _l("cannot act on it"),
    "missing": _l("missing"),
}
WEAK = frozenset({"not_known", "cannot", "missing"})
MISSING = {
    "barrier": _l("No barrier is named yet"),
    "response": _l("No response yet"),
    "behaviour": _l("No behaviour is named yet"),
    "contribution": _l("Nobody has said how this makes trafficking rarer"),
}


@dataclass(slots=True)
class Node:
    """A box. It stands beside ``rows`` rows from ``row`` on; ``missing``: its text says what is not there."""

    column: str
    text: str
    row: int
    rows: int = 1
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from one box to the next, with the state of its evidence."""

    start: Node
    end: Node
    state: str


@dataclass(slots=True)
class Theory:
    nodes: list[Node] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    rows: int = 0

    @property
    def counts(self) -> Counter[str]:
        """How many arrows there are of each state."""
        return Counter(link.state for link in self.links)

    @property
    def weak(self) -> list[Link]:
        return [link for link in self.links if link.state in WEAK]

    def links_from(self, column: str) -> list[Link]:
        return [link for link in self.links if link.start.column == column]

    def table(self) -> Iterator[tuple[list[Node], list[str]]]:
        """Row by row: the five boxes that stand beside it, and the states of the arrows between them."""
        states = {(id(link.start), id(link.end)): link.state for link in self.links}
        for row in range(self.rows):
            boxes = [
                next(one for one in self.nodes if one.column == name and one.row <= row < one.row + one.rows)
                for name in COLUMNS
            ]
            yield boxes, [states[id(one), id(next_)] for one, next_ in pairwise(boxes)]


def theory(found: tuple[Chain, ...]) -> Theory:
    """Boxes and arrows; what is missing has a box, too, so that it is seen."""
    made = Theory()
    for chain in found:
        group = _add(made, Node("group", chain.segment.content.name, made.rows, rows=0))
        for wanted in chain.behaviours:
            _behaviour(made, group, wanted)
        if not chain.behaviours:
            _row(made, group, _missing("behaviour"), _missing("contribution"))
        group.rows = made.rows - group.row
    return made


def _behaviour(made: Theory, group: Node, wanted: Wanted) -> None:
    content = wanted.behaviour.content
    behaviour = Node("behaviour", statement(content), made.rows)
    contribution = Node("contribution", content.contribution, made.rows)
    if not content.contribution:
        contribution = _missing("contribution")
    for answered in wanted.barriers:
        _barrier(made, group, answered, behaviour)
    if not wanted.barriers:
        _row(made, group, behaviour, contribution)
    behaviour.rows = contribution.rows = made.rows - behaviour.row
    contribution.row = behaviour.row
    made.nodes += [behaviour, contribution]
    made.links.append(Link(behaviour, contribution, "missing" if contribution.missing else content.evidence))


def _barrier(made: Theory, group: Node, answered: Answered, behaviour: Node) -> None:
    content = answered.barrier.content
    barrier = _add(made, Node("barrier", content.text, made.rows))
    made.links.append(Link(group, barrier, content.evidence))
    for one in answered.kept:
        response = _add(made, Node("response", one.content.text, made.rows))
        made.links.append(Link(barrier, response, _fit(one, content.com_b)))
        made.links.append(Link(response, behaviour, one.content.evidence))
        made.rows += 1
    if not answered.kept:
        response = _add(made, _missing("response", made.rows))
        made.links += [Link(barrier, response, "missing"), Link(response, behaviour, "missing")]
        made.rows += 1
    barrier.rows = made.rows - barrier.row


def _row(made: Theory, group: Node, behaviour: Node, contribution: Node) -> None:
    """A row without any barrier; a behaviour that is there is added by its caller."""
    barrier, response = _missing("barrier"), _missing("response")
    chain = [group, barrier, response, behaviour]
    for node in (barrier, response, behaviour, contribution):
        node.row = made.rows
    made.nodes += [barrier, response]
    if behaviour.missing:
        made.nodes += [behaviour, contribution]
        made.links.append(Link(behaviour, contribution, "missing"))
    made.links += [Link(one, next_, "missing") for one, next_ in pairwise(chain)]
    made.rows += 1


def statement(behaviour: Behaviour) -> str:
    """Who does what, how often, where and when, each on a line of its own."""
    parts = (behaviour.who, behaviour.does_what, behaviour.how_often, behaviour.where, behaviour.when)
    return "\n".join(part for part in parts if part)


def _fit(response: Entry[Response], com_b: str) -> str:
    return "fits" if can_act(response.content.function, com_b) else "cannot"


def _missing(column: str, row: int = 0) -> Node:
    return Node(column, str(MISSING[column]), row, missing=True)


def _add(made: Theory, node: Node) -> Node:
    made.nodes.append(node)
    return node

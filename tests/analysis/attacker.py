"""Somebody who knows the plan and reads the results, and works out what they hide: an independent check of hiding.

Unknown are the people (and, of yes/no answers, those who said yes) in every cell of the columns that the plan splits
people by, of every arm and for every count that the results tell of: who was there at a wave, who answered an indicator
there, who answered it at two waves. Every visible number is an equation over these. The attacker is bold where results
invite a guess: two counts with the same total, and without a part that says otherwise, are taken to be of the same
people cell by cell. Worked out is what is fixed by rank; a visible count of nobody empties its cells.

Not attacked, because it cannot be helped (docs/statistics.md): a share of 0 or 100 % tells of every part, and those who
were lost or gave no answer are told of as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.plan import Plan

Row = dict[str, Any]
Segment = dict[str, str | None]
Thing = tuple[Any, ...]  # what is counted: ("people", arm, wave), ("n", arm, indicator, wave), ("pairs", …)
PEOPLE, ANSWERED, PAIRS, LINKED = "people", "n", "pairs", "linked"


@dataclass(frozen=True)
class Disclosed:
    """A hidden count that was worked out; ``what`` is n, or x of those who said yes."""

    what: str
    thing: Thing
    segment: tuple[tuple[str, str | None], ...]
    value: float


@dataclass
class Attacker:
    """Equations over cells: each is a set of (thing, cells) terms and what they sum up to."""

    results: Row
    plan: Plan
    columns: list[str] = field(default_factory=list)
    cells: list[Segment] = field(default_factory=list)
    equations: dict[str, list[tuple[list[tuple[Thing, Segment]], float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    hidden: list[tuple[Thing, Segment]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._find_cells()
        self._read()

    def disclosed(self) -> list[Disclosed]:
        """Every hidden row's counts that are fixed by what is shown."""
        found = []
        for what in ("n", "x"):
            solver = _Solver(self, what)
            for thing, segment in self.hidden:
                ends = ("from", "to") if what == "x" and thing[0] == PAIRS else ((),)
                for asked in ((*thing, *([end] if end else [])) for end in ends):
                    value = solver.value(asked, segment)
                    if value is not None:
                        found.append(Disclosed(what, thing, tuple(segment.items()), value))
        return found

    def _find_cells(self) -> None:
        """All combinations of the values seen, less those that a crossing does not list."""
        values: dict[str, dict[str | None, None]] = defaultdict(dict)
        crossings: dict[tuple[str, ...], set[tuple[str | None, ...]]] = defaultdict(set)
        segments = [row["segment"] for row in self.results["estimates"]]
        for row in self.results["composition"]:
            for mix in row.get("mix") or []:
                segments += [{mix["column"]: group} for group in mix.get("groups") or []]
        for row in self.results["exposure"]:
            segments += [{self._exposure: level["level"]} for level in row["levels"] or []]
            segments += [{self._exposure: None}] if row["levels"] else []
        for segment in segments:
            for name, value in segment.items():
                values[name][value] = None
            crossings[tuple(segment)].add(tuple(segment.values()))
        self.columns = list(values)
        for combination in product(*values.values()):
            cell = dict(zip(self.columns, combination, strict=True))
            if all(tuple(cell[name] for name in names) in there for names, there in crossings.items()):
                self.cells.append(cell)

    @property
    def _exposure(self) -> str:
        """The people of a plan of linked people keep one part, but not one exposure: that is a column of its own."""
        name = self.plan.design.exposure or ""
        return f"exposure {name}" if self.plan.design.paired else name

    def _tell(self, what: str, value: float | None, *terms: tuple[Thing, Segment]) -> None:
        if value is not None:
            self.equations[what].append((list(terms), float(value)))

    def _read(self) -> None:
        counting = self.plan.missing.dont_know_as != "exclude"  # "don't know" is among those who answered
        of_dont_know = {i.id for i in self.plan.indicators if i.binary and counting}
        for row in self.results["estimates"]:
            arm, segment, wave = row["arm"], row["segment"], row["wave"]
            there, answered = (PEOPLE, arm, wave), (ANSWERED, arm, row["indicator"], wave)
            if row["hidden"]:
                self.hidden += [(answered, segment), (there, segment)]
                continue
            self._tell("n", row["n"], (answered, segment))
            self._tell("x", _yes(row), (answered, segment))
            missing = dict(row["missing"])
            if row["indicator"] in of_dont_know:
                missing.pop("dont_know")
            self._tell("n", row["n"] + sum(missing.values()), (there, segment))
        for row in self.results["changes"]:
            self._read_change(row)
        for row in self.results["comparison"]:
            self._read_comparison(row)
        for row in self.results["attrition"]:
            self._read_attrition(row)
        for row in self.results["composition"]:
            self._read_composition(row)
        for row in self.results["exposure"]:
            answered = (ANSWERED, row["arm"], row["indicator"], row["wave"])
            for level in [*(row["levels"] or []), row["unknown"]] if row["levels"] else []:
                segment = {self._exposure: level["level"]}
                if all(cell[self._exposure] != level["level"] for cell in self.cells):
                    continue
                self._tell("n", level["n"], (answered, segment))
                self._tell("x", level["x"], (answered, segment))
        for row in (*self.results["reliability"], *self.results["clustering"]):
            self._read_beside(row)
        self._read_flow()
        self._read_warnings()

    def _pairs_of(self, row: Row) -> Thing:
        return (PAIRS, row["arm"], row["indicator"], row["from"], row["to"])

    def _read_change(self, row: Row) -> None:
        arm, segment, indicator = row["arm"], row["segment"], row["indicator"]
        if not self.plan.design.paired:
            for end in ("from", "to"):
                answered = (ANSWERED, arm, indicator, row[end])
                if not row["hidden"]:
                    self._tell("n", row[f"n_{end}"], (answered, segment))
                    self._tell("x", row[f"x_{end}"], (answered, segment))
            return
        pairs = self._pairs_of(row)
        if row["hidden"]:
            self.hidden.append((pairs, segment))
            return
        self._tell("n", row["n_pairs"], (pairs, segment))
        for end in ("from", "to"):
            self._tell("x", row[f"x_{end}"], ((*pairs, end), segment))

    def _read_comparison(self, row: Row) -> None:
        if row["hidden"] or not row["n"]:
            return
        for group, arm in (("with_activity", row["arm"]), ("without", row["comparison"])):
            for end in ("from", "to"):
                thing: Thing = (ANSWERED, arm, row["indicator"], row[end])
                if self.plan.design.paired:
                    thing = (PAIRS, arm, row["indicator"], row["from"], row["to"])
                self._tell("n", row["n"][group][end], (thing, row["segment"]))

    def _read_attrition(self, row: Row) -> None:
        arms = list((self.results["flow"].get("arms") or {None: None}).keys())
        start, of_pairs = (ANSWERED, row["indicator"], row["from"]), (PAIRS, row["indicator"], row["from"], row["to"])
        if "found" in row:
            self._tell("n", row["n"], ((start[0], row["arm"], *start[1:]), {}))
            self._tell("n", row["found"], ((of_pairs[0], row["arm"], *of_pairs[1:]), {}))
        else:
            self._tell("n", row["n"], *(((start[0], arm, *start[1:]), {}) for arm in arms))
            for group in (row["by_arm"] or {}).get("groups") or []:
                self._tell("n", group["n"], ((start[0], group["group"], *start[1:]), {}))
                self._tell("n", group["found"], ((of_pairs[0], group["group"], *of_pairs[1:]), {}))

    def _read_composition(self, row: Row) -> None:
        for end in ("from", "to"):
            total = row.get(f"n_{end}")
            there = (PEOPLE, row["arm"], row[end])
            if total is None:
                continue
            known: Iterable[Segment] = [{}]
            if self.plan.population:
                known = [c for c in self.cells if all(c.get(name, "") is not None for name in self.plan.adjust)]
            self._tell("n", total, *((there, segment) for segment in known))
            for mix in row.get("mix") or []:
                for group, shares in zip(mix.get("groups") or [], mix["shares"] or [], strict=False):
                    share = shares[0 if end == "from" else 1] if len(shares) == 2 else None
                    if share is not None and not self.plan.population:
                        self._tell("n", round(share * total), (there, {mix["column"]: group}))

    def _read_beside(self, row: Row) -> None:
        """How alike answers are, over everybody; of a scale those with every item, used where an arm hides."""
        arms = [row["arm"]] if "arm" in row else list((self.results["flow"].get("arms") or {None: None}).keys())
        if row.get("hidden") or row.get("n") is None or row["indicator"] is None:
            return
        if "items" in row and not any(
            of_arm.get("hidden") for of_arm in (self.results["flow"].get("arms") or {}).values()
        ):
            return
        if "wave" in row:
            self._tell("n", row["n"], *(((ANSWERED, arm, row["indicator"], row["wave"]), {}) for arm in arms))
        elif self.plan.design.paired:
            self._tell("n", row["n"], (self._pairs_of(row), {}))

    def _read_flow(self) -> None:
        flow = self.results["flow"]
        arms = flow.get("arms") or {None: flow}
        for wave, n in flow["n_by_wave"].items():
            self._tell("n", n, *(((PEOPLE, arm, wave), {}) for arm in arms))
        for arm, of_arm in arms.items():
            for wave, n in (of_arm["n_by_wave"] or {}).items():
                self._tell("n", n, ((PEOPLE, arm, wave), {}))
                if n is None:
                    self.hidden.append(((PEOPLE, arm, wave), {}))
            for link in of_arm.get("linked") or []:
                self._tell("n", link["n"], ((LINKED, arm, link["from"], link["to"]), {}))
        for link in flow["linked"]:
            self._tell("n", link["n"], *(((LINKED, arm, link["from"], link["to"]), {}) for arm in arms))
        if self.plan.design.layout == "long" and not flow["excluded"]:
            everyone: list[tuple[Thing, Segment]] = [
                ((PEOPLE, arm, wave), {}) for arm in arms for wave in flow["n_by_wave"]
            ]
            self._tell("n", flow["rows_read"], *everyone)

    def _read_warnings(self) -> None:
        """Cells that were read as blank in a column are people without a part: all of them, if there is one wording."""
        blanks = [w["params"] for w in self.results["warnings"] if w["code"] == "read_as_blank"]
        arms = list((self.results["flow"].get("arms") or {None: None}).keys())
        for params in blanks:
            alone = sum(other["column"] == params["column"] for other in blanks) == 1
            if alone and params["column"] in self.columns and self.plan.design.layout == "long":
                terms = product(arms, self.plan.design.waves)
                unknown: Segment = {params["column"]: None}
                self._tell("n", params["n"], *(((PEOPLE, arm, wave), unknown) for arm, wave in terms))


class _Solver:
    """Linear algebra over the cells of all things; things of equal totals are one."""

    def __init__(self, attacker: Attacker, what: str) -> None:
        self.attacker, self.what = attacker, what
        counted = attacker.equations["n"]
        self.same = _same_things(attacker, counted)
        told = attacker.equations[what]
        things = {self._of(thing) for terms, _ in told for thing, _ in terms}
        self.things = {thing: place for place, thing in enumerate(sorted(things, key=repr))}
        size = len(attacker.cells)
        rows = np.array([self._row(terms) for terms, _ in told]).reshape(len(told), len(things) * size)
        values = np.array([value for _, value in told])
        if what == "n":
            empty = (rows[values == 0] > 0).any(axis=0) if len(rows) else np.zeros(0, dtype=bool)
            rows = np.vstack([rows, np.eye(rows.shape[1])[empty]])
            values = np.concatenate([values, np.zeros(int(empty.sum()))])
        self.rows, self.values = rows, values
        _, singular, right = np.linalg.svd(rows, full_matrices=True) if rows.size else (None, np.zeros(0), None)
        rank = int((singular > 1e-9).sum())
        self.null = None if right is None else right[rank:]

    def value(self, thing: Thing, segment: Segment) -> float | None:
        if self._of(thing) not in self.things or self.null is None:
            return None
        asked = self._row([(thing, segment)])
        if self.null.size and np.abs(self.null @ asked).max() > 1e-7:
            return None
        found = np.linalg.lstsq(self.rows, self.values, rcond=None)[0]
        return round(float(asked @ found), 6)

    def _of(self, thing: Thing) -> Thing:
        """Counts with equal totals are one unknown; the answers only of one indicator at one wave."""
        if self.what == "n":
            return self.same.get(thing, thing)
        if thing[0] == PAIRS:
            *pairs, end = thing
            answered = (ANSWERED, *thing[1:3], thing[3 if end == "from" else 4])
            if self.same.get(tuple(pairs), tuple(pairs)) == self.same.get(answered, answered):
                return answered
        return thing

    def _row(self, terms: list[tuple[Thing, Segment]]) -> NDArray[np.float64]:
        size = len(self.attacker.cells)
        row = np.zeros(len(self.things) * size)
        for thing, segment in terms:
            start = self.things[self._of(thing)] * size
            row[start : start + size] += [_within(cell, segment) for cell in self.attacker.cells]
        return row


def _same_things(attacker: Attacker, told: list[tuple[list[tuple[Thing, Segment]], float]]) -> dict[Thing, Thing]:
    """Things taken to count the same people: of an arm (and, unless people are linked, a wave) with the same totals."""
    shown: dict[Thing, dict[tuple[tuple[str, str | None], ...], float]] = defaultdict(dict)
    for terms, value in told:
        if len(terms) == 1:
            thing, segment = terms[0]
            shown[thing][tuple(segment.items())] = value
    groups: list[tuple[list[Thing], dict[tuple[tuple[str, str | None], ...], float]]] = []
    for thing in sorted(shown, key=repr):
        for members, known in groups:
            alike = thing[1] == members[0][1] and _could_be_same(attacker.plan, thing, members[0])
            if (
                alike
                and () in known
                and all(known.get(key, n) == n for key, n in shown[thing].items())
                and () in shown[thing]
            ):
                members.append(thing)
                known.update(shown[thing])
                break
        else:
            groups.append(([thing], dict(shown[thing])))
    return {thing: members[0] for members, _ in groups for thing in members}


def _could_be_same(plan: Plan, one: Thing, other: Thing) -> bool:
    return plan.design.paired or one[-1] == other[-1]


def _within(cell: Segment, segment: Segment) -> bool:
    return all(cell[name] == value for name, value in segment.items())


def _yes(row: Row) -> float | None:
    """How many said yes, or what the answers sum up to."""
    if row["x"] is not None:
        return float(row["x"])
    mean = row.get("unweighted", row["estimate"])
    return None if mean is None else mean * row["n"]


def small(disclosures: list[Disclosed], truth: Row, plan: Plan) -> Iterator[Disclosed]:
    """Of what was worked out, what is of fewer people than may be shown: n by itself, x by the ``truth``."""
    least = plan.suppress_below
    sizes: dict[tuple[Thing, tuple[tuple[str, str | None], ...]], int] = {}
    for row in truth["estimates"]:
        sizes[(ANSWERED, row["arm"], row["indicator"], row["wave"]), tuple(row["segment"].items())] = row["n"]
    for row in truth["changes"]:
        thing = (PAIRS, row["arm"], row["indicator"], row["from"], row["to"])
        sizes[thing, tuple(row["segment"].items())] = row["n_pairs"] or 0
    for one in disclosures:
        size = one.value if one.what == "n" else sizes.get((one.thing, one.segment), 0)
        if 0 < size < least:
            yield one

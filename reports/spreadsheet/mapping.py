"""From the columns of somebody's spreadsheet to the frame that the frozen plan asks for.

People are found again by the number of their card, or because one row holds both times of one person; never by the
order of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from analysis.plan import Indicator, Plan
from campaigns.training_lane.cards import miscopied
from reports.spreadsheet.meaning import BLANK, UNREADABLE, folded, guess, guess_option, item_of, stand_in
from reports.spreadsheet.reading import Sheet
from surveys.bank import Item
from surveys.linking.cards import normalised

TIMES = ("before", "after")
BY = ("sex", "age_group")
NOWHERE = -1
ENDS = {
    "before": ("before", "pre", "avant", "antes", "قبل", "t0", "1"),
    "after": ("after", "post", "apres", "despues", "بعد", "t1", "2"),
}
CARDS = ("card", "carte", "tarjeta", "بطاقة", "code", "id", "number", "numero")


@dataclass(frozen=True)
class Columns:
    """Which sheet holds which time, and which column what; NOWHERE where there is none.

    ``answers[indicator][time]`` and ``by[item][time]`` are places in the header of that time's sheet.
    """

    sheets: Mapping[str, int]
    answers: Mapping[str, Mapping[str, int]]
    card: Mapping[str, int]
    by: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def one_sheet(self) -> bool:
        """Both times stand in one row, so that a row is a person."""
        return self.sheets["before"] == self.sheets["after"]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be taken as it is; ``kind`` chooses the sentence that says what to do."""

    kind: str
    sheet: str
    row: int
    column: str
    text: str


class Reader:
    """The sheets read by their columns and by what the cells were said to mean."""

    def __init__(
        self,
        plan: Plan,
        sheets: Sequence[Sheet],
        columns: Columns,
        values: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.plan, self.sheets, self.columns = plan, sheets, columns
        self._said = values or {}

    @cached_property
    def distinct(self) -> dict[str, dict[str, int]]:
        """The different texts of each indicator and part, the most frequent first, with how often they stand."""
        counted = {name: Counter(self._cells(places)) for name, places in self._places().items()}
        return {
            name: dict(sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))) for name, count in counted.items()
        }

    def meaning(self, name: str, text: str) -> str:
        """What the person said that a text means, else the first guess. For parts it is the code of an option."""
        said = self._said.get(name, {}).get(text)
        if said is not None:
            return said
        if not text:
            return BLANK
        item = self.item(name)
        return guess_option(item, text) if name in BY else guess(item, text, self.distinct[name])

    def item(self, name: str) -> Item:
        return item_of(name if name in BY else self._indicator(name).items[0])

    def frame(self) -> Any:
        """The long layout of the plan: a row for each person and time, with the codes of the question bank."""
        import pandas as pd

        rows = [row for time in TIMES for row in self._rows(time)]
        wanted = [self.plan.design.wave, "person", *self._others(), "unreadable"]
        return pd.DataFrame(rows, columns=list(dict.fromkeys(wanted)), dtype="object")

    def problems(self) -> list[Problem]:
        """Every cell that is left out or that keeps a person from being found again, with its place."""
        return [*self._unreadable(), *self._cards()]

    def _rows(self, time: str) -> Iterator[dict[str, Any]]:
        sheet, linked = self._sheet(time), self._persons(time)
        for place, cells in enumerate(sheet.rows):
            answers = {name: self._answer(name, time, cells) for name in self.columns.answers}
            if all(meaning == BLANK for meaning in answers.values()):
                continue  # nobody was there
            row: dict[str, Any] = {self.plan.design.wave: time, "person": linked[place], "consent": "yes"}
            for name, meaning in answers.items():
                item = self.item(name)
                row[item.id] = None if meaning in (BLANK, UNREADABLE) else stand_in(item, meaning)
            for name, where in self.columns.by.items():
                row[name] = self._part(name, where[time], cells)
            wrong = [self.item(name).id for name, meaning in answers.items() if meaning == UNREADABLE]
            yield row | {"unreadable": " ".join(wrong) or None}

    def _answer(self, name: str, time: str, cells: Sequence[str]) -> str:
        place = self.columns.answers[name][time]
        return BLANK if place == NOWHERE else self.meaning(name, cells[place])

    def _part(self, name: str, place: int, cells: Sequence[str]) -> str | None:
        return None if place == NOWHERE else (self.meaning(name, cells[place]) or None)

    def _persons(self, time: str) -> list[str | None]:
        """In one sheet a row is a person. In two, the card; a card that stands twice in a sheet links nobody."""
        sheet = self._sheet(time)
        if self.columns.one_sheet:
            return [f"R{number}" for number in sheet.row_numbers]
        place = self.columns.card[time]
        cards = [normalised(cells[place]) or None for cells in sheet.rows]
        seen = Counter(cards)
        return [card if card and seen[card] == 1 else None for card in cards]

    def _others(self) -> list[str]:
        design = [name for name in (self.plan.design.date,) if name]
        excluded = [rule.column for rule in self.plan.exclude]
        parts = [column for part in self.plan.by for column in part]
        return ["consent", *(item for one in self.plan.indicators for item in one.items), *parts, *excluded, *design]

    def _places(self) -> dict[str, list[tuple[str, int]]]:
        """Of each indicator and part the columns that hold it, each once."""
        of_all = {**self.columns.answers, **self.columns.by}
        return {
            name: list({(self.columns.sheets[time], place): (time, place) for time, place in where.items()}.values())
            for name, where in of_all.items()
        }

    def _cells(self, places: list[tuple[str, int]]) -> Iterator[str]:
        for time, place in places:
            if place != NOWHERE:
                yield from (cells[place] for cells in self._sheet(time).rows)

    def _unreadable(self) -> Iterator[Problem]:
        for name, places in self._places().items():
            for time, place in places:
                if place == NOWHERE:
                    continue
                sheet = self._sheet(time)
                for number, cells in zip(sheet.row_numbers, sheet.rows, strict=True):
                    if cells[place] and self.meaning(name, cells[place]) in (UNREADABLE, ""):
                        yield self._problem("unreadable", sheet, number, place, cells[place])

    def _cards(self) -> Iterator[Problem]:
        for time in TIMES[:1] if self.columns.one_sheet else TIMES:
            place, sheet = self.columns.card[time], self._sheet(time)
            if place == NOWHERE:
                continue
            cards = [normalised(cells[place]) for cells in sheet.rows]
            seen, checked = Counter(card for card in cards if card), _checked(cards)
            for number, cells, card in zip(sheet.row_numbers, sheet.rows, cards, strict=True):
                kind = "" if card else "no_card"
                kind = "card_twice" if seen[card] > 1 else "card_check" if checked and miscopied(card) else kind
                if kind:
                    yield self._problem(kind, sheet, number, place, cells[place])

    def _problem(self, kind: str, sheet: Sheet, row: int, place: int, text: str) -> Problem:
        column = f"{sheet.letter(place)} ({sheet.header[place]})" if sheet.header[place] else sheet.letter(place)
        return Problem(kind, sheet.name, row, column, text)

    def _sheet(self, time: str) -> Sheet:
        return self.sheets[self.columns.sheets[time]]

    def _indicator(self, name: str) -> Indicator:
        return next(one for one in self.plan.indicators if one.id == name)


def _checked(cards: Sequence[str]) -> bool:
    """Whether these are our own cards, with a check digit; other numbers of four digits have one by chance only."""
    four = [card for card in cards if len(card) == 4 and card.isdigit()]
    return 2 * sum(not miscopied(card) for card in four) > len(four)


def guessed_columns(plan: Plan, sheets: Sequence[Sheet], before: int, after: int) -> Columns:
    """The columns by their headings, as far as they tell; the person corrects the rest."""
    where = {"before": before, "after": after}
    headers = {time: [folded(title) for title in sheets[place].header] for time, place in where.items()}
    one = before == after

    def places(*words: str) -> dict[str, int]:
        return {time: _place(headers[time], words, ENDS[time] if one else ()) for time in TIMES}

    answers = {}
    for indicator in plan.indicators:
        item = indicator.items[0]
        answers[indicator.id] = places(folded(item), folded(item).replace("_", " "), folded(indicator.id))
    card = {time: _named(headers[time], CARDS) for time in TIMES}
    sex = {time: _named(headers[time], ("sex", "gender", "sexe", "sexo", "الجنس")) for time in TIMES}
    age = {time: _named(headers[time], ("age_group", "age", "edad", "العمر", "tranche")) for time in TIMES}
    return Columns(where, answers, card, {"sex": sex, "age_group": age})


def _place(header: Sequence[str], words: Sequence[str], ends: Sequence[str]) -> int:
    """The column whose heading begins with one of the words and, where one sheet has both times, ends as this time."""
    for place, title in enumerate(header):
        for word in words:
            rest = title.removeprefix(word).strip(" _-.()") if title.startswith(word) else None
            if rest is not None and (rest in ends if ends else True):
                return place
    return NOWHERE


def _named(header: Sequence[str], words: Sequence[str]) -> int:
    found = (place for word in words for place, title in enumerate(header) if title.startswith(word))
    return next(found, NOWHERE)

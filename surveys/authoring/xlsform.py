"""From the bank to an XLSForm: the sheets of one questionnaire, as a person would write them in a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.authoring.wording import Entry, Wording, column, language_name
from surveys.bank import Bank, Item, Screen, kind_of

Row = dict[str, str]
Sheets = dict[str, list[Row]]

ROOT_NAME = "data"  # of the instance: what pyxform calls it when nobody says otherwise
COMPARED = "%(compared)s"  # in the condition of a screen
TRANSLATED = ("label", "hint", "constraint_message", "required_message")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One instrument at one wave; the first language is the one that a tablet opens it in.

    ``items`` are those that a barrier analysis or a comparison group asks for. ``compared`` is the condition of XLSForm
    under which somebody is a doer or a non-doer by its screening questions: only they are asked for reasons.
    """

    form_id: str
    instrument: str
    wave: str
    indicators: tuple[str, ...]
    items: tuple[str, ...] = ()
    compared: str = ""

    def screens(self, bank: Bank) -> list[tuple[Screen, list[Item]]]:
        """The screens with the items that this questionnaire asks; a screen without any is left out."""
        chosen = [(screen, [item for item in screen.items if self._asks(item)]) for screen in bank.screens]
        return [(screen, items) for screen, items in chosen if items]

    def _asks(self, item: Item) -> bool:
        if item.optional and item.id not in self.items:
            return False
        asked = kind_of(self.instrument) in item.instruments
        return asked and (not item.indicator or item.indicator in self.indicators)


def sheets(questionnaire: Questionnaire, bank: Bank, wording: Wording) -> Sheets:
    """The sheets without a version: that is given when, and only when, something has changed."""
    screens = questionnaire.screens(bank)
    survey = [row for screen, items in screens for row in _screen_rows(screen, items, wording)]
    for row in survey:
        if "relevant" in row:
            row["relevant"] = row["relevant"].replace(COMPARED, f"({questionnaire.compared})")
    choices = [row for _screen, items in screens for item in items for row in _choice_rows(item, wording)]
    return {
        "survey": survey,
        "choices": choices,
        "settings": [_settings(questionnaire, bank, wording)],
    }


def title(questionnaire: Questionnaire, bank: Bank, wording: Wording) -> str:
    named = bank.title(questionnaire.instrument, questionnaire.wave)
    return wording.texts(named, "title")[wording.languages[0]]


def _settings(questionnaire: Questionnaire, bank: Bank, wording: Wording) -> Row:
    return {
        "form_title": title(questionnaire, bank, wording),
        "form_id": questionnaire.form_id,
        "name": ROOT_NAME,
        "default_language": language_name(wording.languages[0]),
    }


def _screen_rows(screen: Screen, items: list[Item], wording: Wording) -> list[Row]:
    opening = {"type": "begin group", "name": screen.id, "appearance": "field-list"}
    opening |= _translated("label", screen, "title", wording)
    if screen.relevant:
        opening["relevant"] = screen.relevant
    return [opening, *(_item_row(item, wording) for item in items), {"type": "end group", "name": screen.id}]


def _item_row(item: Item, wording: Wording) -> Row:
    if item.role == "interview_date":
        return {"type": "today", "name": item.id}
    row = {"type": f"{item.type} {item.id}" if item.options else item.type, "name": item.id}
    if item.determinant and item.type == "text":
        row["appearance"] = "multiline"
    for key in TRANSLATED:
        row |= _translated(key, item, key, wording)
    logic = {"required": "yes" if item.required else "", "relevant": item.relevant, "constraint": _constraint(item)}
    return row | {key: value for key, value in logic.items() if value}


def _constraint(item: Item) -> str:
    """The item's own; for several answers also that “does not know” and the like stand alone."""
    alone = [option.code for option in item.options if option.alone] if item.type == "select_multiple" else []
    rules = [f"(not(selected(., '{code}')) or count-selected(.) = 1)" for code in alone]
    return " and ".join([item.constraint, *rules] if item.constraint else rules)


def _choice_rows(item: Item, wording: Wording) -> list[Row]:
    return [
        {"list_name": item.id, "name": option.code, **_translated("label", option, "label", wording)}
        for option in item.options
    ]


def _translated(name: str, entry: Entry, key: str, wording: Wording) -> Row:
    return {column(name, language): text for language, text in wording.texts(entry, key).items()}

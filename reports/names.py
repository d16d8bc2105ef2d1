"""What the report calls things that others keep: indicators of the catalogue, questions and answers of the bank."""

from __future__ import annotations

from functools import cache

from campaigns import content
from campaigns.indicators import limit_of, load_indicators
from reports.wording import load_sentences, say
from surveys import bank


def titles(language: str) -> dict[str, str]:
    """The title of every indicator of the catalogue."""
    return {identifier: content.say(entry, "title", language) for identifier, entry in load_indicators().items()}


def indicator_definition(identifier: str, language: str) -> str:
    """What an indicator measures; empty for one that the catalogue does not know."""
    entry = load_indicators().get(identifier)
    return "" if entry is None else content.say(entry, "definition", language)


def indicator_limit(identifier: str, language: str) -> str:
    """What an indicator cannot show; empty for one that the catalogue does not know."""
    entry = load_indicators().get(identifier)
    return "" if entry is None else content.say(limit_of(entry), "cannot_show", language)


def questions(identifier: str, language: str) -> tuple[str, ...]:
    """The wording that people heard or read."""
    return tuple(bank.say(item, "label", language) for item in bank.load_bank().items_for(identifier))


@cache
def part_name(column: str, code: str | None, language: str) -> str:
    """A part of the respondents, by the label of its answer."""
    if code is None:
        return say("part.not_stated", language, "label")
    options = (option for item in bank.load_bank().items if item.id == column for option in item.options)
    return next((bank.say(option, "label", language) for option in options if option.code == code), code)


def by_title(columns: tuple[str, ...], language: str) -> str:
    """The heading of a table by sex, by age, or by whatever the plan names."""
    known = "by." + "_".join(columns)
    if known in load_sentences():
        return say(known, language, "title")
    return say("by.other", language, "title", columns=" × ".join(columns))


def exclusion_name(column: str, reason: str, language: str) -> str:
    """Why people were left out; a reason that only the plan knows is shown as the plan writes it."""
    known = f"excluded.{column}"
    return say(known, language, "label") if known in load_sentences() else reason

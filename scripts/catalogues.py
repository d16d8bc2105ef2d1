"""The gettext catalogues: what belongs in them, what they hold, and what is wrong with a translation."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from core.extraction import ContentRuleError
from core.languages import LANGUAGES, TRANSLATIONS
from core.settings import ROOT

SOURCE_LANGUAGE = "en"
TARGET_LANGUAGES = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)

# Babel finds an extractor of our own only under its full name here; an unknown short name finds nothing.
CONTENT = "core.extraction:extract_yaml"
SOURCES = (
    ("app.py", "python"),
    ("core/**/*.py", "python"),
    ("analysis/**/*.py", "python"),
    ("accounts/**/*.py", "python"),
    ("surveys/**/*.py", "python"),
    ("campaigns/**/*.py", "python"),
    ("reports/**/*.py", "python"),
    ("demonstration/**/*.py", "python"),
    ("templates/**/*.*", "jinja2"),
    ("surveys/bank/**/*.yaml", CONTENT),
    ("campaigns/guides/**/*.yaml", CONTENT),
    ("reports/sentences/**/*.yaml", CONTENT),
)
# `trimmed` as in core/languages.py, so that reformatting a template does not change its texts
OPTIONS = {"jinja2": {"silent": "false", "trimmed": "true"}}
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
HEADER = """\
# {name} texts of Éveil. `make translations` adds new texts and takes out old ones; CONTRIBUTING.md says more.
msgid ""
msgstr ""
"Project-Id-Version: Éveil\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""

# what gettext fills in, and the answers that a questionnaire fills in
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +.\d]*[a-zA-Z]|\$\{\w+\}")
# "one person" needs no number, so every plural form but the last may leave the number out
COUNT = re.compile(r"%\((num|n|count)\)")


def path_of(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def template(root: Path = ROOT) -> Catalog:
    """Every text that the sources hold today."""
    catalog = Catalog()
    for pattern, method in SOURCES:
        for path in sorted(root.glob(pattern)):
            _extract(catalog, path, method, root)
    return catalog


def _extract(catalog: Catalog, path: Path, method: str, root: Path) -> None:
    place = path.relative_to(root).as_posix()
    try:
        found = extract_from_file(
            method, path, KEYWORDS, ("Translators:",), OPTIONS.get(method), strip_comment_tags=True
        )
    except ContentRuleError as error:
        raise ContentRuleError(f"{place}: {error}") from error
    for line, message, comments, context in found:
        catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(catalog: Catalog) -> None:
    """One catalogue, without dates and line numbers: a change shows in the diff and nothing else does."""
    language = str(catalog.locale)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    name = catalog.locale.get_display_name("en") if catalog.locale else language
    header = HEADER.format(name=name, language=language, plural_forms=catalog.plural_forms)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")  # two people may translate at once
    with unfinished.open("wb") as file:
        file.write(header.encode())
        write_po(file, catalog, width=100, no_location=True, omit_header=True, ignore_obsolete=True)
    unfinished.replace(path)  # nobody ever reads half a catalogue


def updated(wanted: Catalog, old: Catalog) -> Catalog:
    """The texts that are wanted, with the translations that still fit; nothing is guessed from likeness."""
    new = Catalog(locale=old.locale)
    for message in messages(wanted):
        copy = new.add(message.id, "", message.locations, auto_comments=message.auto_comments, context=message.context)
        known = old.get(key(message)[1], message.context)
        if known is not None and known.id == message.id:
            copy.string = known.string
            copy.flags |= known.flags & {"fuzzy"}
    return new


def messages(catalog: Catalog) -> Iterator[Message]:
    """The texts of a catalogue; its header is a text with an empty id."""
    return (message for message in catalog if message.id)


Key = tuple[str | None, str, str | None]


def key(message: Message) -> Key:
    """What makes a text itself: context, text and plural."""
    if isinstance(message.id, str):
        return message.context, message.id, None
    singular, plural = message.id
    return message.context, singular, plural


def missing(catalog: Catalog) -> list[Message]:
    return [message for message in messages(catalog) if not all(forms(message)) or not forms(message)]


def forms(message: Message) -> tuple[str, ...]:
    """The translations of a text: one, or one for each plural form."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def faults(wanted: Catalog, catalog: Catalog) -> list[str]:
    """Everything that keeps a language from being offered; empty when it is complete and right."""
    texts = {key(message): message for message in messages(catalog)}
    needed = {key(message): message for message in messages(wanted)}
    return [
        *(f"{_named(text)} is not in the catalogue: run `make translations`." for text in needed if text not in texts),
        *(f"{_named(text)} is no longer used: run `make translations`." for text in texts if text not in needed),
        *(fault for text in texts.values() for fault in message_faults(text, catalog.num_plurals)),
    ]


def message_faults(message: Message, plurals: int) -> list[str]:
    """What is wrong with one translation, each as a sentence."""
    context, singular, plural = key(message)
    name, translations = _named((context, singular, plural)), forms(message)
    expected = 1 if plural is None else plurals
    if not all(translations):
        return [f"{name} is not translated."]
    if len(translations) != expected:
        return [f"{name} has {len(translations)} plural forms and needs {expected}."]
    found = [f"{name} is marked fuzzy: check it and take the mark out."] if message.fuzzy else []
    for position, translation in enumerate(translations):
        last = position == expected - 1
        found += [f"{name}: {fault}" for fault in _placeholder_faults(plural or singular, translation, last=last)]
    return found


def _placeholder_faults(source: str, translation: str, *, last: bool) -> Iterator[str]:
    wanted, present = set(PLACEHOLDER.findall(source)), set(PLACEHOLDER.findall(translation))
    for placeholder in sorted(wanted - present):
        if last or not COUNT.match(placeholder):
            yield f"{placeholder} is lost in “{translation}”."
    for placeholder in sorted(present - wanted):
        yield f"{placeholder} is not in the source but in “{translation}”."
    if _formats(source) and not _formats(translation):
        yield f"a percent sign of “{translation}” must be written twice."


def _formats(text: str) -> bool:
    """Whether the % operator accepts the text; a stray % would fail only when the page is shown."""
    try:
        _ = text % defaultdict(int)
    except (TypeError, ValueError):
        return False
    return True


def _named(text: Key) -> str:
    context, singular, _plural = text
    return f"“{singular}”" if context is None else f"“{singular}” ({context})"

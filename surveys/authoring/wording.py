"""The texts of a questionnaire in every language, and which of them are not translated yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations

from babel.support import Translations

from core.languages import LANGUAGES, TRANSLATIONS, content_text
from surveys.bank import FormTitle, Item, Option, Screen

Entry = Item | Option | Screen | FormTitle
Texts = dict[str, str]
Own = Mapping[str, Mapping[str, str]]

SOURCE_LANGUAGE = "en"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Wording:
    """Texts of the bank for one campaign; ``untranslated`` fills up with those that fell back to English.

    ``own`` holds what a study words itself: by language, the text for each placeholder of the bank.
    """

    def __init__(self, languages: tuple[str, ...], campaign_title: str, own: Own | None = None) -> None:
        self.languages = languages
        self._own = {language: {"campaign": campaign_title, **(own or {}).get(language, {})} for language in languages}
        self.untranslated: dict[str, list[str]] = {}

    def texts(self, entry: Entry, key: str) -> Texts:
        """A text in every language; empty when the entry has none."""
        source: str = getattr(entry, key)
        return {
            language: self._text(f"{entry.context}.{key}", source, language) for language in self.languages if source
        }

    def _text(self, context: str, source: str, language: str) -> str:
        missing = self.untranslated.setdefault(language, []) if language != SOURCE_LANGUAGE else []
        if context not in missing and not is_translated(language, context, source):
            missing.append(context)
        own = self._own[language]
        # a form would read ${…} as the answer to a question
        return PLACEHOLDER.sub(
            lambda found: own.get(found[1], found[0]).replace("${", "$ {"), content_text(language, context, source)
        )


def column(name: str, language: str) -> str:
    """The heading of a translated column of an XLSForm: ``label::Français (fr)``."""
    return f"{name}::{language_name(language)}"


def language_name(language: str) -> str:
    return f"{LANGUAGES[language]} ({language})"


def is_translated(language: str, context: str, text: str) -> bool:
    return language == SOURCE_LANGUAGE or bool(_without_fallback(language).pgettext(context, text))


class _Nothing(NullTranslations):
    def pgettext(self, context: str, message: str) -> str:
        return ""


@cache
def _without_fallback(language: str) -> NullTranslations:
    """The catalogue of a language, answering nothing (instead of the English text) where it has no translation."""
    found = Translations.load(str(TRANSLATIONS), [language])
    found.add_fallback(_Nothing())
    return found

"""Interface languages: which there are, which one a request uses, and texts outside a request."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations

from babel import Locale
from babel.support import Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale

from core.settings import ROOT

LANGUAGES: dict[str, str] = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
TRANSLATIONS = ROOT / "translations"


def init_app(app: Flask) -> None:
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen_language,
        timezone_selector=lambda: "UTC",
    )
    # reformatting a template must not change its texts; scripts/catalogues.py extracts them the same way
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.context_processor(
        lambda: {"languages": LANGUAGES, "language": current_language(), "direction": direction(current_language())}
    )


def chosen_language() -> str:
    """What the person chose, else what the browser prefers, else English."""
    if not has_request_context():
        return "en"
    chosen = g.get("language") or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def current_language() -> str:
    locale = get_locale()
    return "en" if locale is None else locale.language


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, from the language tag alone and never from the text."""
    return Locale.parse(language, sep="-").text_direction


@cache
def catalogue(language: str) -> NullTranslations:
    """The catalogue of one language, for texts made outside a request or in several languages at once."""
    return Translations.load(str(TRANSLATIONS), [language])


def content_text(language: str, context: str, text: str) -> str:
    """A text of a content file (YAML) in the language; ``context`` is ``<id>.<key path>``."""
    return catalogue(language).pgettext(context, text)

"""The sentences of the collection client: complete in every language, with the right plurals, and all in use."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

SOURCES = Path(__file__).resolve().parent.parent.parent / "client" / "src"
LANGUAGES = ("en", "fr", "es", "ar")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# t("key", and also the keys of a set that is chosen from at run time: t(`problem.${trouble}`)
KEY = re.compile(r"""["`]([a-z]+\.[a-z_]+)["`]""")
KEY_FAMILY = re.compile(r"`([a-z]+\.[a-z_]*)\$\{")


def catalogue(language: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SOURCES / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    return read


def forms(entry: str | dict[str, str]) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_in_the_same_order(language: str) -> None:
    assert list(catalogue(language)) == list(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_placeholders_agree_with_the_english_ones(language: str) -> None:
    english = catalogue("en")
    for key, entry in catalogue(language).items():
        wanted = set(PLACEHOLDER.findall(forms(english[key])[0]))
        for sentence in forms(entry):
            assert sentence.strip() == sentence != "", key
            assert set(PLACEHOLDER.findall(sentence)) == wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_sentences_have_exactly_the_plural_forms_of_their_language(language: str) -> None:
    english = catalogue("en")
    tags = Locale(language).plural_form.tags | {"other"}
    for key, entry in catalogue(language).items():
        assert isinstance(entry, dict) == isinstance(english[key], dict), key
        if isinstance(entry, dict):
            assert set(entry) == tags, key


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_no_sentence_was_left_in_english(language: str) -> None:
    english = catalogue("en")
    same = {key for key, entry in catalogue(language).items() if entry == english[key]}
    assert same <= {"interview.page"}  # "Page {page}" is French too


def test_every_sentence_is_used_and_every_sentence_used_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.js*") if path.suffix != ".json")
    known = set(catalogue("en"))
    used = {key for key in KEY.findall(code) if key.split(".")[0] in {name.split(".")[0] for name in known}}
    families = tuple(KEY_FAMILY.findall(code))
    assert used <= known
    assert {key for key in known - used if not key.startswith(families)} == set()

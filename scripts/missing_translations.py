"""Hands the untranslated texts of a language to a translator as JSON, and takes the filled JSON back.

``python -m scripts.missing_translations export fr > fr.json`` and, once ``translation`` is filled in each entry,
``python -m scripts.missing_translations import fr fr.json``.
"""

from __future__ import annotations

import argparse
import gettext
import json
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message

from scripts.catalogues import TARGET_LANGUAGES, key, message_faults, messages, missing, read, template, updated, write

SHOWN_NUMBERS = 6


def exported(catalog: Catalog) -> list[dict[str, Any]]:
    """One entry for each untranslated text; fill ``translation``, leave the rest."""
    return [_entry(message, catalog) for message in missing(catalog)]


def _entry(message: Message, catalog: Catalog) -> dict[str, Any]:
    context, singular, plural = key(message)
    entry: dict[str, Any] = {"context": context, "id": singular, "plural": plural}
    entry["found_in"] = sorted({place for place, _line in message.locations})
    if plural is None:
        return entry | {"translation": ""}
    return entry | {"forms_for_numbers": _numbers(catalog), "translation": [""] * catalog.num_plurals}


def _numbers(catalog: Catalog) -> list[list[int]]:
    """The first numbers that take each plural form, in the order of the forms."""
    form_of = gettext.c2py(catalog.plural_expr)
    taking: list[list[int]] = [[] for _ in range(catalog.num_plurals)]
    for number in range(200):
        taking[form_of(number)].append(number)
    return [numbers[:SHOWN_NUMBERS] for numbers in taking]


def fill(catalog: Catalog, entries: list[dict[str, Any]]) -> list[str]:
    """Puts the translations into the catalogue; what is wrong is left out and returned as sentences."""
    known = {key(message): message for message in messages(catalog)}
    refused: list[str] = []
    for entry in entries:
        message = known.get((entry.get("context"), entry["id"], entry.get("plural")))
        if message is None:
            refused.append(f"“{entry['id']}” is not a text of the catalogue.")
        elif entry["translation"] and any(entry["translation"]):
            refused += _fill_one(message, entry["translation"], catalog.num_plurals)
    return refused


def _fill_one(message: Message, translation: str | list[str], plurals: int) -> list[str]:
    before = message.string
    message.string = translation if isinstance(translation, str) else tuple(translation)
    faults = message_faults(message, plurals)
    if faults:
        message.string = before
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["export", "import"])
    parser.add_argument("language", choices=TARGET_LANGUAGES)
    parser.add_argument("file", nargs="?", type=Path, help="the filled JSON, for import")
    wish = parser.parse_args()
    catalog = updated(template(), read(wish.language))
    if wish.what == "export":
        print(json.dumps(exported(catalog), ensure_ascii=False, indent=1))
        return 0
    if wish.file is None:
        parser.error("import needs the name of the filled JSON file.")
    refused = fill(catalog, json.loads(wish.file.read_text(encoding="utf-8")))
    write(catalog)
    print("\n".join([*refused, f"{len(missing(catalog))} texts of {wish.language} are left to translate."]))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())

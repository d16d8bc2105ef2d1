"""The codebook of a published version: what each answer means, in every language, whatever the bank says later."""

from __future__ import annotations

from typing import Any

from surveys.authoring.wording import Wording
from surveys.authoring.xlsform import ROOT_NAME, Questionnaire
from surveys.bank import Bank, Item, Screen

Codebook = dict[str, Any]


def codebook(questionnaire: Questionnaire, bank: Bank, wording: Wording) -> Codebook:
    """Plain lists and mappings, so that it reads from the database exactly as it was written."""
    screens = questionnaire.screens(bank)
    return {
        "instrument": questionnaire.instrument,
        "wave": questionnaire.wave,
        "languages": list(wording.languages),
        "screens": [{"id": screen.id, "titles": wording.texts(screen, "title")} for screen, _items in screens],
        "items": [_entry(screen, item, wording) for screen, items in screens for item in items],
        "untranslated": {language: list(missing) for language, missing in wording.untranslated.items() if missing},
    }


def _entry(screen: Screen, item: Item, wording: Wording) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": item.type,
        "screen": screen.id,
        "path": f"/{ROOT_NAME}/{screen.id}/{item.id}",
        "purpose": item.purpose,
        "indicator": item.indicator,
        "role": item.role,
        "labels": wording.texts(item, "label"),
        "hints": wording.texts(item, "hint"),
        "options": [{"code": option.code, "labels": wording.texts(option, "label")} for option in item.options],
    }

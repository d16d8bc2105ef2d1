"""The questionnaire of a training on paper: twelve items, and a strip on which the team marks what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.access import CampaignContext
from campaigns.planning import draft_of
from core.languages import LANGUAGES
from surveys.authoring.codebook import Codebook, codebook
from surveys.authoring.wording import Wording
from surveys.authoring.xlsform import Questionnaire
from surveys.bank import load_bank
from surveys.models import Form, FormVersion

INSTRUMENT = "training"
# What is asked without a list: whoever sees the answers printed recognises them, and knows no more than before.
WRITTEN = frozenset({"warning_signs", "safety_steps", "hotline_number"})
LINES = {"hotline_number": 1}
USUAL_LINES = 4
# On paper one sheet is for all, so these endings of an interview do not stand on it.
BRANCHES = frozenset({"closing_refused", "closing_under_age"})


@dataclass(frozen=True, slots=True)
class PaperItem:
    """``kind``: read (by the trainer), date, card, one, several, written; ``lines`` to write on."""

    number: int
    id: str
    kind: str
    label: str
    options: tuple[str, ...]
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """``final``: made from the published questionnaire, not from a plan that may still change."""

    language: str
    wave: str
    title: str
    items: tuple[PaperItem, ...]
    final: bool

    @property
    def coded(self) -> tuple[PaperItem, ...]:
        """The items whose answers are written in words, for the strip of the team."""
        return tuple(item for item in self.items if item.kind == "written")


def paper(session: Session, campaign: CampaignContext, wave: str, language: str) -> Paper:
    """The sheet of one wave: as published, or before the plan is frozen as its draft would make it."""
    version = published(session, campaign.id, wave)
    book = _preview(session, campaign, wave) if version is None else version.codebook
    items = tuple(_item(number, entry, language) for number, entry in enumerate(_on_paper(book), 1))
    return Paper(language, wave, campaign.title, items, final=version is not None)


def waves_of(session: Session, campaign_id: int) -> tuple[str, ...]:
    return draft_of(session, campaign_id).choices.waves


def published(session: Session, campaign_id: int, wave: str) -> FormVersion | None:
    query = select(FormVersion).join(Form).order_by(FormVersion.id.desc()).limit(1)
    return session.scalar(
        query.filter(Form.campaign_id == campaign_id, Form.instrument == INSTRUMENT, Form.wave == wave)
    )


def _preview(session: Session, campaign: CampaignContext, wave: str) -> Codebook:
    indicators = tuple(one.id for one in draft_of(session, campaign.id).choices.indicators)
    questionnaire = Questionnaire(f"{campaign.slug}_{INSTRUMENT}_{wave}", INSTRUMENT, wave, indicators)
    return codebook(questionnaire, load_bank(), Wording(tuple(LANGUAGES), campaign.title))


def _on_paper(book: Codebook) -> Iterable[dict[str, Any]]:
    return (entry for entry in book["items"] if entry["id"] not in BRANCHES)


def _item(number: int, entry: Mapping[str, Any], language: str) -> PaperItem:
    kind = _kind(entry)
    lines = LINES.get(entry["id"], USUAL_LINES) if kind == "written" else 0
    options = tuple(_text(option["labels"], language) for option in entry["options"])
    return PaperItem(number, entry["id"], kind, _text(entry["labels"], language), options, lines)


def _kind(entry: Mapping[str, Any]) -> str:
    if entry["type"] == "note":
        return "read"
    if entry["role"] == "linking":
        return "card"
    if entry["role"] == "interview_date":
        return "date"
    if entry["id"] in WRITTEN:
        return "written"
    return "several" if entry["type"] == "select_multiple" else "one"


def _text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en", "")

"""A whole design in one file: what goes into it, and a campaign that is made from it.

No person is named in the file, and no answer of a respondent is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, Boolean, Date, Float, Integer, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.barrier_analysis.models import BarrierStudy, BarrierWording
from campaigns.calendar.models import CampaignCalendar
from campaigns.creating import create_campaign
from campaigns.entries.models import DesignEntry
from campaigns.history.models import Comment
from campaigns.history.versioned import BOOKKEEPING, Versioned
from campaigns.indicator_plan.models import PlannedIndicator
from campaigns.kinds import KINDS
from campaigns.models import LANES, Campaign, DesignAnswer, SectionConclusion
from campaigns.packing.checking import NotADesign, checked_entry, checked_plan, checked_value
from campaigns.plan_choices import PlanChoices
from campaigns.planning import draft_of, save_draft
from campaigns.registers.models import Assumption, ResearchTask
from campaigns.sizes.models import SampleSizePlan
from campaigns.training_lane.models import TrainingSafety
from core.database import now
from core.languages import LANGUAGES

FORMAT = 1
TABLES: dict[str, type[Versioned]] = {
    "answers": DesignAnswer,
    "conclusions": SectionConclusion,
    "tasks": ResearchTask,
    "assumptions": Assumption,
    "indicators": PlannedIndicator,
    "calendar": CampaignCalendar,
    "sizes": SampleSizePlan,
    "studies": BarrierStudy,
    "training_safety": TrainingSafety,
}
NEWER = _l("This file was made by a newer version of Éveil. Ask for an update, and bring it in then.")
NOT_OURS = _l("This is not the design of a campaign. Choose the file that “Download the design” gave you.")
BROKEN = _l("%(place)s in the file cannot be stored: it says the same twice, or lacks a reason or a source.")


def packed(session: Session, campaign_id: int) -> dict[str, Any]:
    """The design as plain values, in the shape of the file."""
    campaign = session.get_one(Campaign, campaign_id)
    draft = draft_of(session, campaign_id).choices
    return {
        "eveil": FORMAT,
        "made_at": now().isoformat(timespec="seconds"),
        "campaign": {
            "title": campaign.title,
            "place": campaign.place,
            "sections": list(campaign.chosen_sections),
            "lane": campaign.lane,
        },
        "plan": {**draft.to_store(), "activity_ends_on": draft.activity_ends_on and draft.activity_ends_on.isoformat()},
        **{name: [_numbered(row) for row in _rows(session, table, campaign_id)] for name, table in TABLES.items()},
        "wordings": [
            {"study": number, "language": wording.language, "texts": wording.texts}
            for number, wording in _wordings(session, campaign_id)
        ],
        "entries": [
            {"id": row.id, "parent": row.parent_id, "kind": row.kind, "content": row.content}
            for row in _rows(session, DesignEntry, campaign_id)
        ],
        "comments": [
            {"thing": row.thing, "text": row.text, "settled": row.settled_at is not None}
            for row in _rows(session, Comment, campaign_id)
        ],
    }


def unpacked(session: Session, file: Any, person_id: int, title: str = "") -> Campaign:
    """A new campaign with the design of the file; its designer is the person. Raises NotADesign with a sentence."""
    if not isinstance(file, dict) or not isinstance(file.get("campaign"), dict) or "eveil" not in file:
        raise NotADesign(NOT_OURS)
    if file["eveil"] != FORMAT:
        raise NotADesign(NEWER)
    about = file["campaign"]
    sections = checked_value(about.get("sections", []), list, "campaign, sections")
    title = title or checked_value(about.get("title", ""), str, "campaign, title")[:160] or "?"
    place = checked_value(about.get("place", ""), str, "campaign, place")[:160]
    lane = checked_value(about.get("lane", "campaign"), str, "campaign, lane")
    campaign = create_campaign(session, title, place, person_id, lane=lane if lane in LANES else "campaign")
    campaign.chosen_sections = [one for one in sections if isinstance(one, str)]
    numbers: dict[str, int] = {}
    for name, table in TABLES.items():
        for place, row in _listed(file, name):
            _add(session, _row(table, row, place, campaign.id, person_id), place, row, numbers)
    _take_wordings(session, file, campaign.id)
    _entries(session, file, campaign.id, person_id, numbers)
    _comments(session, file, campaign.id, person_id, numbers)
    _plan(session, file, campaign.id, person_id)
    session.flush()
    return campaign


def template(file: dict[str, Any]) -> dict[str, Any]:
    """The file without what belongs to one time and one team: comments, pre-tests, days, who does what."""
    plan = {**file["plan"], "activity_ends_on": None}
    tasks = [{**task, "owner": "", "due_on": None, "done": False} for task in file["tasks"]]
    entries = [
        {**entry, "content": {name: value for name, value in entry["content"].items() if not _of_one_time(name)}}
        for entry in file["entries"]
        if entry["kind"] != "pretest"
    ]
    return {
        **file,
        "plan": plan,
        "tasks": tasks,
        "entries": entries,
        "calendar": [],
        "training_safety": [],
        "comments": [],
    }


def _of_one_time(name: str) -> bool:
    return name.endswith(("_on", "dialled_by", "approved_by"))


def _rows(session: Session, table: Any, campaign_id: int) -> list[Any]:
    return list(session.scalars(select(table).filter_by(campaign_id=campaign_id).order_by(*inspect(table).primary_key)))


def _numbered(row: Versioned) -> dict[str, Any]:
    """Content, with the number that comments speak of where the row has one."""
    id = getattr(row, "id", None)
    return row.content_kept() | ({} if id is None else {"id": id})


def _listed(file: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, row in enumerate(checked_value(file.get(name, []), list, name), 1):
        place = f"{name}, {number}"
        yield place, checked_value(row, dict, place)


def _row(table: type[Versioned], row: Mapping[str, Any], place: str, campaign_id: int, person_id: int) -> Versioned:
    kept = {
        column.key: _value(column.columns[0].type, row[column.key], f"{place}, {column.key}")
        for column in inspect(table).column_attrs
        if column.key in row and column.key not in BOOKKEEPING
    }
    made: Any = table
    found: Versioned = made(**kept, campaign_id=campaign_id, version=1, changed_by_id=person_id)
    return found


def _value(column: Any, value: Any, place: str) -> Any:
    if value is None:
        return None
    if isinstance(column, Date):
        return date.fromisoformat(checked_value(value, str, place, is_day=True))
    kinds = ((JSON, (dict, list)), (Boolean, bool), (Integer, int), (Float, (int, float)))
    wanted = next((kind for of, kind in kinds if isinstance(column, of)), str)
    return checked_value(value, wanted, place)


def _add(session: Session, made: Versioned, place: str, row: Mapping[str, Any], numbers: dict[str, int]) -> None:
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise NotADesign(BROKEN % {"place": place}) from error
    sort, _space, now_called = made.thing.partition(" ")
    if "id" in row:
        numbers[f"{sort} {row['id']}"] = int(now_called) if now_called.isdigit() else 0


def _entries(session: Session, file: Any, campaign_id: int, person_id: int, numbers: dict[str, int]) -> None:
    there: dict[Any, tuple[str, int]] = {}
    for place, row in _listed(file, "entries"):
        kind, content = checked_entry(row, place)
        above, parent_id = there.get(row.get("parent"), ("", None))
        if above != KINDS[kind].parent:
            raise NotADesign(BROKEN % {"place": place})
        made = DesignEntry(
            campaign_id=campaign_id, kind=kind, parent_id=parent_id, content=content, version=1, changed_by_id=person_id
        )
        session.add(made)
        session.flush()
        there[row.get("id")] = (kind, made.id)
        numbers[f"{kind} {row.get('id')}"] = made.id


def _wordings(session: Session, campaign_id: int) -> list[tuple[int, BarrierWording]]:
    query = select(BarrierStudy.number, BarrierWording).join(BarrierWording, BarrierWording.study_id == BarrierStudy.id)
    own = query.filter(BarrierStudy.campaign_id == campaign_id)
    ordered = own.order_by(BarrierStudy.number, BarrierWording.language)
    return [(number, wording) for number, wording in session.execute(ordered)]


def _take_wordings(session: Session, file: Any, campaign_id: int) -> None:
    studies = {study.number: study.id for study in _rows(session, BarrierStudy, campaign_id)}
    for place, row in _listed(file, "wordings"):
        number = checked_value(row.get("study", 0), int, f"{place}, study")
        language = checked_value(row.get("language", ""), str, f"{place}, language")
        texts = checked_value(row.get("texts", {}), dict, f"{place}, texts")
        if number not in studies or language not in LANGUAGES:
            raise NotADesign(BROKEN % {"place": place})
        for text in texts.values():
            checked_value(text, str, f"{place}, texts")
        session.add(BarrierWording(study_id=studies[number], language=language, texts=texts, version=1))
    session.flush()


def _comments(session: Session, file: Any, campaign_id: int, person_id: int, numbers: dict[str, int]) -> None:
    for place, row in _listed(file, "comments"):
        thing = checked_value(row.get("thing", ""), str, f"{place}, thing")
        text = checked_value(row.get("text", ""), str, f"{place}, text")
        sort = thing.partition(" ")[0]
        called = f"{sort} {numbers[thing]}" if thing in numbers else thing
        settled = now() if row.get("settled") else None
        session.add(
            Comment(campaign_id=campaign_id, thing=called, text=text, written_by_id=person_id, settled_at=settled)
        )


def _plan(session: Session, file: Any, campaign_id: int, person_id: int) -> None:
    choices = checked_plan(file.get("plan", {}))
    if choices != PlanChoices():
        save_draft(session, campaign_id, choices, 0, person_id)

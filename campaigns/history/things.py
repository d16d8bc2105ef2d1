"""How the parts of a design are called, and how what they hold is shown to people: by the labels of their forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from campaigns.barrier_analysis.forms import StudyForm
from campaigns.calendar.forms import DaysForm
from campaigns.content import say
from campaigns.forms import AnswerForm
from campaigns.guide import guide
from campaigns.indicator_plan.forms import OwnPlannedForm
from campaigns.indicators import load_indicators
from campaigns.kinds import KINDS
from campaigns.plan_form import PlanForm
from campaigns.registers.assumptions import common_terms
from campaigns.registers.forms import OwnAssumptionForm, OwnTaskForm
from campaigns.section_pages import ConclusionForm
from campaigns.sizes.forms import SizeForm
from campaigns.training_lane.forms import SafetyForm

Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of parts. ``title`` names one from its number and content; ``endpoint`` with ``argument`` opens it."""

    heading: str
    form: type[Any]
    title: Callable[[str, Kept], str]
    endpoint: str = ""
    argument: str = ""


def _question(id: str, _kept: Kept) -> str:
    found = next((one for one in guide().questions if one.id == id), None)
    return say(found, "title") if found else id


def _section(id: str, _kept: Kept) -> str:
    found = next((one for one in guide().sections if one.id == id), None)
    return say(found, "title") if found else id


def _task(_id: str, kept: Kept) -> str:
    return str(kept.get("title") or "") or _question(kept.get("question_id") or "", kept)


def _assumption(_id: str, kept: Kept) -> str:
    term = common_terms().get(kept.get("term_id") or "")
    text = str(kept.get("text") or "")
    return say(term, "title") if term else text or _question(kept.get("question_id") or "", kept)


def _catalogue(id: str) -> str:
    found = load_indicators().get(id)
    return say(found, "title") if found else id


def _indicator(_id: str, kept: Kept) -> str:
    return str(kept.get("title") or "") or _catalogue(kept.get("indicator_id") or "")


def _plan(_id: str, _kept: Kept) -> str:
    return str(_("Evaluation plan"))


SORTS: dict[str, Sort] = {
    "answer": Sort(_l("Answer"), AnswerForm, _question, "campaigns.question", "question_id"),
    "conclusion": Sort(_l("What a section means"), ConclusionForm, _section, "campaigns.section", "section_id"),
    "task": Sort(_l("Something to find out"), OwnTaskForm, _task),
    "assumption": Sort(_l("Assumption"), OwnAssumptionForm, _assumption),
    "indicator": Sort(_l("Indicator of the plan"), OwnPlannedForm, _indicator),
    "calendar": Sort(_l("Calendar"), DaysForm, lambda _id, _kept: ""),
    "size": Sort(_l("Sample size"), SizeForm, lambda id, _kept: _catalogue(id), "campaigns.size", "indicator_id"),
    "study": Sort(_l("Barrier analysis"), StudyForm, lambda _id, kept: str(kept.get("title") or "")),
    "training_safety": Sort(_l("Safety check"), SafetyForm, lambda _id, _kept: ""),
    "plan": Sort(_l("Plan"), PlanForm, _plan),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One part of a design, as history and comments speak of it."""

    name: str
    heading: str
    title: str
    address: str


def thing_named(name: str, kept: Kept, slug: str) -> Thing:
    """What the part is called now, and where it is changed; ``kept`` is its content at some version."""
    sort, _space, id = name.partition(" ")
    if sort in KINDS:
        kind = KINDS[sort]
        title = kind.title(kind.content.stored(kept.get("content", {})))
        address = url_for("campaigns.entry", slug=slug, kind=sort, entry_id=int(id))
        return Thing(name, str(kind.heading), title, address)
    if sort not in SORTS:
        return Thing(name, name, "", "")
    known = SORTS[sort]
    where: dict[str, Any] = {"slug": slug, known.argument: id}
    address = url_for(known.endpoint, **where) if known.endpoint else ""
    return Thing(name, str(known.heading), known.title(id, kept), address)


def shown(name: str, kept: Kept) -> dict[str, str]:
    """What a version says, field by field, as people read it: the label of the field, then its value."""
    sort = name.partition(" ")[0]
    form = KINDS[sort].form if sort in KINDS else SORTS[sort].form if sort in SORTS else None
    values = kept.get("content", {}) if "content" in kept else kept
    return {label: _said(form, key, value) for key, value in values.items() if (label := _label(form, key))}


def _label(form: type[Any] | None, key: str) -> str:
    unbound = getattr(form, key, None)
    args = getattr(unbound, "args", ())
    return str(args[0]) if args else ""


def _said(form: type[Any] | None, key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    labels = _choices(form, key)
    if isinstance(value, list):
        return ", ".join(labels.get(one, str(one)) for one in value)
    return str(labels.get(value, value))


def _choices(form: type[Any] | None, key: str) -> dict[Any, str]:
    choices = getattr(getattr(form, key, None), "kwargs", {}).get("choices") or ()
    found = choices() if callable(choices) else choices
    pairs = ((one.value, one.label) if hasattr(one, "value") else one for one in found)
    return {value: label.striptags() if isinstance(label, Markup) else str(label) for value, label in pairs}

"""Is what a file says something that a design can hold? Each complaint names the place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.entries.content import DAY
from campaigns.indicators import asked_indicators
from campaigns.kinds import KINDS
from campaigns.models import INSTRUMENTS
from campaigns.plan_choices import PlanChoices
from core.errors import EveilError

WRONG_TYPE = _l("%(place)s in the file is not what is expected there. Export the design again, and bring that in.")
UNKNOWN_KIND = _l("%(place)s in the file is of a kind that this version does not know: “%(kind)s”.")
REFUSED = _l("%(place)s in the file cannot be taken over. %(reason)s")


class NotADesign(EveilError):
    """The file cannot be brought in; the sentence names the place."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence, status=422, field="file")


def checked_value(value: Any, wanted: Any, place: str, *, is_day: bool = False) -> Any:
    """The value when it is of the wanted type (and a day where one is wanted)."""
    right = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool) or wanted is object)
    if right and is_day:
        try:
            date.fromisoformat(value)
        except ValueError:
            right = False
    if not right:
        raise NotADesign(WRONG_TYPE % {"place": place})
    return value


def checked_entry(row: Mapping[str, Any], place: str) -> tuple[str, dict[str, Any]]:
    """Kind and content of an entry, as its own form would take them."""
    name = checked_value(row.get("kind", ""), str, f"{place}, kind")
    if name not in KINDS:
        raise NotADesign(UNKNOWN_KIND % {"place": place, "kind": name})
    kind, found = KINDS[name], checked_value(row.get("content", {}), dict, f"{place}, content")
    default = kind.content()
    for field in fields(kind.content):
        if field.name in found:
            _check_field(field.name, found[field.name], getattr(default, field.name), f"{place}, {field.name}")
    content = kind.content.stored(found)
    values = {one.name: getattr(content, one.name) for one in fields(content)}
    form = kind.form(formdata=None, data=values, meta={"csrf": False})
    if not form.validate():
        reason = next(str(error) for errors in form.errors.values() for error in errors)
        raise NotADesign(REFUSED % {"place": place, "reason": reason})
    return name, content.to_store()


def checked_plan(found: Any) -> PlanChoices:
    """The choices of the plan; an empty plan for nothing."""
    written: dict[str, Any] = checked_value(found, dict, "plan")
    if not written:
        return PlanChoices()
    ends_on = written.get("activity_ends_on")
    if ends_on is not None:
        ends_on = date.fromisoformat(checked_value(ends_on, str, "plan, activity_ends_on", is_day=True))
    usual = asdict(PlanChoices())
    for name, value in written.items():
        if name in usual and name not in ("indicators", "instruments", "activity_ends_on"):
            _check_field(name, value, usual[name], f"plan, {name}")
    try:
        choices = {key: value for key, value in written.items() if key != "activity_ends_on"}
        stored = PlanChoices.stored(choices, ends_on)
    except (KeyError, TypeError, ValueError) as error:
        raise NotADesign(WRONG_TYPE % {"place": "plan"}) from error
    _check_chosen(stored)
    return stored


def _check_chosen(choices: PlanChoices) -> None:
    for number, chosen in enumerate(choices.indicators, 1):
        place = f"plan, indicators, {number}"
        if checked_value(chosen.id, str, place) not in asked_indicators():
            raise NotADesign(WRONG_TYPE % {"place": place})
        checked_value(chosen.primary, bool, place)
        if chosen.points is not None:
            checked_value(chosen.points, int, place)
    if not set(choices.instruments) <= set(INSTRUMENTS):
        raise NotADesign(WRONG_TYPE % {"place": "plan, instruments"})


def _check_field(name: str, value: Any, default: Any, place: str) -> None:
    if name.endswith(DAY):
        if value is not None:
            checked_value(value, str, place, is_day=True)
    elif default is None:
        if value is not None:
            checked_value(value, int, place)
    elif isinstance(default, list):
        for one in checked_value(value, list, place):
            checked_value(one, str, place)
    else:
        checked_value(value, type(default), place)

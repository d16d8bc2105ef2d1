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
from campaigns.plan_choices import (
    CONFIDENCES,
    DONT_KNOW,
    FAMILIES,
    MOST_PRIMARY,
    SUPPRESS_BELOW,
    PlanChoices,
)
from campaigns.plan_form import YEARS
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
            right = YEARS[0] <= date.fromisoformat(value).year <= YEARS[1]
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
    _check_limits(stored)
    return stored


def _check_limits(choices: PlanChoices) -> None:
    """What the form of the plan would refuse: a file may not loosen it."""
    points = (1, 100)
    right = {
        "smallest_change": _within(choices.smallest_change, points),
        "retention_margin": choices.retention_margin is None or _within(choices.retention_margin, points),
        "keep_share": choices.keep_share is None or _within(choices.keep_share, points),
        "suppress_below": _within(choices.suppress_below, (SUPPRESS_BELOW, 50)),
        "confidence": choices.confidence in CONFIDENCES,
        "family": choices.family in FAMILIES,
        "dont_know": choices.dont_know in DONT_KNOW,
        "indicators": all(one.points is None or _within(one.points, points) for one in choices.indicators)
        and sum(one.primary for one in choices.indicators) <= MOST_PRIMARY
        and len({one.id for one in choices.indicators}) == len(choices.indicators),
    }
    for name, holds in right.items():
        if not holds:
            raise NotADesign(WRONG_TYPE % {"place": f"plan, {name}"})


def _within(value: int, limits: tuple[int, int]) -> bool:
    return limits[0] <= value <= limits[1]


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

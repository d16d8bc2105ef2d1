"""Changes to a plan after it was locked: what they make of the plan, and what can no longer be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from analysis.plan import Plan, parse_plan, plan_sha256

Change = Mapping[str, Any]  # key, old, new, reason, date
Written = Mapping[str, Any]  # a plan as it is written

PLAIN_KEYS = frozenset({"smallest_change.points", "retention.margin_points", "retention.keep_share", "family"})
STRICTEST_FIRST = ("bonferroni", "holm", "hochberg", "by", "bh", "none")

_OF_INDICATOR = re.compile(r"indicators\[(?P<id>[^\]]+)\](?:\.(?P<rest>.+))?")


def indicator_and_rest(key: str) -> tuple[str, str] | None:
    """The indicator that a key speaks of, and what of it; None where it speaks of the whole plan.

    >>> indicator_and_rest("indicators[hotline].target.points"), indicator_and_rest("indicators[hotline]")
    (('hotline', 'target.points'), ('hotline', ''))
    """
    found = _OF_INDICATOR.fullmatch(key)
    return None if found is None else (found["id"], found["rest"] or "")


def value_of(plan: Written, key: str) -> Any:
    """What stands in a written plan under a key of a change; None where nothing does.

    >>> value_of({"indicators": [{"id": "hotline", "target": {"points": 15}}]}, "indicators[hotline].target.points")
    15
    """
    of_indicator = indicator_and_rest(key)
    if of_indicator is None:
        return _inside(plan, key)
    name, rest = of_indicator
    found = next((one for one in plan["indicators"] if one["id"] == name), None)
    return found if found is None or not rest else _inside(found, rest)


def amended(plan: Written, changes: Iterable[Change]) -> dict[str, Any]:
    """The written plan after its changes, each of which counts only where its old value stands in the plan.

    Applied are targets, the smallest change, the margin and the share to keep, a family correction that is at least
    as strict, and an indicator that was added, which is never primary. An easier family and a demotion do not touch
    the plan: nobody may ease the confirmation of a headline after the lock. Other keys are only told to the reader.

    >>> plan = {"family": "holm", "smallest_change": {"points": 10}, "indicators": []}
    >>> told = [{"key": "smallest_change.points", "old": 10, "new": 5}, {"key": "family", "old": "holm", "new": "none"}]
    >>> amended(plan, told)
    {'family': 'holm', 'smallest_change': {'points': 5}, 'indicators': []}
    """
    changed: dict[str, Any] = deepcopy(dict(plan))
    for change in changes:
        key, old, new = str(change["key"]), change["old"], change["new"]
        if _applies(changed, key, new) and value_of(changed, key) == old:
            _put(changed, key, new)
    if eases(plan.get("family"), changed.get("family")):
        changed["family"] = plan["family"]
    return changed


def eases(family: str | None, later: str | None) -> bool:
    """Whether a family correction is weaker than another.

    >>> eases("holm", "none"), eases("holm", "bonferroni"), eases("holm", "holm")
    (True, False, False)
    """
    if family not in STRICTEST_FIRST or later not in STRICTEST_FIRST:
        return False
    return STRICTEST_FIRST.index(later) > STRICTEST_FIRST.index(family)


def amended_plan(plan: Written, changes: Sequence[Change]) -> Plan:
    """The checked plan after its changes; ``sha256`` stays that of the plan as it was written.

    Errors: PlanError of the plan, before or after the changes.
    """
    checked = parse_plan(plan)
    return replace(parse_plan(amended(plan, changes)), sha256=plan_sha256(plan)) if changes else checked


def demoted(changes: Iterable[Change]) -> frozenset[str]:
    """The indicators that a change made exploratory: they stay in the family of the plan and confirm nothing.

    >>> sorted(demoted([{"key": "indicators[hotline].primary", "old": True, "new": False}]))
    ['hotline']
    """
    found = ((indicator_and_rest(str(change["key"])), change["new"]) for change in changes)
    return frozenset(place[0] for place, new in found if place is not None and place[1] == "primary" and new is False)


def _applies(plan: Written, key: str, new: Any) -> bool:
    of_indicator = indicator_and_rest(key)
    if of_indicator is None:
        return key in PLAIN_KEYS and (not key.startswith("retention.") or "retention" in plan)
    name, rest = of_indicator
    if rest == "":
        return isinstance(new, Mapping)
    return rest == "target.points" and new is not None and value_of(plan, f"indicators[{name}]") is not None


def _put(plan: dict[str, Any], key: str, new: Any) -> None:
    of_indicator = indicator_and_rest(key)
    if of_indicator is None:
        _put_inside(plan, key, new)
        return
    name, rest = of_indicator
    if rest == "":
        plan["indicators"].append({**new, "id": name, "primary": False})
        return
    found = next(one for one in plan["indicators"] if one["id"] == name)
    _put_inside(found, rest, new)


def _put_inside(mapping: dict[str, Any], key: str, new: Any) -> None:
    *path, last = key.split(".")
    for name in path:
        mapping = mapping.setdefault(name, {})
    if new is None:
        mapping.pop(last, None)
    else:
        mapping[last] = new


def _inside(mapping: Written, key: str) -> Any:
    found: Any = mapping
    for name in key.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found

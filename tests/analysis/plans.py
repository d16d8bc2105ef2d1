"""Small plans and frames for the tests of the analysis."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.plan import Plan, parse_plan


def indicator(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "measure": "binary", "item": name} | more


def written(kind: str = "cross_sections", **more: Any) -> dict[str, Any]:
    """A plan as it is read from a file: two waves, long, one yes/no indicator ``knows``."""
    design = {"kind": kind, "waves": ["before", "after"]} | ({} if kind == "cross_sections" else {"person": "who"})
    plan = {"version": 1, "design": design | more.pop("design", {}), "indicators": [indicator("knows", primary=True)]}
    return plan | more


def plan(kind: str = "cross_sections", **more: Any) -> Plan:
    return parse_plan(written(kind, **more))


def wide(*items: str, **more: Any) -> Plan:
    """A paired plan over a wide file with the endings _before and _after."""
    design = {"layout": "wide", "suffix": {"before": "_before", "after": "_after"}, "person": None}
    return plan("paired", design=design, indicators=[indicator(item, primary=True) for item in items], **more)


def answers(before: list[Any], after: list[Any], **columns: list[Any]) -> pd.DataFrame:
    """A long frame of separate people: the answers before, then those after."""
    waves = ["before"] * len(before) + ["after"] * len(after)
    return pd.DataFrame({"wave": waves, "knows": [*before, *after], **columns})


def pairs(before: list[Any], after: list[Any], **columns: list[Any]) -> pd.DataFrame:
    """A long frame of the same people at both waves; ``columns`` have a value for each person."""
    people = list(range(len(before)))
    both = {name: [*values, *values] for name, values in columns.items()}
    return answers(before, after, who=[*people, *people], **both)


def table(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> pd.DataFrame:
    """A long frame of pairs with this table."""
    before = [1] * (yes_yes + yes_no) + [0] * (no_yes + no_no)
    after = [1] * yes_yes + [0] * yes_no + [1] * no_yes + [0] * no_no
    return pairs(before, after)


def only(rows: list[dict[str, Any]], **about: Any) -> dict[str, Any]:
    """The one row with these values."""
    found = [row for row in rows if all(row[key] == value for key, value in about.items())]
    assert len(found) == 1, f"{len(found)} rows"
    return found[0]

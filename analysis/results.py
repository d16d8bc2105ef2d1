"""What an analysis hands back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from analysis.rows import Row


@dataclass(frozen=True)
class Results:
    """Results in the keys of the contract. Lists that this version does not fill are empty, never absent."""

    plan_sha256: str
    data_sha256: str
    software: dict[str, str]
    flow: Row
    warnings: list[Row]
    changes_to_plan: list[Row]
    estimates: list[Row]
    changes: list[Row]
    models: tuple[Row, ...] = ()
    interactions: tuple[Row, ...] = ()
    comparison: tuple[Row, ...] = ()
    retention: tuple[Row, ...] = ()
    attrition: tuple[Row, ...] = ()
    composition: tuple[Row, ...] = ()
    exposure: tuple[Row, ...] = ()
    reliability: tuple[Row, ...] = ()
    clustering: tuple[Row, ...] = ()
    barriers: tuple[Row, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Mappings, lists, texts, numbers and null only: ready for JSON, in the order of the contract."""
        lists = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {key: list(value) if isinstance(value, tuple) else value for key, value in lists}

"""What the content of an entry has in common: plain values that a JSON column can hold, by named fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

DAY = "_on"  # fields with this ending are days


@dataclass(frozen=True, slots=True)
class Content:
    """The parent of every kind of content. Fields ending in ``_on`` are days or None, the others as JSON has them."""

    @classmethod
    def stored(cls, found: Mapping[str, Any]) -> Self:
        """From the column; what an older version of the program wrote besides is left out."""
        known = {field.name: found[field.name] for field in fields(cls) if field.name in found}
        return cls(**{name: _day(value) if name.endswith(DAY) else value for name, value in known.items()})

    def to_store(self) -> dict[str, Any]:
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None

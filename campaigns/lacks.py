"""What an answer or a plan still lacks, as one sentence at one field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lack:
    field: str
    sentence: str

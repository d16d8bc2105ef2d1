"""results.json as text: the same bytes from the page and from the command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def results_text(results: Mapping[str, Any]) -> str:
    return json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"

"""A comparison group in the report: the findings speak of those with the activity, set against those without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.plan import Plan
from analysis.verdicts import FEWEST_FOR_SHARES
from core import numbers
from reports.wording import Row, Wording, say

OF_ARMS = ("estimates", "changes", "interactions", "retention")


def with_activity(results: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """The results without the rows of the comparison group; arms are never pooled."""
    if not plan.design.arm:
        return results
    kept = {name: [row for row in results[name] if row["arm"] != plan.design.comparison] for name in OF_ARMS}
    return results | kept


def compared(rows: list[Row], words: Wording) -> Iterator[tuple[str, str]]:
    """For each pair of waves its name and the sentence on how much more, or less, changed with the activity."""
    for row in rows:
        if not row["segment"]:
            yield words.comparison(row), _sentence(row, words)


def _sentence(row: Row, words: Wording) -> str:
    language, indicator = words.language, words.indicator(row["indicator"])
    people = [n for group in (row["n"] or {}).values() for n in group.values()] if row["n"] else []
    if row.get("hidden") or row["difference"] is None or not people or min(people) < FEWEST_FOR_SHARES:
        return say("compared.cannot_say", language, indicator=indicator)
    low, high = row["interval"]["low"], row["interval"]["high"]
    if low is None or high is None:
        return say("compared.cannot_say", language, indicator=indicator)
    entry = "rose_more" if low > 0 else "rose_less" if high < 0 else "not_clear"
    return say(
        f"compared.{entry}",
        language,
        indicator=indicator,
        difference=numbers.points(row["difference"], language),
        confidence=numbers.share(words.plan.confidence, language, 0),
        low=numbers.signed(low, language),
        high=numbers.signed(high, language),
        p=numbers.p_value(row["test"]["p"], language),
    )

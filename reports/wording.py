"""From a row of results to whole sentences: the verdict chooses the entry, the entry holds every word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.lists import format_list

from analysis.plan import Indicator, Plan
from analysis.two_locks import TARGETS, WORDING
from core import numbers
from core.content import ContentError, load_folder
from core.languages import content_text
from core.settings import ROOT

FOLDER = ROOT / "reports" / "sentences"
KNOWN_COMPARISONS = frozenset({"before_after", "before_followup", "after_followup"})
DIRECTED = frozenset({"improved", "worsened"})
CLAIMS_OF_A_FAMILY = frozenset({"claim.confirmed", "claim.not_confirmed"})
LOCKS = {WORDING: "lock.wording", TARGETS: "lock.targets"}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Worded:
    """One comparison in words: the entry that was chosen, the rule that chose it, and what was said."""

    entry: str
    rule: str
    finding: str  # the verdict in a word or two
    sentence: str
    further: tuple[str, ...]  # smaller than planned, target
    claim: str  # how far it may be relied on; empty where nothing is claimed

    @property
    def sentences(self) -> tuple[str, ...]:
        return (self.sentence, *self.further, *filter(None, [self.claim]))


@cache
def load_sentences(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Every entry of the sentence files by its id."""
    entries: dict[str, dict[str, str]] = {}
    for document in load_folder(folder):
        for entry in document:
            if entry["id"] in entries:
                raise ContentError(f"Two sentence entries have the id “{entry['id']}”: rename one.")
            entries[entry["id"]] = entry
    return entries


def say(identifier: str, language: str, key: str = "sentence", **values: object) -> str:
    """One text of the sentence files in a language, with its placeholders filled."""
    text = content_text(language, f"{identifier}.{key}", load_sentences()[identifier][key])
    return text % values if values else text


@dataclass(frozen=True)
class Wording:
    """The words of one plan in one language. ``titles`` gives indicators their names; without one the id is shown."""

    plan: Plan
    language: str
    titles: Mapping[str, str]

    def indicator(self, identifier: str) -> str:
        return self.titles.get(identifier, identifier)

    def wave(self, code: str, key: str = "name") -> str:
        """A wave's name, or with the key ``label`` its longer name; waves of other plans go by their code."""
        known = f"wave.{code}" in load_sentences()
        return say(f"wave.{code}", self.language, key) if known else code

    def comparison(self, row: Row) -> str:
        return say(f"comparison.{comparison_kind(row)}", self.language, "name", **self._waves(row))

    def change(self, row: Row) -> Worded:
        """What a row of ``changes`` says: finding, interval, p; then how far it may be relied on."""
        indicator = indicator_of(self.plan, row)
        rule = rule_of(row)
        entry = entry_of(row, rule, paired=self.plan.design.paired)
        return Worded(
            entry=entry,
            rule=rule,
            finding=say(f"rule.{rule}", self.language, "title"),
            sentence=say(entry, self.language, **self._values(row, indicator)),
            further=tuple(self._further(row, indicator, rule)),
            claim=self._claim(row, indicator, rule),
        )

    def parts(self, row: Row) -> str:
        """What a row of ``interactions`` says: whether the parts changed differently; empty where not tested."""
        p = row["p_adjusted"]
        if row["hidden"] or p is None:
            return ""
        entry = "parts.differ" if p <= 1 - self.plan.confidence else "parts.not_clear"
        return say(entry, self.language, comparison=self.comparison(row), p=numbers.p_value(p, self.language))

    def warning(self, warning: Row) -> str:
        values = {name: self._parameter(name, value) for name, value in warning["params"].items()}
        return say(f"warning.{warning['code']}", self.language, **values)

    def _further(self, row: Row, indicator: Indicator, rule: str) -> Iterator[str]:
        if row["smaller_than_planned"]:
            smallest = numbers.planned_points(row["smallest_change"], self.language)
            yield say("claim.smaller_than_planned", self.language, smallest_change=smallest)
        # a target is a change since the first wave: between later ones it says nothing
        if row["target"] and rule != "counts_only" and row["from"] == self.plan.design.waves[0]:
            yield self._target(row["target"], indicator)

    def _claim(self, row: Row, indicator: Indicator, rule: str) -> str:
        if rule in {"hidden", "not_measured"}:
            return ""
        adjusted = numbers.p_value(row["p_adjusted"], self.language)
        claim = claim_of(row, indicator, rule)
        if self.plan.family == "none" and claim in CLAIMS_OF_A_FAMILY:
            claim = f"{claim}_alone"
        return say(claim, self.language, p=adjusted)

    def _target(self, target: Row, indicator: Indicator) -> str:
        aim = numbers.share(target["value"], self.language)
        if target["kind"] == "points":  # the plan writes a size: a fall where lower is better
            size = target["value"] if indicator.better == "higher" else -target["value"]
            aim = numbers.planned_points(size, self.language, sign=True)
        return say(f"target.{target['kind']}.{target['status']}", self.language, target=aim)

    def _values(self, row: Row, indicator: Indicator) -> dict[str, str]:
        language, interval = self.language, row["interval"]
        if row["hidden"]:
            return {"indicator": self.indicator(indicator.id)}
        values = {
            "indicator": self.indicator(indicator.id),
            "confidence": numbers.share(self.plan.confidence, language, 0),
            "difference": numbers.points(row["difference"], language),
            "low": numbers.signed(interval["low"], language),
            "high": numbers.signed(interval["high"], language),
            "p": numbers.p_value(row["test"]["p"], language),
            "smallest_change": numbers.planned_points(row["smallest_change"], language),
        }
        for end in ("from", "to"):
            values |= self._share(row, end)
        return values | self._waves(row)

    def _share(self, row: Row, end: str) -> dict[str, str]:
        return {
            f"share_{end}": numbers.share(row[f"estimate_{end}"], self.language),
            f"count_{end}": numbers.whole(row[f"x_{end}"], self.language),
            f"n_{end}": numbers.whole(row[f"n_{end}"], self.language),
        }

    def _waves(self, row: Row) -> dict[str, str]:
        return {"from": self.wave(row["from"]), "to": self.wave(row["to"])}

    def _parameter(self, name: str, value: Any) -> str:
        """A parameter of a warning as people know it: indicators and waves by name, numbers as they are written."""
        if name == "indicators":
            return self._listed("indicator", value.split(", "))  # the analysis names them in one text
        if isinstance(value, list):
            return self._listed(name, value)
        if value is None:  # hidden, as too few people stand behind it
            return numbers.NOTHING
        if name == "indicator":
            return self.indicator(value)
        if name in {"wave", "earlier", "later"}:
            return self.wave(value)
        if name == "at":
            return _day(value, self.language)
        if name == "name" and value in LOCKS:
            return say(LOCKS[value], self.language, "label")
        if name == "column" and f"column.{value}" in load_sentences():
            return say(f"column.{value}", self.language, "label")
        return numbers.plain(value, self.language) if isinstance(value, int | float) else str(value)

    def _listed(self, name: str, values: list[Any]) -> str:
        quoted = [say("list.entry", self.language, name=self._parameter(name, value)) for value in values]
        return format_list(quoted, locale=self.language)


def _day(text: str, language: str) -> str:
    """The day of a lock as people write it; a text that is no date as it stands."""
    try:
        return numbers.day(date.fromisoformat(text.strip()[:10]), language)
    except ValueError:
        return text


def indicator_of(plan: Plan, row: Row) -> Indicator:
    return next(indicator for indicator in plan.indicators if indicator.id == row["indicator"])


def comparison_kind(row: Row) -> str:
    kind = f"{row['from']}_{row['to']}"
    return kind if kind in KNOWN_COMPARISONS else "other"


def rule_of(row: Row) -> str:
    """The rule of judgement that chooses the sentence; the analysis gives the verdict, nothing is judged again."""
    if row["hidden"]:
        return "hidden"
    return str(row["verdict"]) if row["n_from"] and row["n_to"] else "not_measured"


def entry_of(row: Row, rule: str, *, paired: bool) -> str:
    """The entry for a rule, a design and a comparison; where a share moved, the entry that says in which direction."""
    if rule == "hidden":
        return "change.hidden"
    if rule == "not_measured":
        return f"change.not_measured.{comparison_kind(row)}"
    outcome = f"{rule}_{'higher' if row['difference'] > 0 else 'lower'}" if rule in DIRECTED else rule
    people = "same_people" if paired else "different_people"
    return f"change.{people}.{comparison_kind(row)}.{outcome}"


def claim_of(row: Row, indicator: Indicator, rule: str) -> str:
    """How far a result may be relied on: confirmed is a matter of the plan's primary indicators alone."""
    if not indicator.primary:
        return "claim.exploratory"
    if row["confirmed"]:
        return "claim.confirmed"
    return "claim.not_confirmed" if rule in DIRECTED else "claim.primary_open"

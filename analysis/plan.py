"""The evaluation plan: what is measured, on whom, and how it will be judged, decided before the first answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.barrier_plan import groups_of
from analysis.codes import as_codes, as_text
from analysis.errors import PlanError
from analysis.plan_parts import (
    DataFile,
    Design,
    DoubleCoding,
    Exclusion,
    Indicator,
    Lock,
    Methods,
    Missing,
    Plan,
    ReplicateKeys,
    Retention,
    Scoring,
    Target,
)
from analysis.plan_rules import check_meaning
from analysis.plan_schema import PLAN_SCHEMA
from analysis.schema_check import check

# other modules ask this one for the parts of a plan, too
__all__ = [
    "DataFile",
    "Design",
    "DoubleCoding",
    "Exclusion",
    "Indicator",
    "Lock",
    "Methods",
    "Missing",
    "Plan",
    "PlanError",
    "ReplicateKeys",
    "Retention",
    "Scoring",
    "Target",
    "json_schema",
    "parse_plan",
    "plan_sha256",
]

OUTSIDE_THE_HASH = ("data", "locks")


def parse_plan(mapping: Mapping[str, Any]) -> Plan:
    """Check a plan (as read from YAML or JSON) and return it with every default filled in.

    Errors: PlanError naming the first key that is misspelt, missing, of the wrong type, out of range, contradictory, or
    not analysed by this version. A key with an empty value counts as not written.

    >>> plan = parse_plan({"version": 1, "design": {"kind": "cross_sections", "waves": ["before", "after"]},
    ...                    "indicators": [{"id": "hotline", "measure": "binary", "item": "knows"}]})
    >>> plan.design.layout, plan.indicators[0].better, plan.confidence
    ('long', 'higher', 0.95)
    """
    if not isinstance(mapping, Mapping):
        raise PlanError("not_a_plan", "")
    written = _without_empty(mapping)
    check(written, PLAN_SCHEMA)
    check_meaning(written)
    return Plan(
        sha256=plan_sha256(mapping),
        title=written.get("title", ""),
        design=_design(written["design"]),
        indicators=tuple(_indicator(indicator, written) for indicator in written["indicators"]),
        by=tuple(tuple(part) if isinstance(part, list) else (part,) for part in written.get("by", [])),
        confidence=float(written.get("confidence", 0.95)),
        family=written.get("family", "bh" if written["design"]["kind"] == "barrier" else "holm"),
        retention=_retention(written["retention"]) if "retention" in written else None,
        missing=_missing(written.get("missing", {})),
        exclude=tuple(Exclusion(e["column"], as_codes(e["equals"]), e["reason"]) for e in written.get("exclude", [])),
        suppress_below=written.get("suppress_below", 0),
        methods=_methods(written),
        double_coding=tuple(DoubleCoding(**pair) for pair in written.get("double_coding", [])),
        seed=written.get("seed", 0),
        adjust=tuple(written.get("adjust", written.get("population", ()))),
        population={
            column: {as_text(value): float(share) for value, share in shares.items()}
            for column, shares in written.get("population", {}).items()
        },
        data=tuple(DataFile(f["file"], _code_or_none(f, "wave")) for f in written.get("data", [])),
        locks=tuple(_lock(k) for k in written.get("locks", [])),
    )


def plan_sha256(mapping: Mapping[str, Any]) -> str:
    """The hash of a plan: SHA-256 of its canonical JSON (sorted keys, UTF-8, no spaces) without ``data`` and ``locks``.

    >>> plan_sha256({"version": 1, "data": []}) == plan_sha256({"version": 1, "locks": []})
    True
    """
    frozen = {key: value for key, value in mapping.items() if key not in OUTSIDE_THE_HASH}
    canonical = json.dumps(_text_keys(frozen), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a plan, a copy that may be changed freely.

    >>> json_schema()["required"]
    ['version', 'design', 'indicators']
    """
    copied: dict[str, Any] = json.loads(json.dumps(PLAN_SCHEMA))
    return copied


def _text_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _text_keys(inner) for key, inner in value.items()}
    return [_text_keys(inner) for inner in value] if isinstance(value, list | tuple) else value


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_empty(inner) for key, inner in value.items() if inner is not None}
    return [_without_empty(inner) for inner in value] if isinstance(value, list | tuple) else value


def _lock(written: Mapping[str, Any]) -> Lock:
    return Lock(written.get("name", ""), written["sha256"], str(written.get("at", "")), written.get("mark", ""))


def _code_or_none(mapping: Mapping[str, Any], key: str) -> str | None:
    return as_text(mapping[key]) if key in mapping else None


def _design(written: Mapping[str, Any]) -> Design:
    return Design(
        kind=written["kind"],
        waves=as_codes(written.get("waves", [])),
        layout=written.get("layout", "long"),
        suffix={as_text(wave): ending for wave, ending in written.get("suffix", {}).items()},
        wave=written.get("wave", "wave"),
        person=written.get("person"),
        site=written.get("site"),
        date=written.get("date"),
        exposure=written.get("exposure"),
        windows=written.get("windows", {}),
        cluster=written.get("cluster"),
        stratum=written.get("stratum"),
        selected_on=tuple(written.get("selected_on", ())),
        weight=written.get("weight"),
        fpc=written.get("fpc"),
        enumerator=written.get("enumerator"),
        clusters_in_waves=written.get("clusters_in_waves"),
        lonely_cluster=written.get("lonely_cluster", "fail"),
        groups=groups_of(written),
        arm=written.get("arm"),
        comparison=_code_or_none(written, "comparison"),
        dose=as_codes(written.get("dose", [])),
        replicate_weights=_replicates(written["replicate_weights"]) if "replicate_weights" in written else None,
    )


def _replicates(written: Mapping[str, Any]) -> ReplicateKeys:
    return ReplicateKeys(
        kind=written["type"],
        columns=tuple(written.get("columns", ())),
        prefix=written.get("prefix"),
        scale=written.get("scale"),
        rscales=tuple(map(float, written.get("rscales", ()))),
        rho=float(written.get("rho", 0)),
    )


def _methods(written: Mapping[str, Any]) -> Methods:
    made = Methods(**written.get("methods", {}))
    return replace(made, sample_variance="replicates") if "replicate_weights" in written["design"] else made


def _indicator(written: Mapping[str, Any], plan: Mapping[str, Any]) -> Indicator:
    """The plan's own smallest change is in percentage points: it does not speak of scores, whose points are others."""
    unit = 100 if written["measure"] == "binary" else 1
    smallest = written.get("smallest_change", plan.get("smallest_change") if unit == 100 else None)
    items = tuple(written.get("items", [])) or (written["item"],)
    return Indicator(
        id=written["id"],
        measure=written["measure"],
        items=items,
        scoring=_scoring(written.get("scoring", {}), items),
        dimension=written.get("dimension"),
        better=written.get("better", "higher"),
        primary=written.get("primary", False),
        target=_target(written["target"], unit) if "target" in written else None,
        smallest_change=None if smallest is None else smallest["points"] / unit,
        margin=_margin(written, plan, unit),
    )


def _margin(written: Mapping[str, Any], plan: Mapping[str, Any], unit: int) -> float | None:
    """The plan's own margin is in percentage points, and speaks of scores only where there is nothing but scores."""
    points = written.get("margin_points")
    only_scores = all(indicator["measure"] != "binary" for indicator in plan["indicators"])
    if points is None and (unit == 100 or only_scores):
        points = plan.get("retention", {}).get("margin_points")
    return None if points is None else points / unit


def _scoring(written: Mapping[str, Any], items: tuple[str, ...]) -> Scoring:
    codes = {name: as_codes(written[name]) for name in ("of", "equals", "levels", "order") if name in written}
    at_least = written.get("at_least")
    if "any_of" in written:  # one of a list is enough
        at_least, codes["of"] = 1, as_codes(written["any_of"])
    turned = written.get("reversed", False)
    low_high = written.get("range")
    return Scoring(
        at_least=at_least,
        range=None if low_high is None else (float(low_high[0]), float(low_high[1])),
        reversed=frozenset(items if turned is True else turned or ()),
        mean=written.get("mean", False),
        weights={item: float(weight) for item, weight in written.get("weights", {}).items()},
        min_items=written.get("min_items"),
        **codes,
    )


def _target(written: Mapping[str, Any], unit: int) -> Target:
    if "points" in written:
        return Target("points", written["points"] / unit)
    return Target("share", written["share"])


def _retention(written: Mapping[str, Any]) -> Retention:
    return Retention(
        from_wave=as_text(written["from"]),
        to_wave=as_text(written["to"]),
        baseline=as_text(written["baseline"]),
        keep_share=written.get("keep_share"),
    )


def _missing(written: Mapping[str, Any]) -> Missing:
    kinds = (kind for kind in ("dont_know", "refused", "not_asked", "blank") if kind in written)
    codes = {kind: as_codes(written[kind]) for kind in kinds}
    return Missing(**codes, dont_know_as=written.get("dont_know_as", "not_endorsing"))

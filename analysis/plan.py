"""The evaluation plan: what is measured, on whom, and how it will be judged, decided before the first answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from analysis.barrier_plan import Groups, groups_of
from analysis.codes import as_codes, as_text
from analysis.errors import PlanError
from analysis.plan_rules import PAIRED_KINDS, check_meaning
from analysis.plan_schema import PLAN_SCHEMA
from analysis.schema_check import check

if TYPE_CHECKING:
    from analysis.survey.replicate_weights import ReplicateType

__all__ = ["Plan", "PlanError", "json_schema", "parse_plan", "plan_sha256"]

BLANKS = ("NA", "NaN", "nan", "#N/A")  # an empty cell as R, JavaScript, Python and spreadsheets write it
MOST_REPLICATES = 999
OUTSIDE_THE_HASH = ("data", "locks")


@dataclass(frozen=True, slots=True)
class Scoring:
    """How cells become the indicator; all empty means that the item is 0 or 1, or a number, already."""

    at_least: int | None = None
    of: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    reversed: frozenset[str] = frozenset()  # items
    mean: bool = False
    weights: Mapping[str, float] = field(default_factory=dict)
    min_items: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at: a change (of a share as a fraction of 1, else in points of the score), or a later share."""

    kind: Literal["points", "share"]
    value: float


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    measure: str
    items: tuple[str, ...]
    scoring: Scoring
    dimension: str | None
    better: Literal["higher", "lower"]
    primary: bool
    target: Target | None
    smallest_change: float | None  # fraction of 1; points of the score where it is not a yes/no indicator
    margin: float | None = None  # of retention, in the same unit; None where the plan leaves it to the rule

    @property
    def binary(self) -> bool:
        return self.measure == "binary"


@dataclass(frozen=True, slots=True)
class ReplicateKeys:
    """Replicate weights as the plan names them."""

    kind: ReplicateType
    columns: tuple[str, ...] = ()
    prefix: str | None = None  # in place of columns
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    rho: float = 0.0

    @property
    def candidates(self) -> tuple[str, ...]:
        """The names that columns with the prefix may have: its numbers with and without leading zeros."""
        if self.prefix is None:
            return self.columns
        numbers = range(1, MOST_REPLICATES + 1)
        return tuple(dict.fromkeys(f"{self.prefix}{number:0{digits}d}" for digits in (1, 2, 3) for number in numbers))


@dataclass(frozen=True, slots=True)
class Design:
    kind: Literal["paired", "panel", "cross_sections", "barrier"]
    waves: tuple[str, ...]
    layout: Literal["wide", "long"]
    suffix: Mapping[str, str]  # wide: wave -> ending of its columns
    wave: str  # long: the column that names the wave
    person: str | None
    site: str | None
    date: str | None
    exposure: str | None
    windows: Mapping[str, Any]
    cluster: str | None = None
    stratum: str | None = None
    selected_on: tuple[str, ...] = ()
    weight: str | None = None
    fpc: str | None = None
    enumerator: str | None = None
    clusters_in_waves: Literal["same", "new"] | None = None
    lonely_cluster: Literal["fail", "adjust", "remove", "average", "certainty"] = "fail"
    groups: Groups | None = None  # of a barrier analysis
    arm: str | None = None
    comparison: str | None = None  # the value of arm that means comparison group
    dose: tuple[str, ...] = ()
    replicate_weights: ReplicateKeys | None = None

    @property
    def sampled(self) -> bool:
        """People who were not simply drawn one by one; the same people in sessions are no sample by that alone."""
        if self.paired:
            return bool(self.weight or self.fpc or (self.stratum and not self.cluster))
        return any((self.weight, self.stratum, self.cluster, self.fpc, self.enumerator))

    @property
    def weighted(self) -> bool:
        """Drawn with more than clusters: a comparison then rests on the variance of the sample, not on CR2."""
        return bool(self.weight or self.stratum_or_site or self.fpc)

    @property
    def stratum_or_site(self) -> str | None:
        """Sites that a campaign chose itself are the strata of the clusters (days, hours) drawn there."""
        return self.stratum or (self.site if self.cluster and not self.paired else None)

    @property
    def paired(self) -> bool:
        return self.kind in PAIRED_KINDS


@dataclass(frozen=True, slots=True)
class Missing:
    dont_know: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    blank: tuple[str, ...] | None = None
    dont_know_as: Literal["not_endorsing", "exclude"] = "not_endorsing"

    @property
    def blanks(self) -> frozenset[str]:
        """Texts that stand for an empty cell, unless the plan gives such a code a meaning of its own."""
        texts = frozenset(BLANKS if self.blank is None else self.blank)
        return texts.difference(self.dont_know, self.refused, self.not_asked)


@dataclass(frozen=True, slots=True)
class Exclusion:
    column: str
    equals: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Retention:
    from_wave: str
    to_wave: str
    baseline: str
    keep_share: float | None


@dataclass(frozen=True, slots=True)
class Methods:
    share_interval: str = "wilson"
    paired_interval: str = "newcombe"
    paired_test: str = "mcnemar_midp"
    independent_interval: str = "newcombe"
    independent_test: str | None = None  # N−1 χ², or Boschloo where an expected count is small
    ordinal_paired_test: str = "signed_rank"
    ordinal_independent_test: str = "brunner_munzel"
    score_paired_test: str = "paired_t"
    score_paired_effect: str = "d_z"
    score_independent_test: str = "welch"
    clustered_pairs_test: str = "linearised_t"
    sample_variance: str = "linearised"
    sample_share_interval: str = "logit_t"
    comparison_variance: str = "cr2"
    comparison_test: str = "t"

    @property
    def sample_test(self) -> str:
        """How a sample's differences are told: by t with the variance that the plan names."""
        return f"{self.sample_variance}_t"


@dataclass(frozen=True, slots=True)
class DoubleCoding:
    first: str
    second: str
    weights: Literal["none", "linear", "quadratic"] = "none"


@dataclass(frozen=True, slots=True)
class DataFile:
    file: str
    wave: str | None


@dataclass(frozen=True, slots=True)
class Lock:
    name: str
    sha256: str
    at: str
    mark: str = ""  # set_after_baseline, set_after_answers


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that was checked: frozen, with every default filled in. ``sha256`` is the hash of what was written."""

    sha256: str
    title: str
    design: Design
    indicators: tuple[Indicator, ...]
    by: tuple[tuple[str, ...], ...] = ()
    confidence: float = 0.95
    family: str = "holm"
    retention: Retention | None = None
    missing: Missing = field(default_factory=Missing)
    exclude: tuple[Exclusion, ...] = ()
    suppress_below: int = 0
    methods: Methods = field(default_factory=Methods)
    double_coding: tuple[DoubleCoding, ...] = ()
    seed: int = 0
    adjust: tuple[str, ...] = ()  # columns of the composition
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    data: tuple[DataFile, ...] = ()
    locks: tuple[Lock, ...] = ()


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

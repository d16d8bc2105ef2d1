"""What an evaluation plan is made of, every default filled in; ``analysis.plan`` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from analysis.barrier_plan import Groups
from analysis.plan_rules import PAIRED_KINDS

if TYPE_CHECKING:
    from analysis.survey.replicate_weights import ReplicateType

MOST_REPLICATES = 999
BLANKS = ("NA", "NaN", "nan", "#N/A")  # an empty cell as R, JavaScript, Python and spreadsheets write it


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

"""The figures that a sample is planned with, in the units of the form: per cent, points, people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from campaigns.plan_choices import ChosenIndicator, PlanChoices

LINKED = ("linked", "kept_linked", "compared_linked")
KEPT = ("kept_linked", "kept_separate")
COMPARED = ("compared_linked", "compared_separate")
STUDIES = ("linked", "separate", *KEPT, *COMPARED, "once")
QUESTIONS = ("need", "reach")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Shares and losses in per cent, changes in percentage points; people as they are approached.

    ``share`` is the share before the activity (of a study at one time: the share). None stands for "not used", or for
    the rule that the form tells: ``comparison`` is then as ``share``, ``changers`` follow from ``correlation``.
    """

    study: str = "linked"
    question: str = "need"
    people: int | None = None
    share: float = 50.0
    gain: float | None = None
    margin: float | None = None
    loss: float = 0.0
    comparison: float | None = None
    trend: float = 0.0
    width: float = 5.0
    correlation: float = 0.3
    changers: float | None = None
    cluster_size: float | None = None
    cluster_count: int | None = None
    icc: float = 0.05
    cv: float = 0.0
    same_places: bool = True
    population: int | None = None
    declining: float = 10.0
    not_found: float = 20.0
    unmatched: float = 10.0
    power: float = 80.0
    confidence: float = 95.0

    @classmethod
    def stored(cls, content: dict[str, Any]) -> Inputs:
        return cls(**content)

    @classmethod
    def for_indicator(cls, choices: PlanChoices, chosen: ChosenIndicator) -> Inputs:
        """What the draft of the plan says already, and the usual figures for the rest."""
        margin = choices.retention_margin or chosen.default_margin
        return cls(
            study="separate" if choices.instruments == ("intercept",) else "linked",
            gain=None if chosen.points is None else float(chosen.points),
            margin=None if margin is None else float(margin),
        )

    def to_store(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def linked(self) -> bool:
        return self.study in LINKED

    @property
    def compared(self) -> bool:
        return self.study in COMPARED

    @property
    def in_clusters(self) -> bool:
        return self.cluster_size is not None or self.cluster_count is not None

    @property
    def aim(self) -> float | None:
        """What the study is to show, in points: a gain, the margin of a loss, or a precision."""
        if self.study == "once":
            return self.width
        return self.margin if self.study in KEPT else self.gain


NAMES = tuple(field.name for field in fields(Inputs))

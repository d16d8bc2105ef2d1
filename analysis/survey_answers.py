"""Answers of sampled people as the survey estimators take them, and what these make of them, interviewers included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.cluster_rows import values_of
from analysis.columns import looked_up
from analysis.counts import rows_of_persons, state_values
from analysis.enumerators import with_enumerators
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.plan import Plan
from analysis.sampling import Sampling
from analysis.survey.design import SurveyDesign
from analysis.survey.estimation import Grouping, PartEstimates, estimate_survey

Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """Indicators of one kind, yes/no or numbers: (indicators, rows), −1 or NaN where there is no answer."""

    which: tuple[int, ...]  # places among the plan's indicators
    answers: Numbers | NDArray[np.int8]

    @property
    def answered(self) -> Rows:
        return ~np.isnan(self.answers) if self.answers.dtype.kind == "f" else self.answers >= 0

    def kept(self, keep: Rows) -> Block:
        """Without the answers of rows outside ``keep``, which broadcasts to the answers; the rows themselves stay."""
        nothing = np.nan if self.answers.dtype.kind == "f" else np.int8(-1)
        return replace(self, answers=np.where(keep, self.answers, nothing))


@dataclass(frozen=True)
class Found:
    """The estimates of one indicator: those of every split, and its place among the indicators of its block."""

    made: list[PartEstimates]
    at: int
    beside: tuple[list[PartEstimates], list[PartEstimates]] | None = None  # by cluster, by interviewer


def answer_blocks(plan: Plan, frame: CodedFrame, within: Rows | None = None) -> list[Block]:
    """The answers to all indicators; ``within`` (rows,) leaves those of other rows out, as a domain does."""
    scores = tuple(frame.scores)
    shares = tuple(i for i in range(len(plan.indicators)) if i not in frame.scores)
    blocks = []
    if shares:
        of_state = state_values(plan)
        blocks.append(Block(shares, np.stack([looked_up(of_state[i], frame.states[i]) for i in shares])))
    if scores:
        every = list(values_of(plan, frame))
        blocks.append(Block(scores, np.stack([every[i] for i in scores])))
    return blocks if within is None else [block.kept(within) for block in blocks]


def complete(block: Block, frame: CodedFrame, waves: Sequence[int]) -> Block:
    """The answers of people who answered an indicator at all the waves, and at these waves alone."""
    rows = rows_of_persons(frame, tuple(waves))
    keep = np.zeros(block.answers.shape, dtype=bool)
    for indicator, answered in enumerate(block.answered):
        keep[indicator, rows[:, answered[rows].all(axis=0)]] = True
    return block.kept(keep)


def with_earlier_weights(sampling: Sampling, frame: CodedFrame, waves: Sequence[int]) -> Sampling:
    """The sampling of people seen at all the waves: each has the weight of the first of them throughout.

    A change is one number of a person, so it has one weight: that with which the person was drawn.
    """
    rows = rows_of_persons(frame, tuple(waves))
    weight = sampling.design.weight.copy()
    weight[rows] = weight[rows[0]]
    return replace(sampling, design=replace(sampling.design, weight=weight))


def estimated(
    block: Block,
    frame: CodedFrame,
    sampling: Sampling,
    waves: int,
    groupings: Sequence[Grouping],
    pairs: Sequence[tuple[int, int]],
) -> dict[int, Found]:
    """The estimates of every indicator of a block; where interviewers are known, with the larger standard error."""

    def by(design: SurveyDesign) -> list[PartEstimates]:
        chosen = replace(design, jackknife=sampling.jackknife)
        return estimate_survey(block.answers, chosen, frame.wave, waves, groupings, pairs)

    made = by(sampling.design)
    if sampling.enumerators is None:
        return {i: Found(made, at) for at, i in enumerate(block.which)}
    beside = by(sampling.enumerators)
    both = by(sampling.both) if sampling.both else [None] * len(made)
    larger = [with_enumerators(*of_split) for of_split in zip(made, beside, both, strict=True)]
    return {i: Found(larger, at, (made, beside)) for at, i in enumerate(block.which)}

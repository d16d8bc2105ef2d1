"""A data frame read by its plan: every row's wave, person, parts and the state of every indicator, as dense arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.arms import Arms, read_arms
from analysis.columns import BLANK as EMPTY
from analysis.columns import TextColumn, text_column
from analysis.dates import Days, read_days
from analysis.errors import DataError, closest, listed
from analysis.intervals import Numbers
from analysis.parts import Partition, margin, ordered_by, partitions, warn_of_blanks
from analysis.plan import Design, Indicator, Plan
from analysis.rows import row_names
from analysis.sampling import Rows, Sampling, read_sampling
from analysis.score_items import ScoreCells, combined, ends_of, item_numbers
from analysis.scoring import BLANK, NOT_ASKED, UNREADABLE, combine_items, item_states, turned, wanted_codes
from analysis.sessions import Sessions, read_sessions
from analysis.spreadsheets import refuse_errors
from analysis.warning_codes import Warnings


@dataclass(frozen=True)
class CodedFrame:
    """What the statistics are computed from. A row is one person's answers at one wave, whatever the file's layout."""

    states: NDArray[np.int8]  # indicator × row: scoring.NO … scoring.NOT_ASKED
    wave: NDArray[np.int64]  # row -> position in the plan's waves
    person: NDArray[np.int64]  # row -> person, or -1 where nobody is named
    partitions: tuple[Partition, ...]  # everybody first, then the plan's `by`
    scores: Mapping[int, Numbers]  # position of an indicator that is not yes/no -> number of each row
    items: Mapping[int, Numbers]  # the same -> numbers of its items: (items, rows)
    sessions: Sessions | None  # the same people: who was taught together
    sampling: Sampling | None  # how the rows were drawn, where not simply one by one
    arms: Arms | None  # who was in which group, where there are groups
    adjusted: tuple[Partition, ...]  # the plan's `adjust`, a partition a column
    exposure: Partition | None  # who met the campaign, by their own account
    days: Days | None  # (rows,) of the interviews
    rows_read: int
    excluded: tuple[dict[str, Any], ...]
    warnings: Warnings

    def taking(self, rows: NDArray[np.int64]) -> CodedFrame:
        """The frame of some of the rows; what was drawn and read in the first place stays as it was."""
        return replace(
            self,
            states=self.states[:, rows],
            wave=self.wave[rows],
            person=self.person[rows],
            partitions=tuple(partition.taking(rows) for partition in self.partitions),
            scores={i: scores[rows] for i, scores in self.scores.items()},
            items={i: cells[:, rows] for i, cells in self.items.items()},
            sessions=self.sessions and self.sessions.taking(rows),
            arms=self.arms and self.arms.taking(rows),
            adjusted=tuple(column.taking(rows) for column in self.adjusted),
            exposure=self.exposure and self.exposure.taking(rows),
            days=None if self.days is None else self.days[rows],
        )


def required_columns(plan: Plan) -> list[str]:
    """The columns that a plan needs, once each, in the order in which the plan names them.

    >>> from analysis.plan import parse_plan
    >>> required_columns(parse_plan({"version": 1, "by": ["sex"],
    ...     "design": {"kind": "cross_sections", "waves": ["a", "b"]},
    ...     "indicators": [{"id": "k", "measure": "binary", "item": "knows"}]}))
    ['wave', 'knows', 'sex']
    """
    return list(dict.fromkeys(_columns_named(plan)))


def number_columns(plan: Plan) -> list[str]:
    """Of the columns that a plan needs, those that it reads as numbers and as nothing else: weights and fpc.

    >>> from analysis.plan import parse_plan
    >>> number_columns(parse_plan({"version": 1,
    ...     "design": {"kind": "cross_sections", "waves": ["a", "b"], "weight": "w"},
    ...     "indicators": [{"id": "k", "measure": "binary", "item": "knows"}]}))
    ['w']
    """
    named = _columns_named(plan)
    replicates = plan.design.replicate_weights
    numbers = [plan.design.weight, plan.design.fpc, *(replicates.candidates if replicates else ())]
    return [name for name in numbers if name and named.count(name) <= 1]


def _columns_named(plan: Plan) -> list[str]:
    design = plan.design
    groups = design.groups
    endings = [design.suffix[wave] for wave in design.waves] if design.layout == "wide" and not groups else [""]
    return [
        *([groups.column] if groups else [design.wave] if design.layout == "long" else []),
        *([design.person] if design.person else []),
        *(item + ending for indicator in plan.indicators for item in indicator.items for ending in endings),
        *(column for part in plan.by for column in part),
        *(exclusion.column for exclusion in plan.exclude),
        *(column for column in (*_columns_of_the_sample(design), design.arm, design.exposure) if column),
        *plan.adjust,
        *([design.date] if design.date and design.layout == "long" else []),
        *(column for pair in plan.double_coding for column in (pair.first, pair.second)),
    ]


def optional_columns(plan: Plan) -> list[str]:
    """The columns that a plan may use where the data have them: the days of the waves of a wide file, and those that
    begin as replicate weights do.

    >>> from analysis.plan import parse_plan
    >>> optional_columns(parse_plan({"version": 1,
    ...     "design": {"kind": "paired", "waves": ["a", "b"], "layout": "wide", "suffix": {"a": "_a", "b": "_b"},
    ...                "date": "day"}, "indicators": [{"id": "k", "measure": "binary", "item": "knows"}]}))
    ['day_a', 'day_b']
    """
    design = plan.design
    wide = design.layout == "wide" and not design.groups
    days = [design.date + design.suffix[wave] for wave in design.waves] if wide and design.date else []
    replicates = design.replicate_weights
    return [*days, *(replicates.candidates if replicates and replicates.prefix else ())]


def _columns_of_the_sample(design: Design) -> tuple[str | None, ...]:
    stratum = design.stratum if design.paired else design.stratum_or_site
    replicates = design.replicate_weights.columns if design.replicate_weights else ()
    return design.cluster, stratum, design.weight, design.fpc, design.enumerator, *replicates


def code_frame(plan: Plan, frame: pd.DataFrame) -> CodedFrame:
    """Read a frame by its plan.

    The index labels of the frame name rows in errors. Rows that the plan excludes, and rows of waves that are not in
    the plan, are counted and left out. Errors: DataError for a missing column, a value that cannot be read, a person
    twice in a wave, or when no row belongs to a wave of the plan.
    """
    _check_columns(plan, frame)
    warnings = Warnings()
    kept, excluded = without_excluded(plan, frame)
    wave, kept = _waves(plan, kept, warnings)
    refuse_errors(kept, required_columns(plan), plan.missing.blanks)
    numbers = {
        i: _indicator_numbers(plan, indicator, kept, warnings)
        for i, indicator in enumerate(plan.indicators)
        if not indicator.binary
    }
    states = np.stack(
        [
            numbers[i].states if i in numbers else _indicator_states(plan, indicator, kept, warnings)
            for i, indicator in enumerate(plan.indicators)
        ]
    )
    scores, items = ({i: getattr(cells, part) for i, cells in numbers.items()} for part in ("scores", "items"))
    person = _persons(plan, kept, wave, warnings)
    split = partitions(plan, kept, person, wave, warnings)
    sessions = read_sessions(plan, kept, person, wave, warnings) if plan.design.paired else None
    arms = read_arms(plan, kept, person, wave, warnings)
    adjusted = tuple(_margin(plan, kept, name, warnings) for name in plan.adjust)
    exposure, days = _exposure(plan, kept, warnings), read_days(plan, kept)
    if plan.design.layout == "wide":
        there = _there(states)
        states, scores = _unfolded(states, there), {i: _unfolded(score, there) for i, score in scores.items()}
        items = {i: _unfolded(cells, there) for i, cells in items.items()}
        wave, person = (position[there.ravel()] for position in np.indices(there.shape).reshape(2, -1))
        split = tuple(partition.taking(person) for partition in split)
        sessions = sessions.taking(person) if sessions else None
        arms = arms.taking(person) if arms else None
        exposure = exposure.taking(person) if exposure else None
        days = None if days is None else _unfolded(days, there)
        kept = kept.iloc[person]
    sampling = read_sampling(plan, kept, Rows(person, wave), warnings)
    states = _mark_not_asked(states, wave, len(plan.design.waves))
    return CodedFrame(
        states, wave, person, split, scores, items, sessions, sampling, arms, adjusted, exposure, days,
        len(frame), excluded, warnings,
    )  # fmt: skip


def code_people(
    plan: Plan, frame: pd.DataFrame, warnings: Warnings
) -> tuple[NDArray[np.int8], pd.DataFrame, tuple[dict[str, Any], ...]]:
    """Of people asked once, a row each: states (indicator × row), the rows that are left, and what was left out."""
    _check_columns(plan, frame)
    kept, excluded = without_excluded(plan, frame)
    refuse_errors(kept, required_columns(plan), plan.missing.blanks)
    states = np.stack([_scored(plan, indicator, kept, "", warnings) for indicator in plan.indicators])
    return _mark_not_asked(states, np.zeros(len(kept), dtype=np.int64), waves=1), kept, excluded


def _check_columns(plan: Plan, frame: pd.DataFrame) -> None:
    names = [str(name) for name in frame.columns]
    for column in required_columns(plan):
        if column not in names:
            there = listed(closest(column, names) or names[:20]) or "–"
            raise DataError("missing_column", column=column, columns=there)
        if names.count(column) > 1:
            raise DataError("repeated_column", column=column)


def without_excluded(plan: Plan, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[dict[str, Any], ...]]:
    excluded = []
    for rule in plan.exclude:
        column = text_column(frame[rule.column])
        out = np.isin(column.codes, [column.texts.index(text) for text in rule.equals if text in column.texts])
        excluded.append({"column": rule.column, "reason": rule.reason, "n": int(out.sum())})
        frame = frame[~out]
    return frame, tuple(excluded)


def _waves(plan: Plan, frame: pd.DataFrame, warnings: Warnings) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """The wave of every row and the rows that have one; a wide file is of all waves (its wave is 0 for now)."""
    if plan.design.layout == "wide":
        return np.zeros(len(frame), dtype=np.int64), frame
    waves = plan.design.waves
    column = text_column(frame[plan.design.wave])
    wave = column.mapped(lambda text: waves.index(text) if text in waves else -1, blank=-1).astype(np.int64)
    outside = wave < 0
    strangers = sorted(set(column.texts) - set(waves))
    if len(frame) and outside.all():
        raise DataError(
            "no_row_in_waves", column=plan.design.wave, values=listed(strangers[:10]) or "–", waves=listed(waves)
        )
    if outside.any():
        warnings.add("rows_outside_waves", n=int(outside.sum()), values=listed(strangers[:10]))
    return wave[~outside], frame[~outside]


def _indicator_states(plan: Plan, indicator: Indicator, frame: pd.DataFrame, warnings: Warnings) -> NDArray[np.int8]:
    """States of one indicator: shape (rows,), or (waves, rows) for a wide file."""
    design = plan.design
    if design.layout == "long":
        return _scored(plan, indicator, frame, "", warnings)
    endings = [design.suffix[wave] for wave in design.waves]
    return np.stack([_scored(plan, indicator, frame, ending, warnings) for ending in endings])


def _indicator_numbers(plan: Plan, indicator: Indicator, frame: pd.DataFrame, warnings: Warnings) -> ScoreCells:
    """Numbers of an ordered answer, score or scale: shape (rows,), or (waves, rows) for a wide file."""
    endings = [plan.design.suffix[wave] for wave in plan.design.waves] if plan.design.layout == "wide" else [""]
    read = [
        [_item_numbers(plan, indicator, frame, item + ending, warnings) for ending in endings]
        for item in indicator.items
    ]
    raw, states = (np.array([[cell[part] for cell in item] for item in read]) for part in (0, 1))
    if plan.design.layout == "long":
        raw, states = raw[:, 0], states[:, 0]
    ends = ends_of(raw, indicator)
    if indicator.scoring.reversed and not (indicator.scoring.range or indicator.scoring.order):
        warnings.add("range_from_data", indicator=indicator.id, low=f"{ends[0]:g}", high=f"{ends[1]:g}")
    return combined(raw, states, indicator, ends)


def _item_numbers(
    plan: Plan, indicator: Indicator, frame: pd.DataFrame, name: str, warnings: Warnings
) -> tuple[Numbers, NDArray[np.int8]]:
    column = text_column(frame[name], plan.missing.blanks - wanted_codes(indicator))
    warn_of_blanks(plan, name, column, warnings)
    numbers, states = item_numbers(column, indicator, plan.missing)
    unreadable = np.flatnonzero(states == UNREADABLE)
    if unreadable.size:
        code = "unreadable_level" if indicator.scoring.order else "unreadable_number"
        raise DataError(code, column=name, rows=row_names(frame.index, unreadable))
    return numbers, states


def _margin(plan: Plan, frame: pd.DataFrame, name: str, warnings: Warnings) -> Partition:
    column = text_column(frame[name], plan.missing.blanks)
    warn_of_blanks(plan, name, column, warnings)
    return margin(name, column)


def _exposure(plan: Plan, frame: pd.DataFrame, warnings: Warnings) -> Partition | None:
    """Who met the campaign. Errors: DataError for a value that the plan's order of doses does not name."""
    design = plan.design
    if design.exposure is None:
        return None
    column = text_column(frame[design.exposure], plan.missing.blanks)
    warn_of_blanks(plan, design.exposure, column, warnings)
    strangers = set(column.texts) - set(design.dose) if design.dose else set()
    if strangers:
        name, values = design.exposure, listed(sorted(strangers)[:10])
        raise DataError("exposure_without_dose", column=name, values=values, dose=listed(design.dose))
    split = margin(design.exposure, column)
    return ordered_by(split, design.dose) if design.dose else split


def _scored(plan: Plan, indicator: Indicator, frame: pd.DataFrame, ending: str, warnings: Warnings) -> NDArray[np.int8]:
    states = []
    for item in indicator.items:
        name = item + ending
        column = text_column(frame[name], plan.missing.blanks - wanted_codes(indicator))
        warn_of_blanks(plan, name, column, warnings)
        _warn_of_codes(indicator, name, column, warnings)
        found = _readable(indicator, name, column, frame, plan)
        states.append(turned(found) if item in indicator.scoring.reversed else found)
    if len(states) == 1:
        return states[0]
    return combine_items(np.stack(states), indicator, plan.missing)


def _readable(indicator: Indicator, name: str, column: TextColumn, frame: pd.DataFrame, plan: Plan) -> NDArray[np.int8]:
    """The states of one item's cells; a cell that cannot be read is an error, never a blank."""
    states = item_states(column, indicator, plan.missing)
    unreadable = np.flatnonzero(states == UNREADABLE)
    if unreadable.size:
        code = "unreadable_number" if indicator.scoring.levels else "unreadable_yes_no"
        raise DataError(code, column=name, rows=row_names(frame.index, unreadable))
    return states


def _warn_of_codes(indicator: Indicator, name: str, column: TextColumn, warnings: Warnings) -> None:
    wanted = wanted_codes(indicator)
    if wanted and column.texts and not wanted & {code for text in column.texts for code in (text, *text.split())}:
        warnings.add("no_code_seen", indicator=indicator.id, column=name, codes=listed(sorted(wanted)))


def _persons(plan: Plan, frame: pd.DataFrame, wave: NDArray[np.int64], warnings: Warnings) -> NDArray[np.int64]:
    """Who answered each row; in a wide file without a person column every row is a person.

    Separate samples link nobody: where the plan names the column, it only shows that nobody is in a wave twice.
    """
    design = plan.design
    if design.person is None:
        return np.arange(len(frame)) if design.paired else np.full(len(frame), -1, dtype=np.int64)
    person = text_column(frame[design.person], plan.missing.blanks).codes
    _check_nobody_twice(plan, frame, person, wave)
    if not design.paired:
        return np.full(len(frame), -1, dtype=np.int64)
    nameless = int((person == EMPTY).sum())
    if nameless and design.layout == "long":
        warnings.add("rows_without_person", n=nameless)
    return person


def _check_nobody_twice(plan: Plan, frame: pd.DataFrame, person: NDArray[np.int64], wave: NDArray[np.int64]) -> None:
    pairs = pd.DataFrame({"person": person, "wave": wave})
    twice = np.flatnonzero((pairs.duplicated(keep=False) & (pairs["person"] != EMPTY)).to_numpy())
    if twice.size:
        same = twice[(person[twice] == person[twice[0]]) & (wave[twice] == wave[twice[0]])]
        name = plan.design.waves[wave[twice[0]]] if plan.design.layout == "long" else listed(plan.design.waves)
        raise DataError("person_twice", column=plan.design.person or "", wave=name, rows=row_names(frame.index, same))


def _there(states: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Who answered anything at a wave of a wide file: (indicator, wave, row) to (wave, row)."""
    there: NDArray[np.bool_] = ((states != BLANK) & (states != NOT_ASKED)).any(axis=0)
    return there


def _unfolded(cells: NDArray[Any], there: NDArray[np.bool_]) -> NDArray[Any]:
    """Of (…, wave, row) the cells of those who were there: (…, rows of all waves, one wave after the other)."""
    return cells.reshape(*cells.shape[:-2], -1)[..., there.ravel()]


def _mark_not_asked(states: NDArray[np.int8], wave: NDArray[np.int64], waves: int) -> NDArray[np.int8]:
    """An item that is blank for everybody at a wave was not on that wave's form."""
    for position in range(waves):
        rows = np.flatnonzero(wave == position)
        for i in np.flatnonzero((states[:, rows[:1]] == BLANK).all(axis=1)):
            if (states[i, rows] == BLANK).all():
                states[i, rows] = NOT_ASKED
    return states

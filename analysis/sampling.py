"""How people were drawn and asked: weight, stratum, cluster, population size and interviewer of every row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.codes import LARGEST, as_number, as_text
from analysis.columns import BLANK, TextColumn, text_column
from analysis.errors import DataError, listed
from analysis.intervals import Numbers
from analysis.parts import of_persons, warn_of_blanks
from analysis.plan import Plan, ReplicateKeys
from analysis.rows import ROWS_NAMED, row_names
from analysis.survey.design import Names, SurveyDesign, survey_design
from analysis.survey.effects import kish_effect
from analysis.survey.replicate_weights import replicate_design, scales_of
from analysis.warning_codes import Warnings

Codes = NDArray[np.int64]
FEWEST = 6  # clusters or interviewers between which a variance can be joined with another
FEWEST_REPLICATES = 2
FEW_DF = 10  # degrees of freedom below which a sample says little about how clusters differ
UNEQUAL = 1.5  # loss of precision by unequal weights from which it is told


@dataclass(frozen=True)
class Sampling:
    """How the rows were drawn, and by whom they were asked where the plan names the column."""

    design: SurveyDesign
    enumerators: SurveyDesign | None = None
    both: SurveyDesign | None = None  # clusters divided by interviewers, where there are enough of either
    jackknife: bool = False  # means and their differences have variances of replicates; all else stays linearised


@dataclass(frozen=True)
class Rows:
    """Who answered each row, −1 where nobody is named, and at which wave."""

    person: Codes
    wave: Codes


def read_sampling(plan: Plan, frame: pd.DataFrame, rows: Rows, warnings: Warnings) -> Sampling | None:
    """The design of people who were drawn, where the plan names weights, strata, clusters, sizes or interviewers.

    Without a stratum the sites are the strata of the clusters: places that a campaign chose itself. The same people
    are one PSU over all waves, their cluster or they themselves, and keep the first stratum and cluster that is known.
    Replicate weights stand for all of these but the weight.
    Errors: DataError for a weight or size that is no number, or a row without interviewer; SurveyError for a design
    that cannot be.
    """
    design = plan.design
    if not design.sampled or not len(frame):
        return None
    if design.replicate_weights:
        made = _with_replicates(plan, design.replicate_weights, frame)
        _warn(made, None, warnings)
        return Sampling(made, jackknife=True)
    stratum, cluster, enumerator = (
        _column(plan, name, frame, rows, warnings)
        for name in (design.stratum_or_site, design.cluster, design.enumerator)
    )
    if cluster is not None and design.arm:
        cluster = cluster.in_order()  # clusters are exchanged by chance between arms
    weight = _numbers(plan, design.weight, frame)
    weight = np.ones(len(frame)) if weight is None else weight
    made = survey_design(
        weight,
        stratum=None if stratum is None else stratum.codes,
        cluster=_clusters(design.paired, cluster, rows),
        wave=rows.wave,
        # without clusters other people were drawn at each wave, unless they are the same people
        clusters_in_waves="same" if design.paired else design.clusters_in_waves or "new",
        fpc=_numbers(plan, design.fpc, frame),
        lonely=design.lonely_cluster,
        names=Names(frame.index, _texts(stratum), _texts(cluster)),  # type: ignore[arg-type]  # an index is a sequence
    )
    _warn(made, cluster, warnings)
    if design.paired:
        _warn_of_weights(plan, weight, rows.person, warnings)
    drawn = Sampling(made) if enumerator is None else _with_enumerators(plan, frame, made, enumerator, warnings)
    return replace(drawn, jackknife=plan.methods.sample_variance == "jackknife")


def _with_replicates(plan: Plan, keys: ReplicateKeys, frame: pd.DataFrame) -> SurveyDesign:
    """Errors: DataError for too few columns, or columns that cannot be weights; SurveyError for the weight itself."""
    there = [str(name) for name in frame.columns]
    candidates = set(keys.candidates)
    columns = keys.columns or sorted(candidates.intersection(there), key=keys.candidates.index)
    if len(columns) < FEWEST_REPLICATES:
        raise DataError("few_replicate_columns", prefix=keys.prefix or "")
    if keys.rscales and len(keys.rscales) != len(columns):
        raise DataError("rscales_for_every_column", n=len(keys.rscales), columns=len(columns))
    weight = _number_column(plan, plan.design.weight or "", frame)
    replicates = np.empty((len(frame), len(columns)))
    for place, name in enumerate(columns):
        if there.count(name) > 1:
            raise DataError("repeated_column", column=name)
        numbers = _number_column(plan, name, frame)
        wrong = np.flatnonzero(~np.isfinite(numbers) | (numbers < 0))
        if wrong.size:
            raise DataError("replicate_weight_unusable", column=name, rows=row_names(frame.index, wrong))
        if not numbers.any():
            raise DataError("replicate_weights_sum_to_nothing", column=name)
        replicates[:, place] = numbers
    scale = scales_of(keys.kind, len(columns), keys.scale, keys.rho)
    rscales = np.array(keys.rscales or np.ones(len(columns)))
    return replicate_design(weight, replicates, scale * rscales, Names(frame.index))  # type: ignore[arg-type]


def _clusters(paired: bool, cluster: TextColumn | None, rows: Rows) -> Codes | None:
    """What was drawn first: the cluster, or the person where people were seen more than once."""
    if cluster is not None or not paired:
        return None if cluster is None else cluster.codes
    nobody = rows.person < 0
    alone = rows.person.max(initial=-1) + 1 + np.cumsum(nobody)  # whoever is not named stands for one row
    return np.where(nobody, alone, rows.person)


def _warn_of_weights(plan: Plan, weight: Numbers, person: Codes, warnings: Warnings) -> None:
    of_person = pd.Series(weight).groupby(np.where(person < 0, -1, person))
    changed = of_person.nunique().drop(-1, errors="ignore") > 1
    if changed.any():
        warnings.add("weight_changed", column=plan.design.weight, n=int(changed.sum()))


def _with_enumerators(
    plan: Plan, frame: pd.DataFrame, made: SurveyDesign, enumerator: TextColumn, warnings: Warnings
) -> Sampling:
    """Interviewers as clusters over all strata and waves; one of them shows nothing of how they differ."""
    nobody = np.flatnonzero(enumerator.codes == BLANK)
    if nobody.size:
        name = plan.design.enumerator or ""
        raise DataError("row_without_enumerator", column=name, rows=row_names(frame.index, nobody))
    count = len(enumerator.texts)
    if count < FEWEST:
        warnings.add("few_enumerators", n=count)
    if count == 1:
        return Sampling(made)
    between = survey_design(made.weight, cluster=enumerator.codes)
    if min(count, made.psus) < FEWEST or made.psu is None:
        return Sampling(made, between)
    divided = made.psu * np.int64(count) + enumerator.codes
    return Sampling(made, between, survey_design(made.weight, cluster=divided))


def _warn(made: SurveyDesign, cluster: TextColumn | None, warnings: Warnings) -> None:
    lost = kish_effect(made.weight)
    if lost > UNEQUAL:
        warnings.add("unequal_weights", n=made.rows, effective=round(made.rows / lost))
    if cluster is not None and made.df < FEW_DF:
        warnings.add("few_clusters", n=made.psus)
    if cluster is not None and made.reused_clusters.size:
        names = [cluster.texts[code] for code in made.reused_clusters[:ROWS_NAMED]]
        warnings.add("reused_clusters", clusters=listed(names), n=int(made.reused_clusters.size))


def _column(plan: Plan, name: str | None, frame: pd.DataFrame, rows: Rows, warnings: Warnings) -> TextColumn | None:
    if name is None:
        return None
    found = text_column(frame[name], plan.missing.blanks)
    warn_of_blanks(plan, name, found, warnings)
    found, changed = of_persons(found, rows.person, rows.wave)
    if changed:
        warnings.add("part_changed", column=name, n=changed)
    return found


def _texts(column: TextColumn | None) -> list[str] | None:
    return None if column is None else column.texts


def _numbers(plan: Plan, name: str | None, frame: pd.DataFrame) -> Numbers | None:
    return None if name is None else _number_column(plan, name, frame)


def _number_column(plan: Plan, name: str, frame: pd.DataFrame) -> Numbers:
    """A column of numbers, NaN where it is empty; read at once, because hardly two weights are alike."""
    column = frame[name]
    if isinstance(column.dtype, pd.CategoricalDtype):  # each distinct text once
        read = pd.to_numeric(pd.Series(column.cat.categories), errors="coerce").to_numpy(np.float64, na_value=np.nan)
        numbers = np.append(read, np.nan)[column.cat.codes.to_numpy()]
    else:
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    empty, unreadable = plan.missing.blanks | {""}, []
    for row in np.flatnonzero(np.isnan(numbers) | (np.isfinite(numbers) & (np.abs(numbers) >= LARGEST))):
        text = as_text(column.iloc[row])
        number = as_number(text)  # digits of another script, which pandas does not read
        if number is not None:
            numbers[row] = number
        elif text not in empty:
            unreadable.append(row)
    if unreadable:
        raise DataError("unreadable_number", column=name, rows=row_names(frame.index, np.array(unreadable)))
    return numbers

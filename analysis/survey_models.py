"""Rows of ``models`` of samples: the change between two waves as survey regressions tell it, plain and adjusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.intervals import Numbers
from analysis.means import MeanChange, mean_change
from analysis.parts import Partition
from analysis.rows import Row, limits, number, why_null, without_numbers
from analysis.survey.arrays import Booleans
from analysis.survey.design import SurveyDesign
from analysis.survey.errors import SurveyError
from analysis.survey.linearised import Estimates
from analysis.survey.regression import regress
from analysis.survey_answers import Found, complete, with_earlier_weights
from analysis.survey_rows import SurveyRows

CELLS = 2  # coefficients of a model of two waves


def survey_model_rows(sample: SurveyRows, earlier: int, later: int, hidden: Booleans) -> list[Row]:
    """For every indicator and part (hidden: (i, p)): ``svyglm_identity`` and, of yes/no answers, ``svyglm_logit``.

    The term is the later wave against the earlier; t on PSUs − strata + 1 − the number of coefficients, as R's
    ``svyglm``. Where the plan names columns to adjust for, models with these follow, over everybody.
    """
    plan, frame = sample.plan, sample.frame
    of_pair, pair = sample.of_pair(earlier, later)
    segments = [segment for split in frame.partitions for segment in split.segments]
    names = plan.design.waves
    rows = []
    for i in sorted(of_pair):
        about: Row = {"indicator": plan.indicators[i].id, "from": names[earlier], "to": names[later], "arm": None}
        for model, found, part, p in _plain(sample, of_pair[i], plan.indicators[i].binary):
            place = (of_pair[i].at, pair, part)
            change = _change(found, place, plan.confidence)
            n = sum(int(of_pair[i].made[_split(sample, p)].n[of_pair[i].at, wave, part]) for wave in (earlier, later))
            row = {"model": model} | about | {"segment": dict(segments[p])}
            row |= _told(change, names[later], n, odds=model == "svyglm_logit") | {"hidden": False}
            rows.append(without_numbers(row) if hidden[i, p] else row)
        if frame.adjusted and not hidden[i, 0]:
            rows += [{"model": row["model"]} | about | row for row in _adjusted(sample, i, (earlier, later))]
    return rows


def _plain(sample: SurveyRows, found: Found, binary: bool) -> Iterator[tuple[str, Estimates, int, int]]:
    for part, made, p in sample.parts(found):
        yield "svyglm_identity", made.changes, part, p
        if binary:
            yield "svyglm_logit", made.odds, part, p


def _change(found: Estimates, place: tuple[int, ...], confidence: float) -> MeanChange:
    df = float(found.df[place]) + 1 - CELLS
    return mean_change(float(found.estimate[place]), float(found.se[place]), df, confidence)


def _split(sample: SurveyRows, p: int) -> int:
    """The split that a place among all parts belongs to."""
    ends = np.cumsum([grouping.parts for grouping in sample.groupings])
    return int(np.searchsorted(ends, p, side="right"))


def _adjusted(sample: SurveyRows, i: int, waves: tuple[int, int]) -> Iterator[Row]:
    """The same with the plan's columns in the model, each group of them but the first a term of its own."""
    plan, frame = sample.plan, sample.frame
    block = next(block for block in sample.blocks if i in block.which)
    design = sample.sampling.design
    if plan.design.paired:
        block, design = complete(block, frame, waves), with_earlier_weights(sample.sampling, frame, waves).design
    at = block.which.index(i)
    answered = block.answered[at] & np.isin(frame.wave, waves)
    y = np.where(answered, block.answers[at], np.nan).astype(np.float64)
    later = plan.design.waves[waves[1]]
    groups, dummies = _dummies(frame.adjusted, answered)
    x = np.column_stack([np.ones(len(y)), frame.wave == waves[1], *dummies])
    for link in ("identity", "logit")[: 1 + plan.indicators[i].binary]:
        row: Row = {"model": f"svyglm_{link}_adjusted", "segment": {}}
        yield row | _fit(y, x, design, [later, *groups], plan.confidence, odds=link == "logit") | {"hidden": False}


def _dummies(splits: Sequence[Partition], used: Booleans) -> tuple[list[str], list[Numbers]]:
    names, columns = [], []
    for split in splits:
        (column,) = split.columns
        for part in np.unique(split.of_row[used])[1:]:
            names.append(f"{column}: {split.segments[part][column]}")
            columns.append((split.of_row == part).astype(np.float64))
    return names, columns


def _fit(y: Numbers, x: Numbers, design: SurveyDesign, names: list[str], confidence: float, *, odds: bool) -> Row:
    scale = "log_odds" if odds else "score"
    try:
        fit = regress(y, x, design, "logit" if odds else "identity")
    except SurveyError as error:
        return {"scale": scale, "terms": [], "df": None, "n": int((~np.isnan(y)).sum()), "reason": error.code}
    terms = [
        _term(mean_change(float(value), float(se), fit.df, confidence), name, odds=odds)
        for name, value, se in zip(names, fit.coefficients[1:], fit.se[1:], strict=True)
    ]
    return {"scale": scale, "terms": terms, "df": number(fit.df) if fit.df >= 0 else None, "n": fit.n}


def _told(change: MeanChange, wave: str, n: int, *, odds: bool) -> Row:
    about: Row = {"scale": "log_odds" if odds else "score", "df": number(change.df), "n": n}
    if not np.isfinite(change.value):
        return about | {"terms": [], "reason": "separated" if odds and n else "no_answers"}
    return about | {"terms": [_term(change, wave, odds=odds)]}


def _term(change: MeanChange, name: str, *, odds: bool) -> Row:
    """A coefficient; on log-odds the limits are those of the odds ratio, else its own."""
    reason = "clusters_do_not_differ" if change.se == 0 and change.df > 0 else "too_few_clusters"
    told: Row = {"term": name, "value": number(change.value), "se": number(change.se), "df": number(change.df)}
    told |= {"statistic": number(change.statistic), "p": number(change.p)} | why_null(change.p, reason)
    if not odds:
        return told | {"interval": limits(change.low, change.high, "t", reason)}
    with np.errstate(over="ignore"):
        ratio, low, high = np.exp([change.value, change.low, change.high])
    return told | {"odds_ratio": number(ratio), "interval": limits(low, high, "t", reason)}

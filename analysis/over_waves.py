"""Rows of ``models`` that look at all waves of the same people at once, whoever missed some."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.attrition import weights_of_found
from analysis.by_person import ByPerson
from analysis.cluster_rows import MANY_SESSIONS, session_rule, values_of
from analysis.counts import rows_of_persons
from analysis.frame import CodedFrame
from analysis.intervals import Numbers
from analysis.models.panel_rows import clustered_row, panel_rows, score_panel_row, weighted_panel_row
from analysis.ordered import cochran_q
from analysis.plan import Indicator, Plan
from analysis.rows import Row, hidden_below, number, why_null
from analysis.survey.errors import SurveyError

FEWEST_WAVES = 3


def cochran_rows(plan: Plan, frame: CodedFrame, waves: list[int]) -> list[Row]:
    """Cochran's Q of every yes/no indicator over the people who answered at all of three or more waves.

    Nothing for people in sessions, whose answers are not independent, and for fewer people than may be shown.
    """
    if not plan.design.paired or len(waves) < FEWEST_WAVES or frame.sessions is not None:
        return []
    rows = rows_of_persons(frame, tuple(waves))
    names = [plan.design.waves[w] for w in waves]
    found = []
    for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
        answers = values[rows]
        complete = answers[:, ~np.isnan(answers).any(axis=0)].T
        if indicator.binary and len(complete) >= max(1, plan.suppress_below):
            test = cochran_q(complete.astype(np.int64))
            about: Row = {"model": "cochran_q", "indicator": indicator.id, "arm": None, "waves": names}
            told = {"method": "cochran_q", "statistic": number(test.statistic), "df": test.df, "p": number(test.p)}
            found.append(about | {"n": len(complete)} | told | why_null(test.p, "nobody_changed"))
    return found


def panel_model_rows(plan: Plan, frame: CodedFrame, waves: list[int]) -> list[Row]:
    """Models of everybody who answered at any wave: GEE for yes/no indicators, and more of a panel.

    Of two waves (``kind: paired``) the exchangeable GEE alone; of a panel the other working correlation, weights for
    those lost, the mixed model and, between six or more sessions, one model with sessions as clusters.
    """
    if not plan.design.paired or len(waves) < 2:
        return []
    people, panel = ByPerson(frame), plan.design.kind == "panel"
    rows = []
    for indicator, values in zip(plan.indicators, values_of(plan, frame), strict=True):
        for row in _models(plan, frame, people, indicator, values, waves, panel):
            about: Row = {"model": row.pop("model"), "indicator": indicator.id, "arm": None, "segment": {}}
            rows.append(hidden_below(about | row | {"hidden": False}, row.get("persons") or 0, plan.suppress_below))
    return rows


def _models(
    plan: Plan,
    frame: CodedFrame,
    people: ByPerson,
    indicator: Indicator,
    values: Numbers,
    waves: list[int],
    panel: bool,
) -> list[Row]:
    used = (frame.person >= 0) & ~np.isnan(values)
    there = [wave for wave in waves if (used & (frame.wave == wave)).any()]
    if len(there) < 2:
        return []
    names = [plan.design.waves[wave] for wave in there]
    y, wave, person = values[used], np.searchsorted(there, frame.wave[used]), frame.person[used]
    if not indicator.binary:
        return [score_panel_row(y, wave, person, names, plan.confidence)] if panel else []
    rows = panel_rows(y, wave, person, names, plan.confidence, mixed=panel)
    if not panel:
        return rows[:1]
    rows.append(_weighted(people, values, there, names, plan.confidence))
    sessions = frame.sessions
    if sessions is not None and session_rule(len(np.unique(sessions.cluster[used]))) == MANY_SESSIONS:
        rows.append(clustered_row(y, wave, sessions.cluster[used], names, plan.confidence))
    return rows


def _weighted(people: ByPerson, values: Numbers, waves: list[int], names: list[str], confidence: float) -> Row:
    """GEE with those found at each later wave weighted up to all who answered at the first."""
    base = people.answers(values, waves[0])
    there = ~np.isnan(base)
    answers = [people.answers(values, wave)[there] for wave in waves]
    columns = np.column_stack([np.ones(int(there.sum())), base[there]])
    try:
        weights = [_weights(~np.isnan(one), columns) for one in answers]
    except SurveyError as error:
        return weighted_panel_row(None, names, confidence, error.code)
    wave = np.repeat(np.arange(len(waves)), len(columns))
    y, weight = np.concatenate(answers), np.concatenate(weights)
    used = ~np.isnan(y)
    person = np.tile(np.arange(len(columns)), len(waves))
    return weighted_panel_row((y[used], wave[used], person[used], weight[used]), names, confidence)


def _weights(found: NDArray[np.bool_], columns: Numbers) -> Numbers:
    """Everybody stands for themselves at a wave that lost nobody, where no model of the loss could be fitted."""
    return np.ones(len(found)) if found.all() else weights_of_found(found, columns).weight

"""Answers that do not vary, or hardly any answers: numbers that are meant, or null with a reason, by every method."""

from __future__ import annotations

from itertools import product, zip_longest
from typing import Any

import numpy as np
import pytest

from analysis.plan_schema import METHODS
from tests.analysis.plans import only
from tests.analysis.soundness import sound, sound_or_refused
from tests.analysis.studies import (
    BARRIER,
    DESIGNS,
    EVERY,
    LEVELS,
    LONG,
    PAIRED,
    PANEL,
    SAMPLES,
    SESSIONS,
    SURVEY,
    WIDE,
    Study,
    study,
)

WAVES = [place for place in EVERY if place[0] != BARRIER]
SCORES = [place for place in WAVES if place[1] != "binary"]
every = pytest.mark.parametrize(("kind", "measure"), EVERY)
of_waves = pytest.mark.parametrize(("kind", "measure"), WAVES)
of_scores = pytest.mark.parametrize(("kind", "measure"), SCORES)


def answering(studied: Study, *at: int, cell: Any) -> Study:
    """Everybody gives one and the same answer to all items at these waves (of a barrier analysis: of these groups)."""
    frame = studied.frame.astype(dict.fromkeys(studied.cells, object))
    for place in at:
        if studied.kind == WIDE:
            frame[[name for name in studied.cells if name.endswith(f"_{place + 1}")]] = cell
        else:
            column, names = ("doing", ["doer", "non-doer"]) if studied.kind == BARRIER else ("wave", waves_of(studied))
            frame.loc[frame[column] == names[place], studied.cells] = cell
    return studied.with_rows(frame)


def waves_of(studied: Study) -> list[str]:
    return list(studied.plan["design"].get("waves", ["doer", "non-doer"]))


def ways(studied: Study, part: int = 0, parts: int = 1) -> list[Study]:
    """The study by its defaults and by the n-th method of every kind; of all these every ``parts``-th from ``part`` on.

    A barrier analysis has one way.
    """
    if studied.kind == BARRIER:
        return [studied]
    rounds = zip_longest(*METHODS.values())
    names = [{use: name or METHODS[use][0] for use, name in zip(METHODS, chosen, strict=True)} for chosen in rounds]
    return [studied, *(studied.with_plan(methods=chosen) for chosen in names)][part::parts]


def with_arms(studied: Study) -> Study:
    """The same people of whom half had no activity; sessions and clusters lie in one arm each."""
    arm = np.where(studied.frame["region"] == "north", "activity", "none")
    return studied.with_column("arm", arm).with_design(arm="arm", comparison="none")


def kept(studied: Study) -> Study:
    """A panel or samples of three waves with the question whether a gain was kept."""
    rule = {"from": "after", "to": "later", "baseline": "before", "margin_points": 0.5}
    return studied.with_plan(retention=rule)


@every
def test_one_wave_without_any_difference(kind: str, measure: str) -> None:
    for part, (cell, place) in enumerate(product(LEVELS[measure], range(2))):
        for one in ways(answering(study(kind, measure), place, cell=cell), part, 4):
            sound(one)


@of_scores
def test_the_mean_of_people_who_all_say_the_same_has_no_limits(kind: str, measure: str) -> None:
    results = sound(answering(study(kind, measure), 0, cell=3))
    row = only(results["estimates"], wave="before", segment={})
    assert row["estimate"] == pytest.approx(3)
    assert row["interval"]["low"] is row["interval"]["high"] is None
    assert row["interval"]["reason"] in ("all_answers_alike", "clusters_do_not_differ")


@every
def test_one_value_at_every_wave_is_no_certainty(kind: str, measure: str) -> None:
    studied = study(kind, measure)
    places = range(len(waves_of(studied)))
    for part, cell in enumerate(LEVELS[measure]):
        for one in ways(answering(studied, *places, cell=cell), part, 2):
            for row in (sound_or_refused(one) or {"changes": []})["changes"]:
                assert row["difference"] == pytest.approx(0)
                assert row["test"]["p"] is None or row["test"]["p"] >= 0.5  # the mid-p of Fisher's only table
                assert row["verdict"] in ("counts_only", "no_clear_change", "too_uncertain")


@of_scores
def test_where_nobody_changes_the_change_has_no_limits(kind: str, measure: str) -> None:
    studied = study(kind, measure)
    for row in sound(answering(studied, *range(len(waves_of(studied))), cell=3))["changes"]:
        assert row["interval"]["low"] is row["interval"]["high"] is None
        assert row["interval"]["reason"]
        assert row["verdict"] in ("counts_only", "too_uncertain")


@pytest.mark.parametrize(("kind", "measure"), [place for place in WAVES if place[0] in PAIRED])
def test_everybody_changes_by_the_same(kind: str, measure: str) -> None:
    low, high = LEVELS[measure]
    for part, cells in enumerate(((low, high), (high, low))):
        studied = answering(answering(study(kind, measure), 0, cell=cells[0]), 1, cell=cells[1])
        for one in ways(studied, part, 2):
            for row in sound(one)["changes"]:
                limits = row["interval"]
                assert limits["method"] == "wald" or limits["low"] != limits["high"] or limits["low"] is None


@pytest.mark.parametrize("measure", ["ordinal", "score", "scale"])
@pytest.mark.parametrize("kind", PAIRED)
def test_a_change_that_is_alike_but_for_rounding_has_no_limits(kind: str, measure: str) -> None:
    """0.1 + 0.2 is not 0.3: a spread that arithmetic leaves is none."""
    studied = study(kind, measure)
    frame = studied.frame.astype(dict.fromkeys(studied.cells, float))
    first = 1.1 + 0.2 * (frame["who"].str[1:].astype(int) % 3)  # everybody's own, at all waves
    for name in studied.cells:
        later = name.endswith("_2") if kind == WIDE else ~studied.at_wave("before")
        frame[name] = np.where(later, first + 0.1, first)
    for row in sound(studied.with_rows(frame))["changes"]:
        assert row["interval"]["low"] is row["interval"]["high"] is None
        assert row["difference"] == pytest.approx(0.1 if row["from"] == "before" else 0)
        assert row["verdict"] in ("counts_only", "too_uncertain")


@every
def test_a_wave_of_one_answer_shows_no_spread(kind: str, measure: str) -> None:
    for part, (cell, place) in enumerate(product(LEVELS[measure], range(2))):
        good = study(kind, measure)
        studied = answering(good, place, cell=None)
        label = good.frame.index[-1]
        if kind not in (WIDE, BARRIER):
            label = good.frame.index[good.at_wave(waves_of(good)[place])][0]
        for name in good.cells:
            if kind != WIDE or name.endswith(f"_{place + 1}"):
                studied = studied.with_cell(name, label, cell)
        for one in ways(studied, part, 4):
            results = sound(one)
            if kind != BARRIER:
                row = only(results["estimates"], wave=waves_of(good)[place], segment={})
                assert (row["n"], row["se"], row["deff"]) == (1, None, None)
                assert measure == "binary" or row["interval"]["reason"]


@every
def test_nobody_answers_at_a_wave(kind: str, measure: str) -> None:
    for place in range(2):
        for one in ways(answering(study(kind, measure), place, cell=None), place, 2):
            sound(one)


@every
def test_nobody_answers_at_all(kind: str, measure: str) -> None:
    studied = study(kind, measure)
    for one in ways(answering(studied, *range(len(waves_of(studied))), cell=None)):
        results = sound_or_refused(one)
        for row in (results or {"estimates": []})["estimates"]:
            assert (row["n"], row["estimate"], row["reason"]) == (0, None, "no_answers")


@of_waves
def test_one_person_in_all(kind: str, measure: str) -> None:
    good = study(kind, measure)
    for one in ways(good.with_rows(good.frame[good.frame["who"] == "p0"])):
        results = sound_or_refused(one)  # one cluster in a stratum cannot be a sample
        assert results is not None or kind == SURVEY
        for row in (results or {"changes": []})["changes"]:
            assert row["n_from"] <= 1
            assert row["verdict"] == "counts_only"


@of_waves
def test_one_row_in_all(kind: str, measure: str) -> None:
    good = study(kind, measure)
    for one in ways(good.with_rows(good.frame[:1])):
        sound_or_refused(one)


@of_waves
@pytest.mark.parametrize("cell", ["low", "high", None], ids=str)
def test_arms_in_which_nobody_differs(kind: str, measure: str, cell: str | None) -> None:
    answer = None if cell is None else LEVELS[measure][cell == "high"]
    studied = with_arms(study(kind, measure))
    sound(studied)
    for one in ways(answering(studied, 1, cell=answer), 1, 3):
        sound(one)
    sound(answering(studied, *range(len(waves_of(studied))), cell=answer))


@pytest.mark.parametrize("measure", ["binary", "ordinal", "score", "scale"])
@pytest.mark.parametrize("kind", [PANEL, LONG, SESSIONS, SAMPLES, SURVEY])
def test_what_is_kept_of_a_gain_in_which_nobody_differs(kind: str, measure: str) -> None:
    """Three waves of every design, the later ones alike for everybody."""
    three = {**DESIGNS[kind], "waves": ["before", "after", "later"]}
    panel = study(PANEL, measure)
    studied = kept(Study(kind, measure, panel.plan | {"design": three}, panel.frame))
    low, high = LEVELS[measure]
    sound(studied)
    for cells, places in (
        ((low, high, high), (0, 1, 2)),
        ((low, high, low), (0, 1, 2)),
        ((low, low, low), (0, 1, 2)),
        ((low, high, high), (1, 2)),
        ((low, high, high), (0, 1)),
        ((None, high, high), (0,)),
        ((low, high, None), (2,)),
    ):
        one = studied
        for place in places:
            one = answering(one, place, cell=cells[place])
        sound(one)

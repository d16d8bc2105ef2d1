"""Windows, seasons and locks of a plan against the days of the interviews, however these were written."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.errors import DataError
from analysis.plan import parse_plan
from analysis.results import Results
from tests.analysis.plans import answers, pairs, plan, written

WINDOW = {"after": {"after": "before", "anchor": "end", "months": [6, 12]}}


def codes(results: Results) -> set[str]:
    json.dumps(results.to_dict(), allow_nan=False)
    return {warning["code"] for warning in results.warnings}


def params(results: Results, code: str) -> list[dict[str, Any]]:
    return [warning["params"] for warning in results.warnings if warning["code"] == code]


def linked(before: list[Any], after: list[Any]) -> pd.DataFrame:
    """Pairs with the days of both interviews of each person."""
    frame = pairs([0, 1] * (len(before) // 2), [1, 1] * (len(before) // 2))
    return frame.assign(day=[*before, *after])


def of_pairs(frame: pd.DataFrame, **more: Any) -> Results:
    design = {"date": "day", "windows": WINDOW} | more.pop("design", {})
    return run(plan("paired", design=design, **more), frame)


def test_every_person_is_measured_from_their_own_interview() -> None:
    frame = linked(["2026-01-10", "2026-03-10"] * 5, ["2026-07-10", "2026-08-10"] * 5)
    results = of_pairs(frame)
    (window,) = results.flow["windows"]
    assert (window["n"], window["early"], window["inside"], window["late"], window["unknown"]) == (10, 5, 5, 0, 0)
    assert (window["shortest"], window["longest"], window["months"]) == (5, 6, [6, 12])
    assert params(results, "outside_window") == [{"wave": "after", "early": 5, "late": 0, "n": 10}]


def test_separate_people_are_measured_from_the_middle_interview() -> None:
    days = ["2026-01-01"] * 3 + ["2026-02-01"] * 4 + ["2026-06-01"] * 3 + ["2026-08-01"] * 8 + ["2027-03-01"] * 2
    frame = answers([0, 1] * 5, [1, 1] * 5, day=days)
    results = run(plan(design={"date": "day", "windows": WINDOW}), frame)
    (window,) = results.flow["windows"]
    assert (window["n"], window["early"], window["inside"], window["late"]) == (10, 0, 8, 2)
    assert params(results, "outside_window") == [{"wave": "after", "early": 0, "late": 2, "n": 10}]


def test_without_days_the_windows_are_not_checked() -> None:
    frame = linked([""] * 10, ["2026-07-10"] * 10)
    assert "windows_not_checked" in codes(of_pairs(frame))
    undated = plan("paired", design={"windows": WINDOW})
    results = run(undated, frame)
    assert "windows_not_checked" in codes(results)
    assert results.flow["windows"] == []
    kept_to = of_pairs(linked(["2026-01-10"] * 10, ["2026-07-10"] * 10))
    assert not codes(kept_to) & {"windows_not_checked", "outside_window"}


def test_a_window_of_a_wave_still_to_come_is_not_missed() -> None:
    design = {"waves": ["before", "after", "late"], "windows": {"late": {"after": "after", "months": [6, 12]}}}
    results = of_pairs(linked(["2026-01-10"] * 10, ["2026-02-10"] * 10), design=design)
    assert "windows_not_checked" not in codes(results)
    assert results.flow["windows"] == []


def test_waves_that_are_numbers_have_windows_too() -> None:
    frame = linked(["2026-01-10"] * 10, ["2026-07-10"] * 10).replace({"wave": {"before": "1", "after": "2"}})
    design = {"waves": [1, 2], "windows": {2: {"after": 1.0, "months": [6, 12]}}}
    (window,) = of_pairs(frame, design=design).flow["windows"]
    assert (window["wave"], window["after"], window["inside"]) == ("2", "1", 10)


def test_the_shortest_time_is_one_persons_and_hidden_from_the_public() -> None:
    frame = linked(["2026-01-10"] * 10, ["2026-07-10"] * 9 + ["2027-05-10"])
    (window,) = of_pairs(frame, suppress_below=5).flow["windows"]
    assert (window["median"], window["shortest"], window["longest"]) == (6, None, None)


@pytest.mark.parametrize(
    "written_as",
    [
        lambda days: days,
        lambda days: [f"{day}T23:30:00.000-05:00" for day in days],  # the day where the interview was
        lambda days: [f"{day}T00:30:00+03:00" for day in days],
        lambda days: [f"{day}T10:00:00Z" for day in days],
        lambda days: [f"{day} 10:00" for day in days],
        lambda days: pd.to_datetime(pd.Series(days)).to_numpy(),
        lambda days: list(pd.to_datetime(days).tz_localize("Africa/Lagos")),
        lambda days: [pd.Timestamp(day).date() for day in days],
    ],
)
def test_days_are_read_however_they_are_written(written_as: Any) -> None:
    frame = linked(["2026-01-31"] * 10, ["2026-07-31"] * 10)
    (window,) = of_pairs(frame.assign(day=written_as(list(frame["day"])))).flow["windows"]
    assert (window["n"], window["inside"], window["median"]) == (10, 10, 6)


def test_days_of_a_workbook_are_read() -> None:
    frame = linked(["2026-01-31"] * 10, ["2026-07-31"] * 10)
    book = io.BytesIO()
    frame.assign(day=pd.to_datetime(frame["day"])).to_excel(book, index=False)
    (window,) = of_pairs(pd.read_excel(book)).flow["windows"]
    assert (window["n"], window["median"]) == (10, 6)


@pytest.mark.parametrize("day", ["31/01/2026", "01/02/2026", "2026-02-30", "January 2026", "2026", "46053", "soon"])
def test_a_day_that_would_be_a_guess_is_refused(day: str) -> None:
    frame = linked(["2026-01-10"] * 10, ["2026-07-10"] * 9 + [day])
    with pytest.raises(DataError) as error:
        of_pairs(frame)
    assert error.value.code == "unreadable_date"
    assert "19" in str(error.value)  # the row


def locked(frame: pd.DataFrame, *days: str, **more: Any) -> Results:
    """A plan that was locked on these days."""
    asked = written("paired", design={"date": "day"})
    sha256 = parse_plan(asked).sha256
    locks = [{"name": f"lock {place}", "sha256": sha256, "at": day} for place, day in enumerate(days, start=1)]
    return run(parse_plan(asked | {"locks": locks}), frame, **more)


@pytest.mark.parametrize(
    ("days", "early"),
    [
        (["2026-01-09"], {}),
        (["2026-01-10"], {}),  # on the same day nobody can tell
        (["2026-01-11"], {"lock 1": 10}),
        (["2026-07-11T08:00:00Z"], {"lock 1": 20}),
        (["2026-01-09", "2026-07-01"], {}),  # the second lock belongs before the second wave
        (["2026-01-09", "2026-07-11"], {"lock 2": 10}),
        (["2026-01-11", "2026-07-11"], {"lock 1": 10, "lock 2": 10}),
        (["some day"], {}),
    ],
)
def test_answers_before_a_lock_are_counted(days: list[str], early: dict[str, int]) -> None:
    results = locked(linked(["2026-01-10"] * 10, ["2026-07-10"] * 10), *days)
    assert {found["name"]: found["n"] for found in params(results, "answers_before_lock")} == early
    assert "plan_differs_from_lock" not in codes(results)


def test_changes_to_a_plan_are_said() -> None:
    frame = linked(["2026-01-10"] * 10, ["2026-07-10"] * 10)
    change = {"key": "smallest_change", "old": 5, "new": 10, "reason": "asked by the donor", "date": "2026-08-01"}
    results = locked(frame, "2026-01-01", changes_to_plan=[change, change])
    assert params(results, "plan_was_changed") == [{"n": 2}]
    assert results.changes_to_plan == [change, change]
    assert "plan_was_changed" not in codes(locked(frame, "2026-01-01"))


def test_another_plan_than_the_locked_one_is_said() -> None:
    locks = [{"name": "first", "sha256": "0" * 64, "at": "2026-01-01"}]
    results = run(plan("paired", locks=locks), pairs([0, 1] * 5, [1, 1] * 5))
    assert params(results, "plan_differs_from_lock") == [{"name": "first", "at": "2026-01-01"}]

"""Bad input of every kind, for every design and measure: one sentence with its place, or numbers that are all meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.frame import required_columns
from analysis.spreadsheets import ERRORS
from tests.analysis.plans import only
from tests.analysis.soundness import assert_sentence, sound, sound_or_refused
from tests.analysis.studies import (
    BARRIER,
    EVERY,
    KINDS,
    PAIRED,
    SESSIONS,
    SURVEY,
    WIDE,
    Study,
    assert_alike,
    study,
)

NOTHING = [None, "", "  ", "NA", "NaN", "nan", "#N/A", float("nan"), pd.NA, pd.NaT]
every = pytest.mark.parametrize(("kind", "measure"), EVERY)
every_kind = pytest.mark.parametrize("kind", KINDS)


def refusal(studied: Study) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        studied.run()
    assert_sentence(caught.value)
    return caught.value


@every
def test_a_study_without_fault_is_sound(kind: str, measure: str) -> None:
    results = sound(study(kind, measure, people=60))
    assert results["changes"] or results["barriers"]


@every
def test_every_missing_column_is_named_with_those_there_are(kind: str, measure: str) -> None:
    good = study(kind, measure)
    for column in required_columns(good.parsed):
        error = refusal(good.with_rows(good.frame.drop(columns=column)))
        assert error.code == "missing_column"
        assert f"no column “{column}”" in str(error)
        assert error.params["columns"]


@every_kind
def test_a_file_without_any_column_is_refused(kind: str) -> None:
    assert "where there are: –." in str(refusal(study(kind).with_rows(pd.DataFrame(index=range(3)))))


@every
def test_a_column_that_is_there_twice_is_named(kind: str, measure: str) -> None:
    good = study(kind, measure)
    frame = pd.concat([good.frame, good.frame[good.cells[:1]]], axis=1)
    assert refusal(good.with_rows(frame)).params == {"column": good.cells[0]}


@every
def test_a_header_alone_gives_no_number(kind: str, measure: str) -> None:
    good = study(kind, measure)
    results = sound_or_refused(good.with_rows(good.frame[:0]))
    assert (results is None) == (kind == BARRIER)  # without anybody, doers cannot be told from non-doers
    if results is not None:
        assert results["estimates"] == results["changes"] == results["comparison"] == []


@pytest.mark.parametrize("kind", [*PAIRED, BARRIER])
def test_somebody_twice_in_a_wave_is_named_with_the_rows(kind: str) -> None:
    good = study(kind)
    again = pd.concat([good.frame, good.frame[:1].set_axis([200])])
    error = refusal(good.with_rows(again))
    assert error.code == ("person_again" if kind == BARRIER else "person_twice")
    assert "“who”" in str(error) and "(rows 2, 200)" in str(error)


@pytest.mark.parametrize("kind", ["samples", "survey"])
def test_separate_samples_that_name_their_people_are_checked_too(kind: str) -> None:
    good = study(kind).with_design(person="who")
    assert good.run().changes == study(kind).run().changes, "the same name at both waves links nobody"
    assert "(rows 2, 3)" in str(refusal(good.with_cell("who", 3, "p0")))


@pytest.mark.parametrize(
    "cell", [0, -1.5, "0", "", None, "NA", "heavy", "1,5", "1 000", "inf", "-inf", "1e999", np.inf, "nan"]
)
def test_a_weight_that_cannot_be_is_named_with_its_row(cell: Any) -> None:
    error = refusal(study(SURVEY).with_cell("weight", 7, cell))
    assert error.code in ("weight_not_positive", "weight_missing", "weight_infinite", "unreadable_number")
    assert "weight" in str(error) and "rows 7" in str(error)


def test_a_session_in_two_strata_is_named_with_its_rows() -> None:
    good = study(SESSIONS)
    frame = good.frame.astype({"region": object})
    frame.loc[frame["who"] == "p6", "region"] = "south"
    error = refusal(good.with_rows(frame))
    assert error.code == "cluster_in_two_strata"
    assert "“v0”" in str(error) and "(rows 8, 32)" in str(error)


def test_a_sampled_cluster_in_two_strata_is_two_clusters_and_that_is_said() -> None:
    """Names of clusters count within their stratum, as in most surveys; a reader is told of names that come twice."""
    good = study(SURVEY)
    moved = good.frame["who"] == "p6"
    both = good.with_rows(good.frame.assign(region=good.frame["region"].mask(moved, "south")))
    apart = both.with_rows(both.frame.assign(village=both.frame["village"].mask(moved, "another")))
    found = sound(both)
    assert_alike(found["changes"], sound(apart)["changes"])
    assert only(found["warnings"], code="reused_clusters")["params"] == {"n": 1, "clusters": "v0"}


@pytest.mark.parametrize("column", ["village", "region"])
@pytest.mark.parametrize("kind", [SESSIONS, SURVEY])
def test_a_row_without_cluster_or_stratum_is_named(kind: str, column: str) -> None:
    good = study(kind)
    frame = good.frame.astype({column: object})
    frame.loc[frame["who"] == "p1", column] = None  # at both waves: a person keeps the first group that is known
    error = refusal(good.with_rows(frame))
    assert "3, 27" in str(error)


@every
@pytest.mark.parametrize("cell", [np.inf, -np.inf, "inf", "-INF", "Infinity", "1e999", "∞"])
def test_an_infinite_answer_is_named_with_its_column_and_row(kind: str, measure: str, cell: Any) -> None:
    good = study(kind, measure)
    for column in (good.cells[0], good.cells[-1]):
        error = refusal(good.with_cell(column, 5, cell))
        assert error.code in ("unreadable_number", "unreadable_yes_no")
        assert f"“{column}”" in str(error) and "(rows 5)" in str(error)


STRANGE = ["three", "1,5", "1.000,5", "1 000", "1_0", "0x1", "1..2", [1], {"a": 1}, (1, 2), b"1", date(2026, 1, 2), 1j]


@every
@pytest.mark.parametrize("cell", STRANGE, ids=repr)
def test_mixed_types_are_named_with_their_column_and_row(kind: str, measure: str, cell: Any) -> None:
    good = study(kind, measure)
    cells = [cell if label in (3, 9) else one for label, one in good.frame[good.cells[0]].items()]
    column = pd.Series(cells, index=good.frame.index, dtype=object)
    frame = good.frame.assign(**{good.cells[0]: column})
    error = refusal(good.with_rows(frame))
    assert f"“{good.cells[0]}”" in str(error) and "(rows 3, 9)" in str(error)


@every_kind
@pytest.mark.parametrize("error", sorted(ERRORS)[::4])
def test_what_a_spreadsheet_could_not_work_out_is_named(kind: str, error: str) -> None:
    good = study(kind)
    for column in required_columns(good.parsed):
        if column != "wave":
            said = str(refusal(good.with_cell(column, 4, error)))
            assert f"“{column}”" in said and error in said and "(rows 4)" in said


def test_a_spreadsheet_error_in_a_row_that_is_left_out_does_not_matter() -> None:
    good = study(WIDE).with_column("consent", ["no"] + ["yes"] * 23)
    rule = {"column": "consent", "equals": "no", "reason": "no consent"}
    sound(good.with_plan(exclude=[rule]).with_cell("q_1", 2, "#REF!"))
    sound(study(WIDE).with_plan(missing={"blank": ["#DIV/0!"]}).with_cell("q_1", 2, "#DIV/0!"))


@pytest.mark.parametrize(
    ("kind", "measure"), [*((kind, "binary") for kind in KINDS if kind != BARRIER), ("samples", "score")]
)  # a barrier analysis has no parts
def test_four_hundred_parts_are_counted_and_pointed_out(kind: str, measure: str) -> None:
    good = study(kind, measure, people=400, by=["where"])
    if kind == SURVEY:
        good = good.with_design(stratum=None, cluster=None, clusters_in_waves=None)
    where = [f"حيّ {one}" for one in range(400)]
    waves = len(good.frame) // 400
    results = sound(good.with_column("where", where * waves).with_plan(suppress_below=5))
    assert only(results["warnings"], code="many_parts")["params"] == {"column": "where", "n": 400}
    assert sum(row["hidden"] for row in results["estimates"]) == 400 * len(good.parsed.design.waves)


@pytest.mark.parametrize("kind", [SESSIONS, SURVEY])
def test_four_hundred_clusters_are_read(kind: str) -> None:
    good = study(kind, people=800).with_design(stratum=None)
    village = [f"قرية رقم {one % 400}" for one in range(800)] * 2
    results = sound(good.with_column("village", village))
    assert only(results["changes"], segment={})["clusters"] in (400, 800)


def renamed(studied: Study, names: dict[str, str]) -> Study:
    """Every column under another name, in the data and wherever the plan writes it."""

    def written(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: written(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [written(inner) for inner in value]
        return names.get(value, value) if isinstance(value, str) else value

    plan = {key: written(value) if key != "design" else value for key, value in studied.plan.items()}
    columns = {key: names.get(value, value) for key, value in studied.plan["design"].items() if isinstance(value, str)}
    plan["design"] = (
        studied.plan["design"] | columns | ({} if studied.kind in (WIDE, BARRIER) else {"wave": names["wave"]})
    )
    frame = studied.frame.rename(
        columns=lambda name: next(
            (
                new + name[len(old) :]
                for old, new in names.items()
                if name == old or (studied.kind == WIDE and name in (old + "_1", old + "_2"))
            ),
            name,
        )
    )
    return Study(studied.kind, studied.measure, plan, frame)


ARABIC = {
    "wave": "مرحلة الاستبيان", "who": "رقم  الشخص", "sex": "الجنس / النوع", "village": "اسم القرية",
    "region": "région d'enquête", "weight": "poids (échantillon)", "doing": "نعم أو لا", "q": "هل تعرف الرقم؟",
    "q1": "السؤال ١", "q2": "Q 2 “oui”", "q3": "% of 3; {x}",
}  # fmt: skip


@every
def test_names_with_spaces_and_arabic_change_no_number(kind: str, measure: str) -> None:
    good = study(kind, measure)
    cells = {"F": "أنثى", "M": "ذكر بالغ"}
    other = renamed(good, ARABIC)
    frame = other.frame.assign(**{ARABIC["sex"]: other.frame[ARABIC["sex"]].map(cells)})
    there, here = sound(good), sound(other.with_rows(frame))
    assert len(here["changes"]) == len(there["changes"])
    assert here["barriers"] == there["barriers"]
    for one, same in zip(sorted_rows(there), sorted_rows(here), strict=True):
        if one["segment"]:
            assert same["segment"] == {ARABIC["sex"]: cells[one["segment"]["sex"]]}
        assert one | {"segment": {}} == same | {"segment": {}}
    column = required_columns(other.parsed)[0]
    assert f"“{column}”" in str(refusal(other.with_rows(frame.drop(columns=column))))


def sorted_rows(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Estimates and changes, women first: the parts of two languages have different orders."""
    women = ("F", "أنثى")
    rows = [*results["estimates"], *results["changes"]]
    return sorted(
        rows, key=lambda row: 0 if not row["segment"] else 1 if set(row["segment"].values()) & set(women) else 2
    )

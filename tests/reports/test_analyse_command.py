"""``eveil analyse`` as a person calls it: results whole or not at all, bad input in one sentence and exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from analysis.plan import json_schema, plan_sha256
from reports.analyse import analyse

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWERS = "who,sex,knows_before,knows_after\n" + "".join(
    f"{number:02},{'F' if number % 2 else 'M'},{int(number > 20)},{int(number > 6)}\n" for number in range(30)
)
PLAN: dict[str, Any] = {
    "version": 1,
    "title": "Training",
    "data": [{"file": "training.csv"}],
    "design": {
        "kind": "paired",
        "layout": "wide",
        "waves": ["before", "after"],
        "suffix": {"before": "_before", "after": "_after"},
        "person": "who",
    },
    "indicators": [{"id": "knows", "measure": "binary", "item": "knows", "primary": True}],
    "by": ["sex"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "training.csv").write_text(ANSWERS)
    write(tmp_path, PLAN)
    return tmp_path


def write(folder: Path, plan: Any, name: str = "plan.yaml") -> Path:
    path = folder / name
    path.write_text(plan if isinstance(plan, str) else yaml.safe_dump(plan, allow_unicode=True))
    return path


def call(folder: Path, *more: str, plan: str = "plan.yaml") -> Result:
    return CliRunner().invoke(analyse, [str(folder / plan), "--out", str(folder / "out"), *more])


def results(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "out/results.json").read_text())
    return read


def refused(folder: Path, *more: str, plan: str = "plan.yaml") -> str:
    """The one sentence on standard error; nothing else was said and nothing written."""
    result = call(folder, *more, plan=plan)
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (folder / "out/results.json").exists()
    (sentence,) = result.stderr.strip().splitlines()
    assert sentence.endswith((".", "?", "؟"))
    return sentence


def test_results_are_written_with_the_hashes_of_plan_and_data(folder: Path) -> None:
    result = call(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"The results are in {folder / 'out/results.json'}.\n"
    found = results(folder)
    assert found["plan_sha256"] == plan_sha256(PLAN)
    assert len(found["data_sha256"]) == 64
    assert set(found["software"]) == {"eveil", "python", "numpy", "pandas", "scipy"}
    assert (found["changes"][0]["n_pairs"], found["changes"][0]["verdict"]) == (30, "improved")
    assert [path.name for path in (folder / "out").iterdir()] == ["results.json"]


def test_the_same_call_writes_the_same_bytes(folder: Path) -> None:
    call(folder)
    first = (folder / "out/results.json").read_bytes()
    call(folder)
    assert (folder / "out/results.json").read_bytes() == first


def test_a_plan_may_be_json(folder: Path) -> None:
    write(folder, json.dumps(PLAN), "plan.json")
    assert call(folder, plan="plan.json").exit_code == 0


def test_another_file_may_take_the_place_of_the_plans(folder: Path) -> None:
    (folder / "second.csv").write_text(ANSWERS.replace("\n29,F,1,1", ""))
    call(folder, "--data", str(folder / "second.csv"))
    assert results(folder)["changes"][0]["n_pairs"] == 29


def test_files_of_one_wave_each_are_analysed_together(folder: Path) -> None:
    for wave, yes in (("before", 5), ("after", 20)):
        (folder / f"{wave}.csv").write_text("knows\n" + "1\n" * yes + "0\n" * (25 - yes))
    data = [{"file": "before.csv", "wave": "before"}, {"file": "after.csv", "wave": "after"}]
    design = {"kind": "cross_sections", "waves": ["before", "after"]}
    write(folder, PLAN | {"data": data, "design": design, "by": []})
    call(folder)
    assert results(folder)["changes"][0]["difference"] == pytest.approx(0.6)


@pytest.mark.parametrize(("audience", "hidden"), [("team", False), ("shared", False), ("public", True)])
def test_the_audience_decides_which_groups_are_too_small(folder: Path, audience: str, hidden: bool) -> None:
    few_women = ANSWERS.replace(",F,", ",M,", 8)
    (folder / "training.csv").write_text(few_women)
    call(folder, "--audience", audience)
    women = [row for row in results(folder)["estimates"] if row["segment"] == {"sex": "F"}]
    assert {row["hidden"] for row in women} == {hidden}


def test_changes_to_the_plan_are_handed_on_with_their_reason(folder: Path) -> None:
    change = {"key": "by", "old": None, "new": ["sex"], "reason": "The funder asked for it", "date": "2026-12-01"}
    write(folder, [change], "plan.changes.yaml")
    call(folder)
    assert results(folder)["changes_to_plan"] == [change]


def test_changes_that_lack_a_reason_are_refused(folder: Path) -> None:
    write(folder, [{"key": "by"}], "plan.changes.yaml")
    assert refused(folder) == (
        "Entry 1 of “plan.changes.yaml” is not a change to the plan; "
        "each one needs the keys: key, old, new, reason, date."
    )


def test_a_misspelt_key_is_named_with_the_right_one(folder: Path) -> None:
    write(folder, {key.replace("indicators", "indicatros"): value for key, value in PLAN.items()})
    assert refused(folder) == "The plan has a key “indicatros” that is not known here; did you mean “indicators”?"


def test_a_missing_column_is_named_with_the_file_and_the_columns_there_are(folder: Path) -> None:
    (folder / "training.csv").write_text(ANSWERS.replace("knows_after", "know_after"))
    assert refused(folder) == (
        "The file “training.csv” has no column “knows_after” that the plan names; "
        "correct the name in the plan or in the file, where there are: know_after, knows_before."
    )


def test_an_unreadable_answer_is_named_with_its_row(folder: Path) -> None:
    (folder / "training.csv").write_text(ANSWERS.replace("\n01,F,0,0", "\n01,F,maybe,0"))
    assert "Column “knows_before” has values other than 0 and 1 (rows 3)" in refused(folder)


def test_a_person_twice_is_named_with_the_rows(folder: Path) -> None:
    (folder / "training.csv").write_text(ANSWERS.replace("\n01,", "\n00,"))
    assert "(rows 2, 3)" in refused(folder)


@pytest.mark.parametrize(
    ("text", "place"),
    [("version: 1\n  title: [", "Line 2 "), ("version: 1\nversion: 1\n", "Line 2 "), ("just words", "not a plan")],
)
def test_a_plan_that_is_not_yaml_is_named_with_the_line(folder: Path, text: str, place: str) -> None:
    write(folder, text)
    assert place in refused(folder)


def test_a_plan_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "plan.yaml").write_bytes("title: évaluation".encode("latin-1"))
    assert "UTF-8" in refused(folder)


def test_files_that_are_not_there_are_named(folder: Path) -> None:
    assert "plan “" in refused(folder, plan="nowhere.yaml")
    (folder / "training.csv").unlink()
    assert "training.csv" in refused(folder)


def test_a_plan_without_data_needs_a_file(folder: Path) -> None:
    write(folder, {key: value for key, value in PLAN.items() if key != "data"})
    assert "--data" in refused(folder)
    assert call(folder, "--data", str(folder / "training.csv")).exit_code == 0


@pytest.mark.parametrize("formats", ["html", "pdf,docx", "spreadsheet"])
def test_formats_that_are_not_made_yet_are_refused(folder: Path, formats: str) -> None:
    assert f"“{formats.split(',')[0]}”" in refused(folder, "--formats", formats)


def test_a_language_that_is_not_offered_is_refused(folder: Path) -> None:
    assert refused(folder, "--lang", "de") == "There is no language “de” here; choose one of: en, fr, es, ar."


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_every_language_gets_a_whole_sentence(folder: Path, language: str) -> None:
    write(folder, PLAN | {"indicatros": []})
    assert "indicatros" in refused(folder, "--lang", language)


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_half_written(folder: Path) -> None:
    (folder / "out").write_text("a file")
    result = call(folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "out" in result.stderr


def test_the_plan_and_the_folder_must_be_named() -> None:
    assert CliRunner().invoke(analyse, []).exit_code == 2


def test_the_schema_of_plans_is_published() -> None:
    assert json.loads(CliRunner().invoke(analyse, ["--schema"]).stdout) == json_schema()


def test_help_needs_no_heavy_library_and_little_time() -> None:
    """The goal is half a second; the bound is wide because test machines are busy."""
    code = (
        "import sys, reports.analyse; print(sorted({'pandas', 'numpy', 'scipy', 'flask', 'polars'} & set(sys.modules)))"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("file", "design", "items", "scoring", "people"),
    [
        (
            "data/data/boston-trains/boston.csv",
            {"kind": "paired", "layout": "wide", "waves": ["pre", "post"], "suffix": {"pre": ".pre", "post": ".post"}},
            ["numberim", "remain", "english"],
            {"levels": [4, 5]},
            {"pre": 115, "post": 115},
        ),
        (
            "reference/data/d01_training_prepost.csv",
            {"kind": "paired", "layout": "wide", "waves": ["pre", "post"], "suffix": {"pre": "_pre", "post": "_post"}},
            ["K1_signs3", "K2_hotline", "A1_employ", "I1_report"],
            None,
            {"pre": 126, "post": 121},
        ),
        (
            "reference/data/d04_intercept_twowave.csv",
            {"kind": "cross_sections", "waves": ["baseline", "endline"]},
            ["knows_hotline", "three_signs", "would_employ"],
            None,
            {"baseline": 243, "endline": 385},
        ),
    ],
)
def test_real_files_go_from_file_to_results(
    shared: Path, tmp_path: Path, file: str, design: Any, items: list[str], scoring: Any, people: dict[str, int]
) -> None:
    indicators = [{"id": item, "measure": "binary", "item": item, "scoring": scoring} for item in items]
    write(tmp_path, {"version": 1, "data": [{"file": "other.csv"}], "design": design, "indicators": indicators})
    result = call(tmp_path, "--data", str(shared / file))
    assert (result.exit_code, result.stderr) == (0, "")
    found = results(tmp_path)
    assert found["flow"]["n_by_wave"] == people
    assert [row["indicator"] for row in found["changes"]] == items

"""Data files of every kind, well-formed and not: cells arrive as written, and refusals name the file and the place."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import openpyxl
import pandas as pd
import polars
import pyreadstat
import pytest

from surveys.files import FileError, Source, read_sources, read_table, sha256_of


def refusal(path: Path, columns: Collection[str] = ("a", "b")) -> FileError:
    with pytest.raises(FileError) as caught:
        read_table(path, columns)
    return caught.value


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_cells_stay_texts_whatever_divides_them(tmp_path: Path, delimiter: str) -> None:
    rows = [["a", "سؤال", "b"], ["01", "", "NA"], ["1.0", "نعم", '"x, y; z"']]
    path = put(tmp_path / "answers.csv", "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows))
    frame = read_table(path, ["a", "b", "سؤال"])
    assert frame["a"].tolist() == ["01", "1.0"]
    assert frame["b"].tolist() == ["NA", "x, y; z"]
    assert frame["سؤال"].tolist() == ["", "نعم"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = put(tmp_path / "answers.csv", 'a,b\n1,"two\nlines"\n\n,\n3,4\n')
    assert read_table(path, ["a"]).index.tolist() == [2, 5]


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    assert list(read_table(put(tmp_path / "answers.csv", "a,b,c\n1,2,3\n"), ["c", "a"]).columns) == ["a", "c"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert read_table(put(tmp_path / "answers.csv", "a,b\n"), ["a", "b"]).shape == (0, 2)


def test_xlsx_gives_the_first_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["a", "b", None], [1, None, None], [None, None, None], [0, "x", None]):
        sheet.append(row)
    book.create_sheet("other").append(["c"])
    book.save(tmp_path / "answers.xlsx")
    frame = read_table(tmp_path / "answers.xlsx", ["a", "b"])
    assert frame.to_dict("list") == {"a": [1, 0], "b": [None, "x"]}
    assert frame.index.tolist() == [2, 4]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    polars.DataFrame({"a": [1, None], "b": ["x", "y"]}).write_parquet(tmp_path / "answers.parquet")
    assert read_table(tmp_path / "answers.parquet", ["a", "b"]).to_dict("list") == {"a": [1, None], "b": ["x", "y"]}


def test_spss_gives_codes_and_keeps_its_user_missing_values(tmp_path: Path) -> None:
    cells = pd.DataFrame({"a": [1.0, 99.0, None], "b": ["x", "y", "z"]})
    labels = {"a": {1.0: "Yes", 99.0: "Refused"}}
    pyreadstat.write_sav(cells, tmp_path / "answers.sav", variable_value_labels=labels, missing_ranges={"a": [99]})
    assert read_table(tmp_path / "answers.sav", ["a"])["a"].tolist() == [1.0, 99.0, None]


def test_stata_gives_codes(tmp_path: Path) -> None:
    cells = pd.DataFrame({"a": [1.0, 0.0], "b": ["x", "y"]})
    pyreadstat.write_dta(cells, tmp_path / "answers.dta", variable_value_labels={"a": {1: "Yes", 0: "No"}})
    assert read_table(tmp_path / "answers.dta", ["a", "b"]).to_dict("list") == {"a": [1.0, 0.0], "b": ["x", "y"]}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "latin.csv",
            b"a,b\n1,2\n1,\xe9\n",
            "Line 3 of the file “latin.csv” is not written in UTF-8; save the file again as “CSV UTF-8”.",
        ),
        (
            "short.csv",
            "a,b\n1,2\n3\n",
            "Row 3 of the file “short.csv” has 1 cells and the first row has 2; the file may be cut short, "
            "or an answer with a comma may lack quotes.",
        ),
        ("empty.csv", "", "The file “empty.csv” is empty; its first row must hold the names of the columns."),
        (
            "other.csv",
            "a,B\n1,2\n",
            "The file “other.csv” has no column “b” that the plan names; correct the name in the plan or in the file, "
            "where there are: B.",
        ),
        (
            "open.csv",
            'a,b\n1,"2\n',
            "The file “open.csv” cannot be read as csv; it may be damaged or cut short, so export it again.",
        ),
        (
            "old.xls",
            "",
            "The file “old.xls” is of a kind that is not read here; use csv, xlsx, parquet, sav or dta.",
        ),
    ],
)
def test_a_bad_file_is_named_with_the_place_and_the_remedy(
    tmp_path: Path, name: str, content: str | bytes, sentence: str
) -> None:
    assert str(refusal(put(tmp_path / name, content))) == sentence


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "sav", "dta"])
def test_a_damaged_file_is_no_traceback(tmp_path: Path, ending: str) -> None:
    assert refusal(put(tmp_path / f"answers.{ending}", b"nothing of the kind")).code == "damaged_file"


def test_a_file_in_utf_16_is_refused(tmp_path: Path) -> None:
    assert refusal(put(tmp_path / "answers.csv", "a,b\n1,2\n".encode("utf-16"))).code == "not_utf8"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.csv").code == "no_file"


def test_columns_named_twice_arrive_twice_for_the_analysis_to_refuse(tmp_path: Path) -> None:
    assert list(read_table(put(tmp_path / "answers.csv", "a,a\n1,2\n"), ["a"]).columns) == ["a", "a"]


def test_files_of_one_wave_each_are_put_together_and_rows_keep_their_file(tmp_path: Path) -> None:
    first, second = put(tmp_path / "one.csv", "a\n1\n"), put(tmp_path / "two.csv", "a\n0\n1\n")
    frame = read_sources([Source(first, "before"), Source(second, "after")], ["wave", "a"], "wave")
    assert frame["wave"].tolist() == ["before", "after", "after"]
    assert frame.index.tolist() == [("one.csv", 2), ("two.csv", 2), ("two.csv", 3)]


def test_the_hash_of_one_file_is_its_own_and_of_several_depends_on_all(tmp_path: Path) -> None:
    first, second = put(tmp_path / "one.csv", "a\n1\n"), put(tmp_path / "two.csv", "a\n0\n")
    assert sha256_of([first]) == "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc"
    assert sha256_of([first, second]) != sha256_of([second, first])

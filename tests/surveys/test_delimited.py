"""Plain text read by arithmetic on bytes: the same cells as the general reader gives, or left to it."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from surveys.delimited import BLOCK, NotPlainError, plain_columns

CELLS = ["", "0", "1", "01", "1.0", " 1 ", "NA", "dk ref", "نعم", "été", "12345678", "123456789", "x" * 64, "-1"]


def general(path: Path, delimiter: str) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle, delimiter=delimiter, strict=True))


def plain(path: Path, delimiter: str = ",") -> list[list[str]]:
    names = path.read_text(encoding="utf-8-sig").splitlines()[0].split(delimiter)
    header, columns, rows = plain_columns(path, delimiter, names)
    cells = [list(columns[place]) for place in range(len(header))]
    assert {len(column) for column in cells} == {rows}
    return [header, *(list(row) for row in zip(*cells, strict=True))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("ending", [True, False])
def test_cells_are_those_of_the_general_reader(tmp_path: Path, delimiter: str, newline: str, ending: bool) -> None:
    chance = random.Random(20261122)
    path = tmp_path / "answers.csv"
    for columns in (2, 3, 7):
        rows = [[f"سؤال {place}" for place in range(columns)]]
        rows += [["1", *chance.choices(CELLS, k=columns - 1)] for _ in range(chance.randrange(1, 60))]
        chance.shuffle(rows[1])
        text = newline.join(map(delimiter.join, rows)) + newline * ending
        path.write_bytes(b"\xef\xbb\xbf" * chance.randrange(2) + text.encode())
        assert plain(path, delimiter) == general(path, delimiter)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_quotes_around_whole_cells_are_no_part_of_them(tmp_path: Path, delimiter: str, newline: str) -> None:
    chance = random.Random(20261123)
    path = tmp_path / "answers.csv"
    rows = [[f"سؤال {place}" for place in range(4)]]
    rows += [["1", *chance.choices(CELLS, k=3)] for _ in range(20_000)]
    text = newline.join(delimiter.join(chance.choice(('"%s"', "%s")) % cell for cell in row) for row in rows)
    path.write_bytes(text.encode())
    header, columns, count = plain_columns(path, delimiter, rows[0])
    assert [header, *(list(row) for row in zip(*(columns[place] for place in range(4)), strict=True))] == rows
    assert (general(path, delimiter), count) == (rows, 20_000)


def test_a_file_of_many_blocks_keeps_every_row_in_order(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    rows = [f"{row},{row % 2},{'long answer' if row > 90_000 else row % 10}" for row in range(100_000)]
    path.write_text("\n".join(["id,yes,late", *rows]), encoding="utf-8")
    assert path.stat().st_size > 3 * BLOCK
    assert plain(path) == general(path, ",")


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("a,b", encoding="utf-8")
    assert plain(tmp_path / "answers.csv") == [["a", "b"]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\na,b\n1,2\n",
        b",\n1,2\n",
        b'a,b\n1,"2\n',
        b'a,b\n1,"2""3"\n',
        b'a,b\n1,2"3"\n',
        b'a,b\n1,"2"3\n',
        b'a,b\n1,"2" \n',
        b'a,b,c\n"1,2",3\n',
        b'a,b\n"1\n2",3\n',
        b'a,b\n"1",""\n"",""\n',
        b'"a,b\n1","2"\n',
        b"a,b\n1,2\n\n3,4\n",
        b"a,b\n1,2\n,\n",
        b"a,b\n1\n2,3,4\n",
        b"a,b\n1,2\n3\n",
        b"a,b\n1,2\r3,4\n",
        b"a,b\n1,\xe9\n",
        b"a,b\n1,2\x00\n",
        b"a,b\n1," + b"x" * 65 + b"\n",
        "a,b\n1,2\n".encode("utf-16"),
    ],
)
def test_what_is_not_plain_is_left_to_the_general_reader(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "answers.csv").write_bytes(content)
    with pytest.raises(NotPlainError):
        plain_columns(tmp_path / "answers.csv", ",", ["a", "b"])


def test_long_cells_matter_only_in_columns_that_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(f"a,b\n1,{'x' * 500}\n0,y\n", encoding="utf-8")
    header, columns, rows = plain_columns(tmp_path / "answers.csv", ",", ["a"])
    assert (header, rows, list(columns), list(columns[0])) == (["a", "b"], 2, [0], ["1", "0"])


def numbers(path: Path, cells: list[str]) -> Any:
    path.write_text("\n".join(["a,w", *(f"1,{cell}" for cell in cells)]) + "\n", encoding="utf-8")
    return plain_columns(path, ",", ["a", "w"], ["w"])[1][1]


def test_weights_are_read_to_the_nearest_double(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    cells = [
        "0",
        "1",
        "007",
        "5.",
        ".5",
        "0.1",
        "123456789012345",
        "1234567890123456",
        "9007199254740993",
        "0." + "3" * 40,
    ]
    cells += [str(10 ** chance.randrange(9) * chance.random()) for _ in range(5000)]
    cells += [f"{chance.random() * 100:.{chance.randrange(9)}f}" for _ in range(20_000)]
    plain = [cell for cell in cells if "e" not in cell]
    assert numbers(tmp_path / "answers.csv", plain).tolist() == list(map(float, plain))
    one_byte = [str(row % 10) for row in range(30_000)]
    assert numbers(tmp_path / "answers.csv", one_byte).tolist() == list(map(float, one_byte))


@pytest.mark.parametrize("odd", ["", ".", "1.2.3", "-1", "+1", "1e3", "1'5", " 1", "NA", "nan", "inf", "1_0", "١"])
def test_what_is_no_plain_number_leaves_the_whole_column_as_written(tmp_path: Path, odd: str) -> None:
    column = numbers(tmp_path / "answers.csv", ["1", "02.50", odd])
    assert list(column) == ["1", "02.50", odd]

"""The survey bench compares what it says it compares."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from bench import analysis as bench
from bench.whole_way import command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    bench.make(Namespace(people=[2000], clusters=20), path, tmp_path)
    return path


def test_the_sketch_the_product_and_its_command_find_the_same(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = bench.read(data)
    ours, sketched, whole = bench.eveil(columns), bench.sketch(columns), command.survey(data, bench.ITEMS, times=1)
    timing = {"reading": 0.01, "seconds": 0.02, "peak": 100.0}
    found = {"Éveil": {**ours, **timing}, "numpy sketch": {**sketched, **timing}, "eveil analyse": whole}
    assert bench.report(2000, found, "R was left out as asked.") == 0
    assert "R was left out as asked." in capsys.readouterr().out
    for name in ("numpy sketch", "eveil analyse"):
        assert bench.disagreement(ours, found[name]) < bench.AGREEMENT
        off = found | {name: found[name] | {"f": sketched["f"] * 1.001}}
        assert bench.report(2000, off, "") == 1


def test_every_engine_is_set_against_r() -> None:
    r = {"reading": 1.0, "seconds": 20.0, "whole": 30.0, "peak": 1000.0}
    core = {"reading": 0.5, "seconds": 0.1, "peak": 200.0}
    assert bench.line(core, r).split() == ["0.500", "0.1000", "200", "×", "–", "–", "200", "0.20"]
    assert bench.line({"whole": 2.0, "peak": 400.0}, r).split() == ["–", "–", "–", "2.00", "15.0", "×", "400", "0.40"]
    assert bench.line(core, {}).split() == ["0.500", "0.1000", "–", "–", "–", "200", "–"]


def test_a_classroom_is_analysed_from_file_to_results(tmp_path: Path) -> None:
    assert command.classroom(tmp_path, times=1) > 0
    assert (tmp_path / "classroom/results.json").exists()
    assert command.start_up(times=1) > 0

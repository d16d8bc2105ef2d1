"""The survey bench compares what it says it compares."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from bench import analysis as bench


def test_the_sketch_and_the_product_find_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "survey.csv"
    bench.make(Namespace(people=[2000], clusters=20), data, tmp_path)
    columns = bench.read(data)
    ours, sketched = bench.eveil(columns), bench.sketch(columns)
    assert bench.disagreement(ours, sketched) < bench.AGREEMENT
    timing = {"reading": 0.01, "seconds": 0.02, "peak": 100.0}
    found = {"Éveil": {**ours, **timing}, "numpy sketch": {**sketched, **timing}}
    assert bench.report(2000, found, "R was left out as asked.") == 0
    assert "R was left out as asked." in capsys.readouterr().out
    found["numpy sketch"]["f"] = sketched["f"] * 1.001
    assert bench.report(2000, found, "") == 1

"""Speed of the survey analysis: Éveil, R's survey package and bare numpy on the same simulated survey, in one run.

    python bench/analysis.py                     # 10 000 and 100 000 people
    python bench/analysis.py 1e6 --clusters 1000 # R needs two to three minutes for this one
    python bench/analysis.py 1e7 --without-r     # Éveil and numpy only

The survey: two waves of the same clusters in four strata, weights, two sexes, four age groups, 40 yes/no questions.
The work: the change between the waves with its standard error, for everybody and for the eight segments, and Rao and
Scott's F. Each engine runs in a process of its own, from the same file; "after it" is that work alone. "Whole way" is
the process from its start to its end: of R with this work, of ``eveil analyse`` with all that results.json holds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BENCH = Path(__file__).resolve().parent
if sys.path[0] == str(BENCH):
    sys.path[0] = str(BENCH.parent)  # else this file would hide the package of the same name

from bench.whole_way import command  # noqa: E402

ITEMS, SEGMENTS, STRATA = 40, 8, 4
ROWS_AT_ONCE = 500_000
MOST_FOR_R = 2_000_000
FEW_ENOUGH = 1_000_000  # people up to whom the whole way is gone three times, for the shortest time
AGREEMENT = 1e-9
KINDS = ("difference", "se", "segment_difference", "segment_se", "f")
Columns = Mapping[str, NDArray[Any]]


def main() -> int:
    words = argparse.ArgumentParser(description="Speed of the survey analysis against R and bare numpy.")
    words.add_argument("people", nargs="*", type=lambda text: int(float(text)), default=[10_000, 100_000])
    words.add_argument("--clusters", type=int, default=300)
    words.add_argument("--without-r", action="store_true")
    words.add_argument("--engine", nargs=3, metavar=("NAME", "DATA", "RESULTS"), help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.engine:
        name, data, results = asked.engine
        ENGINES[name](asked, Path(data), Path(results))
        return 0
    print(f"{'people':>10}  {'engine':<14}{'reading s':>10}{'after it s':>12}{'R takes':>9}", end="")
    print(f"{'whole way s':>13}{'R takes':>9}{'peak MiB':>10}{'of R':>7}")
    worst = max(compared(people, asked.clusters, r=not asked.without_r) for people in asked.people)
    with tempfile.TemporaryDirectory() as folder:
        print(f"A classroom of {command.CLASS} with {command.QUESTIONS} questions, from file to results.json:", end=" ")
        print(f"{command.classroom(Path(folder)):.2f} s. eveil analyse --help: {command.start_up():.2f} s.")
    return worst


def compared(people: int, clusters: int, *, r: bool) -> int:
    """Run every engine on one made-up survey and print a line for each; 1 where results differ."""
    reason = "" if r else "R was left out as asked."
    reason = reason or ("" if people <= MOST_FOR_R else "R is left out beyond two million people.") or without_r()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "survey.csv"
        own = [sys.executable, str(BENCH / "analysis.py"), str(people), "--clusters", str(clusters), "--engine"]
        command.run([*own, "make", str(data), "-"])
        commands = {name: [*own, name, str(data)] for name in ("Éveil", "numpy sketch")}
        if not reason:
            commands["R survey"] = ["Rscript", "--vanilla", str(BENCH / "peers" / "survey.R"), str(data)]
        found = {}
        for name, words in commands.items():
            results = Path(folder) / f"{name}.json"
            whole, peak = command.run([*words, str(results)])
            found[name] = json.loads(results.read_text(encoding="utf-8")) | {"peak": peak}
            if name == "R survey":  # the others do their work several times in a process
                found[name]["whole"] = whole
        found["eveil analyse"] = command.survey(data, ITEMS, times=3 if people <= FEW_ENOUGH else 1)
    return report(people, found, reason)


def report(people: int, found: dict[str, dict[str, Any]], reason: str) -> int:
    ours = found["Éveil"]
    for name, one in found.items():
        print(f"{people:>10}  {name:<14}{line(one, found.get('R survey', {}))}")
    if reason:
        print(f"{'':>10}  {reason}")
    print(f"{'':>10}  Éveil takes {ours['seconds'] / found['numpy sketch']['seconds']:.1f} × the sketch.", end=" ")
    gaps = {name: disagreement(ours, one) for name, one in found.items() if one is not ours}
    print(" ".join(f"Farthest from {name}: {gap:.1e}." for name, gap in gaps.items()))
    return int(max(gaps.values()) > AGREEMENT)


def line(one: Mapping[str, Any], r: Mapping[str, Any]) -> str:
    """The figures of one engine, with how many times as long R takes and the share of R's memory."""
    peak = one["peak"]
    return "".join(
        (
            f"{one['reading']:>10.3f}{one['seconds']:>12.4f}" if "seconds" in one else f"{'–':>10}{'–':>12}",
            f"{r['seconds'] / one['seconds']:>7.0f} ×" if "seconds" in one and r else f"{'–':>9}",
            f"{one['whole']:>13.2f}" if "whole" in one else f"{'–':>13}",
            f"{r['whole'] / one['whole']:>7.1f} ×" if "whole" in one and r else f"{'–':>9}",
            f"{peak:>10.0f}",
            f"{peak / r['peak']:>7.2f}" if r else f"{'–':>7}",
        )
    )


def disagreement(ours: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """The largest gap between two results, relative to the largest value of its kind."""
    pairs = [(np.array(ours[kind]), np.array(other[kind])) for kind in KINDS]
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)


def without_r() -> str:
    """Why R cannot take part, or nothing."""
    if shutil.which("Rscript") is None:
        return (
            "R is not installed, so it is left out; on Debian: apt install r-base-core r-cran-survey r-cran-jsonlite."
        )
    asked = subprocess.run(
        ["Rscript", "-e", "library(survey); library(jsonlite)"], capture_output=True, check=False, timeout=120
    )
    return (
        "R lacks a package, so it is left out: apt install r-cran-survey r-cran-jsonlite." if asked.returncode else ""
    )


def make(asked: argparse.Namespace, data: Path, _: Path) -> None:
    """Write a survey of the size asked for; the same size and clusters always give the same survey."""
    import polars

    people, clusters = asked.people[0], asked.clusters
    random = np.random.default_rng([people, clusters])
    of_cluster = random.normal(0, 0.4, (clusters, ITEMS))
    level, rise = random.normal(-0.3, 0.7, ITEMS), random.normal(0.2, 0.1, ITEMS)
    of_sex, of_age = random.normal(0, 0.2, (2, ITEMS)), random.normal(0, 0.2, (4, ITEMS))
    with data.open("wb") as file:
        for start in range(0, people, ROWS_AT_ONCE):
            rows = min(ROWS_AT_ONCE, people - start)
            wave, sex = random.integers(0, 2, (2, rows), dtype=np.int8)
            age, cluster = random.integers(0, 4, rows, dtype=np.int8), random.integers(0, clusters, rows)
            weight = np.exp(random.normal(0, 0.5, rows) + cluster % STRATA / 4).round(5)
            columns = {
                "wave": wave, "stratum": (cluster % STRATA).astype(np.int8), "cluster": cluster, "weight": weight,
                "sex": sex, "age": age,
            }  # fmt: skip
            for item in range(ITEMS):
                drive = (
                    level[item] + rise[item] * wave + of_cluster[cluster, item] + of_sex[sex, item] + of_age[age, item]
                )
                columns[f"q{item}"] = (random.random(rows) * (1 + np.exp(-drive)) < 1).astype(np.int8)
            polars.DataFrame(columns).write_csv(file, include_header=start == 0)


def read(data: Path) -> dict[str, NDArray[Any]]:
    import polars

    small = [*(f"q{item}" for item in range(ITEMS)), "wave", "stratum", "sex", "age"]
    types = dict.fromkeys(small, polars.Int8) | {"cluster": polars.Int32, "weight": polars.Float64}
    frame = polars.read_csv(data, schema_overrides=types)
    return {name: frame[name].to_numpy() for name in frame.columns}


def timed(analyse: Callable[[Columns], dict[str, NDArray[Any]]]) -> Callable[[argparse.Namespace, Path, Path], None]:
    """An engine that writes its results and seconds: the best of five runs, or of as many as fit in five seconds."""

    def engine(_: argparse.Namespace, data: Path, results: Path) -> None:
        start = time.perf_counter()
        columns = read(data)
        reading, seconds = time.perf_counter() - start, []
        while len(seconds) < 5 and sum(seconds) < 5:
            start = time.perf_counter()
            found = analyse(columns)
            seconds.append(time.perf_counter() - start)
        lists = {kind: found[kind].tolist() for kind in KINDS}
        results.write_text(json.dumps(lists | {"reading": reading, "seconds": min(seconds)}), encoding="utf-8")

    return engine


def eveil(columns: Columns) -> dict[str, NDArray[Any]]:
    """The product's own way: a checked design, then everything that a report asks of a survey."""
    from analysis.survey.design import survey_design
    from analysis.survey.estimation import Grouping, estimate_survey

    design = survey_design(columns["weight"], stratum=columns["stratum"], cluster=columns["cluster"])
    answers = np.stack([columns[f"q{item}"] for item in range(ITEMS)])
    everybody = Grouping(np.zeros(design.rows, dtype=np.int8), 1)
    segments = Grouping(columns["sex"] * 4 + columns["age"], SEGMENTS)
    whole, parts = estimate_survey(answers, design, columns["wave"], 2, [everybody, segments], [(0, 1)])
    return {
        "difference": whole.changes.estimate[:, 0, 0], "se": whole.changes.se[:, 0, 0],
        "segment_difference": parts.changes.estimate[:, 0], "segment_se": parts.changes.se[:, 0],
        "f": whole.tests.f[:, 0, 0],
    }  # fmt: skip


def sketch(columns: Columns) -> dict[str, NDArray[Any]]:
    from bench.peers.sketch import analyse

    return analyse(columns)


ENGINES = {"make": make, "Éveil": timed(eveil), "numpy sketch": timed(sketch)}

if __name__ == "__main__":
    sys.exit(main())

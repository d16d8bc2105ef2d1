"""``eveil analyse`` as a person starts it: a process of its own, from the files to results.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
EVEIL = [sys.executable, "-c", "from app import cli; cli()"]
CLASS, QUESTIONS = 30, 12
WAVES = ("before", "after")


class Process(NamedTuple):
    """What a process took from its start to its end."""

    seconds: float
    peak: float  # MiB


def run(command: list[str]) -> Process:
    """Run a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{command[0]} failed; its message stands above.")
    return Process(time.perf_counter() - start, usage.ru_maxrss / 1024)


def survey(data: Path, items: int, times: int) -> dict[str, Any]:
    """Analyse the survey of bench/analysis.py ``times`` times: the shortest time, the peak, and what was found."""
    plan, out = data.with_name("plan.json"), data.with_name("out")
    plan.write_text(json.dumps(plan_of_survey(data.name, items)), encoding="utf-8")
    processes = [run([*EVEIL, "analyse", str(plan), "--out", str(out)]) for _ in range(times)]
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    whole, peak = min(process.seconds for process in processes), max(process.peak for process in processes)
    return found_in(results, items) | {"whole": whole, "peak": peak}


def plan_of_survey(file: str, items: int) -> dict[str, Any]:
    return {
        "version": 1,
        "data": [{"file": file}],
        "design": {
            "kind": "cross_sections", "waves": ["0", "1"], "weight": "weight", "stratum": "stratum",
            "cluster": "cluster", "clusters_in_waves": "same",
        },
        "indicators": [{"id": f"q{item}", "measure": "binary", "item": f"q{item}"} for item in range(items)],
        "by": ["sex", "age", ["sex", "age"]],
    }  # fmt: skip


def found_in(results: dict[str, Any], items: int) -> dict[str, Any]:
    """Of results.json what the engines find too: changes of everybody and of the segments, and F of everybody."""
    rows = {(row["indicator"], *row["segment"].values()): row for row in results["changes"] if len(row["segment"]) != 1}
    segments = [(sex, age) for sex in "01" for age in "0123"]
    everybody = [rows[(f"q{item}",)] for item in range(items)]
    parts = [[rows[f"q{item}", *segment] for segment in segments] for item in range(items)]
    return {
        "difference": [row["difference"] for row in everybody],
        "se": [row["se"] for row in everybody],
        "segment_difference": [[row["difference"] for row in of_item] for of_item in parts],
        "segment_se": [[row["se"] for row in of_item] for of_item in parts],
        "f": [test["statistic"] for row in everybody for test in row["more_tests"] if test["method"] == "rao_scott_f"],
    }


def classroom(folder: Path, times: int = 5) -> float:
    """Seconds from the answers of one class, before and after a lesson, to results.json: the middle of some runs."""
    chance = np.random.default_rng(CLASS)
    names = [f"q{question}_{wave}" for question in range(QUESTIONS) for wave in WAVES]
    answers = chance.random((CLASS, len(names))) < np.tile([0.4, 0.7], QUESTIONS)
    lines = [",".join(["who", *names])]
    lines += [",".join([f"K{pupil:02}", *map(str, row)]) for pupil, row in enumerate(answers.astype(int).tolist())]
    (folder / "classroom.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = {
        "version": 1,
        "data": [{"file": "classroom.csv"}],
        "design": {
            "kind": "paired", "layout": "wide", "waves": list(WAVES), "person": "who",
            "suffix": {wave: f"_{wave}" for wave in WAVES},
        },
        "indicators": [{"id": f"q{item}", "measure": "binary", "item": f"q{item}"} for item in range(QUESTIONS)],
    }  # fmt: skip
    (folder / "classroom.json").write_text(json.dumps(plan), encoding="utf-8")
    command = [*EVEIL, "analyse", str(folder / "classroom.json"), "--out", str(folder / "classroom")]
    return median(run(command).seconds for _ in range(times))


def start_up(times: int = 5) -> float:
    """Seconds that ``eveil analyse --help`` takes: the middle of some runs."""
    return median(run([*EVEIL, "analyse", "--help"]).seconds for _ in range(times))

"""Do intervals cover, do tests keep their level, and do planned samples have the power they were planned for?

    python bench/montecarlo.py                # under a minute
    python bench/montecarlo.py --draws 20000  # finer where chance is drawn

Yes/no answers of small samples need no chance: every table that can happen is weighed by its probability, so those
figures are exact. Scores, sessions and surveys are drawn from a seed; “±” is twice the standard error of the drawing.
"aim" is what a method promises, "mean" and "worst" what it does over the settings named (many true shares).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

BENCH = Path(__file__).resolve().parent
if sys.path[0] == str(BENCH):
    sys.path[0] = str(BENCH.parent)  # else bench/analysis.py would hide the package of the same name

from bench.chances import drawn, planned, weighed  # noqa: E402
from bench.chances.lines import Line, as_text  # noqa: E402


def main() -> int:
    words = argparse.ArgumentParser(description="Coverage of intervals, size of tests, power against the planner.")
    words.add_argument("--draws", type=int, default=1500, help="samples drawn where not every table can be weighed")
    draws = words.parse_args().draws
    tables: dict[str, Callable[[], Iterator[Line]]] = {
        "Coverage of intervals, every table weighed": weighed.coverage,
        "Size of tests at 5 %, every table weighed": weighed.size,
        "Coverage and size where samples are drawn": lambda: drawn.lines(draws),
        "Power of planned samples": lambda: planned.lines(draws),
    }
    for title, lines in tables.items():
        print(f"\n{title}\n{'method':<34}{'setting':<38}{'aim':>7}{'mean':>8}{'worst':>8}{'±':>8}")
        for line in lines():
            print(as_text(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The statistics: a plan and a data frame in, frozen results out. Imports nothing else of this project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis.plan import Plan
    from analysis.results import Results


def run(
    plan: Plan,
    frame: pd.DataFrame,
    *,
    data_sha256: str | None = None,
    changes_to_plan: Sequence[Mapping[str, Any]] = (),
) -> Results:
    """Analyse a frame by a plan.

    ``frame`` has a row per answer sheet (long) or person (wide) and at least the plan's columns; cells are codes of any
    type. ``data_sha256`` is the hash of the files where there are files, else the frame's is computed.
    ``changes_to_plan`` are changes after a lock, handed on to the reader. Errors: DataError with the column and rows.

    >>> import pandas as pd
    >>> from analysis.plan import parse_plan
    >>> plan = parse_plan({"version": 1, "design": {"kind": "cross_sections", "waves": ["before", "after"]},
    ...                    "indicators": [{"id": "hotline", "measure": "binary", "item": "knows"}]})
    >>> answers = pd.DataFrame({"wave": ["before"] * 20 + ["after"] * 20, "knows": [0] * 15 + [1] * 20 + [0] * 5})
    >>> [(row["difference"], row["verdict"]) for row in run(plan, answers).changes]
    [(0.5, 'improved')]
    """
    from analysis import engine  # numpy, pandas and scipy take half a second: a plan can be checked without them

    return engine.analyse(plan, frame, data_sha256=data_sha256, changes_to_plan=changes_to_plan)

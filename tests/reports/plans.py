"""Plans and answers for the tests of the report, small enough to read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis import run
from analysis.changes import change_rows
from analysis.comparison import compare_pairs, compare_samples
from analysis.independent import TwoSamples
from analysis.paired import PairedTable
from analysis.plan import Plan, parse_plan

WAVES = ("before", "after", "followup")
INDICATORS = ("names_three_signs", "knows_hotline", "would_employ_survivor")
TITLES = {name: name.replace("_", " ").capitalize() for name in INDICATORS}


def plan_of(kind: str = "paired", waves: tuple[str, ...] = ("before", "after"), **changes: Any) -> Plan:
    """A plan with one primary indicator; ``changes`` are further keys of the contract."""
    indicators = [
        {"id": name, "measure": "binary", "item": name, "dimension": "knowledge", "primary": name == INDICATORS[0]}
        for name in INDICATORS
    ]
    design = {"kind": kind, "layout": "long", "waves": list(waves), "wave": "wave", "person": "person"}
    contract = {
        "version": 1,
        "design": design,
        "indicators": indicators,
        "by": ["sex"],
        "smallest_change": {"points": 10},
    }
    return parse_plan(contract | changes)


def pairs_row(plan: Plan, yes_yes: int, yes_no: int, no_yes: int, no_no: int, waves: tuple[str, str]) -> dict[str, Any]:
    """A row of ``changes`` for the first indicator of a paired plan, computed from the four counts."""
    counts = [np.full((len(plan.indicators), 1), count, dtype=float) for count in (yes_yes, yes_no, no_yes, no_no)]
    found = compare_pairs(PairedTable.of(*counts), plan.methods, plan.confidence)
    row: dict[str, Any] = change_rows(plan, waves, found, ({},), np.zeros((len(plan.indicators), 1), dtype=bool))[0]
    return row


def samples_row(plan: Plan, x_from: int, n_from: int, x_to: int, n_to: int, waves: tuple[str, str]) -> dict[str, Any]:
    """The same for two separate samples."""
    counts = [np.full((len(plan.indicators), 1), count) for count in (x_to, n_to, x_from, n_from)]
    found = compare_samples(TwoSamples.of(*counts), plan.methods, plan.confidence)
    row: dict[str, Any] = change_rows(plan, waves, found, ({},), np.zeros((len(plan.indicators), 1), dtype=bool))[0]
    return row


def answers(people: int = 40, waves: tuple[str, ...] = WAVES, seed: int = 7) -> pd.DataFrame:
    """Linked answers of so many people at each wave: few know before, many after."""
    random = np.random.default_rng(seed)
    share = {"before": 0.2, "after": 0.8, "followup": 0.6}
    rows = []
    for wave in waves:
        for person in range(people):
            row: dict[str, Any] = {"wave": wave, "person": f"p{person}", "sex": "female" if person % 2 else "male"}
            rows.append(row | {name: int(random.random() < share[wave]) for name in INDICATORS})
    return pd.DataFrame(rows)


def results_of(plan: Plan, frame: pd.DataFrame) -> dict[str, Any]:
    return run(plan, frame).to_dict()

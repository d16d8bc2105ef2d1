"""``eveil analyse`` on a barrier analysis: real households, and one sentence for a plan that lacks something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from reports.analyse import analyse

PLAN: dict[str, Any] = {
    "version": 1,
    "title": "Changes at home",
    "design": {
        "kind": "barrier",
        "group": "adopted_chc_changes",
        "doer": "Yes",
        "non_doer": "No",
        "prevalence": 0.1,
    },
    "indicators": [
        {"id": "ash", "dimension": "determinant", "measure": "binary", "item": "hand_washing_effectiveness"},
    ],
}


def call(folder: Path, plan: dict[str, Any], *more: str) -> Result:
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan))
    return CliRunner().invoke(analyse, [str(folder / "plan.yaml"), "--out", str(folder / "out"), *more])


def test_households_in_malawi_are_compared(shared: Path, tmp_path: Path) -> None:
    data = shared / "data/data/malawi-chc-kap" / "chckapmalawi.csv"
    called = call(tmp_path, PLAN, "--data", str(data))
    assert called.exit_code == 0, called.output
    results = json.loads((tmp_path / "out/results.json").read_text())
    flow = results["flow"]
    assert (flow["doers"], flow["non_doers"], flow["neither"], flow["unknown"]) == (78, 52, 0, 370)
    (row,) = results["barriers"]
    assert (row["doers"], row["non_doers"]) == ({"x": 42, "n": 64}, {"x": 25, "n": 42})
    assert row["missing"]["doers"]["blank"] == 14
    assert row["stands_out"] is False


def test_small_groups_are_hidden_from_the_public(tmp_path: Path) -> None:
    rows = ["Yes,TRUE"] * 8 + ["No,FALSE"] * 40
    data = tmp_path / "people.csv"
    data.write_text("adopted_chc_changes,hand_washing_effectiveness\n" + "\n".join(rows) + "\n")
    for audience, hidden in (("team", False), ("public", True)):
        assert call(tmp_path, PLAN, "--data", str(data), "--audience", audience).exit_code == 0
        (row,) = json.loads((tmp_path / "out/results.json").read_text())["barriers"]
        assert row["hidden"] is hidden
        assert (row["doers"] is None) is hidden


def test_a_plan_without_doers_gets_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    design = {key: value for key, value in PLAN["design"].items() if key != "doer"}
    called = call(tmp_path, PLAN | {"design": design}, "--data", "none.csv")
    assert called.exit_code == 2
    assert called.stderr.strip() == (
        "A barrier analysis needs “design.doer”: add the code that means doer in the column “adopted_chc_changes”."
    )
    assert not (tmp_path / "out").exists()

"""Attrition through a plan: agreement with R (models/r/plans.R, followup.R), warnings, and what is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import run
from analysis.results import Results
from tests.analysis.plans import only, plan

HERE = Path(__file__).parent / "models" / "r"
R: dict[str, Any] = json.loads((HERE / "plans.json").read_text())["attrition"]
LOSS: dict[str, Any] = json.loads((HERE / "followup.json").read_text())["attrition"]
WAVES = ["before", "after", "later"]


def close(expected: Any, tolerance: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def people() -> pd.DataFrame:
    wide = pd.read_csv(HERE / "followup.csv", dtype=str, keep_default_na=False)
    about = wide[["person", "session", "sex", "region", "arm"]]
    return pd.concat(
        [about.assign(wave=wave, knows=wide[wave], score=wide[f"score_{wave}"]) for wave in WAVES], ignore_index=True
    )


def results(frame: pd.DataFrame | None = None, **more: Any) -> Results:
    design = {"waves": WAVES, "person": "person"} | more.pop("design", {})
    found = run(plan("panel", design=design, **more), people() if frame is None else frame)
    json.dumps(found.to_dict(), allow_nan=False)
    return found


def lost(found: Results, **about: Any) -> dict[str, Any]:
    return only([row for row in found.attrition if row["to"] == "later"], **about)


@pytest.mark.parametrize(("case", "cluster"), [("knows", {}), ("sessions", {"cluster": "session"})])
def test_weights_with_parts_agree_with_r(case: str, cluster: dict[str, str]) -> None:
    row, expected = lost(results(design=cluster, by=["sex"])), R[case]
    assert (row["n"], row["found"]) == (expected["n"], expected["found"])
    assert row["share_lost"] == close(1 - expected["found"] / expected["n"])
    weighted = row["weighted"]
    assert (weighted["difference"], weighted["se"]) == close((expected["value"], expected["se"]))
    assert [weighted["interval"][end] for end in ("low", "high")] == close(expected["interval"])
    assert [weighted["weights"][end] for end in ("low", "high")] == close(expected["weights"])
    assert weighted["covariates"] == "answer_and_parts"


def test_weights_of_a_score_agree_with_r() -> None:
    score = [{"id": "score", "measure": "score", "item": "score"}]
    row, expected = lost(results(indicators=score, by=["sex"])), R["score"]
    assert (row["weighted"]["difference"], row["weighted"]["se"]) == close((expected["value"], expected["se"]))
    assert row["bounds"]["low"] < row["weighted"]["difference"] < row["bounds"]["high"]


def test_losses_by_answer_and_by_arm_agree_with_r() -> None:
    found = results(design={"arm": "arm", "comparison": "0"})
    by_arm = lost(found, arm=None)
    wide = pd.read_csv(HERE / "followup.csv").dropna(subset=["before"])
    counts = {str(arm): (len(of), int(of["later"].notna().sum())) for arm, of in wide.groupby("arm")}
    assert {group["group"]: (group["n"], group["found"]) for group in by_arm["by_arm"]["groups"]} == counts
    assert by_arm["differential"][0]["difference"] == close(LOSS["differential"][0])
    assert by_arm["differential"][0]["se"] == close(LOSS["differential"][1])
    everybody = lost(results())
    assert [everybody["by_answer"]["test"][key] for key in ("statistic", "p")] == close(LOSS["answer"])


def test_arms_are_told_apart() -> None:
    found = results(design={"arm": "arm", "comparison": "0"})
    arms = {arm: lost(found, arm=arm) for arm in ("0", "1")}
    pooled = lost(found, arm=None)
    assert sum(row["n"] for row in arms.values()) == pooled["n"]
    assert "weighted" not in pooled
    assert "bounds" not in pooled


def lopsided(kind: str) -> pd.DataFrame:
    """A hundred people, of whom mostly those who knew nothing, or those of one arm, were lost."""
    frame = pd.DataFrame({"person": range(100), "knows": [0, 1] * 50, "arm": ["a"] * 50 + ["c"] * 50})
    stays = frame["knows"] == 1 if kind == "answer" else frame["arm"] == "c"
    after = frame[stays | (frame["person"] % 10 < 2)]
    return pd.concat([frame.assign(wave="before"), frame.assign(wave="after"), after.assign(wave="later")])


@pytest.mark.parametrize(("kind", "code"), [("answer", "differential_attrition"), ("arm", "attrition_by_arm")])
def test_a_lopsided_loss_is_warned_of(kind: str, code: str) -> None:
    found = results(lopsided(kind), design={"arm": "arm", "comparison": "c"})
    warned = [warning for warning in found.warnings if warning["code"] == code]
    assert warned == [{"code": code, "params": {"indicators": "knows", "wave": "later"}}]


def test_a_wave_that_lost_nobody_needs_no_weights() -> None:
    found = results(lopsided("answer"))
    row = only(list(found.attrition), to="after")
    assert (row["n"], row["found"], row["share_lost"]) == (100, 100, 0)
    assert row["weighted"]["difference"] is None
    assert row["bounds"]["low"] == row["bounds"]["high"] == row["complete_pairs"]


def test_few_sessions_do_not_vary_the_weights() -> None:
    """With one session, as with five, the change speaks of these people, and so do the weights."""
    frame = people().assign(session="S1")
    one, alone = lost(results(frame, design={"cluster": "session"})), lost(results(frame))
    assert one["weighted"] == alone["weighted"]


def test_separate_samples_lose_nobody() -> None:
    asked = plan("cross_sections", design={"waves": WAVES})
    assert run(asked, people().drop(columns="person")).attrition == ()


def test_few_found_again_hide_the_row_and_few_lost_are_not_told_apart() -> None:
    frame = people()
    later, rest = frame[(frame["wave"] == "later") & (frame["knows"] != "")], frame[frame["wave"] != "later"]
    row = lost(results(pd.concat([rest, later.head(4)]), suppress_below=5))
    assert row["hidden"]
    assert (row["n"], row["found"], row["complete_pairs"], row["bounds"]["low"]) == (None, None, None, None)
    everyone = rest[rest["wave"] == "before"].assign(wave="later").query("knows != ''").iloc[2:]
    row = lost(results(pd.concat([rest, everyone]), suppress_below=5))
    assert not row["hidden"]
    assert row["by_answer"] == {"groups": None, "test": None, "hidden": True}


def test_few_lost_of_one_arm_are_not_worked_out_from_the_other() -> None:
    frame = lopsided("answer")
    out = (frame["wave"] == "later") & (frame["arm"] == "a")
    back = frame[(frame["wave"] == "before") & (frame["arm"] == "a")].assign(wave="later").iloc[:48]
    found = results(pd.concat([frame[~out], back]), suppress_below=5, design={"arm": "arm", "comparison": "c"})
    row = lost(found, arm=None)
    assert row["by_arm"]["groups"] is None
    assert row["differential"] is None


def test_few_lost_with_one_answer_of_one_arm_hide_how_the_loss_depends_on_answers() -> None:
    frame = lopsided("answer")
    gone = (frame["wave"] == "later") & frame["person"].isin([1, 3])  # two of arm a who had said yes
    found = results(frame[~gone], suppress_below=5, design={"arm": "arm", "comparison": "c"})
    row = lost(found, arm=None)
    assert len(row["by_arm"]["groups"]) == 2  # 22 and 20 were lost
    assert row["differential"] == [{"arm": "a", "difference": None, "hidden": True}]


def test_each_of_several_arms_is_set_against_the_comparison_alone() -> None:
    frame = lopsided("answer")
    other = frame[frame["arm"] == "a"].assign(arm="b")
    other["person"] = other["person"] + 1_000
    other = other[(other["wave"] == "before") | (other["person"] % 3 > 0)]
    three = pd.concat([frame, other])
    design = {"arm": "arm", "comparison": "c"}
    told = {one["arm"]: one for one in lost(results(three, design=design), arm=None)["differential"]}
    assert set(told) == {"a", "b"}
    for arm, found in told.items():
        (alone,) = lost(results(three[three["arm"].isin([arm, "c"])], design=design), arm=None)["differential"]
        assert found == alone
    assert told["a"]["difference"] != told["b"]["difference"]

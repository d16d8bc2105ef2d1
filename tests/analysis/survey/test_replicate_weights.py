"""Replicate weights that came with the data give R's ``svrepdesign(mse = TRUE)``, and faulty ones a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import run
from analysis.errors import DataError, PlanError
from analysis.frame import number_columns, optional_columns, required_columns
from analysis.plan import parse_plan
from analysis.results import Results
from analysis.survey.replicate_weights import replicate_design
from analysis.survey.variance import covariance_of_scores, df_of_rows
from reports.analyse import analyse
from tests.analysis.plans import indicator, only, written

HERE = Path(__file__).parent
R: dict[str, Any] = json.loads((HERE / "replicate_weights.json").read_text())["types"]
READ = {"dtype": str, "keep_default_na": False}
FRAME = pd.concat([pd.read_csv(HERE / name, **READ) for name in ("survey.csv", "replicate_weights.csv")], axis=1)  # type: ignore[call-overload]
ITEMS = ("knows", "would_report", "score")
INDICATORS = [indicator("knows"), indicator("would_report"), indicator("score", measure="score")]
JK1: dict[str, Any] = {"prefix": "jk1_", "type": "jk1"}


def keys(kind: str) -> dict[str, Any]:
    more: dict[str, dict[str, Any]] = {"jkn": {"rscales": R["jkn"]["rscales"]}, "fay": {"rho": 0.3}}
    return {"prefix": f"{kind}_", "type": kind} | more.get(kind, {})


def asked(replicates: dict[str, Any], **more: Any) -> dict[str, Any]:
    design = {"waves": ["0", "1"], "weight": "weight", "replicate_weights": replicates} | more.pop("design", {})
    return written(design=design, indicators=INDICATORS, **{"by": ["sex"]} | more)


def results(replicates: dict[str, Any], frame: pd.DataFrame = FRAME) -> Results:
    return run(parse_plan(asked(replicates)), frame)


def agrees(found: list[Any], expected: list[Any]) -> None:
    np.testing.assert_allclose(np.array(found, float), np.array(expected, float), rtol=1e-9)


@pytest.mark.parametrize("kind", R)
@pytest.mark.parametrize("item", ITEMS)
def test_levels_changes_and_parts(kind: str, item: str) -> None:
    made, of_r = results(keys(kind)), R[kind]["items"][item]
    level = only(made.estimates, indicator=item, wave="0", segment={})
    agrees([level["estimate"], level["se"], level["df"]], list(of_r["level"].values()))
    for segment, key in (({}, "change"), ({"sex": "F"}, "women")):
        row = only(made.changes, indicator=item, segment=segment)
        assert row["test"]["method"] == row["interval"]["method"] == "replicates_t"
        agrees([row["difference"], row["se"], row["df"]], list(of_r[key].values()))
    if item != "score":
        agrees([level["interval"]["low"], level["interval"]["high"]], of_r["interval"])
        model = only(list(made.models), indicator=item, model="svyglm_logit", segment={})
        agrees([model["terms"][0]["value"], model["terms"][0]["se"]], list(of_r["odds"].values()))


@pytest.mark.parametrize("kind", R)
def test_degrees_of_freedom_of_everybody_are_the_rank_less_one(kind: str) -> None:
    columns = [name for name in FRAME if name.startswith(f"{kind}_")]
    weight, replicates = FRAME["weight"].astype(float), FRAME[columns].astype(float)
    design = replicate_design(weight.to_numpy(), replicates.to_numpy(), np.ones(len(columns)))
    assert df_of_rows(design, np.ones(len(FRAME), dtype=bool)) == R[kind]["degf"]


def test_columns_by_name_are_those_of_the_prefix_and_a_written_scale_takes_the_place_of_the_types() -> None:
    named = {"columns": [f"jk1_{number}" for number in range(1, 19)], "type": "bootstrap"}
    one, other = (results(replicates).changes for replicates in (JK1, named | {"scale": 17 / 18}))
    assert [row["se"] for row in one] == pytest.approx([row["se"] for row in other])
    halved = results(JK1 | {"rscales": [0.25] * 18}).changes
    assert [row["se"] for row in halved] == pytest.approx([row["se"] / 2 for row in one])


def test_leading_zeros_are_read_and_other_columns_with_the_prefix_are_not() -> None:
    renamed = FRAME.rename(columns={f"jk1_{number}": f"jk1_{number:02d}" for number in range(1, 19)})
    made = results(JK1, renamed.assign(jk1_note="made in May", jk1_0=renamed["weight"]))
    assert [row["se"] for row in made.changes] == pytest.approx([row["se"] for row in results(JK1).changes])


def test_files_are_read_with_these_columns() -> None:
    by_prefix = parse_plan(asked(JK1))
    assert {"jk1_1", "jk1_018"} <= set(optional_columns(by_prefix)) & set(number_columns(by_prefix))
    by_name = parse_plan(asked({"columns": ["a", "b"], "type": "brr"}))
    assert {"a", "b"} <= set(required_columns(by_name)) & set(number_columns(by_name))
    assert optional_columns(by_name) == []


def test_what_needs_strata_and_clusters_is_left_out() -> None:
    ordered = [indicator("attitude", measure="ordinal"), indicator("knows")]
    made = run(parse_plan(asked(JK1) | {"indicators": ordered}), FRAME)
    assert all(row["more_tests"] == [] for row in made.changes)
    assert all(row["icc"] is None and row["deff"] > 0 for row in made.clustering)
    assert only(list(made.interactions), indicator="knows")["test"]["p"] is not None
    design = replicate_design(np.ones(2), np.eye(2) * 2, np.ones(2))
    with pytest.raises(ValueError, match="use means"):
        covariance_of_scores(np.ones((2, 1)), design, np.ones(2, dtype=bool))


def test_a_part_that_a_replicate_leaves_without_anybody_has_no_error_and_spoils_no_other() -> None:
    alone = FRAME.assign(sex=np.where(FRAME["jk1_3"].astype(float) == 0, "X", "F"))
    made = results(JK1, alone)
    row = only(made.changes, indicator="score", segment={"sex": "X"})
    assert row["difference"] is not None and row["se"] is None
    assert only(made.changes, indicator="score", segment={"sex": "F"})["se"] > 0


@pytest.mark.parametrize(
    ("replicates", "more", "code", "key"),
    [
        (JK1, {"design": {"stratum": "stratum"}}, "beside_replicates", "design.stratum"),
        (JK1, {"design": {"cluster": "c", "clusters_in_waves": "new"}}, "beside_replicates", "design.cluster"),
        (JK1, {"design": {"lonely_cluster": "adjust"}}, "beside_replicates", "design.lonely_cluster"),
        (JK1, {"design": {"fpc": "fpc"}}, "beside_replicates", "design.fpc"),
        (JK1, {"methods": {"sample_variance": "jackknife"}}, "beside_replicates", "methods.sample_variance"),
        (JK1, {"adjust": ["sex"]}, "not_with_replicates", "adjust"),
        (JK1, {"design": {"arm": "arm", "comparison": "0"}}, "not_with_replicates", "design.arm"),
        (JK1, {"design": {"weight": None}}, "needs_key", "design.weight"),
        (JK1, {"design": {"kind": "paired", "person": "who"}}, "key_of_samples", "design.replicate_weights"),
        (JK1 | {"columns": ["a", "b"]}, {}, "columns_or_prefix", "design.replicate_weights"),
        ({"type": "jk1"}, {}, "columns_or_prefix", "design.replicate_weights"),
        ({"type": "jk1", "columns": ["a"]}, {}, "too_few", "design.replicate_weights.columns"),
        ({"type": "jk1", "columns": ["a", "a"]}, {}, "repeated", "design.replicate_weights.columns"),
        ({"prefix": "r", "type": "jkn"}, {}, "rscales_needed", "design.replicate_weights.rscales"),
        ({"prefix": "r", "type": "fay"}, {}, "rho_of_fay", "design.replicate_weights.rho"),
        (JK1 | {"rho": 0.5}, {}, "rho_of_fay", "design.replicate_weights.rho"),
        ({"prefix": "r", "type": "jk2"}, {}, "not_allowed", "design.replicate_weights.type"),
        ({"prefix": "r"}, {}, "missing_key", "design.replicate_weights.type"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(
    replicates: dict[str, Any], more: dict[str, Any], code: str, key: str
) -> None:
    with pytest.raises(PlanError) as refusal:
        parse_plan(asked(replicates, **more))
    assert (refusal.value.code, refusal.value.key) == (code, key)
    assert str(refusal.value).endswith(".") and key in str(refusal.value)


@pytest.mark.parametrize(
    ("replicates", "frame", "code", "named"),
    [
        ({"prefix": "none", "type": "jk1"}, FRAME, "few_replicate_columns", "none"),
        (
            {"prefix": "brr_1", "type": "brr"},
            FRAME.drop(columns=["brr_10", "brr_11"]),
            "few_replicate_columns",
            "brr_1",
        ),
        ({"columns": ["jk1_1", "jk1_99"], "type": "jk1"}, FRAME, "missing_column", "jk1_99"),
        (JK1, FRAME.assign(jk1_2="much"), "unreadable_number", "jk1_2"),
        (JK1, FRAME.assign(jk1_2=""), "replicate_weight_unusable", "jk1_2"),
        (JK1, FRAME.assign(jk1_2="-1"), "replicate_weight_unusable", "jk1_2"),
        (JK1, FRAME.assign(jk1_2="0"), "replicate_weights_sum_to_nothing", "jk1_2"),
        (JK1 | {"rscales": [1, 1]}, FRAME, "rscales_for_every_column", "18"),
        (JK1, FRAME.assign(weight="0"), "weight_not_positive", "rows"),
        (JK1, FRAME.rename(columns={"jk1_2": "jk1_3"}), "repeated_column", "jk1_3"),
    ],
)
def test_columns_that_cannot_be_weights_are_refused(
    replicates: dict[str, Any], frame: pd.DataFrame, code: str, named: str
) -> None:
    with pytest.raises(DataError) as refusal:
        results(replicates, frame)
    assert refusal.value.code == code
    assert named in str(refusal.value)


def test_a_barrier_analysis_has_no_replicate_weights() -> None:
    design = {"kind": "barrier", "group": "does", "doer": 1, "prevalence": 0.2, "replicate_weights": JK1}
    item = indicator("knows", dimension="determinant")
    with pytest.raises(PlanError, match=r"design\.replicate_weights"):
        parse_plan({"version": 1, "design": design, "indicators": [item]})


def test_retention_rests_on_the_replicates() -> None:
    kept = {"from": "1", "to": "2", "baseline": "0", "margin_points": 20}
    late = FRAME[FRAME["wave"] == "1"].assign(wave="2")
    design = {"waves": ["0", "1", "2"]}
    made = run(parse_plan(asked(JK1, design=design, retention=kept)), pd.concat([FRAME, late], ignore_index=True))
    (row,) = [row for row in made.retention if row["indicator"] == "knows"]
    assert row["test"]["method"] == "replicates_t_noninferiority"
    assert row["difference"] == pytest.approx(0)


def test_the_command_reads_the_columns_of_the_prefix(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "people.csv", index=False)
    (tmp_path / "plan.yaml").write_text(json.dumps(asked(JK1, data=[{"file": "people.csv"}])))
    done = CliRunner().invoke(analyse, [str(tmp_path / "plan.yaml"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    made = json.loads((tmp_path / "out" / "results.json").read_text())
    row = only(made["changes"], indicator="score", segment={})
    agrees([row["difference"], row["se"], row["df"]], list(R["jk1"]["items"]["score"]["change"].values()))

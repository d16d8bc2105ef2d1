"""The models agree with R on made-up villages and a made-up panel (r/models.R), and with the references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.means import MeanChange
from analysis.models import differences, mixed, panel
from analysis.models.clustered import judge, robust
from analysis.models.fitting import fit_linear, fit_logistic, wald
from analysis.models.resampling import permutation_test, wild_cluster_bootstrap

HERE = Path(__file__).parent / "r"
R: dict[str, Any] = json.loads((HERE / "models.json").read_text())
LONG = pd.read_csv(HERE / "villages.csv")
PANEL = pd.read_csv(HERE / "panel.csv")
KINDS = ("CR0", "CR1", "CR1S", "CR2", "CR3")


def approx(expected: Any, tolerance: float = 1e-8) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def column(frame: pd.DataFrame, name: str) -> Any:
    return frame[name].to_numpy(float)


def codes(frame: pd.DataFrame, name: str) -> Any:
    return pd.factorize(frame[name])[0]


def check(found: MeanChange, expected: dict[str, float], tolerance: float = 1e-8) -> None:
    assert (found.value, found.se, found.df, found.p) == approx(
        tuple(expected[key] for key in ("value", "se", "df", "p")), tolerance
    )


@pytest.mark.parametrize("kind", KINDS)
def test_differences_in_differences_agree_with_clubsandwich(kind: Any) -> None:
    treated, later, village = column(LONG, "treated"), column(LONG, "later"), codes(LONG, "village")
    knows, age = column(LONG, "knows"), column(LONG, "age")[:, None]
    linear = differences.difference_in_differences(knows, treated, later, village, kind=kind)
    check(linear, R["did"]["linear"][kind])
    if kind == "CR2":
        assert (linear.low, linear.high) == approx(tuple(R["did"]["interval"]))
    score = differences.difference_in_differences(
        column(LONG, "score"), treated, later, village, kind=kind, covariates=age
    )
    check(score, R["did"]["with_age"][kind])
    check(differences.did_logit(knows, treated, later, village, kind=kind), R["did"]["logit"][kind])
    logit = differences.did_logit(knows, treated, later, village, kind=kind, covariates=age)
    check(logit, R["did"]["logit_age"][kind], 1e-7)


def test_the_difference_of_cluster_means_agrees_with_r() -> None:
    found = differences.did_of_cluster_means(
        column(LONG, "knows"), column(LONG, "treated"), column(LONG, "later"), codes(LONG, "village")
    )
    check(found, R["did"]["cluster_means"])


def both_waves() -> pd.DataFrame:
    before, after = (LONG[LONG["later"] == wave] for wave in (0, 1))
    return before.merge(after[["person", "score"]], on="person", suffixes=("", "_after"))


def test_differences_of_changes_and_ancova_agree_with_r() -> None:
    wide = both_waves()
    before, after, treated = (column(wide, name) for name in ("score", "score_after", "treated"))
    village, age = codes(wide, "village"), column(wide, "age")[:, None]
    alone = differences.difference_of_changes(after - before, treated)
    check(alone, R["did"]["changes"])
    assert alone.se == approx(R["did"]["hc2_se"])
    check(differences.difference_of_changes(after - before, treated, village), R["did"]["changes_clustered"])
    check(differences.ancova(after, before, treated), R["did"]["ancova"])
    check(differences.ancova(after, before, treated, village, covariates=age), R["did"]["ancova_clustered"])


def test_exchanging_villages_agrees_with_counting_every_way_in_r() -> None:
    found = permutation_test(
        column(LONG, "knows"), column(LONG, "treated"), column(LONG, "later"), codes(LONG, "village"), seed=1
    )
    expected = R["permutation"]
    assert (found.statistic, found.p, found.ways) == approx(tuple(expected[key] for key in ("statistic", "p", "ways")))
    assert found.exact


@pytest.mark.parametrize(("values", "villages"), [("rademacher", (1, 2, 3, 4, 5, 6, 8, 9)), ("webb", (2, 3, 4, 6))])
def test_the_wild_cluster_bootstrap_agrees_with_counting_every_pattern_in_r(
    values: Any, villages: tuple[int, ...]
) -> None:
    some = LONG[LONG["village"].isin([f"V{number:02d}" for number in villages])]
    x = differences.did_columns(column(some, "treated"), column(some, "later"))
    found = wild_cluster_bootstrap(column(some, "knows"), x, codes(some, "village"), 3, seed=1, values=values)
    expected = R["wild"][values]
    assert (found.statistic, found.p, found.ways) == approx(tuple(expected[key] for key in ("statistic", "p", "ways")))
    assert found.exact


def panel_data() -> tuple[Any, Any, Any]:
    wave = PANEL["wave"]
    x = np.column_stack([np.ones(len(PANEL)), wave == "after", wave == "later", PANEL["educated"]]).astype(float)
    return column(PANEL, "knows"), x, codes(PANEL, "person")


@pytest.mark.parametrize("case", ["exchangeable", "independence", "weighted"])
def test_gee_agrees_with_geepack(case: str) -> None:
    working: Any = "independence" if case == "weighted" else case
    weight = column(PANEL, "weight") if case == "weighted" else None
    made, expected = panel.gee_logit(*panel_data(), working=working, weight=weight), R["gee"][case]
    assert made.coefficients.tolist() == approx(expected["coef"], 1e-7)
    assert np.sqrt(np.diag(made.covariance)).tolist() == approx(expected["se"], 1e-7)
    assert made.alpha == approx(expected["alpha"], 1e-7)


def test_the_small_sample_covariance_of_gee_agrees_with_mancl_and_derouen_by_hand() -> None:
    made = panel.gee_logit(*panel_data(), small_sample=True)
    assert np.sqrt(np.diag(made.covariance)).tolist() == approx(R["gee"]["mancl_derouen_se"], 1e-6)


def test_without_correlation_the_small_sample_gee_is_cr3() -> None:
    y, x, person = panel_data()
    made = panel.gee_logit(y, x, person, working="independence", small_sample=True)
    assert made.covariance == approx(robust(fit_logistic(y, x), person, "CR3").covariance)


@pytest.mark.parametrize(("nodes", "case"), [(1, "laplace"), (7, "seven"), (15, "fifteen")])
def test_the_mixed_logistic_model_agrees_with_glmer(nodes: int, case: str) -> None:
    made, expected = mixed.mixed_logistic(*panel_data(), nodes=nodes), R["mixed"][case]
    assert made.log_likelihood >= expected["log_likelihood"] - 1e-8  # as high a peak as R's search finds
    assert made.log_likelihood == approx(expected["log_likelihood"], 1e-7)
    assert made.coefficients.tolist() == approx(expected["coef"], 1e-4)
    assert made.se.tolist() == approx(expected["se"], 1e-3)
    assert made.sd == approx(expected["sd"], 1e-4)


def test_the_mixed_linear_model_agrees_with_lmer() -> None:
    x = differences.did_columns(column(LONG, "treated"), column(LONG, "later"))
    made, expected = mixed.mixed_linear(column(LONG, "score"), x, codes(LONG, "village")), R["mixed"]["linear"]
    assert made.coefficients.tolist() == approx(expected["coef"], 1e-7)
    assert made.se.tolist() == approx(expected["se"], 1e-6)
    assert (made.sd, made.residual_sd) == approx((expected["sd"], expected["residual_sd"]), 1e-6)
    assert made.log_likelihood == approx(expected["log_likelihood"])


def reference(shared: Path, case: str) -> dict[str, Any]:
    return json.loads((shared / f"reference/expected/{case}.json").read_text())["expected"]


def test_few_unequal_clusters_agree_with_d01(shared: Path) -> None:
    expected = reference(shared, "D01")
    data = pd.read_csv(shared / "reference/data/d07_did_few_clusters.csv").dropna(subset=["knows"])
    x = differences.did_columns(column(data, "treated"), column(data, "post"))
    fit, cluster = fit_linear(column(data, "knows"), x), codes(data, "cluster")
    assert (len(data), len(set(cluster))) == (expected["n"], expected["G"])
    assert fit.coefficients.tolist() == approx(list(expected["coef"].values()), 1e-6)
    aim = np.eye(4)[differences.INTERACTION]
    for kind in KINDS:
        wanted, spread = expected[kind], robust(fit, cluster, kind)
        assert spread.se.tolist() == approx(list(wanted["se"].values()), 1e-6)
        found = judge(fit, spread, aim)
        assert (found.df, found.p) == approx((wanted["did_satterthwaite_df"], wanted["did_p_satterthwaite"]), 1e-6)
    found = judge(fit, robust(fit, cluster, "CR2"), aim)
    assert (found.low, found.high) == approx(tuple(expected["ci_CR2_satterthwaite"].values()), 1e-6)
    assert robust(fit, cluster, "CR1").se[3] == approx(expected["sandwich_vcovCL_HC0_se_did"], 1e-6)
    assert robust(fit, cluster, "CR1S").se[3] == approx(expected["sandwich_vcovCL_HC1_se_did"], 1e-6)


def check_contrast(found: panel.Contrast, expected: dict[str, Any], tolerance: float) -> None:
    assert (found.value, found.se, found.z) == approx((expected["log_or"], expected["se"], expected["z"]), tolerance)
    assert found.p == approx(expected["p"], tolerance)
    assert [float(np.exp(value)) for value in (found.value, found.low, found.high)] == approx(
        [expected["or"], expected["ci"]["low"], expected["ci"]["high"]], tolerance
    )


@pytest.mark.parametrize(("working", "tolerance"), [("independence", 1e-5), ("exchangeable", 1e-5)])
def test_the_panel_with_attrition_agrees_with_r01(shared: Path, working: Any, tolerance: float) -> None:
    expected = reference(shared, "R01")
    data = pd.read_csv(shared / "reference/data/d09_panel3_attrition.csv").dropna(subset=["knows"])
    x = np.column_stack([np.ones(len(data)), data["wave"] == "post", data["wave"] == "followup"]).astype(float)
    made, wanted = panel.gee_logit(column(data, "knows"), x, codes(data, "pid"), working=working), expected[working]
    assert made.coefficients.tolist() == approx(wanted["coef"], tolerance)
    assert np.sqrt(np.diag(made.covariance)).tolist() == approx(wanted["se"], tolerance)
    contrasts = {"post_vs_baseline": [0, 1, 0], "followup_vs_baseline": [0, 0, 1], "followup_vs_post": [0, -1, 1]}
    for name, factors in contrasts.items():
        check_contrast(panel.contrast(made, np.array(factors, float)), wanted["contrasts"][name], 5e-5)
    rows = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1]], float)
    shares = [panel.share(made, row) for row in rows]
    assert [one.value for one in shares] == approx(list(wanted["marginal_p"].values()), tolerance)
    assert [one.se for one in shares] == approx(wanted["marginal_se"], tolerance)
    lost = panel.difference_of_shares(made, rows[2], rows[1])
    kept = wanted["followup_minus_post"]
    assert (lost.value, lost.se, lost.low, lost.high) == approx(
        (kept["est"], kept["se"], kept["ci"]["low"], kept["ci"]["high"]), tolerance
    )
    assert wald(made.coefficients, made.covariance, np.eye(3)[1:])[0] == approx(
        wanted["wald_any_change_chi2_2df"], tolerance
    )
    if working == "exchangeable":
        assert made.alpha == approx(wanted["alpha"], tolerance)
        package = expected["gee_package"]
        assert made.coefficients.tolist() == approx(package["coef"], 0.003)
        assert np.sqrt(np.diag(made.covariance)).tolist() == approx(package["robust_se"], 0.003)
        assert made.alpha == approx(package["alpha"], 0.01)


def test_the_panel_clustered_by_site_agrees_with_r01(shared: Path) -> None:
    wanted = reference(shared, "R01")["site_clustered"]
    data = pd.read_csv(shared / "reference/data/d09_panel3_attrition.csv").dropna(subset=["knows"])
    x = np.column_stack([np.ones(len(data)), data["wave"] == "post", data["wave"] == "followup"]).astype(float)
    fit, site = fit_logistic(column(data, "knows"), x), codes(data, "site")
    spread = robust(fit, site, "CR2")
    found = [judge(fit, spread, aim) for aim in np.eye(3)]
    assert [one.value for one in found] == approx(wanted["coef"], 1e-5)
    assert [one.se for one in found] == approx(wanted["se_CR2"], 1e-5)
    assert robust(fit, site, "CR1").se.tolist() == approx(wanted["se_CR1"], 1e-5)
    assert [one.df for one in found] == pytest.approx(wanted["df_satt"], abs=0.01)
    assert [one.p for one in found] == approx(wanted["p_satt"], 1e-4)

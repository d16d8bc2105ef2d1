"""Ordered answers, scores, sessions and scales agree with R on made-up answers (r/measures.R) and on the references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import clustered_pairs, means, multiplicity, ordered, rank_samples, scales, signed_ranks

HERE = Path(__file__).parent / "r"
R: dict[str, Any] = json.loads((HERE / "measures.json").read_text())
LEARNERS = pd.read_csv(HERE / "learners.csv")
VISITORS = pd.read_csv(HERE / "visitors.csv")
ITEMS = [f"i{number}" for number in range(1, 7)]


def approx(expected: Any, tolerance: float = 1e-9) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def learners(item: str, later: str = "after", people: int = 64) -> np.ndarray[Any, Any]:
    """Complete pairs of an item: columns before and later."""
    return LEARNERS[[f"{item}_before", f"{item}_{later}"]].head(people).dropna().to_numpy(float)


def check_ranks(pairs: np.ndarray[Any, Any], expected: dict[str, Any]) -> None:
    changes = pairs[:, 1] - pairs[:, 0]
    ranks, pratt = signed_ranks.signed_ranks(changes), signed_ranks.signed_ranks(changes, pratt=True)
    assert (len(changes), ranks.up, ranks.down) == tuple(expected[key] for key in ("n", "up", "down"))
    assert signed_ranks.signed_rank_exact(ranks) == approx(expected["exact"])
    assert signed_ranks.signed_rank_exact(pratt) == approx(expected["pratt_exact"])
    z, p = signed_ranks.signed_rank_asymptotic(ranks)
    assert (z, p) == approx((expected["z"], expected["asymptotic"]))
    assert signed_ranks.signed_rank_asymptotic(ranks, corrected=True)[1] == approx(expected["corrected"])
    assert signed_ranks.signed_rank_asymptotic(pratt)[0] == approx(expected["z_pratt"])
    assert signed_ranks.rank_biserial(ranks) == approx(expected["rank_biserial"])
    assert signed_ranks.sign_test(changes) == approx(expected["sign"])


@pytest.mark.parametrize(("later", "people", "case"), [("after", 64, "ranks"), ("followup", 9, "small_ranks")])
def test_signed_ranks_agree_with_r(later: str, people: int, case: str) -> None:
    check_ranks(learners("likert", later, people), R[case])


def test_stuart_maxwell_agrees_with_r() -> None:
    pairs = learners("likert")
    found = ordered.stuart_maxwell(ordered.crosstable(pairs[:, 0], pairs[:, 1]))
    assert [found.statistic, found.p] == approx(R["ranks"]["stuart_maxwell"])


def reference(shared: Path, case: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((shared / f"reference/expected/{case}.json").read_text())["expected"]
    return expected


def test_the_paired_attitude_item_agrees_with_p05(shared: Path) -> None:
    expected, forms = reference(shared, "P05"), pd.read_csv(shared / "reference/data/d01_training_prepost.csv")
    tiny = pd.read_csv(shared / "reference/data/d02_tiny_paired.csv")
    for frame, item, case in ((forms, "A2_likert", "training"), (tiny, "likert", "tiny")):
        pairs = frame[[f"{item}_pre", f"{item}_post"]].dropna().to_numpy(float)
        changes, wanted = pairs[:, 1] - pairs[:, 0], expected[case]
        ranks, pratt = signed_ranks.signed_ranks(changes), signed_ranks.signed_ranks(changes, pratt=True)
        assert (ranks.up, ranks.down, ranks.zeros) == (wanted["W_plus"], wanted["W_minus"], wanted["n_zero"])
        assert signed_ranks.signed_rank_exact(ranks) == approx(wanted["p_exact_zeros_dropped"])
        assert signed_ranks.signed_rank_exact(pratt) == approx(wanted["p_exact_pratt"])
        assert signed_ranks.signed_rank_asymptotic(ranks) == approx(
            (wanted["z_wilcoxon"], wanted["p_asymptotic_nocorrection"]), 1e-8
        )
        corrected = signed_ranks.signed_rank_asymptotic(ranks, corrected=True)
        assert corrected[1] == approx(wanted["p_asymptotic_correction"])
        assert signed_ranks.signed_rank_asymptotic(pratt) == approx((wanted["z_pratt"], wanted["p_coin_pratt"]), 1e-8)
        assert signed_ranks.rank_biserial(ranks) == approx(wanted["rank_biserial_zeros_dropped"])
        assert signed_ranks.sign_test(changes) == approx(wanted["sign_test_p"])
        assert means.mean(changes).value == approx(wanted["mean_diff"])
    forms = forms[["A2_likert_pre", "A2_likert_post"]].dropna()
    found = ordered.stuart_maxwell(ordered.crosstable(forms["A2_likert_pre"], forms["A2_likert_post"]))
    assert [found.statistic, found.df, found.p] == approx(list(expected["stuart_maxwell"].values()), 1e-8)


@pytest.mark.parametrize(("case", "file"), [("medium", "d03_ordinal_unpaired.csv"), ("tiny", "d03b_ordinal_tiny.csv")])
def test_separate_ordered_samples_agree_with_u04(shared: Path, case: str, file: str) -> None:
    expected, frame = reference(shared, "U04")[case], pd.read_csv(shared / "reference/data" / file).dropna()
    later, earlier = (frame.loc[frame["wave"] == wave, "likert"].to_numpy(float) for wave in ("endline", "baseline"))
    assert rank_samples.mann_whitney_u(later, earlier) == expected["U_endline"]
    assert rank_samples.mann_whitney(later, earlier) == approx((expected["z"], expected["p_asymptotic_nocorrection"]))
    assert rank_samples.mann_whitney(later, earlier, corrected=True)[1] == approx(expected["p_asymptotic_correction"])
    assert rank_samples.mann_whitney_exact(later, earlier) == approx(expected["p_exact_permutation"])
    found, wanted = rank_samples.brunner_munzel(later, earlier), expected["brunner_munzel"]
    assert (found.statistic, found.df, found.p) == approx((wanted["statistic"], wanted["df"], wanted["p"]))
    assert (found.low, found.high) == approx((wanted["ci"]["low"], wanted["ci"]["high"]))
    assert 2 * found.value - 1 == approx(expected["rank_biserial"])


@pytest.mark.parametrize("item", ["likert", "score"])
def test_separate_samples_agree_with_r(item: str) -> None:
    expected = R[item]
    later, earlier = (VISITORS.loc[VISITORS["wave"] == w, item].to_numpy(float) for w in ("endline", "baseline"))
    assert rank_samples.mann_whitney_u(later, earlier) == expected["u"]
    assert rank_samples.mann_whitney(later, earlier)[1] == approx(expected["asymptotic"])
    assert rank_samples.mann_whitney(later, earlier, corrected=True)[1] == approx(expected["corrected"])
    assert rank_samples.mann_whitney_exact(later, earlier) == approx(expected["exact"])
    brunner = rank_samples.brunner_munzel(later, earlier)
    assert (brunner.value, brunner.p) == approx((expected["superiority"], expected["bm_p"]))
    assert [brunner.low, brunner.high] == approx(expected["bm_interval"])
    odds = ordered.proportional_odds(later, earlier)
    assert (odds.log_odds, odds.se) == approx((expected["log_odds"], expected["log_odds_se"]), 1e-4)  # polr iterates
    welch = means.welch(later, earlier)
    assert [welch.p, welch.df, welch.low, welch.high] == approx(expected["welch"])
    assert means.hedges_g(later, earlier) == approx(expected["hedges_g"])


def test_scores_of_the_same_people_agree_with_r() -> None:
    pairs, expected = learners("score"), R["means"]
    earlier, later = pairs.T
    found = means.mean(later - earlier)
    assert [found.value, found.se, found.p] == approx([expected[key] for key in ("difference", "se", "p")])
    assert [found.low, found.high] == approx(expected["interval"])
    sizes = (means.d_z(later - earlier), means.d_av(later, earlier), means.g_z(later - earlier))
    assert (*sizes, means.g_av(later, earlier)) == approx(tuple(expected[k] for k in ("d_z", "d_av", "g_z", "g_av")))


def test_pairs_in_sessions_agree_with_r() -> None:
    pairs = learners("knows")
    changes = pairs[:, 1] - pairs[:, 0]
    session, region = (pd.factorize(LEARNERS[name])[0] for name in ("session", "region"))
    for stratum, case in ((None, "sessions"), (region, "sessions_in_regions")):
        found = clustered_pairs.linearised(clustered_pairs.by_cluster(changes, session, stratum))
        expected = R[case]
        assert [found.value, found.se, found.df, found.p] == approx(
            [expected[k] for k in ("difference", "se", "df", "p")]
        )
        assert [found.low, found.high] == approx(expected["interval"])
    clusters, expected = clustered_pairs.by_cluster(changes, session), R["binary_clusters"]
    assert clustered_pairs.obuchowski(clusters)[0] == approx(expected["obuchowski"])
    assert clustered_pairs.durkalski(clusters)[0] == approx(expected["durkalski"])
    assert clustered_pairs.sign_flip(clusters, seed=1) == ("exact", approx(expected["sign_flip"]))
    few = session < 3
    fixed = clustered_pairs.fixed_strata(changes[few], session[few])
    assert [fixed.value, fixed.se, fixed.df] == approx(R["fixed_strata"])


def test_drawn_sign_flips_come_near_the_exact_share() -> None:
    random = np.random.default_rng(3)
    changes = random.integers(1, 4, 25) * random.choice([-1.0, 1.0, 1.0], 25)
    clusters = clustered_pairs.by_cluster(changes, np.arange(25))
    method, p = clustered_pairs.sign_flip(clusters, seed=5)
    assert (method, p) == clustered_pairs.sign_flip(clusters, seed=5)
    of_sums = np.ones(1)
    for change in np.abs(changes).astype(int):
        of_sums = np.convolve(of_sums, np.bincount([0, 2 * change])) / 2
    distance = np.abs(np.arange(len(of_sums)) - np.abs(changes).sum())
    exact = of_sums[distance >= abs(changes.sum())].sum()
    assert method == "monte_carlo" and p == pytest.approx(exact, abs=0.01)


def test_cochran_q_and_the_trend_agree_with_r() -> None:
    waves = LEARNERS[["knows_before", "knows_after", "knows_followup"]].to_numpy()
    found = ordered.cochran_q(waves)
    assert [found.statistic, found.p] == approx(R["cochran_q"])
    by_dose = VISITORS.groupby("heard")["knows"].agg(["sum", "count"])
    trend = ordered.cochran_armitage(by_dose["sum"], by_dose["count"], by_dose.index.to_numpy())
    assert [trend.statistic, trend.p] == approx(R["trend"])


@pytest.mark.parametrize(
    ("method", "adjust"),
    [
        ("hochberg", multiplicity.hochberg),
        ("bonferroni", multiplicity.bonferroni),
        ("by", multiplicity.benjamini_yekutieli),
    ],
)
def test_adjusted_p_values_agree_with_r(method: str, adjust: Any) -> None:
    raw, wanted = ([np.nan if p is None else p for p in values] for values in (R["p"], R["families"][method]))
    assert adjust(raw).tolist() == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def test_scales_agree_with_psych() -> None:
    items = LEARNERS[ITEMS].assign(i3=7 - LEARNERS["i3"]).dropna().to_numpy(float)
    expected, alpha = R["alpha"], scales.cronbach_alpha(items)
    assert (len(items), alpha.value) == (expected["n"], approx(expected["alpha"]))
    assert [alpha.low, alpha.high] == approx(expected["interval"])
    assert scales.item_total(items).tolist() == approx(expected["item_total"])
    assert scales.alpha_without(items).tolist() == approx(expected["dropped"])
    loadings = scales.one_factor(items)
    assert loadings is not None and loadings.tolist() == approx(expected["loadings"], 1e-4)  # psych stops early
    assert scales.omega_total(items) == approx(expected["omega"], 1e-5)
    assert scales.kr20(LEARNERS[[f"k{i}" for i in range(1, 5)]].to_numpy(float)) == approx(R["kr20"])


def test_double_coding_agrees_with_r() -> None:
    codes = [LEARNERS[name].to_numpy() - 1 for name in ("coder1", "coder2")]
    for weights, key in (("none", "plain"), ("linear", "linear"), ("quadratic", "quadratic")):
        found = scales.cohens_kappa(codes[0], codes[1], weights)  # type: ignore[arg-type]
        assert found.value == approx(R["kappa"][key])
        assert [found.low, found.high] == approx(R["kappa"][f"{key}_interval"], 1e-6), weights


def test_personality_scales_have_the_alphas_that_are_known(shared: Path) -> None:
    """bfi of the R package psychTools: A .70, C .73, E .76, N .81, O .60 with the reversed items turned."""
    frame = pd.read_csv(shared / "data/data/survey-benchmarks/bfi.csv")
    turned = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    for letter, known in {"A": 0.70, "C": 0.73, "E": 0.76, "N": 0.81, "O": 0.60}.items():
        names = [f"{letter}{number}" for number in range(1, 6)]
        items = frame[names].dropna().apply(lambda item: 7 - item if item.name in turned else item)
        assert round(scales.cronbach_alpha(items.to_numpy(float)).value, 2) == known


def test_climbers_agree_with_the_published_test(shared: Path) -> None:
    """VIMFF cohort 1, “I love to climb”: V = 9, p = .05175 with and .04558 without continuity correction."""
    frame = pd.read_csv(shared / "data/data/vimff-climbing/data_c1_clean.csv")
    levels = {"strongly disagree": 1, "disagree": 2, "agree": 3, "strongly agree": 4}
    person, wave = frame.columns[0], frame.columns[-1]
    answers = frame.assign(love=frame["I love to climb"].str.strip().str.lower().map(levels))
    pairs = answers.pivot_table(index=person, columns=wave, values="love")[["s1", "s2"]].dropna().to_numpy()
    ranks = signed_ranks.signed_ranks(pairs[:, 0] - pairs[:, 1])
    assert 9 in (ranks.up, ranks.down)
    assert round(signed_ranks.signed_rank_asymptotic(ranks, corrected=True)[1], 5) == 0.05175
    assert round(signed_ranks.signed_rank_asymptotic(ranks)[1], 5) == 0.04558

"""Agreement with R: the reference results beside the checkout, and values that this folder's own R script made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import choices, exact, independent, multiplicity, paired, ratios, run, score_intervals
from analysis.intervals import clopper_pearson
from analysis.multiplicity import benjamini_hochberg, holm
from tests.analysis.plans import indicator, only, plan, wide

HERE = Path(__file__).parent / "r"
OWN: dict[str, Any] = json.loads((HERE / "values.json").read_text())
P01 = ("K1_signs3", "K2_hotline", "A1_employ", "I1_report")
WIDE = {"layout": "wide", "suffix": {"pre": "_pre", "post": "_post"}, "waves": ["pre", "post"]}
U01 = ("knows_hotline", "three_signs", "would_employ")


def close(tolerance: float = 1e-9) -> Any:
    def approx(expected: Any) -> Any:
        return pytest.approx(expected, rel=tolerance, abs=tolerance)

    return approx


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def limits(row: dict[str, Any]) -> list[float]:
    return [row["low"], row["high"]]


def standard_error_of(wald: dict[str, Any]) -> float:
    return float(wald["high"] - wald["low"]) / 2 / 1.959963984540054


def p_values(row: dict[str, Any]) -> dict[str, float]:
    return {test["method"]: test["p"] for test in [row["test"], *row["more_tests"]]}


@pytest.fixture(scope="module")
def p01(shared: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Results of the paired training forms, and what R says."""
    asked = plan("paired", design=WIDE | {"person": "pid"}, indicators=[indicator(name) for name in P01])
    frame = read(shared / "reference/data/d01_training_prepost.csv")
    expected = json.loads((shared / "reference/expected/P01.json").read_text())["expected"]
    return run(asked, frame).to_dict(), expected


@pytest.mark.parametrize("name", P01)
def test_paired_training_forms_agree_with_p01(p01: tuple[dict[str, Any], dict[str, Any]], name: str) -> None:
    assert_agrees_with_r(p01[0], name, p01[1][name])


def assert_agrees_with_r(results: dict[str, Any], name: str, expected: dict[str, Any]) -> None:
    """A paired change, to the tolerances of the reference: 1e-6, and 1e-9 for exact p."""
    approx, exactly, row = close(1e-6), close(1e-9), only(results["changes"], indicator=name)
    assert row["pairs"] == expected["table"]
    assert row["n_pairs"] == expected["n_pairs"]
    for wave in ("pre", "post"):
        assert only(results["estimates"], indicator=name, wave=wave)["n"] == expected[f"n_{wave}_answered"]
    assert row["estimate_from"] == approx(expected["p_pre"])
    assert row["estimate_to"] == approx(expected["p_post"])
    assert row["difference"] == approx(expected["difference"])
    assert row["interval"]["method"] == "newcombe10"
    assert limits(row["interval"]) == approx(limits(expected["ci_newcombe_method10"]))
    assert limits(row["interval_from"]) == approx(limits(expected["wilson_pre"]))
    assert limits(row["interval_to"]) == approx(limits(expected["wilson_post"]))
    assert row["se"] == approx(standard_error_of(expected["ci_wald"]))
    assert row["test"]["method"] == "mcnemar_midp"
    mcnemar, odds = expected["mcnemar"], expected["conditional_or_post_vs_pre"]
    assert p_values(row) == {
        "mcnemar_midp": exactly(mcnemar["midp"]),
        "mcnemar_exact": exactly(mcnemar["exact_p"]),
        "mcnemar": approx(mcnemar["chi2_p"]),
        "mcnemar_corrected": approx(mcnemar["chi2_cc_p"]),
    }
    assert row["effect"]["value"] == approx(odds["or"])
    assert limits(row["effect"]["interval"]) == approx(limits(odds["exact_ci"]))


@pytest.mark.parametrize("name", P01)
@pytest.mark.parametrize(
    ("method", "key"),
    [
        ("newcombe8", "ci_newcombe_method8"),
        ("tango", "ci_tango"),
        ("bonett_price", "ci_bonett_price"),
        ("agresti_min", "ci_agresti_min"),
        ("wald", "ci_wald"),
    ],
)
def test_the_other_intervals_of_pairs_agree_with_p01(
    p01: tuple[dict[str, Any], dict[str, Any]], name: str, method: str, key: str
) -> None:
    expected = p01[1][name]
    bounds = choices.PAIRED_INTERVALS[method][1](paired.PairedTable.of(**expected["table"]), 0.95)
    assert list(bounds) == close(1e-6)(limits(expected[key]))


@pytest.mark.parametrize("case", ["all_10", "all_15", "all_25", "small_10"])
def test_non_inferiority_of_pairs_agrees_with_r04(shared: Path, case: str) -> None:
    expected, approx = (
        json.loads((shared / "reference/expected/R04.json").read_text())["expected"][case],
        close(1e-6),
    )
    same = expected["n"] - expected["lost"] - expected["gained"]
    table = paired.PairedTable.of(same, expected["lost"], expected["gained"], 0)
    found = score_intervals.tango_noninferiority(table, expected["margin"])
    assert found.statistic == approx(expected["z_tango"])
    assert found.p == approx(expected["p_noninferiority_one_sided"])
    for level, key in ((0.95, "ci95_tango"), (0.90, "ci90_tango")):
        assert list(score_intervals.tango(table, level)) == approx(limits(expected[key]))


@pytest.fixture(scope="module")
def u01(shared: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = plan(design={"waves": ["baseline", "endline"]}, indicators=[indicator(name) for name in U01])
    frame = read(shared / "reference/data/d04_intercept_twowave.csv")
    expected = json.loads((shared / "reference/expected/U01.json").read_text())["expected"]
    return run(asked, frame).to_dict(), expected


@pytest.mark.parametrize("name", U01)
def test_intercept_survey_agrees_with_u01(u01: tuple[dict[str, Any], dict[str, Any]], name: str) -> None:
    results, expected = u01[0], u01[1][name]
    approx, row = close(1e-6), only(u01[0]["changes"], indicator=name)
    assert (row["x_to"], row["n_to"], row["x_from"], row["n_from"]) == tuple(
        expected[key] for key in ("x1", "n1", "x2", "n2")
    )
    assert row["difference"] == approx(expected["difference"])
    assert row["interval"]["method"] == "newcombe"
    assert limits(row["interval"]) == approx(limits(expected["ci_newcombe"]))
    assert row["se"] == approx(standard_error_of(expected["ci_wald"]))
    assert row["test"] == {
        "method": "chi2_n_minus_1",
        "statistic": approx(expected["chi2_nminus1"]),
        "p": approx(expected["chi2_nminus1_p"]),
    }
    assert p_values(row)["chi2"] == approx(expected["chi2_p"])
    assert p_values(row)["fisher"] == approx(expected["fisher_p"])
    assert (row["effect"]["name"], row["effect"]["value"]) == ("cohens_h", approx(expected["cohens_h"]))
    for number, wave in (("1", "endline"), ("2", "baseline")):
        estimate = only(results["estimates"], indicator=name, wave=wave)
        assert estimate["missing"]["blank"] == expected[f"missing_{wave}"]
        assert limits(estimate["interval"]) == approx(limits(expected[f"wilson{number}"]))
        bounds = clopper_pearson(estimate["x"], estimate["n"])
        assert list(bounds) == approx(limits(expected[f"clopper_pearson{number}"]))


@pytest.mark.parametrize("name", U01)
def test_every_variant_for_separate_samples_agrees_with_u01(
    u01: tuple[dict[str, Any], dict[str, Any]], name: str
) -> None:
    expected, approx = u01[1][name], close(1e-6)
    samples = independent.TwoSamples.of(*(expected[key] for key in ("x1", "n1", "x2", "n2")))
    for method in ("miettinen_nurminen", "mee", "wald", "agresti_caffo", "newcombe"):
        bounds = choices.INDEPENDENT_INTERVALS[method](samples, 0.95)
        assert list(bounds) == approx(limits(expected[f"ci_{method}"])), method
    assert list(independent.chi2_yates(samples)) == approx([expected["chi2_yates"], expected["chi2_yates_p"]])
    assert independent.fisher_midp(samples).p == approx(expected["fisher_midp_probability_ordered"])
    assert ratios.odds_ratio(samples)[0] == approx(expected["sample_or"])
    value, bounds = ratios.risk_ratio(samples)
    assert value == approx(expected["risk_ratio"])
    assert list(bounds) == approx(limits(expected["rr_ci_katz_log"]))
    value, bounds = ratios.conditional_odds_ratio(samples)
    assert value == close(5e-5)(expected["fisher_cond_mle_or"])  # R’s search for a root stops at 1e-4
    assert list(bounds) == close(5e-5)(limits(expected["fisher_or_ci"]))


def test_top_boxes_agree_with_p05(shared: Path) -> None:
    expected = json.loads((shared / "reference/expected/P05.json").read_text())["expected"]["top2box"]
    likert = indicator("A2_likert", scoring={"levels": [4, 5]})
    asked = plan("paired", design=WIDE | {"person": "pid"}, indicators=[likert])
    results = run(asked, read(shared / "reference/data/d01_training_prepost.csv")).to_dict()
    assert_agrees_with_r(results, "A2_likert", expected)


@pytest.mark.parametrize(
    ("method", "adjust"),
    [
        ("holm", holm),
        ("BH", benjamini_hochberg),
        ("hochberg", multiplicity.hochberg),
        ("bonferroni", multiplicity.bonferroni),
        ("BY", multiplicity.benjamini_yekutieli),
    ],
)
def test_adjusted_p_values_agree_with_m01(shared: Path, method: str, adjust: Any) -> None:
    expected = json.loads((shared / "reference/expected/M01.json").read_text())["expected"][method]
    raw = pd.read_csv(shared / "reference/data/d15_pvalues.csv").set_index("indicator")["p"]
    wanted = [np.nan if expected[name] is None else expected[name] for name in raw.index]
    assert adjust(raw).tolist() == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def test_boston_commuters_by_top_boxes(shared: Path) -> None:
    """Real five-point items in a wide file; counted by hand from the file: agree and strongly agree."""
    design = WIDE | {"suffix": {"pre": ".pre", "post": ".post"}, "person": None}
    items = [indicator(name, scoring={"levels": [4, 5]}) for name in ("numberim", "remain", "english")]
    frame = read(shared / "data/data/boston-trains/boston.csv")
    results = run(plan("paired", design=design, indicators=items, by=["male"]), frame)
    assert results.flow["pairs"] == 115
    shares = {
        row["indicator"]: (row["x_from"], row["x_to"], row["n_pairs"]) for row in results.changes if not row["segment"]
    }
    assert shares == {"numberim": (26, 20, 115), "remain": (44, 39, 115), "english": (62, 61, 115)}
    assert only(results.changes, indicator="numberim", segment={"male": "1"})["n_pairs"] == 64


@pytest.mark.parametrize("name", ["hotline", "employ", "report"])
def test_own_paired_answers_agree_with_r(name: str) -> None:
    expected, approx = OWN["pairs"][name], close(1e-9)
    results = run(wide("hotline", "employ", "report"), read(HERE / "people.csv"))
    row = only(results.changes, indicator=name)
    assert row["pairs"] == {key: expected[key] for key in ("yes_yes", "yes_no", "no_yes", "no_no")}
    assert limits(row["interval"]) == approx(expected["newcombe10"])
    for test in ("mcnemar_midp", "mcnemar_exact", "mcnemar"):
        assert p_values(row)[test] == approx(expected[test])
    assert row["effect"]["value"] == approx(expected["odds_ratio"])
    assert limits(row["effect"]["interval"]) == approx(expected["odds_ratio_limits"])
    before = only(results.estimates, indicator=name, wave="before")
    assert before["n"] == expected["answered_before"]
    assert limits(before["interval"]) == approx(expected["wilson_before"])
    eight = run(
        wide("hotline", "employ", "report", methods={"paired_interval": "newcombe8"}), read(HERE / "people.csv")
    )
    assert limits(only(eight.changes, indicator=name)["interval"]) == approx(expected["newcombe8"])


@pytest.mark.parametrize("name", ["hotline", "seldom", "signs"])
def test_own_separate_samples_agree_with_r(name: str) -> None:
    expected, approx = OWN["samples"][name], close(1e-9)
    asked = plan(design={"waves": ["baseline", "endline"]}, indicators=[indicator(name)])
    row = run(asked, read(HERE / "passers_by.csv")).changes[0]
    assert [row[key] for key in ("x_from", "n_from", "x_to", "n_to")] == [
        expected[key] for key in ("x_from", "n_from", "x_to", "n_to")
    ]
    assert limits(row["interval"]) == approx(expected["newcombe"])
    assert row["test"]["method"] == ("boschloo" if expected["smallest_expected"] < 5 else "chi2_n_minus_1")
    assert row["test"]["p"] == approx(expected[row["test"]["method"]])
    assert p_values(row)["fisher"] == approx(expected["fisher"])
    assert row["effect"]["value"] == approx(expected["cohens_h"])
    samples = independent.TwoSamples.of(row["x_to"], row["n_to"], row["x_from"], row["n_from"])
    assert independent.boschloo(samples).p.item() == approx(expected["boschloo"])


@pytest.mark.parametrize("counts", list(OWN["exact"]))
def test_exact_tests_agree_with_r(counts: str) -> None:
    """4 of 11 against none of 12 is .0272 by the two-sided order; doubling the one-sided test would give .0359."""
    table = [int(count) for count in counts.split()]
    assert exact.boschloo(*table) == close(1e-9)(OWN["exact"][counts]["boschloo"])
    assert exact.fisher(*table) == close(1e-9)(OWN["exact"][counts]["fisher"])


@pytest.mark.parametrize(("method", "adjust"), [("holm", holm), ("bh", benjamini_hochberg)])
def test_own_adjusted_p_values_agree_with_r(method: str, adjust: Any) -> None:
    raw, wanted = ([np.nan if p is None else p for p in OWN["families"][key]] for key in ("p", method))
    assert adjust(raw).tolist() == pytest.approx(wanted, abs=1e-12, nan_ok=True)

"""Worked examples of the literature, to the digits that were printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis import exact, independent, ordered, paired, rank_samples, ratios, score_intervals
from analysis.intervals import clopper_pearson, wilson


def rounded(bounds: Any, digits: int = 4) -> list[float]:
    return [round(float(limit), digits) for limit in bounds]


@pytest.mark.parametrize(
    ("x", "n", "of_wilson", "of_clopper"),
    [
        (81, 263, [0.2553, 0.3662], [0.2527, 0.3676]),
        (15, 148, [0.0624, 0.1605], [0.0578, 0.1617]),
        (0, 20, [0.0, 0.1611], [0.0, 0.1684]),
        (1, 29, [0.0061, 0.1718], [0.0009, 0.1776]),
    ],
)
def test_newcombe_1998_on_one_proportion(x: int, n: int, of_wilson: list[float], of_clopper: list[float]) -> None:
    """Newcombe (1998), Stat. Med. 17, 857–872, table I."""
    assert rounded(wilson(x, n)) == of_wilson
    assert rounded(clopper_pearson(x, n)) == of_clopper


@pytest.mark.parametrize(
    ("table", "mee", "miettinen_nurminen", "score"),
    [
        ((56, 70, 48, 80), [0.0533, 0.3377], [0.0528, 0.3382], [0.0524, 0.3339]),
        ((9, 10, 3, 10), [0.1821, 0.8370], [0.1700, 0.8406], [0.1705, 0.8090]),
        ((6, 7, 2, 7), [0.0544, 0.8478], [0.0342, 0.8534], [0.0582, 0.8062]),
        ((5, 56, 0, 29), [-0.0313, 0.1926], [-0.0326, 0.1933], [-0.0381, 0.1926]),
        ((0, 10, 0, 20), [-0.1611, 0.2775], [-0.1658, 0.2844], [-0.1611, 0.2775]),
        ((0, 10, 0, 10), [-0.2775, 0.2775], [-0.2879, 0.2879], [-0.2775, 0.2775]),
        ((10, 10, 0, 20), [0.7225, 1.0], [0.7156, 1.0], [0.6791, 1.0]),
        ((10, 10, 0, 10), [0.6777, 1.0], [0.6636, 1.0], [0.6075, 1.0]),
    ],
)
def test_newcombe_1998_on_two_samples(
    table: tuple[int, ...], mee: list[float], miettinen_nurminen: list[float], score: list[float]
) -> None:
    """Newcombe (1998), Stat. Med. 17, 873–890, table II: methods 5, 6 and 10 for contrasts (a) to (h)."""
    samples = independent.TwoSamples.of(*table)
    assert rounded(score_intervals.mee(samples)) == mee
    assert rounded(score_intervals.miettinen_nurminen(samples)) == miettinen_nurminen
    assert rounded(independent.newcombe(samples)) == score


def test_fagerland_lydersen_and_laake_on_two_samples() -> None:
    """Fagerland, Lydersen & Laake (2017), Statistical Analysis of Contingency Tables, ch. 4: 7/34 and 1/34."""
    children, genes = independent.TwoSamples.of(7, 34, 1, 34), independent.TwoSamples.of(0, 16, 15, 72)
    assert rounded(independent.wald(children)) == [0.0292, 0.3238]
    assert rounded(independent.agresti_caffo(children)) == [0.0116, 0.3217]
    assert rounded(independent.newcombe(children)) == [0.0189, 0.3404]
    assert rounded(score_intervals.mee(children)) == [0.0284, 0.3439]
    assert rounded(ratios.risk_ratio(children)[1]) == [0.9096, 53.8695]
    assert rounded(score_intervals.miettinen_nurminen(genes)) == [-0.3164, -0.0056]
    assert round(float(independent.fisher(genes).p), 5) == 0.06287
    assert round(float(independent.fisher_midp(genes).p), 5) == 0.04466
    small = independent.TwoSamples.of(3, 4, 1, 4)
    assert rounded(independent.chi2(small), 5) == [2.0, 0.1573]
    assert rounded(independent.chi2_yates(small), 5) == [0.5, 0.4795]


def test_suissa_and_shuster_on_barnards_test() -> None:
    """Suissa & Shuster (1985), J. R. Stat. Soc. A 148, 317–327: 7/15 against 12/15 is .0682; Fisher's p is .128."""
    assert round(exact.barnard(7, 15, 12, 15), 4) == 0.0682
    assert round(exact.fisher(7, 15, 12, 15), 3) == 0.128


# both yes, gained, lost, both no -> method 8, method 10
NEWCOMBE_TABLE_III = {
    (36, 12, 2, 0): ((0.0569, 0.3404), (0.0569, 0.3404)),
    (20, 12, 2, 16): ((0.0618, 0.3242), (0.0562, 0.3292)),
    (18, 12, 2, 18): ((0.0618, 0.3239), (0.0562, 0.3290)),
    (36, 14, 0, 0): ((0.1528, 0.4167), (0.1528, 0.4167)),
    (35, 14, 0, 1): ((0.1573, 0.4149), (0.1461, 0.4175)),
    (18, 14, 0, 18): ((0.1504, 0.3910), (0.1441, 0.3963)),
    (2, 97, 1, 0): ((0.8721, 0.9854), (0.8721, 0.9854)),
    (1, 97, 1, 1): ((0.8737, 0.9850), (0.8736, 0.9850)),
    (0, 29, 1, 0): ((0.6666, 0.9882), (0.6666, 0.9882)),
    (2, 98, 0, 0): ((0.9178, 0.9945), (0.9178, 0.9945)),
    (1, 98, 0, 1): ((0.9174, 0.9916), (0.9171, 0.9916)),
    (0, 30, 0, 0): ((0.8395, 1.0), (0.8395, 1.0)),
    (54, 0, 0, 0): ((-0.0664, 0.0664), (-0.0664, 0.0664)),
    (53, 0, 0, 1): ((-0.0640, 0.0640), (-0.0729, 0.0729)),
    (30, 0, 0, 24): ((-0.0074, 0.0074), (-0.0358, 0.0358)),
    (29, 0, 0, 25): ((-0.0049, 0.0049), (-0.0354, 0.0354)),
    (28, 0, 0, 26): ((-0.0025, 0.0025), (-0.0352, 0.0352)),
    (27, 0, 0, 27): ((0.0, 0.0), (-0.0351, 0.0351)),
}


@pytest.mark.parametrize("counts", NEWCOMBE_TABLE_III, ids=str)
def test_newcombe_1998_on_pairs(counts: tuple[int, int, int, int]) -> None:
    """Newcombe (1998), Stat. Med. 17, 2635–2650, table III. Where ad ≤ bc both methods are one: .87367 was cut once."""
    both_yes, gained, lost, both_no = counts
    table = paired.PairedTable.of(both_yes, lost, gained, both_no)
    for method, limits in zip((paired.newcombe8, paired.newcombe10), NEWCOMBE_TABLE_III[counts], strict=True):
        slack = 1e-4 if counts == (1, 97, 1, 1) else 5e-5
        assert [float(limit) for limit in method(table)] == pytest.approx(limits, abs=slack)


@pytest.mark.parametrize(
    ("table", "method", "limits"),
    [
        ((59, 16, 6, 80), paired.newcombe10, [-0.1186, -0.0046]),  # Fagerland, Lydersen & Laake (2017), ch. 8
        ((8, 1, 3, 2), paired.newcombe10, [-0.1574, 0.4136]),  # Tang et al. (2010)
        ((8, 1, 3, 2), score_intervals.tango, [-0.1670, 0.4327]),
    ],
)
def test_published_intervals_of_pairs(table: tuple[int, ...], method: Any, limits: list[float]) -> None:
    assert rounded(method(paired.PairedTable.of(*table))) == limits


@pytest.mark.parametrize(
    ("table", "level", "limits"),
    [
        ((4, 3, 9, 16), 0.95, [-0.027, 0.390]),  # Tango (1998), Stat. Med. 17, 891–908
        ((43, 1, 0, 0), 0.90, [-0.096, 0.037]),  # the same: 44 eyes, none of them better
        ((53, 8, 16, 9), 0.95, [-0.020, 0.207]),  # Agresti & Min (2005), Stat. Med. 24, 729–740
        ((1, 7, 1, 12), 0.95, [-0.517, -0.026]),  # Fagerland, Lydersen & Laake (2014), Stat. Med. 33, 2850–2875
        ((7, 2, 25, 68), 0.95, [0.139, 0.321]),  # Chang et al. (2024)
    ],
)
def test_published_score_intervals_of_pairs(table: tuple[int, ...], level: float, limits: list[float]) -> None:
    assert rounded(score_intervals.tango(paired.PairedTable.of(*table), level), 3) == limits


def test_fagerland_lydersen_and_laake_on_mcnemar() -> None:
    """Fagerland, Lydersen & Laake (2013), BMC Med. Res. Methodol. 13:91: 21 children, and 161 patients."""
    children, patients = paired.PairedTable.of(1, 7, 1, 12), paired.PairedTable.of(59, 16, 6, 80)
    for table, asymptotic, midp, exact_p in ((children, 0.034, 0.039, 0.07), (patients, 0.033, 0.035, 0.052)):
        assert round(float(paired.mcnemar(table).p), 3) == asymptotic
        assert round(float(paired.mcnemar_midp(table).p), 3) == midp
        assert round(float(paired.mcnemar_exact(table).p), 3) == exact_p
    assert rounded(paired.newcombe10(children), 3) == [-0.507, -0.026]
    low, high = paired.conditional_odds_ratio(children)[1]
    assert (round(float(low), 3), round(float(high), 3)) == (0.003, 1.112)


def test_fleiss_levin_and_paik_on_marginal_homogeneity() -> None:
    """Fleiss, Levin & Paik (2003), ch. 13: two raters and three diagnoses, χ² = 14.00 on two degrees of freedom."""
    found = ordered.stuart_maxwell(np.array([[35.0, 5, 0], [15, 20, 5], [10, 5, 5]]))
    assert (round(found.statistic, 2), found.df, round(found.p, 6)) == (14.0, 2, 0.000912)


def test_brunner_and_munzel_on_pain() -> None:
    """Brunner & Munzel (2000), Biom. J. 42, 17–25: t = 3.1375, df = 17.683, p = .005786, .7890 (.5952 to .9827)."""
    early = np.array([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1.0])
    late = np.array([3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4.0])
    found = rank_samples.brunner_munzel(late, early)
    assert (round(found.statistic, 4), round(found.df, 3), round(found.p, 6)) == (3.1375, 17.683, 0.005786)
    assert rounded((found.value, found.low, found.high)) == [0.789, 0.5952, 0.9827]

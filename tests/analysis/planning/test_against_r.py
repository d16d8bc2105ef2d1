"""Planned samples agree with R: power.prop.test, pwr, and formulas that planning.R writes anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.planning.answers import power, sample_size, smallest_aim
from analysis.planning.comparison import DidPairs, DidSamples
from analysis.planning.errors import PlanningError
from analysis.planning.precision import Precision
from analysis.planning.retention import RetentionPairs, RetentionSamples
from analysis.planning.studies import PairedShares, Study, TwoShares, discordant_share
from analysis.planning.terms import Clusters, Losses, Terms

R: dict[str, Any] = json.loads(Path(__file__).with_name("planning.json").read_text())


def approx(expected: Any, tolerance: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


SIZES: dict[str, tuple[str, str, Study, Terms]] = {
    "90 % power": ("two", "n_90", TwoShares(0.50, 0.25), Terms(power=0.90)),
    "a fall": ("two", "n_fall", TwoShares(0.42, -0.12), Terms()),
    "99 % confidence": ("two", "n_strict_level", TwoShares(0.10, 0.08), Terms(confidence=0.99, power=0.85)),
    "pooled": ("two", "pooled", TwoShares(0.40, 0.10), Terms()),
    "unpooled": ("two", "unpooled", TwoShares(0.40, 0.10, "unpooled"), Terms()),
    "arcsine": ("two", "arcsine", TwoShares(0.40, 0.10, "arcsine"), Terms()),
    "continuity": ("two", "continuity", TwoShares(0.40, 0.10, continuity=True), Terms()),
    "unequal waves": ("two", "ratio", TwoShares(0.40, 0.10, ratio=2), Terms()),
    "unequal waves, continuity": ("two", "ratio_continuity", TwoShares(0.40, 0.10, continuity=True, ratio=2), Terms()),
    "Connor, 30 % change": ("pairs", "connor_30", PairedShares(0.5, 0.1, 0.3), Terms()),
    "Connor, 40 % change": ("pairs", "connor_40", PairedShares(0.5, 0.1, 0.4), Terms()),
    "Miettinen": ("pairs", "miettinen_30", PairedShares(0.5, 0.1, 0.3, "miettinen"), Terms()),
    "Farrington–Manning": ("retention", "samples", RetentionSamples(0.80, 0.10), Terms()),
    "a loss expected": ("retention", "samples_loss", RetentionSamples(0.70, 0.15, -0.03), Terms()),
    "a larger follow-up": ("retention", "samples_ratio", RetentionSamples(0.80, 0.10, 0.01, 2), Terms()),
    "Nam, pairs": ("retention", "pairs", RetentionPairs(0.8, 0.10, 0.20), Terms()),
    "Nam, a loss expected": ("retention", "pairs_loss", RetentionPairs(0.7, 0.15, 0.25, -0.02), Terms()),
    "two arms": ("did", "samples", DidSamples(0.4, 0.35, 0.15, trend=0.05, ratio=0.5), Terms()),
    "two arms, pairs": ("did", "pairs", DidPairs(0.4, 0.35, 0.15, 0.3, 0.2, trend=0.05), Terms()),
    "precision": ("precision", "infinite", Precision(0.5, 0.05), Terms()),
    "precision, finite population": ("precision", "finite", Precision(0.5, 0.05), Terms(population=2500)),
    "two waves, finite population": ("precision", "two_finite", TwoShares(0.4, 0.1), Terms(population=1000)),
}


@pytest.mark.parametrize("case", SIZES)
def test_sample_sizes_agree_with_r(case: str) -> None:
    part, value, study, terms = SIZES[case]
    assert sample_size(study, terms).n_exact == approx(R[part][value])


def test_powers_and_smallest_changes_agree_with_r() -> None:
    assert power(TwoShares(0.50, 0.25), 50) == approx(R["two"]["power_50"])
    assert power(TwoShares(0.40, 0.10, "arcsine", ratio=2), 150) == approx(R["two"]["arcsine_power"])
    assert smallest_aim(TwoShares(0.40, 0.10), 200).aim == approx(R["two"]["change_200"])
    assert smallest_aim(PairedShares(0.5, 0.1, 0.3), 150).aim == approx(R["pairs"]["change_150"])
    assert smallest_aim(RetentionPairs(0.8, 0.10, 0.20), 120).aim == approx(R["retention"]["margin_120"])
    assert discordant_share(0.5, 0.1, 0.4) == approx(R["pairs"]["discordant"])


def test_samples_of_groups_agree_with_r() -> None:
    groups, study = R["groups"], TwoShares(0.40, 0.10)
    assert Clusters(icc=0.15, size=60).design_effect(60, "separate") == approx(groups["deff_60"])
    by_size = sample_size(study, Terms(clusters=Clusters(icc=0.05, size=20, cv=0.4, same_in_waves=False)))
    assert by_size.n_exact / 20 == approx(groups["size_20"])
    assert (by_size.clusters, by_size.n) == (42, 840)
    by_count = sample_size(study, Terms(clusters=Clusters(icc=0.02, count=30, autocorrelation=0.6)))
    assert by_count.n_exact / 30 == approx(groups["count_30"])
    assert (by_count.cluster_size, by_count.n) == (16, 480)
    new = Terms(clusters=Clusters(icc=0.03, count=30, same_in_waves=False))
    assert power(study, 600, new) == approx(groups["power_new"])
    pairs = sample_size(PairedShares(0.5, 0.1, 0.3), Terms(clusters=Clusters(icc=0.04, size=25)))
    assert pairs.n_exact / 25 == approx(groups["pairs_t"])
    share = sample_size(Precision(0.5, 0.05), Terms(clusters=Clusters(icc=0.05, size=20)))
    assert share.n_exact / 20 == approx(R["precision"]["groups"])


def test_arms_and_margins_in_groups_agree_with_r() -> None:
    arms = DidSamples(0.4, 0.35, 0.15, trend=0.05, ratio=0.5)
    visited = Clusters(icc=0.03, size=15, cv=0.3, autocorrelation=0.5)
    assert sample_size(arms, Terms(clusters=visited)).n_exact / 15 == approx(R["groups"]["did"])
    new = Clusters(icc=0.02, size=12, same_in_waves=False)
    assert sample_size(RetentionSamples(0.80, 0.10), Terms(clusters=new)).n_exact / 12 == approx(
        R["groups"]["retention"]
    )


def test_people_to_approach_agree_with_r() -> None:
    losses = Losses(answering=0.9, found_again=0.8, matched=2 / 3)
    assert sample_size(PairedShares(0.5, 0.1, 0.3), Terms(losses=losses)).recruit_total == R["losses"]["linked"]
    separate = sample_size(TwoShares(0.40, 0.10), Terms(losses=losses))
    assert separate.recruit["earlier"] == R["losses"]["separate"]


def test_a_fixed_number_of_groups_follows_the_published_formula() -> None:
    of_25 = Terms(clusters=Clusters(icc=0.02, count=25, small_sample=False))
    assert sample_size(TwoShares(0.40, 0.10), of_25).n_exact / 25 == approx(R["groups"]["hemming"])
    with pytest.raises(PlanningError) as refused:
        sample_size(TwoShares(0.40, 0.10), Terms(clusters=Clusters(icc=0.05, count=10, small_sample=False)))
    assert refused.value.params["needed"] == R["groups"]["hemming_least"]


def test_published_figures_of_the_field_are_met() -> None:
    """234 to 312 pairs for a net change of ten points with 30 to 40 % who change; 437 to 1,020 people to begin with."""
    few = sample_size(PairedShares(0.5, 0.1, 0.3), Terms(losses=Losses(found_again=0.80, matched=0.67)))
    many = sample_size(PairedShares(0.5, 0.1, 0.4), Terms(losses=Losses(found_again=0.60, matched=0.51)))
    assert (few.n, few.recruit_total, many.n, many.recruit_total) == (234, 437, 312, 1020)
    assert sample_size(Precision(0.5, 0.05), Terms(population=2500)).n == 334
    assert round(385 / Clusters(icc=0.15, size=60).design_effect(60, "separate")) == 39

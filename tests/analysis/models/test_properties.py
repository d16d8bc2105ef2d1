"""What must hold for any data: order and names do not matter, and swapping groups or waves turns signs only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.models import differences, mixed, panel
from analysis.models.clustered import robust
from analysis.models.fitting import fit_linear, fit_logistic
from analysis.models.resampling import permutation_test, wild_cluster_bootstrap
from analysis.survey.errors import SurveyError

SEEDS = st.integers(0, 10**6)


def made_up(seed: int, clusters: int = 9) -> tuple[Any, Any, Any, Any]:
    """Answers, group, wave and village of people in villages; every village has both waves and both answers vary."""
    random = np.random.default_rng(seed)
    size = random.integers(3, 9, clusters)
    cluster = np.repeat(np.arange(clusters), 2 * size)
    later = np.concatenate([np.tile([0.0, 1.0], n) for n in size])
    treated = (cluster % 2).astype(float)
    y = (random.random(len(cluster)) < 0.3 + 0.2 * later + 0.1 * treated).astype(float)
    return y, treated, later, cluster


def close(found: Any, expected: Any) -> None:
    assert np.asarray(found, float) == pytest.approx(np.asarray(expected, float), rel=1e-7, abs=1e-9, nan_ok=True)


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_order_of_rows_and_names_of_villages_do_not_matter(seed: int) -> None:
    y, treated, later, cluster = made_up(seed)
    order = np.random.default_rng(seed + 1).permutation(len(y))
    renamed = (97 - 7 * cluster)[order]
    for kind in ("CR0", "CR1S", "CR2", "CR3"):
        before = differences.difference_in_differences(y, treated, later, cluster, kind=kind)
        after = differences.difference_in_differences(y[order], treated[order], later[order], renamed, kind=kind)
        close([after.value, after.se, after.df], [before.value, before.se, before.df])
    means = differences.did_of_cluster_means(y, treated, later, cluster)
    again = differences.did_of_cluster_means(y[order], treated[order], later[order], renamed)
    close([again.value, again.se, again.df], [means.value, means.se, means.df])
    exchanged = permutation_test(y[order], treated[order], later[order], renamed, seed=1)
    assert exchanged.p == pytest.approx(permutation_test(y, treated, later, cluster, seed=1).p)


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_swapping_groups_or_waves_turns_signs_only(seed: int) -> None:
    y, treated, later, cluster = made_up(seed)
    first = differences.difference_in_differences(y, treated, later, cluster)
    for swapped in ((1 - treated, later), (treated, 1 - later)):
        found = differences.difference_in_differences(y, *swapped, cluster)
        close([-found.value, found.se, found.df, found.p], [first.value, first.se, first.df, first.p])
        close([-found.high, -found.low], [first.low, first.high])
        exchanged = permutation_test(y, *swapped, cluster, seed=1)
        assert exchanged.p == pytest.approx(permutation_test(y, treated, later, cluster, seed=1).p)


@given(SEEDS)
@settings(max_examples=10, deadline=None)
def test_swapping_yes_and_no_turns_signs_of_panel_models(seed: int) -> None:
    y, treated, later, person = made_up(seed, clusters=12)
    x = np.column_stack([np.ones(len(y)), later, treated])
    first, turned = panel.gee_logit(y, x, person), panel.gee_logit(1 - y, x, person)
    assert turned.coefficients == pytest.approx(-first.coefficients, abs=1e-7)
    assert turned.covariance == pytest.approx(first.covariance, abs=1e-7)


def test_scaling_the_weights_changes_nothing() -> None:
    y, treated, later, person = made_up(3, clusters=12)
    x, weight = np.column_stack([np.ones(len(y)), later, treated]), np.linspace(1, 2, len(y))
    first, scaled = (panel.gee_logit(y, x, person, weight=factor * weight) for factor in (1.0, 1000.0))
    close(scaled.coefficients, first.coefficients)
    close(scaled.covariance, first.covariance)


def test_a_cluster_for_every_row_gives_the_hc_family() -> None:
    y, treated, later, _ = made_up(5)
    fit = fit_linear(y, differences.did_columns(treated, later))
    leverage = np.einsum("ij,jk,ik->i", fit.x, fit.bread, fit.x)
    for kind, power in (("CR0", 0.0), ("CR2", 0.5), ("CR3", 1.0)):
        residual = (y - fit.fitted) / (1 - leverage) ** power
        meat = (fit.x * (residual**2)[:, None]).T @ fit.x
        assert robust(fit, np.arange(len(y)), kind).covariance == pytest.approx(fit.bread @ meat @ fit.bread)


def test_draws_depend_on_the_seed_and_on_nothing_else() -> None:
    y, treated, later, cluster = made_up(7, clusters=24)
    found = [permutation_test(y, treated, later, cluster, seed) for seed in (1, 1, 2)]
    assert not found[0].exact
    assert found[0] == found[1]
    assert found[0].p != found[2].p
    x = differences.did_columns(treated, later)
    boot = [wild_cluster_bootstrap(y, x, cluster, 3, seed) for seed in (1, 1)]
    assert boot[0] == boot[1]
    assert abs(boot[0].p - differences.difference_in_differences(y, treated, later, cluster).p) < 0.1


@pytest.mark.parametrize(
    ("with_activity", "without", "rule"),
    [(4, 30, "no_inference"), (5, 5, "few_clusters"), (20, 19, "few_clusters"), (20, 20, "many_clusters")],
)
def test_what_a_number_of_clusters_allows(with_activity: int, without: int, rule: str) -> None:
    treated = np.repeat([1.0, 0.0], [with_activity, without])
    assert differences.cluster_rule(treated, np.arange(len(treated))).rule == rule


def test_data_that_cannot_be_analysed_are_refused() -> None:
    y, treated, later, cluster = made_up(9)
    with pytest.raises(SurveyError, match="repeat one another"):
        differences.difference_in_differences(y, np.ones(len(y)), later, cluster)
    with pytest.raises(SurveyError, match="single cluster"):
        differences.difference_in_differences(y, treated, later, np.zeros(len(y), dtype=int))
    with pytest.raises(SurveyError, match="all yes or all no"):
        fit_logistic(later, differences.did_columns(treated, later)[:, :3])
    with pytest.raises(SurveyError, match="all yes or all no"):
        panel.gee_logit(later, np.column_stack([np.ones(len(y)), later]), cluster)
    with pytest.raises(SurveyError, match="no row"):
        fit_linear(y[:0], differences.did_columns(treated, later)[:0])
    with pytest.raises(SurveyError, match="single cluster"):
        mixed.mixed_logistic(y, np.ones((len(y), 1)), np.zeros(len(y), dtype=int))


def test_groups_that_are_all_alike_have_no_finite_spread() -> None:
    group = np.repeat(np.arange(40), 10)
    with pytest.raises(SurveyError, match="all yes or all no"):
        mixed.mixed_logistic((group % 2).astype(float), np.ones((400, 1)), group)

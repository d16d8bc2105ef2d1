"""What planned samples promise: they keep their power, they are honest where nothing can be found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.planning.answers import curve, power, sample_size, smallest_aim
from analysis.planning.comparison import DidPairs, DidSamples
from analysis.planning.errors import SENTENCES
from analysis.planning.precision import Precision
from analysis.planning.retention import RetentionPairs, RetentionSamples
from analysis.planning.studies import PairedShares, Study, TwoShares, discordant_share
from analysis.planning.terms import Clusters, Losses, Terms

STUDIES: tuple[Study, ...] = (
    TwoShares(0.40, 0.10),
    TwoShares(0.40, -0.10, "arcsine"),
    TwoShares(0.40, 0.10, continuity=True, ratio=0.5),
    PairedShares(0.5, -0.1, 0.3),
    PairedShares(0.5, 0.1, 0.3, "miettinen"),
    RetentionSamples(0.80, 0.10),
    RetentionPairs(0.80, 0.10, 0.20, -0.02),
    DidSamples(0.4, 0.35, 0.15, trend=0.05),
    DidPairs(0.4, 0.35, 0.15, 0.3, 0.2),
)
CLUSTERS = (None, Clusters(0.01, size=15), Clusters(0.01, count=60), Clusters(0.02, size=12, same_in_waves=False))


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
@pytest.mark.parametrize("clusters", CLUSTERS, ids=("people", "size", "count", "new"))
@pytest.mark.parametrize("population", [None, 5000])
def test_the_sample_keeps_the_power_and_fewer_people_would_not(
    study: Study, clusters: Clusters | None, population: int | None
) -> None:
    terms = Terms(power=0.9, clusters=clusters, population=population)
    found = sample_size(study, terms)
    assert found.power is not None
    assert found.power >= 0.9
    assert power(study, found.n_exact * 0.999, terms) < 0.9
    assert found.n >= found.n_exact
    assert found.total == sum(found.groups.values())


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_the_smallest_change_of_a_sample_needs_that_sample(study: Study) -> None:
    terms = Terms(clusters=Clusters(0.02, size=10))
    found = smallest_aim(study, 400, terms)
    assert power(study.aiming(found.aim), 400, terms) == pytest.approx(terms.power, abs=1e-6)
    assert found.aim * study.aim > 0
    assert sample_size(study.aiming(found.aim), terms).n in (400, 410)


def test_a_curve_falls_and_says_where_nothing_can_be_found() -> None:
    points = curve(PairedShares(0.5, 0.1, 0.3), (5, 25, 50, 100, 200, 400))
    assert [point.n for point in points] == [5, 25, 50, 100, 200, 400]
    aims = [point.aim for point in points]
    assert aims[0] is None
    known = [aim for aim in aims if aim is not None]
    assert known == sorted(known, reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    earlier=st.floats(0.02, 0.98),
    change=st.floats(0.01, 0.5),
    icc=st.floats(0, 0.5),
    cv=st.floats(0, 1.5),
    size=st.floats(1, 100),
)
# scipy's noncentral t has no value on the way to this one
@example(earlier=0.4375, change=0.390625, icc=0.46875, cv=1.0, size=95.0)
def test_groups_and_uneven_groups_never_need_fewer_people(
    earlier: float, change: float, icc: float, cv: float, size: float
) -> None:
    if earlier + change >= 0.99:
        return
    study = TwoShares(earlier, change)
    alone = sample_size(study).n_exact
    even = sample_size(study, Terms(clusters=Clusters(icc, size=size))).n_exact
    uneven = sample_size(study, Terms(clusters=Clusters(icc, size=size, cv=cv))).n_exact
    assert alone <= even * (1 + 1e-9)
    assert even <= uneven * (1 + 1e-9)


def test_losses_count_only_where_people_can_be_lost() -> None:
    losses = Losses(answering=0.8, found_again=0.5, matched=0.5)
    separate = sample_size(TwoShares(0.4, 0.1), Terms(losses=losses))
    linked = sample_size(PairedShares(0.5, 0.1, 0.3), Terms(losses=losses))
    assert separate.groups == {"earlier": 388, "later": 388}
    assert separate.recruit == {"earlier": 485, "later": 485}
    assert (linked.groups, linked.recruit) == ({"pairs": 234}, {"pairs": 1170})


def test_waves_of_the_same_groups_need_fewer_people_than_new_groups() -> None:
    study = TwoShares(0.40, 0.10)
    same = sample_size(study, Terms(clusters=Clusters(0.05, size=20, autocorrelation=0.8)))
    new = sample_size(study, Terms(clusters=Clusters(0.05, size=20, same_in_waves=False)))
    assert same.n < new.n
    assert same.design_effect < new.design_effect
    assert {"same_clusters", "icc"} <= set(same.assumptions)
    assert "new_clusters" in new.assumptions


def test_a_plan_can_be_written_as_json_and_says_what_it_assumes() -> None:
    terms = Terms(clusters=Clusters(0.001, count=5), losses=Losses(answering=0.9), population=4000)
    written = json.loads(json.dumps(sample_size(TwoShares(0.02, 0.04), terms).to_dict()))
    assert written["inputs"] == {"earlier": 0.02, "change": 0.04, "method": "normal", "continuity": False, "ratio": 1.0}
    assert written["terms"]["clusters"]["icc"] == 0.001
    assert set(written["assumptions"]) >= {
        "separate_people",
        "too_few_clusters_to_speak_for_others",
        "claim_about_this_population_only",
        "those_lost_are_like_those_kept",
        "same_clusters",
    }
    rare = sample_size(TwoShares(0.001, 0.2))
    assert "normal_approximation_is_poor" in rare.assumptions
    assert sample_size(Precision(0.5, 0.05)).power is None


REFUSED: dict[str, tuple[str, Callable[[], object]]] = {
    "no change": ("no_change", lambda: TwoShares(0.4, 0.0)),
    "share above 1": ("out_of_range", lambda: TwoShares(40, 0.1)),
    "not a number": ("out_of_range", lambda: TwoShares(float("nan"), 0.1)),
    "beyond 1": ("share_beyond_ends", lambda: TwoShares(0.95, 0.1)),
    "too few change": ("too_few_changers", lambda: PairedShares(0.5, 0.2, 0.1)),
    "too many change": ("too_many_changers", lambda: PairedShares(0.05, 0.1, 0.5)),
    "impossible correlation": ("too_few_changers", lambda: discordant_share(0.2, 0.5, 0.99)),
    "loss beyond margin": ("loss_beyond_margin", lambda: RetentionSamples(0.8, 0.1, -0.1)),
    "margin beyond share": ("out_of_range", lambda: RetentionPairs(0.1, 0.2, 0.1)),
    "size and count": ("size_or_count", lambda: Clusters(0.05, size=20, count=10)),
    "neither size nor count": ("size_or_count", lambda: Clusters(0.05)),
    "nobody answers": ("out_of_range", lambda: Losses(answering=0)),
    "certain power": ("out_of_range", lambda: Terms(power=1.0)),
    "too few people": ("too_few_people", lambda: smallest_aim(TwoShares(0.9, 0.05), 5)),
    "more than there are": ("out_of_range", lambda: smallest_aim(TwoShares(0.4, 0.1), 900, Terms(population=500))),
    "one group": ("out_of_range", lambda: Clusters(0.05, count=1)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_impossible_figures_get_one_sentence(case: str) -> None:
    code, asked = REFUSED[case]
    with pytest.raises(AnalysisError) as refused:
        asked()
    assert refused.value.code == code
    assert str(refused.value).count(".") >= 1
    assert "%(" not in str(refused.value)


def test_too_few_groups_are_refused_with_the_number_that_would_do() -> None:
    study, terms = TwoShares(0.40, 0.10), Terms(clusters=Clusters(0.05, count=10))
    with pytest.raises(AnalysisError) as refused:
        sample_size(study, terms)
    assert refused.value.code == "too_few_clusters"
    needed = int(refused.value.params["needed"])
    assert sample_size(study, Terms(clusters=Clusters(0.05, count=needed))).n > 0
    with pytest.raises(AnalysisError):
        sample_size(study, Terms(clusters=Clusters(0.05, count=needed - 1)))


def test_every_sentence_can_be_said() -> None:
    raised = {code for code, _ in REFUSED.values()} | {"too_few_clusters", "no_sample_enough"}
    assert raised == set(SENTENCES)


def test_a_sample_is_refused_where_none_is_enough() -> None:
    with pytest.raises(AnalysisError) as refused:
        sample_size(TwoShares(0.5, 1e-5))
    assert refused.value.code == "no_sample_enough"

"""The Monte Carlo finds what theory promises: exact methods are never too bold, planned samples have their power."""

from __future__ import annotations

import numpy as np
import pytest

from bench import montecarlo
from bench.chances import (
    attrition,
    comparison_groups,
    effect_sizes,
    families,
    panels,
    planned,
    planned_groups,
    retention,
    samples,
    sessions,
    weighed,
    whole_plans,
)
from bench.chances.lines import Found, Line, as_markdown, as_text
from bench.chances.planned_groups import SAMPLES

RANDOM = np.random.default_rng


def by_method(lines: list[Line]) -> dict[str, list[Line]]:
    return {line.method: [other for other in lines if other.method == line.method] for line in lines}


def test_exact_intervals_always_cover_and_score_intervals_nearly_always() -> None:
    found = by_method([*weighed.coverage_of_shares(), *weighed.coverage_of_samples()])
    assert all(line.worst is not None and line.worst >= 0.95 for line in found["clopper_pearson"])
    for method in ("wilson", "newcombe", "miettinen_nurminen", "agresti_caffo"):
        assert all(line.mean >= 0.945 and line.worst is not None and line.worst > 0.92 for line in found[method])
    assert any(line.worst is not None and line.worst < 0.85 for line in found["wald"])


def test_intervals_of_pairs_and_of_barriers_cover() -> None:
    found = by_method([*weighed.coverage_of_pairs(20), *weighed.coverage_of_ratios(30, 30)])
    for method in ("newcombe10", "tango", "bonett_price", "conditional_odds_ratio (pairs)", "relative_risk (barrier)"):
        assert found[method][0].mean >= 0.945


def test_intervals_of_effect_sizes_cover() -> None:
    lines = list(effect_sizes.lines(400))
    assert [line.method for line in lines] == [
        f"{name} interval" for name in ("d_z", "g_z", "d_av", "g_av", "rank_biserial", "hedges_g")
    ]
    assert all(line.mean > 0.92 for line in lines)
    assert weighed.covered_h(30, 30).mean > 0.92


def test_exact_tests_keep_their_level_at_every_true_share() -> None:
    found = by_method([*weighed.size_for_pairs(25), *weighed.size_for_samples()])
    for method in ("mcnemar_exact", "fisher", "boschloo", "barnard"):
        assert all(line.worst is not None and line.worst <= 0.05 + 1e-9 for line in found[method])
    assert found["mcnemar_midp"][0].mean > found["mcnemar_exact"][0].mean


def test_chances_of_all_tables_add_up_to_one() -> None:
    assert weighed.all_tables(7, 4)[1].sum(axis=1) == pytest.approx(1)
    assert weighed.all_pairs(6)[1].sum(axis=1) == pytest.approx(1)
    _, to_no, to_yes = weighed.changer_tables(9)
    shares = np.array([0.0, 0.2, 0.4])
    assert weighed.trinomial(9, to_no, to_yes, shares, shares).sum(axis=1) == pytest.approx(1)


def test_planned_samples_have_the_power_they_were_planned_for() -> None:
    lines = list(planned.exact())
    assert len(lines) == 19
    assert all(abs(line.mean - line.aim) < 0.04 for line in lines)
    drawn = [*planned.did_samples(500, RANDOM(1)), *planned_groups.two_shares(500, RANDOM(1), SAMPLES[3])]
    assert all(0.74 < line.mean < 0.87 for line in drawn)


def test_drawn_lines_tell_how_sure_they_are() -> None:
    found = by_method(list(sessions.nothing_changed(200, RANDOM(1), "12 sessions", np.full(12, 15))))
    assert found["mcnemar_midp ignoring sessions"][0].mean > found["linearised_t"][0].mean
    assert all(line.spread > 0 for lines in found.values() for line in lines)
    assert "±" not in as_text(found["linearised_t"][0])
    assert as_text(Line("wilson", "one share", 0.95, 0.9582, 0.9244)).endswith("0.9244   exact")
    assert as_text(Line("wald", "one share", 0.95, 0.9, None, 0.01, "too narrow")).endswith("0.010  too narrow")


def test_lines_of_one_situation_stand_together_in_a_text() -> None:
    lines = [Line("a", "one share", 0.95, 0.958, 0.92), Line("b", "one share", 0.95, 1, None, 0.01, "wide")]
    last = as_markdown("Shares", lines).splitlines()[-1]
    assert last == "| one share | .950 | a .958 (.920); b 1.000 – wide |"


def test_an_interval_without_limits_covers_nothing_and_a_test_without_p_rejects_nothing() -> None:
    found = Found("one")
    found.covers("interval", [0.1, np.nan], [0.3, np.nan], 0.2)
    found.rejects("test", [0.01, np.nan])
    found.gives("estimate", 0.5, [0.4, 0.8])
    assert [line.mean for line in found.lines()] == pytest.approx([0.5, 0.5, 0.6])


def test_weights_repair_what_complete_pairs_get_wrong_and_bounds_hold_always() -> None:
    found = by_method(list(panels.lost_by_first_answer(100, RANDOM(2))))
    assert abs(found["gee weighted: change"][0].mean - panels.CHANGE) < 0.02
    assert abs(found["complete pairs: change"][0].mean - panels.CHANGE) > 0.05
    bounds = by_method(list(attrition.bounds(100, RANDOM(2))))
    assert bounds["worst_and_best"][0].mean == bounds["worst_and_best_comparison"][0].mean == 1


def test_few_unlike_clusters_need_more_than_the_plain_sandwich() -> None:
    found = by_method(list(comparison_groups.shares_rise(300, RANDOM(3), comparison_groups.SETTINGS[0])))
    assert found["CR2 interval"][0].mean > found["CR0 interval"][0].mean
    assert found["CR2 interval"][0].mean > 0.92


def test_families_keep_false_claims_rare() -> None:
    found = by_method(list(families.false_claims(1000, RANDOM(4), "independent", 0.0)))
    assert all(line.mean < 0.07 for line in found["holm"])
    assert all(line.mean > 0.10 for line in found["none"])


def test_what_a_report_tells_covers() -> None:
    lines = list(whole_plans.tried(RANDOM(5), 1, whole_plans.STUDIES[0]))
    assert [line.method for line in lines] == ["newcombe10 as told", "heterogeneity_q"]
    assert lines[0].mean > 0.91 and lines[1].mean < 0.09
    sampled = by_method(list(samples.shares_and_changes(300, RANDOM(5), samples.stratified(True, samples.WEIGHTS**0))))
    assert sampled["linearised_t interval"][0].mean > 0.91


def test_fieller_covers_where_few_lost_anything() -> None:
    found = [line for line in retention.shares_of_a_gain(300, RANDOM(6)) if line.method.startswith("fieller")]
    assert all(line.mean > 0.91 for line in found)


def test_one_part_can_be_run_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["montecarlo.py", "--only", "losses by ARM", "--draws", "20"])
    assert montecarlo.main() == 0
    assert "worst_and_best" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["montecarlo.py", "--only", "astrology"])
    with pytest.raises(SystemExit):
        montecarlo.main()

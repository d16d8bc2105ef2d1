"""The Monte Carlo finds what theory promises: exact methods are never too bold, planned samples have their power."""

from __future__ import annotations

import numpy as np
import pytest

from bench.chances import drawn, planned, weighed
from bench.chances.lines import Line, as_text


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
    for method in ("newcombe10", "tango", "bonett_price", "conditional_odds_ratio, paired", "relative_risk (barrier)"):
        assert found[method][0].mean >= 0.945


def test_intervals_of_effect_sizes_cover() -> None:
    lines = list(drawn.effect_sizes(400, np.random.default_rng(7)))
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
    lines = [*planned.exact_power(), *planned.did_power(4000, np.random.default_rng(1))]
    assert len(lines) == 10
    assert all(0.78 < line.mean < 0.85 for line in lines)


def test_drawn_lines_tell_how_sure_they_are() -> None:
    found = by_method(list(drawn.sessions(200, np.random.default_rng(1))))
    assert found["mcnemar_midp, sessions ignored"][0].mean > found["linearised t"][0].mean
    assert all(line.spread > 0 for lines in found.values() for line in lines)
    assert "±" not in as_text(found["linearised t"][0])
    assert as_text(Line("wilson", "one share", 0.95, 0.9582, 0.9244)).endswith("0.9244   exact")

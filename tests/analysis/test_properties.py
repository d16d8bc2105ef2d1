"""What must hold for any data: sign, interval and verdict agree; order and names of rows do not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import exact, run
from tests.analysis.plans import answers, pairs, plan, table

FEW = settings(max_examples=40, deadline=None)
COUNT = st.integers(0, 25)
CELLS = st.lists(st.sampled_from([0, 1, None]), min_size=1, max_size=30)
SMALLEST = {"smallest_change": {"points": 10}}


def agrees_with_itself(row: dict[str, Any]) -> bool:
    """Estimate inside its interval, verdict on the interval's side, nothing claimed of fewer than ten people."""
    n = min(row["n_from"], row["n_to"])
    if n == 0:
        return row["verdict"] == "counts_only" and row["difference"] is None
    low, high = row["interval"]["low"], row["interval"]["high"]
    sides = {
        "counts_only": n < 10,
        "improved": low > 0 and row["difference"] > 0,
        "worsened": high < 0 and row["difference"] < 0,
        "practically_unchanged": low <= 0 <= high and low >= -0.1 and high <= 0.1,
        "too_uncertain": low < -0.1 and high > 0.1,
        "no_clear_change": low <= 0 <= high,
    }
    inside = -1 <= low <= row["difference"] <= high <= 1
    return inside and sides[row["verdict"]] and 0 <= row["test"]["p"] <= 1


@FEW
@given(COUNT, COUNT, COUNT, COUNT)
def test_sign_interval_and_verdict_of_pairs_never_disagree(a: int, b: int, c: int, d: int) -> None:
    for row in run(plan("paired", **SMALLEST), table(a, b, c, d)).changes:
        assert agrees_with_itself(row)
        assert row["difference"] is None or np.isclose(row["difference"], (c - b) / (a + b + c + d))


@FEW
@given(CELLS, CELLS)
def test_sign_interval_and_verdict_of_separate_samples_never_disagree(before: list[Any], after: list[Any]) -> None:
    for row in run(plan(**SMALLEST), answers(before, after)).changes:
        assert agrees_with_itself(row)


def mirrored(row: dict[str, Any]) -> tuple[Any, ...]:
    interval = row["interval"]
    return row["n_to"], row["n_from"], -row["difference"], -interval["high"], -interval["low"], row["test"]["p"]


@FEW
@given(COUNT, COUNT, COUNT, COUNT)
def test_swapping_the_waves_of_pairs_only_changes_signs(a: int, b: int, c: int, d: int) -> None:
    if a + b + c + d:
        there, back = (run(plan("paired"), table(a, *changers, d)).changes[0] for changers in ((b, c), (c, b)))
        straight = (there["n_from"], there["n_to"], there["difference"], *list(there["interval"].values())[:2])
        assert np.allclose(mirrored(back), (*straight, there["test"]["p"]), atol=1e-12)


@FEW
@given(CELLS, CELLS)
def test_swapping_separate_samples_only_changes_signs(before: list[Any], after: list[Any]) -> None:
    there, back = (run(plan(), answers(*waves)).changes[0] for waves in ((before, after), (after, before)))
    if there["difference"] is not None:
        straight = (there["n_from"], there["n_to"], there["difference"], *list(there["interval"].values())[:2])
        assert np.allclose(mirrored(back), (*straight, there["test"]["p"]), atol=1e-9)


@FEW
@given(st.lists(st.tuples(*[st.sampled_from([0, 1, None])] * 2), min_size=1, max_size=25), st.randoms())
def test_the_order_of_rows_and_the_names_of_people_do_not_matter(people: list[tuple[Any, Any]], random: Any) -> None:
    before, after = ([answer[wave] for answer in people] for wave in (0, 1))
    sex = [random.choice(["F", "M", None]) for _ in people]
    frame = pairs(before, after, sex=sex)
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled = frame.iloc[order].assign(who=lambda rows: "person " + rows["who"].astype(str))
    asked = plan("paired", by=["sex"], suppress_below=5)
    assert run(asked, shuffled).changes == run(asked, frame).changes
    assert run(asked, shuffled).estimates == run(asked, frame).estimates


@FEW
@given(st.integers(1, 14), st.integers(1, 14), st.data())
def test_boschloo_is_never_stricter_than_fisher(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    p = exact.boschloo(x1, n1, x2, n2)
    assert 0 < p <= exact.fisher(x1, n1, x2, n2) + 1e-12
    assert np.isclose(p, exact.boschloo(x2, n2, x1, n1), atol=1e-10)
    assert np.isclose(p, exact.boschloo(n1 - x1, n1, n2 - x2, n2), atol=1e-10)

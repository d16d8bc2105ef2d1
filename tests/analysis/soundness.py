"""What any results must satisfy, said once more and independently of the code that makes them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from analysis.errors import AnalysisError
from analysis.plan import Indicator, Plan
from tests.analysis.studies import Study

Row = dict[str, Any]
ROUNDING = 1e-9
WHOLE = frozenset({"n", "x", "n_from", "n_to", "n_pairs", "x_from", "x_to", "clusters", "items", "rows_read"})
NOT_BELOW_ZERO = frozenset({"se", "sd_from", "sd_to", "sd", "df", "deff", "n_effective", "df_between"})
UP_TO_ONE = frozenset({"p", "p_adjusted", "share_kept", "floor", "ceiling"})
ABOUT = frozenset(
    {"model", "indicator", "determinant", "wave", "from", "to", "baseline", "arm", "comparison", "segment", "hidden"}
    | {"design_weights"}
)  # what a hidden row keeps
AS_IN_R = frozenset(
    {
        (".changes.interval", "wald"),
        (".changes.interval", "newcombe8"),  # where half say yes and nobody changed, φ is 1
        (".changes.more_effects.interval", "katz_log"),
    }
)  # these agree with R and with what was published also where they have no width (test_tables_against_r.py)
SHRUNKEN = frozenset({"bonett_price", "agresti_min", "agresti_caffo"})
NEEDS_REASON = ("low", "high", "p", "value")  # keys whose null must say why, in the mapping where it stands


def assert_sentence(error: AnalysisError) -> str:
    """One whole sentence without traces of a program."""
    said = str(error)
    assert said == said.strip() and "\n" not in said
    assert said.endswith(".")
    assert "%(" not in said and "Traceback" not in said and "nan" not in said.split()
    return said


def assert_sound(results: dict[str, Any], plan: Plan) -> None:
    """Strict JSON, every number possible, every null with its reason, and estimates, intervals and verdicts at one."""
    json.dumps(results, allow_nan=False)
    for path, holder in _mappings(results, ""):
        _assert_numbers(path, holder)
    about = {indicator.id: indicator for indicator in plan.indicators}
    for row in results["estimates"]:
        _assert_estimate(row, about[row["indicator"]])
    for row in results["changes"]:
        _assert_change(row, about[row["indicator"]], plan)
    for row in results["barriers"]:
        _assert_barrier(row, plan)
    for row in results["interactions"]:
        assert row["test"]["p"] is not None or row["p_adjusted"] is None
        assert row["hidden"] or row["test"]["p"] is not None or row["test"]["reason"]
    for row in results["comparison"]:
        _assert_comparison(row, about[row["indicator"]], plan)
    for row in results["retention"]:
        _assert_retention(row, about[row["indicator"]], plan)
    for name in ("models", "attrition", "composition", "reliability", "clustering"):
        for row in results[name]:
            _assert_beside(name, row)
    if plan.suppress_below:
        _assert_small_groups_hidden(results, plan)


def sound(studied: Study) -> dict[str, Any]:
    """The results of a study, when they satisfy all that must hold."""
    results = studied.run().to_dict()
    assert_sound(results, studied.parsed)
    return results


def sound_or_refused(studied: Study) -> dict[str, Any] | None:
    """The same, or None where the study is refused with a sentence."""
    try:
        return sound(studied)
    except AnalysisError as error:
        assert_sentence(error)
        return None


def verdict_of(row: Row, indicator: Indicator) -> str:
    """The rule of the design, from a row's own numbers: the interval decides, the test never."""
    if min(row["n_from"], row["n_to"]) < 10:
        return "counts_only"
    low, high = row["interval"]["low"], row["interval"]["high"]
    delta = indicator.smallest_change
    if low is None or high is None:
        return "too_uncertain"
    better_up = indicator.better == "higher"
    if low > 0 or high < 0:
        return "improved" if (low > 0) == better_up else "worsened"
    if delta is not None and max(-low, high) <= delta:
        return "practically_unchanged"
    if delta is not None and min(-low, high) > delta:
        return "too_uncertain"
    return "no_clear_change"


def _mappings(value: Any, path: str) -> Iterator[tuple[str, Row]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from _mappings(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _mappings(inner, path)


def _assert_numbers(path: str, holder: Row) -> None:
    for key, value in holder.items():
        where = f"{path}.{key} = {value}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        assert math.isfinite(value), where
        assert key not in WHOLE or (isinstance(value, int) and value >= 0), where
        assert key not in NOT_BELOW_ZERO or value >= 0, where
        assert key not in UP_TO_ONE or 0 <= value <= 1, where
    if "method" in holder and "low" in holder:
        _assert_interval(path, holder)


def _assert_interval(path: str, interval: Row) -> None:
    low, high = interval["low"], interval["high"]
    if low is not None and high is not None:
        proven = low == high and (path, interval["method"]) in AS_IN_R
        assert low < high or proven, f"{path}: an interval of no width"


def _unexplained(holder: Row) -> list[str]:
    """Nulls of a shown row that do not say why."""
    return [
        f"{path}.{key}"
        for path, inner in _mappings(holder, "")
        for key in NEEDS_REASON
        if key in inner and inner[key] is None and not inner.get("reason")
    ]


def _assert_hidden(row: Row) -> None:
    for path, holder in _mappings(row, ""):
        for key, value in holder.items():
            inside = path == "" and key in ABOUT
            named = key in ("method", "name") or path == ".segment"
            assert inside or named or value is None or value == [] or isinstance(value, dict), f"{path}.{key} = {value}"


def _inside(value: float | None, interval: Row) -> bool:
    """An estimate in its interval; adjusted Wald intervals lie around an estimate of a few people more, and may not."""
    low, high = interval["low"], interval["high"]
    if value is None:
        return low is None and high is None
    if interval["method"] in SHRUNKEN:
        return True
    rounding = ROUNDING * max(1.0, abs(value))
    return (low is None or low <= value + rounding) and (high is None or value <= high + rounding)


def _assert_estimate(row: Row, indicator: Indicator) -> None:
    if row["hidden"]:
        _assert_hidden(row)
        return
    assert not _unexplained(row), _unexplained(row)
    assert (row["estimate"] is None) == (row["n"] == 0) == ("reason" in row), row
    assert _inside(row["estimate"], row["interval"]), row
    assert row["n"] > 1 or row["se"] is None, "one person shows no spread"
    assert row["n"] > 1 or row["deff"] is None, "one person costs nothing"
    if indicator.binary:
        assert 0 <= row["x"] <= row["n"]
        _assert_share(row["estimate"], row["interval"], row["x"], row["n"], weighted="unweighted" in row)
    else:
        assert row["x"] is None


def _assert_share(share: float | None, interval: Row, x: int, n: int, *, weighted: bool) -> None:
    if share is None:
        return
    assert -ROUNDING <= share <= 1 + ROUNDING
    assert weighted or math.isclose(share, x / n, abs_tol=ROUNDING)
    assert all(limit is None or -ROUNDING <= limit <= 1 + ROUNDING for limit in (interval["low"], interval["high"]))


def _assert_change(row: Row, indicator: Indicator, plan: Plan) -> None:
    if row["hidden"]:
        _assert_hidden(row)
        return
    assert not _unexplained(row), _unexplained(row)
    ends = row["estimate_from"], row["estimate_to"]
    if None in ends:
        assert row["difference"] is None and row["reason"]
    else:
        level = max(1.0, *map(abs, ends))
        assert math.isclose(row["difference"], ends[1] - ends[0], abs_tol=1e-7 + 1e-12 * level)
    assert _inside(row["difference"], row["interval"]), row
    for end, value in zip(("from", "to"), ends, strict=True):
        assert _inside(value, row[f"interval_{end}"]), row
        if indicator.binary:
            weighted = "difference_unweighted" in row
            _assert_share(value, row[f"interval_{end}"], row[f"x_{end}"], row[f"n_{end}"], weighted=weighted)
    if indicator.binary:
        assert all(limit is None or -1 <= limit <= 1 for limit in (row["interval"]["low"], row["interval"]["high"]))
    assert min(row["n_from"], row["n_to"]) > 1 or row["se"] is None, "one person shows no spread"
    assert plan.design.paired == (row["n_pairs"] is not None)
    if row["n_pairs"] is not None:
        assert row["n_pairs"] == row["n_from"] == row["n_to"]
    if row["pairs"] is not None:
        _assert_table(row)
    _assert_judged(row, indicator, plan)


def _assert_table(row: Row) -> None:
    pairs = row["pairs"]
    assert sum(pairs.values()) == row["n_pairs"]
    assert (pairs["yes_yes"] + pairs["yes_no"], pairs["yes_yes"] + pairs["no_yes"]) == (row["x_from"], row["x_to"])


def _assert_judged(row: Row, indicator: Indicator, plan: Plan) -> None:
    assert row["verdict"] == verdict_of(row, indicator), row
    directed = row["verdict"] in ("improved", "worsened")
    if directed:
        assert (row["difference"] > 0) == ((row["verdict"] == "improved") == (indicator.better == "higher"))
    p = row["p_adjusted"]
    assert row["confirmed"] == (directed and p is not None and p <= 1 - plan.confidence)
    assert p is None or (row["segment"] == {} and indicator.primary and p >= row["test"]["p"] - ROUNDING)
    if min(row["n_from"], row["n_to"]) < 10:
        assert row["target"] is None and not row["confirmed"] and not row["smaller_than_planned"]


def _assert_barrier(row: Row, plan: Plan) -> None:
    if row["hidden"]:
        _assert_hidden(row)
        return
    assert not _unexplained(row["test"]) and not _unexplained(row["interval"]), row
    for name in ("doers", "non_doers"):
        assert 0 <= row[name]["x"] <= row[name]["n"]
    assert (row["odds_ratio"] is None) == ("reason" in row)
    assert _inside(row["odds_ratio"], row["odds_ratio_interval"]) and _inside(row["relative_risk"], row["interval"])
    assert _inside(row["difference"], row["difference_interval"])
    if min(row["doers"]["n"], row["non_doers"]["n"]) < 10:
        assert not row["stands_out"]
    if row["stands_out"]:
        limits = row["difference_interval"]
        assert (limits["low"] > 0 or limits["high"] < 0) and row["p_adjusted"] <= 1 - plan.confidence + ROUNDING


def _assert_comparison(row: Row, indicator: Indicator, plan: Plan) -> None:
    """Judged as a change, on the smallest of its four groups."""
    if row["hidden"]:
        _assert_hidden(row)
        return
    assert not _unexplained(row), _unexplained(row)
    assert _inside(row["difference"], row["interval"]), row
    fewest = min(count for group in row["n"].values() for count in group.values())
    assert row["verdict"] == verdict_of(row | {"n_from": fewest, "n_to": fewest}, indicator), row
    p = row["p_adjusted"]
    assert row["confirmed"] == (
        row["verdict"] in ("improved", "worsened") and p is not None and p <= 1 - plan.confidence
    )


def _assert_retention(row: Row, indicator: Indicator, plan: Plan) -> None:
    """Kept: a clear gain, less lost than the margin, and still above the start; of ten people or more.

    Of separate samples nobody can be lost, so that the share found again, which they lack, forbids no verdict.
    """
    if row["hidden"]:
        _assert_hidden(row)
        return
    assert not _unexplained(row), _unexplained(row)
    assert _inside(row["difference"], row["interval"]), row
    since, gain, remains = (
        _turned(holder["interval"], indicator) for holder in (row, row["first_gain"], row["against_baseline"])
    )
    if row["margin"] is None:
        assert row["verdict"] is None
    elif plan.design.paired and not (row["found_share"] or 0) >= 0.5:
        assert row["verdict"] == "no_verdict"
    elif row["n"] < 10:
        assert row["verdict"] == "counts_only" and row["share_kept"]["kept_enough"] is None
    elif since[1] is not None and since[1] < -row["margin"]:
        assert row["verdict"] == "not_retained"
    else:
        above = [
            low is not None and low > least for (low, _), least in ((gain, 0), (since, -row["margin"]), (remains, 0))
        ]
        assert row["verdict"] == ("retained" if all(above) else "undecided")


def _turned(interval: Row, indicator: Indicator) -> tuple[float | None, float | None]:
    """Limits with up as the better side."""
    low, high = interval["low"], interval["high"]
    if indicator.better == "higher" or low is None or high is None:
        return low, high
    return -high, -low


def _assert_beside(name: str, row: Row) -> None:
    if row.get("hidden"):
        _assert_hidden(row)
        return
    assert not _unexplained(row), (name, _unexplained(row), row)


def _assert_small_groups_hidden(results: dict[str, Any], plan: Plan) -> None:
    least = plan.suppress_below
    for row in results["estimates"]:
        assert row["hidden"] or row["n"] == 0 or row["n"] >= least
    for row in results["changes"]:
        assert row["hidden"] or all(n == 0 or n >= least for n in (row["n_from"], row["n_to"]))
    for row in results["barriers"]:
        assert row["hidden"] or min(row["doers"]["n"], row["non_doers"]["n"]) >= least

"""Warnings of an analysis: a code and its parameters; the words, with the remedy, belong to whoever shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# code -> names of its parameters
PLAN_AND_DATA: dict[str, tuple[str, ...]] = {
    "wave_without_rows": ("wave",),
    "rows_outside_waves": ("n", "values"),
    "rows_without_person": ("n",),
    "part_changed": ("column", "n"),
    "many_parts": ("column", "n"),
    "no_code_seen": ("indicator", "column", "codes"),
    "read_as_blank": ("column", "text", "n"),
    "range_from_data": ("indicator", "low", "high"),
    "barrier_group_small": ("doers", "non_doers"),
    "barrier_group_below_floor": ("doers", "non_doers"),
    "no_primary_indicator": (),
    "many_primary_indicators": ("n",),
    "windows_not_checked": (),
    "site_not_used": ("column",),
    "plan_differs_from_lock": ("name", "at"),
    "plan_was_changed": ("n",),
    "answers_before_lock": ("name", "at", "n"),
    "targets_never_locked": (),
    "outside_window": ("wave", "early", "late", "n"),
    "differential_attrition": ("indicators", "wave"),
    "attrition_by_arm": ("indicators", "wave"),
    "too_few_clusters_to_compare": ("with_activity", "without"),
    "rows_without_arm": ("column", "n"),
    "no_group_beside_comparison": ("column",),
    "one_session": (),
    "few_sessions": ("n",),
    "test_retest": ("indicators",),
    "social_desirability": ("indicators",),
    "regression_to_the_mean": ("indicators",),
    "self_selected_exposure": ("column",),
    "composition_shift": ("column",),
    "season": ("earlier", "later"),
    "weight_changed": ("column", "n"),
    "unequal_weights": ("n", "effective"),
    "few_clusters": ("n",),
    "reused_clusters": ("n", "clusters"),
    "few_enumerators": ("n",),
    "enumerator_effect": ("column", "indicators", "icc"),
}
OF_A_CHANGE: dict[str, tuple[str, ...]] = {
    "interval_and_test_disagree": (),
    "too_large_for_boschloo": ("n",),
    "ceiling": ("share",),
}
WARNING_CODES = PLAN_AND_DATA | OF_A_CHANGE


class Warnings:
    """Collects ``{code, params}``; the same warning is kept once."""

    def __init__(self) -> None:
        self._found: list[dict[str, Any]] = []

    def add(self, code: str, **params: Any) -> None:
        warning = {"code": code, "params": {name: params[name] for name in WARNING_CODES[code]}}
        if warning not in self._found:
            self._found.append(warning)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._found)

"""The whole report in the reader's language, ready for the template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from analysis.amending import indicator_and_rest
from analysis.plan import Plan
from core import numbers
from core.languages import catalogue
from reports import drawing, names, tables
from reports.comparison import compared, with_activity
from reports.indicator_view import anchor_of, headline, indicator_view
from reports.recent import Recent
from reports.report import CampaignReport, InstrumentReport, WaveFlow, Window
from reports.views import Explained, Headline, IndicatorView, InstrumentView, Method, ReportView, WaveView
from reports.wording import Wording, say

SHORT_HASH = 12
RULES = ("improved", "worsened", "practically_unchanged", "no_clear_change", "too_uncertain", "counts_only")
OF_WINDOWS = ("windows_not_checked", "outside_window")  # told by the day on which the activity ended, where it is known
SPOKEN = frozenset({"knowledge", "attitude", "intended_action"})

_kept: Recent[InstrumentView] = Recent(64)


def report_view(report: CampaignReport, language: str) -> ReportView:
    return ReportView(
        instruments=tuple(_kept_view(instrument, language) for instrument in report.instruments),
        limits=tuple(_limits([instrument.plan for instrument in report.instruments], language)),
        findings=tuple(_entry(f"rule.{rule}", "sentence", language) for rule in RULES),
    )


def _kept_view(report: InstrumentReport, language: str) -> InstrumentView:
    if report.results is None:
        return instrument_view(report, language)
    # equal plans and data give equal pages, whatever campaign they belong to
    data = report.results["data_sha256"]
    plan = (report.instrument, report.plan.sha256, report.plan.suppress_below, report.frozen_at, report.windows)
    key = (*plan, json.dumps(report.results["changes_to_plan"]), data, language)
    return _kept.get(key, lambda: instrument_view(report, language))


def instrument_view(report: InstrumentReport, language: str) -> InstrumentView:
    plan = report.plan
    words = Wording(plan, language, names.titles(language))
    indicators, headlines = _indicators(report, words)
    return InstrumentView(
        code=report.instrument,
        title=say(f"instrument.{report.instrument}", language, "title"),
        description=say(f"instrument.{report.instrument}", language, "description"),
        paired=plan.design.paired,
        frozen_at=report.frozen_at,
        plan_came_first=report.plan_came_first,
        short_hash=plan.sha256[:SHORT_HASH],
        exclusions=tuple(names.exclusion_name(rule.column, rule.reason, language) for rule in plan.exclude),
        waves=tuple(_wave_view(wave, words) for wave in report.waves),
        headlines=headlines,
        judged_together=plan.family != "none",
        primary=tuple(words.indicator(indicator.id) for indicator in plan.indicators if indicator.primary),
        indicators=indicators,
        method=_method(plan, report.results, language) if report.results else None,
        notes=tuple(_notes(report, words)),
        problem=_problem(report, language),
    )


def _indicators(report: InstrumentReport, words: Wording) -> tuple[tuple[IndicatorView, ...], tuple[Headline, ...]]:
    if report.results is None:
        return (), ()
    results = with_activity(report.results, words.plan)
    against = tables.by_indicator(report.results["comparison"])
    kinds = ("estimates", "changes", "interactions")
    of_all = [tables.by_indicator(results[kind]) for kind in kinds]
    kept = {row["indicator"]: row for row in results["retention"]}
    reach = drawing.reach_of(results["changes"])
    changed = _changed(report.results["changes_to_plan"])
    views, headlines = [], []
    for indicator in words.plan.indicators:
        anchor = anchor_of(report.instrument, indicator.id)
        rows = tables.PartRows(*(of_each.get(indicator.id, []) for of_each in of_all))
        view = indicator_view(anchor, indicator, rows, reach, words, kept.get(indicator.id))
        if view.changes and "target.points" in changed.get(indicator.id, ()):
            view = replace(view, notes=(*view.notes, say("note.target_changed", words.language)))
        views.append(replace(view, compared=tuple(compared(against.get(indicator.id, []), words))))
        if indicator.primary and (found := headline(anchor, indicator, rows.changes, words)):
            headlines.append(found)
    return tuple(views), tuple(headlines)


def _changed(changes: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What the changes to the plan touched of each indicator."""
    touched: dict[str, set[str]] = {}
    for name, rest in filter(None, (indicator_and_rest(str(change["key"])) for change in changes)):
        touched.setdefault(name, set()).add(rest)
    return touched


def _wave_view(wave: WaveFlow, words: Wording) -> WaveView:
    language = words.language
    return WaveView(
        name=words.wave(wave.wave, "label"),
        days=_days(wave, language),
        approached=numbers.whole(wave.approached, language),
        excluded=tuple(numbers.whole(n, language) for _reason, n in wave.excluded),
        answered=numbers.whole(wave.answered, language),
        linked=numbers.whole(wave.linked, language),
    )


def _days(wave: WaveFlow, language: str) -> str:
    if wave.first_day is None or wave.last_day is None:
        return numbers.NOTHING
    first, last = numbers.day(wave.first_day, language), numbers.day(wave.last_day, language)
    return first if first == last else say("days.between", language, first=first, last=last)


def methods_used(results: dict[str, Any]) -> list[str]:
    """The intervals and tests behind the numbers of the report, each once, in the order in which they come."""
    used = [row["interval"]["method"] for row in results["estimates"]]
    for row in results["changes"]:
        used += [row["interval"]["method"], row["test"]["method"]]
    used += [row["test"]["method"] for row in results["retention"]]
    return list(dict.fromkeys(used))


def _method(plan: Plan, results: dict[str, Any], language: str) -> Method:
    used = methods_used(results)
    family = [plan.family] if any(indicator.primary for indicator in plan.indicators) else []
    sizes = {indicator.smallest_change for indicator in plan.indicators}
    return Method(
        names=tuple(say(f"method.{name}", language, "name") for name in dict.fromkeys([*used, *family])),
        confidence=numbers.share(plan.confidence, language, 0),
        smallest_change=numbers.planned_points(sizes.pop(), language) if len(sizes) == 1 else "",
        software=tuple(results["software"].items()),
        plan_sha256=results["plan_sha256"],
        data_sha256=results["data_sha256"],
    )


def _notes(report: InstrumentReport, words: Wording) -> Iterator[str]:
    if report.plan.design.arm:
        yield say("compared.who", words.language)
    for window in report.windows:
        yield _window(window, words)
    if report.unreadable:
        yield say("note.unreadable", words.language, n=numbers.whole(report.unreadable, words.language))
    for warning in report.results["warnings"] if report.results else []:
        if not (warning["code"] in OF_WINDOWS and report.windows):
            yield words.warning(warning)


def _window(window: Window, words: Wording) -> str:
    language = words.language
    return say(
        "window.missed" if window.outside else "window.kept",
        language,
        wave=words.wave(window.wave),
        ended=numbers.day(window.activity_ended, language),
        first=numbers.day(window.first_day, language),
        last=numbers.day(window.last_day, language),
        n=numbers.whole(window.outside, language),
    )


def _problem(report: InstrumentReport, language: str) -> str:
    error = report.problem
    return "" if error is None else catalogue(language).gettext(error.template) % error.params


def _limits(plans: list[Plan], language: str) -> Iterator[Explained]:
    """What the report as a whole cannot show, as far as its designs and indicators call for it."""
    dimensions = {indicator.dimension for plan in plans for indicator in plan.indicators}
    left_out = any(plan.missing.dont_know_as == "exclude" for plan in plans)
    calls = {
        "no_comparison": not all(plan.design.arm for plan in plans),
        "comparison": any(plan.design.arm for plan in plans),
        "not_behaviour": bool(dimensions & SPOKEN),
        "desirability": bool(dimensions & {"attitude", "intended_action"}),
        "same_people": any(plan.design.paired for plan in plans),
        "different_people": any(not plan.design.paired for plan in plans),
        "missing": not left_out,
        "missing_left_out": left_out,
        "trafficking": True,
    }
    for name, called in calls.items():
        if called:
            yield _entry(f"limit.{name}", "text", language)


def _entry(identifier: str, key: str, language: str) -> Explained:
    return Explained(say(identifier, language, "title"), say(identifier, language, key))

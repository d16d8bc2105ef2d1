"""The register of assumptions beside the results, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaigns import content
from campaigns.indicators import load_indicators
from campaigns.registers.assumptions import Listed
from core.languages import catalogue
from reports import names
from reports.assumptions import CONTRADICTED, OPEN, SUPPORTED, Bearing, bearing, deciding, together, wrong_rung
from reports.indicator_view import NO_CLAIM, anchor_of
from reports.report import CampaignReport, InstrumentReport
from reports.wording import Row, Worded, Wording, claim_of, rule_of, say

DISPLACEMENT = "Trafficking could move instead of becoming rarer"  # as the register words it
WORDS_ONLY = frozenset({"knowledge", "attitude", "intended_action"})


@dataclass(frozen=True)
class Tested:
    """What the results of one plan say: the sentences, and the finding on which they rest."""

    instrument: str
    mark: str
    sentences: tuple[str, ...]
    indicator: str
    anchor: str  # of the indicator's section in the report; empty where it has none
    comparison: str
    worded: Worded | None
    claim: str


@dataclass(frozen=True)
class AssumptionView:
    text: str
    details: str  # what was assumed as the answer to a question, or what stands behind a common assumption
    typed: bool  # whether the details are in the words of the people who design the campaign
    mark: str
    label: str
    tests: tuple[Tested, ...]
    sentences: tuple[str, ...]  # what holds of the assumption as a whole

    @property
    def all_sentences(self) -> tuple[str, ...]:
        return (*(sentence for test in self.tests for sentence in test.sentences), *self.sentences)


def assumption_views(lines: Sequence[Listed], report: CampaignReport, language: str) -> tuple[AssumptionView, ...]:
    """One for every line of the register, in its order; empty while no plan has results."""
    if all(part.results is None for part in report.instruments):
        return ()
    titles = names.titles(language)
    words = [(part, Wording(part.plan, language, titles)) for part in report.instruments]
    return tuple(_view(line, words, language) for line in lines)


def _view(line: Listed, parts: Sequence[tuple[InstrumentReport, Wording]], language: str) -> AssumptionView:
    named = line.stored.indicator_id if line.stored else ""
    tests = tuple(test for report, words in parts for test in _tests(line, named, report, words))
    mark = together([test.mark for test in tests])
    return AssumptionView(
        text=_text(line, language),
        details=content.say(line.term, "text", language) if line.term else line.answer,
        typed=line.term is None,
        mark=mark,
        label=say(f"bearing.{mark}", language, "label"),
        tests=tests,
        sentences=tuple(_of_the_whole(named, tests, language)),
    )


def _of_the_whole(named: str, tests: Sequence[Tested], language: str) -> Iterator[str]:
    if not named:
        yield say("bearing.no_indicator", language)
    elif not tests:
        entry = load_indicators().get(named)
        title = content.say(entry, "title", language) if entry else named
        yield say("bearing.not_planned", language, indicator=title)
    elif {SUPPORTED, CONTRADICTED} <= {test.mark for test in tests}:
        yield say("bearing.disagree", language)


def _tests(line: Listed, named: str, report: InstrumentReport, words: Wording) -> Iterator[Tested]:
    """One where the plan measures the indicator, else none."""
    indicator = next((one for one in report.plan.indicators if one.id == named), None)
    if indicator is None:
        return
    language, change = words.language, None
    if wrong_rung(line.term.rung or None if line.term else None, indicator):
        found = Bearing(OPEN, "other_rung")
    elif report.results is None:
        found = Bearing(OPEN, "no_results")
    else:
        change = deciding(_of(report, "changes", named), report.plan.design.waves[0])
        kept = next((row for row in _of(report, "retention", named) if not row["segment"]), None)
        found = bearing(change, kept, indicator.primary)
    sentences = [say(f"bearing.because.{found.reason}", language, indicator=words.indicator(named))]
    if found.mark != OPEN:
        sentences += [say(f"bearing.{found.mark}", language)]
        sentences += [say("bearing.words_only", language)] if indicator.dimension in WORDS_ONLY else []
    rule = rule_of(change) if change else ""
    yield Tested(
        instrument=say(f"instrument.{report.instrument}", language, "title"),
        mark=found.mark,
        sentences=tuple(sentences),
        indicator=words.indicator(named),
        anchor=anchor_of(report.instrument, named) if report.results else "",
        comparison=words.comparison(change) if change else "",
        worded=words.change(change) if change else None,
        claim=say(claim_of(change, indicator, rule), language, "label") if change and rule not in NO_CLAIM else "",
    )


def _of(report: InstrumentReport, kind: str, named: str) -> list[Row]:
    return [row for row in (report.results or {})[kind] if row["indicator"] == named]


def _text(line: Listed, language: str) -> str:
    if line.group == "displacement":  # their titles say only where to
        return catalogue(language).gettext(DISPLACEMENT)
    entry = line.question or line.term
    if entry:
        return content.say(entry, "title", language)
    return line.stored.text if line.stored else ""

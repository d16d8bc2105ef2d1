"""What a sceptical reviewer would say about a design, sentence by sentence, each with the page that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaigns.audience.contents import PRETEST, Pretest
from campaigns.behaviours.chains import Answered, Chain, Wanted, chains, information_will_not_do
from campaigns.entries.saving import Entries
from campaigns.models import DesignAnswer, SectionConclusion
from campaigns.plan_choices import PlanChoices
from campaigns.registers import assumptions as assumed
from campaigns.registers import tasks as found_out
from campaigns.safeguarding.gate import Safeguards, open_parts

WEAK_EVIDENCE = frozenset({"", "own_observation"})
THEMES = ("people", "behaviour", "knowledge", "safety", "proof")

NO_GROUP = _l("You do not say who is to do something differently, so nobody can tell whether they did.")
NOT_FOUND = _l("Nobody could go and find members of “%(name)s”: you do not say where and how they are found.")
EVERYBODY = _l("“%(name)s” is everybody. What is said to everybody mostly reaches those who need it least.")
NO_PRETEST = _l("Nothing was tried out on “%(name)s”. You do not know how they understand your message.")
NO_MESSAGE = _l("You do not say what you tell “%(name)s”.")
NO_BEHAVIOUR = _l("You do not say what “%(name)s” are to do. Being aware is not something one does.")
LOOSE = _l("“%(name)s” is not precise yet: without how often, where and when, two observers would not agree on it.")
NO_CONTRIBUTION = _l("You do not say how “%(name)s” makes trafficking rarer.")
WEAK_CONTRIBUTION = _l("That “%(name)s” makes trafficking rarer is not shown. People may do it, and nothing changes.")
NO_BARRIER = _l("No barrier to “%(name)s” is named. Why do people not do it already?")
GUESSED_BARRIER = _l("That people are kept back by “%(name)s” is a guess. Ask some of them.")
NO_RESPONSE = _l("You do nothing about “%(name)s”. As long as it stands, people cannot do what you ask.")
CANNOT_ACT = _l("“%(name)s” cannot act on the barrier that it answers.")
ONLY_INFORMS = _l("You answer “%(name)s” with information alone, and people lack the opportunity.")
ON_OPPORTUNITY = _l("Most of your barriers are a lack of opportunity. Information and persuasion do not act on them.")
UNBRIDGED = _l("Your barrier analysis found “%(name)s”, and you say neither what follows nor why nothing does.")
NO_SETTING = _l("You do not say where you meet people, so nobody can tell what their safety needs.")
UNLIKELY = _l("You wrote yourselves that this approach is unlikely to work, and go on.")
NO_FOLLOWUP = _l("You do not ask again after six months. What people know on the last day may be gone by then.")
NO_COMPARISON = _l(
    "There is no comparison group. Whatever changes, you will be able to say that it was different afterwards, and "
    "not that the campaign did it."
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One sentence, and where it is answered."""

    theme: str
    sentence: str
    endpoint: str
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Design:
    """Everything that a reviewer reads."""

    entries: Entries
    answers: Iterable[DesignAnswer]
    conclusions: Iterable[SectionConclusion]
    tasks: Sequence[found_out.Listed]
    assumptions: Sequence[assumed.Listed]
    choices: PlanChoices
    comments: int
    unbridged: Sequence[str]
    today: date


def doubts(design: Design) -> tuple[Doubt, ...]:
    """All of them, by themes in the order of the page."""
    finders = (_people, _behaviour, _of_studies, _knowledge, _safety, _proof)
    return tuple(doubt for find in finders for doubt in find(design))


def _people(design: Design) -> Iterator[Doubt]:
    found = chains(design.entries)
    if not found:
        yield Doubt("people", str(NO_GROUP), "campaigns.audience")
    for chain in found:
        segment, id = chain.segment.content, chain.segment.id
        wrong = (
            (not segment.found_where, NOT_FOUND),
            (segment.everybody, EVERYBODY),
            (not segment.message, NO_MESSAGE),
            (not design.entries.of(PRETEST, Pretest, id), NO_PRETEST),
        )
        for holds, sentence in wrong:
            if holds:
                about = {"kind": "segment", "entry_id": id}
                yield Doubt("people", str(sentence % {"name": segment.name}), "campaigns.entry", about)


def _behaviour(design: Design) -> Iterator[Doubt]:
    found = chains(design.entries)
    if information_will_not_do(found):
        yield Doubt("behaviour", str(ON_OPPORTUNITY), "campaigns.behaviours")
    for chain in found:
        if not chain.behaviours:
            yield _named(NO_BEHAVIOUR, chain.segment.content.name)
        for wanted in chain.behaviours:
            yield from _of_behaviour(chain, wanted)


def _of_studies(design: Design) -> Iterator[Doubt]:
    for title in design.unbridged:
        yield Doubt("behaviour", str(UNBRIDGED % {"name": title}), "campaigns.barrier_studies")


def _of_behaviour(_chain: Chain, wanted: Wanted) -> Iterator[Doubt]:
    content = wanted.behaviour.content
    if content.missing:
        yield _named(LOOSE, content.does_what)
    if not content.contribution:
        yield _named(NO_CONTRIBUTION, content.does_what)
    elif content.evidence != "known":
        yield _named(WEAK_CONTRIBUTION, content.does_what)
    if not wanted.barriers:
        yield _named(NO_BARRIER, content.does_what)
    for answered in wanted.barriers:
        yield from _of_barrier(answered)


def _of_barrier(answered: Answered) -> Iterator[Doubt]:
    barrier = answered.barrier.content
    if barrier.evidence != "known":
        yield _named(GUESSED_BARRIER, barrier.text)
    if not answered.kept:
        yield _named(NO_RESPONSE, barrier.text)
    for response in answered.useless:
        yield _named(CANNOT_ACT, response.content.text)
    if answered.only_informs:
        yield _named(ONLY_INFORMS, barrier.text)


def _named(sentence: Any, name: str) -> Doubt:
    return Doubt("behaviour", str(sentence % {"name": name}), "campaigns.behaviours")


def _knowledge(design: Design) -> Iterator[Doubt]:
    for number, words, endpoint in (
        (sum(line.state == "to_do" for line in design.tasks), _nobody_finds_out, "campaigns.tasks"),
        (sum(line.overdue(design.today) for line in design.tasks), _overdue, "campaigns.tasks"),
        (sum(line.stance == "open" for line in design.assumptions), _untested, "campaigns.assumptions"),
        (sum(_kept_untested(line) for line in design.assumptions), _kept, "campaigns.assumptions"),
        (sum(_weakly_known(answer) for answer in design.answers), _weak, "campaigns.overview"),
        (design.comments, _comments, "campaigns.history"),
    ):
        if number:
            yield Doubt("knowledge", words(number), endpoint)
    if any(conclusion.outcome == "unlikely_to_work" for conclusion in design.conclusions):
        yield Doubt("knowledge", str(UNLIKELY), "campaigns.overview")


def _safety(design: Design) -> Iterator[Doubt]:
    safeguards = Safeguards.of(design.entries)
    if not safeguards.rules.setting:
        yield Doubt("safety", str(NO_SETTING), "campaigns.safeguarding")
    for part in open_parts(safeguards, design.today):
        for sentence in part.sentences:
            yield Doubt("safety", sentence, "campaigns.safeguarding")


def _proof(design: Design) -> Iterator[Doubt]:
    for lack in design.choices.lacks():
        yield Doubt("proof", str(lack.sentence), "campaigns.plan")
    if not design.choices.followup:
        yield Doubt("proof", str(NO_FOLLOWUP), "campaigns.plan")
    if not design.choices.comparison:
        yield Doubt("proof", str(NO_COMPARISON), "campaigns.plan")


def _kept_untested(line: assumed.Listed) -> bool:
    return line.stance == "kept" and line.stored is not None and not line.stored.indicator_id


def _weakly_known(answer: DesignAnswer) -> bool:
    return answer.state == "known" and answer.strength in WEAK_EVIDENCE


Words = Callable[[int], str]


def _nobody_finds_out(number: int) -> str:
    return str(
        ngettext(
            "One question is “not known”, and nobody is to find it out by a day.",
            "%(num)s questions are “not known”, and nobody is to find them out by a day.",
            number,
        )
    )


def _overdue(number: int) -> str:
    return str(ngettext("One task is overdue.", "%(num)s tasks are overdue.", number))


def _untested(number: int) -> str:
    return str(
        ngettext(
            "One assumption is neither struck out nor defended.",
            "%(num)s assumptions are neither struck out nor defended.",
            number,
        )
    )


def _kept(number: int) -> str:
    return str(
        ngettext(
            "You keep one assumption without an indicator that would test it.",
            "You keep %(num)s assumptions without an indicator that would test them.",
            number,
        )
    )


def _weak(number: int) -> str:
    return str(
        ngettext(
            "One answer counts as known and rests on nothing stronger than your own observation.",
            "%(num)s answers count as known and rest on nothing stronger than your own observation.",
            number,
        )
    )


def _comments(number: int) -> str:
    return str(ngettext("One comment is not settled.", "%(num)s comments are not settled.", number))

"""Doer, non-doer or neither: what the answers to the screening questions of a study make of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

DOER, NON_DOER, NEITHER = "doer", "non_doer", "neither"
UNKNOWN = ""
ANY = "any"
ANSWERS = ("yes", "no", ANY)
MOST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """What a doer, and what a non-doer, answers to one screening question: yes, no, or anything."""

    doer: str
    non_doer: str

    @property
    def tells_apart(self) -> bool:
        return ANY not in (self.doer, self.non_doer) and self.doer != self.non_doer

    def to_store(self) -> dict[str, str]:
        return asdict(self)


def rules_of(stored: Iterable[Mapping[str, str]]) -> tuple[Rule, ...]:
    return tuple(Rule(**rule) for rule in stored)


def question_ids(rules: Sequence[Rule]) -> tuple[str, ...]:
    """The items of the bank that ask the screening questions."""
    return tuple(f"screening_{place}" for place, _rule in enumerate(rules, start=1))


def group_of(answers: Mapping[str, Any], rules: Sequence[Rule]) -> str:
    """The group of a person; whoever fits neither description is "neither", whoever left a question out unknown.

    >>> rules = (Rule("yes", "yes"), Rule("yes", "no"))
    >>> [group_of({"screening_1": "yes", "screening_2": second}, rules) for second in ("yes", "no", "dk", None)]
    ['doer', 'non_doer', 'neither', '']
    """
    given = [(answers.get(name), rule) for name, rule in zip(question_ids(rules), rules, strict=True)]
    if all(_fits(answer, rule.doer) for answer, rule in given):
        return DOER
    if all(_fits(answer, rule.non_doer) for answer, rule in given):
        return NON_DOER
    return UNKNOWN if any(answer is None for answer, _rule in given) else NEITHER


def condition(rules: Sequence[Rule]) -> str:
    """The condition of XLSForm under which somebody is a doer or a non-doer, and is asked for reasons."""
    return " or ".join(f"({_all_fit(rules, side)})" for side in ("doer", "non_doer"))


def _fits(answer: Any, wanted: str) -> bool:
    return wanted == ANY or answer == wanted


def _all_fit(rules: Sequence[Rule], side: str) -> str:
    wanted = [(name, getattr(rule, side)) for name, rule in zip(question_ids(rules), rules, strict=True)]
    return " and ".join(f"${{{name}}} = '{answer}'" for name, answer in wanted if answer != ANY)

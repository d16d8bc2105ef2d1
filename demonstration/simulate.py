"""A seeded generator of answers: every person here is invented."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from campaigns.training_lane.cards import check_digit
from core.content import load_file
from surveys.bank import INSTRUMENTS, Item, load_bank

SHARE_OF_SEX = {"female": 0.56, "male": 0.42, "other": 0.01, "no_answer": 0.01}
SHARE_OF_AGE = {"18_24": 0.37, "25_34": 0.33, "35_49": 0.2, "50_plus": 0.1}
DO_NOT_KNOW = 0.04
REFUSE = 0.015


@dataclass(frozen=True)
class Interview:
    """One invented interview: the answers by item id, as codes."""

    instrument: str
    wave: str
    number: int
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Somebody:
    """An invented person; ``tendency`` shifts every one of their answers on the logit scale."""

    number: int
    sex: str
    age_group: str
    tendency: float


def load_effects(name: str = "effects.yaml") -> dict[str, Any]:
    effects: dict[str, Any] = load_file(Path(__file__).parent / name)
    return effects


def interviews(effects: Mapping[str, Any]) -> Iterator[Interview]:
    """All interviews of every instrument, wave after wave; the same seed gives the same interviews."""
    for instrument in INSTRUMENTS:
        if instrument not in effects:
            continue
        random = Random(f"{effects['seed']}-{instrument}")
        yield from _instrument(instrument, effects[instrument], random)


def _instrument(instrument: str, truth: Mapping[str, Any], random: Random) -> Iterator[Interview]:
    same_people = instrument == "training"
    people = [_somebody(number, random) for number in range(1, truth["size"]["before"] + 1)]
    for index, (wave, size) in enumerate(truth["size"].items()):
        if same_people:
            # people are lost between waves, not replaced
            people = sorted(random.sample(people, size), key=lambda person: person.number)
        elif index:
            people = [_somebody(number, random) for number in range(1, size + 1)]
        for person in people:
            answers = {"interview_date": a_day(truth["interviews"][wave], random)}
            if same_people:
                answers["card_number"] = _card(person, check_digits=truth.get("check_digits", False))
            answers |= _answers(person, truth, index, random, first=index == 0 or not same_people)
            yield Interview(instrument, wave, person.number, answers)


def _answers(person: Somebody, truth: Mapping[str, Any], wave: int, random: Random, *, first: bool) -> dict[str, str]:
    if first and random.random() < truth["refused_consent"]:
        return {"consent": "no"}
    if random.random() < truth["under_age"]:
        return {"consent": "yes", "age_group": "under_18"}
    answers = {"consent": "yes", "sex": person.sex, "age_group": person.age_group}
    for indicator, shares in truth["share"].items():
        meets = random.random() < _shifted(shares[wave], person.tendency)
        for item in load_bank().items_for(indicator):
            answers[item.id] = _answer(item, meets, random)
    return answers


def _somebody(number: int, random: Random) -> Somebody:
    return Somebody(
        number=number,
        sex=random.choices(list(SHARE_OF_SEX), list(SHARE_OF_SEX.values()))[0],
        age_group=random.choices(list(SHARE_OF_AGE), list(SHARE_OF_AGE.values()))[0],
        tendency=random.gauss(0, 0.9),
    )


def _card(person: Somebody, *, check_digits: bool) -> str:
    number = f"{person.number:03d}"
    return number + check_digit(number) if check_digits else f"K{number}"


def _shifted(share: float, tendency: float) -> float:
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + tendency)))


def a_day(span: list[date], random: Random) -> str:
    first, last = span
    return (first + timedelta(days=random.randint(0, (last - first).days))).isoformat()


def _answer(item: Item, meets: bool, random: Random) -> str:
    codes = [option.code for option in item.options]
    draw = random.random()
    if not meets and draw < DO_NOT_KNOW and "dk" in codes:
        return "dk"
    if draw > 1 - REFUSE and "ref" in codes:
        return "ref"
    scoring = item.scoring
    if "at_least" in scoring:
        return _several(scoring["of"], scoring["at_least"], meets, random)
    wanted = [str(code) for code in scoring.get("equals", scoring.get("levels", []))]
    others = [code for code in codes if code not in {*wanted, "dk", "ref"}]
    return random.choice(wanted if meets else others)


def _several(right: list[str], at_least: int, meets: bool, random: Random) -> str:
    count = random.randint(at_least, min(len(right), at_least + 2)) if meets else random.randint(1, at_least - 1)
    chosen = set(random.sample(right, count))
    return " ".join(code for code in right if code in chosen)

"""The barrier analysis of the made-up campaign: the study, what invented women said, its coding and what followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from accounts.access import CampaignContext
from campaigns.barrier_analysis.coding import Given, add_code, answers_to, save_codings
from campaigns.barrier_analysis.findings import save_bridge
from campaigns.barrier_analysis.models import BarrierStudy
from campaigns.barrier_analysis.planning import WAVE, publish, version_read
from campaigns.barrier_analysis.results import finish_coding
from campaigns.barrier_analysis.screening import DOER, NON_DOER, question_ids, rules_of
from campaigns.barrier_analysis.studies import StudyDetails, save_study, save_wording, studies_of
from campaigns.behaviours.contents import BEHAVIOUR, Behaviour
from campaigns.entries.saving import entries_of
from demonstration.simulate import Interview, a_day
from surveys.bank import Item, load_bank

T = TypeVar("T")
Part = Mapping[str, Any]
INSTRUMENT = "barrier_1"  # the first study of its campaign
AGES = ("18_24", "25_34")


def publish_study(session: Session, campaign: CampaignContext, content: Part, designer: int) -> BarrierStudy:
    """The study as the designer wrote and published it, before the plan of the campaign was frozen."""
    asked = (*content["closed"], *content["open"])
    details = StudyDetails(**content["study"] | {"rules": rules_of(content["study"]["rules"]), "items": asked})
    wanted = entries_of(session, campaign.id).of(BEHAVIOUR, Behaviour)[0]
    study = save_study(session, campaign.id, None, details, 0, designer, behaviour_id=wanted.id)
    for language, texts in content["wording"].items():
        save_wording(session, study, language, texts, 0, designer)
    read = version_read(session, study)
    publish(session, campaign, study.id, read, designer, moment=_at(content["published_on"]))
    return study


def study_interviews(content: Part) -> Iterator[Interview]:
    """Everybody who was met, of all groups in turn; the same seed gives the same interviews."""
    random = Random(content["seed"])
    people: list[dict[str, str]] = []
    for group, size in content["size"].items():
        first = len(people)
        people += [_somebody(content, group, random) for _ in range(size)]
        if group in (DOER, NON_DOER):
            _reasons(people[first:], content, group, random)
    random.shuffle(people)
    for number, answers in enumerate(people, 1):
        yield Interview(INSTRUMENT, WAVE, number, answers)


def conclude_study(session: Session, campaign: CampaignContext, content: Part, staff: Mapping[str, int]) -> None:
    """Once the interviews are there: the evaluator codes and declares it finished, the designer says what follows."""
    (study,) = studies_of(session, campaign.id)
    for item_id, part in content["open"].items():
        _code(session, study, item_id, part["codes"], staff["evaluator"])
    finish_coding(session, campaign.title, study.id, staff["evaluator"], moment=_at(content["coded_on"]))
    for determinant, follows in content["bridges"].items():
        written = (follows.get("bridge", ""), follows.get("reason", ""))
        save_bridge(session, study, determinant, *written, 0, staff["designer"])


def _code(session: Session, study: BarrierStudy, item_id: str, codes: Sequence[Part], evaluator: int) -> None:
    """By the words alone, as somebody codes who does not see who said them."""
    said = {add_code(session, study, item_id, code["label"]).id: code["said"] for code in codes}
    given = [
        Given(answer.handle, tuple(id for id, words in said.items() if any(one in answer.text for one in words)), 0)
        for answer in answers_to(session, study, item_id)
    ]
    save_codings(session, study, item_id, given, evaluator)


def _somebody(content: Part, group: str, random: Random) -> dict[str, str]:
    rules = rules_of(content["study"]["rules"])
    screened = {name: getattr(rule, group, "no") for name, rule in zip(question_ids(rules), rules, strict=True)}
    plain = {"consent": "yes", "sex": "female", "age_group": random.choice(AGES)}
    return {"interview_date": a_day(content["interviews"], random), **plain, **screened}


def _reasons(people: Sequence[dict[str, str]], content: Part, group: str, random: Random) -> None:
    """Let exactly as many of a group give each answer as the content says."""
    for item_id, counted in content["closed"].items():
        item = load_bank().item(item_id)
        for person, meets in _drawn(people, counted[group], random):
            person[item_id] = random.choice(_codes(item, meets))
    for item_id, part in content["open"].items():
        told: list[list[str]] = [[] for _ in people]
        for code in part["codes"]:
            for words, says in _drawn(told, code[group], random):
                words += [random.choice(code["said"])] if says else []
        for person, words in zip(people, told, strict=True):
            person[item_id] = "\n".join(words) or random.choice(part["otherwise"])


def _drawn(among: Sequence[T], count: int, random: Random) -> Iterator[tuple[T, bool]]:
    """Each of them, and whether chance put it among ``count``."""
    chosen = set(random.sample(range(len(among)), count))
    return ((one, place in chosen) for place, one in enumerate(among))


def _codes(item: Item, meets: bool) -> list[str]:
    counted = item.scoring["equals"]
    return [one.code for one in item.options if (one.code in counted) == meets and one.code not in ("dk", "ref")]


def _at(day: date) -> datetime:
    return datetime.combine(day, time(17), UTC)

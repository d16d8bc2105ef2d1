"""How much of a safeguarding plan a setting asks for, and what of it is there: proportionate gates.

Adults in a class room: a tested hotline and a named contact. Public places: the whole plan. Minors or places of work:
everything and an approval. A number counts as tested for 30 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from campaigns.entries.saving import Entries
from campaigns.safeguarding.contents import REFERRAL, RULES, SITE, Referral, Rules, SiteRisk

TESTED_FOR = timedelta(days=30)
CLASSROOM = ("hotline", "contact")
PUBLIC = (*CLASSROOM, "referrals", "site_risks", "minors", "consent", "survivors", "harm_watch")
ASKED = {"classroom": CLASSROOM, "public": PUBLIC, "minors_or_work": (*PUBLIC, "approval")}

NO_HOTLINE = _l("No hotline stands in the list of places to turn to.")
OLD_HOTLINE = _l("Nobody has called a hotline within the last 30 days. Call it, in each language, and write the day.")
NO_CONTACT = _l("Nobody is named who is told at once when somebody is in danger.")
NO_STAND_IN = _l("Nobody is named who stands in for the contact.")
NO_REFERRAL = _l("No place to turn to is listed besides the hotline.")
OLD_REFERRAL = _l("%(name)s at %(site)s was not called within the last 30 days.")
SITE_WITHOUT = _l("No place to turn to is listed for the site %(site)s.")
NO_SITE = _l("There is no note about the risks at any site.")
NO_MINORS = _l("Neither the lowest age nor the rule for people under 18 is written down.")
NO_CONSENT = _l("How people agree is not written down.")
NO_ADVISERS = _l("How survivors advise you is not written down.")
UNPAID = _l("Survivors who advise have to be paid, and nobody may ask them to relive their story.")
NO_WATCH = _l("How harm and stigma are noticed, or by when an incident is answered, is not written down.")
NO_APPROVAL = _l("Nobody outside the team has agreed in writing yet.")


@dataclass(frozen=True, slots=True)
class Safeguards:
    """Everything of the plan, with the setting's weight."""

    rules: Rules
    referrals: Sequence[Referral]
    sites: Sequence[SiteRisk]

    @classmethod
    def of(cls, entries: Entries) -> Safeguards:
        stored = entries.one(RULES, Rules)
        return cls(
            stored.content if stored else Rules(),
            [entry.content for entry in entries.of(REFERRAL, Referral)],
            [entry.content for entry in entries.of(SITE, SiteRisk)],
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part that the setting asks for, by its term in ``safeguarding``; no sentences: it is there."""

    id: str
    sentences: tuple[str, ...]

    @property
    def state(self) -> str:
        return "to_do" if self.sentences else "done"


def parts(safeguards: Safeguards, today: date) -> tuple[Part, ...]:
    """What the setting asks for, each with what is missing; nothing while no setting is chosen."""
    asked = ASKED.get(safeguards.rules.setting, ())
    return tuple(Part(name, tuple(CHECKS[name](safeguards, today))) for name in asked)


def open_parts(safeguards: Safeguards, today: date) -> tuple[Part, ...]:
    return tuple(part for part in parts(safeguards, today) if part.sentences)


def tested(referral: Referral, today: date) -> bool:
    return referral.dialled_on is not None and today - referral.dialled_on <= TESTED_FOR


def _hotline(plan: Safeguards, today: date) -> list[str]:
    hotlines = [one for one in plan.referrals if one.purpose == "hotline"]
    if not hotlines:
        return [str(NO_HOTLINE)]
    return [] if all(tested(one, today) for one in hotlines) else [str(OLD_HOTLINE)]


def _contact(plan: Safeguards, _today: date) -> list[str]:
    if not (plan.rules.contact and plan.rules.contact_reached):
        return [str(NO_CONTACT)]
    return [] if plan.rules.stand_in or plan.rules.setting == "classroom" else [str(NO_STAND_IN)]


def _referrals(plan: Safeguards, today: date) -> list[str]:
    services = [one for one in plan.referrals if one.purpose != "hotline"]
    if not services:
        return [str(NO_REFERRAL)]
    served = {one.site.casefold() for one in services}
    without = [str(SITE_WITHOUT % {"site": one.site}) for one in plan.sites if one.site.casefold() not in served]
    old = [str(OLD_REFERRAL % {"name": one.name, "site": one.site}) for one in services if not tested(one, today)]
    return without + old


def _site_risks(plan: Safeguards, _today: date) -> list[str]:
    return [] if plan.sites else [str(NO_SITE)]


def _minors(plan: Safeguards, _today: date) -> list[str]:
    return [] if plan.rules.lowest_age and plan.rules.minors else [str(NO_MINORS)]


def _consent(plan: Safeguards, _today: date) -> list[str]:
    return [] if plan.rules.consent else [str(NO_CONSENT)]


def _survivors(plan: Safeguards, _today: date) -> list[str]:
    if not plan.rules.advisers:
        return [str(NO_ADVISERS)]
    return [] if plan.rules.advisers_paid and plan.rules.never_relive else [str(UNPAID)]


def _harm_watch(plan: Safeguards, _today: date) -> list[str]:
    return [] if plan.rules.harm_watch and plan.rules.answer_days else [str(NO_WATCH)]


def _approval(plan: Safeguards, _today: date) -> list[str]:
    return [] if plan.rules.approved_by and plan.rules.approved_on else [str(NO_APPROVAL)]


CHECKS = {
    "hotline": _hotline,
    "contact": _contact,
    "referrals": _referrals,
    "site_risks": _site_risks,
    "minors": _minors,
    "consent": _consent,
    "survivors": _survivors,
    "harm_watch": _harm_watch,
    "approval": _approval,
}

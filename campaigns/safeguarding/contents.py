"""What keeps people safe in a campaign and its survey: rules, referral lists and notes about each site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.entries.content import Content

RULES, REFERRAL, SITE = "safeguarding", "referral", "site_risk"
SETTINGS = ("classroom", "public", "minors_or_work")


@dataclass(frozen=True, slots=True)
class Rules(Content):
    """The rules of the whole campaign; no survivor and no incident is ever named in them."""

    setting: str = ""
    contact: str = ""
    contact_reached: str = ""
    stand_in: str = ""
    lowest_age: int | None = None
    minors: str = ""
    consent: str = ""
    advisers: str = ""
    advisers_paid: bool = False
    never_relive: bool = False
    harm_watch: str = ""
    answer_days: int | None = None
    approved_by: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Referral(Content):
    """Where somebody who needs help can turn to, at one site and in one language."""

    site: str = ""
    language: str = ""
    purpose: str = ""
    name: str = ""
    reached: str = ""
    hours: str = ""
    dialled_on: date | None = None
    dialled_by: str = ""


@dataclass(frozen=True, slots=True)
class SiteRisk(Content):
    """What to watch out for at one site."""

    site: str = ""
    watched_by: str = ""
    private_place: str = ""
    stop_rule: str = ""

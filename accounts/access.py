"""Who may open which route: ``allow`` states it on each, and the start-up refuses a route that states nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from accounts import devices, sessions
from accounts.models import ROLES, Device, Membership, Person
from core.database import Base, session
from core.errors import SENTENCES, EveilError, NotFound
from core.security import csrf

PUBLIC = "public"
SIGNED_IN = "signed_in"  # below a campaign: anybody with a role in it
ADMINISTRATOR = "administrator"
DEVICE = "device"
SPECIALS = frozenset({PUBLIC, SIGNED_IN, ADMINISTRATOR, DEVICE})

# files, and the addresses for machines, which lie below this package
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static", "health.health", "health.ready"})

NO_CAMPAIGN = _l("There is no campaign at this address, or you have no role in it. Ask the administrator for a role.")
UNKNOWN_DEVICE = _l("This device is not known or was withdrawn. Ask the supervisor to set it up again.")

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class CampaignContext:
    """The campaign of this request, and the roles that the signed-in person has in it."""

    id: int
    slug: str
    title: str
    place: str
    simulated: bool
    roles: frozenset[str]


def allow(*who: str) -> Callable[[View], View]:
    """State who may open a route: role names, or one of the specials.

    A route with ``<slug>`` gets ``g.campaign``, a route for devices gets ``g.device``; the arguments ``slug``
    and ``token`` are used up here and not handed to the view.
    """
    allowed = frozenset(who)
    _check_statement(allowed)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            refusal = _refusal(allowed, arguments.pop("slug", None), arguments.pop("token", None))
            return view(**arguments) if refusal is None else refusal

        guarded.allowed = allowed  # type: ignore[attr-defined]
        if DEVICE in allowed:  # a token in the request cannot be forged by another site, a cookie can
            csrf.exempt(guarded)
        return guarded

    return decorate


def _check_statement(allowed: frozenset[str]) -> None:
    unknown = allowed - SPECIALS - set(ROLES)
    if not allowed or unknown:
        raise ValueError(f"allow() takes role names and specials, not {sorted(unknown) or 'nothing'}.")
    if allowed & {PUBLIC, DEVICE} and len(allowed) > 1:
        raise ValueError("PUBLIC and DEVICE stand alone in allow().")


def check_routes(app: Flask) -> None:
    """At start-up: every route states who may open it, and roles are asked for below a campaign only."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS:
            continue
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", None)
        if allowed is None:
            raise RuntimeError(f"The route {rule.rule} states no permission: put @allow(…) on its view.")
        if allowed & set(ROLES) and "slug" not in rule.arguments:
            raise RuntimeError(f"The route {rule.rule} asks for a role of a campaign, so it needs <slug>.")


def current_person() -> Person | None:
    """Who is signed in, or nobody."""
    if "person" not in g:
        g.person = sessions.signed_in_person()
    return cast("Person | None", g.person)


def current_campaign() -> CampaignContext:
    return cast(CampaignContext, g.campaign)


def current_device() -> Device:
    return cast(Device, g.device)


def held_roles() -> frozenset[str]:
    """Everything that the person of this request is, in the words of ``allow``."""
    person = current_person()
    if person is None:
        return frozenset()
    campaign: CampaignContext | None = g.get("campaign")
    held = {SIGNED_IN} if campaign is None or campaign.roles else set()
    if person.administrator:
        held.add(ADMINISTRATOR)
    return frozenset(held | (campaign.roles if campaign else set()))


def _refusal(allowed: frozenset[str], slug: str | None, token: str | None) -> ResponseReturnValue | None:
    """None when the request may go on; else the way to the sign-in page, or an error is raised."""
    if DEVICE in allowed:
        _admit_device(token)
        return None
    if PUBLIC in allowed:
        return None
    person = current_person()
    if person is None:
        return _ask_to_sign_in()
    if slug is not None:
        g.campaign = _load_campaign(slug, person)
    if not allowed & held_roles():
        raise EveilError(SENTENCES[403], status=403)
    return None


def _admit_device(token: str | None) -> None:
    sessions.ignore_cookie()
    g.person = None
    if token is None and request.authorization is not None and request.authorization.type == "bearer":
        token = request.authorization.token
    device = devices.device_for_token(session(), token) if token else None
    if device is None:
        raise EveilError(UNKNOWN_DEVICE, status=401)
    g.device = device


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method not in {"GET", "HEAD"}:
        raise EveilError(SENTENCES[401], status=401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.removesuffix("?")))


def _load_campaign(slug: str, person: Person) -> CampaignContext:
    """The campaign and this person's roles in one query; the table is named, as campaigns lie above accounts."""
    table = Base.metadata.tables["campaign"]
    own = and_(Membership.campaign_id == table.c.id, Membership.person_id == person.id)
    columns = (table.c.id, table.c.slug, table.c.title, table.c.place, table.c.simulated, Membership.role)
    rows = session().execute(select(*columns).outerjoin_from(table, Membership, own).where(table.c.slug == slug)).all()
    roles = frozenset(row.role for row in rows if row.role is not None)
    if not rows or not (roles or person.administrator):
        raise NotFound(NO_CAMPAIGN)
    first = rows[0]
    return CampaignContext(first.id, first.slug, first.title, first.place, first.simulated, roles)

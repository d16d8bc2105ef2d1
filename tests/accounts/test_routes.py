"""Who may open which route: every route is opened for real by everybody, and compared with ``routes.json``.

After adding or changing a route, look at what changed and freeze it anew (then commit the file):

    EVEIL_FREEZE_ROUTES=1 .venv/bin/pytest tests/accounts/test_routes.py -q -k "sqlite and table"

A new kind of URL argument needs a sample in ``SAMPLES``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accounts import devices
from accounts.access import ADMINISTRATOR, DEVICE, NO_CAMPAIGN, PUBLIC, SIGNED_IN, allow, check_routes
from accounts.models import ROLES
from core.database import Base
from core.errors import EXPIRED_FORM
from tests.builders import add_campaign, add_person, grant, sign_in
from tests.visitor import Visitor

TABLE = Path(__file__).with_name("routes.json")

# in a campaign the one who is only signed in holds every role, but of another campaign
COLUMNS = (PUBLIC, SIGNED_IN, *ROLES, ADMINISTRATOR, DEVICE)
SAMPLES = {
    "slug": "harbour",
    "token": "no-such-token",
    "person_id": "1",
    "device_id": "1",
    "role": "enumerator",
    "question_id": "audience",
    "section_id": "section3",
    "term_id": "time",
    "task_id": "1",
    "assumption_id": "1",
    "change_name": "family",
    "kind": "segment",
    "entry_id": "1",
    "thing": "segment 1",
    "comment_id": "1",
    "indicator_id": "knows_hotline",
    "planned_id": "1",
    "feed_id": "1",
    "study_id": "1",
    "language": "fr",
    "item_id": "reasons_easier",
    "code_id": "1",
    "determinant": "access",
    "sheet_language": "en",
    "upload_id": "no-such-spreadsheet-here",
    "instrument": "training",
    "wave": "before",
    "form_id": "harbour_training_before",
    "form_version_id": "1",
    "version_id": "1",
    "version": "1",
    "set_aside_id": "1",
    "filename": "index.html",
    "name": "index.html",
    "path": "index.html",
}


class Walker:
    """One column of the table: how somebody's browser or device sends a request."""

    def __init__(self, app: Flask, column: str, token: str) -> None:
        self.app, self.column = app, column
        self.samples = {**SAMPLES, "token": token} if column == DEVICE else SAMPLES
        self.headers = {"Authorization": f"Bearer {token}"} if column == DEVICE else {}
        visitor = Visitor(app)
        if column not in {PUBLIC, DEVICE}:
            sign_in(visitor, column)
        page = visitor.follow("/language-of-nobody")
        found = page.xpath("//input[@name='csrf_token']/@value")
        self.form = {"csrf_token": found[0]}
        cookie = visitor.http.get_cookie("eveil")
        assert cookie is not None
        self.cookie = cookie.value

    def open(self, method: str, rule: Rule, form: dict[str, str]) -> TestResponse:
        """From a fresh browser, so that signing out on the way changes nothing."""
        client = self.app.test_client()
        client.set_cookie("eveil", self.cookie)
        with self.app.test_request_context():
            _host, path = rule.build({name: self.samples[name] for name in rule.arguments}) or ("", "")
        sent = form if method != "GET" else None
        return client.open(path, method=method, headers=self.headers, data=sent, buffered=True)  # files are closed

    def is_allowed(self, method: str, rule: Rule) -> bool:
        response = self.open(method, rule, self.form)
        assert response.status_code < 500, f"{self.column}, {method} {rule.rule}: {response.status_code}"
        _check_policy(response)
        return not _is_refusal(response)


def _check_policy(response: TestResponse) -> None:
    """On whatever page: nothing from elsewhere, and no script or style in the page itself."""
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';") and "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy and "'unsafe-eval'" not in policy and "http" not in policy


def _is_refusal(response: TestResponse) -> bool:
    if response.status_code == 404:
        return str(NO_CAMPAIGN) in response.text
    return response.status_code in {401, 403} or (response.location or "").startswith("/sign-in?next=")


def _routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


@pytest.fixture
def walkers(app: Flask, session: Session) -> Iterator[list[Walker]]:
    """One campaign, one person a role, an administrator without any, a device, and somebody of another campaign."""
    add_person(session, "bystander")
    campaign, other = add_campaign(session), add_campaign(session, "hills", "Hill villages")
    grant(session, add_person(session, SIGNED_IN), other, *ROLES)
    for role in ROLES:
        grant(session, add_person(session, role), campaign, role)
    add_person(session, ADMINISTRATOR, administrator=True)
    devices.enrol(session, campaign.id, "Tablet 1", None)  # the walk withdraws it
    token = devices.enrol(session, campaign.id, "Tablet 2", None)
    session.commit()
    with capture_logs():  # hundreds of refusals, of no interest when one of them is wrong
        yield [Walker(app, column, token) for column in COLUMNS]


def test_every_route_opens_for_those_of_the_frozen_table_and_for_nobody_else(app: Flask, walkers: list[Walker]) -> None:
    needed = {name for _method, rule in _routes(app) for name in rule.arguments}
    assert needed <= set(SAMPLES), f"Add a sample to SAMPLES for {sorted(needed - set(SAMPLES))}."
    table = {}
    for method, rule in _routes(app):
        allowed = [walker.column for walker in walkers if walker.is_allowed(method, rule)]
        table[f"{method} {rule.rule}"] = ["everybody"] if len(allowed) == len(walkers) else allowed
    if os.environ.get("EVEIL_FREEZE_ROUTES"):
        lines = ",\n".join(f"  {json.dumps(route)}: {json.dumps(columns)}" for route, columns in table.items())
        TABLE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    assert table == json.loads(TABLE.read_text(encoding="utf-8"))


def test_a_form_without_its_token_is_refused_and_changes_nothing(
    app: Flask, session: Session, walkers: list[Walker]
) -> None:
    before = _everything(session)
    posts = [(rule, app.view_functions[rule.endpoint]) for method, rule in _routes(app) if method != "GET"]
    tried = [rule for rule, view in posts if DEVICE not in getattr(view, "allowed")]  # noqa: B009 - set by allow()
    assert tried
    for rule in tried:
        for walker in walkers:
            response = walker.open("POST", rule, form={})
            assert response.status_code == 400 and str(EXPIRED_FORM) in response.text, f"{walker.column} {rule}"
    assert _everything(session) == before


def _everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.rollback()
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


def test_a_campaign_of_others_looks_like_one_that_does_not_exist(app: Flask, session: Session) -> None:
    add_person(session, "amina")
    add_campaign(session)
    visitor = Visitor(app)
    sign_in(visitor, "amina")
    visitor.get("/campaigns/harbour/people", status=404)
    refused = visitor.text()
    visitor.get("/campaigns/no-such/people", status=404)
    assert visitor.text() == refused and "Harbour" not in refused


def test_a_route_without_a_stated_permission_stops_the_start(app: Flask) -> None:
    # Flask takes no new route after the first request, so the rule alone is added
    app.view_functions["forgotten"] = lambda: "open to all"
    app.url_map.add(Rule("/forgotten", endpoint="forgotten"))
    with pytest.raises(RuntimeError, match="/forgotten states no permission"):
        check_routes(app)


def test_a_role_is_asked_for_below_a_campaign_only(app: Flask) -> None:
    app.view_functions["homeless"] = allow("designer")(lambda: "which campaign?")
    app.url_map.add(Rule("/homeless", endpoint="homeless"))
    with pytest.raises(RuntimeError, match="needs <slug>"):
        check_routes(app)


@pytest.mark.parametrize("who", [(), ("desinger",), (PUBLIC, "designer"), (DEVICE, SIGNED_IN)])
def test_a_permission_that_makes_no_sense_is_refused(who: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="allow"):
        allow(*who)

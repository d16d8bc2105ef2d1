"""The database: one way to write, and what is written stays."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from accounts.models import AuditEvent
from core.database import database, make_engine, transaction
from core.database import session as request_session
from core.migrating import is_current, upgrade
from surveys.models import Form, FormVersion
from tests.builders import add_campaign, add_person


def count_events(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_a_transaction_is_kept(app: Flask, session: Session) -> None:
    with app.app_context(), transaction() as writing:
        writing.add(AuditEvent(action="written"))
    assert count_events(session) == 1


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(app: Flask, session: Session) -> None:
    with app.app_context():
        with pytest.raises(IntegrityError), transaction() as writing:
            writing.add_all([AuditEvent(action="written"), AuditEvent(action="by nobody", person_id=999)])
        assert count_events(session) == 0
        with transaction() as writing:
            writing.add(AuditEvent(action="written"))
    assert count_events(session) == 1


def test_one_may_read_first_and_write_then(app: Flask, session: Session) -> None:
    with app.app_context():
        assert request_session().scalars(select(AuditEvent)).all() == []
        session.add(AuditEvent(action="by somebody else, meanwhile"))
        session.commit()
        with transaction() as writing:
            writing.add(AuditEvent(action="written"))
        assert len(request_session().scalars(select(AuditEvent)).all()) == 2


def test_sixteen_writers_at_once_all_get_through(app: Flask, session: Session) -> None:
    inside, most, watch = 0, 0, threading.Lock()

    def write(number: int) -> None:
        nonlocal inside, most
        with app.app_context(), transaction() as writing:
            with watch:
                inside += 1
                most = max(most, inside)
            writing.add(AuditEvent(action=f"writer {number}"))
            writing.flush()
            with watch:
                inside -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(64)))
    assert count_events(session) == 64
    if app.config["EVEIL"].embedded:
        assert most == 1, "SQLite has one writer at a time"


def test_sqlite_is_set_up_for_power_cuts_and_keeps_its_references(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'eveil.sqlite'}")
    with engine.connect() as connection:
        kept = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert kept == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
    engine.dispose()


def test_a_time_keeps_its_moment(session: Session) -> None:
    local = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    session.add(AuditEvent(action="noted", at=local))
    session.commit()
    session.expire_all()
    kept = session.scalars(select(AuditEvent.at)).one()
    assert kept == local and kept.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    session.add(AuditEvent(action="noted", at=datetime(2026, 3, 1)))
    with pytest.raises(StatementError, match="without a zone"):
        session.flush()
    session.rollback()


def test_a_published_form_version_cannot_be_changed(session: Session) -> None:
    campaign = add_campaign(session)
    form = Form(campaign_id=campaign.id, form_id="harbour_training_before", instrument="training", wave="before")
    version = FormVersion(version="1", title="T", xlsform={}, xform="<a/>", codebook={}, md5="0", sha256="0")
    form.versions.append(version)
    session.add(form)
    session.commit()
    with pytest.raises(DBAPIError, match="a published form version cannot be changed"):
        session.execute(text("UPDATE form_version SET xform = '<b/>'"))
    session.rollback()
    assert session.scalars(select(FormVersion.xform)).one() == "<a/>"


def test_migrating_again_changes_nothing(app: Flask, session: Session) -> None:
    add_person(session, "amina")
    with app.app_context():
        engine = database().engine
    upgrade(engine)
    with engine.connect() as connection:
        assert is_current(connection)
        assert connection.execute(text("SELECT user_name FROM person")).scalar_one() == "amina"

"""The two addresses for machines."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import database


def test_a_living_process_says_so(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "alive"}


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    assert client.get("/ready").status_code == 200


def test_waiting_migrations_are_not_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), database().engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    response = client.get("/ready")
    assert (response.status_code, response.json) == (503, {"status": "migrations waiting"})

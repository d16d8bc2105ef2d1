"""Two addresses for machines: ``/health`` while the process lives, ``/ready`` while it can serve."""

from __future__ import annotations

from flask import Blueprint, Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.database import database
from core.migrating import is_current

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/health")
def health() -> tuple[dict[str, str], int]:
    return {"status": "alive"}, 200


@blueprint.get("/ready")
def ready() -> tuple[dict[str, str], int]:
    try:
        with database().engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            current = is_current(connection)
    except SQLAlchemyError:
        return {"status": "no database"}, 503
    if not current:
        return {"status": "migrations waiting"}, 503
    return {"status": "ready"}, 200

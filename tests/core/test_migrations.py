"""The migrations make exactly the tables that the models describe, and can be taken back."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from core.database import Base, make_engine
from core.migrating import _config


def test_the_migrated_database_is_what_the_models_say(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_the_migrations_can_be_taken_back_and_made_again(database_url: str) -> None:
    engine, config = make_engine(database_url), _config()
    for step, argument in ((command.downgrade, "base"), (command.upgrade, "head")):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            step(config, argument)
    with engine.connect() as connection:
        assert "submission" in inspect(connection).get_table_names()
    engine.dispose()

"""The pages of accounts, registered with the application."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this package's blueprints."""

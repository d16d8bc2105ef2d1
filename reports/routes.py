"""The pages of reports, registered with the application."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this package's blueprints."""

"""The door, the collection client and the pages of surveys, registered with the application."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask_babel import lazy_gettext as _l

from core import navigation
from core.navigation import NavigationItem

blueprint = Blueprint("surveys", __name__)

READERS = ("designer", "translator", "supervisor", "evaluator")


def init_app(app: Flask) -> None:
    from surveys import fieldwork_pages, questionnaire_pages  # noqa: F401 - their routes are on this blueprint
    from surveys.collection import client_files, door

    app.register_blueprint(blueprint)
    app.register_blueprint(door.blueprint)
    app.register_blueprint(client_files.blueprint)
    for order, endpoint, label, roles in (
        (30, "questionnaires", _l("Questionnaires"), READERS),
        (40, "collect", _l("Collect"), ("enumerator",)),
        (45, "devices", _l("Devices"), ("supervisor",)),
        (50, "set_aside", _l("Set aside"), ("supervisor",)),
    ):
        navigation.register(app, NavigationItem(f"surveys.{endpoint}", label, roles, order))

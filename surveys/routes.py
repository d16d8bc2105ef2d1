"""The pages of surveys and the door, registered with the application."""

from flask import Flask

from surveys.collection import door


def init_app(app: Flask) -> None:
    app.register_blueprint(door.blueprint)

"""Serves the collection client as it was built: its own policy, and caches that suit hashed files."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, send_from_directory
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoFile

from accounts.access import PUBLIC, allow
from core.errors import EveilError, NotFound

blueprint = Blueprint("collect", __name__)

# the form engine is WebAssembly; camera pictures and recordings are shown from memory (blob:)
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
MEDIA_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".wasm": "application/wasm"}


@blueprint.get("/collect/")
@allow(PUBLIC)
def index() -> ResponseReturnValue:
    return _file("index.html")


@blueprint.get("/collect/<path:path>")
@allow(PUBLIC)
def file(path: str) -> ResponseReturnValue:
    return _file(path)


def _file(path: str) -> Response:
    folder = Path(str(current_app.static_folder)) / "dist" / "client"
    if not (folder / "index.html").is_file():
        raise EveilError(_("The collection client was not built on this server. Run “make client” there."), status=503)
    try:
        response = send_from_directory(folder, path, mimetype=MEDIA_TYPES.get(Path(path).suffix))
    except NoFile:
        raise NotFound(_("There is no such file of the collection client. Open /collect/ again.")) from None
    # names of assets change with their content; the others must be asked for every time, or no update would arrive
    hashed = path.startswith("assets/")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
    response.headers["Content-Security-Policy"] = POLICY
    return response

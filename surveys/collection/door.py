"""The door: OpenRosa for every client, ours and ODK Collect alike. It knows devices by their token, and no cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from accounts.access import DEVICE, allow, current_device
from core.database import Base, session, transaction
from core.errors import EveilError, NotFound, describe
from surveys.collection import attachments, openrosa
from surveys.collection.attachments import StoredFile
from surveys.collection.openrosa import ListedForm
from surveys.collection.reasons import REASONS
from surveys.collection.receiving import receive
from surveys.collection.setting_aside import set_aside
from surveys.models import Form, FormVersion

blueprint = Blueprint("door", __name__)

View = Callable[..., ResponseReturnValue]
XML_PART = "xml_submission_file"
INCOMPLETE = "*isIncomplete*"
NO_FORM = _l("There is no such questionnaire for this device. Fetch the list of questionnaires again.")
NO_PAGE = _l("There is nothing at this address. Check the server address in the settings of the device.")


def at(path: str, **options: Any) -> Callable[[View], View]:
    """A place of the door: with the token in a header (our client) and with the token in the path (ODK Collect)."""

    def register(view: View) -> View:
        for base in ("/door", "/key/<token>"):
            blueprint.add_url_rule(base + path, view.__name__, view, **options)
        return view

    return register


@at("/device")
@allow(DEVICE)
def device() -> ResponseReturnValue:
    own, table = current_device(), Base.metadata.tables["campaign"]
    row = session().execute(select(table.c.title, table.c.simulated).where(table.c.id == own.campaign_id)).one()
    return jsonify(campaign=row.title, device=own.label, simulated=row.simulated)


@at("/formList")
@allow(DEVICE)
def form_list() -> ResponseReturnValue:
    """The newest version of each questionnaire of the device's campaign."""
    newest = select(func.max(FormVersion.id)).group_by(FormVersion.form_pk)
    query = select(Form.form_id, FormVersion.id, FormVersion.title, FormVersion.version, FormVersion.md5).join(
        FormVersion
    )
    own = Form.campaign_id == current_device().campaign_id
    rows = session().execute(query.where(own, FormVersion.id.in_(newest)).order_by(Form.id)).all()
    return openrosa.form_list(
        ListedForm(row.form_id, row.title, row.version, row.md5, _url("form", row.id), _url("manifest", row.id))
        for row in rows
    )


@at("/forms/<int:version_id>/form.xml")
@allow(DEVICE)
def form(version_id: int) -> ResponseReturnValue:
    return openrosa.document(_own_version(version_id).xform.encode())


@at("/forms/<int:version_id>/manifest")
@allow(DEVICE)
def manifest(version_id: int) -> ResponseReturnValue:
    _own_version(version_id)
    return openrosa.manifest()


@at("/submission", methods=["HEAD", "POST"], provide_automatic_options=False)
@allow(DEVICE)
def submission() -> ResponseReturnValue:
    if request.method == "HEAD":
        return Response(status=204, headers={"Location": _url("submission")})
    xml, files = _parts()
    if xml is None:
        return _files_alone(files)
    with transaction() as writing:
        receipt = receive(writing, current_device(), xml, files)
    # more files of this interview follow, so it is accepted rather than done
    status = 202 if receipt.status == 201 and request.form.get(INCOMPLETE) else receipt.status
    return openrosa.message(receipt.message, status)


@at("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@allow(DEVICE)
def elsewhere(path: str) -> ResponseReturnValue:  # noqa: ARG001
    raise NotFound(NO_PAGE)


@blueprint.errorhandler(Exception)
def refuse(error: Exception) -> ResponseReturnValue:
    sentence, status = describe(error)
    response = openrosa.message(str(sentence), status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@blueprint.after_request
def add_headers(response: Response) -> Response:
    return openrosa.add_headers(response, current_app.config["MAX_CONTENT_LENGTH"])


def _parts() -> tuple[bytes | None, list[StoredFile]]:
    """The document, and the other files: these are written for good before the document speaks of them."""
    document = request.files.get(XML_PART)
    sent = [(part, file) for part, file in request.files.items(multi=True) if part != XML_PART]
    files = [attachments.keep(file.stream, file.filename or part, file.mimetype) for part, file in sent]
    return (None if document is None else document.stream.read()), files


def _files_alone(files: list[StoredFile]) -> ResponseReturnValue:
    if not files:
        raise EveilError(_("No interview came with this request. Send it as the part “%(part)s”.", part=XML_PART))
    with transaction() as writing:
        set_aside(writing, current_device(), "no_document", b"", files)
    reason = REASONS["no_document"]
    return openrosa.message(str(reason.told), reason.status)


def _own_version(version_id: int) -> FormVersion:
    own = Form.campaign_id == current_device().campaign_id
    found = session().scalar(select(FormVersion).join(Form).where(FormVersion.id == version_id, own))
    if found is None:
        raise NotFound(NO_FORM)
    return found


def _url(endpoint: str, version_id: int | None = None) -> str:
    """An absolute address by the same way in: Collect follows no other."""
    token = (request.view_args or {}).get("token")
    return url_for(f"door.{endpoint}", _external=True, version_id=version_id, token=token)

"""The words of the OpenRosa protocol: headers and the three documents that a server answers with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response
from lxml import etree

from core.database import now

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
MEDIA_TYPE = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ListedForm:
    form_id: str
    name: str
    version: str
    md5: str
    download_url: str
    manifest_url: str


def form_list(forms: Iterable[ListedForm]) -> Response:
    root = _root(LIST, "xforms")
    for form in forms:
        entry = etree.SubElement(root, f"{{{LIST}}}xform")
        _add(entry, formID=form.form_id, name=form.name, version=form.version, hash=f"md5:{form.md5}")
        _add(entry, downloadUrl=form.download_url, manifestUrl=form.manifest_url)
    return document(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def manifest() -> Response:
    """No form of the bank brings media files along, so there is nothing to fetch."""
    return document(etree.tostring(_root(MANIFEST, "manifest"), xml_declaration=True, encoding="UTF-8"))


def message(sentence: str, status: int) -> Response:
    """A sentence that the enumerator sees; on 201 and 202 the client may forget the interview."""
    root = _root(RESPONSE, "OpenRosaResponse")
    entry = etree.SubElement(root, f"{{{RESPONSE}}}message", nature="submit_success" if status < 300 else "error")
    entry.text = sentence
    return document(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), status)


def document(content: bytes, status: int = 200) -> Response:
    return Response(content, status, content_type=MEDIA_TYPE)


def add_headers(response: Response, largest: int) -> Response:
    response.headers["X-OpenRosa-Version"] = "1.0"
    response.headers["X-OpenRosa-Accept-Content-Length"] = str(largest)
    response.headers["Cache-Control"] = "no-store"
    response.date = now()
    return response


def _root(namespace: str, name: str) -> etree._Element:
    return etree.fromstring(f'<{name} xmlns="{namespace}"/>')


def _add(entry: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(entry, f"{{{LIST}}}{name}").text = text

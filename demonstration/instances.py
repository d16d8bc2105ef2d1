"""Invented answers as instance XML of the published form, the very document that a tablet sends."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from lxml import etree

from demonstration.simulate import Interview

XFORMS = "{http://www.w3.org/2002/xforms}"
NAMESPACE = uuid.UUID("5f0a2a1e-8a25-4a2e-9b53-0c5f6a1f7e10")


class Template:
    """The primary instance of a form, ready to be filled again and again."""

    def __init__(self, xform: str) -> None:
        document = etree.fromstring(xform.encode())
        instance = document.find(f".//{XFORMS}model/{XFORMS}instance")
        if instance is None or not len(instance):
            raise ValueError("The form has no primary instance.")
        self.empty = etree.tostring(instance[0])

    def fill(self, interview: Interview) -> bytes:
        root = etree.fromstring(self.empty)
        key = f"{root.get('id')}/{interview.number}"
        values = {**interview.answers, "instanceID": f"uuid:{uuid.uuid5(NAMESPACE, key)}"}
        _fill(root, values)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _fill(node: etree._Element, values: Mapping[str, str]) -> None:
    for child in node:
        if len(child):
            _fill(child, values)
        else:
            child.text = values.get(etree.QName(child).localname, child.text)

"""Reads an instance document by the codebook of its form version. Knows no database and trusts nothing it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml import etree

LONGEST_ID = 200
# a time of day after the date is cut off: it would tell who was asked when
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?", re.ASCII)
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
META = "meta"


class Unreadable(Exception):
    """The document cannot be taken apart; ``reason`` is one of ``surveys.collection.reasons``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Instance:
    """A document that was taken apart; ``edits`` is the id of the interview that it replaces, if it is an edit."""

    root: etree._Element
    form_id: str
    version: str
    instance_id: str
    edits: str


@dataclass(slots=True)
class Answers:
    """Coded answers by item. ``unreadable`` names items and what is wrong with them, never what was written there."""

    coded: dict[str, Any] = field(default_factory=dict)
    interviewed_on: date | None = None
    card: str = ""
    unreadable: list[dict[str, str]] = field(default_factory=list)


def open_instance(xml: bytes) -> Instance:
    """Take a document apart; Unreadable when it is no XML, hides declarations, or has no id."""
    root = _parse(xml)
    meta = next((child for child in root if _name(child) == META), None)
    instance_id = _meta(meta, "instanceID")
    if not 0 < len(instance_id) <= LONGEST_ID:
        raise Unreadable("no_instance_id")
    return Instance(root, root.get("id", ""), root.get("version", ""), instance_id, _meta(meta, "deprecatedID"))


def read_answers(instance: Instance, codebook: Mapping[str, Any]) -> Answers:
    """Every answer by its item; what the codebook does not know is reported, never taken for a blank."""
    items = {_below_root(item["path"]): item for item in codebook["items"]}
    answers = Answers()
    seen: set[str] = set()
    for path, text in _leaves(instance.root):
        item = items.get(path)
        if text and (item is None or path in seen):
            name = path.rsplit("/", 1)[-1] if item is None else item["id"]
            _report(answers, name[:60], text, "unknown_item" if item is None else "repeated")
        elif text and item is not None:
            seen.add(path)
            _read(answers, item, text)
    return answers


def _parse(xml: bytes) -> etree._Element:
    # a parser for each document: nothing hostile can leave a trace in the next one
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("not_xml") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("declarations")
    return root


def _leaves(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Path and text of every element that holds no other, and of every text between elements, but of the meta block."""
    waiting = [(f"/{_name(child)}", child) for child in reversed(root) if _name(child) != META]
    while waiting:
        path, element = waiting.pop()
        if len(element):
            waiting.extend((f"{path}/{_name(child)}", child) for child in reversed(element))
            yield path, "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        else:
            yield path, (element.text or "").strip()


def _read(answers: Answers, item: Mapping[str, Any], text: str) -> None:
    try:
        value = READERS[item["type"]](text, item)
    except ValueError as error:
        _report(answers, item["id"], text, str(error))
        return
    if item["role"] == "linking":
        answers.card = text
    elif item["role"] == "interview_date":
        answers.interviewed_on = date.fromisoformat(str(value))
    else:
        answers.coded[item["id"]] = value


def _one_code(text: str, item: Mapping[str, Any]) -> str:
    if text not in _codes(item):
        raise ValueError("unknown_code")
    return text


def _several_codes(text: str, item: Mapping[str, Any]) -> str:
    """In the order of the options, each once: the order of tapping is not an answer."""
    chosen, codes = set(text.split()), _codes(item)
    if not chosen <= set(codes):
        raise ValueError("unknown_code")
    return " ".join(code for code in codes if code in chosen)


def _whole_number(text: str, _item: Mapping[str, Any]) -> int:
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError("not_a_number")
    return int(text)


def _date(text: str, _item: Mapping[str, Any]) -> str:
    found = DATE.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "").isoformat()
    except ValueError:
        raise ValueError("not_a_date") from None


def _text(text: str, _item: Mapping[str, Any]) -> str:
    return text


def _nothing(_text: str, _item: Mapping[str, Any]) -> str:
    raise ValueError("answer_to_a_note")


READERS: dict[str, Callable[[str, Mapping[str, Any]], str | int]] = {
    "select_one": _one_code,
    "select_multiple": _several_codes,
    "integer": _whole_number,
    "date": _date,
    "text": _text,
    "note": _nothing,
}


def _report(answers: Answers, item: str, text: str, problem: str) -> None:
    kind = "number" if WHOLE_NUMBER.fullmatch(text) else "text"
    answers.unreadable.append({"item": item, "kind": kind, "problem": problem})


def _codes(item: Mapping[str, Any]) -> list[str]:
    return [option["code"] for option in item["options"]]


def _below_root(path: str) -> str:
    return path[path.index("/", 1) :]


def _meta(meta: etree._Element | None, name: str) -> str:
    found = next((child for child in meta if _name(child) == name), None) if meta is not None else None
    return "" if found is None else (found.text or "").strip()


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname

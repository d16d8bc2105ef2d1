"""Reading an instance by its codebook, without any database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from surveys.collection.reading import Answers, Unreadable, open_instance, read_answers
from surveys.linking.cards import normalised

CHOICES = [{"code": code} for code in ("a", "b", "c")]
BOOK: dict[str, Any] = {
    "items": [
        {"id": "day", "type": "date", "role": "interview_date", "path": "/data/first/day", "options": []},
        {"id": "one", "type": "select_one", "role": "", "path": "/data/first/one", "options": CHOICES},
        {"id": "many", "type": "select_multiple", "role": "", "path": "/data/first/many", "options": CHOICES},
        {"id": "number", "type": "integer", "role": "", "path": "/data/number", "options": []},
        {"id": "born", "type": "date", "role": "", "path": "/data/born", "options": []},
        {"id": "words", "type": "text", "role": "", "path": "/data/words", "options": []},
        {"id": "card", "type": "text", "role": "linking", "path": "/data/card", "options": []},
        {"id": "note", "type": "note", "role": "", "path": "/data/note", "options": []},
    ]
}
META = "<meta><instanceID>uuid:1</instanceID></meta>"


def read(inside: str, root: str = '<data id="f" version="1">') -> Answers:
    return read_answers(open_instance(f"{root}{inside}{META}</data>".encode()), BOOK)


@pytest.mark.parametrize(
    ("inside", "coded"),
    [
        ("<first><one>a</one><many>c a</many></first>", {"one": "a", "many": "a c"}),
        ("<first><one> a\n</one></first>", {"one": "a"}),
        ("<first><one>a<!-- b --></one></first>", {"one": "a"}),
        ("<first><many>b b b</many></first>", {"many": "b"}),
        ("<number>-12</number><born>2000-02-29</born>", {"number": -12, "born": "2000-02-29"}),
        ("<words>Ça va &amp; vous ?</words>", {"words": "Ça va & vous ?"}),
        ("<first><one/><many></many></first><number> </number>", {}),
        ("", {}),
    ],
)
def test_answers_are_coded_by_their_type(inside: str, coded: dict[str, Any]) -> None:
    answers = read(inside)
    assert answers.coded == coded and answers.unreadable == []


@pytest.mark.parametrize(
    ("inside", "item", "kind", "problem"),
    [
        ("<first><one>d</one></first>", "one", "text", "unknown_code"),
        ("<first><one>a b</one></first>", "one", "text", "unknown_code"),
        ("<first><many>a 7</many></first>", "many", "text", "unknown_code"),
        ("<first><one>1</one></first>", "one", "number", "unknown_code"),
        ("<number>12.5</number>", "number", "text", "not_a_number"),
        ("<number>١٢</number>", "number", "text", "not_a_number"),
        ("<born>2026-02-30</born>", "born", "text", "not_a_date"),
        ("<born>yesterday</born>", "born", "text", "not_a_date"),
        ("<note>something</note>", "note", "text", "answer_to_a_note"),
        ("<one>a</one>", "one", "text", "unknown_item"),
        ("<first>a<one/></first>", "first", "text", "unknown_item"),
        ("<surprise><deep>x</deep></surprise>", "deep", "text", "unknown_item"),
    ],
)
def test_what_cannot_be_read_is_named_without_its_content(inside: str, item: str, kind: str, problem: str) -> None:
    answers = read(inside)
    assert answers.coded == {} and answers.unreadable == [{"item": item, "kind": kind, "problem": problem}]


def test_a_second_answer_to_the_same_question_is_reported_and_the_first_stays() -> None:
    answers = read("<number>1</number><number>2</number>")
    assert answers.coded == {"number": 1}
    assert answers.unreadable == [{"item": "number", "kind": "number", "problem": "repeated"}]


def test_the_hour_is_cut_off_the_date() -> None:
    assert read("<first><day>2026-02-03T10:15:00.000+01:00</day></first>").interviewed_on == date(2026, 2, 3)


def test_card_and_date_are_no_answers() -> None:
    answers = read("<first><day>2026-02-03</day></first><card>K1</card>")
    assert answers.coded == {} and answers.card == "K1"


def test_names_of_elements_may_have_a_namespace_and_the_root_any_name() -> None:
    xml = '<h:f xmlns:h="urn:x" xmlns:orx="http://openrosa.org/xforms" id="f" version="1"><h:number>3</h:number>'
    instance = open_instance((xml + "<orx:meta><orx:instanceID>uuid:2</orx:instanceID></orx:meta></h:f>").encode())
    assert (instance.form_id, instance.version, instance.instance_id) == ("f", "1", "uuid:2")
    assert read_answers(instance, BOOK).coded == {"number": 3}


def test_an_instance_id_elsewhere_than_in_the_meta_block_does_not_count() -> None:
    with pytest.raises(Unreadable, match="no_instance_id"):
        open_instance(b"<data><first><instanceID>uuid:1</instanceID></first></data>")


def test_a_name_of_an_unknown_element_is_cut_short() -> None:
    [entry] = read(f"<{'x' * 500}>1</{'x' * 500}>").unreadable
    assert len(entry["item"]) == 60


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("K017", "K017"),
        (" k-017 ", "K017"),
        ("k٠١٧", "K017"),
        ("ｋ０１７", "K017"),
        ("۱۲", "12"),
        ("²1", "21"),
        ("A", ""),
        ("ABCDEFG", ""),
        ("", ""),
        ("--", ""),
    ],
)
def test_a_card_number_is_the_same_however_it_was_typed(written: str, number: str) -> None:
    assert normalised(written) == number

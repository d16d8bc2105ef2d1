"""The guide and the indicator catalogue: complete, well formed, and found by the translators' tools."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask

from campaigns.content import Number, Source, Translated, cite, say
from campaigns.guide import FOLDER, guide, load_guide
from campaigns.indicators import asked_indicators, categories, load_indicators
from campaigns.terms import load_terms, terms
from core.content import ContentError, load_folder
from core.extraction import TRANSLATABLE, translatable
from core.languages import LANGUAGES
from surveys.bank import load_bank

QUESTIONS = (6, 8, 9, 6, 14, 9, 9, 7, 7)  # printed numbers of Sections 1 to 9
LESSONS = [0, 3, 3, 3, 3, 4, 6, 8, 4]
ROWS = {  # of the tables of Sections 3 to 9, a number a category
    3: [2, 4, 7, 1, 3, 3],
    4: [1, 3, 3, 1, 1, 1],
    5: [15, 1, 9, 4, 8, 4, 5, 3],
    6: [1, 1, 6, 2, 4, 4],
    7: [4, 1, 4, 2, 1],
    8: [4, 4, 6, 3, 2, 1, 1, 1, 5],
    9: [4, 4, 3, 3, 2],
}


class Sourced(Protocol):
    @property
    def source(self) -> Source: ...


def numbers(found: Iterable[Sourced], section: int) -> list[Number]:
    """The numbers that the entries cover, in the order in which they stand."""
    assert all((entry.source.document, entry.source.section) == ("003", section) for entry in found)
    return [number for entry in found for number in entry.source.numbers]


def entries() -> Iterator[Translated]:
    for section in guide().sections:
        yield section
        for lesson in section.lessons:
            yield lesson
            yield from lesson.gaps
        for question in section.questions:
            yield question
            yield from question.parts
            yield from question.facts
    for category in categories():
        yield category
        yield from category.indicators
    for listed in load_terms().values():
        yield from listed.values()


def texts(entry: Translated) -> list[str]:
    """The names of the entry's fields that are translated; `questions` and the like hold other entries."""
    named = [field.name for field in fields(entry) if field.name in TRANSLATABLE]  # type: ignore[arg-type]
    return [name for name in named if getattr(entry, name)]


def test_every_question_number_of_the_toolkit_is_covered() -> None:
    assert [section.number for section in guide().sections] == list(range(1, 10))
    for section, asked in zip(guide().sections, QUESTIONS, strict=True):
        assert section.source == Source("003", section.number)
        assert numbers(section.questions, section.number) == list(range(1, asked + 1)), section.id
        for question in section.questions:
            assert question.id == f"s{section.number}q{question.source.numbers[0]}"


def test_every_lesson_of_the_toolkit_is_told_in_its_order() -> None:
    told = [numbers(section.lessons, section.number) for section in guide().sections]
    assert [len(lessons) for lessons in told] == LESSONS
    assert told == [list(range(1, count + 1)) for count in LESSONS]


def test_every_row_of_the_indicator_tables_is_in_the_catalogue() -> None:
    for section, rows in ROWS.items():
        of_section = [category for category in categories() if category.source.section == section]
        assert [len(category.indicators) for category in of_section] == rows
        found = [indicator for category in of_section for indicator in category.indicators]
        assert numbers(found, section) == list(range(1, sum(rows) + 1))


def test_the_sixteen_questions_of_the_un_paper_are_listed() -> None:
    letters = [term.source.numbers[0] for term in terms("national_context").values() if term.source]
    assert letters == [f"2 ({letter})" for letter in "abcdefghijklmnop"]


def test_every_campaign_answers_sections_1_and_3_and_may_choose_the_others() -> None:
    assert [section.number for section in guide().part(()).sections] == [1, 3]
    assert [section.number for section in guide().chosen] == [2, 4, 5, 6, 7, 8, 9]


def test_section_3_tells_the_five_common_gaps() -> None:
    awareness = guide().part(())
    assert [len(lesson.gaps) for lesson in awareness.sections[1].lessons] == [0, 5, 0]
    asked = {question for gap in awareness.gaps for question in gap.questions}
    assert asked == {"s3q2", "s3q3", "s3q4", "s3q5", "s3q6", "s3q7", "s1q6"}


def test_footnotes_that_change_an_answer_stand_at_their_question() -> None:
    footnotes = {question.id: [fact.source.numbers[0] for fact in question.facts] for question in guide().questions}
    assert footnotes["s3q4"] == [19], "regular migration is not always safer"
    assert footnotes["s2q1"] == [16], "victims are compared with their own community"


def test_the_asked_indicators_are_rows_7_to_13_of_the_table_and_perceived_control() -> None:
    catalogue = asked_indicators()
    *rows, control = catalogue.values()
    assert [indicator.source.numbers[0] for indicator in rows] == [7, 8, 9, 10, 11, 12, 13]
    assert control.source == Source("ajzen1991")
    assert [indicator.dimension for indicator in catalogue.values()] == [
        "knowledge", "knowledge", "attitude", "attitude", "intended_action", "intended_action", "intended_action",
        "determinant",
    ]  # fmt: skip


def test_every_indicator_is_asked_by_one_item_of_the_bank_with_the_same_codes_for_no_answer() -> None:
    for indicator in asked_indicators():
        (item,) = load_bank().items_for(indicator)
        assert {"dk", "ref"} <= {option.code for option in item.options}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language(language: str) -> None:
    for entry in entries():
        for name in texts(entry):
            assert say(entry, name, language).strip(), f"{entry.context}.{name}"


def test_every_text_is_shown_under_the_context_that_translators_see() -> None:
    shown = {(f"{entry.context}.{name}", getattr(entry, name)) for entry in entries() for name in texts(entry)}
    extracted = {pair for document in load_folder(FOLDER) for pair in translatable(document)}
    assert shown == extracted


def test_every_source_can_be_cited(app: Flask) -> None:
    with app.test_request_context():
        cited = {cite(question.source) for question in guide().questions}
        cited |= {cite(indicator.source) for indicator in load_indicators().values()}
    assert len(cited) == len(guide().questions) + len(load_indicators())
    assert [sentence for sentence in cited if "ICAT" not in sentence] == [cite(Source("ajzen1991"))]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "guides")
    return tmp_path / "guides"


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        ("section3/s3q4.yaml", "weak_example:", "weak_exampel:", "section3/s3q4.yaml lacks the key “weak_example”"),
        ("section3/s3q4.yaml", "id: s3q4", "id: s3q5", "section3/s3q4.yaml has the id “s3q5”: it must be “s3q4”"),
        ("section3/s3q4.yaml", "question: 4}", "question: 4, note: 1}", "names both question and note"),
        ("section1/s1q1.yaml", "title:", "extra: 1\ntitle:", "section1/s1q1.yaml has the unknown key “extra”"),
        ("section1/section.yaml", "s1q5, s1q6]", "s1q5]", "section1/section.yaml must list each question file"),
        ("section3/section.yaml", "[s3q5]", "[s3q50]", "“awareness_level” names the question “s3q50”"),
    ],
)
def test_a_faulty_content_file_is_named_with_its_fault(
    copied: Path, path: str, old: str, new: str, sentence: str
) -> None:
    file = copied / path
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load_guide(copied)
    assert sentence in str(raised.value)


def test_a_content_file_without_keys_is_named(copied: Path) -> None:
    (copied / "section1" / "s1q1.yaml").write_text("Only words", encoding="utf-8")
    with pytest.raises(ContentError, match=r"section1/s1q1\.yaml must hold keys with values"):
        load_guide(copied)

"""The guided questions: sections with their lessons, common gaps and questions, read from ``guides/``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.content import Source, checked, load_entry, place_of, source_of
from core.content import ContentError
from core.settings import ROOT

FOLDER = ROOT / "campaigns" / "guides"
QUESTION_KEYS = {"source", "title", "question", "why", "hint", "good_example", "weak_example"}
SECTION_KEYS = {"number", "title", "text", "source", "lessons", "questions", "always"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A footnote of the source that changes an answer."""

    context: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-question: something that a full answer touches."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    context: str
    id: str
    source: Source
    title: str
    question: str
    why: str
    hint: str
    good_example: str
    weak_example: str
    parts: tuple[Part, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that campaigns commonly leave out; closed when all its questions are answered."""

    context: str
    id: str
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    context: str
    lesson: str
    source: Source
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """``always``: whether every campaign answers it, or only those that chose it."""

    context: str
    id: str
    number: int
    title: str
    text: str
    source: Source
    always: bool
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """``concludes``: whether the campaign says after each section what its answers mean."""

    sections: tuple[Section, ...]
    concludes: bool = True

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for section in self.sections for lesson in section.lessons for gap in lesson.gaps)

    @property
    def chosen(self) -> tuple[Section, ...]:
        """The sections that a campaign may choose besides those that every campaign answers."""
        return tuple(section for section in self.sections if not section.always)

    def part(self, chosen: Collection[str]) -> Guide:
        """The guide of a campaign that chose these sections."""
        return Guide(tuple(section for section in self.sections if section.always or section.id in chosen))

    def section(self, section_id: str) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)

    def section_of(self, question: Question) -> Section:
        return next(section for section in self.sections if question in section.questions)

    def neighbours(self, question: Question) -> tuple[Question | None, Question | None]:
        """The questions before and after this one, across sections."""
        row = (None, *self.questions, None)
        at = row.index(question)
        return row[at - 1], row[at + 1]


@cache
def guide() -> Guide:
    return load_guide(FOLDER)


def load_guide(folder: Path) -> Guide:
    """Every section below the folder, in the order of their numbers; raises ContentError naming the file."""
    sections = sorted((_section(path) for path in folder.glob("*/section.yaml")), key=lambda found: found.number)
    loaded = Guide(tuple(sections))
    known = {question.id for question in loaded.questions}
    for gap in loaded.gaps:
        if unknown := set(gap.questions) - known:
            raise ContentError(f"The gap “{gap.id}” names the question “{min(unknown)}”, which no section has.")
    return loaded


def _section(path: Path) -> Section:
    place = place_of(path)
    entry = load_entry(path, SECTION_KEYS)
    files = {file.stem for file in path.parent.glob("*.yaml")} - {"section"}
    if files != set(entry["questions"]):
        raise ContentError(f"{place} must list each question file of its folder once: {sorted(files)}.")
    lessons = tuple(_lesson(lesson, f"{entry['id']}.lessons", place) for lesson in entry.pop("lessons"))
    questions = tuple(_question(path.with_name(f"{name}.yaml")) for name in entry.pop("questions"))
    source = source_of(entry, place)
    return Section(context=entry["id"], lessons=lessons, questions=questions, **entry | {"source": source})


def _lesson(entry: Any, above: str, place: str) -> Lesson:
    entry = checked(entry, f"{place}, a lesson", {"id", "lesson", "source"}, {"gaps"})
    context = f"{above}.{entry['id']}"
    gaps = tuple(_gap(gap, f"{context}.gaps", place) for gap in entry.get("gaps", []))
    return Lesson(context, entry["lesson"], source_of(entry, place), gaps)


def _gap(entry: Any, above: str, place: str) -> Gap:
    entry = checked(entry, f"{place}, a gap", {"id", "title", "questions"})
    return Gap(f"{above}.{entry['id']}", entry["id"], entry["title"], tuple(entry["questions"]))


def _question(path: Path) -> Question:
    place = place_of(path)
    entry = load_entry(path, QUESTION_KEYS, {"facts", "parts"})
    parts = tuple(_part(part, f"{entry['id']}.parts", place) for part in entry.pop("parts", []))
    facts = tuple(_fact(fact, f"{entry['id']}.facts", place) for fact in entry.pop("facts", []))
    source = source_of(entry, place)
    return Question(context=entry["id"], parts=parts, facts=facts, **entry | {"source": source})


def _part(entry: Any, above: str, place: str) -> Part:
    entry = checked(entry, f"{place}, a part", {"id", "text"})
    return Part(f"{above}.{entry['id']}", entry["text"])


def _fact(entry: Any, above: str, place: str) -> Fact:
    entry = checked(entry, f"{place}, a fact", {"id", "text", "source"})
    return Fact(f"{above}.{entry['id']}", entry["text"], source_of(entry, place))

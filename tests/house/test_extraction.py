"""The rule that says which texts of a content file are translated, and under which context."""

from __future__ import annotations

import io

import pytest
import yaml

from core.extraction import ContentRuleError, extract_yaml, translatable

QUESTION = """
id: s3q1
section: 3
question: What do you want to change?
why:
  - First reason.
  - Second reason.
source: {document: "003", question: 1}
options:
  - {id: debt, label: A debt, score: 1}
  - {id: passport, label: A passport kept}
followup:
  hint: Think of one place.
"""


def texts(source: str) -> list[tuple[str, str]]:
    return list(translatable(yaml.safe_load(source)))


def test_context_is_the_id_and_the_path_of_keys_and_ids() -> None:
    assert texts(QUESTION) == [
        ("s3q1.question", "What do you want to change?"),
        ("s3q1.why", "First reason."),
        ("s3q1.why", "Second reason."),
        ("s3q1.options.debt.label", "A debt"),
        ("s3q1.options.passport.label", "A passport kept"),
        ("s3q1.followup.hint", "Think of one place."),
    ]


def test_keys_outside_the_closed_list_are_not_translated() -> None:
    assert texts("{id: a, kind: text to ignore, label: Kept}") == [("a.label", "Kept")]


def test_where_a_text_comes_from_is_not_translated() -> None:
    assert texts("{id: a, label: Kept, source: {document: '003', question: 5, title: Toolkit}}") == [
        ("a.label", "Kept")
    ]


@pytest.mark.parametrize(
    "source",
    [
        "[{id: rose, sentence: It rose.}, {id: fell, sentence: It fell.}]",
        "{rose: {id: rose, sentence: It rose.}, fell: {id: fell, sentence: It fell.}}",
        "{sentences: [{id: rose, sentence: It rose.}, {id: fell, sentence: It fell.}]}",
    ],
)
def test_a_file_of_entries_gives_the_same_contexts_however_they_are_gathered(source: str) -> None:
    assert texts(source) == [("rose.sentence", "It rose."), ("fell.sentence", "It fell.")]


def test_an_entry_under_its_own_id_does_not_repeat_it() -> None:
    assert texts("{id: q, options: {debt: {id: debt, label: A debt}}}") == [("q.options.debt.label", "A debt")]


def test_a_new_entry_between_two_others_leaves_their_contexts_alone() -> None:
    before = texts("{id: q, rows: [{text: One.}, {text: Three.}]}")
    after = texts("{id: q, rows: [{text: One.}, {text: Two.}, {text: Three.}]}")
    assert set(before) < set(after)


def test_a_text_outside_any_entry_with_an_id_is_refused_with_its_place() -> None:
    with pytest.raises(ContentRuleError, match=r"“rose\.sentence” is a text outside any entry with an id"):
        texts("{rose: {sentence: It rose.}}")


@pytest.mark.parametrize("value", ["No", "12", "''", "'  '"])
def test_a_value_that_is_not_a_text_is_refused_with_the_remedy(value: str) -> None:
    with pytest.raises(ContentRuleError, match=r"“q\.label” is .*, which is not a text: write it between quotes"):
        texts(f"{{id: q, label: {value}}}")


def test_an_absent_text_is_no_text() -> None:
    assert texts("{id: q, label: , hint: Help.}") == [("q.hint", "Help.")]
    assert texts("") == []


def test_babel_receives_each_text_with_its_context() -> None:
    found = list(extract_yaml(io.BytesIO(b"{id: q, question: Who, hint: Caf\xc3\xa9.}"), {}, (), {}))
    assert [(name, message) for _line, name, message, _comments in found] == [
        ("pgettext", ("q.question", "Who")),
        ("pgettext", ("q.hint", "Café.")),
    ]

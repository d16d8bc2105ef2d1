"""The catalogues are complete and right in every language, and the check that says so misses nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts.catalogues import TARGET_LANGUAGES, faults, key, messages, missing, read, template, updated, write
from scripts.missing_translations import exported, fill

PEOPLE = ("%(num)s person of %(place)s", "%(num)s people of %(place)s")


@cache
def wanted() -> Catalog:
    return template()


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_the_catalogue_is_complete_and_right(language: str) -> None:
    found = faults(wanted(), read(language))
    assert not found, f"{len(found)} faults of {language}:\n" + "\n".join(found[:40])


def test_the_sources_are_found(tmp_path: Path) -> None:
    """A mapping that finds nothing would let every other test here pass."""
    for place, text in {
        "app.py": "_('From Python')",
        "core/deep/er.py": "_l('Lazily'); ngettext('%(num)s card', '%(num)s cards', 2); pgettext('of month', 'May')",
        "templates/a/page.html": "{{ _('From a template') }} {% trans %}\n  Over\n  lines\n{% endtrans %}",
        "campaigns/guides/section.yaml": "{id: s3q1, question: To whom}",
        "surveys/bank/item.yaml": "{id: k1, label: Signs}",
        "reports/sentences/rose.yaml": "{id: rose, sentence: It rose.}",
        "campaigns/guides/section3/indicators/signs.yaml": "{id: signs3, name: Knows signs}",
        "tests/test_a.py": "_('Not for translation')",
    }.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert {key(message) for message in messages(template(tmp_path))} == {
        (None, "From Python", None),
        (None, "Lazily", None),
        (None, "%(num)s card", "%(num)s cards"),
        ("of month", "May", None),
        (None, "From a template", None),
        (None, "Over lines", None),
        ("s3q1.question", "To whom", None),
        ("k1.label", "Signs", None),
        ("rose.sentence", "It rose.", None),
        ("signs3.name", "Knows signs", None),
    }


def catalogue(language: str, *texts: tuple[str | tuple[str, str], str | tuple[str, ...]]) -> Catalog:
    made = Catalog(locale=language)
    for text, translation in texts:
        made.add(text, translation)
    return made


def faults_of(source: str | tuple[str, str], translation: str | tuple[str, ...], language: str = "fr") -> list[str]:
    return faults(catalogue(language, (source, "")), catalogue(language, (source, translation)))


def test_a_missing_and_a_stale_text_are_faults() -> None:
    found = faults(catalogue("fr", ("New", "")), catalogue("fr", ("Old", "Vieux")))
    assert found == [
        "“New” is not in the catalogue: run `make translations`.",
        "“Old” is no longer used: run `make translations`.",
    ]


def test_the_same_text_in_another_context_is_another_text() -> None:
    needed, had = Catalog(locale="fr"), Catalog(locale="fr")
    needed.add("May", context="month")
    had.add("May", "Peut", context="permission")
    assert len(faults(needed, had)) == 2


def test_an_empty_and_a_fuzzy_translation_are_faults() -> None:
    assert faults_of("Yes", "") == ["“Yes” is not translated."]
    doubtful = catalogue("fr", ("Yes", "Oui"))
    next(messages(doubtful)).flags.add("fuzzy")
    assert faults(catalogue("fr", ("Yes", "")), doubtful) == ["“Yes” is marked fuzzy: check it and take the mark out."]


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("Bonjour", "%(name)s is lost in “Bonjour”."),
        ("Bonjour %(nom)s", "%(nom)s is not in the source but in “Bonjour %(nom)s”."),
        ("Bonjour %(name)s, 100 % sûr", "a percent sign of “Bonjour %(name)s, 100 % sûr” must be written twice."),
    ],
)
def test_a_placeholder_lost_added_or_broken_is_a_fault(translation: str, fault: str) -> None:
    assert f"“Hello %(name)s”: {fault}" in faults_of("Hello %(name)s", translation)


def test_an_answer_that_a_questionnaire_fills_in_is_a_placeholder() -> None:
    assert faults_of("You said ${age}", "Vous avez dit ${sexe}") == [
        "“You said ${age}”: ${age} is lost in “Vous avez dit ${sexe}”.",
        "“You said ${age}”: ${sexe} is not in the source but in “Vous avez dit ${sexe}”.",
    ]


def test_a_lone_percent_sign_would_break_a_page() -> None:
    assert faults_of("All of them", "100 % d’entre eux")
    assert not faults_of("100 %% of them", "100 %% d’entre eux")
    assert not faults_of("95 % interval", "Intervalle à 95 %")


def test_arabic_needs_six_plural_forms() -> None:
    assert faults_of(PEOPLE, ("%(num)s %(place)s",) * 2, "ar") == [
        "“%(num)s person of %(place)s” has 2 plural forms and needs 6."
    ]
    assert faults_of(PEOPLE, ("%(num)s %(place)s",) * 6, "ar") == []


def test_a_plural_form_may_leave_out_the_number_but_the_last_may_not() -> None:
    assert faults_of(PEOPLE, ("une personne de %(place)s", "%(num)s personnes de %(place)s")) == []
    assert len(faults_of(PEOPLE, ("une personne", "des personnes de %(place)s"))) == 2


def test_updating_keeps_what_fits_and_drops_what_is_gone() -> None:
    old = catalogue("fr", ("Yes", "Oui"), ("Gone", "Parti"), (PEOPLE, ("a", "b")))
    new = updated(catalogue("fr", ("Yes", ""), ("No", ""), (PEOPLE, "")), old)
    assert [(message.id, message.string) for message in messages(new)] == [
        ("Yes", "Oui"),
        ("No", ""),
        (PEOPLE, ("a", "b")),
    ]


def test_a_singular_text_that_gains_a_plural_is_translated_anew() -> None:
    new = updated(catalogue("ar", (PEOPLE, "")), catalogue("ar", (PEOPLE[0], "شخص")))
    assert len(missing(new)) == 1


@pytest.mark.parametrize("language", TARGET_LANGUAGES)
def test_a_catalogue_written_and_read_again_is_the_same(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.catalogues.TRANSLATIONS", tmp_path)
    made = Catalog(locale=language)
    made.add("May", "مايو “é”\n", context="month")
    made.add(PEOPLE, tuple(f"%(num)s %(place)s {form}" for form in range(made.num_plurals)))
    write(made)
    again = read(language)
    assert [(key(m), m.string) for m in messages(again)] == [(key(m), m.string) for m in messages(made)]
    assert again.plural_expr == made.plural_expr


def test_a_translator_fills_the_exported_entries_and_faults_are_refused() -> None:
    made = catalogue("ar", ("Yes", "نعم"), ("Hello %(name)s", ""), (PEOPLE, ""))
    entries = exported(made)
    assert [entry["id"] for entry in entries] == ["Hello %(name)s", PEOPLE[0]]
    assert entries[1]["forms_for_numbers"][:3] == [[0], [1], [2]]
    assert entries[1]["translation"] == [""] * 6

    entries[0]["translation"] = "مرحبا"
    entries[1]["translation"] = ["%(num)s %(place)s"] * 6
    unknown = {"context": None, "id": "Else", "plural": None, "translation": "x"}
    assert fill(made, [*entries, unknown]) == [
        "“Hello %(name)s”: %(name)s is lost in “مرحبا”.",
        "“Else” is not a text of the catalogue.",
    ]
    assert [message.id for message in missing(made)] == ["Hello %(name)s"]

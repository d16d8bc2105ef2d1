"""The documents say what is so: commands, settings, links and places exist."""

from __future__ import annotations

import doctest
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from core.settings import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
VARIABLE = re.compile(r"EVEIL_[A-Z_]+")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy is not a git checkout, so the files that belong to it are not known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text_of(document), re.MULTILINE)) <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_example_of_a_document_is_true(document: Path) -> None:
    assert doctest.testfile(str(document), module_relative=False, encoding="utf-8").failed == 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text_of(document))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_target_that_the_house_promises_is_explained_by_make_help() -> None:
    described = set(re.findall(r"^([a-z]+):.* ## ", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert described >= {"run", "test", "lint", "format", "bench", "audit", "clean"}
    assert described == TARGETS


def test_ci_runs_the_linters_and_then_make_test() -> None:
    assert text_of(ROOT / ".ci" / "run").splitlines()[-2:] == ["make lint", "make test"]


def test_the_table_of_settings_is_the_settings() -> None:
    read = set(VARIABLE.findall(text_of(ROOT / "core" / "settings.py")))
    table = text_of(ROOT / "docs" / "settings.md").split("For the tests only")[0]
    assert read == set(re.findall(r"^\| `(EVEIL_[A-Z_]+)`", table, re.MULTILINE))


def test_no_environment_variable_is_read_that_the_table_does_not_explain() -> None:
    explained = set(VARIABLE.findall(text_of(ROOT / "docs" / "settings.md")))
    sources = [path for path in tracked() if path.suffix == ".py" or path.name == "Makefile"]
    named = {name: path for path in sources for name in VARIABLE.findall(text_of(path)) if not name.endswith("_")}
    assert {name: path for name, path in named.items() if name not in explained} == {}


def test_every_folder_of_the_contributors_table_exists() -> None:
    table = text_of(ROOT / "CONTRIBUTING.md").split("## Where a thing goes")[1].split("\n\n## ")[0]
    folders = re.findall(r"\| `([a-z/]+)/`", table)
    assert len(folders) >= 9
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_every_package_of_ours_is_installed_and_checked() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]
    installed = set(project["setuptools"]["packages"])
    ours = {
        path.parent.relative_to(ROOT) for name in installed for path in (ROOT / name.split(".")[0]).rglob("__init__.py")
    }
    assert {".".join(path.parts) for path in ours} == installed
    top = {name for name in installed if "." not in name}
    assert top <= set(project["mypy"]["packages"])
    assert top == set(project["importlinter"]["root_packages"])


def test_no_file_names_a_place_on_the_machine_of_whoever_wrote_it() -> None:
    places = re.compile(rb"(?<![\w./])/(?:work|root|home|Users|tmp)/\w")
    found = {path.relative_to(ROOT): match[0] for path in tracked() if (match := places.search(path.read_bytes()))}
    assert found == {}


def test_decision_records_are_numbered_without_gaps_and_short() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        assert text_of(path).startswith(f"# {int(path.name[:4])}. ")
        assert len(text_of(path).splitlines()) <= 40

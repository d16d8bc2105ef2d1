"""Everything that is installed is pinned, on every machine alike."""

from __future__ import annotations

import pytest

from scripts.lock import ROOT, asked_of_node, asked_of_python, faults

LOCK = "flask-babel==4.0.0 \\\n    --hash=sha256:00\n    # via eveil (pyproject.toml)\n"


@pytest.mark.parametrize(
    ("name", "wanted"), [("requirements.lock", asked_of_python()), ("requirements-node.lock", asked_of_node())]
)
def test_the_lock_holds_what_is_asked_for(name: str, wanted: list[str]) -> None:
    assert wanted
    assert faults(wanted, (ROOT / name).read_text(encoding="utf-8")) == []


def test_every_pin_has_its_hashes() -> None:
    _head, *pins = (ROOT / "requirements.lock").read_text(encoding="utf-8").split("==")
    assert len(pins) > 50
    assert all("--hash=sha256:" in pin for pin in pins)


def test_a_pin_that_fits_is_found_whatever_the_spelling_of_the_name() -> None:
    assert faults(["Flask_Babel>=4,<5"], LOCK) == []


@pytest.mark.parametrize(
    ("wanted", "lock", "fault"),
    [
        ("flask>=3", LOCK, "flask is not pinned."),
        ("flask-babel>=5", LOCK, "flask-babel is pinned to 4.0.0, but >=5 is asked for."),
        ("flask-babel", f"--index-url https://example.org\n{LOCK}", "An address is named"),
    ],
)
def test_a_requirement_without_a_fitting_pin_is_a_fault(wanted: str, lock: str, fault: str) -> None:
    assert [found for found in faults([wanted], lock) if found.startswith(fault)]

"""Whatever is imported is asked for by name: a package that came along with another may be gone tomorrow."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.settings import ROOT
from scripts.lock import asked_of_python

OURS = {path.parent.name for path in ROOT.glob("*/*.py")} | {"app"}
# Flask's own parts, which its documentation tells to import from where they are
OF_FLASK = {"werkzeug", "markupsafe", "itsdangerous", "jinja2"}


def imported() -> Iterator[tuple[str, str]]:
    """The top name of each import, with the file that has it."""
    for path in (found for name in sorted(OURS) for found in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            yield from ((name.split(".")[0], path.relative_to(ROOT).as_posix()) for name in names)


def test_every_package_that_is_imported_is_asked_for() -> None:
    asked = {canonicalize_name(Requirement(line).name) for line in asked_of_python()}
    makers = {name: {canonicalize_name(maker) for maker in found} for name, found in packages_distributions().items()}
    known = OURS | OF_FLASK | set(sys.stdlib_module_names)
    found = {(name, file) for name, file in imported() if name not in known and not makers.get(name, set()) & asked}
    assert found == set()

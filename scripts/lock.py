"""Do the locks hold what is asked for? A cheap check that needs no network."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) \\$", re.MULTILINE)


def asked_of_python() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def asked_of_node() -> list[str]:
    lines = (ROOT / "requirements-node.in").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def faults(wanted: list[str], lock: str) -> list[str]:
    """Sentences about requirements without a fitting pin, and about what binds the lock to one machine."""
    pins: dict[str, str] = {canonicalize_name(name): version for name, version in PIN.findall(lock)}
    found = [fault for line in wanted if (fault := _fault(Requirement(line), pins))]
    if "://" in lock:
        found.append("An address is named, but every machine has a package index of its own.")
    return found


def _fault(wish: Requirement, pins: dict[str, str]) -> str | None:
    version = pins.get(canonicalize_name(wish.name))
    if version is None:
        return f"{wish.name} is not pinned."
    if not wish.specifier.contains(version, prereleases=True):
        return f"{wish.name} is pinned to {version}, but {wish.specifier} is asked for."
    return None


def main() -> int:
    found = [
        f"{name}: {fault}"
        for name, wanted in (("requirements.lock", asked_of_python()), ("requirements-node.lock", asked_of_node()))
        for fault in faults(wanted, (ROOT / name).read_text(encoding="utf-8"))
    ]
    if found:
        print("\n".join([*found, "Run `make lock` and commit the locks."]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

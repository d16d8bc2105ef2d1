"""Content files: guides, question bank and sentences are YAML, one thing or section a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from core.settings import ROOT


class ContentError(Exception):
    """A content file is wrong; the message names the file. Raised at load time, so a test finds it."""


def load_file(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ContentError(f"{path.relative_to(ROOT)} is not readable YAML: {error}") from error


def load_folder(folder: Path) -> list[Any]:
    """Every content file below the folder, in the order of the names."""
    paths = sorted(folder.rglob("*.yaml"))
    if not paths:
        raise ContentError(f"{folder} holds no content file.")
    return [load_file(path) for path in paths]

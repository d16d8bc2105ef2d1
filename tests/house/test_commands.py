"""The ``eveil`` command: every command it lists exists, and asking for help is quick."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from app import LazyGroup, eveil
from core.settings import ROOT


@pytest.mark.parametrize("name", LazyGroup.homes)
def test_every_command_exists_and_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(eveil, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert isinstance(eveil.get_command(click.Context(eveil), name), click.Command)


def test_help_loads_no_statistics_and_no_tables() -> None:
    code = "import sys, app\nsys.argv = ['eveil', '--help']\ntry:\n    app.cli()\nfinally:\n    print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "analyse" in shown
    assert {"pandas", "numpy", "scipy", "statsmodels", "altair"} & set(shown.split()) == set()

"""Every public function of the analysis carries an example, and every example is true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import analysis

MODULES = ["analysis", *(module.name for module in pkgutil.walk_packages(analysis.__path__, "analysis."))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0

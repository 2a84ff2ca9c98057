"""The examples in docstrings run, and give what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import chores_infra

# Importing these is running them.
PROGRAMS = {"chores_infra.__main__", "chores_infra.kindgen.__main__"}
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(chores_infra.__path__, "chores_infra.")
    if module.name not in PROGRAMS and ".kinds.types." not in module.name
)


@pytest.mark.parametrize("name", ["chores_infra", *MODULES])
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name))]
    assert sum(bool(test.examples) for test in examples) > 50

"""Small repositories for the checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_texts
from chores_infra.checks.repository import Repository


@pytest.fixture
def repository() -> Callable[..., Repository]:
    """Make a repository of texts by their paths, or of one text."""

    def make(texts: Mapping[str, str] | str) -> Repository:
        return from_texts({"a.yaml": texts} if isinstance(texts, str) else texts)

    return make


@pytest.fixture
def context(repository: Callable[..., Repository]) -> Callable[..., Context]:
    """Make what rules look at."""

    def make(texts: Mapping[str, str] | str, *externals: str) -> Context:
        return Context(repository(texts), externals=externals)

    return make

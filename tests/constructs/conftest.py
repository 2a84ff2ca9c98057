"""What tests of constructs share: a place to put them, and the two questions asked of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.construct import Component, Manifest, Tree
from chores_infra.errors import ConstructError
from chores_infra.kubernetes_object import KubernetesObject


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def shop(tree: Tree) -> Component:
    """A component whose objects live in the namespace ``shop``."""
    return Component(tree, "shop", namespace="shop")


@pytest.fixture
def valid() -> Callable[[KubernetesObject], Manifest]:
    """The spec of an object, after its whole manifest was held against what the API server accepts."""

    def spec_of(made: KubernetesObject) -> Any:
        manifest = made.manifest
        assert [str(problem) for problem in kinds.validate(manifest)] == []
        return manifest["spec"]

    return spec_of


@pytest.fixture
def refused() -> Callable[[Callable[[], object]], dict[str, str]]:
    """The problems of a construct that cannot be made, by argument."""

    def problems_of(make: Callable[[], object]) -> dict[str, str]:
        with pytest.raises(ConstructError) as caught:
            make()
        return {problem.argument: problem.message for problem in caught.value.problems}

    return problems_of

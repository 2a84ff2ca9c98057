"""Generators that combine others: every pair of two, or one set of parameters completed by others.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Matrix/ and
https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Merge/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.generators import Generator, Parameters
from chores_infra.fields import Items, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["MatrixGenerator", "MergeGenerator"]


@value_object
class _Combined(Generator):
    """What the two have in common: the parameters of all. Argo CD nests them two deep, and no deeper."""

    generators: Items[Generator]

    def check(self, problems: Problems) -> None:
        """Refuse what is nested too deep."""
        for index, generator in enumerate(self.generators):
            if isinstance(generator, _Combined) and any(
                isinstance(inner, _Combined) for inner in generator.generators
            ):
                problems.add(f"generators[{index}]", "Argo CD combines combined generators only once more")

    def parameters(self) -> Parameters:
        """Those of each."""
        known: set[str] = set()
        for generator in self.generators:
            parameters = generator.parameters()
            if parameters is None:
                return None
            known |= parameters
        return frozenset(known)

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Those of each."""
        for index, generator in enumerate(self.generators):
            for argument, target in generator.references():
                yield f"generators[{index}].{argument}", target

    def generator(self) -> Manifest:
        """``generators``."""
        return {"generators": [generator.fields() for generator in self.generators]}


@value_object
class MatrixGenerator(_Combined):
    """Every set of parameters of one generator with every set of another.

    The second may use parameters of the first.
    """

    field: ClassVar[str] = "matrix"
    generators: Annotated[Items[Generator], Field(min_length=2, max_length=2)]


@value_object
class MergeGenerator(_Combined):
    """The sets of the first generator, completed by those of the others that have the same ``merge_keys``."""

    field: ClassVar[str] = "merge"
    generators: Annotated[Items[Generator], Field(min_length=2)]
    merge_keys: Annotated[Items[Text], Field(min_length=1)]

    def generator(self) -> Manifest:
        """``generators`` and ``mergeKeys``."""
        return {**super().generator(), "mergeKeys": list(self.merge_keys)}

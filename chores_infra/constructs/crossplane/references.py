"""How a Grant says which account and which database are meant, other than by their names on the server.

Crossplane finds the name itself, and waits until there is one.

Source: https://docs.crossplane.io/latest/managed-resources/managed-resources/#referencing-other-resources
"""

from __future__ import annotations

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.crossplane.managed import ManagedResource, ResolutionPolicy
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import Labels

__all__ = ["Reference", "Selector"]


@value_object
class Reference:
    """One object, by its name in the cluster: ``Reference(to=user)``."""

    to: ManagedResource
    policy: ResolutionPolicy | None = None

    def fields(self) -> Manifest:
        """``userRef`` or ``databaseRef``."""
        policy = None if self.policy is None else self.policy.fields()
        return present({"name": self.to.name, "policy": policy})


@value_object
class Selector(Part):
    """The object with these labels, or with ``match_controller_ref`` the one of the same composite."""

    match_labels: Labels | None = None
    match_controller_ref: bool | None = None
    policy: ResolutionPolicy | None = None

    def check(self, problems: Problems) -> None:
        """Refuse to take just any object."""
        if not self.match_labels and not self.match_controller_ref:
            problems.add(
                "match_labels", "it would take any object; give labels, or match_controller_ref=True"
            )

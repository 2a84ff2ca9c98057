"""One group, version and kind: its place in the API and its validator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from chores_infra.kinds.problem import Problem

if TYPE_CHECKING:
    from chores_infra.kinds.loading import Schemas, Validator

__all__ = ["Kind", "Mode", "Scope"]

Scope = Literal["Namespaced", "Cluster"]
Mode = Literal["authored", "read"]


class Kind:
    """What is known of one kind; ``kinds.find`` makes them.

    ``plural`` is the resource name of RBAC rules and URLs. The schema is loaded at the first validation.
    """

    __slots__ = ("_schemas", "_type", "_validator", "api_version", "kind", "plural", "scope")

    def __init__(
        self, api_version: str, kind: str, *, plural: str, scope: Scope, schemas: Schemas, type_name: str
    ) -> None:
        self.api_version = api_version
        self.kind = kind
        self.plural = plural
        self.scope: Scope = scope
        self._schemas = schemas
        self._type = type_name
        self._validator: Validator | None = None

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def namespaced(self) -> bool:
        """Whether objects of this kind live in a namespace."""
        return self.scope == "Namespaced"

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Rules that are not evaluated here, each as ``path: rule``; the server still checks them."""
        return self._load().unchecked

    def validate(self, manifest: Mapping[str, object], mode: Mode = "authored") -> list[Problem]:
        """Return every problem of a manifest of this kind; see ``kinds.validate``."""
        return self._load().problems(manifest, mode)

    def _load(self) -> Validator:
        if self._validator is None:
            self._validator = self._schemas.validator(self._type)
        return self._validator

    def __repr__(self) -> str:
        return f"Kind({self.api_version}, {self.kind}, {self.plural}, {self.scope})"

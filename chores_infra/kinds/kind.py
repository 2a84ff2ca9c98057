"""One group, version and kind: its place in the API and its validator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from chores_infra.kinds.problem import Path, Problem

if TYPE_CHECKING:
    from chores_infra.kinds.checked import Checked
    from chores_infra.kinds.defaults import Defaults
    from chores_infra.kinds.fields import Field
    from chores_infra.kinds.loading import Schemas, Validator
    from chores_infra.kinds.shape import Shape

__all__ = ["Kind", "Mode", "Scope"]

Scope = Literal["Namespaced", "Cluster"]
Mode = Literal["authored", "read"]


class Kind:
    """What is known of one kind; ``kinds.find`` makes them.

    ``plural`` is the resource name of RBAC rules and URLs. The schema is loaded at the first validation.
    """

    __slots__ = (
        *("_defaults", "_schemas", "_shape", "_type", "_validator"),
        *("api_version", "kind", "plural", "scope"),
    )

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
        self._defaults: Defaults | None = None
        self._shape: Shape | None = None

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def namespaced(self) -> bool:
        """Whether objects of this kind live in a namespace."""
        return self.scope == "Namespaced"

    @property
    def source(self) -> str:
        """The release that the kind was read from: ``kubernetes 1.37.0``, ``argo-cd v3.5.1``."""
        return self._schemas.source(self.api_version, self.kind)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Rules that are not evaluated here, each as ``path: rule``; the server still checks them."""
        return self._load().unchecked

    def validate(self, manifest: Mapping[str, object], mode: Mode = "authored") -> list[Problem]:
        """Return every problem of a manifest of this kind; see ``kinds.validate``."""
        return self._load().problems(manifest, mode)

    def check(self, manifest: Mapping[str, object], mode: Mode = "authored") -> Checked:
        """Return every problem of a manifest, and the rules that were not checked; see ``kinds.check``."""
        return self._load().check(manifest, mode)

    def field(self, path: str | Path) -> Field:
        """Return what is known of one field: its type, values, bounds, default, and how it is merged.

        ``path`` is written ``spec.template.spec.containers[].image``; ``""`` is the manifest itself.
        Raises UnknownFieldError, whose message says what was probably meant.

        >>> from chores_infra.kinds import find
        >>> field = find("apps/v1", "Deployment").field("spec.template.spec.containers[].imagePullPolicy")
        >>> field.types, field.values
        (('string',), ('Always', 'IfNotPresent', 'Never'))
        """
        from chores_infra.kinds.fields import field_at

        return field_at(self._schemas, self._type, path)

    def with_defaults(self, manifest: Mapping[str, object]) -> dict[str, object]:
        """Return a copy of a manifest with what the API server fills in where fields are absent.

        It is for comparing what two manifests mean; what is wrong with one stays as it is. What admission
        plugins add (``serviceAccountName``) and what is allocated (``clusterIP``) is not filled in.

        >>> from chores_infra.kinds import find
        >>> binding = {"roleRef": {"kind": "Role", "name": "reader"}}
        >>> find("rbac.authorization.k8s.io/v1", "RoleBinding").with_defaults(binding)["roleRef"]
        {'kind': 'Role', 'name': 'reader', 'apiGroup': 'rbac.authorization.k8s.io'}
        """
        if self._defaults is None:
            from chores_infra.kinds.defaults import Defaults

            self._defaults = Defaults(self._schemas, self._type)
        return self._defaults.filled(dict(manifest))

    @property
    def shape(self) -> Shape:
        """Its schema as a way to walk, for comparing manifests."""
        if self._shape is None:
            from chores_infra.kinds.shape import Shape

            self._shape = Shape.of_type(self._schemas, self._type)
        return self._shape

    def _load(self) -> Validator:
        if self._validator is None:
            self._validator = self._schemas.validator(self._type)
        return self._validator

    def __repr__(self) -> str:
        return f"Kind({self.api_version}, {self.kind}, {self.plural}, {self.scope})"

"""What a file or a document of a GitOps tree is, and why it is taken for that."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

__all__ = ["Classified", "Role"]


class Role(Enum):
    """What a document is for; only manifests and lists of them are for an API server."""

    MANIFEST = "a Kubernetes manifest"
    LIST = "a list of Kubernetes manifests"
    EMPTY = "empty"
    INCOMPLETE = "a manifest that lacks its apiVersion or kind"
    HELM_CHART = "the description of a Helm chart"
    HELM_VALUES = "values for a Helm chart"
    HELM_TEMPLATE = "a template of a Helm chart"
    TEMPLATE = "a template that is no YAML before it is rendered"
    KUSTOMIZATION = "a configuration of Kustomize"
    KUSTOMIZE_PATCH = "a patch or other input of a kustomization"
    BACKSTAGE = "an entity of the Backstage catalog"
    MKDOCS = "a configuration of MkDocs"
    GITHUB = "a configuration of GitHub"
    COMPOSE = "a Compose file"
    CONFIGURATION = "the configuration of a tool"
    DATA = "data of another kind"
    BROKEN = "text that cannot be read"
    IGNORED = "a file that is no YAML or JSON"

    @property
    def applies(self) -> bool:
        """Whether an API server is meant to get it."""
        return self in (Role.MANIFEST, Role.LIST)


class Classified(NamedTuple):
    """The role of something, and what it is known by."""

    role: Role
    reason: str

    def __str__(self) -> str:
        return f"{self.role.value} ({self.reason})"

"""Argo CD: Applications, the projects they belong to, and what steers a sync.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ and the CRDs,
https://github.com/argoproj/argo-cd, ``manifests/crds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.argocd.application import (
    Application,
    Destination,
    IgnoreDifference,
    Info,
)
from chores_infra.constructs.argocd.permissions import (
    DestinationServiceAccount,
    GroupKind,
    JwtToken,
    OrphanedResource,
    OrphanedResources,
    ProjectDestination,
    Role,
    SyncWindow,
)
from chores_infra.constructs.argocd.projects import (
    AppProject,
)
from chores_infra.constructs.argocd.sources import (
    GitDirectory,
    GitReference,
    Jsonnet,
    JsonnetVariable,
    Source,
)
from chores_infra.constructs.argocd.sync import (
    Automated,
    Backoff,
    NamespaceMetadata,
    Retry,
    SyncPolicy,
)
from chores_infra.constructs.lazily import lazily

if TYPE_CHECKING:
    from chores_infra.constructs.argocd.annotations import (
        hook,
        resource_options,
        sync_wave,
    )
    from chores_infra.constructs.argocd.helm import (
        FileParameter,
        HelmChart,
        HelmDirectory,
        HelmParameter,
    )
    from chores_infra.constructs.argocd.hydrator import (
        SourceHydrator,
    )
    from chores_infra.constructs.argocd.integrity import (
        GitPolicy,
    )
    from chores_infra.constructs.argocd.kustomize import (
        Kustomize,
        Patch,
        PatchTarget,
    )
    from chores_infra.constructs.argocd.plugin import (
        PluginDirectory,
        PluginParameter,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "annotations": ["hook", "resource_options", "sync_wave"],
            "helm": ["FileParameter", "HelmChart", "HelmDirectory", "HelmParameter"],
            "hydrator": ["SourceHydrator"],
            "integrity": ["GitPolicy"],
            "kustomize": ["Kustomize", "Patch", "PatchTarget"],
            "plugin": ["PluginDirectory", "PluginParameter"],
        },
    )

__all__ = [
    "AppProject",
    "Application",
    "Automated",
    "Backoff",
    "Destination",
    "DestinationServiceAccount",
    "FileParameter",
    "GitDirectory",
    "GitPolicy",
    "GitReference",
    "GroupKind",
    "HelmChart",
    "HelmDirectory",
    "HelmParameter",
    "IgnoreDifference",
    "Info",
    "Jsonnet",
    "JsonnetVariable",
    "JwtToken",
    "Kustomize",
    "NamespaceMetadata",
    "OrphanedResource",
    "OrphanedResources",
    "Patch",
    "PatchTarget",
    "PluginDirectory",
    "PluginParameter",
    "ProjectDestination",
    "Retry",
    "Role",
    "Source",
    "SourceHydrator",
    "SyncPolicy",
    "SyncWindow",
    "hook",
    "resource_options",
    "sync_wave",
]

"""Argo CD: Applications, the projects they belong to, and what steers a sync.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ and the CRDs,
https://github.com/argoproj/argo-cd, ``manifests/crds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chores_infra.constructs.argocd.application import Application, Destination, IgnoreDifference, Info
from chores_infra.constructs.argocd.projects import AppProject
from chores_infra.constructs.argocd.sources import (
    GitDirectory,
    GitReference,
    Jsonnet,
    JsonnetVariable,
    Source,
)
from chores_infra.constructs.argocd.sync import Automated, Backoff, NamespaceMetadata, Retry, SyncPolicy

if TYPE_CHECKING:
    from chores_infra.constructs.argocd.annotations import hook, resource_options, sync_wave
    from chores_infra.constructs.argocd.helm import FileParameter, HelmChart, HelmDirectory, HelmParameter
    from chores_infra.constructs.argocd.kustomize import Kustomize, Patch, PatchTarget
    from chores_infra.constructs.argocd.permissions import (
        GroupKind,
        OrphanedResources,
        ProjectDestination,
        Role,
        SyncWindow,
    )

__all__ = [
    "AppProject",
    "Application",
    "Automated",
    "Backoff",
    "Destination",
    "FileParameter",
    "GitDirectory",
    "GitReference",
    "GroupKind",
    "HelmChart",
    "HelmDirectory",
    "HelmParameter",
    "IgnoreDifference",
    "Info",
    "Jsonnet",
    "JsonnetVariable",
    "Kustomize",
    "NamespaceMetadata",
    "OrphanedResources",
    "Patch",
    "PatchTarget",
    "ProjectDestination",
    "Retry",
    "Role",
    "Source",
    "SyncPolicy",
    "SyncWindow",
    "hook",
    "resource_options",
    "sync_wave",
]

_LAZY = {
    "annotations": {"hook", "resource_options", "sync_wave"},
    "helm": {"FileParameter", "HelmChart", "HelmDirectory", "HelmParameter"},
    "kustomize": {"Kustomize", "Patch", "PatchTarget"},
    "permissions": {"GroupKind", "OrphanedResources", "ProjectDestination", "Role", "SyncWindow"},
}


def __getattr__(name: str) -> Any:
    """Import what most programs do not use when it is asked for."""
    for module, names in _LAZY.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

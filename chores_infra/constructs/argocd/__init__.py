"""Argo CD: Applications, the projects they belong to, and what steers a sync.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ and the CRDs,
https://github.com/argoproj/argo-cd, ``manifests/crds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.argocd.application import (
    Application,
)
from chores_infra.constructs.argocd.application_spec import (
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
    from chores_infra.constructs.argocd.application_sets import (
        ApplicationSet,
        ApplicationTemplate,
        IgnoredField,
        RollingStep,
    )
    from chores_infra.constructs.argocd.combined_generators import (
        MatrixGenerator,
        MergeGenerator,
    )
    from chores_infra.constructs.argocd.generators import (
        ClusterGenerator,
        Generator,
        GitDirectories,
        GitFiles,
        GitPath,
        ListGenerator,
        OtherGenerator,
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
    from chores_infra.constructs.argocd.pull_requests import (
        AzureDevOpsRepository,
        BasicAuth,
        BitbucketRepository,
        BitbucketServerRepository,
        GiteaRepository,
        GithubRepository,
        GitlabProject,
        PullRequestFilter,
        PullRequestGenerator,
        Repository,
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
            "application_sets": [
                "ApplicationSet",
                "ApplicationTemplate",
                "IgnoredField",
                "RollingStep",
            ],
            "combined_generators": [
                "MatrixGenerator",
                "MergeGenerator",
            ],
            "generators": [
                "ClusterGenerator",
                "Generator",
                "GitDirectories",
                "GitFiles",
                "GitPath",
                "ListGenerator",
                "OtherGenerator",
            ],
            "pull_requests": [
                "AzureDevOpsRepository",
                "BasicAuth",
                "BitbucketRepository",
                "BitbucketServerRepository",
                "GiteaRepository",
                "GithubRepository",
                "GitlabProject",
                "PullRequestFilter",
                "PullRequestGenerator",
                "Repository",
            ],
        },
    )

__all__ = [
    "AppProject",
    "Application",
    "ApplicationSet",
    "ApplicationTemplate",
    "Automated",
    "AzureDevOpsRepository",
    "Backoff",
    "BasicAuth",
    "BitbucketRepository",
    "BitbucketServerRepository",
    "ClusterGenerator",
    "Destination",
    "DestinationServiceAccount",
    "FileParameter",
    "Generator",
    "GitDirectories",
    "GitDirectory",
    "GitFiles",
    "GitPath",
    "GitPolicy",
    "GitReference",
    "GiteaRepository",
    "GithubRepository",
    "GitlabProject",
    "GroupKind",
    "HelmChart",
    "HelmDirectory",
    "HelmParameter",
    "IgnoreDifference",
    "IgnoredField",
    "Info",
    "Jsonnet",
    "JsonnetVariable",
    "JwtToken",
    "Kustomize",
    "ListGenerator",
    "MatrixGenerator",
    "MergeGenerator",
    "NamespaceMetadata",
    "OrphanedResource",
    "OrphanedResources",
    "OtherGenerator",
    "Patch",
    "PatchTarget",
    "PluginDirectory",
    "PluginParameter",
    "ProjectDestination",
    "PullRequestFilter",
    "PullRequestGenerator",
    "Repository",
    "Retry",
    "Role",
    "RollingStep",
    "Source",
    "SourceHydrator",
    "SyncPolicy",
    "SyncWindow",
    "hook",
    "resource_options",
    "sync_wave",
]

"""The Application: what Argo CD brings into which cluster and namespace, and how it is synced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from chores_infra.arguments import Later, Problems, checked
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.argocd.application_spec import (
    ApplicationSpec,
    Destination,
    IgnoreDifference,
    Info,
    Project,
)
from chores_infra.constructs.argocd.sources import Source
from chores_infra.constructs.argocd.sync import SyncPolicy
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, NonNegative
from chores_infra.kubernetes_object import KubernetesObject

if TYPE_CHECKING:
    from chores_infra.constructs.argocd.hydrator import SourceHydrator
else:
    SourceHydrator = Annotated[Any, Later("chores_infra.constructs.argocd.hydrator", "SourceHydrator")]

__all__ = ["Application", "ApplicationFinalizer"]

SYNC_WAVE = "argocd.argoproj.io/sync-wave"

# https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/
ApplicationFinalizer: TypeAlias = Literal[
    "resources-finalizer.argocd.argoproj.io",
    "resources-finalizer.argocd.argoproj.io/foreground",
    "resources-finalizer.argocd.argoproj.io/background",
]


class Application(KubernetesObject):
    """What Argo CD keeps in step with git (or with a Helm chart).

    ``project`` is an AppProject, or ``"default"``. Give one ``source``, several ``sources``, or a
    ``source_hydrator``. The object lives where Argo CD looks for it: ``namespace``, not the namespace of the
    application.

    ``finalizers=["resources-finalizer.argocd.argoproj.io"]`` makes deleting the Application delete what it
    deployed; without it that stays.

    Raises:
        ConstructError: not exactly one of the kinds of source, an illegal name, URL, path or duration,
            a file of a source that is not there, or something that the project does not permit.
    """

    api_version = "argoproj.io/v1alpha1"
    kind = "Application"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        destination: Destination,
        project: Project = "default",
        source: Source | None = None,
        sources: Items[Source] | None = None,
        source_hydrator: SourceHydrator | None = None,
        sync_policy: SyncPolicy | None = None,
        ignore_differences: Items[IgnoreDifference] = (),
        info: Items[Info] = (),
        revision_history_limit: NonNegative | None = None,
        finalizers: Items[ApplicationFinalizer] = (),
        sync_wave: int | None = None,
        namespace: DnsLabel = "argo-cd",
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        self.spec = ApplicationSpec(
            destination=destination,
            project=project,
            source=source,
            sources=sources,
            source_hydrator=source_hydrator,
            sync_policy=sync_policy,
            ignore_differences=ignore_differences,
            info=info,
            revision_history_limit=revision_history_limit,
        )
        self.spec.check_spec(problems, namespace)
        self.spec.check_without_parameters(problems)
        if sync_wave is not None and annotations and SYNC_WAVE in annotations:
            problems.add("sync_wave", f"it is given twice; leave the annotation {SYNC_WAVE} out")
        problems.raise_if_any()
        if sync_wave is not None:
            annotations = {**(annotations or {}), SYNC_WAVE: str(sync_wave)}
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        if finalizers:
            self._patches.append({"metadata": {"finalizers": list(finalizers)}})

    def fields(self) -> Manifest:
        """``spec``: project, sources, destination and policy."""
        return {"spec": self.spec.fields()}

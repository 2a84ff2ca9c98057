"""Kustomize as a source: a folder with a ``kustomization.yaml``, and what is changed about it.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
"""

from __future__ import annotations

from typing import Annotated

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.parameters import WithParameters
from chores_infra.constructs.argocd.sources import GitSource, RepositoryPath
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import Annotations, DnsLabel, Items, Labels, Matching, NonNegative, Pairs, Text

__all__ = ["Kustomize", "Patch", "PatchTarget"]

ImageOverride = Annotated[
    str,
    Matching(
        r"(?:[^\s=]+=)?[^\s=:@]+(?::[0-9]+/[^\s=:@]+)?(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?(?:@sha256:[0-9a-f]{64})?",
        1024,
        "an image as '<name>:<tag>', '<name>@<digest>' or '<old>=<new>:<tag>'",
    ),
]
NamePart = Annotated[
    str, Matching(r"[-a-z0-9.]+", 253, "part of a name: lower-case letters, digits, '-' and '.'")
]


@value_object
class PatchTarget(Part):
    """The objects that a patch is for; what is given has to match."""

    group: str | None = None
    version: Text | None = None
    kind: Text | None = None
    name: Text | None = None
    namespace: Text | None = None
    label_selector: Text | None = None
    annotation_selector: Text | None = None


@value_object
class Patch(Part):
    """A patch (JSON or strategic merge) as YAML text, or in a file of the folder.

    ``options={"allowNameChange": True}`` lets it change what kustomize otherwise keeps.
    """

    patch: Text | None = None
    path: RepositoryPath | None = None
    target: PatchTarget | None = None
    options: Pairs[Text, bool] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no patch and two."""
        if (self.patch is None) == (self.path is None):
            problems.add("patch", "give exactly one of patch and path")


@value_object
class Kustomize(GitSource):
    """A kustomization in a folder of a git repository; ``replicas`` maps names to numbers of pods."""

    name_prefix: Annotated[NamePart, WithParameters()] | None = None
    name_suffix: Annotated[NamePart, WithParameters()] | None = None
    namespace: Annotated[DnsLabel, WithParameters()] | None = None
    images: Items[Annotated[ImageOverride, WithParameters()]] | None = None
    replicas: Pairs[Text, NonNegative] | None = None
    patches: Items[Patch] | None = None
    components: Items[Text] | None = None
    common_labels: Labels | None = None
    common_annotations: Annotations | None = None
    label_without_selector: bool | None = None
    label_include_templates: bool | None = None
    force_common_labels: bool | None = None
    force_common_annotations: bool | None = None
    common_annotations_envsubst: bool | None = None
    ignore_missing_components: bool | None = None
    version: Text | None = None
    kube_version: Text | None = None
    api_versions: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse templates without the labels that they are for."""
        if self.label_include_templates and not self.label_without_selector:
            problems.add("label_include_templates", "it needs label_without_selector=True")

    def tool(self) -> Manifest:
        """``kustomize``."""
        replicas = [{"name": name, "count": count} for name, count in (self.replicas or {}).items()]
        kustomize: Manifest = {
            "namePrefix": self.name_prefix,
            "nameSuffix": self.name_suffix,
            "namespace": self.namespace,
            "images": self.images and list(self.images),
            "replicas": replicas or None,
            "patches": self.patches and [patch.fields() for patch in self.patches],
            "components": self.components and list(self.components),
            "commonLabels": self.common_labels and dict(self.common_labels),
            "commonAnnotations": self.common_annotations and dict(self.common_annotations),
            "labelWithoutSelector": self.label_without_selector,
            "labelIncludeTemplates": self.label_include_templates,
            "forceCommonLabels": self.force_common_labels,
            "forceCommonAnnotations": self.force_common_annotations,
            "commonAnnotationsEnvsubst": self.common_annotations_envsubst,
            "ignoreMissingComponents": self.ignore_missing_components,
            "version": self.version,
            "kubeVersion": self.kube_version,
            "apiVersions": self.api_versions and list(self.api_versions),
        }
        kustomize = present(kustomize)
        return {"kustomize": kustomize} if kustomize else {}

"""Who refers to whom: every field of a manifest that names another object, in one form."""

from __future__ import annotations

from collections.abc import Iterator

from chores_infra.checks.pods import pods_of
from chores_infra.checks.references.annotations import annotation_references
from chores_infra.checks.references.crossplane import crossplane_references, is_managed_resource
from chores_infra.checks.references.custom import custom_references
from chores_infra.checks.references.hosts import istio_references
from chores_infra.checks.references.mounts import mount_references
from chores_infra.checks.references.reference import Part, Reference, Target
from chores_infra.checks.references.table import POD_ROWS, ROWS, references_in
from chores_infra.checks.resources import Resource

__all__ = ["Part", "Reference", "Target", "references_of"]


def references_of(resource: Resource) -> Iterator[Reference]:
    """Every reference that a resource makes."""
    for pod in pods_of(resource):
        yield from references_in(resource, pod.spec, POD_ROWS, pod.field("spec"))
        yield from mount_references(pod)
    rows = ROWS.get((resource.group, resource.kind), ())
    yield from references_in(resource, resource.manifest, rows)
    yield from annotation_references(resource)
    yield from istio_references(resource)
    yield from crossplane_references(resource)
    if "." in resource.group and not resource.group.endswith(".k8s.io") and not is_managed_resource(resource):
        yield from custom_references(resource, by_kind=not rows)

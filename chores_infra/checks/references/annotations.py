"""References that stand in annotations, because the kind has no field for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chores_infra.checks.fields import text
from chores_infra.checks.references.reference import Reference
from chores_infra.checks.references.targets import SECRET, target_of
from chores_infra.checks.resources import Resource

__all__ = ["CLUSTER_ISSUER", "ISSUER", "annotation_references"]

ISSUER: Final = "cert-manager.io/issuer"
CLUSTER_ISSUER: Final = "cert-manager.io/cluster-issuer"
"""https://cert-manager.io/docs/usage/ingress/#supported-annotations"""

_AUTH_SECRET: Final = "nginx.ingress.kubernetes.io/auth-secret"  # noqa: S105  (a name of an annotation)
_MIDDLEWARES: Final = "traefik.ingress.kubernetes.io/router.middlewares"
_CRD: Final = "@kubernetescrd"


def annotation_references(resource: Resource) -> Iterator[Reference]:
    """What the annotations of an Ingress or a Gateway name."""
    for annotation, value in resource.annotations.items():
        path = ("metadata", "annotations", annotation)
        name = text(value)
        if not name:
            continue
        if annotation == CLUSTER_ISSUER:
            yield Reference(resource, path, target_of("ClusterIssuer"), name, None)
        elif annotation == ISSUER:
            yield Reference(resource, path, target_of("Issuer"), name, resource.namespace)
        elif annotation == _AUTH_SECRET:
            namespace, _, own = name.rpartition("/")
            yield Reference(resource, path, SECRET, own, namespace or resource.namespace)
        elif annotation == _MIDDLEWARES:
            for middleware in name.split(","):
                yield from _middleware(resource, path, middleware.strip())


def _middleware(resource: Resource, path: tuple[str, ...], name: str) -> Iterator[Reference]:
    """``shop-auth@kubernetescrd`` is Middleware ``auth`` in namespace ``shop``."""
    namespace = resource.namespace
    if name.endswith(_CRD) and namespace is not None and name.startswith(f"{namespace}-"):
        own = name.removesuffix(_CRD).removeprefix(f"{namespace}-")
        yield Reference(resource, path, target_of("Middleware"), own, namespace)

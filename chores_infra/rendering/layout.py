"""Which file of the infrastructure repo a manifest goes to. Nothing here touches a file.

The names are those of the reference repository (``deployments.yaml``, ``external_secrets.yaml``,
``crossplane_resources.yaml``); any other kind goes to its own name in snake case and plural.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from chores_infra.errors import FileError, ManifestError
from chores_infra.rendering.places import Places, check_file_name

__all__ = ["Identity", "Places", "Resource", "arrange", "file_for_kind", "identity"]

_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,62}\Z")
_RBAC = "rbac.authorization.k8s.io"
_EXTERNAL_SECRETS = "external-secrets.io"
_APPLICATION = ("argoproj.io", "Application")

_FILES: Final[Mapping[tuple[str, str], str]] = {
    ("apps", "DaemonSet"): "daemonsets.yaml",
    ("apps", "ReplicaSet"): "replicasets.yaml",
    ("apps", "StatefulSet"): "statefulsets.yaml",
    ("autoscaling", "HorizontalPodAutoscaler"): "autoscaling.yaml",
    ("batch", "CronJob"): "cronjobs.yaml",
    ("", "ConfigMap"): "configmaps.yaml",
    (_RBAC, "Role"): "rbac.yaml",
    (_RBAC, "RoleBinding"): "rbac.yaml",
    (_RBAC, "ClusterRole"): "rbac.yaml",
    (_RBAC, "ClusterRoleBinding"): "rbac.yaml",
    (_EXTERNAL_SECRETS, "ExternalSecret"): "external_secrets.yaml",
    (_EXTERNAL_SECRETS, "ClusterExternalSecret"): "external_secrets.yaml",
    (_EXTERNAL_SECRETS, "SecretStore"): "secret_stores.yaml",
    (_EXTERNAL_SECRETS, "ClusterSecretStore"): "secret_stores.yaml",
    ("cert-manager.io", "ClusterIssuer"): "issuers.yaml",
    ("networking.k8s.io", "Ingress"): "ingress.yaml",
} | {
    (group, kind): file
    for group in ("traefik.containo.us", "traefik.io")
    for kind, file in {
        "IngressRoute": "ingress.yaml",
        "IngressRouteTCP": "ingress.yaml",
        "IngressRouteUDP": "ingress.yaml",
        "Middleware": "middlewares.yaml",
        "MiddlewareTCP": "middlewares.yaml",
    }.items()
}
_CROSSPLANE = re.compile(r"(?:\A|\.)(?:crossplane|upbound)\.io\Z")


class Identity(NamedTuple):
    """What makes a resource this one and no other; the version of its API does not."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        kind = f"{self.kind}.{self.group}" if self.group else self.kind
        return f"{kind} {self.namespace}/{self.name}" if self.namespace else f"{kind} {self.name}"


class Resource(NamedTuple):
    """A manifest on its way to a file.

    ``file`` overrides the name of the file in the app's folder; ``origin`` says in errors where the manifest
    comes from, such as its construct's path. ``shared`` are names of other parties that every environment
    may use.
    """

    manifest: Mapping[str, Any]
    file: str | None = None
    origin: str = ""
    shared: frozenset[str] = frozenset()


def identity(manifest: Mapping[str, Any]) -> Identity:
    """The identity of a manifest.

    Raises:
        ManifestError: apiVersion, kind or metadata.name is missing or no text.

    >>> str(identity({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}))
    'Deployment.apps web'
    """
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    metadata = manifest.get("metadata")
    if not isinstance(metadata, Mapping):
        metadata = {}
    name, namespace = metadata.get("name"), metadata.get("namespace") or ""
    if not (isinstance(api_version, str) and isinstance(kind, str) and isinstance(name, str)) or not (
        api_version and kind and name and isinstance(namespace, str)
    ):
        raise ManifestError([_without_identity(manifest, metadata)])
    return Identity(api_version.rpartition("/")[0], kind, namespace, name)


def _without_identity(manifest: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    fields = {
        "apiVersion": manifest.get("apiVersion"),
        "kind": manifest.get("kind"),
        "metadata.name": metadata.get("name"),
    }
    wrong = next((field for field, value in fields.items() if not isinstance(value, str) or not value), None)
    label = f"{fields['kind'] or 'a manifest'} {fields['metadata.name'] or ''}"
    return f"{label}: {wrong or 'metadata.namespace'} must be text and not empty"


@lru_cache(maxsize=1024)
def file_for_kind(group: str, kind: str) -> str:
    """The name of the file for a kind, where the app does not choose another.

    >>> file_for_kind("apps", "Deployment"), file_for_kind("networking.k8s.io", "NetworkPolicy")
    ('deployments.yaml', 'network_policies.yaml')
    """
    if not _KIND.match(kind):
        raise ManifestError(
            [f"{kind!r:.100} is no kind: it begins with a capital letter and has letters and digits"]
        )
    known = _FILES.get((group, kind))
    if known is not None:
        return known
    if _CROSSPLANE.search(group):
        return "crossplane_resources.yaml"
    return f"{_plural(_snake_case(kind))}.yaml"


def arrange(
    resources: Iterable[Resource], *, places: Places, layout: Mapping[str, str] | None = None
) -> dict[PurePosixPath, list[Mapping[str, Any]]]:
    """The manifests of every file, files and manifests in the order in which they were given.

    Args:
        resources: manifests, each with its own file name if it has one.
        places: of the app. Its own Argo CD Application goes to ``places.application_file``.
        layout: names of files for all manifests of a kind (``{"Deployment": "web.yaml"}``).

    Raises:
        ManifestError: two resources with the same identity, or a manifest without one.
        FileError: a file name that is none, or two that differ only in their case.
    """
    by_kind = layout or {}
    seen: dict[Identity, str] = {}
    files: dict[str, list[Mapping[str, Any]]] = {}
    problems: list[str] = []
    for number, resource in enumerate(resources, start=1):
        this = identity(resource.manifest)
        origin = resource.origin or f"resource {number}"
        if this in seen:
            problems.append(f"{origin}: {this} is also made by {seen[this]}; rename or remove one of them")
        seen[this] = origin
        file = _file(places, this, resource.file or by_kind.get(this.kind))
        files.setdefault(file, []).append(resource.manifest)
    if problems:
        raise ManifestError(problems)
    _refuse_twins(files, places)
    return {_path(places, file): manifests for file, manifests in files.items()}


#: Stands for the file of the Application, which is no file of the folder.
_OWN_APPLICATION = ""


def _file(places: Places, this: Identity, override: str | None) -> str:
    """The name of a manifest's file in the app's folder."""
    if override is not None:
        if "/" in override or "\\" in override:
            raise FileError(
                override,
                "a folder in a manifest's file name; Argo CD reads only the app's own folder, name a file",
            )
        return override
    if (this.group, this.kind) == _APPLICATION and this.name == places.name:
        return _OWN_APPLICATION
    return file_for_kind(this.group, this.kind)


def _path(places: Places, file: str) -> PurePosixPath:
    if file == _OWN_APPLICATION:
        return places.application_file
    path = places.folder / file
    check_file_name(path)
    return path


def _refuse_twins(files: Iterable[str], places: Places) -> None:
    """Refuse names that are one file where case does not count."""
    spelled: dict[str, str] = {}
    for file in files:
        twin = spelled.setdefault(file.lower(), file)
        if twin != file:
            raise FileError(places.folder / file, f"differs from {twin} only in its case; use one spelling")


def _snake_case(kind: str) -> str:
    """HTTPRoute to http_route, IngressRouteTCP to ingress_route_tcp."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind).lower()


def _plural(noun: str) -> str:
    if re.search(r"[^aeiou]y\Z", noun):
        return f"{noun[:-1]}ies"
    if re.search(r"(ss|us|sh|ch|x|z)\Z", noun):
        return f"{noun}es"
    return noun if noun.endswith("s") else f"{noun}s"

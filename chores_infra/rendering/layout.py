"""Which file of the infrastructure repo a manifest goes to. Nothing here touches a file.

The names are those of the reference repository (``deployments.yaml``, ``external_secrets.yaml``,
``crossplane_resources.yaml``); any other kind goes to its own name in snake case and plural.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
    comes from, such as its construct's path.
    """

    manifest: Mapping[str, Any]
    file: str | None = None
    origin: str = ""


def identity(manifest: Mapping[str, Any]) -> Identity:
    """The identity of a manifest.

    Raises:
        ManifestError: apiVersion, kind or metadata.name is missing or no text.

    >>> str(identity({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}))
    'Deployment.apps web'
    """
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    api_version, kind, name = manifest.get("apiVersion"), manifest.get("kind"), metadata.get("name")
    namespace = metadata.get("namespace") or ""
    fields = {"apiVersion": api_version, "kind": kind, "metadata.name": name}
    if not all(isinstance(value, str) and value for value in fields.values()) or not isinstance(
        namespace, str
    ):
        wrong = next(
            (field for field, value in fields.items() if not isinstance(value, str) or not value),
            "metadata.namespace",
        )
        raise ManifestError([f"{kind or 'a manifest'} {name or ''}: {wrong} must be text and not empty"])
    assert isinstance(api_version, str) and isinstance(kind, str) and isinstance(name, str)  # noqa: S101, PT018
    return Identity(api_version.rpartition("/")[0], kind, namespace, name)


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
    resources: Iterable[Resource | tuple[Mapping[str, Any], str | None]],
    *,
    places: Places,
    layout: Mapping[str, str] | None = None,
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
    spelled: dict[str, PurePosixPath] = {}
    files: dict[PurePosixPath, list[Mapping[str, Any]]] = {}
    problems: list[str] = []
    for number, entry in enumerate(resources, start=1):
        resource = Resource(*entry)
        this = identity(resource.manifest)
        path = _path(places, this, resource.file or by_kind.get(this.kind))
        origin = resource.origin or f"resource {number}"
        if this in seen:
            problems.append(f"{origin}: {this} is also made by {seen[this]}; rename or remove one of them")
        seen[this] = origin
        if path not in files:
            check_file_name(path)
            twin = spelled.setdefault(str(path).lower(), path)
            if twin is not path:
                raise FileError(path, f"differs from {twin.name} only in its case; use one spelling")
        files.setdefault(path, []).append(resource.manifest)
    if problems:
        raise ManifestError(problems)
    return files


def _path(places: Places, this: Identity, override: str | None) -> PurePosixPath:
    if override is not None:
        if "/" in override or "\\" in override:
            raise FileError(
                override,
                "a folder in a manifest's file name; Argo CD reads only the app's own folder, name a file",
            )
        return places.folder / override
    if (this.group, this.kind) == _APPLICATION and this.name == places.name:
        return places.application_file
    return places.folder / file_for_kind(this.group, this.kind)


def _snake_case(kind: str) -> str:
    """HTTPRoute to http_route, IngressRouteTCP to ingress_route_tcp."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind).lower()


def _plural(noun: str) -> str:
    if re.search(r"[^aeiou]y\Z", noun):
        return f"{noun[:-1]}ies"
    if re.search(r"(ss|us|sh|ch|x|z)\Z", noun):
        return f"{noun}es"
    return noun if noun.endswith("s") else f"{noun}s"

"""Mounts that hide what a container needs, and file systems that it cannot write to."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.images import DOCKER_HUB, parse_image
from chores_infra.checks.pods import Pod, pods_of
from chores_infra.checks.repository import Identity
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["MountHides", "ReadOnlyRoot"]

_SYSTEM: Final = ("/", "/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr", "/usr/bin", "/usr/lib", "/usr/sbin")
_FIXED: Final = ("configMap", "secret", "projected", "downwardAPI")
"""Volumes that are mounted read-only, whatever the mount says."""


class Mount(NamedTuple):
    """One mount of a container: its field, the folder without ``/`` at its end, itself and its volume."""

    path: FieldPath
    folder: str
    spec: Mapping[str, Any]
    volume: Mapping[str, Any]

    @property
    def is_whole(self) -> bool:
        """Whether all of the volume is mounted, so that the folder shows nothing else."""
        return not self.spec.get("subPath") and not self.spec.get("subPathExpr")

    @property
    def is_writable(self) -> bool:
        """Whether the container can write there."""
        return self.spec.get("readOnly") is not True and not any(self.volume.get(kind) for kind in _FIXED)


class MountHides(Rule):
    """A volume over what the container needs.

    A mounted volume replaces the folder: whatever the image, or another volume, has there is hidden. Two
    mounts of one folder that differ only in how the path is written pass the API server, and one of them is
    never seen. A volume over `/etc` or `/usr` takes the system itself away, and an empty one over the folder
    of a program's configuration takes that.
    """

    id = "mount-hides"
    title = "A mount hides what a container needs"
    severity = Severity.ERROR
    help = "mount it at a folder of its own, or single files of it by subPath"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    volumeMounts: [{name: data, mountPath: /srv/shop}, {name: cache, mountPath: /srv/shop/}]
  volumes: [{name: data, emptyDir: {}}, {name: cache, emptyDir: {}}]
"""
    good = bad.replace("/srv/shop/}", "/srv/cache}")

    def check(self, context: Context) -> Iterator[Hit]:
        """An error for the same folder twice, a warning for what is hidden else."""
        for resource in context.repository.resources:
            for pod in pods_of(resource):
                users = _users(pod)
                for path, container in pod.containers():
                    mounts = list(_mounts(pod, path, container))
                    yield from _same_folder(pod, mounts)
                    for mount in mounts:
                        if mount.is_whole:
                            yield from _hidden(context, pod, mount, mounts, users)


class ReadOnlyRoot(Rule):
    """A root file system that is read-only, and no folder to write to.

    Most programs write something: temporary files, a process id, a cache. With `readOnlyRootFilesystem` they
    need a volume for it. Some do without; programs that are known not to start get a warning.
    """

    id = "read-only-root"
    title = "A read-only root file system without what the program writes to"
    severity = Severity.WARNING
    help = "mount an emptyDir where the program writes, such as /tmp"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: nginx:1.27.3
    securityContext: {readOnlyRootFilesystem: true}
    volumeMounts: [{name: run, mountPath: /var/run}]
  volumes: [{name: run, emptyDir: {}}]
"""
    good = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: nginx:1.27.3
    securityContext: {readOnlyRootFilesystem: true}
    volumeMounts: [{name: run, mountPath: /var/run}, {name: cache, mountPath: /var/cache/nginx}]
  volumes: [{name: run, emptyDir: {}}, {name: cache, emptyDir: {}}]
"""

    # Folders that the official images write to when they start, as their Dockerfiles and entry points say.
    _WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
        "library/nginx": ("/var/cache/nginx", "/var/run"),
        "library/httpd": ("/usr/local/apache2/logs",),
        "library/postgres": ("/var/lib/postgresql", "/var/run/postgresql"),
        "library/mysql": ("/var/lib/mysql", "/var/run/mysqld"),
        "library/mariadb": ("/var/lib/mysql", "/run/mysqld"),
        "library/mongo": ("/data/db",),
        "library/rabbitmq": ("/var/lib/rabbitmq",),
        "grafana/grafana": ("/var/lib/grafana",),
    }

    def check(self, context: Context) -> Iterator[Hit]:
        """A warning for programs that are known; an info where nothing at all can be written."""
        for resource in context.repository.resources:
            for pod in pods_of(resource):
                for path, container in pod.containers("initContainers", "containers"):
                    field = ("securityContext", "readOnlyRootFilesystem")
                    if at(container, *field) is True:
                        writable = [m.folder for m in _mounts(pod, path, container) if m.is_writable]
                        yield from self._unwritable(pod, container, writable, (*path, *field))

    def _unwritable(
        self, pod: Pod, container: Mapping[str, Any], writable: list[str], path: FieldPath
    ) -> Iterator[Hit]:
        image = parse_image(text(container.get("image")))
        name = f"library/{image.repository}" if "/" not in image.repository else image.repository
        known = self._WRITTEN.get(name, ()) if image.registry == DOCKER_HUB else ()
        # A command of its own may be another program.
        needed = [] if container.get("command") else [each for each in known if not _covers(writable, each)]
        if needed:
            yield Hit(pod.owner, f"{image.repository} writes to {' and '.join(needed)}", path)
        elif not writable:
            message = "the container has no folder that it can write to"
            yield Hit(pod.owner, message, path, severity=Severity.INFO)


def _covers(folders: list[str], folder: str) -> bool:
    """Whether one of some folders holds another; ``/var/run`` is a link to ``/run`` in the usual images."""
    names = {folder, folder.removeprefix("/var") if folder.startswith("/var/run") else folder}
    names |= {f"/var{folder}"} if folder.startswith("/run") else set()
    within = (f"{each.rstrip('/')}/" for each in folders)
    prefixes = tuple(within)
    return any(f"{name}/".startswith(prefixes) for name in names) if prefixes else False


def _mounts(pod: Pod, path: FieldPath, container: Mapping[str, Any]) -> Iterator[Mount]:
    volumes = {text(at(volume, "name")): mapping(volume) for volume in items(pod.spec.get("volumes"))}
    for number, mount in enumerate(items(container.get("volumeMounts"))):
        folder = text(at(mount, "mountPath"))
        if folder.startswith("/"):
            volume = volumes.get(text(at(mount, "name")), {})
            yield Mount((*path, "volumeMounts", number, "mountPath"), _plain(folder), mount, volume)


def _plain(folder: str) -> str:
    return posixpath.normpath(f"/{folder.lstrip('/')}")


def _users(pod: Pod) -> Mapping[str, int]:
    """How many containers mount each volume: one that only one container knows starts with nothing in it."""
    users: dict[str, int] = defaultdict(int)
    for _, container in pod.containers():
        for name in {text(at(mount, "name")) for mount in items(container.get("volumeMounts"))}:
            users[name] += 1
    return users


def _same_folder(pod: Pod, mounts: list[Mount]) -> Iterator[Hit]:
    first: dict[str, Mount] = {}
    for mount in mounts:
        other = first.setdefault(mount.folder, mount)
        written, before = text(mount.spec.get("mountPath")), text(other.spec.get("mountPath"))
        # What is written alike is refused by the API server, and reported with the schema of its own kinds.
        if other is not mount and (written != before or "." in pod.owner.group):
            message = f"{written} is the same folder as {before}, where {other.spec.get('name')} is mounted"
            yield Hit(pod.owner, message, mount.path)


def _hidden(
    context: Context, pod: Pod, mount: Mount, mounts: list[Mount], users: Mapping[str, int]
) -> Iterator[Hit]:
    name = text(mount.spec.get("name"))
    parents = [other for other in mounts if other.is_whole and _is_below(mount.folder, other.folder)]
    if mount.folder in _SYSTEM:
        message = f"volume {name} hides {mount.folder} of the image, which its programs need"
        yield Hit(pod.owner, message, mount.path, severity=Severity.WARNING)
    elif (
        "emptyDir" in mount.volume
        and _is_configuration(mount.folder)
        and users[name] == 1
        and not any(_is_below(other.folder, mount.folder) for other in mounts)
    ):
        message = f"volume {name} is empty and hides the configuration that the image has in {mount.folder}"
        yield Hit(pod.owner, message, mount.path, severity=Severity.WARNING)
    for parent in parents:
        lost = [
            file
            for file in _files(context, pod, parent.volume)
            if _is_below(posixpath.join(parent.folder, file), mount.folder)
            or posixpath.join(parent.folder, file) == mount.folder
        ]
        if lost:
            message = f"volume {name} hides {', '.join(sorted(lost))} of volume {parent.spec.get('name')}"
            yield Hit(pod.owner, message, mount.path, severity=Severity.WARNING)


def _is_below(folder: str, parent: str) -> bool:
    return folder.startswith(f"{parent.rstrip('/')}/") and folder != parent


def _is_configuration(folder: str) -> bool:
    return posixpath.dirname(folder) == "/etc"


def _files(context: Context, pod: Pod, volume: Mapping[str, Any]) -> Iterator[str]:
    """The files that a ConfigMap or Secret puts into its folder, as far as they are known."""
    for field, name_field, kind in (("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret")):
        source = mapping(volume.get(field))
        listed = items(source.get("items"))
        yield from filter(None, (text(at(item, "path")) for item in listed))
        name = text(source.get(name_field))
        if name and not listed:
            identity = Identity(pod.owner.cluster, "", kind, pod.owner.namespace, name)
            for provider in context.resolver.providers.get(identity, ()):
                yield from provider.keys or ()

"""Rules about pods: what the fields of a pod's spec say about each other.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chores_infra.kinds.problem import Path, show
from chores_infra.kinds.rules.reading import Check, Found, at, listed, mapping, objects, parts

__all__ = ["RULES"]

_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_FOR_SIDECARS = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")


def _containers(pod: dict[str, Any], holding: str = "name") -> list[tuple[Path, dict[str, Any]]]:
    """Return the containers of a pod that have a field, with their paths."""
    found: list[tuple[Path, dict[str, Any]]] = []
    for field in _CONTAINERS:
        containers = pod.get(field)
        if isinstance(containers, list):
            for index, container in enumerate(containers):
                if isinstance(container, dict) and holding in container:
                    found.append(((field, index), container))
    return found


def _container_names() -> Check:
    def check(pod: Any) -> Found | None:
        first: dict[str, Path] = {}
        found: Found = []
        for path, container in _containers(pod):
            name = container.get("name")
            if isinstance(name, str):
                earlier = first.setdefault(name, path)
                if earlier[0] != path[0]:
                    message = f"{show(name)} is already the name of {earlier[0]}[{earlier[1]}]"
                    found.append(((*path, "name"), f"{message}; each may occur once in a pod"))
        return found or None

    return check


def _mounts(pod_path: str, templates: str = "") -> Check:
    """Hold mounts to the volumes of their pod, and of the claim templates beside it."""
    place, beside = parts(pod_path), parts(templates)

    def volumes(value: Any, pod: dict[str, Any]) -> dict[Any, dict[str, Any]]:
        known = {show(volume.get("name")): volume for _, volume in objects(pod, "volumes")}
        for _, claim in objects(value, *beside) if beside else ():
            known[show(mapping(claim, "metadata").get("name"))] = {"persistentVolumeClaim": {}}
        return known

    def check(value: Any) -> Found | None:
        pod = at(value, place)
        if not isinstance(pod, dict):
            return None
        found: Found = []
        for field in ("volumeMounts", "volumeDevices"):
            mounting = _containers(pod, field)
            known = volumes(value, pod) if mounting else {}
            for path, container in mounting:
                for index, mount in objects(container, field):
                    why = _mount_problem(mount.get("name"), field, known)
                    if why:
                        found.append(((*place, *path, field, index, "name"), why))
        return found or None

    return check


def _mount_problem(name: object, field: str, volumes: dict[Any, dict[str, Any]]) -> str | None:
    if not isinstance(name, str):
        return None
    if show(name) not in volumes:
        has = listed([*volumes], "and") if volumes else "none"
        return f"no volume is called {show(name)}; the pod has {has}"
    if field == "volumeDevices" and not volumes[show(name)].keys() & {"persistentVolumeClaim", "ephemeral"}:
        return f"{show(name)} is no claim, and only a claim can be a block device"
    return None


def _host_ports() -> Check:
    """Hold the ports of the node to be taken once, and with hostNetwork to be the container's own."""

    def check(pod: Any) -> Found | None:
        taken: dict[tuple[Any, ...], str] = {}
        found: Found = []
        for path, container in _containers(pod, "ports"):
            for index, port in objects(container, "ports"):
                if "hostPort" not in port:
                    continue
                host, own = port.get("hostPort"), port.get("containerPort")
                if not host or not isinstance(host, int):
                    continue
                where = (*path, "ports", index, "hostPort")
                if pod.get("hostNetwork") is True and host != own:
                    found.append((where, f"is containerPort ({show(own)}) with hostNetwork, found {host}"))
                key = (host, show(port.get("protocol", "TCP")), show(port.get("hostIP", "")))
                if path[0] != "initContainers":
                    place = f"{path[0]}[{path[1]}].ports[{index}]"
                    earlier = taken.setdefault(key, place)
                    if earlier != place:
                        found.append((where, f"{host} is already taken by {earlier}"))
        return found or None

    return check


def _init_containers() -> Check:
    """Hold init containers to what is run once: only sidecars (restartPolicy Always) have probes."""

    def check(pod: Any) -> Found | None:
        found: Found = [
            (("initContainers", index, field), "is only for a sidecar, which has restartPolicy Always")
            for index, container in objects(pod, "initContainers")
            if container.get("restartPolicy") != "Always"
            for field in _FOR_SIDECARS
            if field in container
        ]
        return found or None

    return check


def _dns() -> Check:
    def check(pod: Any) -> Found | None:
        if pod.get("dnsPolicy") != "None" or mapping(pod, "dnsConfig").get("nameservers"):
            return None
        return [(("dnsConfig", "nameservers"), "required field is missing: dnsPolicy None needs it")]

    return check


_LINUX_ONLY = ("hostPID", "hostIPC", "hostUsers", "shareProcessNamespace")
_LINUX_CONTEXT = (
    "appArmorProfile",
    "capabilities",
    "allowPrivilegeEscalation",
    "fsGroup",
    "fsGroupChangePolicy",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsUser",
    "seLinuxChangePolicy",
    "seLinuxOptions",
    "seccompProfile",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "sysctls",
)


def _operating_system() -> Check:
    def check(pod: Any) -> Found | None:
        name = mapping(pod, "os").get("name")
        if name not in ("linux", "windows"):
            return None
        contexts: list[tuple[Path, dict[str, Any]]] = [
            (("securityContext",), mapping(pod, "securityContext"))
        ]
        contexts += [
            ((*path, "securityContext"), mapping(container, "securityContext"))
            for path, container in _containers(pod)
        ]
        wrong = _LINUX_CONTEXT if name == "windows" else ("windowsOptions",)
        found: Found = [
            ((*path, field), f"cannot be given with os {name}")
            for path, context in contexts
            for field in wrong
            if field in context
        ]
        if name == "windows":
            found += [((field,), "cannot be given with os windows") for field in _LINUX_ONLY if field in pod]
        return found or None

    return check


def _projected_paths() -> Check:
    """Refuse two files at one path of a projected volume."""

    def check(volume: Any) -> Found | None:
        first: dict[str, str] = {}
        found: Found = []
        for index, source in objects(volume, "sources"):
            for path, text in _files(source):
                where = f"sources[{index}]"
                earlier = first.setdefault(text, where)
                if earlier != where:
                    found.append((("sources", index, *path), f"{show(text)} is already written by {earlier}"))
        return found or None

    return check


def _files(source: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for kind in ("configMap", "secret", "downwardAPI"):
        for index, item in objects(source, kind, "items"):
            if isinstance(item.get("path"), str):
                yield (kind, "items", index, "path"), item["path"]
    for kind in ("serviceAccountToken", "clusterTrustBundle"):
        path = mapping(source, kind).get("path")
        if isinstance(path, str):
            yield (kind, "path"), path


RULES: dict[str, Callable[..., Check]] = {
    "pods.container-names": _container_names,
    "pods.dns": _dns,
    "pods.host-ports": _host_ports,
    "pods.init-containers": _init_containers,
    "pods.mounts": _mounts,
    "pods.operating-system": _operating_system,
    "pods.projected-paths": _projected_paths,
}

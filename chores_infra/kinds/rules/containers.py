"""Rules about the containers of pods: their probes, ports, mounts, privileges and resources.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, mapping, objects, texts

__all__ = ["RULES"]


def _probe_succeeds_once(field: str) -> Check:
    def check(container: Any) -> Found | None:
        threshold = mapping(container, field).get("successThreshold", 1)
        if not isinstance(threshold, int) or threshold <= 1:
            return None
        return [((field, "successThreshold"), f"expected 1 here, found {threshold}")]

    return check


def _probe_ends_nothing(field: str) -> Check:
    def check(container: Any) -> Found | None:
        if "terminationGracePeriodSeconds" not in mapping(container, field):
            return None
        where = (field, "terminationGracePeriodSeconds")
        return [(where, "is only for probes that end a container: liveness and startup")]

    return check


def _port_names() -> Check:
    def check(container: Any) -> Found | None:
        first: dict[str, int] = {}
        found: Found = []
        for index, port in objects(container, "ports"):
            name = port.get("name")
            if isinstance(name, str) and name and first.setdefault(name, index) != index:
                where = ("ports", index, "name")
                found.append(
                    (where, f"{show(name)} is already the port [{first[name]}]; each may occur once")
                )
        return found or None

    return check


def _mount_modes() -> Check:
    def check(container: Any) -> Found | None:
        privileged = mapping(container, "securityContext").get("privileged") is True
        found: Found = []
        for index, mount in objects(container, "volumeMounts"):
            propagation = mount.get("mountPropagation", "None")
            if propagation == "Bidirectional" and not privileged:
                where = ("volumeMounts", index, "mountPropagation")
                found.append((where, "Bidirectional needs a privileged container"))
            if mount.get("recursiveReadOnly", "Disabled") in ("Enabled", "IfPossible"):
                where = ("volumeMounts", index, "recursiveReadOnly")
                if mount.get("readOnly") is not True:
                    found.append((where, "needs readOnly true"))
                elif propagation != "None":
                    found.append((where, f"needs mountPropagation None, found {show(propagation)}"))
        return found or None

    return check


def _privileges() -> Check:
    """Refuse a container that may not gain privileges and has them all."""

    def check(context: Any) -> Found | None:
        if context.get("allowPrivilegeEscalation") is not False:
            return None
        if context.get("privileged") is True:
            return [(("allowPrivilegeEscalation",), "cannot be false with privileged true")]
        if any(name in ("CAP_SYS_ADMIN", "SYS_ADMIN") for _, name in texts(context, "capabilities", "add")):
            return [(("allowPrivilegeEscalation",), "cannot be false with the capability SYS_ADMIN")]
        return None

    return check


def _resources() -> Check:
    """Hold requests to limits; what cannot be shared (devices, huge pages) is both or neither."""

    def check(resources: Any) -> Found | None:
        requests, limits = mapping(resources, "requests"), mapping(resources, "limits")
        found: Found = []
        for name, request in requests.items():
            if not isinstance(name, str):
                continue
            shared = name in ("cpu", "memory", "ephemeral-storage", "storage")
            if name not in limits:
                if not shared:
                    found.append((("limits", name), "required field is missing: it equals the request"))
                continue
            if request == limits[name]:
                continue
            wrong = _exceeds(request, limits[name], exactly=not shared)
            if wrong:
                found.append((("requests", name), wrong))
        return found or None

    return check


def _exceeds(request: Any, limit: Any, *, exactly: bool) -> str | None:
    from chores_infra.kinds.quantities import ratio

    try:
        (asked, per), (most, per_most) = ratio(str(request)), ratio(str(limit))
    except ValueError:
        # The schema has said what is wrong with it.
        return None
    if exactly and asked * per_most != most * per:
        return f"expected its limit, {limit}, found {request}"
    return f"expected at most its limit, {limit}, found {request}" if asked * per_most > most * per else None


RULES: dict[str, Callable[..., Check]] = {
    "containers.mount-modes": _mount_modes,
    "containers.port-names": _port_names,
    "containers.privileges": _privileges,
    "containers.probe-ends-nothing": _probe_ends_nothing,
    "containers.probe-succeeds-once": _probe_succeeds_once,
    "containers.resources": _resources,
}

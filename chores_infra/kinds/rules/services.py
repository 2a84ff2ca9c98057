"""Rules about Services, and about the ConfigMaps, Secrets and limits that stand beside pods.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, listed, mapping, objects

__all__ = ["RULES"]


def _needs_ports() -> Check:
    def check(spec: Any) -> Found | None:
        if spec.get("ports") or spec.get("type") == "ExternalName" or spec.get("clusterIP") == "None":
            return None
        return [(("ports",), "required field is missing: only a headless Service has none")]

    return check


def _headless() -> Check:
    def check(spec: Any) -> Found | None:
        if spec.get("clusterIP") != "None" or spec.get("type") not in _ON_NODES:
            return None
        return [(("clusterIP",), f"cannot be None with type {spec['type']}")]

    return check


def _external_traffic() -> Check:
    def check(spec: Any) -> Found | None:
        kind = spec.get("type", "ClusterIP")
        if kind in _ON_NODES or spec.get("externalIPs"):
            return None
        return [
            (("externalTrafficPolicy",), f"is only for type NodePort or LoadBalancer, found {show(kind)}")
        ]

    return check


_ON_NODES = ("NodePort", "LoadBalancer")


def _addresses() -> Check:
    def check(spec: Any) -> Found | None:
        first, addresses = spec.get("clusterIP"), spec.get("clusterIPs")
        if not first or not isinstance(addresses, list) or not addresses or addresses[0] == first:
            return None
        return [(("clusterIPs", 0), f"is clusterIP ({show(first)}), found {show(addresses[0])}")]

    return check


def _families() -> Check:
    """Hold the address families of a Service to be different, and one for SingleStack."""

    def check(spec: Any) -> Found | None:
        families = spec.get("ipFamilies")
        if not isinstance(families, list) or len(families) < 2:
            return None
        if families[0] == families[1]:
            return [(("ipFamilies", 1), f"{show(families[1])} is already the first")]
        if spec.get("ipFamilyPolicy") == "SingleStack":
            return [(("ipFamilies",), "expected one: ipFamilyPolicy is SingleStack")]
        return None

    return check


def _service_ports() -> Check:
    """Refuse two ports of a Service with one name, or with one port of the nodes; hold those to its type."""

    def check(spec: Any) -> Found | None:
        kind = spec.get("type", "ClusterIP")
        names: dict[str, int] = {}
        nodes: dict[tuple[int, str], int] = {}
        found: Found = []
        for index, port in objects(spec, "ports"):
            name, node, protocol = port.get("name"), port.get("nodePort"), port.get("protocol", "TCP")
            if isinstance(name, str) and name and names.setdefault(name, index) != index:
                where = ("ports", index, "name")
                found.append(
                    (where, f"{show(name)} is already the port [{names[name]}]; each may occur once")
                )
            if isinstance(node, int) and node and isinstance(protocol, str):
                if kind not in _ON_NODES:
                    why = f"is only for type NodePort or LoadBalancer, found {show(kind)}"
                    found.append((("ports", index, "nodePort"), why))
                earlier = nodes.setdefault((node, protocol), index)
                if earlier != index:
                    found.append((("ports", index, "nodePort"), f"{node} is already the port [{earlier}]"))
        return found or None

    return check


_LARGEST = 1024 * 1024


def _size() -> Check:
    """Hold the data of a ConfigMap or Secret to what the server stores: one mebibyte."""

    def check(manifest: Any) -> Found | None:
        total = 0
        for field in ("data", "binaryData", "stringData"):
            size = sum(map(_bytes, mapping(manifest, field).values()))
            is_base64 = field == "binaryData" or (field == "data" and manifest.get("kind") == "Secret")
            total += size * 3 // 4 if is_base64 else size
        if total <= _LARGEST:
            return None
        return [((), f"holds {total} bytes of data; at most {_LARGEST} are stored (1 MiB)")]

    return check


def _bytes(text: Any) -> int:
    if not isinstance(text, str):
        return 0
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


_SECRET_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}


def _secret_type() -> Check:
    """Hold a Secret to the keys that its type promises."""

    def check(secret: Any) -> Found | None:
        kind = secret.get("type")
        keys = {*mapping(secret, "data"), *mapping(secret, "stringData")}
        if kind == "kubernetes.io/basic-auth" and not keys & {"username", "password"}:
            return [(("data",), f"type {kind} needs username or password")]
        if kind == "kubernetes.io/service-account-token":
            annotation = "kubernetes.io/service-account.name"
            if not mapping(secret, "metadata", "annotations").get(annotation):
                return [(("metadata", "annotations", annotation), f"required field is missing: type {kind}")]
        missing = [key for key in _SECRET_KEYS.get(kind, ()) if key not in keys]
        return [(("data",), f"type {kind} needs {listed(missing, 'and')}")] if missing else None

    return check


_LEVELS = ("min", "defaultRequest", "default", "max")


def _limits() -> Check:
    """Hold the amounts of a LimitRange to their order: min, defaultRequest, default, max."""

    def check(item: Any) -> Found | None:
        found: Found = []
        if item.get("type") == "Pod":
            for field in ("default", "defaultRequest"):
                if item.get(field):
                    found.append(((field,), "is for containers, not for type Pod"))
        for position, low in enumerate(_LEVELS):
            for high in _LEVELS[position + 1 :]:
                for name, text in mapping(item, low).items():
                    most = mapping(item, high).get(name)
                    if most is not None and _is_more(text, most):
                        found.append(((low, name), f"expected at most {high}, {most}, found {text}"))
        return found or None

    return check


def _is_more(one: Any, other: Any) -> bool:
    from chores_infra.kinds.quantities import ratio

    try:
        (number, per), (most, per_most) = ratio(str(one)), ratio(str(other))
    except ValueError:
        return False
    return number * per_most > most * per


RULES: dict[str, Callable[..., Check]] = {
    "services.addresses": _addresses,
    "services.external-traffic": _external_traffic,
    "services.families": _families,
    "services.headless": _headless,
    "services.limits": _limits,
    "services.needs-ports": _needs_ports,
    "services.ports": _service_ports,
    "services.secret-type": _secret_type,
    "services.size": _size,
}

"""Rules about NetworkPolicies and Ingresses.

Sources: https://kubernetes.io/docs/concepts/services-networking/network-policies/ and
https://kubernetes.io/docs/concepts/services-networking/ingress/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, mapping, texts

__all__ = ["RULES"]


def _port_range() -> Check:
    def check(ports: Any) -> Found | None:
        first, last = ports.get("port"), ports.get("endPort")
        if not isinstance(last, int):
            return None
        if first is None:
            return [(("endPort",), "needs port, where the range begins")]
        if isinstance(first, str):
            return [(("endPort",), f"needs port as a number, found {show(first)}")]
        if isinstance(first, int) and last < first:
            return [(("endPort",), f"expected at least port, {first}, found {last}")]
        return None

    return check


def _excepts_inside() -> Check:
    """Hold the exceptions of an address range to lie inside it, and to be smaller."""

    def check(block: Any) -> Found | None:
        if not block.get("except") or not isinstance(block.get("cidr"), str):
            return None
        from ipaddress import ip_network

        found: Found = []
        try:
            whole = ip_network(block["cidr"], strict=False)
        except ValueError:
            # The schema has said what is wrong with it.
            return None
        for index, text in texts(block, "except"):
            try:
                part = ip_network(text, strict=False)
            except ValueError:
                continue
            inside = part.version == whole.version and part.subnet_of(whole)  # type: ignore[arg-type]
            if not inside or part == whole:
                where = ("except", index)
                found.append((where, f"expected a part of cidr, {block['cidr']}, found {show(text)}"))
        return found or None

    return check


_BAD_PARTS = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDS = ("/..", "/.")


def _ingress_path() -> Check:
    """Hold a path to its type: Exact and Prefix match whole parts of an absolute one."""

    def check(path: Any) -> Found | None:
        if path.get("pathType") not in ("Exact", "Prefix"):
            return None
        text = path.get("path")
        if text is None:
            return [(("path",), f"required field is missing: pathType {path['pathType']} needs it")]
        if not isinstance(text, str):
            return None
        wrong = [part for part in _BAD_PARTS if part in text] + [
            end for end in _BAD_ENDS if text.endswith(end)
        ]
        return [(("path",), f"cannot have {show(wrong[0])}, found {show(text)}")] if wrong else None

    return check


_CLASS = "kubernetes.io/ingress.class"


def _ingress() -> Check:
    def check(ingress: Any) -> Found | None:
        spec = mapping(ingress, "spec")
        found: Found = []
        if not spec.get("rules") and not spec.get("defaultBackend"):
            found.append((("spec",), "one of rules or defaultBackend is required"))
        if spec.get("ingressClassName") is not None and mapping(ingress, "metadata", "annotations").get(
            _CLASS
        ):
            where = ("metadata", "annotations", _CLASS)
            found.append((where, "cannot be given with spec.ingressClassName, which replaces it"))
        return found or None

    return check


def _host() -> Check:
    """Refuse an address as the host of a rule: the server wants a DNS name."""

    def check(rule: Any) -> Found | None:
        host = rule.get("host")
        if isinstance(host, str) and host.replace(".", "").isdigit() and host.count(".") == 3:
            return [(("host",), f"expected a name, found the address {show(host)}")]
        return None

    return check


RULES: dict[str, Callable[..., Check]] = {
    "networking.excepts-inside": _excepts_inside,
    "networking.host": _host,
    "networking.ingress": _ingress,
    "networking.ingress-path": _ingress_path,
    "networking.port-range": _port_range,
}

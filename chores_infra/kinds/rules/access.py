"""Rules about who may do what: roles and their bindings.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra.kinds.problem import show
from chores_infra.kinds.rules.reading import Check, Found, objects

__all__ = ["RULES"]

_GROUP = "rbac.authorization.k8s.io"


def _policy_rule() -> Check:
    """Hold a rule to be about resources of API groups, or about URLs."""

    def check(rule: Any) -> Found | None:
        if rule.get("nonResourceURLs"):
            found: Found = [
                ((field,), "cannot be given with nonResourceURLs; write two rules")
                for field in ("apiGroups", "resources", "resourceNames")
                if rule.get(field)
            ]
            return found or None
        missing: Found = [
            (
                (field,),
                "required field is missing: the rule is about resources"
                + ('; the core group is ""' if field == "apiGroups" else ""),
            )
            for field in ("apiGroups", "resources")
            if not rule.get(field)
        ]
        return missing or None

    return check


def _no_urls() -> Check:
    def check(role: Any) -> Found | None:
        found: Found = [
            (("rules", index, "nonResourceURLs"), "is for a ClusterRole: URLs have no namespace")
            for index, rule in objects(role, "rules")
            if rule.get("nonResourceURLs")
        ]
        return found or None

    return check


def _subject() -> Check:
    def check(subject: Any) -> Found | None:
        wanted = {"ServiceAccount": "", "User": _GROUP, "Group": _GROUP}.get(subject.get("kind", ""))
        group = subject.get("apiGroup")
        if wanted is None or not isinstance(group, str) or group in (wanted, ""):
            return None
        expected = "no apiGroup" if wanted == "" else show(wanted)
        return [(("apiGroup",), f"expected {expected} for kind {subject['kind']}, found {show(group)}")]

    return check


RULES: dict[str, Callable[..., Check]] = {
    "access.no-urls": _no_urls,
    "access.policy-rule": _policy_rule,
    "access.subject": _subject,
}

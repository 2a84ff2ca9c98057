"""Values that became something else than they say, where no type tells that they were meant so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.errors import UnknownFieldError
from chores_infra.rendering.document import Surprise
from chores_infra.rendering.field_path import FieldPath
from chores_infra.rendering.surprises import MEANINGS

__all__ = ["ValueMisread"]

_MODE: Final = re.compile(r"(?i).*(?:mode|umask|permissions?|perms?|chmod)")
_SWITCH: Final = re.compile(
    r"(?:enabled?|disabled?|required?|is|has|use|allow|should|with|skip|create|install|force|auto|insecure)"
    r"(?:[A-Z_-].*)?|\w*(?:Enabled|Disabled|Required|Allowed)",
)
_VERSION: Final = re.compile(r"(?i).*(?:version|tag|release|revision)")


class ValueMisread(Rule):
    """A value that YAML reads as something else than it says.

    Without quotes `on`, `no` and `y` are booleans, `0755` is 493, `1e3` is 1000, and version `1.10` is 1.1.
    Where the type of a field is known, a wrong one is refused. In free values (those of a chart, or of a kind
    without a schema) nobody notices before the program reads them.
    """

    id = "value-misread"
    title = "A value is read as something else than it says"
    severity = Severity.WARNING
    help = "put it in quotes if the text is meant; otherwise write what it is read as"
    bad = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source:
    repoURL: https://charts.example.com
    chart: shop
    targetRevision: 1.4.2
    helm: {valuesObject: {image: {tag: 1.10}}}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""
    good = bad.replace("1.10", '"1.10"')

    def check(self, context: Context) -> Iterator[Hit]:
        """At each such value, unless the type or the name of its field says that it was meant."""
        for resource in context.repository.resources:
            for surprise in resource.document.surprises:
                path = surprise.path[len(resource.prefix) :]
                is_own = surprise.path[: len(resource.prefix)] == resource.prefix
                if is_own and _is_free(resource, path, surprise) and not _is_meant(path, surprise):
                    shown = _shown(surprise.value)
                    meaning = MEANINGS[surprise.kind]
                    message = f"{surprise.text} is {meaning}: it is read as {shown}"
                    yield Hit(resource, message, path)


def _is_free(resource: Resource, path: FieldPath, surprise: Surprise) -> bool:
    """Whether no schema says what the value has to be; an octal number is a slip in any number's place."""
    if resource.known is None:
        return path[:1] != ("metadata",)  # of which the API server says the same for every kind
    try:
        types = resource.known.field(path).types
    except UnknownFieldError:  # below a field that may hold anything, or refused with the schema
        return not any(path[: len(problem.path)] == problem.path for problem in resource.checked.problems)
    return "any" in types or (surprise.kind == "octal" and "integer" in types)


def _is_meant(path: FieldPath, surprise: Surprise) -> bool:
    """Whether the name of the field, or the value, says that it was meant as it is read."""
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    match surprise.kind:
        case "base-sixty":
            return True  # text to Kubernetes
        case "boolean-word":
            return _SWITCH.fullmatch(name) is not None
        case "octal" | "number-base":
            return _MODE.fullmatch(name) is not None
        case "decimals":
            # 1.0 and 0.50 are shares and factors; a version is text.
            return abs(surprise.value) <= 1 and _VERSION.fullmatch(name) is None
    return False


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if _is_short(value) else str(value)


def _is_short(value: Any) -> bool:
    return isinstance(value, float) and abs(value) < 1e6

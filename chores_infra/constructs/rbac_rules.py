"""What may be done: rules of roles, as value objects.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/#PolicyRule and
https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import Field

from chores_infra import kinds
from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import Items, Matching, PathSegment

__all__ = ["NonResourceRule", "PolicyRule"]

ApiGroup = Annotated[
    str,
    Matching(
        r"\*|(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)?",
        253,
        "an API group such as 'apps', without its version; '' is the core group",
    ),
]
ResourceName = Annotated[
    str,
    Matching(
        r"\*|(?:\*|[a-z][-a-z0-9.]*)(?:/(?:\*|[a-z][a-z0-9]*))?",
        253,
        "the plural of a resource in lower case, such as 'pods', or 'pods/log'",
    ),
]
Verb = Annotated[str, Matching(r"\*|[a-z]+", 63, "a verb in lower case, such as 'get'")]
Verbs = Annotated[Items[Verb], Field(min_length=1)]
Url = Annotated[
    str,
    Matching(r"\*|/[^\s*]*\*?", 2048, "a path such as '/metrics', with at most a '*' at its end"),
]

_VERBS = (
    *("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"),
    *("use", "bind", "escalate", "impersonate", "approve", "sign", "attest"),
)
#: What is done to an object before it has a name, or to many at once.
_WITHOUT_NAME = ("create", "deletecollection")


@value_object
class PolicyRule(Part):
    """What may be done with resources of the API: ``PolicyRule(resources=["pods"], verbs=["get", "list"])``.

    ``api_groups`` are without a version; ``""`` is the core group, which is meant unless others are given.
    ``resource_names`` leaves it at objects of these names. ``"*"`` in any of them stands for everything there
    is and will be; it takes ``wildcard=True``.
    """

    api_groups: Annotated[Items[ApiGroup], Field(min_length=1)] = ("",)
    resources: Annotated[Items[ResourceName], Field(min_length=1)]
    verbs: Verbs
    resource_names: Annotated[Items[PathSegment], Field(min_length=1)] | None = None
    wildcard: bool = False

    def check(self, problems: Problems) -> None:
        """Hold the rule to what the API has, and to what a name can be said of."""
        for argument in ("api_groups", "resources", "verbs"):
            _check_wildcards(argument, getattr(self, argument), problems, allowed=self.wildcard)
        _check_verbs(self.verbs, problems)
        for index, resource in enumerate(self.resources):
            # Those who are impersonated are no objects: users, groups.
            wrong = _resource_problem(resource.partition("/")[0], self.api_groups)
            if wrong is not None and "impersonate" not in self.verbs:
                problems.add(f"resources[{index}]", wrong)
        whole = [resource for resource in self.resources if "/" not in resource]
        for index, verb in enumerate(self.verbs):
            if self.resource_names is not None and whole and verb in _WITHOUT_NAME:
                message = (
                    f"{verb!r} of {whole[0]} is not asked by name; give it a rule without resource_names"
                )
                problems.add(f"verbs[{index}]", message)

    def fields(self) -> Manifest:
        """The rule, for the manifest."""
        fields = {
            "apiGroups": list(self.api_groups),
            "resources": list(self.resources),
            "resourceNames": self.resource_names,
            "verbs": list(self.verbs),
        }
        return present(fields)


@value_object
class NonResourceRule(Part):
    """What may be done with paths of the API server that are no resources: ``/healthz``, ``/metrics``.

    A ``*`` at the end of a path stands for everything below it. ``"*"`` alone takes ``wildcard=True``.
    """

    urls: Annotated[Items[Url], Field(min_length=1)]
    verbs: Verbs
    wildcard: bool = False

    def check(self, problems: Problems) -> None:
        """Everything at once is asked for."""
        for argument in ("urls", "verbs"):
            _check_wildcards(argument, getattr(self, argument), problems, allowed=self.wildcard)

    def fields(self) -> Manifest:
        """The rule, for the manifest."""
        return {"nonResourceURLs": list(self.urls), "verbs": list(self.verbs)}


def _check_wildcards(argument: str, values: Sequence[str], problems: Problems, *, allowed: bool) -> None:
    for index, value in enumerate(values):
        if not allowed and (value == "*" or value.startswith("*/")):
            problems.add(
                f"{argument}[{index}]",
                f"{value!r} is everything there is and will be; name what is needed, or give wildcard=True",
            )


def _check_verbs(verbs: Sequence[str], problems: Problems) -> None:
    """Note what is nearly a verb; others exist, in APIs that are not Kubernetes' own."""
    from difflib import get_close_matches

    for index, verb in enumerate(verbs):
        near = [] if verb in _VERBS else get_close_matches(verb, _VERBS, n=1, cutoff=0.75)
        if near:
            problems.add(f"verbs[{index}]", f"expected a verb, found {verb!r}; did you mean {near[0]!r}?")


class _Resources(NamedTuple):
    #: The groups in which there is a resource of this plural.
    groups: Mapping[str, set[str]]
    #: The plurals of kinds in lower case.
    plurals: Mapping[str, str]
    known_groups: set[str]


@cache
def _resources() -> _Resources:
    """The resources that the kinds know."""
    groups: dict[str, set[str]] = {}
    plurals = {}
    for kind in kinds.CATALOG.kinds():
        groups.setdefault(kind.plural, set()).add(kind.group)
        plurals[kind.kind.lower()] = kind.plural
    return _Resources(groups, plurals, {group for found in groups.values() for group in found})


def _resource_problem(resource: str, api_groups: Sequence[str]) -> str | None:
    """Why none of these groups has the resource, or None, also where that is not known."""
    known = _resources()
    if not known.known_groups.issuperset(api_groups):
        return None
    found = known.groups.get(resource)
    if found is None:
        plural = known.plurals.get(resource)
        return f"expected a plural, found {resource!r}; did you mean {plural!r}?" if plural else None
    if found.isdisjoint(api_groups):
        there = " or ".join(repr(group) for group in sorted(found))
        return f"{resource!r} is of the API group {there}; give it in api_groups"
    return None

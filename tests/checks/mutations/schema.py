"""Mistakes in single manifests, which the schema of their kind tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chores_infra import kinds
from chores_infra.checks.resources import Resource
from chores_infra.errors import UnknownFieldError
from chores_infra.kinds.fields import Field
from chores_infra.rendering.field_path import FieldPath
from tests.checks.mutations.ground import Ground
from tests.checks.mutations.mutation import Mutation, Remove, Set
from tests.kinds.mutations import places as fields_of

__all__ = ["identity_mistakes", "peer_mistakes", "schema_mistakes", "value_mistakes"]

_ENOUGH = 4
"""So many objects of a kind without a schema tell how it is spelled."""


def schema_mistakes(ground: Ground) -> Iterator[Mutation]:
    """A field renamed, of another type, at another level, left out, or with a value that it may not have."""
    for resource in ground.resources:
        if resource.known is None or resource.checked.problems:
            continue
        for path in fields_of(dict(resource.manifest)):
            if path[0] in {"apiVersion", "kind"} or len(path) < 2:
                continue
            around, known = _field(resource, path[:-1]), _field(resource, path)
            if known is None or around is None or "any" in (*around.types, *known.types):
                continue  # the kind takes anything there
            yield from _of_field(ground, resource, path, around, known)


def _of_field(
    ground: Ground, resource: Resource, path: FieldPath, around: Field, known: Field
) -> Iterator[Mutation]:
    value = resource.at(*path)
    above = ground.spot(resource, path[:-1])
    if around.types != ("map",):  # whose keys are the user's own
        yield ground.rename("field renamed", resource, path, ground.slip(str(path[-1])), above)
        grand = _field(resource, path[:-2]) if len(path) > 2 and isinstance(path[-2], str) else None
        if grand is not None and grand.types != ("map",) and "any" not in grand.types:
            yield from _moved(ground, resource, path, value)
    if known.required and around.types != ("map",):
        yield ground.remove("required field left out", resource, path)
    if len(known.values) > 0 and isinstance(value, str):
        yield ground.set("value that is none of the choices", resource, path, ground.slip(value))
    if isinstance(value, dict | list):
        yield ground.set("wrong type", resource, path, "text")
    elif isinstance(value, bool | int) and len(known.types) == 1:
        yield ground.set("wrong type", resource, path, [value])
    elif isinstance(value, str):
        yield ground.set("wrong type", resource, path, {"value": value})


def _moved(ground: Ground, resource: Resource, path: FieldPath, value: object) -> Iterator[Mutation]:
    """One level up, where the kind does not know it."""
    up = (*path[:-2], path[-1])
    if _field(resource, up) is None:
        old, new = ground.spot(resource, path), ground.spot(resource, up)
        yield Mutation(
            "field at another level", f"{resource} {path} moved up", (Remove(old), Set(new, value)), (new,)
        )


def identity_mistakes(ground: Ground) -> Iterator[Mutation]:
    """What a manifest is: its API version, its kind, its name and namespace."""
    for resource in ground.resources:
        if resource.known is None:
            continue
        version = resource.api_version
        kind = ground.spot(resource, ("kind",))
        group, slash, own = version.rpartition("/")
        wrong = f"{group}{slash}{own}beta9"
        yield ground.set("apiVersion of no kind", resource, ("apiVersion",), wrong, kind)
        if group:
            slip = f"{ground.slip(group)}{slash}{own}"
            yield ground.set("group of an apiVersion misspelt", resource, ("apiVersion",), slip, kind)
        at_version = ground.spot(resource, ("apiVersion",))
        yield ground.set("kind misspelt", resource, ("kind",), ground.slip(resource.kind), at_version)
        name = ("metadata", "name")
        if resource.at(*name):
            for illegal in (f"{resource.name}_1", f"{resource.name} 1", f"-{resource.name}"):
                if not resource.kind.startswith(("Role", "ClusterRole")):  # which take any text
                    yield ground.set("illegal name", resource, name, illegal)
        if not resource.namespaced and not resource.declared_namespace:
            namespace = ("metadata", "namespace")
            yield ground.set("cluster-scoped with a namespace", resource, namespace, "somewhere")


def peer_mistakes(ground: Ground) -> Iterator[Mutation]:
    """Slips in kinds of which no schema is known, where the repository has several of them."""
    kinds_of = Counter((each.api_version, each.kind) for each in ground.resources if each.known is None)
    users = Counter(
        (each.api_version, each.kind, _plain(path))
        for each in ground.resources
        for path in {_plain(path) for path in fields_of(dict(each.manifest))}
    )
    family = "kind without a schema"
    for resource in ground.resources:
        kind = (resource.api_version, resource.kind)
        if resource.known is not None or kinds_of[kind] < _ENOUGH:
            continue
        yield ground.set(f"{family}: kind misspelt", resource, ("kind",), ground.slip(resource.kind))
        group, slash, version = resource.api_version.rpartition("/")
        wrong = f"{ground.slip(group)}{slash}{version}"
        yield ground.set(f"{family}: group misspelt", resource, ("apiVersion",), wrong)
        for path in fields_of(dict(resource.manifest)):
            if path[0] != "spec" or len(path) < 2 or users[(*kind, _plain(path))] < _ENOUGH:
                continue
            above = ground.spot(resource, path[:-1])
            yield ground.rename(f"{family}: field renamed", resource, path, ground.slip(str(path[-1])), above)
            up = (*path[:-2], path[-1])
            if isinstance(path[-2], str) and len(path) > 2 and not users[(*kind, _plain(up))]:
                old, new = ground.spot(resource, path), ground.spot(resource, up)
                changes = (Remove(old), Set(new, resource.at(*path)))
                yield Mutation(f"{family}: field at another level", f"{resource} {path} up", changes, (new,))


def _plain(path: FieldPath) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def value_mistakes(ground: Ground) -> Iterator[Mutation]:
    """Text with a form of its own: quantities, durations, schedules, labels."""
    for resource in ground.resources:
        if resource.known is None:
            continue
        for path in fields_of(dict(resource.manifest)):
            value = resource.at(*path)
            if not isinstance(value, str | int) or isinstance(value, bool):
                continue
            parent = path[-2] if len(path) > 1 else ""
            if parent in {"requests", "limits", "capacity"} and path[-1] in {"cpu", "memory", "storage"}:
                for wrong in (f"{value}x", "lots", f"{value} Gi", "1GB"):
                    yield ground.set("quantity", resource, path, wrong)
            elif path[-1] == "schedule" and resource.kind == "CronJob":
                for wrong in (
                    "0 6 * *",
                    "61 6 * * *",
                    "0 25 * * *",
                    "every day",
                    "0 0 32 * *",
                    "* * * * foo",
                ):
                    yield ground.set("schedule", resource, path, wrong)
            elif path[-1] in {"refreshInterval", "duration", "renewBefore"}:
                for wrong in ("1 hour", "soon", "1hour", "h1"):
                    yield ground.set("duration", resource, path, wrong)
            elif parent in {"labels", "matchLabels"}:
                for wrong in ("two words", "-dash", "x" * 64, "a/b"):
                    yield ground.set("value of a label", resource, path, wrong)
                for key in ("two words", "a/b/c", f"{path[-1]}!"):
                    yield ground.rename("key of a label", resource, path, key)


def _field(resource: Resource, path: FieldPath) -> Field | None:
    kind = kinds.find(resource.api_version, resource.kind)
    try:
        return kind.field(path) if kind is not None else None
    except UnknownFieldError:
        return None

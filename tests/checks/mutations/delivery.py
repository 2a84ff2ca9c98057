"""Mistakes between applications, and in how they are delivered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chores_infra.checks.applications import ARGOCD
from chores_infra.checks.backstage import entities_in, entity_references, key_of
from chores_infra.checks.fields import at
from chores_infra.checks.pods import pods_of
from chores_infra.checks.resources import Resource
from tests.checks.mutations.ground import Ground
from tests.checks.mutations.mutation import Append, Mutation, Spot

__all__ = [
    "application_mistakes",
    "claim_mistakes",
    "entity_mistakes",
    "grant_mistakes",
    "image_mistakes",
    "namespace_mistakes",
]

_GATEWAY = "gateway.networking.k8s.io"


def application_mistakes(ground: Ground) -> Iterator[Mutation]:
    """The path, the finalizer and the destination of an Application."""
    for reading in ground.context.repository.readings:
        application, source = reading.application, reading.source
        resource = application.resource
        if application.generated or source.folder is None or not reading.files:
            continue
        path = (*source.field, "path")
        yield ground.set("Application: path changed", resource, path, ground.misspelt(str(source.folder)))
        finalizers = ("metadata", "finalizers")
        if resource.at(*finalizers):
            yield ground.remove("Application: finalizer removed", resource, finalizers)
        prune = ("spec", "syncPolicy", "automated", "prune")
        data = [
            ground.spot(each, ("metadata", "name"))
            for each in ground.resources
            if each.application is application and each.kind == "PersistentVolumeClaim"
        ]
        if data and not application.prunes and resource.at(*prune[:-1]) is not None:
            yield ground.set("Application: prunes data", resource, prune, True, *data)


def namespace_mistakes(ground: Ground) -> Iterator[Mutation]:
    """The namespace of an object, and where an Application puts its objects."""
    for application in ground.context.repository.applications:
        inside = {
            each.declared_namespace
            for each in ground.context.repository.resources
            if each.application is application and each.namespaced
        }
        if application.namespace and not application.generated and inside == {application.namespace}:
            at_destination = ("spec", "destination", "namespace")
            wrong = f"{application.namespace}x"
            yield ground.set(
                "namespace: of a destination changed", application.resource, at_destination, wrong
            )
    for resource in ground.resources:
        path = ("metadata", "namespace")
        if resource.declared_namespace and resource.known and resource.namespaced and resource.application:
            wrong = ground.misspelt(resource.declared_namespace)
            if resource.group != ARGOCD:
                yield ground.set("namespace: of an object changed", resource, path, wrong)


def image_mistakes(ground: Ground) -> Iterator[Mutation]:
    """A tag that floats, and a private image without the secret to pull it."""
    for resource in ground.resources:
        for pod in pods_of(resource):
            private = False
            for path, container in pod.containers("containers", "initContainers"):
                image = container.get("image")
                if not isinstance(image, str) or "@" in image or ":" not in image.rpartition("/")[2]:
                    continue
                name = image.rpartition(":")[0]
                private = private or ".dkr.ecr." in image
                for tag in ("", ":latest"):
                    if f"{name}{tag}" != image:
                        yield ground.set("image: floating tag", resource, (*path, "image"), f"{name}{tag}")
            secrets = pod.field("spec", "imagePullSecrets")
            if private and at(resource.manifest, *secrets):
                images = [ground.spot(resource, (*path, "image")) for path, _ in pod.containers("containers")]
                yield ground.remove("image: pull secret removed", resource, secrets, *images)


def claim_mistakes(ground: Ground) -> Iterator[Mutation]:
    """One identity, or one host and path, that is claimed twice."""
    for number, resource in enumerate(ground.resources):
        if resource.known is None or resource.prefix or not resource.name:
            continue
        name = Spot(resource.file, ground.spot(resource).number, ("metadata", "name"))
        if resource.application is not None:
            folder = resource.file.rpartition("/")[0]
            copy = f"{folder}/another-{number}.yaml"
            change = Append(copy, resource.manifest)
            again = Spot(copy, 0, ("metadata", "name"))
            yield Mutation("identity: claimed twice", f"{resource} twice", (change,), (again, name))
        if resource.kind in {"Ingress", "IngressRoute", "HTTPRoute"} and resource.application is not None:
            other = {**resource.manifest, "metadata": {**resource.manifest["metadata"], "name": "another"}}
            folder = resource.file.rpartition("/")[0]
            change = Append(f"{folder}/route-{number}.yaml", other)
            hosts = [Spot(change.file, 0, path) for path in _hosts(resource)]
            if hosts:
                what = f"the host of {resource} claimed by another"
                yield Mutation("host: claimed twice", what, (change,), tuple(hosts))


def entity_mistakes(ground: Ground) -> Iterator[Mutation]:
    """References between entities of the Backstage catalog, and the names of those that they mean."""
    entities = list(entities_in(ground.context.repository))
    by_key = {key_of(entity): entity for entity in entities}
    for entity in entities:
        for path, written, key, _ in entity_references(entity):
            meant = None if key is None else by_key.get(key)
            if meant is None:
                continue
            family = "entity of Backstage"
            yield ground.set(family, entity, path, f"{written}x")
            if any(each.kind == meant.kind and each is not meant for each in entities):
                renamed = ground.set(family, meant, ("metadata", "name"), f"{meant.name}-moved")
                yield renamed._replace(expected=(ground.spot(entity, path),))


def grant_mistakes(ground: Ground) -> Iterator[Mutation]:
    """A ReferenceGrant that is gone, or allows something else."""
    for grant in ground.context.repository.of_kind(_GATEWAY, "ReferenceGrant"):
        routes = [
            ground.spot(route, path)
            for route in ground.context.repository.of_kind(_GATEWAY, "HTTPRoute")
            for path, namespace in route.each("spec.rules[].backendRefs[].namespace")
            if namespace == grant.namespace
            and route.namespace in [item.get("namespace") for item in grant.at("spec", "from")]
        ]
        if not routes:
            continue
        yield ground.drop("ReferenceGrant", grant, *routes)
        for path, value in (
            (("spec", "from", 0, "namespace"), "elsewhere"),
            (("spec", "from", 0, "kind"), "GRPCRoute"),
            (("spec", "to", 0, "kind"), "Secret"),
            (("spec", "to", 0, "name"), "another"),
        ):
            yield ground.set("ReferenceGrant", grant, path, value, *routes)


def _hosts(resource: Resource) -> Iterator[Any]:
    for pattern in ("spec.rules[].host", "spec.hostnames[]", "spec.routes[].match"):
        for path, _ in resource.each(pattern):
            yield path

"""Images: those that move, and those that cannot be pulled."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.images import parse_image
from chores_infra.checks.pods import Pod, pods_of
from chores_infra.checks.repository import Identity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["FloatingTag", "PullSecretMissing", "TagFormat"]

_MOVING: Final = re.compile(
    r"(?i:latest|main|master|develop|dev|edge|nightly|stable|staging|production|prod|release|canary|beta|head|v?\d+)"
)

_VERSION: Final = re.compile(r"(?P<v>v?)\d+\.\d+.*")


class FloatingTag(Rule):
    """An image whose tag moves.

    `latest`, a branch or `v3` is another image tomorrow: pods of one Deployment run different programs, what
    ran yesterday cannot be brought back, and Git does not say what runs.
    """

    id = "floating-tag"
    title = "The tag of an image moves"
    severity = Severity.WARNING
    help = "use the tag of a full version, or add the digest (name:tag@sha256:...)"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers: [{name: shop, image: registry.example.com/shop:latest}]
"""
    good = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers: [{name: shop, image: registry.example.com/shop:1.4.2}]
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At each image without digest; one without tag means `latest`."""
        for resource in context.repository.resources:
            for pod in pods_of(resource):
                for path, container in pod.containers():
                    reference = text(container.get("image"))
                    image = parse_image(reference)
                    if not reference or image.digest or "{{" in reference:
                        continue
                    if not image.tag:
                        yield Hit(resource, f"{reference} has no tag, so it is :latest", (*path, "image"))
                    elif _MOVING.fullmatch(image.tag):
                        message = f"the tag {image.tag!r} of {image.repository} may be another image tomorrow"
                        yield Hit(resource, message, (*path, "image"))


class TagFormat(Rule):
    """A tag with another format than the other tags of the image.

    A registry has `1.4.2` or `v1.4.2`, as the pipeline that builds the image writes it, and seldom both.
    Where the repository uses one form everywhere else, the other one is a slip, and the pod waits in
    `ImagePullBackOff`.
    """

    id = "tag-format"
    title = "A tag is written in another format than the other tags of the image"
    severity = Severity.WARNING
    help = "write the tag as the others of this image are written, or make sure that the registry has it"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  initContainers: [{name: migrate, image: registry.example.com/shop:v1.4.2}]
  containers: [{name: shop, image: registry.example.com/shop:1.4.2}]
"""
    good = bad.replace(":v1", ":1")

    def check(self, context: Context) -> Iterator[Hit]:
        """At the tags of which there are fewer; at all of them where it is a draw."""
        used: dict[tuple[str, str], dict[bool, list[tuple[Resource, FieldPath, str]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for resource in context.repository.resources:
            for pod in pods_of(resource):
                for path, container in pod.containers():
                    image = parse_image(text(container.get("image")))
                    version = _VERSION.fullmatch(image.tag)
                    if version is not None:
                        forms = used[image.registry, image.repository]
                        forms[bool(version["v"])].append((resource, (*path, "image"), image.tag))
        for forms in used.values():
            for with_v, uses in forms.items():
                others = forms.get(not with_v, [])
                if others and len(uses) <= len(others):
                    for resource, path, tag in uses:
                        message = (
                            f"other tags of this image are written like {others[0][2]}, and this one {tag}"
                        )
                        yield Hit(resource, message, path)


class PullSecretMissing(Rule):
    """An image of a private registry, and no credentials to pull it.

    Other pods of the repository pull from the same registry with a secret, and this one has none: it waits in
    `ImagePullBackOff`, or starts only on nodes that have the image already.
    """

    id = "pull-secret-missing"
    title = "An image of a private registry has no pull secret"
    severity = Severity.WARNING
    help = "add imagePullSecrets to the pod or to its ServiceAccount, as the others of this registry have"
    bad = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  imagePullSecrets: [{name: registry}]
  containers: [{name: shop, image: registry.example.com/shop:1.4.2}]
---
apiVersion: v1
kind: Secret
metadata: {name: registry, namespace: shop}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: "{}"}
---
apiVersion: v1
kind: Pod
metadata: {name: worker, namespace: shop}
spec:
  containers: [{name: worker, image: registry.example.com/worker:1.4.2}]
"""
    good = (
        bad.removesuffix("""\
spec:
  containers: [{name: worker, image: registry.example.com/worker:1.4.2}]
""")
        + """\
spec:
  imagePullSecrets: [{name: registry}]
  containers: [{name: worker, image: registry.example.com/worker:1.4.2}]
"""
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """At the pod, where the secret would have to be named."""
        pods = [pod for resource in context.repository.resources for pod in pods_of(resource)]
        private = {registry for pod in pods if _has_secret(context, pod) for registry in _registries(pod)}
        # A pod with a secret may have images of a public registry beside its own; one that others pull from
        # without any is public.
        public = {"docker.io", "quay.io", "registry.k8s.io", "public.ecr.aws", "gcr.io", "mcr.microsoft.com"}
        for pod in pods:
            if _has_secret(context, pod):
                continue
            for path, container in pod.containers():
                registry = parse_image(text(container.get("image"))).registry
                if registry in private - public:
                    message = f"other pods pull from {registry} with a secret, and this one has none"
                    missing = pod.field("spec", "imagePullSecrets")
                    yield Hit(pod.owner, message, missing, at=(*path, "image"))
                    break


def _registries(pod: Pod) -> set[str]:
    return {parse_image(text(container.get("image"))).registry for _, container in pod.containers()}


def _has_secret(context: Context, pod: Pod) -> bool:
    """Whether the pod, or its ServiceAccount, has credentials; an unknown account may have some."""
    if items(pod.spec.get("imagePullSecrets")):
        return True
    name = text(pod.spec.get("serviceAccountName")) or "default"
    identity = Identity(pod.owner.cluster, "", "ServiceAccount", pod.owner.namespace, name)
    accounts = context.repository.by_identity.get(identity, ())
    return any(items(account.manifest.get("imagePullSecrets")) for account in accounts)

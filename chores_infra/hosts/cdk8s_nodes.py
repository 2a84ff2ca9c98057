"""The cdk8s side of our constructs: real Constructs, Charts and ApiObjects that answer for them.

Whatever cdk8s, or another library, does to one of these nodes either takes effect on our construct or is
refused; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import cdk8s
import constructs
import jsii

from chores_infra import kinds
from chores_infra.construct import Component, Construct, Manifest
from chores_infra.errors import HostError, ManifestError
from chores_infra.hosts.cdk8s_values import for_cdk8s
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["ComponentChart", "ComponentScope", "ObjectNode", "collecting"]


class ComponentScope(constructs.Construct):
    """A component inside a Chart."""

    def __init__(self, scope: constructs.Construct, id: str, construct: Construct) -> None:
        _create(self, scope, id)
        self.construct = construct


class ComponentChart(cdk8s.Chart):
    """A Chart for a construct that has none around it: cdk8s renders nothing outside of one."""

    def __init__(self, scope: constructs.Construct, id: str, construct: Construct) -> None:
        properties: dict[str, Any] = {}
        if isinstance(construct, Component):
            properties = {"namespace": construct.namespace, "labels": dict(construct.labels)}
        _create(self, scope, id, properties)
        self.construct = construct


class ObjectNode(cdk8s.ApiObject):
    """One of our Kubernetes objects. Its name is explicit, so cdk8s never makes one up from its path."""

    def __init__(self, scope: constructs.Construct, id: str, construct: KubernetesObject) -> None:
        properties = {
            "apiVersion": construct.api_version,
            "kind": construct.kind,
            "metadata": {"name": construct.name},
        }
        _create(self, scope, id, properties)
        self.construct = construct
        self._metadata: ObjectMetadata | None = None

    def to_json(self) -> Any:
        """Our manifest, when cdk8s asks for it; just the place in the order, when we ask cdk8s for that."""
        if _order is not None:
            _order.append(self.construct)
            return len(_order) - 1
        return for_cdk8s(valid_manifest(self.construct), self.construct.node.path)

    def add_json_patch(self, *ops: cdk8s.JsonPatch) -> None:  # noqa: ARG002  (cdk8s's signature)
        """Refuse: cdk8s would apply it to a manifest that is not the one we write.

        Raises:
            HostError: always.
        """
        raise HostError(
            f"{self.construct.node.path}: JSON patches do not reach this object; use its construct's "
            "`patch({...})`, a JSON merge patch"
        )

    @property
    def metadata(self) -> cdk8s.ApiObjectMetadataDefinition:
        """The metadata of our construct, which edits go to. Made when somebody asks for it."""
        if self._metadata is None:
            self._metadata = ObjectMetadata(self)
        return self._metadata


class ObjectMetadata(cdk8s.ApiObjectMetadataDefinition):
    """The metadata of one of our objects: what is added to it, our construct gets as a patch."""

    def __init__(self, node: ObjectNode) -> None:
        self._construct = node.construct
        metadata = node.construct.manifest["metadata"]
        super().__init__(
            api_object=node,
            name=metadata["name"],
            namespace=metadata.get("namespace"),
            labels=metadata.get("labels"),
            annotations=metadata.get("annotations"),
            finalizers=metadata.get("finalizers"),
        )

    def add_label(self, key: str, value: str) -> None:
        """Add a label to our construct, and to what cdk8s reads."""
        self._patch({"labels": {key: value}})
        super().add_label(key, value)

    def add_annotation(self, key: str, value: str) -> None:
        """Add an annotation to our construct, and to what cdk8s reads."""
        self._patch({"annotations": {key: value}})
        super().add_annotation(key, value)

    def add_finalizers(self, *finalizers: str) -> None:
        """Add finalizers to our construct, and to what cdk8s reads."""
        present = self._construct.manifest["metadata"].get("finalizers", [])
        self._patch({"finalizers": [*present, *finalizers]})
        super().add_finalizers(*finalizers)

    def add_owner_reference(
        self,
        *,
        api_version: str,  # noqa: ARG002
        kind: str,
        name: str,
        uid: str,  # noqa: ARG002
        block_owner_deletion: bool | None = None,  # noqa: ARG002  (cdk8s's signature)
        controller: bool | None = None,  # noqa: ARG002
    ) -> None:
        """Refuse: an owner is named by the uid of a live object, which no file in Git can know.

        Raises:
            HostError: always.
        """
        raise HostError(
            f"{self._construct.node.path}: owner references need the uid of a live object and cannot be "
            f"rendered into Git; {kind} {name!r} has to be set by its controller"
        )

    def add(self, key: str, value: Any) -> None:
        """Add any other field to our construct's metadata, and to what cdk8s reads."""
        self._patch({key: value})
        super().add(key, value)

    def _patch(self, changes: Mapping[str, Any]) -> None:
        self._construct.patch({"metadata": dict(changes)})


def valid_manifest(construct: KubernetesObject) -> Manifest:
    """The manifest that cdk8s is about to write: held to its kind, as everything is that we write ourselves.

    Raises:
        ManifestError: with every problem. A kind that is not known is taken as it is.
    """
    manifest = construct.manifest
    if kinds.find(construct.api_version, construct.kind) is not None:
        problems = kinds.validate(manifest)
        if problems:
            place = f"{construct.node.path} ({construct.kind} {construct.name})"
            raise ManifestError([f"{place}: {problem}" for problem in problems])
    return manifest


def _create(node: Any, *arguments: Any) -> None:
    """What the generated constructors do, but for their type checks: typeguard takes 40 ms to import."""
    jsii.create(type(node), node, list(arguments))


#: While we ask cdk8s for the order of things: our objects as cdk8s comes to them.
_order: list[KubernetesObject] | None = None


@contextmanager
def collecting() -> Iterator[list[KubernetesObject]]:
    """Let our nodes answer ``to_json`` with their index in the list that this gives, not with manifests."""
    global _order  # noqa: PLW0603  (jsii calls `to_json` without arguments, and serves one thread)
    before, _order = _order, []
    try:
        yield _order
    finally:
        _order = before

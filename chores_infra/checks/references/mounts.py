"""Single files of a ConfigMap or Secret that a container mounts: ``subPath`` names a key of the volume."""

from __future__ import annotations

from collections.abc import Iterator

from chores_infra.checks.fields import items, mapping, text
from chores_infra.checks.pods import Pod
from chores_infra.checks.references.reference import Part, Reference
from chores_infra.checks.references.targets import CONFIG_MAP, SECRET

__all__ = ["mount_references"]


def mount_references(pod: Pod) -> Iterator[Reference]:
    """The keys that mounts with a ``subPath`` use; the path of the reference is the mount's."""
    volumes = {
        text(mapping(volume).get("name")): mapping(volume) for volume in items(pod.spec.get("volumes"))
    }
    for path, container in pod.containers():
        for number, mount in enumerate(items(container.get("volumeMounts"))):
            key = text(mapping(mount).get("subPath"))
            volume = volumes.get(text(mapping(mount).get("name")))
            if not key or "/" in key or volume is None:
                continue
            for field, name_field, target in (
                ("configMap", "name", CONFIG_MAP),
                ("secret", "secretName", SECRET),
            ):
                source = mapping(volume.get(field))
                name = text(source.get(name_field))
                if name and not source.get("items"):
                    at_key = (*path, "volumeMounts", number, "subPath")
                    yield Reference(
                        pod.owner,
                        at_key,
                        target,
                        name,
                        pod.owner.namespace,
                        keys=(Part(at_key, key),),
                        optional=source.get("optional") is True,
                    )

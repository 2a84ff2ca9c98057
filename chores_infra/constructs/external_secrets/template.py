"""How the Secret is put together from the values, where it is not simply one key per value.

Source: https://external-secrets.io/latest/guides/templating/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import ConfigMap, MakesSecret, Secret, key_problem
from chores_infra.constructs.references import secret_of
from chores_infra.fields import Annotations, DataKey, Items, Labels, Pairs, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["Template", "TemplateFrom"]


@value_object
class TemplateFrom:
    """Templates in keys of a ConfigMap or Secret, or ``literal`` text that yields several keys.

    With ``template_as="KeysAndValues"`` the templates yield keys as well as values.
    """

    source: ConfigMap | Secret | MakesSecret | None = None
    keys: Annotated[Items[DataKey], Field(min_length=1)] | None = None
    template_as: Literal["Values", "KeysAndValues"] | None = None
    literal: Text | None = None
    target: Literal["Data", "Annotations", "Labels"] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no origin and two, and keys that the ConfigMap or Secret does not have."""
        if (self.source is None) == (self.literal is None):
            problems.add("source", "give exactly one of source and literal")
        if (self.source is None) != (self.keys is None):
            problems.add("keys", "source and keys go together")
        for index, key in enumerate(self.keys or ()):
            wrong = None if self.source is None else key_problem(self.source, key)
            if wrong is not None:
                problems.add(f"keys[{index}]", wrong)

    def fields(self) -> Manifest:
        """One item of ``templateFrom``."""
        fields: Manifest = {}
        if self.target is not None:
            fields["target"] = self.target
        if self.literal is not None:
            return {**fields, "literal": self.literal}
        items: list[Manifest] = [{"key": key} for key in self.keys or ()]
        if self.template_as is not None:
            items = [{**item, "templateAs": self.template_as} for item in items]
        if isinstance(self.source, ConfigMap):
            return {**fields, "configMap": {"name": self.source.name, "items": items}}
        assert self.source is not None  # noqa: S101  (check() has seen to it)
        return {**fields, "secret": {"name": secret_of(self.source).name, "items": items}}


@value_object
class Template:
    """The Secret's type, metadata and content; ``data`` are Go templates over the values.

    ``Template(data={"url": "mysql://{{ .username }}:{{ .password }}@db"})``. The values themselves become
    keys only with ``merge_policy="Merge"``, or without ``data`` and ``template_from``.
    """

    type: Text | None = None
    data: Pairs[DataKey, str] | None = None
    template_from: Items[TemplateFrom] = ()
    merge_policy: Literal["Replace", "Merge"] | None = None
    engine_version: Literal["v2"] | None = None
    labels: Labels | None = None
    annotations: Annotations | None = None

    def keys(self, values: frozenset[str]) -> frozenset[str] | None:
        """The keys of the Secret, given those of the values; None where they cannot be known."""
        if self.template_from:
            return None
        if self.data is None or self.merge_policy == "Merge":
            return values | frozenset(self.data or ())
        return frozenset(self.data)

    def unknown_values(self, values: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Values that the templates use and that are not there, each with the key of its template."""
        for key, template in (self.data or {}).items():
            for name in _used_values(template):
                if name not in values:
                    yield key, name

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """The ConfigMaps and Secrets that templates are read from, by argument."""
        for index, template in enumerate(self.template_from):
            if template.source is not None:
                yield f"template_from[{index}].source", template.source

    def fields(self) -> Manifest:
        """``target.template``."""
        fields: Manifest = {}
        if self.type is not None:
            fields["type"] = self.type
        if self.engine_version is not None:
            fields["engineVersion"] = self.engine_version
        if self.merge_policy is not None:
            fields["mergePolicy"] = self.merge_policy
        metadata: Manifest = {}
        if self.labels is not None:
            metadata["labels"] = dict(self.labels)
        if self.annotations is not None:
            metadata["annotations"] = dict(self.annotations)
        if metadata:
            fields["metadata"] = metadata
        if self.data is not None:
            fields["data"] = dict(self.data)
        if self.template_from:
            fields["templateFrom"] = [template.fields() for template in self.template_from]
        return fields


_ACTION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|/\*.*?\*/', re.DOTALL)
_VALUE = re.compile(r"(?<![\w.$)\]])\.([A-Za-z_]\w*)")
_MOVES_THE_DOT = re.compile(r"\s*-?\s*(?:range|with|define|block|template)\b")


def _used_values(template: str) -> list[str]:
    """The values that a template names as ``.name``; none where the meaning of the dot changes inside it."""
    actions = [_TEXT.sub('""', action) for action in _ACTION.findall(template)]
    if any(_MOVES_THE_DOT.match(action) for action in actions):
        return []
    return [name for action in actions for name in _VALUE.findall(action)]

"""Entities of the Backstage catalog that refer to what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from chores_infra.checks.backstage import Key, entities_in, entity_references, key_of
from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.rule import Hit, Rule

__all__ = ["EntityMissing"]


class EntityMissing(Rule):
    """A reference in the Backstage catalog that leads to no entity.

    The catalog takes it and shows a broken relation: a component without an owner or a system, an API that
    nobody provides. A reference is `[kind:][namespace/]name`; the field says the kind, except for
    `dependsOn`. Entities may be registered elsewhere, so this is certain only for what is no reference.
    """

    id = "entity-missing"
    title = "A Backstage entity refers to one that is not there"
    severity = Severity.WARNING
    help = "correct the reference, add the entity, or accept it if the entity is registered elsewhere"
    bad = """\
# file: catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: sales}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: sales}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop-web}
spec: {type: service, lifecycle: production, owner: sales, system: shopp}
"""
    good = bad.replace("shopp", "shop")

    def check(self, context: Context) -> Iterator[Hit]:
        """A warning where the repository has entities of the kind, else an info."""
        entities = list(entities_in(context.repository))
        known = {key_of(entity) for entity in entities}
        kinds = {kind for kind, _, _ in known}
        for entity in entities:
            for path, written, key, problem in entity_references(entity):
                if key is None:
                    yield Hit(entity, f"{written!r} {problem}", path)
                elif key not in known:
                    severity = None if key[0] in kinds else Severity.INFO
                    message = f"there is no {_shown(key)} in the repository{_near(key, known)}"
                    yield Hit(entity, message, path, severity=severity)


def _shown(key: Key) -> str:
    kind, namespace, name = key
    return f"{kind}:{namespace}/{name}"


def _near(key: Key, known: set[Key]) -> str:
    """The entity of the kind that was most likely meant."""
    from difflib import get_close_matches

    of_kind = {_shown(each): each for each in known if each[0] == key[0]}
    elsewhere = [shown for shown, each in of_kind.items() if each[2] == key[2]]
    found = elsewhere or get_close_matches(_shown(key), sorted(of_kind), 1, 0.8)
    return f"; did you mean {found[0]}?" if found else ""

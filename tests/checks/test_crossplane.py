"""References of managed resources whose definitions are the repository's own, or given beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.checks.references import references_of
from chores_infra.checks.run import context_of
from chores_infra.checks.settings import Settings

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: KINDs.rds.example.crossplane.io}
spec:
  group: rds.example.crossplane.io
  names: {kind: KIND, plural: PLURAL}
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
OBJECTS = """\
apiVersion: rds.example.crossplane.io/v1
kind: DBInstance
metadata: {name: shop}
---
apiVersion: rds.example.crossplane.io/v1
kind: Snapshot
metadata: {name: shop}
spec: {forProvider: {dbInstanceRef: {name: shop}, vaultRef: {name: safe}}}
"""


@pytest.mark.parametrize("is_own", [True, False])
def test_the_kind_that_a_field_means_is_spelled_as_its_definition_does(tmp_path: Path, is_own: bool) -> None:
    tree, definitions = tmp_path / "tree", tmp_path / "definitions.yaml"
    tree.mkdir()
    (tree / "objects.yaml").write_text(OBJECTS)
    (tree / "definitions.yaml" if is_own else definitions).write_text(
        "---\n".join(
            DEFINITION.replace("KINDs", plural).replace("PLURAL", plural).replace("KIND", kind)
            for kind, plural in (("DBInstance", "dbinstances"), ("Snapshot", "snapshots"))
        )
    )
    context = context_of([tree], settings=Settings(), crds=[] if is_own else [definitions])
    (snapshot,) = context.repository.of_kind("rds.example.crossplane.io", "Snapshot")

    # Of a kind that nothing defines, the convention tells.
    assert [str(each) for each in references_of(snapshot)] == ["DBInstance/shop", "Vault/safe"]

"""References of managed resources whose definitions are the repository's own, or given beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.loading import from_texts
from chores_infra.checks.references import references_of
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.run import context_of
from chores_infra.checks.settings import Settings
from chores_infra.checks.validation import validate

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


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: shop}
  destination: {namespace: shop}
"""
ACCOUNT = """\
apiVersion: mysql.sql.crossplane.io/v1alpha1
kind: User
metadata: {name: shop, annotations: {crossplane.io/external-name: shop_web}}
spec: {forProvider: {}}
---
apiVersion: mysql.sql.crossplane.io/v1alpha1
kind: Grant
metadata: {name: shop}
spec: {forProvider: {user: USER, database: DATABASE, privileges: [ALL]}}
"""


@pytest.mark.parametrize(
    ("user", "database", "found"),
    [
        ("shop", "anything", []),  # the repository has no Database, so they are made elsewhere
        ("shop_web", "'*'", []),
        ("shopp", "'*'", ["spec.forProvider.user"]),
        ("reports", "'*'", ["spec.forProvider.user"]),
    ],
)
def test_a_grant_names_an_account_that_there_is(user: str, database: str, found: list[str]) -> None:
    account = ACCOUNT.replace("USER", user).replace("DATABASE", database)
    context = Context(from_texts({"apps/shop.yaml": APPLICATION, "shop/account.yaml": account}))

    findings = validate(context, built_in_rules()).findings

    assert [each.path for each in findings if each.rule == "reference-missing"] == found

"""The objects that every peer has to render."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from objects import expected, fleet, values

SHARED = os.environ.get("CHORES_INFRA_SHARED")


@pytest.mark.skipif(SHARED is None, reason="CHORES_INFRA_SHARED does not say where the seed document is")
def test_one_app_is_what_the_seed_document_shows() -> None:
    document = Path(SHARED or "", "seed", "gitops-deployment-analysis.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", document, re.DOTALL)
    shown = [yaml.safe_load(block) for block in blocks]

    assert len(shown) == 6
    assert [manifest for manifest in expected(1) if manifest in shown] == [
        manifest for manifest in expected(1) if "crossplane" not in manifest["apiVersion"]
    ]


def test_crossplane_objects_are_cluster_scoped_and_go_together() -> None:
    database, user, grant = (found for found in expected(1) if "crossplane" in found["apiVersion"])

    assert [found["metadata"] for found in (database, user)] == [
        {"name": "chores-db"},
        {"name": "chores-user"},
    ]
    assert user["spec"]["forProvider"]["passwordSecretRef"] == {
        "name": "chores-tracker-secrets",
        "key": "DB_PASSWORD",
        "namespace": "chores-tracker",
    }
    assert grant["spec"]["forProvider"] == {
        "user": "chores-user",
        "privileges": ["ALL"],
        "database": "chores-db",
    }


def test_every_object_of_many_apps_has_a_name_of_its_own() -> None:
    names = [
        (manifest["kind"], manifest["metadata"].get("namespace"), manifest["metadata"]["name"])
        for manifest in expected(50)
    ]

    assert len(names) == len(set(names)) == 9 * 50
    # Not even with the namespaces left out: cluster-scoped objects have none.
    assert len({(kind, name) for kind, _, name in names}) == 9 * 50


def test_the_data_of_the_peers_names_every_app() -> None:
    assert [app["name"] for app in values(3)["apps"]] == [names.name for names in fleet(3)]

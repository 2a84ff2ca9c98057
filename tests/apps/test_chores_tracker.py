"""The reference application says what the seed document says."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from chores_infra.app import Target
from chores_infra.apps.chores_tracker import ChoresTracker, ChoresTrackerConfiguration
from chores_infra.environments import Environment
from chores_infra.synthesis import render
from chores_infra.versions import Version

FOLDER = PurePosixPath("base-apps/chores-tracker")


def target(environment: Environment = Environment.PRODUCTION, version: str = "v3.0.0") -> Target:
    release = Version.parse(version)
    return Target(environment, release, ChoresTracker.tag_format.tag(release))


def manifests(environment: Environment = Environment.PRODUCTION) -> dict[str, list[dict[str, Any]]]:
    files = render(ChoresTracker, target(environment)).files
    return {str(path): list(yaml.safe_load_all(text)) for path, text in files.items()}


@pytest.fixture(scope="module")
def seed(shared: Path) -> list[dict[str, Any]]:
    """Every manifest that the seed document shows."""
    text = (shared / "seed" / "gitops-deployment-analysis.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("base-apps/chores-tracker.yaml", "Application"),
        ("base-apps/chores-tracker/deployments.yaml", "Deployment"),
        ("base-apps/chores-tracker/configmaps.yaml", "ConfigMap"),
        ("base-apps/chores-tracker/external_secrets.yaml", "ExternalSecret"),
        ("base-apps/chores-tracker/services.yaml", "Service"),
        ("base-apps/chores-tracker/ingress.yaml", "IngressRoute"),
    ],
)
def test_production_is_what_the_seed_document_shows(seed: list[dict[str, Any]], file: str, kind: str) -> None:
    shown = [manifest for manifest in seed if manifest["kind"] == kind]
    assert len(shown) == 1
    # `repr` tells 1 from "1" and from True, which `==` does not always.
    assert repr(in_order(manifests()[file])) == repr(in_order(shown))


def in_order(value: Any) -> Any:
    """The value with the keys of mappings sorted: their order carries no meaning."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    return [in_order(item) for item in value] if isinstance(value, list) else value


def test_the_database_is_the_one_that_the_seed_document_names() -> None:
    database, user, grant = manifests()["base-apps/chores-tracker/crossplane_resources.yaml"]
    provider = {"providerConfigRef": {"name": "mysql-provider"}}
    password = {"name": "chores-tracker-secrets", "namespace": "chores-tracker", "key": "DB_PASSWORD"}
    mysql = "mysql.sql.crossplane.io/v1alpha1"
    assert database == {
        "apiVersion": mysql,
        "kind": "Database",
        "metadata": {"name": "chores-db"},
        "spec": {"forProvider": {}, **provider},
    }
    assert user == {
        "apiVersion": mysql,
        "kind": "User",
        "metadata": {"name": "chores-user"},
        "spec": {"forProvider": {"passwordSecretRef": password}, **provider},
    }
    assert grant == {
        "apiVersion": mysql,
        "kind": "Grant",
        "metadata": {"name": "chores-db-grant"},
        "spec": {
            "forProvider": {"user": "chores-user", "database": "chores-db", "privileges": ["ALL"]},
            **provider,
        },
    }


def test_nothing_else_is_written() -> None:
    names = ["deployments", "configmaps", "external_secrets", "services", "ingress", "crossplane_resources"]
    assert set(render(ChoresTracker, target()).files) == {
        PurePosixPath("base-apps/chores-tracker.yaml"),
        *(FOLDER / f"{name}.yaml" for name in names),
    }


@pytest.mark.parametrize("environment", [Environment.STAGING, Environment.DEVELOPMENT])
def test_no_environment_shares_an_object_or_a_file_with_another(environment: Environment) -> None:
    def identities(files: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str, str]]:
        return {
            (m["kind"], m["metadata"].get("namespace", ""), m["metadata"]["name"])
            for documents in files.values()
            for m in documents
        }

    production, other = manifests(), manifests(environment)
    assert not identities(production) & identities(other)
    assert not set(production) & set(other)
    assert all(path.startswith(f"base-apps/chores-tracker-{environment}") for path in other)


def test_an_environment_has_its_own_host_settings_and_secrets() -> None:
    files = manifests(Environment.STAGING)
    folder = "base-apps/chores-tracker-staging"
    settings = files[f"{folder}/configmaps.yaml"][0]["data"]
    route = files[f"{folder}/ingress.yaml"][0]["spec"]["routes"][0]["match"]
    keys = {
        entry["remoteRef"]["key"] for entry in files[f"{folder}/external_secrets.yaml"][0]["spec"]["data"]
    }
    application = files["base-apps/chores-tracker-staging.yaml"][0]
    assert settings["ENVIRONMENT"] == "staging"
    assert settings["BACKEND_CORS_ORIGINS"] == "https://chores-staging.arigsela.com"
    assert route == "Host(`chores-staging.arigsela.com`)"
    assert keys == {"chores-tracker-staging"}
    assert application["metadata"]["name"] == "chores-tracker-staging"
    assert application["spec"]["source"]["path"] == folder
    assert application["spec"]["destination"]["namespace"] == "chores-tracker-staging"


def test_a_new_version_changes_the_image_line_alone() -> None:
    before = render(ChoresTracker, target(version="v3.0.0")).files
    after = render(ChoresTracker, target(version="v3.1.0")).files
    changed = [
        (old, new)
        for path in before
        for old, new in zip(before[path].splitlines(), after[path].splitlines(), strict=True)
        if old != new
    ]
    image = "        image: 852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"
    assert changed == [(f"{image}:3.0.0", f"{image}:3.1.0")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"replicas": "1"},
        {"replicas": -1},
        {"host": "https://chores.arigsela.com"},
        {"port": 0},
        {"health_path": "api"},
        {"colour": "blue"},
    ],
)
def test_the_configuration_is_strict(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ChoresTrackerConfiguration(target=target(), **wrong)


@pytest.mark.parametrize("environment", list(Environment))
@pytest.mark.parametrize("version", ["v3.0.0", "v3.1.0"])
def test_the_rendered_tree(environment: Environment, version: str, snapshot: SnapshotAssertion) -> None:
    """Renew with: make test ARGS="tests/apps --snapshot-update"."""
    files = render(ChoresTracker, target(environment, version)).files
    assert "".join(f"### {path}\n{text}" for path, text in files.items()) == snapshot

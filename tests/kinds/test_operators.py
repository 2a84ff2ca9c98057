"""Which release serves what; expected values are the operators' release notes."""

from __future__ import annotations

import pytest

from chores_infra.errors import ConfigurationError
from chores_infra.kinds import CATALOG
from chores_infra.kinds.operators import default_releases, served


@pytest.mark.parametrize(
    ("api_version", "operator", "release", "status"),
    [
        # https://github.com/external-secrets/external-secrets/releases/tag/v0.17.0
        ("external-secrets.io/v1beta1", "external-secrets", "0.11.0", "served"),
        ("external-secrets.io/v1beta1", "external-secrets", "v0.16.2", "deprecated"),
        ("external-secrets.io/v1beta1", "external-secrets", "0.17.0", "removed"),
        ("external-secrets.io/v1beta1", "external-secrets", "2.9.0", "removed"),
        ("external-secrets.io/v1", "external-secrets", "0.15.1", "not yet"),
        ("external-secrets.io/v1", "external-secrets", "0.16.0", "served"),
        # https://doc.traefik.io/traefik/v2.10/deprecation/features/
        ("traefik.containo.us/v1alpha1", "traefik", "2.9", "served"),
        ("traefik.containo.us/v1alpha1", "traefik", "2.11.53", "deprecated"),
        ("traefik.containo.us/v1alpha1", "traefik", "v3.0.0", "removed"),
        ("traefik.io/v1alpha1", "traefik", "2.9.10", "not yet"),
        ("traefik.io/v1alpha1", "traefik", "3", "served"),
        ("mysql.sql.m.crossplane.io/v1alpha1", "provider-sql", "0.12.0", "not yet"),
        ("mysql.sql.m.crossplane.io/v1alpha1", "provider-sql", "0.13.0", "served"),
    ],
)
def test_status(api_version: str, operator: str, release: str, status: str) -> None:
    support = served(api_version, {operator: release})
    assert support is not None
    assert (support.operator, support.release, support.status) == (operator, release, status)
    assert support.is_served is (status in {"served", "deprecated"})


@pytest.mark.parametrize(
    "api_version",
    [
        "external-secrets.io/v1beta1",
        "traefik.containo.us/v1alpha1",
        "argoproj.io/v1alpha1",
        "mysql.sql.crossplane.io/v1alpha1",
    ],
)
def test_the_defaults_serve_what_the_seed_uses(api_version: str) -> None:
    support = served(api_version)
    assert support is not None
    assert support.is_served


def test_the_message_names_the_way_out() -> None:
    support = served("external-secrets.io/v1beta1", {"external-secrets": "0.17.0"})
    assert support is not None
    assert support.message == (
        "external-secrets.io/v1beta1 is no longer served since External Secrets Operator 0.17.0 "
        "(configured: 0.17.0); use external-secrets.io/v1"
    )
    assert support.instead == "external-secrets.io/v1"


def test_built_in_groups_have_no_operator() -> None:
    assert served("apps/v1") is None


def test_every_default_can_be_asked_for() -> None:
    assert set(default_releases()) == {"external-secrets", "traefik", "argo-cd", "provider-sql"}
    known = {kind.api_version for kind in CATALOG.kinds()}
    assert {"traefik.io/v1alpha1", "external-secrets.io/v1"} <= known


@pytest.mark.parametrize("operators", [{"traefic": "2.0.0"}, {"traefik": "latest"}, {"traefik": ""}])
def test_a_configuration_that_means_nothing(operators: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        served("traefik.io/v1alpha1", operators)

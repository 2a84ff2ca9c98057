"""External Secrets: Secrets that the operator makes from Vault and other stores.

Two API versions: ``external-secrets.io/v1beta1`` (served up to release 0.16) and ``external-secrets.io/v1``.

Source: https://external-secrets.io/latest/api/externalsecret/ and the CRDs of the project,
https://github.com/external-secrets/external-secrets, ``config/crds/bases``; what its webhooks refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chores_infra.constructs.external_secrets.data import DataFrom, VaultKey
from chores_infra.constructs.external_secrets.external_secret import ExternalSecret
from chores_infra.constructs.external_secrets.stores import ClusterSecretStore, Provider, SecretStore

if TYPE_CHECKING:
    from chores_infra.constructs.external_secrets.data_from import (
        Extract,
        Find,
        Generator,
        Rewrite,
        RewriteRegexp,
        RewriteTransform,
    )
    from chores_infra.constructs.external_secrets.template import Template, TemplateFrom
    from chores_infra.constructs.external_secrets.vault import (
        AppRoleAuth,
        CAProvider,
        KubernetesAuth,
        TokenAuth,
        Vault,
        VaultAuth,
    )

__all__ = [
    "AppRoleAuth",
    "CAProvider",
    "ClusterSecretStore",
    "DataFrom",
    "ExternalSecret",
    "Extract",
    "Find",
    "Generator",
    "KubernetesAuth",
    "Provider",
    "Rewrite",
    "RewriteRegexp",
    "RewriteTransform",
    "SecretStore",
    "Template",
    "TemplateFrom",
    "TokenAuth",
    "Vault",
    "VaultAuth",
    "VaultKey",
]

_LAZY = {
    "data_from": {"Extract", "Find", "Generator", "Rewrite", "RewriteRegexp", "RewriteTransform"},
    "template": {"Template", "TemplateFrom"},
    "vault": {"AppRoleAuth", "CAProvider", "KubernetesAuth", "TokenAuth", "Vault", "VaultAuth"},
}


def __getattr__(name: str) -> Any:
    """Import what most programs do not use when it is asked for."""
    for module, names in _LAZY.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

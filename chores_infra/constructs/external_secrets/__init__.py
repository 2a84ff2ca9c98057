"""External Secrets: Secrets that the operator makes from Vault and other stores.

Two API versions: ``external-secrets.io/v1beta1`` (served up to release 0.16) and ``external-secrets.io/v1``.

Source: https://external-secrets.io/latest/api/externalsecret/ and the CRDs of the project,
https://github.com/external-secrets/external-secrets, ``config/crds/bases``; what its webhooks refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.external_secrets.data import (
    DataFrom,
    Extract,
    Find,
    Generator,
    Rewrite,
    RewriteRegexp,
    RewriteTransform,
    VaultKey,
)
from chores_infra.constructs.external_secrets.external_secret import (
    ExternalSecret,
)
from chores_infra.constructs.external_secrets.stores import (
    ClusterSecretStore,
    Condition,
    Provider,
    RetrySettings,
    SecretStore,
)
from chores_infra.constructs.external_secrets.template import (
    Template,
    TemplateFrom,
)
from chores_infra.constructs.lazily import lazily

if TYPE_CHECKING:
    from chores_infra.constructs.external_secrets.vault import (
        Vault,
    )
    from chores_infra.constructs.external_secrets.vault_auth import (
        AppRoleAuth,
        CertAuth,
        JwtAuth,
        KubernetesAuth,
        LdapAuth,
        TokenAuth,
        UserPassAuth,
        VaultAuth,
    )
    from chores_infra.constructs.external_secrets.vault_clouds import (
        GcpAuth,
        GcpWorkloadIdentity,
        IamAuth,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "vault": ["Vault"],
            "vault_auth": [
                "AppRoleAuth",
                "CertAuth",
                "JwtAuth",
                "KubernetesAuth",
                "LdapAuth",
                "TokenAuth",
                "UserPassAuth",
                "VaultAuth",
            ],
            "vault_clouds": ["GcpAuth", "GcpWorkloadIdentity", "IamAuth"],
        },
    )

__all__ = [
    "AppRoleAuth",
    "CertAuth",
    "ClusterSecretStore",
    "Condition",
    "DataFrom",
    "ExternalSecret",
    "Extract",
    "Find",
    "GcpAuth",
    "GcpWorkloadIdentity",
    "Generator",
    "IamAuth",
    "JwtAuth",
    "KubernetesAuth",
    "LdapAuth",
    "Provider",
    "RetrySettings",
    "Rewrite",
    "RewriteRegexp",
    "RewriteTransform",
    "SecretStore",
    "Template",
    "TemplateFrom",
    "TokenAuth",
    "UserPassAuth",
    "Vault",
    "VaultAuth",
    "VaultKey",
]

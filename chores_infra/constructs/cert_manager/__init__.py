"""cert-manager: certificates that are signed, renewed and kept in Secrets, and who signs them.

Source: https://cert-manager.io/docs/reference/api-docs/, the CRDs of release 1.21
(https://github.com/cert-manager/cert-manager, ``deploy/crds``), and what its webhook refuses
(``internal/apis/certmanager/validation``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.constructs.cert_manager.authorities import Authority, CertificateAuthority, SelfSigned
from chores_infra.constructs.cert_manager.certificates import Certificate
from chores_infra.constructs.cert_manager.issuers import ClusterIssuer, ExternalIssuer, Issuer
from chores_infra.constructs.lazily import lazily

if TYPE_CHECKING:
    from chores_infra.constructs.cert_manager.acme import Acme, ExternalAccountBinding, Solver
    from chores_infra.constructs.cert_manager.certificate_parts import (
        JksKeystore,
        NameConstraints,
        Names,
        OtherName,
        Pkcs12Keystore,
        PrivateKey,
        Renewal,
        RenewalWindow,
        Subject,
    )
    from chores_infra.constructs.cert_manager.dns01 import (
        AcmeDns,
        Akamai,
        AzureDns,
        AzureManagedIdentity,
        CloudDns,
        Cloudflare,
        DigitalOcean,
        Dns01Webhook,
        Rfc2136,
        Route53,
    )
    from chores_infra.constructs.cert_manager.http01 import Http01Gateway, Http01Ingress, SolverPods
    from chores_infra.constructs.cert_manager.vault import (
        Vault,
        VaultAppRole,
        VaultAuth,
        VaultAws,
        VaultClientCertificate,
        VaultKubernetes,
        VaultToken,
    )
    from chores_infra.constructs.cert_manager.venafi import (
        Venafi,
        VenafiCloud,
        VenafiNgts,
        VenafiServer,
        VenafiTpp,
    )
else:
    __getattr__ = lazily(
        __name__,
        {
            "acme": ["Acme", "ExternalAccountBinding", "Solver"],
            "certificate_parts": [
                "JksKeystore",
                "NameConstraints",
                "Names",
                "OtherName",
                "Pkcs12Keystore",
                "PrivateKey",
                "Renewal",
                "RenewalWindow",
                "Subject",
            ],
            "dns01": [
                "AcmeDns",
                "Akamai",
                "AzureDns",
                "AzureManagedIdentity",
                "CloudDns",
                "Cloudflare",
                "DigitalOcean",
                "Dns01Webhook",
                "Rfc2136",
                "Route53",
            ],
            "http01": ["Http01Gateway", "Http01Ingress", "SolverPods"],
            "vault": [
                "Vault",
                "VaultAppRole",
                "VaultAuth",
                "VaultAws",
                "VaultClientCertificate",
                "VaultKubernetes",
                "VaultToken",
            ],
            "venafi": ["Venafi", "VenafiCloud", "VenafiNgts", "VenafiServer", "VenafiTpp"],
        },
    )

__all__ = [
    "Acme",
    "AcmeDns",
    "Akamai",
    "Authority",
    "AzureDns",
    "AzureManagedIdentity",
    "Certificate",
    "CertificateAuthority",
    "CloudDns",
    "Cloudflare",
    "ClusterIssuer",
    "DigitalOcean",
    "Dns01Webhook",
    "ExternalAccountBinding",
    "ExternalIssuer",
    "Http01Gateway",
    "Http01Ingress",
    "Issuer",
    "JksKeystore",
    "NameConstraints",
    "Names",
    "OtherName",
    "Pkcs12Keystore",
    "PrivateKey",
    "Renewal",
    "RenewalWindow",
    "Rfc2136",
    "Route53",
    "SelfSigned",
    "Solver",
    "SolverPods",
    "Subject",
    "Vault",
    "VaultAppRole",
    "VaultAuth",
    "VaultAws",
    "VaultClientCertificate",
    "VaultKubernetes",
    "VaultToken",
    "Venafi",
    "VenafiCloud",
    "VenafiNgts",
    "VenafiServer",
    "VenafiTpp",
]

"""Signing in to Vault with an identity of a cloud: AWS IAM, Google Cloud.

Source: https://external-secrets.io/latest/provider/hashicorp-vault/#aws-iam-authentication,
https://developer.hashicorp.com/vault/docs/auth/aws and https://developer.hashicorp.com/vault/docs/auth/gcp
"""

from __future__ import annotations

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.external_secrets.vault_auth import (
    MountPath,
    References,
    ServiceAccountAuth,
    key_reference,
    reference,
)
from chores_infra.constructs.parts import present
from chores_infra.fields import Text

__all__ = ["GcpAuth", "GcpWorkloadIdentity", "IamAuth"]


@value_object
class IamAuth(ServiceAccountAuth):
    """Sign in with an identity of AWS; ``role`` is Vault's, ``aws_role`` is taken on in AWS before.

    The identity is that of a ``service_account`` (IRSA), of access keys in a Secret, or without both the
    operator's own. ``server_id`` is the value that Vault wants in ``X-Vault-AWS-IAM-Server-ID``.

    >>> IamAuth(role="shop", region="eu-central-1").spec("shop")
    {'iam': {'region': 'eu-central-1', 'vaultRole': 'shop'}}
    """

    role: Text
    path: MountPath | None = None
    region: Text | None = None
    aws_role: Text | None = None
    external_id: Text | None = None
    server_id: Text | None = None
    access_key_id: KeyRef | None = None
    secret_access_key: KeyRef | None = None
    session_token: KeyRef | None = None

    def check(self, problems: Problems) -> None:
        """Refuse half a pair of keys, two identities, and what the operator would not use."""
        super().check(problems)
        if (self.access_key_id is None) != (self.secret_access_key is None):
            problems.add("access_key_id", "access_key_id and secret_access_key go together")
        if self.session_token is not None and self.access_key_id is None:
            problems.add("session_token", "it goes with access_key_id and secret_access_key")
        if self.access_key_id is not None and self.service_account is not None:
            problems.add("access_key_id", "sign in as a service_account or with access keys, not both")
        if self.external_id is not None and self.aws_role is None:
            problems.add("external_id", "it is sent when aws_role is taken on; give it as well")

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.iam``."""
        account = self.account(namespace)
        auth: Manifest = {
            "path": self.path,
            "region": self.region,
            "role": self.aws_role,
            "vaultRole": self.role,
            "externalID": self.external_id,
            "vaultAwsIamServerID": self.server_id,
            "secretRef": self._keys(namespace) or None,
            "jwt": account and {"serviceAccountRef": account},
        }
        return {"iam": present(auth)}

    def _keys(self, namespace: str | None) -> Manifest:
        return {
            field: key_reference(key, namespace)
            for field, key in (
                ("accessKeyIDSecretRef", self.access_key_id),
                ("secretAccessKeySecretRef", self.secret_access_key),
                ("sessionTokenSecretRef", self.session_token),
            )
            if key is not None
        }


@value_object
class GcpWorkloadIdentity:
    """A ServiceAccount of GKE that acts for one of Google Cloud; the cluster is found out where not given."""

    service_account: ServiceAccount
    cluster_location: Text | None = None
    cluster_name: Text | None = None
    cluster_project_id: Text | None = None

    def fields(self, namespace: str | None) -> Manifest:
        """``workloadIdentity``."""
        return present(
            {
                "serviceAccountRef": reference(self.service_account, namespace),
                "clusterLocation": self.cluster_location,
                "clusterName": self.cluster_name,
                "clusterProjectID": self.cluster_project_id,
            }
        )


@value_object
class GcpAuth(ServiceAccountAuth):
    """Sign in with an identity of Google Cloud; ``role`` is Vault's. It needs ``external-secrets.io/v1``.

    The identity is the key of a service account of Google's in a Secret (``credentials``), a workload
    identity, a ``service_account``, or the operator's own.
    """

    role: Text
    path: MountPath | None = None
    project_id: Text | None = None
    location: Text | None = None
    credentials: KeyRef | None = None
    workload_identity: GcpWorkloadIdentity | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two identities: the operator would use the first only."""
        super().check(problems)
        identities = ("credentials", "workload_identity", "service_account")
        for second in [name for name in identities if getattr(self, name) is not None][1:]:
            problems.add(second, f"give one of {', '.join(identities)}")

    def references(self) -> References:
        """The Secret, and the ServiceAccounts."""
        yield from super().references()
        if self.workload_identity is not None:
            yield "workload_identity.service_account", self.workload_identity.service_account

    def only_v1(self) -> list[str]:
        """The method itself."""
        return [""]

    def spec(self, namespace: str | None) -> Manifest:
        """``auth.gcp``."""
        credentials = self.credentials
        auth: Manifest = {
            "path": self.path,
            "role": self.role,
            "projectID": self.project_id,
            "location": self.location,
            "secretRef": credentials and {"secretAccessKeySecretRef": key_reference(credentials, namespace)},
            "workloadIdentity": self.workload_identity and self.workload_identity.fields(namespace),
            "serviceAccountRef": self.account(namespace),
        }
        return {"gcp": present(auth)}

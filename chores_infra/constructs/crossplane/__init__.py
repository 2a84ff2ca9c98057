"""MySQL databases, accounts and grants, made by the Crossplane provider ``provider-sql``.

These kinds are cluster-scoped: their objects carry no namespace, and their names are unique in the cluster.
The name on the MySQL server is the object's name, or its ``external_name``.

Source: https://github.com/crossplane-contrib/provider-sql, ``package/crds/mysql.sql.crossplane.io_*.yaml``.
"""

from __future__ import annotations

from chores_infra.constructs.crossplane.managed import (
    ConnectionSecret,
    DeletionPolicy,
    ManagedResource,
    ManagementPolicy,
    ResolutionPolicy,
)
from chores_infra.constructs.crossplane.mysql import (
    AuthenticationPlugin,
    Database,
    Grant,
    ResourceOptions,
    User,
)
from chores_infra.constructs.crossplane.provider_config import ProviderConfig, SecretKeyMapping, TLSConfig
from chores_infra.constructs.crossplane.references import Reference, Selector

__all__ = [
    "AuthenticationPlugin",
    "ConnectionSecret",
    "Database",
    "DeletionPolicy",
    "Grant",
    "ManagedResource",
    "ManagementPolicy",
    "ProviderConfig",
    "Reference",
    "ResolutionPolicy",
    "ResourceOptions",
    "SecretKeyMapping",
    "Selector",
    "TLSConfig",
    "User",
]

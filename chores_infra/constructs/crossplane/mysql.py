"""What is made on a MySQL server: databases, accounts, and what the accounts may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Unpack

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.config import KeyRef
from chores_infra.constructs.crossplane.managed import (
    ManagedOptions,
    ManagedResource,
    check_external_name,
    server_name,
)
from chores_infra.constructs.crossplane.provider_config import ProviderConfig, check_key, secret_key
from chores_infra.constructs.crossplane.references import Reference, Selector
from chores_infra.constructs.parts import Part
from chores_infra.fields import DnsSubdomain, Items, Matching, NonNegative, Text
from chores_infra.wording import shown

__all__ = ["AuthenticationPlugin", "Database", "Grant", "ResourceOptions", "User"]

# The pattern of the CRD, Grant.spec.forProvider.privileges.
Privilege = Annotated[
    str,
    Matching(
        r"[A-Z0-9_ ]+|[A-Z_ ]+ [(]`[^`]+`(?:, `[^`]+`)*[)]",
        1024,
        "a privilege in capitals such as 'ALL' or 'SELECT', or with columns: 'SELECT (`name`, `email`)'",
    ),
]

# https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html
LONGEST_DATABASE_NAME = 64
LONGEST_USER_NAME = 32


@value_object
class ResourceOptions(Part):
    """Limits of a MySQL account; 0 means no limit."""

    max_queries_per_hour: NonNegative | None = None
    max_updates_per_hour: NonNegative | None = None
    max_connections_per_hour: NonNegative | None = None
    max_user_connections: NonNegative | None = None


@value_object
class AuthenticationPlugin(Part):
    """How an account signs in without a password: ``name="AWSAuthenticationPlugin"``."""

    name: Text
    auth_string: Text | None = None


class Database(ManagedResource):
    """A database on a MySQL server.

    >>> from chores_infra.construct import Tree
    >>> provider = ProviderConfig.existing("mysql-provider")
    >>> database = Database(Tree(), "database", name="chores-db", provider_config=provider)
    >>> database.manifest["spec"]
    {'providerConfigRef': {'name': 'mysql-provider'}, 'forProvider': {}}

    Raises:
        ConstructError: an illegal name, or one that is too long for MySQL.
    """

    kind = "Database"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        provider_config: ProviderConfig,
        default_character_set: Text | None = None,
        default_collation: Text | None = None,
        binlog: bool | None = None,
        **options: Unpack[ManagedOptions],
    ) -> None:
        problems = Problems()
        check_external_name(problems, options)
        _check_length(problems, server_name(name, options), LONGEST_DATABASE_NAME)
        problems.raise_if_any()
        self.default_character_set = default_character_set
        self.default_collation = default_collation
        self.binlog = binlog
        super().__init__(scope, id, name=name, provider_config=provider_config, **options)

    def parameters(self) -> Manifest:
        """Character set, collation and binary logging, where they were given."""
        parameters: Manifest = {}
        if self.default_character_set is not None:
            parameters["defaultCharacterSet"] = self.default_character_set
        if self.default_collation is not None:
            parameters["defaultCollation"] = self.default_collation
        if self.binlog is not None:
            parameters["binlog"] = self.binlog
        return parameters


class User(ManagedResource):
    """An account on a MySQL server, with its password in a key of a Secret.

    ``password=secrets.key("DB_PASSWORD")``: the reference carries the Secret's namespace, because the
    account itself has none. Without ``password`` and ``authentication_plugin`` Crossplane makes a password;
    ``write_connection_secret_to`` says where it goes.

    Raises:
        ConstructError: an illegal name, a key of a ConfigMap, or a Secret whose namespace is not known.
    """

    kind = "User"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        provider_config: ProviderConfig,
        password: KeyRef | None = None,
        authentication_plugin: AuthenticationPlugin | None = None,
        resource_options: ResourceOptions | None = None,
        binlog: bool | None = None,
        **options: Unpack[ManagedOptions],
    ) -> None:
        problems = Problems()
        check_external_name(problems, options)
        _check_length(problems, server_name(name, options).partition("@")[0], LONGEST_USER_NAME)
        if password is not None:
            check_key(problems, "password", password)
            if authentication_plugin is not None:
                problems.add("authentication_plugin", "an account has a password or a plugin, not both")
        problems.raise_if_any()
        self.password = password
        self.authentication_plugin = authentication_plugin
        self.resource_options = resource_options
        self.binlog = binlog
        super().__init__(scope, id, name=name, provider_config=provider_config, **options)

    def parameters(self) -> Manifest:
        """How the account signs in, and its limits."""
        parameters: Manifest = {}
        if self.password is not None:
            parameters["passwordSecretRef"] = secret_key(self.password)
        if self.authentication_plugin is not None:
            parameters["authenticationPlugin"] = self.authentication_plugin.fields()
        if self.resource_options is not None:
            parameters["resourceOptions"] = self.resource_options.fields()
        if self.binlog is not None:
            parameters["binlog"] = self.binlog
        return parameters


Account = Annotated[User | Reference | Selector, OneOf("a User, a Reference to one, or a Selector")]
Schema = Annotated[Database | Reference | Selector, OneOf("a Database, a Reference to one, or a Selector")]


class Grant(ManagedResource):
    """What an account may do: in one database, in one table of it, or everywhere without ``database``.

    ``user=account`` writes its name on the server; ``Reference(to=account)`` and ``Selector`` let Crossplane
    find it. Outside production both belong to the environment, unless ``existing(..., shared=True)`` says
    that they are for all.

    >>> from chores_infra.construct import Tree
    >>> grant = Grant(
    ...     Tree(),
    ...     "grant",
    ...     name="chores-db-grant",
    ...     user=User.existing("chores-user"),
    ...     database=Database.existing("chores-db"),
    ...     privileges=["ALL"],
    ...     provider_config=ProviderConfig.existing("mysql-provider"),
    ... )
    >>> grant.manifest["spec"]["forProvider"]
    {'user': 'chores-user', 'privileges': ['ALL'], 'database': 'chores-db'}

    Raises:
        ConstructError: no privilege, one in a form that MySQL does not know, ``ALL`` beside others, or a
            table without its database.
    """

    kind = "Grant"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        user: Account,
        privileges: Items[Privilege],
        provider_config: ProviderConfig,
        database: Schema | None = None,
        table: Text | None = None,
        binlog: bool | None = None,
        **options: Unpack[ManagedOptions],
    ) -> None:
        problems = Problems()
        check_external_name(problems, options)
        _check_privileges(problems, privileges)
        if table is not None and database is None:
            problems.add("table", "a table needs the database that it is in; give database as well")
        for argument, kind, meant in (("user", User, user), ("database", Database, database)):
            if isinstance(meant, Reference) and not isinstance(meant.to, kind):
                problems.add(
                    f"{argument}.to", f"expected a {kind.kind}, found {meant.to.kind} {meant.to.name!r}"
                )
        problems.raise_if_any()
        self.user = user
        self.privileges = privileges
        self.database = database
        self.table = table
        self.binlog = binlog
        for meant in (user, database):
            target = meant.to if isinstance(meant, Reference) else meant
            if isinstance(target, ManagedResource) and target.is_shared:
                self.shared |= {target.name, target.server_name}
        super().__init__(scope, id, name=name, provider_config=provider_config, **options)

    def parameters(self) -> Manifest:
        """Who may do what, and where."""
        parameters: Manifest = {**_meant("user", self.user), "privileges": list(self.privileges)}
        if self.database is not None:
            parameters |= _meant("database", self.database)
        if self.table is not None:
            parameters["table"] = self.table
        if self.binlog is not None:
            parameters["binlog"] = self.binlog
        return parameters


def _meant(field: str, target: ManagedResource | Reference | Selector) -> Manifest:
    if isinstance(target, ManagedResource):
        return {field: target.server_name}
    return {f"{field}{'Ref' if isinstance(target, Reference) else 'Selector'}": target.fields()}


_EVERYTHING = frozenset({"ALL", "ALL PRIVILEGES"})


def _check_privileges(problems: Problems, privileges: Sequence[str]) -> None:
    if not privileges:
        problems.add("privileges", "expected at least one, such as 'SELECT', or 'ALL'")
    repeated = sorted({privilege for privilege in privileges if privileges.count(privilege) > 1})
    if repeated:
        problems.add("privileges", f"given more than once: {', '.join(repeated)}")
    # GRANT OPTION becomes the WITH clause of the statement; anything else beside ALL is no valid SQL.
    others = [privilege for privilege in privileges if privilege not in {*_EVERYTHING, "GRANT OPTION"}]
    if others and not _EVERYTHING.isdisjoint(privileges):
        problems.add("privileges", f"ALL stands for every privilege; leave out {', '.join(others)}")


def _check_length(problems: Problems, name: str, longest: int) -> None:
    if len(name) > longest:
        problems.add("name", f"MySQL takes at most {longest} characters, found {len(name)}: {shown(name)}")

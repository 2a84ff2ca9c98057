"""What an AppProject permits: destinations, kinds, what its roles may do, and when syncs may run.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/projects/ and
https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.parts import Part
from chores_infra.fields import Duration, Items, Matching, Text

__all__ = [
    "DestinationServiceAccount",
    "GroupKind",
    "JwtToken",
    "KeyId",
    "OrphanedResource",
    "OrphanedResources",
    "ProjectDestination",
    "Role",
    "SyncWindow",
]

Schedule = Annotated[
    str,
    Matching(
        r"@(?:annually|yearly|monthly|weekly|daily|midnight|hourly)|\S+(?: \S+){4}",
        253,
        "a cron schedule of five fields such as '0 22 * * *'",
    ),
]
RoleName = Annotated[
    str,
    Matching(
        r"[a-zA-Z0-9](?:[-_a-zA-Z0-9]*[a-zA-Z0-9])?",
        63,
        "a role's name: letters, digits, '-' and '_', a letter or digit at both ends",
    ),
]
ACTIONS = r"(?:get|create|update|delete|sync|override|action|invoke|\*)(?:/\S*)?"
Policy = Annotated[
    str,
    Matching(
        rf"p, *proj:[^,:\s]+:[^,:\s]+, *[a-z*]+, *{ACTIONS}, *[^,\s]+, *(?:allow|deny)",
        1024,
        "a policy such as 'p, proj:shop:deployer, applications, sync, shop/*, allow'",
    ),
]


KeyId = Annotated[
    str,
    Matching(r"[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40}", 40, "the id of a GnuPG key: 16 or 40 hexadecimal digits"),
]
Seconds = Annotated[int, Field(ge=0, le=2**63 - 1)]
# util/settings of Argo CD: what the name of the account, and the patterns beside it, may not have.
AccountName = Annotated[
    str, Matching(r"[^\s!*\[\]{}\\/]+", 317, "the name of a ServiceAccount, or '<namespace>:<name>'")
]
NoNegation = Annotated[str, Matching(r"[^!\s]+", 1024, "a name or a pattern without '!'")]


@value_object
class ProjectDestination(Part):
    """A cluster and a namespace that Applications may go to; each may be a pattern: ``*``, ``shop-*``.

    A leading ``!`` forbids what the pattern names.
    """

    namespace: Text
    server: Text | None = None
    name: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a destination without a cluster, and one with two."""
        if (self.server is None) == (self.name is None):
            problems.add("server", "give exactly one of the cluster's server and name; '*' is any")


@value_object
class GroupKind(Part):
    """Kinds of one API group, ``"*"`` for all; the core group is ``""``. ``name`` narrows cluster kinds."""

    group: str
    kind: Text
    name: Text | None = None


@value_object
class JwtToken(Part):
    """A token that Argo CD has handed out, by what is known of it; times are seconds since 1970."""

    iat: Seconds
    exp: Seconds | None = None
    id: Text | None = None

    def check(self, problems: Problems) -> None:
        """Refuse an end before the beginning."""
        if self.exp is not None and self.exp <= self.iat:
            problems.add("exp", f"expected a time after iat, {self.iat}, found {self.exp}")


@value_object
class DestinationServiceAccount(Part):
    """As whom Argo CD syncs into a destination; ``server`` and ``namespace`` may be patterns.

    ``default_service_account`` is a ServiceAccount of the destination's namespace, or ``namespace:name``.
    """

    server: NoNegation
    default_service_account: AccountName
    namespace: NoNegation | None = None


@value_object
class Role(Part):
    """What a role of the project may do, and who has it: groups of people, and tokens.

    Argo CD writes the tokens that it hands out into the live object; those that are not given here are undone
    by the next sync, and no longer valid.
    """

    name: RoleName
    description: str | None = None
    policies: Items[Policy] | None = None
    groups: Items[Text] | None = None
    jwt_tokens: Items[JwtToken] | None = None


@value_object
class SyncWindow(Part):
    """A time in which syncs may, or may not, run; ``duration`` counts from each time of ``schedule``.

    With ``sync_overrun`` a sync that runs when the window ends may go on.
    """

    kind: Literal["allow", "deny"]
    schedule: Schedule
    duration: Duration
    applications: Items[Text] | None = None
    namespaces: Items[Text] | None = None
    clusters: Items[Text] | None = None
    manual_sync: bool | None = None
    sync_overrun: bool | None = None
    time_zone: Text | None = None
    use_and_operator: bool | None = None
    description: str | None = None

    spelling = {"use_and_operator": "andOperator"}  # noqa: RUF012  (the base declares it)

    def check(self, problems: Problems) -> None:
        """Refuse a window that is for nothing."""
        if not (self.applications or self.namespaces or self.clusters):
            problems.add("applications", "say what the window is for: applications, namespaces or clusters")


@value_object
class OrphanedResource(Part):
    """Live objects that may belong to no Application; ``name`` may be a pattern."""

    group: str | None = None
    kind: Text | None = None
    name: Text | None = None


@value_object
class OrphanedResources(Part):
    """Whether objects of the project's namespaces that belong to no Application are reported."""

    warn: bool | None = None
    ignore: Items[OrphanedResource] | None = None

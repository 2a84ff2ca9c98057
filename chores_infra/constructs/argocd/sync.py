"""When and how Argo CD brings the cluster to what git says.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/ and
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.parts import Part
from chores_infra.fields import Annotations, Duration, Items, Labels, Matching, Positive

__all__ = ["Automated", "Backoff", "NamespaceMetadata", "Retry", "SyncPolicy"]

SyncOption = Annotated[
    str, Matching(r"[A-Z][A-Za-z]+=[^\s,]+", 253, "a sync option such as 'CreateNamespace=true'")
]


@value_object
class Automated(Part):
    """Sync without being asked: ``prune`` removes what git no longer has, ``self_heal`` undoes edits by hand.

    ``allow_empty`` lets a sync remove the last object; ``enabled=False`` switches it off for a while.
    """

    prune: bool | None = None
    self_heal: bool | None = None
    allow_empty: bool | None = None
    enabled: bool | None = None


@value_object
class Backoff(Part):
    """How long to wait for the next attempt: ``duration``, then ``factor`` times as long as the last time."""

    duration: Duration | None = None
    factor: Positive | None = None
    max_duration: Duration | None = None


@value_object
class Retry(Part):
    """How often a failed sync is repeated; ``limit=-1`` repeats it for ever.

    With ``refresh`` a retry takes the newest revision instead of the one that failed.
    """

    limit: Annotated[int, Field(ge=-1, le=2**31 - 1)] | None = None
    backoff: Backoff | None = None
    refresh: bool | None = None


@value_object
class NamespaceMetadata(Part):
    """Labels and annotations of the namespace that Argo CD creates."""

    labels: Labels | None = None
    annotations: Annotations | None = None


#: The options of an Application that Argo CD knows, by argument.
OPTIONS = {
    "create_namespace": "CreateNamespace",
    "validate": "Validate",
    "prune": "Prune",
    "prune_last": "PruneLast",
    "prune_propagation_policy": "PrunePropagationPolicy",
    "delete": "Delete",
    "replace": "Replace",
    "server_side_apply": "ServerSideApply",
    "client_side_apply_migration": "ClientSideApplyMigration",
    "apply_out_of_sync_only": "ApplyOutOfSyncOnly",
    "respect_ignore_differences": "RespectIgnoreDifferences",
    "skip_dry_run_on_missing_resource": "SkipDryRunOnMissingResource",
    "fail_on_shared_resource": "FailOnSharedResource",
}


@value_object
class SyncPolicy:
    """How an Application is synced: automatically or not, with which options, and what a failure leads to.

    Each known option is an argument of its own; ``sync_options`` takes those that are not, as
    ``"Name=value"``. Without ``automated`` somebody has to ask for each sync.

    >>> SyncPolicy(automated=Automated(prune=True), create_namespace=True).fields()
    {'automated': {'prune': True}, 'syncOptions': ['CreateNamespace=true']}
    """

    automated: Automated | None = None
    create_namespace: bool | None = None
    validate: bool | None = None
    prune: Literal["false", "confirm"] | None = None
    prune_last: bool | None = None
    prune_propagation_policy: Literal["foreground", "background", "orphan"] | None = None
    delete: Literal["false", "confirm"] | None = None
    replace: bool | None = None
    server_side_apply: bool | None = None
    client_side_apply_migration: bool | None = None
    apply_out_of_sync_only: bool | None = None
    respect_ignore_differences: bool | None = None
    skip_dry_run_on_missing_resource: bool | None = None
    fail_on_shared_resource: bool | None = None
    sync_options: Items[SyncOption] = ()
    managed_namespace_metadata: NamespaceMetadata | None = None
    retry: Retry | None = None

    def check(self, problems: Problems) -> None:
        """Refuse an option that is given twice, and metadata for a namespace that is not created."""
        options = [option.partition("=")[0] for option in self.options()]
        for index, option in enumerate(self.sync_options):
            name = option.partition("=")[0]
            if options.count(name) > 1:
                problems.add(f"sync_options[{index}]", f"{name} is given more than once")
        if self.managed_namespace_metadata is not None and "CreateNamespace=true" not in self.options():
            problems.add(
                "managed_namespace_metadata", "it needs create_namespace=True: Argo CD would ignore it"
            )

    @property
    def creates_namespace(self) -> bool:
        """Whether the destination's namespace is created."""
        return "CreateNamespace=true" in self.options()

    def options(self) -> list[str]:
        """``syncOptions``: the known ones, then the others as they were given."""
        known = [
            f"{OPTIONS[argument]}={str(value).lower()}"
            for argument, value in vars(self).items()
            if argument in OPTIONS and value is not None
        ]
        return [*known, *self.sync_options]

    def fields(self) -> Manifest:
        """``spec.syncPolicy``."""
        fields: Manifest = {}
        if self.automated is not None:
            fields["automated"] = self.automated.fields()
        options = self.options()
        if options:
            fields["syncOptions"] = options
        if self.managed_namespace_metadata is not None:
            fields["managedNamespaceMetadata"] = self.managed_namespace_metadata.fields()
        if self.retry is not None:
            fields["retry"] = self.retry.fields()
        return fields

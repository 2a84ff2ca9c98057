"""The words that Argo CD understands in its annotations and options; it passes over all others in silence.

Sources: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/,
https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/,
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ and
https://argo-cd.readthedocs.io/en/stable/user-guide/annotations-and-labels/
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

__all__ = [
    "ANNOTATIONS",
    "COMPARE_OPTIONS",
    "DELETE_POLICIES",
    "HOOK",
    "HOOKS",
    "PREFIX",
    "SYNC_OPTIONS",
    "WAVE",
    "entries",
    "nearest",
]

PREFIX: Final = "argocd.argoproj.io/"
HOOK: Final = f"{PREFIX}hook"
WAVE: Final = f"{PREFIX}sync-wave"
HOOKS: Final = ("PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip")
DELETE_POLICIES: Final = ("HookSucceeded", "HookFailed", "BeforeHookCreation")

_SWITCH: Final = ("true", "false")
SYNC_OPTIONS: Final[Mapping[str, Collection[str]]] = {
    "ApplyOutOfSyncOnly": _SWITCH,
    "ClientSideApplyMigration": _SWITCH,
    "CreateNamespace": _SWITCH,
    "Delete": (*_SWITCH, "confirm"),
    "FailOnSharedResource": _SWITCH,
    "Force": _SWITCH,
    "Prune": (*_SWITCH, "confirm"),
    "PruneLast": _SWITCH,
    "PrunePropagationPolicy": ("background", "foreground", "orphan"),
    "Replace": _SWITCH,
    "RespectIgnoreDifferences": _SWITCH,
    "ServerSideApply": _SWITCH,
    "SkipDryRunOnMissingResource": _SWITCH,
    "Validate": _SWITCH,
}
COMPARE_OPTIONS: Final[Mapping[str, Collection[str]]] = {
    "IgnoreExtraneous": (),
    "IncludeMutationWebhook": _SWITCH,
    "ServerSideDiff": _SWITCH,
}
ANNOTATIONS: Final = (
    *("compare-options", "hook", "hook-delete-policy", "ignore-healthcheck", "ignore-resource-updates"),
    *("manifest-generate-paths", "managed-by", "refresh", "skip-reconcile", "sync-options", "sync-wave"),
    *("tracking-id", "application-set-refresh", "ignore-default-links", "deletion-approved", "hydrate"),
    *("client-side-apply-migration-manager", "installation-id", "auto-label-cluster-info"),
)
"""Without the prefix."""


def entries(value: str) -> Iterator[str]:
    """The entries of an annotation, as Argo CD separates them.

    >>> list(entries("Prune=false, Delete=false"))
    ['Prune=false', 'Delete=false']
    """
    return filter(None, (each.strip() for each in value.split(",")))


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was most likely meant.

    >>> nearest("presync", HOOKS), nearest("something", HOOKS)
    ('PreSync', None)
    """
    from difflib import get_close_matches

    lower = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), lower, 1, 0.75)
    return lower[found[0]] if found else None

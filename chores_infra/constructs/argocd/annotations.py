"""What Argo CD reads from the annotations of any object: waves, hooks and options of its sync.

``ConfigMap(..., annotations={**sync_wave(-1)})``. Waves go from low to high, 0 being that of objects without
one; the objects of a wave are healthy before the next begins.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ and
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from chores_infra.errors import ConstructError
from chores_infra.wording import shown

__all__ = ["HookDeletePolicy", "HookPhase", "hook", "resource_options", "sync_wave"]

HookPhase: TypeAlias = Literal["PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip"]
HookDeletePolicy: TypeAlias = Literal["HookSucceeded", "HookFailed", "BeforeHookCreation"]

PREFIX = "argocd.argoproj.io/"


def sync_wave(wave: int) -> dict[str, str]:
    """The annotation that puts an object into a wave.

    >>> sync_wave(-1)
    {'argocd.argoproj.io/sync-wave': '-1'}

    Raises:
        ConstructError: ``wave`` is no whole number.
    """
    if not isinstance(wave, int) or isinstance(wave, bool):
        raise ConstructError.of("sync_wave", "wave", f"expected a whole number, found {shown(wave)}")
    return {f"{PREFIX}sync-wave": str(wave)}


def hook(*phases: HookPhase, delete_policies: Sequence[HookDeletePolicy] = ()) -> dict[str, str]:
    """The annotations that make an object a hook: made in these phases of a sync, not kept in step with git.

    >>> hook("PreSync", delete_policies=["HookSucceeded"])
    {'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded'}

    Raises:
        ConstructError: no phase, or a phase or policy that Argo CD does not know.
    """
    if not phases:
        raise ConstructError.of(
            "hook", "phases", f"expected at least one of {', '.join(get_args(HookPhase))}"
        )
    _check_known("phases", phases, get_args(HookPhase))
    _check_known("delete_policies", delete_policies, get_args(HookDeletePolicy))
    annotations = {f"{PREFIX}hook": ",".join(phases)}
    if delete_policies:
        annotations[f"{PREFIX}hook-delete-policy"] = ",".join(delete_policies)
    return annotations


def resource_options(
    *,
    prune: Literal["false", "confirm"] | None = None,
    delete: Literal["false", "confirm"] | None = None,
    prune_last: bool | None = None,
    replace: bool | None = None,
    force: bool | None = None,
    server_side_apply: bool | None = None,
    validate: bool | None = None,
    skip_dry_run_on_missing_resource: bool | None = None,
) -> dict[str, str]:
    """The annotation that sets options of the sync for one object; ``prune="false"`` keeps it for good.

    >>> resource_options(prune="false", server_side_apply=True)
    {'argocd.argoproj.io/sync-options': 'Prune=false,ServerSideApply=true'}
    """
    options = {
        "Prune": prune,
        "Delete": delete,
        "PruneLast": prune_last,
        "Replace": replace,
        "Force": force,
        "ServerSideApply": server_side_apply,
        "Validate": validate,
        "SkipDryRunOnMissingResource": skip_dry_run_on_missing_resource,
    }
    given = [f"{name}={str(value).lower()}" for name, value in options.items() if value is not None]
    return {f"{PREFIX}sync-options": ",".join(given)} if given else {}


def _check_known(argument: str, given: Sequence[str], known: Sequence[str]) -> None:
    for value in given:
        if value not in known:
            raise ConstructError.of(
                "hook", argument, f"expected one of {', '.join(known)}, found {shown(value)}"
            )

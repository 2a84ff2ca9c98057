"""Deploy a version: look it up, move the app to it, publish that."""

from __future__ import annotations

from chores_infra.release.checkout import Checkout, owned_paths
from chores_infra.release.messages import Trailers
from chores_infra.release.move import Image, Move
from chores_infra.release.moving import Mover
from chores_infra.release.publishing import Published, publish
from chores_infra.versions import Release

__all__ = ["branch_for", "deploy"]


def deploy(
    checkout: Checkout,
    mover: Mover,
    release: Release,
    image: Image,
    *,
    pin: bool | None = None,
    pull_request: bool = False,
    dry_run: bool = False,
    verb: str = "update",
    trailers: Trailers = (),
) -> Published[Move]:
    """Move an app to a version, and publish the commit.

    Args:
        checkout: the infrastructure repository.
        mover: moves the app.
        release: where to.
        image: what is known of its image.
        pin: whether manifests name its digest; None for as it is.
        pull_request: push it as a branch of its own.
        dry_run: change nothing.
        verb: what the commit says was done.
        trailers: further ones of the commit.

    Raises:
        Refused: a rule says no; its subclasses say which.
        ChoresInfraError: it cannot be done.
    """
    # What the user sees is what the decision was made on; whatever else is there by now is somebody else's.
    intent = checkout.intent(checkout.repository.head(), mover.app.app_name)
    expected = intent.environments.get(mover.environment)
    return publish(
        checkout,
        lambda folder: mover.move(
            folder, release, image, expected=expected, pin=pin, verb=verb, trailers=trailers
        ),
        owned=owned_paths(mover.places),
        reason=f"chores-infra: {verb} {mover.app.app_name} to {release}",
        new_branch=branch_for(mover, release) if pull_request else None,
        dry_run=dry_run,
    )


def branch_for(mover: Mover, release: Release) -> str:
    """The branch of a pull request: the same for the same move, so that it is not opened twice."""
    return f"deploy/{mover.places.name}-{release}"

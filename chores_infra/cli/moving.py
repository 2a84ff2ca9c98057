"""What the commands that move a version have in common: from their options to their report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chores_infra.cli.paths import from_here
from chores_infra.environments import Environment

if TYPE_CHECKING:
    from chores_infra.release.checkout import Checkout
    from chores_infra.release.intent import Intent
    from chores_infra.release.messages import Trailers
    from chores_infra.release.moving import Accepted, Mover
    from chores_infra.release.registries import Registry
    from chores_infra.versions import Release

__all__ = ["Context", "run_move"]


class Context:
    """What a version is chosen from. ``registry`` and ``repository`` say where images are."""

    def __init__(
        self, checkout: Checkout, mover: Mover, registry: str | None, repository: str | None
    ) -> None:
        self.checkout = checkout
        self.mover = mover
        self.environment = mover.environment
        self.registry = registry
        self.repository = repository
        self.digest: str | None = None

    def opened(self) -> Registry:
        """The registry of the app's images.

        Raises:
            RegistryError: there is none to ask.
        """
        from chores_infra.errors import RegistryError
        from chores_infra.release.app_images import only_image_repository
        from chores_infra.release.registries import open_registry

        name = self.repository or only_image_repository(self.mover.app, self.environment)
        registry = open_registry(self.registry, name)
        if registry is None:
            raise RegistryError("versions are looked for in a registry; name one with --registry")
        return registry

    def intent(self) -> Intent:
        """What is recorded of the app, as far as the user knows."""
        checkout = self.checkout
        return checkout.intent(checkout.repository.head(), self.mover.app.app_name)

    def expect_digest(self, digest: str | None) -> None:
        """Refuse a version whose image is another one; None is not known."""
        self.digest = digest


def run_move(
    app: str,
    choose: Callable[[Context], Release | None],
    *,
    accepted: Accepted,
    environment: str,
    registry: str | None,
    image: str | None,
    app_repo: str | None,
    repo: str | None,
    push: bool,
    pin: bool | None,
    include_config: bool,
    discard_edits: bool,
    adopt: bool,
    pull_request: bool,
    dry_run: bool,
    output_format: str,
    verb: str = "update",
    trailers: Trailers = (),
    whole: bool = False,
) -> int:
    """Move an app to the version that is chosen, if one is, and report it; answers the exit code."""
    from chores_infra.cli.moving_report import errors_reported, report_move, report_nothing
    from chores_infra.cli.release_options import registry_of
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.release.checkout import open_checkout
    from chores_infra.release.deploying import deploy
    from chores_infra.release.looking_up import look_up, refuse_other_image
    from chores_infra.release.moving import Mover
    from chores_infra.selection import select_one

    with errors_reported(output_format, app, environment):
        configuration = find_configuration(Path.cwd())
        selected = select_one(configuration, app)
        place = Environment(environment)
        accepted = accepted._replace(config=include_config, edits=discard_edits, adoption=adopt)
        mover = Mover(selected.app, place, configuration, accepted)
        where = repo or str(from_here(configuration.repository))
        registry = registry_of(registry, configuration)
        with (
            open_checkout(where, push=push or pull_request, whole=whole) as checkout,
            extended(*configuration.schemas),
        ):
            context = Context(checkout, mover, registry, image)
            release = choose(context)
            if release is None:
                report_nothing(mover, output_format)
                return 0
            found = look_up(
                selected.app, place, release, registry=registry, repository=image, app_repo=app_repo
            )
            refuse_other_image(found, release, context.digest)
            done = deploy(
                checkout,
                mover,
                release,
                found,
                pin=pin,
                pull_request=pull_request,
                dry_run=dry_run,
                verb=verb,
                trailers=trailers,
            )
            report_move(done, output_format, dry_run=dry_run, pull_request=pull_request)
    return 0

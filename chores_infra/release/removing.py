"""Remove an app: its places in one environment or all, and what its release intent says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from chores_infra.configuration import Configuration
from chores_infra.environments import Environment
from chores_infra.errors import FindingsError, HandEditsError, Refused
from chores_infra.release.checkout import Checkout, owned_paths
from chores_infra.release.intent import Intent, Running
from chores_infra.release.intent_file import read_intent_file
from chores_infra.release.messages import in_environment, with_trailers
from chores_infra.release.move import manifests_of
from chores_infra.release.publishing import Published, publish
from chores_infra.rendering.owned import fingerprint
from chores_infra.rendering.places import Places
from chores_infra.rendering.plan import Plan
from chores_infra.rendering.writer import Writer

if TYPE_CHECKING:
    from chores_infra.diff import Comparison

__all__ = ["Removal", "remove"]


class Removal(NamedTuple):
    """A draft: an app that goes, from these environments. ``before`` are the files that go or change."""

    app: str
    environments: Mapping[Environment, Running]
    whole: bool
    folder: Path
    plans: tuple[Plan, ...]
    before: Mapping[PurePosixPath, bytes | None]

    @property
    def paths(self) -> tuple[PurePosixPath, ...]:
        """The files that go or change."""
        return tuple(sorted(self.before))

    @property
    def foreign(self) -> tuple[PurePosixPath, ...]:
        """Files of others in the places of the app; they stay."""
        return tuple(path for plan in self.plans for path in plan.foreign)

    @property
    def message(self) -> str:
        """The message of the commit."""
        where = "" if self.whole else "".join(map(in_environment, self.environments)) or " from production"
        trailers: list[tuple[str, str]] = []
        for environment, running in self.environments.items():
            trailers += [("Previous-Version", str(running.release)), ("Environment", environment.value)]
        return with_trailers(f"chore: remove {self.app}{where}", trailers)

    def comparison(self) -> Comparison:
        """What goes with it from the cluster, and how risky that is."""
        from chores_infra.diff.sources import compare_sides

        return compare_sides(manifests_of(self.before), manifests_of({}))

    def apply(self) -> None:
        """Remove the files.

        Raises:
            FileError: an operation failed.
        """
        with Writer(self.folder) as writer:
            for plan in self.plans:
                writer.apply(plan)


def remove(
    checkout: Checkout,
    app: str,
    environment: Environment | None,
    configuration: Configuration,
    *,
    accept_data: bool = False,
    discard_edits: bool = False,
    dry_run: bool = False,
) -> Published[Removal]:
    """Remove an app, and publish that. Its Python is not looked at: it may be gone already.

    Args:
        checkout: the infrastructure repository.
        app: the name of the app.
        environment: from where; None is from all, and its release intent goes, too.
        configuration: how the repository is checked.
        accept_data: accept that data goes with it.
        discard_edits: drop what was edited by hand.
        dry_run: change nothing.

    Raises:
        Refused: it is not there, or a rule says no.
        ChoresInfraError: it cannot be published.
    """
    wanted = list(Environment) if environment is None else [environment]

    def draft(folder: Path) -> Removal:
        removal = _draft(folder, app, environment)
        if not discard_edits:
            _refuse_edits(folder, app, removal.environments)
        if not accept_data:
            _refuse_loss(removal)
        _refuse_findings(folder, removal, configuration)
        return removal

    return publish(
        checkout,
        draft,
        owned=[path for place in wanted for path in owned_paths(Places(app, place.value))],
        reason=f"chores-infra: remove {app}",
        dry_run=dry_run,
    )


def _draft(folder: Path, app: str, environment: Environment | None) -> Removal:
    file = read_intent_file(folder, app)
    running = file.intent.environments
    gone = {
        place: running[place] for place in Environment if place in running and environment in {None, place}
    }
    if not gone:
        there = ", ".join(running) or "nowhere"
        raise Refused(f"{app} does not run in {environment or 'any environment'}; it runs in: {there}")
    whole = len(gone) == len(running)
    stays = Intent(
        app, {place: each for place, each in running.items() if place not in gone}, file.intent.quarantine
    )
    plans = []
    with Writer(folder) as writer:
        for number, place in enumerate(gone):
            places, last = Places(app, place.value), number == len(gone) - 1
            intent = {places.intent_file: file.changed_to(stays)} if last and not whole else None
            plans.append(writer.plan_removal(places, intent, drop_intent=last and whole))
        paths = [path for plan in plans for path in (*plan.written, *plan.pruned)]
        before = {path: writer.read(path) for path in paths}
    return Removal(app, gone, whole, folder, tuple(plans), before)


def _refuse_edits(folder: Path, app: str, environments: Mapping[Environment, Running]) -> None:
    with Writer(folder) as writer:
        for place, running in environments.items():
            places = Places(app, place.value)
            present = writer.read_owned(places)
            if running.rendered is not None and present and fingerprint(present) != running.rendered:
                raise HandEditsError(
                    [str(path) for path in sorted(present)],
                    f"files of {app} ({place}) were edited by hand since the last run; keep what is of use, "
                    "and drop it with --discard-edits",
                )


def _refuse_loss(removal: Removal) -> None:
    from chores_infra.diff import ChangeClass

    lost = [str(change.identity) for change in removal.comparison().of_class(ChangeClass.DATA)]
    if lost:
        raise Refused(
            f"data goes with {removal.app}: {', '.join(lost)}; save what is needed, "
            "then accept it with --accept data"
        )


def _refuse_findings(folder: Path, removal: Removal, configuration: Configuration) -> None:
    """Refuse to break what others need."""
    from chores_infra.checks.finding import Severity
    from chores_infra.checks.rendered import check_within

    report = check_within(
        {},
        folder,
        pruned=_pruned(removal.plans),
        settings=configuration.check_settings(),
        releases=configuration.releases(),
        schemas=configuration.schemas,
    )
    errors = [found for found in report.findings if found.severity is Severity.ERROR]
    if errors:
        raise FindingsError(f"the repository without {removal.app}", [found.as_data() for found in errors])


def _pruned(plans: Sequence[Plan]) -> list[PurePosixPath]:
    return [path for plan in plans for path in plan.pruned]

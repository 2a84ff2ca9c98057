"""Choose the version to move to: the newest that is allowed, or what runs in another environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from chores_infra.environments import Environment
from chores_infra.errors import GitError, IntentError, Refused, VersionError
from chores_infra.release.checkout import Checkout
from chores_infra.release.constraints import Constraint
from chores_infra.release.intent import Intent, Running
from chores_infra.release.registries import Image, Registry
from chores_infra.release.registries.resolving import version_of
from chores_infra.rendering.places import Places
from chores_infra.versions import TagFormat, Version
from chores_infra.wording import shown

__all__ = ["Choice", "newest", "parse_age", "promoted", "running_since"]


class Choice(NamedTuple):
    """What was chosen, if anything, and what newer versions were passed over, with the reason."""

    version: Version | None
    passed_over: tuple[str, ...] = ()


def parse_age(text: str) -> timedelta:
    """A time such as ``1d``, ``12h`` or ``1d12h``.

    Raises:
        VersionError: it is none.

    >>> parse_age("1d12h") == timedelta(days=1, hours=12)
    True
    """
    from chores_infra.diff.measures import duration

    try:
        seconds = duration(text)
    except ValueError:
        seconds = None
    if seconds is None or not 0 <= seconds <= timedelta(days=36_500).total_seconds():
        raise VersionError(f"{shown(text)} is no time; expected one such as 1d, 12h or 30m")
    return timedelta(seconds=float(seconds))


def newest(
    registry: Registry,
    tag_format: TagFormat,
    intent: Intent,
    environment: Environment,
    constraint: Constraint,
    *,
    now: datetime,
    min_age: timedelta = timedelta(0),
) -> Choice:
    """The greatest version that a registry has, that is allowed, and that is newer than what runs.

    Args:
        registry: where the images are.
        tag_format: how versions are named there.
        intent: what runs, and what is quarantined.
        environment: where it is to run.
        constraint: which versions are allowed.
        now: for how old they are.
        min_age: how long ago they must have been pushed, or where nobody knows that, built.

    Raises:
        RegistryError: the registry cannot be asked.
    """
    running = intent.environments.get(environment)
    runs = running.release if running is not None and isinstance(running.release, Version) else None
    passed_over: list[str] = []
    for version, image in sorted(_versions(registry, tag_format), key=lambda each: each[0], reverse=True):
        if runs is not None and version <= runs:
            break
        if not constraint.allows(version):
            continue
        entry = intent.quarantined(version)
        reason = str(entry) if entry is not None else _too_young(registry, image, now, min_age)
        if reason is None:
            return Choice(version, tuple(passed_over))
        passed_over.append(f"{version} is {reason}")
    return Choice(None, tuple(passed_over))


def _versions(registry: Registry, tag_format: TagFormat) -> Iterator[tuple[Version, Image]]:
    found: dict[Version, Image] = {}
    for image in registry.images():
        for tag in image.tags:
            version = version_of(tag, tag_format)
            if version is not None:
                found.setdefault(version, image)
    return iter(found.items())


def _too_young(registry: Registry, image: Image, now: datetime, min_age: timedelta) -> str | None:
    if not min_age:
        return None
    dated = registry.dated(image)
    moment = dated.pushed_at or dated.created_at
    if moment is None:
        return "of an age that the registry does not tell"
    return None if now - moment >= min_age else f"younger than {min_age} ({moment.isoformat()})"


def promoted(
    checkout: Checkout, app: str, source: Environment, *, now: datetime, min_age: timedelta = timedelta(0)
) -> Running:
    """What runs in an environment, if it has run there for long enough.

    Args:
        checkout: the infrastructure repository.
        app: the name of the app.
        source: where it runs.
        now: for how long it has.
        min_age: how long it must.

    Raises:
        Refused: nothing runs there, or not for long enough.
        GitError: the clone is too shallow to tell.
    """
    head = checkout.repository.head()
    running = checkout.intent(head, app).environments.get(source)
    if running is None:
        raise Refused(f"nothing of {app} runs in {source}, so there is nothing to promote")
    if min_age:
        since = running_since(checkout, app, source)
        if now - since < min_age:
            raise Refused(
                f"{app} {running.release} runs in {source} since {since.isoformat()}, "
                f"and {min_age} are asked for; try again after {(since + min_age).isoformat()}"
            )
    return running


def running_since(checkout: Checkout, app: str, environment: Environment) -> datetime:
    """Since when an environment runs what it runs: when the commit was made that said so first.

    Raises:
        GitError: the clone is too shallow to tell.
    """
    repository = checkout.repository
    path = checkout.from_root(Places(app).intent_file)
    now = checkout.intent(repository.head(), app).environments.get(environment)
    since: str | None = None
    for entry in repository.log(["--first-parent", "--format=%H %ct %P"], "HEAD", [path]):
        commit, moment, *parents = entry.split()
        running = _intent_at(checkout, commit, app).environments.get(environment)
        if now is None or running is None or running.release != now.release:
            break
        since = moment
        if not parents and repository.is_shallow:
            since = None
            break
    if since is None:
        raise GitError(
            f"{checkout.shown} does not tell since when {app} runs in {environment}: its history is not all "
            "here; git fetch --unshallow"
        )
    return datetime.fromtimestamp(int(since), UTC)


def _intent_at(checkout: Checkout, commit: str, app: str) -> Intent:
    """An intent of then; one that cannot be read is not known to have said the same as the one of now."""
    try:
        return checkout.intent(commit, app)
    except IntentError:
        return Intent(app)

"""Versions that nothing may move to: put them there, lift them, list them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from chores_infra.environments import Environment
from chores_infra.errors import Refused, VersionError
from chores_infra.git import is_url
from chores_infra.git.remotes import cloned
from chores_infra.release.checkout import Checkout
from chores_infra.release.intent import Intent, Quarantine
from chores_infra.release.intent_change import IntentChange, change_intent
from chores_infra.release.intent_file import read_intent_file
from chores_infra.release.messages import with_trailers
from chores_infra.release.publishing import Published, publish
from chores_infra.rendering.places import RELEASES, Places
from chores_infra.versions import Version

__all__ = ["Listed", "add", "lift", "listed", "quarantined"]


class Listed(NamedTuple):
    """A quarantined version, and the environments that run it all the same."""

    app: str
    entry: Quarantine
    environments: tuple[Environment, ...]


def quarantined(intent: Intent, entry: Quarantine) -> Intent:
    """The intent with one more version in quarantine; one that is there already keeps what is said of it."""
    if intent.quarantined(entry.version) is not None:
        return intent
    return intent._replace(quarantine=(*intent.quarantine, entry))


def add(
    checkout: Checkout, app: str, version: Version, reason: str, *, now: datetime, dry_run: bool = False
) -> Published[IntentChange]:
    """Put a version into quarantine, and publish that.

    Args:
        checkout: the infrastructure repository.
        app: the name of the app.
        version: what nothing may move to.
        reason: why, for whoever meets it.
        now: since when.
        dry_run: change nothing.

    Raises:
        VersionError: there is no reason.
        ChoresInfraError: it cannot be published.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise VersionError(f"say why {version} is quarantined: --reason TEXT")
    entry = Quarantine(version, reason, now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    trailers = (("Quarantine", str(version)), ("Reason", reason))
    message = with_trailers(f"chore: quarantine {app} {version}", trailers)
    return _publish(
        checkout,
        app,
        lambda folder: change_intent(folder, app, lambda intent: quarantined(intent, entry), message),
        dry_run=dry_run,
    )


def lift(checkout: Checkout, app: str, version: Version, *, dry_run: bool = False) -> Published[IntentChange]:
    """Take a version out of quarantine, and publish that.

    Raises:
        Refused: it is not quarantined.
        ChoresInfraError: it cannot be published.
    """

    def without(intent: Intent) -> Intent:
        entry = intent.quarantined(version)
        if entry is None:
            there = ", ".join(str(each.version) for each in intent.quarantine) or "none"
            raise Refused(f"{app} {version} is not quarantined; quarantined: {there}")
        return intent._replace(quarantine=tuple(each for each in intent.quarantine if each is not entry))

    title = f"chore: lift the quarantine of {app} {version}"
    message = with_trailers(title, (("Quarantine-Lifted", str(version)),))
    return _publish(
        checkout, app, lambda folder: change_intent(folder, app, without, message), dry_run=dry_run
    )


def listed(where: str, app: str | None = None) -> list[Listed]:
    """The quarantined versions of an app, or of all.

    Args:
        where: a folder, or the URL of a repository.
        app: the name of one app.

    Raises:
        FileError, IntentError: an intent cannot be used.
        GitError: the URL cannot be cloned.
    """
    if not is_url(where):
        return [
            each
            for name in _apps(Path(where), app)
            for each in _entries(read_intent_file(Path(where), name).intent)
        ]
    found: list[Listed] = []
    with cloned(where) as repository:
        head = repository.head()
        for entry in repository.entries(head, RELEASES):
            name = entry.path.removeprefix(f"{RELEASES}/").removesuffix(".yaml")
            if (
                entry.is_file
                and app in {None, name}
                and (data := repository.read(head, Places(name).intent_file))
            ):
                found += _entries(Intent.read(data.decode("utf-8", "replace"), entry.path))
    return found


def _apps(folder: Path, app: str | None) -> list[str]:
    if app is not None:
        return [app]
    return sorted(file.stem for file in (folder / RELEASES).glob("*.yaml"))


def _entries(intent: Intent) -> Iterator[Listed]:
    for entry in intent.quarantine:
        runs = (place for place in Environment if place in intent.environments)
        yield Listed(
            intent.app, entry, tuple(p for p in runs if intent.environments[p].release == entry.version)
        )


def _publish(
    checkout: Checkout, app: str, make: Callable[[Path], IntentChange], *, dry_run: bool
) -> Published[IntentChange]:
    return publish(
        checkout, make, owned=(Places(app).intent_file,), reason=f"chores-infra: {app}", dry_run=dry_run
    )

"""The release intent of an app: ``releases/<app>.yaml`` in the infrastructure repository.

It says which version each environment runs and which versions are quarantined. Everything else about an
app is in its Python. People may edit the file (to lift a quarantine, say), so it is read strictly: what is
not understood is an error with its line, and never ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, NamedTuple

from chores_infra.environments import Environment
from chores_infra.rendering.yaml_text import dump
from chores_infra.versions import Release, Version

__all__ = ["Intent", "Quarantine", "Running"]


class Running(NamedTuple):
    """What one environment runs.

    ``tag`` is what the registry calls the release. ``rendered`` is the fingerprint of the files as they
    were written (None before the first time); ``digest`` is the image's, where deploy looked it up, and
    ``pinned`` whether the manifests name it.
    """

    release: Release
    tag: str
    rendered: str | None = None
    digest: str | None = None
    pinned: bool = False


class Quarantine(NamedTuple):
    """A version that nothing may move to. It stands until it is lifted.

    ``since`` is a moment in ISO 8601 with its offset, ``2025-07-01T10:00:00Z``.
    """

    version: Version
    reason: str
    since: str

    def __str__(self) -> str:
        """Since when and why, on one line, however many the reason has."""
        return f"quarantined since {self.since}: {' '.join(self.reason.split())}"


class Intent(NamedTuple):
    """The intent of one app.

    >>> text = "{app: shop, environments: {staging: {version: v1.2.0, tag: 1.2.0}}}"
    >>> print(Intent.read(text, "releases/shop.yaml").environments[Environment.STAGING].release)
    v1.2.0
    """

    app: str
    environments: Mapping[Environment, Running] = MappingProxyType({})
    quarantine: tuple[Quarantine, ...] = ()

    @classmethod
    def read(cls, text: str, file: PurePath | str) -> Intent:
        """Read the text of an intent file. ``file`` is what errors call it.

        Raises:
            IntentError: everything that is wrong, a line each: file, line, field, what was found and what
                was expected.
        """
        from chores_infra.release.intent_as_written import read_as_written

        intent = read_as_written(text)
        if intent is None:
            from chores_infra.release.intent_reading import read_intent

            intent = read_intent(text, file)
        return intent

    def quarantined(self, release: Release) -> Quarantine | None:
        """The quarantine that a release is under, if any."""
        return next((entry for entry in self.quarantine if entry.version == release), None)

    def running(self, environment: Environment, running: Running) -> Intent:
        """The intent with one environment changed."""
        return self._replace(environments={**self.environments, environment: running})

    def manifest(self) -> dict[str, Any]:
        """The intent as plain data, environments in their fixed order."""
        environments = {
            environment.value: _plain(self.environments[environment])
            for environment in Environment
            if environment in self.environments
        }
        plain: dict[str, Any] = {"app": self.app, "environments": environments}
        if self.quarantine:
            plain["quarantine"] = [
                {"version": str(entry.version), "reason": entry.reason, "since": entry.since}
                for entry in self.quarantine
            ]
        return plain

    def text(self) -> str:
        """The intent as YAML, without the generated-by line."""
        return dump(self.manifest())


def _plain(running: Running) -> dict[str, Any]:
    plain: dict[str, Any] = {"version": str(running.release), "tag": running.tag}
    if running.rendered is not None:
        plain["rendered"] = running.rendered
    if running.digest is not None:
        plain["digest"] = running.digest
    if running.pinned:
        plain["pinned"] = True
    return plain

"""The files of apps as they would be rendered, for a comparison; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from chores_infra.app import App, Target
from chores_infra.configuration import Configuration
from chores_infra.diff.sources import Side, text_side
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError
from chores_infra.gitops.walking import FoundFile
from chores_infra.release.intent_file import read_intent_file
from chores_infra.release.rendering import render_app
from chores_infra.rendering.places import Places
from chores_infra.selection import Selected, select
from chores_infra.synthesis import direct
from chores_infra.versions import parse_release

__all__ = ["recorded_side", "version_side"]

_FORM: Final = re.compile(r"(?P<name>[^@]*[^@/])@(?P<version>[^@/]+)(?:/(?P<environment>[^@/]+))?")


def version_side(configuration: Configuration, repository: Path, text: str) -> Side:
    """What a version of an app renders.

    Args:
        configuration: the apps.
        repository: the infrastructure repository, which records tags.
        text: ``NAME@VERSION[/ENV]``; NAME may be a fleet.

    Raises:
        ConfigurationError: it is none, or there is no such app.
        ChoresInfraError: it cannot be rendered.
    """
    form = _FORM.fullmatch(text)
    known = [each.value for each in Environment]
    if form is None or (form["environment"] or known[0]) not in known:
        raise ConfigurationError(
            f"app:{text!s:.100} is no version of an app; write it like app:shop@v3.1.0 or "
            f"app:shop@v3.1.0/staging (environments are {', '.join(known)})"
        )
    environment = Environment(form["environment"] or Environment.PRODUCTION)
    release = parse_release(form["version"], environment)
    found = []
    for selected in _selected(configuration, form["name"]):
        recorded = read_intent_file(repository, selected.name).intent.environments.get(environment)
        # What runs already is recorded with what the registry calls it.
        is_recorded = recorded is not None and recorded.release == release
        tag = recorded.tag if recorded is not None and is_recorded else selected.app.tag_format.tag(release)
        found.append(_rendered(configuration, selected.app, Target(environment, release, tag)))
    return _joined(found)


def recorded_side(configuration: Configuration, repository: Path) -> Side:
    """What the recorded versions of all apps render, in every environment that has one.

    Raises:
        ConfigurationError: there is no app, or none has a version recorded.
        ChoresInfraError: one cannot be rendered.
    """
    found = []
    for selected in _selected(configuration):
        intent = read_intent_file(repository, selected.name).intent
        for environment, running in intent.environments.items():
            target = Target(environment, running.release, running.tag)
            found.append(_rendered(configuration, selected.app, target))
    if not found:
        raise ConfigurationError(
            f"no app has a version recorded in {repository}; "
            "render one with chores-infra synth APP --version V, or name what to compare"
        )
    return _joined(found)


def _selected(configuration: Configuration, *names: str) -> list[Selected]:
    selection = select(configuration, names, all_apps=not names)
    if selection.errors:
        raise selection.errors[0]
    return selection.apps


def _rendered(configuration: Configuration, app: type[App[Any]], target: Target) -> Side:
    places = Places(app.app_name, target.environment.value)
    rendered = render_app(app, target, direct, configuration.releases())
    side = text_side(rendered.files)
    scope = frozenset({str(places.application_file), str(places.folder)})
    return side._replace(scope=scope, warnings=rendered.warnings)


def _joined(found: Iterable[Side]) -> Side:
    files: dict[str, FoundFile] = {}
    warnings: list[str] = []
    scope: set[str] = set()
    for side in found:
        files.update(side.files)
        warnings += side.warnings
        scope |= side.scope
    return Side(files, scope=frozenset(scope), warnings=tuple(warnings))

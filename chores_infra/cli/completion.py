"""What completes app names, versions and kinds. It never fails: it then has nothing to offer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from chores_infra.environments import Environment

__all__ = ["app_names", "kind_fields", "recorded_versions"]


def app_names(incomplete: str) -> list[str]:
    """The names of the configured apps that begin like this."""
    from chores_infra.configuration import find_configuration

    with suppress(Exception):
        return sorted(name for name in find_configuration(Path.cwd()).apps if name.startswith(incomplete))
    return []


def kind_fields(incomplete: str) -> list[str]:
    """The kinds that begin like this, or behind a dot the fields."""
    from chores_infra.configuration import find_configuration
    from chores_infra.kinds import extended
    from chores_infra.kinds.targets import completions

    with suppress(Exception), extended(*find_configuration(Path.cwd()).schemas) as catalog:
        return completions(catalog, incomplete)
    return []


def recorded_versions(parameters: Mapping[str, Any], incomplete: str) -> list[str]:
    """The versions that any environment runs, of the apps that are named already or of all."""
    from chores_infra.configuration import find_configuration
    from chores_infra.release.intent_file import read_intent_file

    found: set[str] = set()
    with suppress(Exception):
        configuration = find_configuration(Path.cwd())
        repository = parameters.get("out") or configuration.repository
        for name in parameters.get("apps") or configuration.apps:
            intent = read_intent_file(Path(repository), name).intent
            found |= {
                str(intent.environments[env].release) for env in Environment if env in intent.environments
            }
    return sorted(version for version in found if version.startswith(incomplete))

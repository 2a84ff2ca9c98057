"""Read an intent that nobody changed since it was written, without loading a YAML parser.

Reading is the greater part of what a short run costs. A text is taken for what it looks like only if writing
that gives the very same text again; every other goes to the strict reader.
"""

from __future__ import annotations

from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError
from chores_infra.release.intent import Intent, Running
from chores_infra.release.intent_fields import as_app_name, as_fingerprint, as_tag
from chores_infra.rendering.owned import is_ours
from chores_infra.versions import parse_release

__all__ = ["read_as_written"]


def read_as_written(text: str) -> Intent | None:
    """The intent, or None for a text that we would not write like this, or that has a quarantine."""
    body = text.partition("\n")[2] if is_ours(text[:128].encode("utf-8", "replace")) else text
    app = ""
    entries: dict[str, dict[str, str]] = {}
    entry: dict[str, str] = {}
    for line in body.splitlines():
        key, _, value = line.partition(":")
        if key == "app":
            app = value.strip()
        elif not value:
            entry = entries.setdefault(key.strip(), {})
        else:
            entry[key.strip()] = value.strip()
    entries.pop("environments", None)
    try:
        environments = {Environment(name): _running(Environment(name), e) for name, e in entries.items()}
        intent = Intent(as_app_name(app), environments)
        return intent if intent.text() == body else None
    except (ChoresInfraError, KeyError, ValueError):
        return None


def _running(environment: Environment, entry: dict[str, str]) -> Running:
    return Running(
        parse_release(entry["version"], environment),
        as_tag(entry["tag"]),
        as_fingerprint(entry["rendered"]) if "rendered" in entry else None,
        as_fingerprint(entry["digest"]) if "digest" in entry else None,
    )

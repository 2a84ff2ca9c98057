"""Read an intent that stands as it was written, but for comments, without loading a YAML parser.

Reading is the greater part of what a short run costs. A text is taken for what it looks like only if writing
that gives the very same text again, comments and empty lines aside; every other goes to the strict reader.
"""

from __future__ import annotations

import re
from typing import Final

from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError
from chores_infra.release.intent import Intent, Running
from chores_infra.release.intent_fields import as_app_name, as_digest, as_fingerprint, as_tag
from chores_infra.rendering.comments import is_one_line
from chores_infra.rendering.owned import is_ours
from chores_infra.versions import parse_release

__all__ = ["read_as_written"]

# No value of an intent without a quarantine has a space in it.
_COMMENT: Final = re.compile(r"(?:^| ) *#(.*)$")


def read_as_written(text: str) -> Intent | None:
    """The intent, or None for a text that we would not write like this, or that has a quarantine."""
    body = text.partition("\n")[2] if is_ours(text[:128].encode("utf-8", "replace")) else text
    lines = body.split("\n")
    if "#" in body:
        comments = [found[1] for line in lines if (found := _COMMENT.search(line))]
        if not all(map(is_one_line, comments)):
            return None
        lines = [_COMMENT.sub("", line) for line in lines]
    lines = [line for line in lines if line]
    app = ""
    entries: dict[str, dict[str, str]] = {}
    entry: dict[str, str] = {}
    for line in lines:
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
        return intent if intent.text() == "".join(f"{line}\n" for line in lines) else None
    except (ChoresInfraError, KeyError, ValueError):
        return None


def _running(environment: Environment, entry: dict[str, str]) -> Running:
    return Running(
        parse_release(entry["version"], environment),
        as_tag(entry["tag"]),
        as_fingerprint(entry["rendered"]) if "rendered" in entry else None,
        as_digest(entry["digest"]) if "digest" in entry else None,
        # Without a digest it is no intent; what else it may say, writing it again tells.
        "digest" in entry and entry.get("pinned") == "true",
    )

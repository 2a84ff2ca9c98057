"""Infrastructure repositories that tests make with git itself, commit by commit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from chores_infra.git import Repository
from chores_infra.release.history.events import Event, History
from chores_infra.release.history.opening import read_history
from chores_infra.release.history.tags import Tags

__all__ = ["DAY", "START", "Infra", "deployment", "told"]

START = 1_750_000_000
"""2025-06-15T15:06:40Z, when the first commit is made."""
DAY = 86_400


def deployment(tag: str, name: str = "shop", **more: str) -> str:
    """A Deployment with one container, or with those of ``more`` as well: names and images."""
    lines = [
        "apiVersion: apps/v1",
        "kind: Deployment",
        f"metadata: {{name: {name}}}",
        "spec:",
        "  replicas: 1",
        "  template:",
        "    spec:",
        "      containers:",
        "      - name: web",
        f"        image: registry.example.com/{name}:{tag}",
    ]
    for container, image in more.items():
        lines += [f"      - name: {container}", f"        image: {image}"]
    return "\n".join(lines) + "\n"


class Infra:
    """A repository whose clock goes on by a day with each commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = START - DAY
        self._written: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, author: str = "Ada") -> str:
        moment = f"{self.at} +0000"
        named = {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **named, "GIT_EDITOR": "true"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout.strip()

    def write(self, path: str, text: str | None) -> None:
        file = self.folder / path
        if text is None:
            file.unlink()
            self._written.discard(path)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            self._written.add(path)

    def commit(
        self,
        files: Mapping[str, str | None],
        message: str = "change",
        *,
        author: str = "Ada",
        at: int | None = None,
    ) -> None:
        """Write files (None removes one), and commit all there is."""
        self.at = self.at + DAY if at is None else at
        known = files and all(path in self._written for path in files)
        for path, text in files.items():
            self.write(path, text)
        if not known:
            self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-a", "-m", message, author=author)

    def run(self, tag: str, place: str = "shop", message: str = "change", **more: str) -> None:
        """Let a place run a tag."""
        self.commit({f"base-apps/{place}/deployment.yaml": deployment(tag, **more)}, message)

    def history(self, app: str = "shop", *, tags: Tags | None = None, until: int | None = None) -> History:
        return read_history(Repository(self.folder), app, tags=tags, until=until).history


def told(events: Sequence[Event]) -> list[str]:
    """What happened, the oldest first: ``production deploy v1.0.0>v2.0.0``."""
    lines = []
    for event in events:
        moves = [f"{move.before or ''}>{move.after or ''}" for move in event.moves]
        lines.append(" ".join([event.environment or "-", event.action.value, *moves]))
    return lines

"""Infrastructure repositories with a long history of one app, made by ``git fast-import`` in a second."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["APP", "PATHS", "make", "rollbacks", "settings"]

APP = "chores-tracker"
PATHS = (f"base-apps/{APP}", f"base-apps/{APP}.yaml", f"releases/{APP}.yaml")
"""What an app in production has."""

_DIST = Path(__file__).parent.parent / "dist"
_VERSION = "3.0.0"
_START = 1_700_000_000
_HOUR = 3_600
_CONFIG_EVERY, _BACK_EVERY, _MERGED_EVERY, _OTHERS = 10, 25, 8, 50
_QUARANTINE = """\
quarantine:
- version: v0.{}.0
  reason: it was rolled back
  since: "2025-07-01T10:00:00Z"
"""


def make(folder: Path, count: int) -> None:
    """A repository with so many commits, each of which changes the app; packed as a server packs it.

    Mostly the version changes, with the intent. Each tenth commit changes a setting, each 25th goes back to
    the version before and quarantines what it left, and each eighth is a merge of a branch. Fifty other apps
    stand beside it.
    """
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    stream = b"".join(_stream(count))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    _git(folder, "repack", "-q", "-a", "-d")
    _git(folder, "read-tree", "main")


def rollbacks(count: int) -> int:
    """How many of so many commits go back."""
    return sum(number % _BACK_EVERY == 0 and number % _CONFIG_EVERY != 0 for number in range(2, count + 1))


def settings(count: int) -> int:
    """How many of so many commits change a setting."""
    return sum(number % _CONFIG_EVERY == 0 for number in range(2, count + 1))


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def _stream(count: int) -> Iterator[bytes]:
    files = {path: (_DIST / path).read_text(encoding="utf-8") for path in _paths()}
    first = {**files, **{f"base-apps/other-{n}/settings.yaml": f"a: {n}\n" for n in range(_OTHERS)}}
    yield from _commit(1, "refs/heads/main", "first", first)
    quarantine, replicas = "", 1
    for number in range(2, count + 1):
        goes_back = number % _BACK_EVERY == 0
        version = f"0.{number - 2 if goes_back else number}.0"
        if goes_back:
            quarantine = _QUARANTINE.format(number - 1)
        changed = {path: text.replace(_VERSION, version) for path, text in files.items() if _VERSION in text}
        changed[PATHS[2]] = changed[PATHS[2]] + quarantine
        if number % _CONFIG_EVERY == 0:
            replicas += 1
            deployment = next(path for path in changed if path.endswith("deployments.yaml"))
            files[deployment] = files[deployment].replace(
                f"replicas: {replicas - 1}\n", f"replicas: {replicas}\n"
            )
            changed = {deployment: files[deployment].replace(_VERSION, f"0.{number - 1}.0")}
        if number % _MERGED_EVERY == 0:
            yield from _commit(number, "refs/heads/side", "on a branch", changed, "refs/heads/main")
            yield from _commit(number, "refs/heads/main", "merge", changed, merge="refs/heads/side")
        else:
            yield from _commit(number, "refs/heads/main", f"update to {version}", changed)


def _paths() -> list[str]:
    return sorted(
        str(path.relative_to(_DIST))
        for path in _DIST.rglob("*.yaml")
        if str(path.relative_to(_DIST)).startswith(PATHS)
    )


def _commit(
    number: int, branch: str, message: str, files: Mapping[str, str], start: str = "", merge: str = ""
) -> Iterator[bytes]:
    moment = f"{_START + number * _HOUR} +0000"
    yield f"commit {branch}\n".encode()
    for who in ("author", "committer"):
        yield f"{who} Ada <ada@example.com> {moment}\n".encode()
    yield f"data {len(message)}\n{message}\n".encode()
    if start:
        yield f"from {start}\n".encode()
    if merge:
        yield f"merge {merge}\n".encode()
    for path, text in files.items():
        data = text.encode()
        yield b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data)

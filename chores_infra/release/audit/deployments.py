"""What ran when, from the history of the release intent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from chores_infra.environments import Environment
from chores_infra.errors import ChoresInfraError, VersionError
from chores_infra.git import Repository
from chores_infra.release.intent import Intent, Running
from chores_infra.rendering.places import MANIFESTS
from chores_infra.versions import TAG_PATTERN, FloatingTag, Release, Version

__all__ = ["Deployment", "read_deployments", "read_image_deployments"]

_FORMAT: Final = "%H%x1f%ct%x1f%(trailers:key=App-Commit,valueonly,separator=%x20)"
_HEADER: Final = re.compile(r"[0-9a-f]{40,64}\x1f[0-9]{1,11}")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}")


class Deployment(NamedTuple):
    """That an environment got a release.

    Args:
        environment: where.
        release: what.
        tag: what the registry called it.
        digest: of its image, where that was recorded.
        app_commit: what it was built from, where that was recorded.
        at: the time of the commit in the infrastructure repository.
        commit: that commit.
    """

    environment: Environment
    release: Release
    tag: str
    digest: str | None
    app_commit: str | None
    at: datetime
    commit: str


def read_deployments(repository: Repository, file: PurePosixPath) -> list[Deployment]:
    """Every change of what runs, the oldest first. Versions of the file that cannot be read are left out.

    Args:
        repository: the infrastructure repository.
        file: the release intent, from its root.

    Raises:
        GitError: git failed.
    """
    entries = [
        entry.split("\x1f")
        for entry in repository.log(
            ["--first-parent", "--diff-filter=AM", f"--format={_FORMAT}"], "HEAD", [file]
        )
    ]
    entries.reverse()
    texts = repository.contents([f"{commit.strip()}:{file}" for commit, _, _ in entries])
    found: list[Deployment] = []
    before: dict[Environment, Running] = {}
    for (commit, seconds, trailer), text in zip(entries, texts, strict=True):
        now = _environments(text, file)
        if now is None:
            continue
        changed = {where: running for where, running in now.items() if _changed(before.get(where), running)}
        built_from = trailer.strip() if _COMMIT.fullmatch(trailer.strip()) else None
        found += [
            Deployment(
                environment,
                running.release,
                running.tag,
                running.digest,
                # One commit that deploys to several environments deploys the same there.
                built_from if len({each.release for each in changed.values()}) == 1 else None,
                datetime.fromtimestamp(int(seconds), UTC),
                commit.strip(),
            )
            for environment, running in changed.items()
        ]
        before = now
    return found


def read_image_deployments(
    repository: Repository, folder: PurePosixPath, app: str, image: str
) -> tuple[list[Deployment], dict[Environment, Running]]:
    """The same for a repository without release intent: from the lines of manifests that have the image.

    Args:
        repository: the infrastructure repository.
        folder: where it is in there.
        app: the app; its environments are told by the names of folders, anything else is production.
        image: the repository of its images.

    Returns:
        Every change, the oldest first, and what the newest commit has.

    Raises:
        GitError: git failed.
    """
    line = re.compile(
        rf"image: *[\"']?{re.escape(image)}:(?P<tag>{TAG_PATTERN})(?:@(?P<digest>sha256:[0-9a-f]{{64}}))?"
    )
    searched = image.replace(".", "[.]")
    arguments = ["--first-parent", "-m", "--unified=0", "--no-renames", "--no-color", "--no-ext-diff"]
    arguments += ["--format=%x00%H%x1f%ct", f"-G{searched}:", "--patch"]
    commits: list[list[str]] = []
    for piece in repository.log(arguments, "HEAD", [folder / MANIFESTS]):
        if _HEADER.fullmatch(piece):
            commits.append([piece, ""])
        elif commits:
            commits[-1][1] = piece
    found: list[Deployment] = []
    there: dict[str, Deployment] = {}
    for header, patch in reversed(commits):
        commit, seconds = header.split("\x1f")
        path = ""
        for each in patch.splitlines():
            if each.startswith("diff --git "):
                path = each.rpartition(" b/")[2]
            match = line.search(each)
            if match is None or each[0] not in "+-":
                continue
            if each[0] == "-":
                there.pop(path, None)
                continue
            there[path] = Deployment(
                _environment_of(path, app),
                _release_of(match["tag"]),
                match["tag"],
                match["digest"],
                None,
                datetime.fromtimestamp(int(seconds), UTC),
                commit,
            )
            found.append(there[path])
    now = sorted(there.values(), key=lambda deployment: deployment.at)
    return found, {each.environment: Running(each.release, each.tag, None, each.digest) for each in now}


def _environment_of(path: str, app: str) -> Environment:
    names = path.split("/")
    return next((each for each in Environment if each.qualify(app) in names), Environment.PRODUCTION)


def _release_of(tag: str) -> Release:
    try:
        return Version.parse(tag)
    except VersionError:
        return FloatingTag(tag)


def _environments(text: bytes, file: PurePosixPath) -> dict[Environment, Running] | None:
    try:
        return dict(Intent.read(text.decode("utf-8"), file).environments)
    except (ChoresInfraError, UnicodeDecodeError):
        return None


def _changed(before: Running | None, now: Running) -> bool:
    return before is None or before[:2] != now[:2] or before.digest != now.digest

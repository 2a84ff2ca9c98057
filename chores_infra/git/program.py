"""Run the `git` program: never through a shell, never asking, never longer than its time."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

from chores_infra.errors import GitError
from chores_infra.git.masking import masked

__all__ = ["HOOKS", "LOCAL", "NETWORK", "Done", "attempt", "failure", "git", "started", "stream"]

LOCAL: Final = 120.0
"""Seconds for what only reads and writes this machine."""
NETWORK: Final = 300.0
"""Seconds for what asks a server."""
HOOKS: Final = 900.0
"""Seconds for what runs the user's hooks, which may install their tools first."""

_MERCY: Final = 5.0  # seconds in which git may remove its locks after it was told to end
_MOST_SAID: Final = 8  # lines of what a hook or a server said
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_OPTIONAL_LOCKS": "0",
    # A server that sends nothing for half a minute has gone.
    "GIT_HTTP_LOW_SPEED_LIMIT": "1",
    "GIT_HTTP_LOW_SPEED_TIME": "30",
}
# Whoever is started from a hook has these, and they are about that hook's repository
# (git rev-parse --local-env-vars). GIT_CONFIG_* stay: CI passes credentials and settings in them.
_OF_ANOTHER_REPOSITORY: Final = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)


class Done(NamedTuple):
    """How git ended: its exit code, and what it printed."""

    code: int
    out: bytes
    err: str


def git(
    folder: Path, arguments: Sequence[str], data: bytes | None = None, *, seconds: float = LOCAL
) -> bytes:
    """Run git in a folder, and answer what it printed.

    Args:
        folder: where.
        arguments: a command of git with its arguments.
        data: what it reads on standard input.
        seconds: after which it is ended.

    Raises:
        GitError: git is not there, failed, or took too long; the message is what it said.
    """
    done = attempt(folder, arguments, data, seconds=seconds)
    if done.code:
        raise failure(folder, arguments, done)
    return done.out


def attempt(
    folder: Path, arguments: Sequence[str], data: bytes | None = None, *, seconds: float = LOCAL
) -> Done:
    """The same, for who can do something about a failure.

    Raises:
        GitError: git is not there, or took too long.
    """
    with started(folder, arguments, subprocess.PIPE) as process:
        try:
            out, err = process.communicate(data or b"", timeout=seconds)
        except subprocess.TimeoutExpired:
            raise GitError(f"git {_command(arguments)} took longer than {seconds:g} s in {folder}") from None
        return Done(process.returncode, out, err.decode("utf-8", "replace"))


def stream(folder: Path, arguments: Sequence[str], separator: bytes = b"\n") -> Iterator[bytes]:
    """Run git, and yield what it prints piece by piece, without holding all of it; for logs and lists.

    Args:
        folder: where.
        arguments: a command of git with its arguments.
        separator: one byte that ends each piece, which is yielded without it.

    Raises:
        GitError: git is not there, or failed.
    """
    with tempfile.TemporaryFile() as said, started(folder, arguments, said) as process:
        assert process.stdin is not None  # noqa: S101  (both are pipes)
        assert process.stdout is not None  # noqa: S101
        process.stdin.close()
        rest = b""
        while piece := process.stdout.read(1 << 16):
            *whole, rest = (rest + piece).split(separator)
            yield from whole
        if rest:
            yield rest
        if process.wait():
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
            raise failure(folder, arguments, Done(process.returncode, b"", text))


def failure(folder: Path, arguments: Sequence[str], done: Done, lines: int = 1) -> GitError:
    """The error for a command that failed: what git itself said of it, without credentials.

    Args:
        folder: where it ran.
        arguments: with which.
        done: how it ended.
        lines: how many to show, for what a hook or a server explains at length.
    """
    said = [line.strip() for line in done.err.splitlines() if line.strip()]
    if lines == 1:
        told = [line for line in said if line.startswith("fatal: ")] or said[-1:]
        reason = told[0].removeprefix("fatal: ").removeprefix("error: ") if told else ""
    else:
        reason = "\n".join(said[-_MOST_SAID:])
    reason = masked(reason) or f"it ended with {done.code}"
    return GitError(f"git {_command(arguments)} failed in {folder}: {reason}")


@contextmanager
def started(
    folder: Path, arguments: Sequence[str], errors: int | IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """A running git, which has ended when this is left; for who talks with it.

    Args:
        folder: where.
        arguments: a command of git with its arguments.
        errors: where what it complains of goes to.

    Raises:
        GitError: git is not there.
    """
    command = ["git", "--literal-pathspecs", *arguments]
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            # No terminal to ask on, and what ends us at once does not tear git out of its work.
            start_new_session=True,
        )
    except FileNotFoundError:
        what = "git is not installed" if folder.is_dir() else f"there is no folder {folder}"
        raise GitError(what) from None
    except (OSError, ValueError) as error:
        raise GitError(
            f"git cannot be run in {folder}: {getattr(error, 'strerror', None) or error}"
        ) from None
    with process:
        try:
            yield process
        finally:
            _end(process)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in environ.items() if name not in _OF_ANOTHER_REPOSITORY
    } | _ENVIRONMENT


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started, if it still runs: kindly first, so that it removes its locks."""
    if process.poll() is not None:
        return
    for kind in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, kind)
            else:
                process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_MERCY)
            return


def _command(arguments: Sequence[str]) -> str:
    """The name of the command among arguments that may begin with settings."""
    position = 0
    while arguments[position] == "-c":
        position += 2
    return arguments[position]

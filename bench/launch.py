"""Run one command and print its exit code, seconds, CPU seconds and peak KiB: ``launch.py OUT ERR ARGV...``.

A process of its own, and a bare one: a child's peak memory counts from what its parent held when it was
started, so whoever measures must be small.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    stdout, stderr, *argv = sys.argv[1:]
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    redirections = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, writing, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, stderr, writing, 0o644),
    ]
    started = time.perf_counter()
    child = os.posix_spawn(argv[0], argv, os.environ, file_actions=redirections)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    peak = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    print(os.waitstatus_to_exitcode(status), seconds, usage.ru_utime + usage.ru_stime, peak)


if __name__ == "__main__":
    main()

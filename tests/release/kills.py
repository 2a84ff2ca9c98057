"""Kill deploys at random moments: ``python -m tests.release.kills [TIMES] [SEED]``.

Each time (200) a deploy with ``--push`` is killed with SIGKILL after a random part of the time that one
takes, every second time together with all that it started. The remote has to be whole and valid, and to have
either the old version or the new one; and the same command, run again in the same clone, has to end well and
leave nothing behind. Prints what happened as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.release.pipeline.bare import check_tree, chores_infra, git, recorded, served


def kill_deploys(times: int, seed: int) -> dict[str, Any]:
    """Kill so many, and hold what is left to what must hold."""
    moments = random.Random(seed)
    outcomes: Counter[str] = Counter()
    with served() as bare:
        project = bare.project("project")
        clone, checked = project / "infra", bare.around / "checked"
        git(bare.around, "clone", "-q", str(bare.folder), str(checked))
        before = "none"
        usual = _deploy(project, "v0.1.0")
        before = "v0.1.0"
        for turn in range(times):
            version = f"v1.0.{turn}"
            process = chores_infra(project, "deploy", "shop", version, "--push")
            time.sleep(moments.uniform(0, usual))
            ended = process.poll() is not None
            _kill(process.pid, everything=turn % 2 == 1)
            process.communicate()
            git(bare.folder, "fsck", "--strict", "--no-dangling", "--no-progress")
            git(checked, "fetch", "-q", "origin")
            found = recorded(checked, "origin/main", "shop")
            assert found in {before, version}, (turn, found)
            check_tree(checked, "origin/main")
            outcomes["too late" if ended else "new" if found == version else "old"] += 1
            outcomes["left a lock of git's"] += int((clone / ".git" / "index.lock").exists())
            # What they take lately: after the slowest of all, most kills would come too late.
            usual = (3 * usual + _deploy(project, version)) / 4
            assert recorded(bare.folder, "main", "shop") == version
            assert _left_behind(clone) == [], (turn, _left_behind(clone))
            before = version
        git(checked, "fetch", "-q", "origin")
        commits = int(git(checked, "rev-list", "--count", "origin/main"))
    assert commits == times + 2, commits  # the first, v0.1.0, and one for each version
    return {"kills": times, "seed": seed, "seconds of a deploy": round(usual, 2), **outcomes}


def _deploy(project: Path, version: str) -> float:
    """Deploy in peace; answers how long it takes."""
    (project / "infra" / ".git" / "index.lock").unlink(missing_ok=True)  # as git says to
    began = time.perf_counter()
    process = chores_infra(project, "deploy", "shop", version, "--push")
    out, err = process.communicate()
    assert process.returncode == 0, (version, out, err)
    return time.perf_counter() - began


def _kill(pid: int, *, everything: bool) -> None:
    for each in (pid, *(_below(pid) if everything else ())):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _below(pid: int) -> list[int]:
    """All processes that one has started, and those that they have."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *_below(child)]
    return found


def _left_behind(clone: Path) -> list[str]:
    found = [str(path) for path in (clone / ".git").rglob("*.lock")]
    found += [str(path) for path in (clone / ".git").rglob("chores-infra*")]
    found += git(clone, "worktree", "list").splitlines()[1:]
    return found + git(clone, "status", "--porcelain").splitlines()


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    print(json.dumps(kill_deploys(*(given + [200, 1][len(given) :])), indent=2))

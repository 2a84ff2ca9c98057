"""Many processes deploy to one repository at once: ``python -m tests.release.race [--same] [N] [DEPLOYS]``.

Each of N processes (8) has a clone of its own and makes DEPLOYS (25), of an app of its own, or all of the
same app. Every deploy has to end as a commit or as a refusal. Afterwards each commit has to say the version
that its parent recorded, and every tree has to validate. Prints what happened as JSON.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.release.pipeline.bare import Bare, check_history, git, served


def deploys(project: Path, number: int, count: int, *, same: bool) -> list[dict[str, Any]]:
    """What one process does: how each of its deploys ended."""
    from chores_infra.cli import main

    os.chdir(project)
    pauses = random.Random(number)
    ended = []
    for turn in range(count):
        if same:
            git(project / "infra", "pull", "-q", "--ff-only")
        app = "shop" if same else f"shop-{number}"
        said, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            code = main(
                ["deploy", app, f"v1.{number}.{turn}", "--push", "--allow-downgrade", "--format", "json"]
            )
        data = json.loads(said.getvalue())
        ended.append({"code": code, "attempts": data.get("attempts"), "said": complained.getvalue()})
        time.sleep(pauses.uniform(0, 0.02))
    return ended


def race(processes: int, count: int, *, same: bool) -> dict[str, Any]:
    """Let them, and hold what comes of it to what must hold."""
    with served() as bare:
        began = time.perf_counter()
        ended = _run(bare, processes, count, same=same)
        seconds = time.perf_counter() - began
        commits = check_history(bare)
    codes = Counter(each["code"] for each in ended)
    unexpected = [each["said"] for each in ended if each["code"] not in {0, 1}]
    assert not unexpected, unexpected
    assert all("by somebody else" in each["said"] for each in ended if each["code"] == 1)
    assert commits == codes[0], (commits, codes)
    assert codes[0] + codes[1] == processes * count
    if not same:
        assert codes[1] == 0
    attempts = Counter(each["attempts"] for each in ended if each["code"] == 0)
    return {
        "processes": processes,
        "deploys": processes * count,
        "commits": commits,
        "refusals": codes[1],
        "attempts": dict(sorted(attempts.items())),
        "retries": sum((number - 1) * times for number, times in attempts.items()),
        "seconds": round(seconds, 1),
    }


def _run(bare: Bare, processes: int, count: int, *, same: bool) -> list[dict[str, Any]]:
    projects = [bare.project(f"project-{number}") for number in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(deploys, project, number, count, same=same) for number, project in enumerate(projects)
        ]
        return [each for process in running for each in process.result()]


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--same"]
    numbers = [int(argument) for argument in given] or [8, 25]
    print(json.dumps(race(numbers[0], numbers[1], same="--same" in sys.argv), indent=2))

"""Measure the history of an app beside ``git log -p``: ``python bench/history.py --commits 1000 5000``.

Both read what the commits of a generated repository changed of one app (``commits.py``): git prints it as
patches, ours says what was deployed. See README.md in this folder.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import budgets
import commits
import report
import tools
from measure import BrokenPeerError, Case, Result, measure, run_once
from run import measured, progress, reported

GIT, OURS = budgets.GIT_LOG, budgets.HISTORY


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--commits", type=int, nargs="+", default=[1000, 5000], metavar="N", help="(default 1000 5000)"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to measure (default 5)")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the report here as well")
    parser.add_argument("--verify", action="store_true", help="check what is read, measure nothing")
    parser.add_argument(
        "--folder", type=Path, default=tools.WORK / "runs", metavar="DIR", help="where to work"
    )
    chosen = parser.parse_args(argv)
    if min(chosen.commits) < 1 or chosen.runs < 1:
        parser.error("--commits and --runs take numbers from 1")
    return chosen


def cases(repository: Path) -> list[Case]:
    """What git prints of the commits, and what ours says of them."""
    ours = [sys.executable, "-m", "chores_infra", "history", commits.APP, "--repo", str(repository)]
    return [
        Case(
            GIT,
            [shutil.which("git") or "git", "-C", str(repository), "log", "-p", "--", *commits.PATHS],
            to_stdout=True,
        ),
        Case(OURS, ours, to_stdout=True),
    ]


def reading(
    counts: Sequence[int], rounds: int, root: Path, *, only_verify: bool = False
) -> tuple[Mapping[int, Sequence[Result]], list[str]]:
    """The results by the number of commits, and the sections of the report.

    Raises:
        BrokenPeerError: a command failed, or did not find every commit.
    """
    results: dict[int, Sequence[Result]] = {}
    sections = []
    for count in counts:
        folder = root / f"{count}-commits"
        repository = folder / "repository"
        folder.mkdir(parents=True)
        commits.make(repository, count)
        verify(repository, folder, count)
        if only_verify:
            continue
        measured = cases(repository)
        warm = {case.name: run_once(case, folder / f"{case.name}-warm") for case in measured}
        results[count] = measure(measured, folder, rounds=rounds, warm=warm)
        sections.append(report.section(f"History of {count:,} commits", results[count], [], [GIT]))
    return results, sections


def verify(repository: Path, folder: Path, count: int) -> None:
    """Let ours tell everything: each commit is one event, and so are merges.

    Raises:
        BrokenPeerError: it is not.
    """
    _, ours = cases(repository)
    everything = Case("history-verify", [*ours.argv, "--limit", "0", "--format", "json"], to_stdout=True)
    run_once(everything, folder / everything.name)
    told = json.loads((folder / everything.name / "stdout").read_text(encoding="utf-8"))
    actions = [event["action"] for event in told["events"]]
    expected = {"rollback": commits.rollbacks(count), "config": commits.settings(count)}
    found = {action: actions.count(action) for action in expected}
    if len(actions) != count or found != expected:
        raise BrokenPeerError(f"{OURS}: {len(actions)} events of {count} commits, {found} for {expected}")
    progress(f"{OURS}, {count:,} commits: each is told")


def run_all(chosen: argparse.Namespace, root: Path) -> list[str]:
    """The parts of the report, or nothing where it is only verified."""
    return measured(
        lambda: reading(chosen.commits, chosen.runs, root, only_verify=chosen.verify),
        budgets.judge_history,
        only_verify=chosen.verify,
    )


def main() -> int:
    chosen = arguments()
    return reported(lambda root: run_all(chosen, root), chosen.folder, chosen.out)


if __name__ == "__main__":
    sys.exit(main())

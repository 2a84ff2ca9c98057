"""Measure chores_infra and its peers side by side: ``python bench/run.py --apps 1 1000``.

See README.md in this folder for what is measured and how to get every peer.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import budgets
import machine
import report
import tools
from measure import Absent, BrokenPeerError, Case, Result, Run, measure, run_once
from objects import expected
from peers import every_case
from verify import verify


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--apps", type=int, nargs="+", default=[1, 1000], metavar="N", help="how many apps")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds to measure (default 5)")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="only these cases")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="write the report here as well")
    parser.add_argument("--cores", type=int, metavar="N", help="give everything only the first N cores")
    parser.add_argument("--verify", action="store_true", help="check what the peers render, measure nothing")
    parser.add_argument("--keep", action="store_true", help="keep what was rendered, in bench/.work/")
    parser.add_argument(
        "--folder",
        type=Path,
        default=tools.WORK / "runs",
        metavar="DIR",
        help="where to write (default bench/.work/runs); a RAM disk shows the programs without the disk",
    )
    chosen = parser.parse_args(argv)
    if min(chosen.apps) < 1 or chosen.runs < 1:
        parser.error("--apps and --runs take numbers from 1")
    if chosen.cores is not None:
        available = sorted(os.sched_getaffinity(0))
        if not 1 <= chosen.cores <= len(available):
            parser.error(f"--cores takes a number from 1 to {len(available)} here")
    return chosen


def choose(count: int, root: Path, only: Sequence[str] | None) -> tuple[list[Case], list[Absent]]:
    """The cases to run and those that cannot be, of all or only of those named."""
    found = every_case(count, root / "inputs")
    chosen = [case for case in found if not only or case.name in only]
    cases = [case for case in chosen if isinstance(case, Case)]
    return cases, [case for case in chosen if isinstance(case, Absent)]


def check_names(only: Sequence[str], counts: Sequence[int], root: Path) -> None:
    """Refuse the name of a case that is there for none of the numbers of apps; some are for many only.

    Raises:
        BrokenPeerError: there is no case of one of the names.
    """
    few = sorted({min(count, 2) for count in counts})
    names = list(dict.fromkeys(case.name for count in few for case in every_case(count, root / str(count))))
    unknown = sorted(set(only) - set(names))
    if unknown:
        apps = " or ".join(map(str, counts))
        raise BrokenPeerError(f"no case {', '.join(unknown)} with {apps} apps; there are {', '.join(names)}")


def warm_up(count: int, cases: Sequence[Case], root: Path) -> dict[str, Run]:
    """Run every case once and verify what it rendered; these runs also fill the caches of the disk.

    Raises:
        BrokenPeerError: a command failed, or did not render the objects.
    """
    wanted = expected(count)
    warm = {}
    for case in cases:
        folder = root / f"{case.name}-warm"
        warm[case.name] = run_once(case, folder)
        objects = verify(case, folder, wanted)
        progress(f"{case.name}, {count} app(s): {objects} objects as expected, {warm[case.name].wall:.2f} s")
    return warm


def rendering(
    counts: Sequence[int],
    rounds: int,
    root: Path,
    *,
    only: Sequence[str] | None = None,
    only_verify: bool = False,
) -> tuple[Mapping[int, Sequence[Result]], list[str]]:
    """The results by the number of apps and the sections; none of them where the peers are only verified.

    Raises:
        BrokenPeerError: a command failed, did not render the objects, or there is no such case.
    """
    if only:
        check_names(only, counts, root / "names")
    results: dict[int, Sequence[Result]] = {}
    sections = []
    for count in counts:
        folder = root / f"{count}-apps"
        cases, absent = choose(count, folder, only)
        warm = warm_up(count, cases, folder)
        if only_verify:
            for case in absent:
                progress(f"{case.name}, {count} app(s): absent: {case.reason}")
            continue
        results[count] = measure(cases, folder, rounds=rounds, warm=warm)
        sections.append(report.section(report.workload(count), results[count], absent))
    return results, sections


def run_all(chosen: argparse.Namespace, root: Path) -> list[str]:
    """The parts of the report, or nothing where the peers are only verified."""
    return measured(
        lambda: rendering(chosen.apps, chosen.runs, root, only=chosen.only, only_verify=chosen.verify),
        budgets.judge,
        only_verify=chosen.verify,
    )


def measured(
    work: Callable[[], tuple[budgets.Results, Sequence[str]]],
    judge: Callable[[budgets.Results], Sequence[budgets.Verdict]],
    *,
    only_verify: bool = False,
) -> list[str]:
    """The parts of the report on some work, with what the machine was like; nothing if it only verified."""
    facts, before = machine.facts(), machine.load()
    results, sections = work()
    if only_verify:
        return []
    facts["load before, after"] = f"{before}, {machine.load()}"
    return ["# Measurements\n", report.header(facts), *sections, report.budgets(judge(results))]


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def reported(
    parts_of: Callable[[Path], Sequence[str]], folder: Path, out: Path | None, *, keep: bool = False
) -> int:
    """Run something in a new folder, show and write the report that its parts are; answer the exit code."""
    root = folder.absolute() / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    try:
        parts = parts_of(root)
    except BrokenPeerError as error:
        progress(f"error: {error}")
        return 1
    finally:
        if not keep:
            shutil.rmtree(root, ignore_errors=True)
    text = "\n".join(part for part in parts if part)
    if text:
        print(text)
    if text and out is not None:
        out.write_text(text, encoding="utf-8")
    return 0


def main() -> int:
    chosen = arguments()
    if chosen.cores is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.cores])
    return reported(lambda root: run_all(chosen, root), chosen.folder, chosen.out, keep=chosen.keep)


if __name__ == "__main__":
    sys.exit(main())
